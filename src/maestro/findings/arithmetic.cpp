#include "maestro/findings/arithmetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "maestro/findings/arithmetic_reader.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: a figure in a thought, a message, a text for others or the output is worked out
/// wrongly. Source: labelled failures of computing agents; every rule reads both sides from the
/// agent's own words, so that it needs no source.
/// How: "a x b plus c is d" and "(a + b) / c = d"; the total row of a table; "p % (a of b)"; "x
/// each, y together"; "x a year, which is y a month"; "x plus p % tax (y)"; "from 09:14 to 09:37
/// (33 minutes)"; the weekday of a date; "had 10 days, 6 taken, 5 left"; "38,400 → 31,872 (-17 %)",
/// "fell from a to b" and other changes (arithmetic_changes.cpp); a mean of shares given for the
/// share of the whole. Totals in prose are the ledger's (ungrounded_values.cpp). Blind spots: sums
/// over sentences without a sign; rounding by more than half a unit is let pass where operands are
/// rounded; compound growth.
namespace infinium::maestro {
namespace {

/// The period that a text opens with ("a year", "/month", "pro Monat", "al mes"), as months; 0.
double period_at(std::string_view text) {
  struct PeriodWord {
    std::string_view word;
    double months;
  };
  constexpr auto kPeriods = std::to_array<PeriodWord>({{"year", 12},
                                                       {"annum", 12},
                                                       {"jahr", 12},
                                                       {"año", 12},
                                                       {"an", 12},
                                                       {"ano", 12},
                                                       {"month", 1},
                                                       {"monat", 1},
                                                       {"mes", 1},
                                                       {"mois", 1},
                                                       {"mês", 1},
                                                       {"quarter", 3},
                                                       {"quartal", 3},
                                                       {"trimestre", 3}});
  constexpr auto kLinks = std::to_array<std::string_view>(
      {"a", "per", "each", "every", "pro", "im", "je", "al", "por", "cada", "par"});
  const std::string head = fold_case(prefix_of(text, 32));
  const std::vector<Word> words = find_words(head);
  std::size_t at = 0;
  const auto word = [&](std::size_t i) {
    return std::string_view(head).substr(words[i].start, words[i].end - words[i].start);
  };
  while (at < words.size() && at < 2 && unit_of_word(word(at)) != Unit::none) {
    ++at;  // the currency
  }
  const bool slash = at < words.size() && words[at].start > 0 && head[words[at].start - 1] == '/';
  if (at < words.size() && !slash &&
      std::find(kLinks.begin(), kLinks.end(), word(at)) == kLinks.end()) {
    return 0;
  }
  at += slash ? 0u : 1u;
  for (const PeriodWord& period : kPeriods) {
    if (at < words.size() && word(at) == period.word) {
      return period.months;
    }
  }
  return 0;
}

class EquationCheck : ArithmeticReader {
 public:
  using ArithmeticReader::ArithmeticReader;

  void run() {
    check_equations();
    check_shares();
    check_neighbours();
  }

 private:
  // --- "a x b = c"

  void check_equations() {
    for (const Expression& expression : ledger_.expressions_of(statement_)) {
      if (!expression.stated) {
        continue;
      }
      const ValueToken& said = token(*expression.stated);
      if (equation_holds(expression, said)) {
        check_mean_of_shares(expression);
        continue;
      }
      const Span at = span(expression.start, expression.end);
      push(numbers_[*expression.stated],
           at,
           fmt::format("{} does not hold", shown(view_.text(at))),
           fmt::format("the right side would be {}",
                       said::as_written(expression.value, said.precision)));
    }
  }

