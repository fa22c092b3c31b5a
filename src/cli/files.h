#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <istream>
#include <optional>
#include <string>

#include "infinium/result.h"

namespace infinium::cli {

/// Reads a whole file, or stdin for "-". Errors: `not_found`, `too_large` (over `bytes_max`),
/// `unavailable`.
[[nodiscard]] Result<std::string> read_all(const std::string& file, std::size_t bytes_max);

/// Gives a file, or stdin for "-", line by line, in bounded memory. Used by one thread.
class LineReader {
 public:
  /// Errors: `not_found`, `unavailable`.
  [[nodiscard]] static Result<LineReader> open(const std::string& file, std::size_t line_bytes_max);

  /// The next line without its end; nothing after the last one. A line over the limit is skipped
  /// to its end and reported as `too_large`.
  [[nodiscard]] std::optional<Result<std::string>> next();

  /// The number of the line that next() gave last; the first is 1.
  [[nodiscard]] std::size_t line_number() const noexcept { return line_number_; }

 private:
  explicit LineReader(std::size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}
  [[nodiscard]] std::istream& input();

  std::optional<std::ifstream> file_;  ///< none: stdin
  std::size_t line_bytes_max_;
  std::size_t line_number_ = 0;
};

/// The folder of a store: `given`, else $INFINIUM_DATA, else ~/.local/share/infinium; absolute.
/// Errors: `invalid_argument` if none of them says.
[[nodiscard]] Result<std::filesystem::path> data_folder(const std::string& given);

/// Writes the file whole or not at all: a reader never sees a part of it. Errors: `unavailable`.
[[nodiscard]] Status write_atomically(const std::filesystem::path& file, const std::string& text);

}  // namespace infinium::cli
