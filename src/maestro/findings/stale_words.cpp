#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: a text that was read gives an old value and the new one in one breath ("until now 48
/// euros; from 1 April 54"), and the agent states the old one as it stands. Source: outdated data
/// in labelled agent failures. How: a stated number whose only places in the results follow a word
/// of the past, with a word of the present and another number of its unit after it in the same
/// passage; the statement holds neither that number nor a word of the past. Blind spots: old and
/// new values in different answers (stale_resources.cpp); records.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "data.stale",
    "Use the value that holds from now on, and name the old one only beside it.",
};

constexpr std::size_t kBeforeMax = 28;
constexpr std::size_t kPassageMax = 160;

constexpr auto kPast = std::to_array<std::string_view>(
    {"until now",     "so far",    "previously", "formerly",  "up to now", "used to be",  "old ",
     "was ",          "bisher",    "bislang",    "zuvor",     "früher",    "hasta ahora", "antes",
     "anteriormente", "jusqu'ici", "auparavant", "até agora", "これまで",  "従来",        "旧"});
constexpr auto kPresent = std::to_array<std::string_view>(
    {"from ",    "now ",      "as of",    "new ",  "effective",   "starting", "ab ",
     "künftig",  "neu",       "jetzt",    "desde", "a partir de", "ahora",    "nuevo",
     "à partir", "désormais", "a partir", "から",  "新",          "今後"});

template <std::size_t N>
bool holds(std::string_view folded, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [folded](std::string_view word) {
    return folded.find(word) != std::string_view::npos;
  });
}

class StaleWords {
 public:
  explicit StaleWords(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    for (const Statement& statement : facts_.statements().all()) {
      for (const StatedValue& value : facts_.statements().claims_of(statement)) {
        if (findings_.size() >= kFindingsOfDetectorMax) {
          return std::move(findings_);
        }
        if (value.token.kind == ValueKind::number && value.token.number >= 2 &&
            value.token.unit != Unit::none) {
          check(statement, value);
        }
      }
    }
    return std::move(findings_);
  }

 private:
  void check(const Statement& statement, const StatedValue& value) {
    std::optional<std::pair<const Ground*, const Ground*>> replaced;
    for (const Ground& ground : facts_.grounds().range(value.token.number, value.token.number)) {
      if (!Grounds::is_before(ground.step, statement.step)) {
        continue;
      }
      const Ground* newer = ground.in_result ? newer_than(ground) : nullptr;
      if (newer == nullptr) {
        return;  // it also stands somewhere as it is
      }
      replaced = std::pair{&ground, newer};
    }
    if (replaced && !says(statement, replaced->second->number) &&
        !speaks_of_past(statement, value)) {
      report(statement, value, *replaced->first, *replaced->second);
    }
  }

  /// The number that takes its place in the same passage; null if the passage says nothing of the
  /// kind.
  [[nodiscard]] const Ground* newer_than(const Ground& old) const {
    const std::string_view text = view_.field(old.at.field).text;
    const std::size_t from = old.at.start < kBeforeMax ? 0 : old.at.start - kBeforeMax;
    if (!holds(fold_case(text.substr(from, old.at.start - from)), kPast)) {
      return nullptr;
    }
    const Ground* newer = nullptr;
    for (const Ground& ground : facts_.grounds().numbers()) {
      const bool after = ground.at.field == old.at.field && ground.at.start > old.at.end &&
                         ground.at.start - old.at.end < kPassageMax && ground.unit == old.unit &&
                         ground.number != old.number;
      if (after && (newer == nullptr || ground.at.start < newer->at.start)) {
        newer = &ground;
      }
    }
    const bool present =
        newer != nullptr &&
        holds(fold_case(text.substr(old.at.end, newer->at.start - old.at.end)), kPresent);
    return present ? newer : nullptr;
  }

  [[nodiscard]] bool says(const Statement& statement, double number) const {
    const auto claims = facts_.statements().claims_of(statement);
    return std::any_of(claims.begin(), claims.end(), [number](const StatedValue& value) {
      return value.token.kind == ValueKind::number && value.token.number == number;
    });
  }

  [[nodiscard]] bool speaks_of_past(const Statement& statement, const StatedValue& value) const {
    const Match sentence = Statements::sentence_at(statement, value.at.start);
    return holds(fold_case(view_.text({value.at.field, sentence.start, sentence.end})), kPast);
  }

  void report(const Statement& statement,
              const StatedValue& value,
              const Ground& old,
              const Ground& newer) {
    const std::string number(view_.text(value.at));
    if (!told_.insert(number).second) {
      return;
    }
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement, "replaced value");
    finding.title = fmt::format("{} was replaced by {}", number, view_.text(newer.at));
    finding.explanation =
        fmt::format("{} states {}; step {} gives it as what held before, and {} as what holds now.",
                    said::who(view_, statement),
                    number,
                    view_.steps()[old.step.value_or(0)].number,
                    view_.text(newer.at));
    const auto here = quote(view_, said::sentence_around(view_, statement, value.at));
    const auto there = quote(view_, {old.at.field, old.at.start, newer.at.end});
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::unordered_set<std::string> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_stale_words(const Facts& facts) { return StaleWords(facts).run(); }

}  // namespace infinium::maestro
