#pragma once

#include <filesystem>

#include "infinium/result.h"

namespace infinium::store::sqlite {

/// The data folder, held by this process alone until the object dies. Folder 0700, files 0600.
/// Movable; any thread.
class Folder {
 public:
  /// Makes the folder where it is missing and takes its lock. Errors: `conflict` (held, with the
  /// holder's process id), `unavailable` (cannot be made or written).
  [[nodiscard]] static Result<Folder> hold(const std::filesystem::path& path);
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&&) = delete;
  ~Folder();

  /// Makes an empty file if there is none and makes its name durable; true if it was made.
  [[nodiscard]] Result<bool> make_file(const std::filesystem::path& file) const;
  /// Gives a file of the folder another name, in the place of what had it, and makes that durable.
  [[nodiscard]] Status rename_file(const std::filesystem::path& from,
                                   const std::filesystem::path& to) const;

 private:
  Folder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_;
};

}  // namespace infinium::store::sqlite
