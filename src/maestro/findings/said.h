#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "maestro/facts.h"
#include "maestro/findings/draft.h"

/// What the detectors of claims have in common: whose words they are and how a number is written.
namespace infinium::maestro::said {

/// A finding about a statement: its step is at fault; the output has none.
[[nodiscard]] Finding draft_claim(const TraceView& view,
                                  const FindingKind& kind,
                                  Severity severity,
                                  const Statement& statement,
                                  std::string_view value_free);

/// That what stands at a place is in no source; `what` names its kind ("time", "label"). Nothing
/// if the place cannot be quoted.
[[nodiscard]] std::optional<ProvenFinding> groundless(const TraceView& view,
                                                      const FindingKind& kind,
                                                      Severity severity,
                                                      const Statement& statement,
                                                      const Span& at,
                                                      std::string_view what);

/// "The output", "Step 6".
[[nodiscard]] std::string who(const TraceView& view, const Statement& statement);

/// The sentence of a place, at most 300 bytes around it.
[[nodiscard]] Span sentence_around(const TraceView& view,
                                   const Statement& statement,
                                   const Span& at);

/// Whether the sentence of a place asks: what it proposes is no claim.
[[nodiscard]] bool is_question(const TraceView& view, const Statement& statement, const Span& at);

/// A number with as many decimals as `precision` has: "1646.67".
[[nodiscard]] std::string as_written(double number, double precision);

/// Whether two texts of one length differ in one character, or in two that changed places.
[[nodiscard]] bool differs_by_slip(std::string_view a, std::string_view b);

}  // namespace infinium::maestro::said
