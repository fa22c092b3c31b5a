#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: the agent measures or computes something and then states another figure. Source:
/// misinterpretation of tool output in labelled agent failures.
/// How: (1) a figure with a unit that is said to hold now or in the end, while the last answer that
/// has figures of that dimension has none that is it, nor has any source; (2) the one number that a
/// tool gave back is never told, and the statement after it gives a figure of the same unit that
/// stands in no source.
/// Blind spots: figures without a unit; answers with several numbers, for (2).
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "claim.contradicts_result",
    "State the figure that the last result gives.",
};

class ReadingCheck {
 public:
  explicit ReadingCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), said_(facts.statements()) {}

  std::vector<ProvenFinding> run() {
    if (facts_.grounds().incomplete()) {
      return {};
    }
    for (std::uint32_t i = 0; i < said_.claims().size(); ++i) {
      const StatedValue& value = said_.claims()[i];
      const bool measured = value.token.kind == ValueKind::number &&
                            scale_of(value.token.unit).dimension > 0 && value.token.precision < 1;
      if (!measured || findings_.size() >= kFindingsOfDetectorMax || is_in_sources(value) ||
          footing_of(i) == Footing::derived) {
        continue;
      }
      if (!check_now(value)) {
        check_last_number(value);
      }
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] Footing footing_of(std::uint32_t i) const {
    const auto standings = facts_.ledger().standings();
    return standings[standings[i].first].footing;
  }
  [[nodiscard]] const Statement& statement_of(const StatedValue& value) const {
    return said_.all()[value.statement];
  }

  /// Whether any source before, or the agent's own code, has the figure, in whatever unit.
  [[nodiscard]] bool is_in_sources(const StatedValue& value) const {
    const ValueToken& token = value.token;
    const Grounds::Before before = statement_of(value).step;
    for (const double factor : {1.0, 0.01, 100.0, 0.001, 1000.0, -1.0}) {
      const double precision = std::abs(token.precision * factor);
      if (facts_.grounds().find(token.number * factor, precision, before) != nullptr) {
        return true;
      }
    }
    return !facts_.uses(token.key).empty();
  }

  /// Whether a sentence holds a word of the name that a number stands under, or of those around it.
  [[nodiscard]] bool is_spoken_of(const Ground& ground, std::string_view folded) const {
    constexpr std::size_t kWordMin = 4;
    constexpr std::size_t kReach = 30;
    std::vector<std::string> words = name_words(ground.key);
    const std::string_view text = view_.field(ground.at.field).text;
    const std::size_t from = ground.at.start < kReach ? 0 : ground.at.start - kReach;
    const std::string near = fold_case(text.substr(from, ground.at.start - from));
    for (const Word& word : find_words(near)) {
      words.push_back(near.substr(word.start, word.end - word.start));
    }
    return std::any_of(words.begin(), words.end(), [folded](const std::string& word) {
      return word.size() >= kWordMin &&
             folded.find(std::string_view(word).substr(0, 6)) != std::string_view::npos;
    });
  }

  bool check_now(const StatedValue& value) {
    constexpr auto kNow = std::to_array<std::string_view>({"now",
                                                           "currently",
                                                           "current",
                                                           "at present",
                                                           "final",
                                                           "finally",
                                                           "jetzt",
                                                           "aktuell",
                                                           "derzeit",
                                                           "ahora",
                                                           "actual",
                                                           "maintenant",
                                                           "現在",
                                                           "今"});
    const Match sentence = Statements::sentence_at(statement_of(value), value.at.start);
    const std::string around =
        fold_case(view_.text({value.at.field, sentence.start, sentence.end}));
    const bool now = std::any_of(kNow.begin(), kNow.end(), [&around](std::string_view word) {
      return find_folded(around, word).has_value();
    });
    if (!now || is_approximate(view_.field(value.at.field).text, value.at.start)) {
      return false;
    }
    const bool share = value.token.unit == Unit::percent;
    const Ground* last = nullptr;
    for (const Ground& ground : facts_.grounds().numbers()) {
      const bool fits =
          ground.in_result && ground.step &&
          (ground.unit == value.token.unit || (share && ground.unit == Unit::ratio)) &&
          Grounds::is_before(ground.step, statement_of(value).step) &&
          (ground.unit == Unit::ratio || is_spoken_of(ground, around));
      const bool later =
          fits && (last == nullptr || *ground.step > *last->step ||
                   (*ground.step == *last->step && ground.at.start > last->at.start));
      last = later ? &ground : last;
    }
    if (last == nullptr) {
      return false;
    }
    report(value, last->at, *last->step, "the last reading");
    return true;
  }

  /// The number that the last tool gave back, alone, and that is not told.
  void check_last_number(const StatedValue& value) {
    const Statement& statement = statement_of(value);
    const StepView* last = nullptr;
    for (const StepView& step : view_.steps()) {
      const bool before = !statement.step || step.index < *statement.step;
      last = before && step.kind == StepKind::tool && step.output && !step.failed ? &step : last;
    }
    if (last == nullptr || (statement.step && last->index + 1 != *statement.step)) {
      return;
    }
    const ValueToken* only = nullptr;
    for (const ValueToken& token : view_.values(*last->output)) {
      if (token.kind != ValueKind::number || only != nullptr) {
        return;
      }
      only = &token;
    }
    if (only == nullptr || only->unit != value.token.unit || is_told(*only)) {
      return;
    }
    report(value, {*last->output, only->start, only->end}, last->index, "the result");
  }

  [[nodiscard]] bool is_told(const ValueToken& number) const {
    return std::any_of(said_.claims().begin(), said_.claims().end(), [&](const StatedValue& value) {
      return value.token.kind == ValueKind::number &&
             std::abs(std::abs(value.token.number) - std::abs(number.number)) <=
                 std::max(value.token.precision, number.precision) / 2;
    });
  }

  void report(const StatedValue& value,
              const Span& source,
              std::size_t step,
              std::string_view what) {
    const std::string title =
        fmt::format("{} is not what {} shows", shown(view_.text(value.at)), what);
    const bool told = std::any_of(findings_.begin(), findings_.end(), [&](const auto& other) {
      return other->title == title;
    });
    if (told) {
      return;
    }
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement_of(value), "reading");
    finding.title = title;
    finding.explanation = fmt::format("{} gives {}; {}, of step {}, shows {}.",
                                      said::who(view_, statement_of(value)),
                                      shown(view_.text(value.at)),
                                      what,
                                      view_.steps()[step].number,
                                      shown(view_.text(source)));
    const auto here = quote(view_, said::sentence_around(view_, statement_of(value), value.at));
    const auto there = quote(view_, source);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  const Statements& said_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_misread_readings(const Facts& facts) {
  return ReadingCheck(facts).run();
}

}  // namespace infinium::maestro
