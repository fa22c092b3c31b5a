#include "maestro/outcome/training.h"

#include "maestro/outcome/agreement.h"
#include "maestro/reading.h"

namespace infinium::maestro {

TraceFeatures features_of(const TaskData& trace, const Company& company) {
  const Reading reading(trace);
  const TraceView& view = reading.view();
  const RunCues& cues = reading.cues();
  const SiblingAgreement siblings = agreement_with(company, sibling_of(view));
  TraceFeatures features{
      run_features(reading.facts(), cues, reading.findings, reading.rubric, siblings),
      step_features(reading.facts(), cues),
      {},
      {}};
  for (const StepView& step : view.steps()) {
    features.step_numbers.push_back(step.number);
    features.agents.push_back(step.agent);
  }
  return features;
}

}  // namespace infinium::maestro