  [[nodiscard]] bool equation_holds(const Expression& expression, const ValueToken& said) const {
    if (is_approximate(text_, said.start)) {
      return true;
    }
    bool percent = said.unit == Unit::percent;
    for (std::size_t i = expression.first; i <= expression.last; ++i) {
      percent = percent || token(i).unit == Unit::percent;
    }
    const double slack = expression.slack + slack_of_rounded(expression);
    for (const double scale : {1.0, 100.0, 0.01}) {
      if ((scale == 1 || percent) &&
          is_close(said.number, expression.value * scale, said, slack * scale)) {
        return true;
      }
    }
    if (expression.other_value || said.ambiguous) {
      const double other = expression.other_value.value_or(expression.value);
      for (const double scale : {1.0, 1000.0, 0.001}) {
        for (const double value : {expression.value, other}) {
          if (std::abs(said.number * scale - value) <=
              said.precision * scale * 0.51 + std::abs(value) * 1e-9) {
            return true;
          }
        }
      }
    }
    // A change of unit on the way ("12 x 1460 cents = 17.52"): figure_slips.cpp looks at those.
    const double ratio = expression.value == 0 ? 0 : said.number / expression.value;
    for (const double power : {0.001, 0.01, 0.1, 10.0, 100.0, 1000.0, 60.0, 1 / 60.0, 24.0}) {
      if (std::abs(ratio / power - 1) < 0.002) {
        return true;
      }
    }
    return false;
  }

  /// How far whole numbers that were worked out themselves, and so perhaps rounded, may have moved
  /// the result: "196 x 12 - 354" of 195.77 and 354.19.
  [[nodiscard]] double slack_of_rounded(const Expression& expression) const {
    constexpr double kCountMax = 100;  // smaller whole numbers are counts
    double slack = 0;
    for (std::size_t i = expression.first; i <= expression.last; ++i) {
      const Standing& standing = ledger_.standings()[numbers_[i]];
      const Footing footing = ledger_.standings()[standing.first].footing;
      const bool made = footing == Footing::derived || footing == Footing::unexplained;
      if (made && std::abs(token(i).number) >= kCountMax) {
        slack += expression.moves[i - expression.first];
      }
    }
    return slack;
  }

  /// "(70,0 + 45,0 + 54,7) / 3 = 56,6 %", where what the shares are shares of is known and unlike.
  void check_mean_of_shares(const Expression& expression) {
    const std::size_t count = expression.last - expression.first;  // the last operand divides
    const bool is_mean =
        count >= 2 && token(expression.last).number == static_cast<double>(count) &&
        text_.substr(token(expression.last).start - 3, 3).find('/') != std::string_view::npos;
    if (!is_mean) {
      return;
    }
    double part = 0;
    double whole = 0;
    for (std::size_t i = expression.first; i < expression.last; ++i) {
      const auto parts = parts_of_share(token(i).number, token(i).precision);
      if (!parts) {
        return;
      }
      part += parts->first;
      whole += parts->second;
    }
    const ValueToken& said = token(*expression.stated);
    const double due = 100 * part / whole;
    if (!is_close(said.number, due, said, 0)) {
      push(numbers_[*expression.stated],
           span(expression.start, expression.end),
           "A mean of shares is given for the share of the whole",
           fmt::format("the parts are of different size: together they make {} of {}, {} %",
                       part,
                       whole,
                       said::as_written(due, said.precision)));
    }
  }

  /// a and b of "a/b = p %" in this statement.
  [[nodiscard]] std::optional<std::pair<double, double>> parts_of_share(double share,
                                                                        double precision) const {
    for (const Expression& expression : ledger_.expressions_of(statement_)) {
      if (expression.last == expression.first + 1 && expression.stated &&
          std::abs(token(*expression.stated).number - share) < precision / 2 &&
          std::abs(expression.value * 100 - share) <= precision) {
        return std::pair{token(expression.first).number, token(expression.last).number};
      }
    }
    return std::nullopt;
  }

  // --- "p % (a of b)"

