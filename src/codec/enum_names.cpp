#include <cstdlib>

#include "codec/interpretation_json.h"

namespace infinium::codec {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::succeeded:
      return "succeeded";
    case Verdict::partially_succeeded:
      return "partially_succeeded";
    case Verdict::failed:
      return "failed";
    case Verdict::undetermined:
      return "undetermined";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(UndeterminedReason reason) {
  switch (reason) {
    case UndeterminedReason::no_objective:
      return "no_objective";
    case UndeterminedReason::no_output:
      return "no_output";
    case UndeterminedReason::incomplete_trace:
      return "incomplete_trace";
    case UndeterminedReason::rubric_unclear:
      return "rubric_unclear";
    case UndeterminedReason::probability_near_half:
      return "probability_near_half";
    case UndeterminedReason::engine_failed:
      return "engine_failed";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(ObjectiveSource source) {
  switch (source) {
    case ObjectiveSource::rubric:
      return "rubric";
    case ObjectiveSource::derived:
      return "derived";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(RubricKind kind) {
  switch (kind) {
    case RubricKind::objective:
      return "objective";
    case RubricKind::deliverable:
      return "deliverable";
    case RubricKind::constraint:
      return "constraint";
    case RubricKind::criterion:
      return "criterion";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(RubricStatus status) {
  switch (status) {
    case RubricStatus::met:
      return "met";
    case RubricStatus::unmet:
      return "unmet";
    case RubricStatus::unclear:
      return "unclear";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(RubricMethod method) {
  switch (method) {
    case RubricMethod::checked:
      return "checked";
    case RubricMethod::retrieved:
      return "retrieved";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::critical:
      return "critical";
  }
  std::abort();  // no other value exists
}

std::string_view to_string(FailureKind kind) {
  switch (kind) {
    case FailureKind::instruction_or_plan_adherence:
      return "instruction_or_plan_adherence";
    case FailureKind::invention_of_information:
      return "invention_of_information";
    case FailureKind::invalid_invocation:
      return "invalid_invocation";
    case FailureKind::misinterpretation_of_tool_output:
      return "misinterpretation_of_tool_output";
    case FailureKind::intent_plan_misalignment:
      return "intent_plan_misalignment";
    case FailureKind::underspecified_user_intent:
      return "underspecified_user_intent";
    case FailureKind::intent_not_supported:
      return "intent_not_supported";
    case FailureKind::guardrails_triggered:
      return "guardrails_triggered";
    case FailureKind::system_failure:
      return "system_failure";
    case FailureKind::inconclusive:
      return "inconclusive";
  }
  std::abort();  // no other value exists
}

}  // namespace infinium::codec
