#pragma once

#include <vector>

#include "infinium/company.h"
#include "infinium/types.h"
#include "maestro/outcome/features.h"

namespace infinium::maestro {

/// All features of one trace, as interpret() sees them.
struct TraceFeatures {
  std::vector<Feature> run;
  std::vector<std::vector<Feature>> steps;
  std::vector<std::int64_t> step_numbers;  ///< as sent, one a row of `steps`
  std::vector<std::string> agents;         ///< who acted, one a row of `steps`
};

/// For `infinium features`, which training reads. Pure.
[[nodiscard]] TraceFeatures features_of(const TaskData& trace, const Company& company);

}  // namespace infinium::maestro
