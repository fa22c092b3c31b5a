#pragma once

#include <optional>
#include <string_view>

#include "maestro/rubric/ruling.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// What the arguments of the calls say to a rule that no other reader understands; nothing if it is
/// none of these:
/// - "neither --force nor --no-verify is used": options that no command may have;
/// - "the review is submitted with the event COMMENT", "priority is set to high": the value of an
///   argument that the rule calls by its very name;
/// - "no more than four comments": the length of a list that a call that changes something was
///   given under that name.
/// Where a rule says more than that, its being broken shows, and its being kept does not.
[[nodiscard]] std::optional<Ruling> judge_arguments(const TraceView& view, std::string_view text);

}  // namespace infinium::maestro
