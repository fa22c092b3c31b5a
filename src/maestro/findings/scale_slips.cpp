#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "maestro/findings/draft.h"
#include "maestro/findings/figures.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: the agent gives a number of a source in another unit than the source (miles as
/// kilometres, a fraction as a percentage, kWh as MWh), converts it into the wrong one (1,800 s
/// into 30 hours), or moves its point (1,600 cents into 1.60, thousands into millions). Source:
/// labelled failures of reporting agents.
/// How: a stated number with a unit whose source has the same digits in another unit of the same
/// dimension, while no source and no earlier word gives the number in its own unit; a number with
/// all digits of a source, moved by a power of ten that neither a unit nor a word ("thousand")
/// explains, of at least three digits or beside a word of the source's field.
/// Blind spots: whole numbers under 100; units that no name, note or sign states.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "figure.wrong_unit",
    "Convert the figure to the unit that is reported, once, and check its size.",
};

std::string_view name_of(Unit unit) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"no unit", "per cent",    "a fraction",  "money",     "cents",      "milliseconds",
       "seconds", "minutes",     "hours",       "days",      "grams",      "kilograms",
       "tonnes",  "millimetres", "centimetres", "metres",    "kilometres", "miles",
       "pounds",  "bytes",       "kilobytes",   "megabytes", "gigabytes",  "Wh",
       "kWh",     "MWh",         "°C",          "°F"});
  return kNames[static_cast<std::size_t>(unit)];
}

/// Significant digits of a number as it is written, without zeros at its ends.
std::string significant(double number, double precision) {
  std::string digits = fmt::format("{:.0f}", std::round(std::abs(number) / precision));
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
  }
  return digits;
}

