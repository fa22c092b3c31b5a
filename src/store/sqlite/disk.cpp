#include "store/sqlite/disk.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

namespace infinium::store::sqlite {

DiskReserve::DiskReserve(std::int64_t reserve_bytes, Probe probe, const Clock& clock)
    : reserve_bytes_(reserve_bytes), probe_(std::move(probe)), clock_(&clock) {}

DiskReserve::Probe DiskReserve::free_bytes_of(std::filesystem::path folder) {
  return [folder = std::move(folder)]() -> std::int64_t {
    struct statvfs facts{};
    if (::statvfs(folder.c_str(), &facts) != 0) {
      return -1;
    }
    return static_cast<std::int64_t>(facts.f_bavail) * static_cast<std::int64_t>(facts.f_frsize);
  };
}

bool DiskReserve::reached() {
  const auto now = clock_->steady_now();
  if (looked_at_ == std::chrono::steady_clock::time_point{} || now - looked_at_ >= kLookEvery) {
    looked_at_ = now;
    const std::int64_t free = probe_();
    reached_ = free >= 0 && free < reserve_bytes_;
  }
  return reached_;
}

Error DiskReserve::refusal() const {
  return {Code::unavailable,
          fmt::format("less than {} MiB of disk left; free some space", reserve_bytes_ >> 20)};
}

}  // namespace infinium::store::sqlite
