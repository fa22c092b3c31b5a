#include <algorithm>

#include "base/hash.h"
#include "infinium/company.h"
#include "maestro/outcome/agreement.h"
#include "maestro/outcome/text_cues.h"
#include "maestro/text.h"
#include "maestro/text_values.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {
namespace {

/// Letter case and the width of gaps aside.
std::uint64_t normalised_hash(std::string_view text, std::uint64_t hash) {
  const std::string folded = fold_case(text);
  for (const Word& word : find_words(folded)) {
    hash =
        fnv1a(std::string_view(folded).substr(word.start, word.end - word.start), fnv1a(" ", hash));
  }
  return hash;
}

void sort_and_limit(std::vector<std::uint64_t>& values, std::size_t most) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  values.resize(std::min(values.size(), most));
}

std::uint64_t prompt_version(const TaskData& trace, std::uint64_t hash) {
  if (trace.prompt_studio) {
    for (const PromptUse& use : trace.prompt_studio->prompts_used) {
      hash = fnv1a(use.prompt_id.value_or(""), hash);
      hash = fnv1a(std::to_string(use.version.value_or(0)), hash);
    }
  }
  return hash;
}

/// An objective of many words names its task by itself; a short one ("Answer the question") only
/// together with the input.
constexpr std::size_t kSpecificStems = 12;

std::uint64_t task_of(const TaskData& trace) {
  if (!trace.expected_outcome || trim(trace.expected_outcome->task_objective).empty()) {
    return 0;
  }
  const std::string& objective = trace.expected_outcome->task_objective;
  std::uint64_t hash = normalised_hash(objective, prompt_version(trace, fnv1a("task-1")));
  if (read_cues(objective).stems.size() < kSpecificStems) {
    hash = normalised_hash(trace.input_summary.value_or(""), fnv1a("input", hash));
  }
  return hash == 0 ? 1 : hash;
}

}  // namespace

Sibling sibling_of(const TraceView& view, std::string_view trace_id) {
  constexpr std::size_t kInputsMax = 16;
  constexpr std::size_t kWritesMax = 32;
  const TaskData& trace = view.trace();
  Sibling sibling;
  sibling.trace_id = trace_id;
  sibling.task = task_of(trace);
  if (sibling.task == 0) {
    return sibling;
  }
  for (const ValueToken& token : find_values(trace.input_summary.value_or(""))) {
    const bool small = token.kind == ValueKind::number && token.number < 1000;
    if (!small && token.kind != ValueKind::quoted && token.kind != ValueKind::time) {
      sibling.inputs.push_back(token.key);
    }
  }
  for (const StepView& step : view.steps()) {
    if (step.changes_state && !step.failed) {
      sibling.writes.push_back(fnv1a(step.tool, step.arguments_hash));
    }
  }
  sort_and_limit(sibling.inputs, kInputsMax);
  sort_and_limit(sibling.writes, kWritesMax);
  return sibling;
}

Sibling sibling_of(const TaskData& trace, std::string_view trace_id) {
  if (task_of(trace) != 0) {
    return sibling_of(TraceView(trace), trace_id);
  }
  Sibling of_no_task;
  of_no_task.trace_id = trace_id;
  return of_no_task;
}

}  // namespace infinium::maestro
