#include "maestro/rubric/grounded.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// Two parts that a text has to hold in this order; the second may be empty.
struct Wording {
  std::string_view first;
  std::string_view second;
  bool deeds = false;  ///< about what was done, not about values
};
constexpr auto kWordings = std::to_array<Wording>({
    {"nothing that", "did not return"},
    {"nothing that", "does not show"},
    {"nothing that", "does not say"},
    {"nothing that", "do not show"},
    {"nothing that", "did not say"},
    {"nothing is invented", ""},
    {"nothing is made up", ""},
    {"no invented", ""},
    {"no made-up", ""},
    {"does not invent", ""},
    {"do not invent", ""},
    {"never invent", ""},
    {"every number", "comes from"},
    {"every number", "taken from"},
    {"every figure", "comes from"},
    {"every figure", "taken from"},
    {"every value", "comes from"},
    {"every claim", "supported by"},
    {"all figures", "come from"},
    {"all figures", "taken from"},
    {"all numbers", "come from"},
    {"all numbers", "taken from"},
    {"everything", "really done", true},
    {"everything", "actually done", true},
    {"everything", "is true", true},
    {"nothing is claimed", "", true},
    {"claims nothing", "", true},
    {"every figure", "traced to"},
    {"every figure", "has a source"},
    {"each figure", "comes from"},
    {"every statement", "backed by"},
    {"every statement", "supported by"},
    {"figures are correct", ""},
    {"figures are right", ""},
    {"numbers are correct", ""},
    {"numbers are right", ""},
    {"all sums are correct", ""},
    {"all amounts are correct", ""},
    {"alle angaben", "stimmen"},
    {"alle zahlen", "stimmen"},
    {"todos los datos", "correctos"},
    {"todas las cifras", "correctas"},
    {"tous les chiffres", "exacts"},
    {"keine erfundenen", ""},
    {"nichts", "erfunden"},
    {"jede zahl", "stammt aus"},
    {"alle zahlen", "stammen aus"},
    {"no inventar", ""},
    {"nada inventado", ""},
    {"todas las cifras", "proceden"},
    {"ne rien inventer", ""},
    {"tous les chiffres", "proviennent"},
    {"não inventar", ""},
    {"todos os números", "vêm"},
    {"捏造しない", ""},
    {"創作しない", ""},
    {"推測で書かない", ""},
    {"不编造", ""},
    {"不要编造", ""},
});

const Wording* asked_grounds(std::string_view text) {
  const std::string folded = fold_case(text);
  const auto* const found =
      std::find_if(kWordings.begin(), kWordings.end(), [&](const Wording& wording) {
        const std::size_t at = folded.find(wording.first);
        return at != std::string::npos &&
               folded.find(wording.second, at + wording.first.size()) != std::string::npos;
      });
  return found == kWordings.end() ? nullptr : found;
}

const ProvenFinding* against(std::span<const ProvenFinding> findings, bool deeds) {
  const auto found = std::find_if(findings.begin(), findings.end(), [deeds](const auto& finding) {
    const bool said = finding->code.starts_with("claim.");
    if (deeds) {
      return finding->severity == Severity::critical &&
             (said || finding->code == "error.contradicted_by_success" ||
              finding->code == "error.inside_ok");
    }
    const bool about_values =
        finding->code.starts_with("ungrounded.") || finding->code.starts_with("figure.") || said;
    return about_values && finding->severity != Severity::info;
  });
  return found == findings.end() ? nullptr : &*found;
}

/// Values of the output beside the sources that hold them.
std::vector<CheckedEvidence> grounds(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<CheckedEvidence> pieces;
  constexpr std::size_t kPiecesMax = 8;
  if (!view.final_output()) {
    return pieces;
  }
  for (const ValueToken& value : view.values(*view.final_output())) {
    const Source* const source = facts.sources().find(value.key);
    if (source == nullptr || !source->step || pieces.size() >= kPiecesMax) {
      continue;
    }
    auto here = quote(view, {*view.final_output(), value.start, value.end});
    auto there = quote(view, source->at);
    if (here && there) {
      pieces.push_back(std::move(*here));
      pieces.push_back(std::move(*there));
    }
  }
  return pieces;
}

std::optional<Proven<RubricItem>> judge(const Facts& facts,
                                        std::span<const ProvenFinding> findings,
                                        RubricItem item,
                                        bool deeds) {
  if (const ProvenFinding* const finding = against(findings, deeds)) {
    item.status = RubricStatus::unmet;
    item.rationale = fmt::format("{}.", (*finding)->title);
    item.would_settle.reset();
    return prove(std::move(item), proof_of(*finding));
  }
  if (deeds) {
    return std::nullopt;
  }
  const TraceView& view = facts.view();
  const bool cut = !view.final_output() || view.field(*view.final_output()).cut;
  const auto pieces =
      cut || facts.sources().incomplete() ? std::vector<CheckedEvidence>() : grounds(facts);
  if (pieces.empty()) {
    return std::nullopt;
  }
  item.status = RubricStatus::met;
  item.rationale = "Values of the output stand in sources, and none was found that does not.";
  item.would_settle.reset();
  Proof proof(pieces.front());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    proof.add(pieces[i]);
  }
  return prove(std::move(item), proof);
}

}  // namespace

void decide_grounding(const Facts& facts,
                      std::span<const ProvenFinding> findings,
                      std::vector<Proven<RubricItem>>& items) {
  for (Proven<RubricItem>& item : items) {
    const bool open = item->status == RubricStatus::unclear && item->kind != RubricKind::objective;
    const Wording* const wording = open ? asked_grounds(item->text) : nullptr;
    if (wording == nullptr) {
      continue;
    }
    if (auto judged = judge(facts, findings, *item, wording->deeds)) {
      item = std::move(*judged);
    }
  }
}

}  // namespace infinium::maestro
