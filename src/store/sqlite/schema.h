#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/random.h"
#include "store/sqlite/connection.h"

namespace infinium::store::sqlite {

inline constexpr std::int64_t kSchemaVersion = 1;
inline constexpr std::int64_t kApplicationId = 0x494e464d;  ///< "INFM"
inline constexpr std::int64_t kDefaultProject = 1;

/// The row of table `hour` that a time belongs to.
[[nodiscard]] constexpr std::int64_t hour_of(std::int64_t epoch_ms) {
  constexpr std::int64_t kMsPerHour = 3'600'000;
  return epoch_ms / kMsPerHour - (epoch_ms % kMsPerHour < 0 ? 1 : 0);
}

/// Makes the schema in an empty file or checks the one that is there, then prepares the connection
/// for writing. Nothing is written to a file that is not ours. True if the schema was made.
/// Errors: `invalid_argument` (not a store of ours, or a newer schema), `corrupt`, `unavailable`.
[[nodiscard]] Result<bool> prepare_schema(Connection& connection,
                                          const Clock& clock,
                                          Random& random);

}  // namespace infinium::store::sqlite
