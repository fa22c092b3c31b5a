#include <fmt/format.h>

#include "maestro/findings/arithmetic_reader.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// The part of arithmetic.cpp that sets two figures against each other: "5 of 7 (71.4 %)", "38,400
/// → 31,872 (-17.0 %)", "fell from 38,400 to 31,872".
namespace infinium::maestro {
namespace {

constexpr auto kFalls = std::to_array<std::string_view>(
    {"fell",           "fallen",     "dropped",   "declined", "decreased", "went down",
     "sank",           "shrank",     "down from", "gesunken", "sank von",  "gefallen",
     "zurückgegangen", "verringert", "bajó",      "cayó",     "descendió", "disminuyó",
     "diminué",        "a baissé",   "減少",      "下がり"});
constexpr auto kRises = std::to_array<std::string_view>({"rose",
                                                         "risen",
                                                         "grew",
                                                         "grown",
                                                         "increased",
                                                         "climbed",
                                                         "went up",
                                                         "up from",
                                                         "gestiegen",
                                                         "stieg",
                                                         "gewachsen",
                                                         "subió",
                                                         "aumentó",
                                                         "creció",
                                                         "augmenté",
                                                         "増加",
                                                         "上がり"});
/// Numbers that are places or days: a smaller one need not be a fall of it.
constexpr auto kOrdered = std::to_array<std::string_view>(
    {"rank", "place", "position", "priority", "platz", "rang", "puesto", "no.", "#", "grade"});

class ChangesCheck : ArithmeticReader {
 public:
  using ArithmeticReader::ArithmeticReader;

  void run() {
    for (std::size_t i = 0; i + 1 < numbers_.size(); ++i) {
      if (claim(i).sentence != claim(i + 1).sentence) {
        continue;
      }
      if (is_change(i)) {
        check_direction(i);
        check_change(i);
      } else {
        check_part(i);
      }
    }
  }

 private:
  /// Whether the next number is what this one became: "A → B", "from A to B".
  [[nodiscard]] bool is_change(std::size_t i) const {
    constexpr auto kFrom =
        std::to_array<std::string_view>({"from ", "von ", "de ", "desde ", "del "});
    constexpr auto kTo = std::to_array<std::string_view>({"to", "auf", "a", "à", "hasta"});
    const ValueToken& before = token(i);
    const ValueToken& after = token(i + 1);
    const std::string_view between = gap(i, i + 1);
    const bool alike = before.unit == after.unit || before.unit == Unit::none;
    if (!alike || between.size() > 24 || before.number <= 0 || after.number < 0) {
      return false;
    }
    if (between.find("→") != std::string_view::npos ||
        between.find("->") != std::string_view::npos) {
      return true;
    }
    const std::string head = fold_case(text_.substr(0, before.start));
    const std::string link = fold_case(between);
    const std::vector<Word> words = find_words(link);
    const bool opened = std::any_of(kFrom.begin(), kFrom.end(), [&](std::string_view from) {
      return head.ends_with(from) || head.ends_with(std::string(from) + "€") ||
             head.ends_with(std::string(from) + "$");
    });
    return opened && !words.empty() &&
           std::find(kTo.begin(),
                     kTo.end(),
                     std::string_view(link).substr(
                         words.back().start, words.back().end - words.back().start)) != kTo.end();
  }

  /// "fell from A to B" with a B above A.
  void check_direction(std::size_t i) {
    constexpr std::size_t kReach = 48;
    const ValueToken& before = token(i);
    const ValueToken& after = token(i + 1);
    const Match sentence = Statements::sentence_at(statement_, before.start);
    const std::size_t from = before.start - std::min(before.start - sentence.start, kReach);
    std::string words = fold_case(text_.substr(from, before.start - from));
    words = words.substr(words.find_last_of(",;:(") + 1);  // npos + 1 is 0
    const bool falls = holds_any(words, kFalls);
    const bool rises = holds_any(words, kRises);
    const bool wrong =
        (falls && after.number > before.number) || (rises && after.number < before.number);
    const std::string whole =
        fold_case(text_.substr(sentence.start, sentence.end - sentence.start));
    if (!wrong || falls == rises || holds_any(whole, kOrdered) || has_digit(words) ||
        before.ambiguous != after.ambiguous) {
      return;
    }
    const Span at = span(from + (before.start - from - words.size()), after.end);
    push(numbers_[i + 1],
         at,
         fmt::format("{} goes the other way", shown(view_.text(at))),
         fmt::format("{} is {} than {}",
                     view_.text(claim(i + 1).at),
                     after.number > before.number ? "more" : "less",
                     view_.text(claim(i).at)));
  }

