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

std::uint64_t with_prompts(const TaskData& trace, std::uint64_t hash) {
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
  std::uint64_t hash = normalised_hash(objective, with_prompts(trace, fnv1a("task-1")));
  if (read_cues(objective).stems.size() < kSpecificStems) {
    hash = normalised_hash(trace.input_summary.value_or(""), fnv1a("input", hash));
  }
  return hash == 0 ? 1 : hash;
}

/// Which values can stand for each other: money for money, a day for a day.
std::optional<unsigned> kind_of(const ValueToken& token) {
  switch (token.kind) {
    case ValueKind::number: {
      constexpr double kCounting = 100;  // the places of a list, the parts of a whole
      const bool small = token.precision >= 1 && token.number < kCounting;
      switch (token.unit) {
        case Unit::none:
          return small ? std::nullopt : std::optional(0u);
        case Unit::money:
        case Unit::money_minor:
          return 1;
        case Unit::percent:
        case Unit::ratio:
          return 2;
        default:
          return 3;
      }
    }
    case ValueKind::date:
      return 4;
    case ValueKind::identifier:
      return 5;
    case ValueKind::email:
    case ValueKind::url:
    case ValueKind::file:
      return 6;
    case ValueKind::time:
    case ValueKind::quoted:
      return std::nullopt;
  }
  return std::nullopt;
}

/// What the final output states; nothing of one that is cut, since what it lacks was not sent.
std::vector<std::uint64_t> finals_of(const TraceView& view) {
  std::vector<std::uint64_t> finals;
  const std::optional<FieldId> output = view.final_output();
  if (!output || view.field(*output).cut) {
    return finals;
  }
  for (const ValueToken& token : view.values(*output)) {
    if (const auto final_value = final_of(token)) {
      finals.push_back(*final_value);
    }
  }
  sort_and_limit(finals, Sibling::kFinalsMax);
  return finals;
}

}  // namespace

std::optional<std::uint64_t> final_of(const ValueToken& token) {
  const std::optional<unsigned> kind = kind_of(token);
  return kind ? std::optional((token.key & ~std::uint64_t{7}) | *kind) : std::nullopt;
}

std::uint64_t write_of(const StepView& step) { return fnv1a(step.tool, step.arguments_hash); }

std::uint64_t prompt_version_of(const TaskData& trace) {
  const bool named = trace.prompt_studio && !trace.prompt_studio->prompts_used.empty();
  return named ? with_prompts(trace, fnv1a("prompts")) : 0;
}

Sibling sibling_of(const TraceView& view, std::string_view trace_id) {
  const TaskData& trace = view.trace();
  Sibling sibling;
  sibling.trace_id = trace_id;
  sibling.task = task_of(trace);
  if (sibling.task == 0) {
    return sibling;
  }
  const std::string input = trace.input_summary.value_or("");
  sibling.input = trim(input).empty() ? 0 : normalised_hash(input, fnv1a("input"));
  for (const ValueToken& token : find_values(input)) {
    const bool small = token.kind == ValueKind::number && token.number < 1000;
    if (!small && token.kind != ValueKind::quoted && token.kind != ValueKind::time) {
      sibling.inputs.push_back(token.key);
    }
  }
  for (const StepView& step : view.steps()) {
    if (step.changes_state && !step.failed) {
      sibling.writes.push_back(write_of(step));
    }
  }
  sort_and_limit(sibling.inputs, Sibling::kInputsMax);
  sort_and_limit(sibling.writes, Sibling::kWritesMax);
  sibling.finals = finals_of(view);
  return sibling;
}

Sibling sibling_of(const TaskData& trace, std::string_view trace_id) {
  if (task_of(trace) != 0) {
    return sibling_of(TraceView(trace, TraceView::Use::values), trace_id);
  }
  Sibling of_no_task;
  of_no_task.trace_id = trace_id;
  return of_no_task;
}

}  // namespace infinium::maestro
