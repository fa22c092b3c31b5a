#pragma once

#include <string>
#include <string_view>

#include "infinium/interpretation.h"

namespace infinium::codec {

/// The result of schema version 1 as the wire protocol gives it: camelCase keys in a fixed order,
/// reals with at most 4 decimals, so that equal results are equal bytes.
[[nodiscard]] std::string encode_interpretation(const Interpretation& interpretation);

/// The JSON name of an enumerator, e.g. "partially_succeeded".
[[nodiscard]] std::string_view to_string(Verdict verdict);
[[nodiscard]] std::string_view to_string(UndeterminedReason reason);
[[nodiscard]] std::string_view to_string(ObjectiveSource source);
[[nodiscard]] std::string_view to_string(RubricKind kind);
[[nodiscard]] std::string_view to_string(RubricStatus status);
[[nodiscard]] std::string_view to_string(RubricMethod method);
[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(FailureKind kind);

}  // namespace infinium::codec
