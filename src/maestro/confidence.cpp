#include "maestro/confidence.h"

#include "infinium/interpretation.h"
#include "maestro/confidence_table.h"

namespace infinium::maestro {

std::optional<double> shipped_confidence(std::string_view rule) {
  const auto measured = [](Verdict verdict) {
    return kMeasuredConfidence[static_cast<std::size_t>(verdict)];
  };
  switch (rule.empty() ? ' ' : rule.front()) {  // rows are named by their verdict
    case 'S':
      return measured(Verdict::succeeded);
    case 'P':
      return measured(Verdict::partially_succeeded);
    case 'F':
      return measured(Verdict::failed);
    case 'U':
      return measured(Verdict::undetermined);
    default:
      return std::nullopt;
  }
}

}  // namespace infinium::maestro
