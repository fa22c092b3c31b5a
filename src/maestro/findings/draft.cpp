#include "maestro/findings/draft.h"

#include <fmt/format.h>

#include "maestro/findings/catalogue.h"
#include "maestro/text.h"

namespace infinium::maestro {

Finding draft(const TraceView& view,
              const FindingKind& kind,
              Severity severity,
              std::span<const std::size_t> step_indices,
              std::string_view value_free) {
  Finding finding;
  finding.code = kind.code;
  finding.category = find_code(kind.code).category;
  finding.recommendation = kind.recommendation;
  finding.severity = severity;
  for (const std::size_t index : step_indices) {
    finding.steps.push_back(view.steps()[index].number);
    finding.step_indices.push_back(static_cast<std::int64_t>(index));
  }
  const std::string_view tool =
      step_indices.empty() ? std::string_view{} : view.steps()[step_indices.front()].tool;
  finding.fingerprint = fingerprint(kind.code, tool, value_free);
  return finding;
}

std::string name_of(const StepView& step) {
  return step.tool.empty() ? fmt::format("step {}", step.number)
                           : fmt::format("step {} (`{}`)", step.number, step.tool);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kBytesMax = 60;
  text = trim(text);
  const std::string_view head = prefix_of(text, kBytesMax);
  return fmt::format("\u201C{}{}\u201D", head, head.size() < text.size() ? "\u2026" : "");
}

}  // namespace infinium::maestro