  void check_shares() {
    constexpr auto kOf = std::to_array<std::string_view>(
        {" of ", " out of ", " von ", " de ", " sur ", " aus ", "件中", "人中", " / ", "/"});
    for (std::size_t i = 0; i + 2 < numbers_.size(); ++i) {
      const ValueToken& share = token(i);
      const ValueToken& part = token(i + 1);
      const ValueToken& whole = token(i + 2);
      const std::string_view before = gap(i, i + 1);
      const std::string_view of = gap(i + 1, i + 2);
      const bool fits = share.unit == Unit::percent && before.size() <= 6 &&
                        before.find('(') != std::string_view::npos && of.size() <= 9 &&
                        std::find(kOf.begin(), kOf.end(), fold_case(of)) != kOf.end();
      const bool counts = part.precision == 1 && whole.precision == 1 && part.unit == Unit::none &&
                          whole.number >= part.number && whole.number > 0;
      if (!fits || !counts || is_approximate(text_, share.start) ||
          is_close(share.number, 100 * part.number / whole.number, share, 0) ||
          is_close(share.number, 100 - 100 * part.number / whole.number, share, 0) || is_given(i)) {
        continue;
      }
      const Span at = span(share.start, whole.end);
      push(numbers_[i],
           at,
           fmt::format("{} does not hold", shown(view_.text(at))),
           fmt::format("it is {} %",
                       said::as_written(100 * part.number / whole.number, share.precision)));
    }
  }

  // --- two numbers side by side

  void check_neighbours() {
    for (std::size_t i = 0; i + 1 < numbers_.size(); ++i) {
      if (claim(i).sentence == claim(i + 1).sentence) {
        check_each(i);
        check_periods(i);
        check_added_percent(i);
      }
    }
  }

  /// "28.50 each, 47.00 together": the second must be a multiple of the first.
  void check_each(std::size_t i) {
    constexpr auto kEach = std::to_array<std::string_view>(
        {"each", "apiece", "per person", "je ", "jeweils", "cada un", "chacun", "ずつ", "each,"});
    constexpr auto kAll = std::to_array<std::string_view>({"together",
                                                           "in total",
                                                           "altogether",
                                                           "in all",
                                                           "zusammen",
                                                           "insgesamt",
                                                           "en total",
                                                           "ensemble",
                                                           "合計"});
    const ValueToken& one = token(i);
    const ValueToken& all = token(i + 1);
    const std::string between = fold_case(gap(i, i + 1));
    const std::string after = fold_case(text_.substr(all.end, 16));
    constexpr auto kMore = std::to_array<std::string_view>({"incl",
                                                            "with ",
                                                            "plus",
                                                            "tax",
                                                            "shipping",
                                                            "deliver",
                                                            "discount",
                                                            "after",
                                                            "minus",
                                                            "less",
                                                            "mit ",
                                                            "inkl",
                                                            "zzgl",
                                                            "con ",
                                                            "más ",
                                                            "avec",
                                                            "税",
                                                            "送料"});
    const Match sentence = Statements::sentence_at(statement_, all.start);
    const std::string whole =
        fold_case(text_.substr(sentence.start, sentence.end - sentence.start));
    const bool more = holds_any(whole, kMore);
    const bool each = between.size() <= 32 && holds_any(between, kEach) && !more;
    const bool total = holds_any(between, kAll) || holds_any(after, kAll);
    if (!each || !total || one.unit != all.unit || one.number <= 0 || is_given(i + 1)) {
      return;
    }
    const double times = all.number / one.number;
    const double nearest = std::round(times);
    const double slack = (all.precision + nearest * one.precision) / 2;
    if (nearest >= 2 && std::abs(all.number - nearest * one.number) <= slack) {
      return;
    }
    const Span at = span(one.start, all.end);
    push(numbers_[i + 1],
         at,
         fmt::format("{} is no multiple of {}",
                     shown(view_.text(claim(i + 1).at)),
                     shown(view_.text(claim(i).at))),
         fmt::format("what all pay together is {:.2f} times what each pays", times));
  }

