#include "maestro/rubric/spoiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "maestro/findings/catalogue.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

bool may_spoil(const Finding& finding) {
  const bool heavy =
      finding.severity == Severity::critical ||
      (finding.severity == Severity::warning && finding.code.starts_with("ungrounded."));
  return heavy && finding.code != "constraint.violated" && finding.code != "deliverable.missing" &&
         !find_code(finding.code).waste;
}

/// An identifier or address that stands in no source cannot be the right one; of a number that
/// follows from none, that is only likely.
bool settles(const Finding& finding) {
  if (finding.severity == Severity::critical) {
    return true;
  }
  const auto* quoted =
      finding.evidence.empty() ? nullptr : std::get_if<QuoteEvidence>(&finding.evidence.front());
  return quoted != nullptr && quoted->text.find(' ') == std::string::npos &&
         std::any_of(quoted->text.begin(), quoted->text.end(), is_letter) &&
         std::any_of(quoted->text.begin(), quoted->text.end(), is_digit);
}

/// The finding is about just these words, not about a sentence that holds them.
bool is_about(const QuoteEvidence& words, const QuoteEvidence& quoted) {
  constexpr std::size_t kValueBytesMax = 60;
  return words.field == quoted.field && words.start < quoted.end && quoted.start < words.end &&
         quoted.end - quoted.start <= kValueBytesMax && words.end - words.start <= kValueBytesMax;
}

/// The words are the answer of a call that failed or was refused.
bool is_void(const QuoteEvidence& words, const Finding& finding) {
  const bool failure = finding.code.starts_with("error.") || finding.code == "call.invalid";
  const bool answer = words.field.find("output") != std::string::npos;
  return failure && answer && words.step_index &&
         std::find(finding.step_indices.begin(), finding.step_indices.end(), *words.step_index) !=
             finding.step_indices.end();
}

/// Whether the finding is about what was said, not about how the work was done.
bool judges_words(const Finding& finding) {
  constexpr auto kDeeds = std::to_array<std::string_view>(
      {"action.", "argument.", "call.", "error.", "loop.", "retry.", "output.", "run."});
  return std::none_of(kDeeds.begin(), kDeeds.end(), [&](std::string_view head) {
    return finding.code.starts_with(head);
  });
}

bool spoils(const Finding& finding, const RubricItem& item) {
  return std::any_of(item.evidence.begin(), item.evidence.end(), [&](const Evidence& piece) {
    const auto* words = std::get_if<QuoteEvidence>(&piece);
    if (words == nullptr) {
      return false;
    }
    return is_void(*words, finding) ||
           (judges_words(finding) &&
            std::any_of(
                finding.evidence.begin(), finding.evidence.end(), [&](const Evidence& other) {
                  const auto* quoted = std::get_if<QuoteEvidence>(&other);
                  return quoted != nullptr && is_about(*words, *quoted);
                }));
  });
}

}  // namespace

void withdraw_spoiled(std::span<const ProvenFinding> findings,
                      std::vector<Proven<RubricItem>>& items) {
  for (Proven<RubricItem>& item : items) {
    const bool given = item->kind == RubricKind::deliverable || item->kind == RubricKind::criterion;
    if (!given || item->status != RubricStatus::met) {
      continue;
    }
    const auto spoiler = std::find_if(findings.begin(), findings.end(), [&](const auto& finding) {
      return may_spoil(*finding) && spoils(*finding, *item);
    });
    if (spoiler == findings.end()) {
      continue;
    }
    RubricItem changed = *item;
    changed.rationale = fmt::format("It is there, but {}.", (*spoiler)->title);
    if (settles(**spoiler)) {
      changed.status = RubricStatus::unmet;
      item = prove(std::move(changed), proof_of(*spoiler));
    } else {
      changed.would_settle = "Where that value comes from.";
      item = undecided(std::move(changed));
    }
  }
}

}  // namespace infinium::maestro
