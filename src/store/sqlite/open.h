#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "store/store.h"

namespace infinium::store::sqlite {

struct Options {
  std::filesystem::path folder;  ///< the store is `folder/infinium.db`
  std::size_t queue_traces_max = 10'000;
  std::size_t queue_bytes_max = 256u << 20u;
  int readers = 4;  ///< read connections
  std::int64_t disk_reserve_bytes = 256ll << 20;
};

struct Opened {
  std::unique_ptr<Store> store;
  bool created = false;  ///< there was no store in the folder before
};

/// Opens the store in a folder and creates both where they are missing. A store of an older schema
/// is copied to `infinium.db.vN-backup` beside it, then brought up to date; the log names the copy.
/// The references must outlive the store. Destroying the store commits what is queued, then closes
/// it. Errors: `conflict` (another process holds the folder), `unavailable` (not writable),
/// `corrupt`, `invalid_argument` (a newer schema).
[[nodiscard]] Result<Opened> open(const Options& options,
                                  const Clock& clock,
                                  Random& random,
                                  Log& log);

}  // namespace infinium::store::sqlite
