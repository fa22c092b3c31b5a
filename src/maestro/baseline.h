#pragma once

#include "infinium/company.h"
#include "infinium/interpretation.h"

namespace infinium::maestro {

/// How this run stands among the agent's others. A metric is anomalous only in a company of at
/// least 20 and when it passes the 99th percentile by a quarter. `path_surprise` is the mean, over
/// the steps from begin to end, of one minus the frequency of the transition; 0 without company.
/// `run` is the trace's own digest. A metric drifts where the latest runs with the same prompts (16
/// to 32) are above, or below, seven in ten of at least 32 earlier ones, by a fifth or more.
[[nodiscard]] Baseline compare_with(const Company& company,
                                    const TaskData& trace,
                                    const Sibling& run);

}  // namespace infinium::maestro
