#include <algorithm>

#include "maestro/outcome/features.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kMergedMax = 300;  ///< steps whose words are put together

std::string_view main_text(const TraceView& view, const StepView& step) {
  const std::optional<FieldId> field = step.output ? step.output : step.input;
  return field ? view.field(*field).text : std::string_view{};
}

void merge_texts(const TraceView& view, std::span<const FieldId> fields, TextCues& into) {
  std::size_t merged = 0;
  for (const FieldId id : fields) {
    if (++merged > kMergedMax) {
      return;
    }
    merge(into, read_cues(view.field(id).text));
  }
}

bool speaks(const StepView& step) { return step.kind == StepKind::message; }

}  // namespace

RunCues read_run_cues(const TraceView& view) {
  RunCues cues;
  std::size_t said = 0;
  std::size_t heard = 0;
  for (const StepView& step : view.steps()) {
    cues.steps.push_back(read_cues(main_text(view, step)));
    if (step.kind == StepKind::user && ++heard <= kMergedMax) {
      merge(cues.user, cues.steps.back());
    } else if (speaks(step) && ++said <= kMergedMax) {
      merge(cues.speech, cues.steps.back());
    }
  }
  if (view.final_output()) {
    cues.answers.push_back(read_cues(view.field(*view.final_output()).text));
    if (said == 0) {
      cues.speech = cues.answers.back();
    }
  }
  if (heard == 0) {
    merge_texts(view, view.request(), cues.user);
  }
  if (view.trace().expected_outcome) {
    cues.objective = read_cues(view.trace().expected_outcome->task_objective);
  }
  cues.task = cues.objective;
  if (view.trace().input_summary) {
    merge(cues.task, read_cues(*view.trace().input_summary));
  }
  return cues;
}

}  // namespace infinium::maestro
