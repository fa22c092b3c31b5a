#include <algorithm>
#include <array>
#include <string>

#include "maestro/ledger.h"
#include "maestro/text.h"

/// The words around a number that say what it is; declared in ledger.h.
namespace infinium::maestro {

bool is_approximate(std::string_view text, std::size_t start) {
  constexpr std::size_t kReach = 16;
  const std::size_t from = start < kReach ? 0 : start - kReach;
  const std::string before = fold_case(text.substr(from, start - from));
  constexpr auto kWords = std::to_array<std::string_view>(
      {"above ", "below ",    "more than ", "less than ", "at least ", "über ",
       "unter ", "mehr als ", "más de ",    "menos de ",  "plus de ",  "超",

       "about ", "around ",   "roughly ",   "approx",     "nearly ",   "almost ",
       "some ",  "over ",     "under ",     "~",          "≈",         "ca. ",
       "circa ", "etwa ",     "rund ",      "fast ",      "knapp ",    "unos ",
       "unas ",  "casi ",     "aprox",      "約",         "およそ",    "ほぼ"});
  return std::any_of(kWords.begin(), kWords.end(), [&before](std::string_view word) {
    return before.find(word) != std::string::npos;
  });
}

bool is_said_total(std::string_view text, std::size_t start, std::size_t end) {
  constexpr std::size_t kReach = 24;
  const std::size_t from = start < kReach ? 0 : start - kReach;
  // "1,300, together 8,600": the words belong to the next number.
  std::string_view after = text.substr(end, 14);
  after = after.substr(0, std::min(after.find_first_of(",;:\n"), after.find("。")));
  std::string_view before = text.substr(from, start - from);
  for (const std::string_view end_mark : {". ", "\n", "。"}) {
    const std::size_t last = before.rfind(end_mark);
    before.remove_prefix(last == std::string_view::npos ? 0 : last + end_mark.size());
  }
  const std::string around = fold_case(before) + '|' + fold_case(after);
  constexpr std::array<std::string_view, 17> kWords = {"together",
                                                       "total",
                                                       "in all",
                                                       "altogether",
                                                       "sum ",
                                                       "sums",
                                                       "add up",
                                                       "zusammen",
                                                       "insgesamt",
                                                       "gesamt",
                                                       "summe",
                                                       "suma",
                                                       "ensemble",
                                                       "合計",
                                                       "合わせ",
                                                       "計",
                                                       "総額"};
  return std::any_of(kWords.begin(), kWords.end(), [&around](std::string_view word) {
    return around.find(word) != std::string::npos;
  });
}

}  // namespace infinium::maestro
