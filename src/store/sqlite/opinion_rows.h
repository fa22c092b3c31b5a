#pragma once

#include <vector>

#include "store/opinion.h"
#include "store/sqlite/connection.h"

/// Reading the table `opinion`.
namespace infinium::store::sqlite {

/// The current opinions of a trace, oldest first.
[[nodiscard]] Result<std::vector<Opinion>> current_opinions(Connection& connection,
                                                            std::int64_t seq);

/// Those that were replaced or withdrawn, newest first, kEndedOpinionsMax at most.
[[nodiscard]] Result<std::vector<Opinion>> ended_opinions(Connection& connection, std::int64_t seq);

/// The current `ok` verdicts of people on a trace, oldest first.
[[nodiscard]] Result<std::vector<Opinion>> verdicts_of_people(Connection& connection,
                                                              std::int64_t seq);

}  // namespace infinium::store::sqlite
