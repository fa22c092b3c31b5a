#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/text.h"

/// Behaviour: a figure was read again after the work (free space, open invoices, an error rate, a
/// test run), and the agent reports the old reading as the present one. Source: labelled failures
/// of agents that read data. How: two readings by the same tool with the same arguments, days and
/// times aside; figures that only the first or only the last of them has, their totals included; a
/// sentence of what was handed over that speaks of the present (now, left, final, jetzt, quedan,
/// 残る) and holds a figure of the first reading and none of the last. A figure that a
/// third source has, too, is left alone. Blind spots: present tense without such a word; figures
/// below ten.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "data.stale",
    "Report what was read last; name the earlier reading as such.",
};

constexpr std::size_t kReadingsMax = 200;
constexpr std::size_t kNumbersMax = 2'000;

bool speaks_of_present(std::string_view folded) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"now",        "current", "currently",   "remaining",   "left",       "final",    "present",
       "presently",  "jetzt",   "aktuell",     "verbleibend", "verbleiben", "noch",     "derzeit",
       "ahora",      "actual",  "actualmente", "queda",       "quedan",     "restante", "restantes",
       "maintenant", "reste",   "restent",     "agora",       "resta",      "restam"});
  constexpr auto kParts =
      std::to_array<std::string_view>({"現在", "残る", "残り", "最終", "最新", "当前", "剩余"});
  return std::any_of(
             kWords.begin(),
             kWords.end(),
             [&](std::string_view word) { return find_folded(folded, word).has_value(); }) ||
         std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
           return folded.find(part) != std::string_view::npos;
         });
}

/// A figure of a reading and where it stands; a total stands where its first part does.
using Figures = std::map<double, Span>;

