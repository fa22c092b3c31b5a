#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/marks.h"
#include "maestro/findings/row_choice.h"
#include "maestro/findings/row_words.h"
#include "maestro/text.h"

/// Behaviour: the cheapest, nearest, earliest or largest was asked for, and a call takes another
/// row though the list itself shows a better one. Source: labelled failures of tool-using agents.
/// How: a superlative of the request or the objective, the columns of the list that it is about,
/// and a row beside the one taken that is better in each of them. The better row must be a fair
/// choice: nobody looked at it or spoke of it (then there may have been a reason), the words of the
/// request do not favour the other, it is not switched off, sold out, outdated or in another
/// currency, and it has not run short of what is counted (one seat left). Blind spots: conditions
/// that only numbers together decide ("for two, under 80 pounds"): such a row is left alone only if
/// the agent says so; what has to be worked out first.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "row.mismatch",
    "Sort the list by what was asked for, and say why a better row is left aside.",
};

enum class Measure { price, distance, moment, named };

struct Superlative {
  std::string_view phrase;
  Measure measure;
  bool least;
};

constexpr auto kSuperlatives = std::to_array<Superlative>({
    {"cheapest", Measure::price, true},           {"least expensive", Measure::price, true},
    {"lowest price", Measure::price, true},       {"most expensive", Measure::price, false},
    {"nearest", Measure::distance, true},         {"closest", Measure::distance, true},
    {"earliest", Measure::moment, true},          {"soonest", Measure::moment, true},
    {"latest", Measure::moment, false},           {"newest", Measure::moment, false},
    {"most recent", Measure::moment, false},      {"largest", Measure::named, false},
    {"biggest", Measure::named, false},           {"highest", Measure::named, false},
    {"smallest", Measure::named, true},           {"lowest", Measure::named, true},
    {"shortest", Measure::named, true},           {"günstigste", Measure::price, true},
    {"günstigsten", Measure::price, true},        {"billigste", Measure::price, true},
    {"billigsten", Measure::price, true},         {"nächstgelegene", Measure::distance, true},
    {"nächstgelegenen", Measure::distance, true}, {"früheste", Measure::moment, true},
    {"frühesten", Measure::moment, true},         {"neueste", Measure::moment, false},
    {"neuesten", Measure::moment, false},         {"größte", Measure::named, false},
    {"höchste", Measure::named, false},           {"niedrigste", Measure::named, true},
    {"kleinste", Measure::named, true},           {"más barato", Measure::price, true},
    {"más barata", Measure::price, true},         {"más económico", Measure::price, true},
    {"más cercano", Measure::distance, true},     {"más cercana", Measure::distance, true},
    {"más temprano", Measure::moment, true},      {"más reciente", Measure::moment, false},
    {"moins cher", Measure::price, true},         {"moins chère", Measure::price, true},
    {"le plus proche", Measure::distance, true},  {"la plus proche", Measure::distance, true},
    {"mais barato", Measure::price, true},        {"mais barata", Measure::price, true},
    {"mais próximo", Measure::distance, true},    {"最安", Measure::price, true},
    {"一番安い", Measure::price, true},           {"最も安い", Measure::price, true},
    {"最寄り", Measure::distance, true},          {"一番近い", Measure::distance, true},
    {"最も近い", Measure::distance, true},        {"一番早い", Measure::moment, true},
    {"最も早い", Measure::moment, true},          {"最新", Measure::moment, false},
});

bool has_key_word(std::string_view key, std::initializer_list<std::string_view> words) {
  const std::vector<std::string> parts = name_words(key);
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::find(words.begin(), words.end(), part) != words.end();
  });
}

bool is_price_key(std::string_view key) {
  const Unit unit = unit_of_name(key);
  return unit == Unit::money || unit == Unit::money_minor ||
         has_key_word(key,
                      {"price",
                       "cost",
                       "fare",
                       "total",
                       "fee",
                       "amount",
                       "preis",
                       "kosten",
                       "gesamt",
                       "precio",
                       "importe",
                       "coste",
                       "prix",
                       "preço",
                       "tarif",
                       "料金",
                       "価格",
                       "金額",
                       "yen"});
}

