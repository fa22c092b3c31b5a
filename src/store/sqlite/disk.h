#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/clock.h"
#include "infinium/result.h"

namespace infinium::store::sqlite {

/// Watches that the disk keeps a reserve, so that what is stored can still be read, interpreted
/// and cleaned up. Used by one thread.
class DiskReserve {
 public:
  /// Free bytes for an ordinary user; negative: unknown, which counts as enough.
  using Probe = std::function<std::int64_t()>;
  static constexpr std::chrono::milliseconds kLookEvery{250};

  DiskReserve(std::int64_t reserve_bytes, Probe probe, const Clock& clock);
  /// Of the file system that holds a folder.
  [[nodiscard]] static Probe free_bytes_of(std::filesystem::path folder);

  /// Whether the reserve is reached; looks at most every kLookEvery.
  [[nodiscard]] bool reached();
  /// What new traces are told while the reserve is reached. Any thread.
  [[nodiscard]] Error refusal() const;

 private:
  std::int64_t reserve_bytes_;
  Probe probe_;
  const Clock* clock_;
  std::chrono::steady_clock::time_point looked_at_{};
  bool reached_ = false;
};

}  // namespace infinium::store::sqlite