  /// "12.0 % of all loans": a share of something else.
  static bool is_share_of(std::string_view tail) {
    tail.remove_prefix(std::min(tail.find_first_not_of(" %"), tail.size()));
    for (const std::string_view word : {"of ", "von ", "der ", "aller ", "de ", "del ", "des "}) {
      if (tail.starts_with(word)) {
        return true;
      }
    }
    return false;
  }

  /// "A → B (p %)": p is the difference in hundredths of A.
  void check_change(std::size_t i) {
    constexpr std::size_t kReach = 40;
    if (i + 2 >= numbers_.size() || claim(i + 2).sentence != claim(i).sentence) {
      return;
    }
    const ValueToken& before = token(i);
    const ValueToken& after = token(i + 1);
    const ValueToken& said = token(i + 2);
    const std::string between = fold_case(gap(i + 1, i + 2));
    const std::string tail = fold_case(text_.substr(said.end, 24));
    const bool plain = said.unit == Unit::percent && before.unit != Unit::percent &&
                       between.size() <= kReach && between.find(';') == std::string::npos &&
                       !is_share_of(tail) && tail.find("point") == std::string::npos &&
                       tail.find("punkt") == std::string::npos;
    if (!plain || before.ambiguous != after.ambiguous || is_approximate(text_, said.start) ||
        is_given(i + 2)) {
      return;
    }
    const double due = 100 * (after.number - before.number) / before.number;
    const double ratio = 100 * after.number / before.number;
    const double slack =
        100 * (after.precision / 2 + before.precision / 2 * after.number / before.number) /
        before.number;
    const bool sign_told = said.number < 0 || between.ends_with('+');
    const double size = std::abs(said.number);
    const bool holds = is_close(size, std::abs(due), said, slack) &&
                       (!sign_told || (said.number < 0) == (due < 0) || said.number == 0);
    if (holds || is_close(size, ratio, said, slack)) {
      return;
    }
    const Span at = span(before.start, said.end);
    push(numbers_[i + 2],
         at,
         fmt::format("{} does not hold", shown(view_.text(at))),
         fmt::format("the change is {} %", said::as_written(due, said.precision)));
  }

  /// "a of b (p %)", "a of b, p %".
  void check_part(std::size_t i) {
    constexpr auto kOf = std::to_array<std::string_view>(
        {" of ", " of the ", " out of ", " von ", " de ", " sur ", " aus ", "/", " / "});
    if (i + 2 >= numbers_.size() || claim(i + 2).sentence != claim(i).sentence) {
      return;
    }
    const ValueToken& part = token(i);
    const ValueToken& whole = token(i + 1);
    const ValueToken& said = token(i + 2);
    const std::string_view before = gap(i + 1, i + 2);
    const bool opens = before == " (" || before == " (= " || before == " = " || before == ": ";
    const bool counts = part.precision == 1 && whole.precision == 1 && part.unit == Unit::none &&
                        whole.number >= part.number && whole.number > 0 && part.number >= 0;
    const bool fits = said.unit == Unit::percent && opens &&
                      std::find(kOf.begin(), kOf.end(), fold_case(gap(i, i + 1))) != kOf.end();
    const double due = 100 * part.number / whole.number;
    if (!fits || !counts || is_approximate(text_, said.start) ||
        is_close(said.number, due, said, 0) || is_close(said.number, 100 - due, said, 0)) {
      return;
    }
    const Span at = span(part.start, said.end);
    push(numbers_[i + 2],
         at,
         fmt::format("{} does not hold", shown(view_.text(at))),
         fmt::format("it is {} %", said::as_written(due, said.precision)));
  }
};

}  // namespace

void check_changes(const Facts& facts,
                   std::uint32_t statement,
                   std::vector<ArithmeticSlip>& slips) {
  ChangesCheck(facts, statement, slips).run();
}

}  // namespace infinium::maestro
