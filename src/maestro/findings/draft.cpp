#include "maestro/findings/draft.h"

#include <fmt/format.h>

#include <algorithm>

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

Waste waste_of(const TraceView& view, std::span<const std::size_t> step_indices) {
  Waste waste;
  for (const std::size_t index : step_indices) {
    waste.step_indices.push_back(static_cast<std::int64_t>(index));
    waste.ms += std::max<std::int64_t>(0, view.steps()[index].duration_ms);
    waste.tokens += std::max<std::int64_t>(0, view.steps()[index].tokens);
  }
  const std::optional<LlmUsage>& usage = view.trace().llm_usage;
  std::int64_t all = 0;
  for (const StepView& step : view.steps()) {
    all += std::max<std::int64_t>(0, step.tokens);
  }
  if (usage && usage->estimated_cost_usd && all > 0) {
    waste.cost_usd =
        *usage->estimated_cost_usd * static_cast<double>(waste.tokens) / static_cast<double>(all);
  }
  return waste;
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
