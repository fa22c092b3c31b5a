#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "maestro/evidence.h"
#include "maestro/facts.h"

namespace infinium::maestro {

enum class FailureSort : std::uint8_t {
  broken,        ///< the system, a right or a state stood against it
  invalid_call,  ///< the call itself was at fault: an unknown tool, a wrong or missing argument
  inside_ok,     ///< it answered OK, and only the text of the answer refuses
};

/// A step that failed and that nothing after it made up for, with what the output says of it.
struct Failure {
  const StepView* step = nullptr;
  std::vector<std::size_t> repeats;  ///< later failures of the same tool with the same template
  FailureSort sort = FailureSort::broken;
  bool needed = false;           ///< it was to change something, or the work ended with it
  bool main = false;             ///< the objective itself speaks of it
  bool ends_the_work = false;    ///< no tool succeeds after it
  bool put_to_user = false;      ///< the agent told of it, and the user went on
  std::optional<Span> admitted;  ///< where the output says so
  std::optional<Span> claimed;   ///< where the output says the opposite
  [[nodiscard]] std::vector<std::size_t> steps() const;  ///< the step and at most 50 repeats
};

/// At most 24, in trace order. A failed call is made good by a later call that succeeds at the same
/// work: the same tool about the same thing, another tool that shares its words or most of its
/// values, or whatever runs anything (a shell) with one of its values. What "already exists" did
/// not fail.
[[nodiscard]] std::vector<Failure> find_failures(const Facts& facts);

/// Whether the error of a failed step blames the call: "unexpected keyword", "field required", 422.
[[nodiscard]] bool blames_the_call(const TraceView& view, const StepView& step);

/// Whether only the text of the answer says that it failed: no error record and no status.
[[nodiscard]] bool failed_inside_ok(const TraceView& view, const StepView& step);

/// What the sorts are told as; nothing if the evidence cannot be quoted.
[[nodiscard]] std::optional<ProvenFinding> tell_invalid_call(const TraceView& view,
                                                             const Failure& failure);
[[nodiscard]] std::optional<ProvenFinding> tell_error_inside_ok(const TraceView& view,
                                                                const Failure& failure);
[[nodiscard]] std::optional<ProvenFinding> tell_unrecovered_error(const TraceView& view,
                                                                  const Failure& failure);
[[nodiscard]] std::optional<ProvenFinding> tell_contradicted_success(const TraceView& view,
                                                                     const Failure& failure);

/// How much a failure weighs: critical where the output claims or passes over what a needed step
/// did not do.
[[nodiscard]] Severity severity_of(const TraceView& view, const Failure& failure);

}  // namespace infinium::maestro
