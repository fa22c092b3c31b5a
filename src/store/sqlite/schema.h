#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "base/random.h"
#include "store/sqlite/connection.h"

namespace infinium::store::sqlite {

inline constexpr std::int64_t kSchemaVersion = 2;
inline constexpr std::int64_t kApplicationId = 0x494e464d;  ///< "INFM"
inline constexpr std::int64_t kDefaultProject = 1;

/// The row of table `hour` that a time belongs to.
[[nodiscard]] constexpr std::int64_t hour_of(std::int64_t epoch_ms) {
  constexpr std::int64_t kMsPerHour = 3'600'000;
  return epoch_ms / kMsPerHour - (epoch_ms % kMsPerHour < 0 ? 1 : 0);
}

/// Called with the schema's version before a store of an older one is changed. An error of it is
/// the end: nothing is changed then.
using BeforeMigration = std::function<Status(std::int64_t from)>;

/// Makes the schema in an empty file, or checks the one that is there and brings an older one up to
/// kSchemaVersion in one transaction, then prepares the connection for writing. Nothing is written
/// to a file that is not ours. True if the schema was made. Errors: `invalid_argument` (not a store
/// of ours, or a newer schema), `corrupt`, `unavailable`, those of `before`.
[[nodiscard]] Result<bool> prepare_schema(Connection& connection,
                                          const Clock& clock,
                                          Random& random,
                                          const BeforeMigration& before);

}  // namespace infinium::store::sqlite