  /// "54 euros a year, which is 5.40 euros a month".
  void check_periods(std::size_t i) {
    constexpr auto kLinks = std::to_array<std::string_view>({"which is",
                                                             "that is",
                                                             "which makes",
                                                             "i.e.",
                                                             "(=",
                                                             " = ",
                                                             "das sind",
                                                             "also ",
                                                             "es decir",
                                                             "o sea",
                                                             "lo que",
                                                             "soit",
                                                             "つまり"});
    const ValueToken& one = token(i);
    const ValueToken& other = token(i + 1);
    const std::string between = fold_case(gap(i, i + 1));
    const double from = period_at(text_.substr(one.end));
    const double to = period_at(text_.substr(other.end));
    const bool alike = one.unit == other.unit || one.unit == Unit::none || other.unit == Unit::none;
    if (from == 0 || to == 0 || from == to || !alike || between.size() > 60 ||
        !holds_any(between, kLinks) || is_given(i + 1) || is_approximate(text_, other.start) ||
        is_approximate(text_, one.start)) {
      return;
    }
    const double due = one.number * to / from;
    if (is_close(other.number, due, other, one.precision * to / from / 2)) {
      return;
    }
    const Span at = span(one.start, other.end);
    push(numbers_[i + 1],
         at,
         fmt::format("{} should be {}",
                     shown(view_.text(claim(i + 1).at)),
                     said::as_written(due, other.precision)),
         fmt::format("a period of {} months is turned into one of {}", from, to));
  }

  /// "508,50 € más 21 % de IVA (101,79 €)", "VAT 19 % 268.28", "Discount 2 % = 33.61".
  void check_added_percent(std::size_t i) {
    const ValueToken& rate = token(i);
    const ValueToken& part = token(i + 1);
    const std::string_view between = gap(i, i + 1);
    const bool direct =
        between.size() <= 24 && between.find_first_of(",;") == std::string_view::npos;
    if (i == 0 || rate.unit != Unit::percent || part.unit == Unit::percent || !direct ||
        part.precision > 0.1 || is_given(i + 1) || rate.number <= 0 ||
        between.find_first_of("(=:") == std::string_view::npos) {
      return;
    }
    std::optional<double> meant;
    for (std::size_t back = 1; back <= std::min<std::size_t>(i, 6); ++back) {
      const ValueToken& base = token(i - back);
      const double due = base.number * rate.number / 100;
      if (is_close(part.number, due, part, base.precision * rate.number / 200)) {
        return;
      }
      const Slip slip = slip_between(part.number, due, part.precision);
      if (back <= 3 && !meant && (slip == Slip::digit || slip == Slip::order)) {
        meant = due;
      }
    }
    if (meant) {
      push(numbers_[i + 1],
           span(token(i - 1).start, part.end),
           fmt::format("{} should be {}",
                       shown(view_.text(claim(i + 1).at)),
                       said::as_written(*meant, part.precision)),
           fmt::format("{} % of the number before is {}",
                       rate.number,
                       said::as_written(*meant, part.precision)));
    }
  }
};

constexpr FindingKind kKind = {
    "figure.arithmetic",
    "Compute the figure with a tool and compare.",
};

}  // namespace

std::vector<ArithmeticSlip> find_arithmetic_slips(const Facts& facts) {
  std::vector<ArithmeticSlip> slips;
  for (std::uint32_t i = 0; i < facts.statements().all().size(); ++i) {
    EquationCheck(facts, i, slips).run();
    check_calendar(facts, i, slips);
    check_totals(facts, i, slips);
    check_changes(facts, i, slips);
    check_breakdowns(facts, i, slips);
  }
  return slips;
}

std::vector<ProvenFinding> find_false_arithmetic(const Facts& facts) {
  std::vector<ProvenFinding> findings;
  const TraceView& view = facts.view();
  std::vector<std::string> told;
  for (const ArithmeticSlip& slip : find_arithmetic_slips(facts)) {
    // The output repeats what was worked out before: the first place is at fault.
    if (findings.size() >= kFindingsOfDetectorMax ||
        std::find(told.begin(), told.end(), slip.title) != told.end()) {
      continue;
    }
    told.push_back(slip.title);
    const Statement& statement = facts.statements().all()[slip.statement];
    Finding finding = said::draft_claim(view, kKind, Severity::critical, statement, "equation");
    finding.title = slip.title;
    finding.explanation = fmt::format(
        "{} says {}; {}.", said::who(view, statement), shown(view.text(slip.at)), slip.why);
    if (const auto proof = quote(view, slip.at)) {
      findings.push_back(prove(std::move(finding), *proof));
    }
  }
  return findings;
}

}  // namespace infinium::maestro