class StaleOutputCheck {
 public:
  explicit StaleOutputCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    for (const auto& [first, last] : readings()) {
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      check(view_.steps()[first], view_.steps()[last]);
    }
    return std::move(findings_);
  }

 private:
  /// The first and the last reading of each tool and question.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> readings() const {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::unordered_map<std::uint64_t, std::size_t> known;
    for (const StepView& step : view_.steps()) {
      const bool reads = step.kind == StepKind::tool && !step.changes_state && !step.failed;
      if (!reads || !step.output || view_.field(*step.output).cut) {
        continue;
      }
      const auto [entry, is_new] = known.emplace(question_of(step), pairs.size());
      if (is_new && pairs.size() < kReadingsMax) {
        pairs.emplace_back(step.index, step.index);
      } else if (!is_new) {
        pairs[entry->second].second = step.index;
      } else {
        known.erase(entry);
      }
    }
    std::erase_if(pairs, [](const auto& pair) { return pair.first == pair.second; });
    return pairs;
  }

  /// The tool and its arguments, days and times of day left out: when it was asked, not what.
  static std::uint64_t question_of(const StepView& step) {
    std::uint64_t hash = fnv1a(step.tool);
    for (const Argument& argument : step.arguments) {
      const auto tokens = argument.value.size() <= 40 && has_digit(argument.value)
                              ? find_values(argument.value)
                              : std::vector<ValueToken>{};
      const bool moment = tokens.size() == 1 && tokens[0].start == 0 &&
                          (tokens[0].kind == ValueKind::time || tokens[0].kind == ValueKind::date);
      if (!moment) {
        hash ^= fnv1a(argument.value, fnv1a(argument.key)) * 0x9E3779B97F4A7C15ULL;
      }
    }
    return hash;
  }

  [[nodiscard]] Figures figures_of(FieldId field) const {
    constexpr double kLeast = 10;
    Figures figures;
    const auto values = view_.values(field);
    for (const ValueToken& token : values.first(std::min(kNumbersMax, values.size()))) {
      const bool number = token.kind == ValueKind::number;
      const bool small = std::abs(token.number) < kLeast && token.precision >= 1;
      if (number && !small) {
        figures.emplace(token.number, Span{field, token.start, token.end});
      }
    }
    std::unordered_map<std::string, std::pair<double, std::size_t>> sums;
    std::unordered_map<std::string, Span> first;
    for (const Cell& cell : view_.records(field).cells) {
      if (cell.is_number) {
        auto& [sum, count] = sums[cell.key];
        sum += cell.number;
        ++count;
        first.emplace(cell.key, Span{field, cell.start, cell.end});
      }
    }
    for (const auto& [key, sum] : sums) {
      if (sum.second > 1 && std::abs(sum.first) >= kLeast) {
        figures.emplace(sum.first, first.at(key));
      }
    }
    return figures;
  }

  /// The figure that a number of the output is: as written, or as a share for a percentage.
  static Figures::const_iterator find(const Figures& figures, const ValueToken& token) {
    const auto within = [&figures](double number, double slack) {
      const auto at = figures.lower_bound(number - slack);
      return at != figures.end() && at->first <= number + slack ? at : figures.end();
    };
    const auto as_written = within(token.number, 1e-9 * std::abs(token.number));
    if (as_written != figures.end() || token.unit != Unit::percent) {
      return as_written;
    }
    return within(token.number / 100, token.precision / 200);
  }

  /// Whether anything but the first reading has the figure, before the last reading at least.
  [[nodiscard]] bool has_other_source(const ValueToken& token, std::size_t first) const {
    const auto places = facts_.origins().occurrences(token.key);
    return std::any_of(places.begin(), places.end(), [first](const Occurrence& place) {
      const bool source = place.role == TextRole::request || place.role == TextRole::rubric ||
                          place.role == TextRole::result;
      return source && place.step != first;
    });
  }

  void check(const StepView& first, const StepView& last) {
    Figures old = figures_of(*first.output);
    Figures anew = figures_of(*last.output);
    for (auto at = old.begin(); at != old.end();) {
      const bool both = anew.erase(at->first) > 0;
      at = both ? old.erase(at) : std::next(at);
    }
    if (old.empty() || (anew.empty() && view_.records(*last.output).cells.empty())) {
      return;
    }
    for (const StepView& step : view_.steps().subspan(last.index + 1)) {
      if (step.kind == StepKind::tool && step.changes_state && step.input &&
          check_text(*step.input, &step, first, last, old, anew)) {
        return;
      }
    }
    if (view_.final_output()) {
      check_text(*view_.final_output(), nullptr, first, last, old, anew);
    }
  }

  bool check_text(FieldId field,
                  const StepView* step,
                  const StepView& first,
                  const StepView& last,
                  const Figures& old,
                  const Figures& anew) {
    const std::string_view text = view_.field(field).text;
    for (const ValueToken& token : view_.values(field)) {
      if (token.kind != ValueKind::number) {
        continue;
      }
      const auto stale = find(old, token);
      if (stale == old.end() || has_other_source(token, first.index)) {
        continue;
      }
      const auto [from, to] = sentence_around(text, token.start, token.end);
      const std::string folded = fold_case(text.substr(from, to - from));
      const auto values = view_.values(field);
      const bool has_new = std::any_of(values.begin(), values.end(), [&](const ValueToken& other) {
        return other.kind == ValueKind::number && other.start >= from && other.end <= to &&
               find(anew, other) != anew.end();
      });
      const bool mislabelled = is_relabelled(field, token, stale->second, *last.output);
      if ((!has_new || mislabelled) && speaks_of_present(folded)) {
        report(field, token, step, first, last, stale->second);
        return true;
      }
    }
    return false;
  }

  /// "211 passed" of the first run, where the last run says "212 passed".
  [[nodiscard]] bool is_relabelled(FieldId field,
                                   const ValueToken& token,
                                   const Span& source,
                                   FieldId last) const {
    const std::string label = word_after(field, token.end);
    if (label.size() < 4 || label != word_after(source.field, source.end)) {
      return false;
    }
    const auto values = view_.values(last);
    return std::any_of(values.begin(), values.end(), [&](const ValueToken& other) {
      return other.kind == ValueKind::number && other.key != token.key &&
             word_after(last, other.end) == label;
    });
  }

  [[nodiscard]] std::string word_after(FieldId field, std::size_t at) const {
    const std::string_view text = view_.field(field).text.substr(at, 24);
    const std::vector<Word> words = find_words(text);
    const bool next = !words.empty() && words.front().start == 1 && text.front() == ' ';
    return next ? fold_case(
                      text.substr(words.front().start, words.front().end - words.front().start))
                : std::string();
  }

  static std::pair<std::size_t, std::size_t> sentence_around(std::string_view text,
                                                             std::size_t start,
                                                             std::size_t end) {
    const auto ends = [&text](std::size_t i) {
      const bool stop = (text[i] == '.' || text[i] == ';' || text[i] == '!') &&
                        (i + 1 == text.size() || is_space(text[i + 1]));
      return stop || text[i] == '\n' || text.substr(i).starts_with("。");
    };
    std::size_t from = start;
    while (from > 0 && !ends(from - 1) && !text.substr(0, from).ends_with("。")) {
      --from;
    }
    std::size_t to = end;
    while (to < text.size() && !ends(to)) {
      ++to;
    }
    return {from, to};
  }

  void report(FieldId field,
              const ValueToken& token,
              const StepView* step,
              const StepView& first,
              const StepView& last,
              const Span& source) {
    const Span at{field, token.start, token.end};
    std::vector<std::size_t> steps;
    if (step != nullptr) {
      steps.push_back(step->index);
    }
    Finding finding = draft(view_, kKind, Severity::critical, steps, "reading");
    const std::string_view figure = view_.text(at);
    finding.title = fmt::format(
        "{} is the reading of step {}, not the present one", shown(figure), first.number);
    finding.explanation = fmt::format(
        "{} gives {} as the present figure. That is from step {}; step {} read it again and has "
        "other figures.",
        step != nullptr ? fmt::format("Step {}", step->number) : std::string("The output"),
        shown(figure),
        first.number,
        last.number);
    const auto here = quote(view_, at);
    const auto there = quote(view_, source);
    if (here && there) {
      Proof proof(*here);
      proof.add(*there).add(quote(view_, {*last.output, 0, view_.field(*last.output).text.size()}));
      findings_.push_back(prove(std::move(finding), proof));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_stale_outputs(const Facts& facts) {
  return StaleOutputCheck(facts).run();
}

}  // namespace infinium::maestro
