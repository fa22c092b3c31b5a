#include "maestro/findings/catalogue.h"

#include <algorithm>
#include <array>

namespace infinium::maestro {
namespace {

using enum FailureKind;

constexpr auto kCodes = std::to_array<FindingCode>({
    {"action.duplicated", "FM-1.3", instruction_or_plan_adherence, 6},
    {"argument.invented", "FM-3.2", invention_of_information, 6},
    {"argument.mismatch", "FM-1.1", instruction_or_plan_adherence, 6},
    {"call.invalid", "", invalid_invocation, 5},
    {"claim.contradicts_result", "FM-3.3", misinterpretation_of_tool_output, 6},
    {"company.disagrees", "", inconclusive, 1, false, false, true},
    {"company.outlier", "", inconclusive, 1, false, false, true},
    {"company.unusual_path", "", inconclusive, 1, false, false, true},
    {"confirmation.missing", "FM-2.2", instruction_or_plan_adherence, 5, false, true},
    {"constraint.violated", "FM-1.1", instruction_or_plan_adherence, 4, false, true},
    {"data.stale", "FM-1.4", misinterpretation_of_tool_output, 6},
    {"deliverable.missing", "FM-1.1", instruction_or_plan_adherence, 3, false, true},
    {"error.contradicted_by_success", "FM-3.3", misinterpretation_of_tool_output, 5},
    {"error.inside_ok", "FM-3.2", misinterpretation_of_tool_output, 6},
    {"error.unrecovered", "FM-3.1", system_failure, 5},
    {"figure.arithmetic", "FM-3.3", misinterpretation_of_tool_output, 5},
    {"figure.wrong_unit", "FM-3.3", misinterpretation_of_tool_output, 6},
    {"goal.derailed", "FM-2.3", intent_plan_misalignment, 6},
    {"information.dropped", "FM-1.4", misinterpretation_of_tool_output, 6},
    {"injection.obeyed", "", guardrails_triggered, 7, false, true},
    {"loop.cycle", "FM-1.3", instruction_or_plan_adherence, 1, true},
    {"loop.repeated_call", "FM-1.3", instruction_or_plan_adherence, 1, true},
    {"loop.thrashing", "FM-1.5", instruction_or_plan_adherence, 2, true},
    {"order.violated", "FM-1.1", instruction_or_plan_adherence, 5, false, true},
    {"output.cut", "FM-3.1", system_failure, 3},
    {"output.empty", "FM-3.1", instruction_or_plan_adherence, 3},
    {"policy.breached", "FM-1.1", instruction_or_plan_adherence, 5, false, true},
    {"retry.storm", "FM-1.5", system_failure, 2, true},
    {"row.mismatch", "FM-1.1", misinterpretation_of_tool_output, 6},
    {"run.ended_early", "FM-3.1", instruction_or_plan_adherence, 4},
    {"secret.leaked", "", guardrails_triggered, 6, false, true},
    {"team.ping_pong", "FM-2.5", instruction_or_plan_adherence, 2, true},
    {"ungrounded.value", "FM-3.2", invention_of_information, 4},
    {"user.not_asked", "FM-2.2", underspecified_user_intent, 6},
    {"verification.missing", "FM-3.2", instruction_or_plan_adherence, 5, false, true},
});

static_assert(std::is_sorted(kCodes.begin(), kCodes.end(), [](const auto& a, const auto& b) {
  return a.code < b.code;
}));

}  // namespace

std::span<const FindingCode> finding_codes() { return kCodes; }

const FindingCode& find_code(std::string_view code) {
  static constexpr FindingCode kOther{"", "", inconclusive, 2};
  const auto at = std::lower_bound(
      kCodes.begin(), kCodes.end(), code, [](const FindingCode& entry, std::string_view wanted) {
        return entry.code < wanted;
      });
  return at != kCodes.end() && at->code == code ? *at : kOther;
}

}  // namespace infinium::maestro