bool is_distance_key(std::string_view key) {
  constexpr int kLength = 5;
  return scale_of(unit_of_name(key)).dimension == kLength ||
         has_key_word(key,
                      {"distance", "walk", "away", "mi", "km", "entfernung", "distancia", "距離"});
}

struct Asking {
  const Superlative* what = nullptr;
  Mention at;
};

class BestCheck {
 public:
  explicit BestCheck(const Facts& facts) : facts_(facts), view_(facts.view()), words_(facts) {
    for (const Superlative& superlative : kSuperlatives) {
      for (const Mention& mention : facts.asked().all(superlative.phrase)) {
        if (!mention.negated && mention.in != AskedIn::constraint && askings_.size() < 8) {
          askings_.push_back({&superlative, mention});
          break;
        }
      }
    }
  }

  std::vector<ProvenFinding> run() {
    for (const StepView& step : view_.steps()) {
      if (askings_.empty() || step.kind != StepKind::tool) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        if (may_choose_row(argument) && findings_.size() < kFindingsOfDetectorMax) {
          check(step, argument);
        }
      }
    }
    return std::move(findings_);
  }

 private:
  void check(const StepView& step, const Argument& argument) {
    const auto taken = listed_row_taken(facts_, argument.value, step.index);
    if (!taken || !is_acted_on(step, argument.value) ||
        facts_.asked().find(argument.value, step.index) ||
        !told_.insert(value_key(argument.value)).second) {
      return;
    }
    for (const Asking& asking : askings_) {
      const bool later = asking.at.step && *asking.at.step >= step.index;
      if (later || is_contradicted(asking) || !is_about(*taken, argument, step, asking)) {
        continue;
      }
      const auto better = better_row(*taken, asking, step.index);
      if (better && !words_.was_agreed(taken->row, better->row, step.index)) {
        report(step, argument, *taken, *better, asking);
        return;
      }
    }
  }

  /// Whether this step or a later one acts on the value.
  [[nodiscard]] bool is_acted_on(const StepView& step, std::string_view value) const {
    const auto uses = facts_.uses(value_key(value));
    return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
      return use.step >= step.index && view_.steps()[use.step].changes_state;
    });
  }

  /// Whether the request wants the least of one thing and the most of another.
  [[nodiscard]] bool is_contradicted(const Asking& asking) const {
    return std::any_of(askings_.begin(), askings_.end(), [&](const Asking& other) {
      return other.what->measure == asking.what->measure && other.what->least != asking.what->least;
    });
  }

  /// "the taller más barato", "the locker nearest to her home": whether a word near the superlative
  /// is the name of the list, of a field of its rows, of the argument or of the tool.
  [[nodiscard]] bool is_about(const Rows::Place& taken,
                              const Argument& argument,
                              const StepView& step,
                              const Asking& asking) const {
    constexpr std::size_t kReach = 40;
    const std::string_view text = view_.field(asking.at.at.field).text;
    const std::size_t from = asking.at.at.start > kReach ? asking.at.at.start - kReach : 0;
    const std::size_t to = std::min(text.size(), asking.at.at.end + kReach);
    const std::string_view around = text.substr(from, to - from);
    std::vector<std::string> names = name_words(argument.key);
    const auto add = [&names](std::string_view name) {
      for (std::string& word : name_words(name)) {
        names.push_back(std::move(word));
      }
    };
    add(step.tool);
    for (const std::uint32_t i : facts_.rows().row(taken).cells) {
      add(facts_.rows().cell({taken.row, i}).key);
      add(facts_.rows().cell({taken.row, i}).parent);
    }
    for (const Word& word : find_words(around)) {
      const std::string said = fold_case(around.substr(word.start, word.end - word.start));
      const bool alike = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return said.size() >= 4 && name.size() >= 4 && !is_price_key(name) && same_stem(name, said);
      });
      if (alike || has_wide_name(names, around)) {
        return true;
      }
    }
    return false;
  }

  static bool has_wide_name(const std::vector<std::string>& names, std::string_view around) {
    return std::any_of(names.begin(), names.end(), [around](const std::string& name) {
      return static_cast<unsigned char>(name.front()) >= 0xE0 &&
             around.find(name) != std::string_view::npos;
    });
  }

  struct Better {
    std::uint32_t row = 0;
    Rows::Place theirs;
    Rows::Place ours;
  };

  /// The best row of the list that is better than the one taken and would have been a fair choice.
  [[nodiscard]] std::optional<Better> better_row(const Rows::Place& taken,
                                                 const Asking& asking,
                                                 std::size_t before) const {
    constexpr std::size_t kRowsMax = 100;
    const Rows& rows = facts_.rows();
    const auto& list = rows.lists()[*rows.row(taken).list];
    const std::vector<std::string> keys = columns_of(taken.row, asking);
    std::optional<Better> best;
    if (keys.empty() || list.size() > kRowsMax) {
      return std::nullopt;
    }
    for (const std::uint32_t row : list) {
      const auto found = beats(row, taken.row, keys, asking.what->least);
      if (row == taken.row || !found) {
        continue;
      }
      if (was_considered(row, taken.row, rows.row(taken).step, before)) {
        continue;
      }
      if (!is_fair(row, taken.row, before)) {
        continue;
      }
      if (!best || beats(row, best->row, keys, asking.what->least)) {
        best = Better{row, found->first, found->second};
      }
    }
    return best;
  }

  /// The columns that the superlative is about; of several prices the one that is the total.
  [[nodiscard]] std::vector<std::string> columns_of(std::uint32_t row, const Asking& asking) const {
    std::vector<std::string> keys;
    for (const std::uint32_t i : facts_.rows().rows()[row].cells) {
      const Cell& cell = facts_.rows().cell({row, i});
      bool about = false;
      switch (asking.what->measure) {
        case Measure::price:
          about = cell.is_number && is_price_key(cell.key);
          break;
        case Measure::distance:
          about = cell.is_number && is_distance_key(cell.key);
          break;
        case Measure::moment:
          about = day_of(cell.value).has_value() || is_time_of_day(cell.value);
          break;
        case Measure::named:
          about = cell.is_number && is_named_beside(cell.key, asking.at);
          break;
      }
      if (about) {
        keys.push_back(cell.key);
      }
    }
    if (const std::string total = total_of(row, keys); !total.empty()) {
      return {total};
    }
    return keys;
  }

  /// The price among several that is the sum of the others, or is called so.
  [[nodiscard]] std::string total_of(std::uint32_t row,
                                     const std::vector<std::string>& keys) const {
    double sum = 0;
    for (const std::string& key : keys) {
      sum += number_at(row, key);
    }
    for (const std::string& key : keys) {
      const double number = number_at(row, key);
      const double rest = sum - number;
      if (keys.size() > 2 && number > 0 && rest > number * 0.999 && rest < number * 1.001) {
        return key;
      }
    }
    for (const std::string& key : keys) {
      if (keys.size() > 1 && has_key_word(key, {"total", "gesamt", "sum", "all"})) {
        return key;
      }
    }
    return {};
  }

  [[nodiscard]] double number_at(std::uint32_t row, std::string_view key) const {
    const auto place = facts_.rows().find(row, key);
    return place ? facts_.rows().cell(*place).number : 0;
  }

  static bool is_time_of_day(std::string_view value) {
    const auto tokens = find_values(value);
    return tokens.size() == 1 && tokens[0].kind == ValueKind::time && tokens[0].start == 0;
  }

  /// "highest net revenue": a word of the column's name among the four after the superlative.
  [[nodiscard]] bool is_named_beside(std::string_view key, const Mention& at) const {
    const std::string_view text = view_.field(at.at.field).text.substr(at.at.end, 60);
    const std::vector<std::string> keys = name_words(key);
    std::size_t words = 0;
    for (const Word& word : find_words(text)) {
      const std::string said = fold_case(text.substr(word.start, word.end - word.start));
      if (++words > 4) {
        return false;
      }
      if (said.size() >= 4 && std::any_of(keys.begin(), keys.end(), [&](const std::string& part) {
            return part.size() >= 4 && same_stem(part, said);
          })) {
        return true;
      }
    }
    return false;
  }

  /// Whether `row` is at least as good as `other` in every column, and better in one: that one.
  [[nodiscard]] std::optional<std::pair<Rows::Place, Rows::Place>> beats(
      std::uint32_t row,
      std::uint32_t other,
      const std::vector<std::string>& keys,
      bool least) const {
    std::optional<std::pair<Rows::Place, Rows::Place>> decides;
    for (const std::string& key : keys) {
      const auto mine = facts_.rows().find(row, key);
      const auto theirs = facts_.rows().find(other, key);
      if (!mine || !theirs) {
        return std::nullopt;
      }
      const int order = compare(facts_.rows().cell(*mine), facts_.rows().cell(*theirs));
      if (order == 0) {
        continue;
      }
      if ((order < 0) != least) {
        return std::nullopt;
      }
      decides = decides ? decides : std::pair(*mine, *theirs);
    }
    return decides;
  }

  static int compare(const Cell& a, const Cell& b) {
    if (a.is_number && b.is_number) {
      return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
    }
    if (a.is_number != b.is_number || a.value.size() != b.value.size()) {
      return 0;  // not comparable
    }
    return a.value.compare(b.value);
  }

  /// Whether the agent looked at the row, or spoke of it: it may have had a reason.
  [[nodiscard]] bool was_considered(std::uint32_t row,
                                    std::uint32_t taken,
                                    std::size_t after,
                                    std::size_t before) const {
    for (const std::uint32_t i : facts_.rows().rows()[row].cells) {
      const Cell& cell = facts_.rows().cell({row, i});
      const bool telling = cell.value.size() >= 3 && !cell.is_number;
      const auto mine = facts_.rows().find(taken, cell.key);
      const bool shared =
          mine && value_key(facts_.rows().cell(*mine).value) == value_key(cell.value);
      if (telling && !shared && !day_of(cell.value) &&
          !facts_.uses(value_key(cell.value)).empty()) {
        return true;
      }
    }
    return words_.speaks_of(row, taken, after, before);
  }

  [[nodiscard]] bool is_fair(std::uint32_t row, std::uint32_t taken, std::size_t before) const {
    return !words_.speaks_for(taken, row, before) && !is_not_to_be_had(facts_, row, taken);
  }

  void report(const StepView& step,
              const Argument& argument,
              const Rows::Place& taken,
              const Better& better,
              const Asking& asking) {
    const Rows& rows = facts_.rows();
    std::vector<std::size_t> steps = {step.index};
    if (const auto told = words_.told_at(taken.row, better.row, rows.row(taken).step, step.index)) {
      steps.insert(steps.begin(), *told);
    }
    add_later_acts(facts_, argument.value, steps);
    Finding finding =
        draft(view_, kKind, Severity::critical, steps, fmt::format("best {}", asking.what->phrase));
    finding.title = fmt::format("{} took {}, which is not the one that was asked for: {}",
                                name_of(step),
                                shown(argument.value),
                                shown(view_.text(asking.at.at)));
    finding.explanation = fmt::format(
        "Step {} took {}, whose {} is {}. In the same list there is one with {}, and nothing says "
        "why it was left aside.",
        step.number,
        shown(argument.value),
        rows.cell(better.ours).key,
        shown(rows.cell(better.ours).value),
        shown(rows.cell(better.theirs).value));
    const auto here = quote(view_, argument.at);
    const auto there = quote(view_, asking.at.at);
    if (here && there) {
      findings_.push_back(prove(std::move(finding),
                                Proof(*here)
                                    .add(*there)
                                    .add(quote(view_, rows.span_of(better.theirs)))
                                    .add(quote(view_, rows.span_of(better.ours)))));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  RowWords words_;
  std::vector<Asking> askings_;
  std::unordered_set<std::uint64_t> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_worse_rows(const Facts& facts) { return BestCheck(facts).run(); }

}  // namespace infinium::maestro
