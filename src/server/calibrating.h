#pragma once

#include "infinium/json.h"
#include "infinium/result.h"
#include "store/store.h"

/// What an operator does with what people taught; operations of server/admin.h.
namespace infinium::server::admin {

/// Learns from all reviewed traces and says what it is worth on traces that it was not learned
/// from. Stores a new version, which is current from then on, if `save` is true and it helps, or
/// `force` is true; the first time the shipped state is stored before it as version 1, so that one
/// can go back to it. Answers `saved`, the version, or null. Takes as long as interpreting these
/// traces does.
[[nodiscard]] Result<Json> learn_calibration(store::Store& store, const Json& request);
[[nodiscard]] Result<Json> list_calibrations(store::Store& store);
/// Makes `version` current again.
[[nodiscard]] Result<Json> rollback_calibration(store::Store& store, const Json& request);

}  // namespace infinium::server::admin