class ScaleCheck {
 public:
  explicit ScaleCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), said_(facts.statements()), ledger_(facts.ledger()) {}

  std::vector<ProvenFinding> run() {
    for (std::uint32_t i = 0; i < said_.claims().size(); ++i) {
      const StatedValue& value = said_.claims()[i];
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      if (value.token.kind != ValueKind::number || value.token.number == 0) {
        continue;
      }
      const Unit unit = value.token.unit;
      const bool found =
          (scale_of(unit).dimension > 0 && (in_other_unit(i) || into_other_unit(i))) ||
          (!value.token.ambiguous && (by_scale_word(i) || by_field(i) || by_power(i)));
      if (!found && scale_of(unit).dimension > 0) {
        spoken_.push_back(i);
      }
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] const Statement& statement_of(const StatedValue& value) const {
    return said_.all()[value.statement];
  }
  [[nodiscard]] Grounds::Before before(const StatedValue& value) const {
    return statement_of(value).step;
  }
  [[nodiscard]] std::span<const Ground> grounds_at(double number, double slack) const {
    return facts_.grounds().range(number - slack, number + slack);
  }

  static bool is_telling(const ValueToken& token) {
    // 100, 200, 5000: round numbers meet by chance.
    return token.precision < 1 || (std::abs(token.number) >= 100 &&
                                   significant(token.number, token.precision).size() >= 2);
  }

  /// A ground or an earlier word that gives the number in its own unit, whatever it counts.
  [[nodiscard]] bool is_right(const StatedValue& value) const {
    const ValueToken& token = value.token;
    const UnitScale scale = scale_of(token.unit);
    const double slack = token.precision * 0.51 + std::abs(token.number) * 1e-9;
    for (const Unit unit : kAllUnits) {
      const UnitScale other = scale_of(unit);
      if (other.dimension != scale.dimension) {
        continue;
      }
      const double factor = scale.factor / other.factor;
      for (const Ground& ground : grounds_at(token.number * factor, slack * factor)) {
        if (ground.unit == unit && Grounds::is_before(ground.step, before(value))) {
          return true;
        }
      }
    }
    return std::any_of(spoken_.begin(), spoken_.end(), [&](std::uint32_t i) {
      const ValueToken& earlier = said_.claims()[i].token;
      const UnitScale other = scale_of(earlier.unit);
      return other.dimension == scale.dimension &&
             std::abs(earlier.number * other.factor - token.number * scale.factor) <=
                 slack * scale.factor;
    });
  }

  static constexpr auto kAllUnits = std::to_array<Unit>(
      {Unit::percent,       Unit::ratio,       Unit::money,      Unit::money_minor,
       Unit::milliseconds,  Unit::seconds,     Unit::minutes,    Unit::hours,
       Unit::days,          Unit::grams,       Unit::kilograms,  Unit::tonnes,
       Unit::millimetres,   Unit::centimetres, Unit::metres,     Unit::kilometres,
       Unit::miles,         Unit::pounds,      Unit::bytes,      Unit::kilobytes,
       Unit::megabytes,     Unit::gigabytes,   Unit::watt_hours, Unit::kilowatt_hours,
       Unit::megawatt_hours});

  /// The same number, of another unit of its dimension, in a source or in earlier words.
  bool in_other_unit(std::uint32_t index) {
    const StatedValue& value = said_.claims()[index];
    const ValueToken& token = value.token;
    const UnitScale scale = scale_of(token.unit);
    if (!is_telling(token)) {
      return false;
    }
    const double slack = token.precision * 0.01;
    for (const Ground& ground : grounds_at(token.number, slack)) {
      const UnitScale other = scale_of(ground.unit);
      const bool unlike = ground.unit != token.unit && other.dimension == scale.dimension;
      if (unlike && Grounds::is_before(ground.step, before(value)) && !is_right(value)) {
        report(value, ground.at, ground.unit, token.unit);
        return true;
      }
    }
    for (const std::uint32_t i : spoken_) {
      const StatedValue& earlier = said_.claims()[i];
      const UnitScale other = scale_of(earlier.token.unit);
      const bool same = std::abs(earlier.token.number - token.number) <= slack;
      if (same && earlier.token.unit != token.unit && other.dimension == scale.dimension &&
          !is_right(value)) {
        report(value, earlier.at, earlier.token.unit, token.unit);
        return true;
      }
    }
    return false;
  }

  /// "30 hours" of the one duration of 1,800 seconds: converted, and given in another unit.
  bool into_other_unit(std::uint32_t index) {
    const StatedValue& value = said_.claims()[index];
    const ValueToken& token = value.token;
    const UnitScale scale = scale_of(token.unit);
    constexpr double kLeast = 10;
    if (token.number < kLeast || is_right(value) || token.unit == Unit::percent) {
      return false;
    }
    const Ground* only = nullptr;
    for (const Ground& ground : facts_.grounds().numbers()) {
      const bool counts = scale_of(ground.unit).dimension == scale.dimension && ground.in_result &&
                          !ground.in_words && Grounds::is_before(ground.step, before(value));
      if (counts && only != nullptr && only->number != ground.number) {
        return false;
      }
      only = counts ? &ground : only;
    }
    // The number stands in no source by itself.
    if (only == nullptr || facts_.grounds().find(token.number, 0.01, before(value)) != nullptr) {
      return false;
    }
    for (const Unit unit : kAllUnits) {
      const UnitScale other = scale_of(unit);
      const double due = only->number * scale_of(only->unit).factor / other.factor;
      if (other.dimension == scale.dimension && unit != token.unit && unit != only->unit &&
          std::abs(due - token.number) < 1e-6 * token.number) {
        report(value, only->at, unit, token.unit);
        return true;
      }
    }
    return false;
  }

  // --- powers of ten

  /// "53.9 million" where the source has 53,900 and speaks of no thousands.
  bool by_scale_word(std::uint32_t index) {
    const StatedValue& value = said_.claims()[index];
    const ValueToken& token = value.token;
    constexpr double kThousand = 1000;
    const std::string digits = significant(token.number, token.precision);
    if (std::abs(token.number) < kThousand || token.precision < 100 || digits.size() < 3 ||
        !has_scale_word(view_.text(value.at))) {
      return false;
    }
    const Ground* moved = nullptr;
    double power = 1e-7;
    for (int k = 0; k < 14; ++k, power *= 10) {
      const double number = token.number * power;
      for (const Ground& ground : grounds_at(number, token.precision * power * 0.51)) {
        if (!Grounds::is_before(ground.step, before(value))) {
          continue;
        }
        if (is_scaled(ground, 1 / power)) {
          return false;
        }
        const bool whole = significant(ground.number, ground.precision).size() >= 3;
        moved = whole && moved == nullptr ? &ground : moved;
      }
    }
    if (moved != nullptr && !facts_.grounds().incomplete()) {
      report_power(value, moved->at, moved->number);
    }
    return moved != nullptr;
  }

  static bool has_scale_word(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return is_letter(c); }) ||
           text.find("万") != std::string_view::npos || text.find("億") != std::string_view::npos;
  }

  /// Whether the source of the number says that its figures are thousands, millions, …
  [[nodiscard]] bool is_scaled(const Ground& ground, double by) const {
    if (std::abs(by - 1) < 1e-9) {
      return true;
    }
    struct ScaleWord {
      double factor;
      std::string_view word;
    };
    constexpr auto kWords = std::to_array<ScaleWord>(
        {{1e3, "thousand"}, {1e3, "tausend"}, {1e3, "miles"}, {1e3, "k)"},       {1e3, "'000"},
         {1e3, "_k"},       {1e3, "000s"},    {1e3, "千"},    {1e6, "million"},  {1e6, "mio"},
         {1e6, "millon"},   {1e6, "_m\""},    {1e6, "mn"},    {1e6, "_mm"},      {1e4, "万"},
         {1e8, "億"},       {1e9, "billion"}, {1e9, "bn"},    {1e9, "milliard"}, {1e6, "m)"}});
    constexpr std::size_t kTextMax = 20'000;
    const std::string text = fold_case(prefix_of(view_.field(ground.at.field).text, kTextMax));
    return std::any_of(kWords.begin(), kWords.end(), [&](const ScaleWord& entry) {
      return std::abs(entry.factor / by - 1) < 1e-9 && text.find(entry.word) != std::string::npos;
    });
  }

  /// "breakfast (2 x 1.60)" beside `breakfast_cents_per_day: 1600`.
  bool by_field(std::uint32_t index) {
    const StatedValue& value = said_.claims()[index];
    const ValueToken& token = value.token;
    const bool amount =
        token.unit == Unit::money || (token.unit == Unit::none && token.precision < 1);
    if (!amount || facts_.grounds().find(token.number, token.precision, before(value)) != nullptr) {
      return false;
    }
    const std::vector<std::string> words = words_before(value);
    const Ground* moved = nullptr;
    for (const double power : {10.0, 100.0, 1000.0, 0.1}) {
      for (const double cents : {1.0, 100.0}) {
        const double number = token.number * power * cents;
        for (const Ground& ground : grounds_at(number, 1e-6 * std::abs(number))) {
          const Unit unit = cents == 1 ? Unit::money : Unit::money_minor;
          const bool fits = ground.unit == unit && Grounds::is_before(ground.step, before(value));
          moved = fits && names_field(ground.key, words) ? &ground : moved;
        }
      }
    }
    if (moved == nullptr || is_right(value)) {
      return false;
    }
    report_power(value, moved->at, moved->number);
    return true;
  }

  /// The words before a number in its clause, latest first, at most five.
  [[nodiscard]] std::vector<std::string> words_before(const StatedValue& value) const {
    constexpr std::size_t kReach = 48;
    constexpr std::size_t kWordsMax = 5;
    const std::string_view text = view_.field(value.at.field).text;
    const std::size_t from = std::max(statement_of(value).at.start,
                                      value.at.start < kReach ? 0 : value.at.start - kReach);
    std::string_view window = text.substr(from, value.at.start - from);
    const std::size_t stop = window.find_last_of(",;:.\n");
    window = stop == std::string_view::npos ? window : window.substr(stop + 1);
    std::vector<std::string> words;
    const std::vector<Word> found = find_words(window);
    for (auto word = found.rbegin(); word != found.rend() && words.size() < kWordsMax; ++word) {
      words.push_back(fold_case(window.substr(word->start, word->end - word->start)));
    }
    return words;
  }

  static bool names_field(std::string_view key, const std::vector<std::string>& words) {
    constexpr std::size_t kTelling = 4;
    for (const std::string& part : name_words(key)) {
      for (const std::string& word : words) {
        if (part.size() >= kTelling && word.size() >= kTelling &&
            unit_of_word(part) == Unit::none && same_stem(part, word)) {
          return true;
        }
      }
    }
    return false;
  }

  /// All digits of a source, moved by a power of ten, in a number that nothing explains.
  bool by_power(std::uint32_t index) {
    const StatedValue& value = said_.claims()[index];
    const ValueToken& token = value.token;
    if (token.unit == Unit::none || ledger_.standings()[index].first != index ||
        facts_.grounds().incomplete()) {
      return false;
    }
    const Footing footing = ledger_.standings()[index].footing;
    const std::string digits = significant(token.number, token.precision);
    const bool money = matter_of(token.unit) == Matter::money;
    if (digits.size() < (money ? 3 : 2) || footing == Footing::given ||
        is_approximate(view_.field(value.at.field).text, value.at.start)) {
      return false;
    }
    // A percentage may be the fraction of a source, an amount its cents.
    const bool percent = token.unit == Unit::percent;
    if (!money && !(percent && token.precision < 1)) {
      return false;
    }
    const double natural = 0.01;
    for (const double extra : {10.0, 100.0, 0.1, 1000.0}) {
      const double number = money ? token.number * 100 * extra : token.number * natural * extra;
      for (const Ground& ground : grounds_at(number, std::abs(number) * 1e-9)) {
        const bool fits = money ? ground.unit == Unit::money_minor : ground.unit == Unit::ratio;
        if (fits && significant(ground.number, ground.precision) == digits &&
            Grounds::is_before(ground.step, before(value)) && !is_right(value)) {
          report_power(value, ground.at, ground.number);
          return true;
        }
      }
    }
    return false;
  }

  // --- findings

  [[nodiscard]] bool is_told(const StatedValue& value) {
    const std::string text(view_.text(value.at));
    if (std::find(told_.begin(), told_.end(), text) != told_.end()) {
      return true;
    }
    told_.push_back(text);
    return false;
  }

  void report(const StatedValue& value, const Span& source, Unit due, Unit said) {
    if (is_told(value)) {
      return;
    }
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement_of(value), "unit");
    const std::string number = shown(view_.text(value.at));
    finding.title = fmt::format("{} is in the wrong unit", number);
    finding.explanation = fmt::format("{} gives {} in {}; by its source it is in {}.",
                                      said::who(view_, statement_of(value)),
                                      number,
                                      name_of(said),
                                      name_of(due));
    prove_with(std::move(finding), value, source);
  }

  void report_power(const StatedValue& value, const Span& source, double number) {
    if (is_told(value)) {
      return;
    }
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement_of(value), "power of ten");
    finding.title =
        fmt::format("{} has the digits of its source at another size", shown(view_.text(value.at)));
    finding.explanation = fmt::format(
        "{} gives {}; the source has {:.15g}, and no unit between them explains the "
        "power of ten.",
        said::who(view_, statement_of(value)),
        shown(view_.text(value.at)),
        number);
    prove_with(std::move(finding), value, source);
  }

  void prove_with(Finding finding, const StatedValue& value, const Span& source) {
    const auto here = quote(view_, said::sentence_around(view_, statement_of(value), value.at));
    const auto there = quote(view_, source);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  const Statements& said_;
  const Ledger& ledger_;
  std::vector<std::uint32_t> spoken_;  ///< earlier claims with a unit
  std::vector<std::string> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_scale_slips(const Facts& facts) { return ScaleCheck(facts).run(); }

}  // namespace infinium::maestro
