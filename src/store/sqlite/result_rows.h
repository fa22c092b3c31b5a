#pragma once

#include <cstdint>

#include "store/sqlite/connection.h"
#include "store/sqlite/packed.h"
#include "store/store.h"

/// Writing a trace's result and what belongs to it: the tables `result`, `finding`, `contribution`
/// and the columns of `trace` that say how it went.
namespace infinium::store::sqlite {

struct PackedResult {
  NewResult result;  ///< without its bytes
  Packed json;
};

/// Packs each; the bytes of the results are gone then.
[[nodiscard]] Result<std::vector<PackedResult>> pack_all(std::vector<NewResult> results);

/// Stores the result as the trace's current one, with its findings and its contribution, and marks
/// later traces stale that it came too late for. False: the trace is gone.
[[nodiscard]] Result<bool> put_result(Connection& connection,
                                      const PackedResult& one,
                                      std::int64_t now_ms);

/// Stores what the trace adds to its agent's company, or that it adds nothing.
[[nodiscard]] Status put_contribution(Connection& connection, const NewResult& result);

}  // namespace infinium::store::sqlite
