#include "maestro/rubric/compile.h"

#include <algorithm>
#include <array>
#include <utility>

#include "maestro/rubric/grammar.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Reader = std::optional<Check> (*)(Lexemes);

constexpr auto kReaders = std::to_array<Reader>({read_text_count,
                                                 read_call_count,
                                                 read_tool_times,
                                                 read_tool_rule,
                                                 read_order,
                                                 read_confirm,
                                                 read_budget,
                                                 read_format,
                                                 read_language,
                                                 read_source,
                                                 read_file,
                                                 read_decimals,
                                                 read_currency,
                                                 read_mention,
                                                 read_mentioned});

std::optional<Check> read_one(Lexemes row) {
  for (const Reader reader : kReaders) {
    if (auto check = reader(row)) {
      return check;
    }
  }
  return std::nullopt;
}

/// Reads a row as one check, or as several that `and`, a comma or a full stop join. A split inside
/// a list of terms fails on its own: half a list is not understood.
bool read_all(Lexemes row, std::vector<Check>& checks, int depth = 0) {
  if (auto check = read_one(row)) {
    checks.push_back(std::move(*check));
    return true;
  }
  constexpr int kPartsMax = 4;
  for (std::size_t at = 1; depth < kPartsMax && at + 1 < row.size(); ++at) {
    const Term term = row[at].term;
    const bool joins = term == Term::comma || term == Term::conj_and || term == Term::stop ||
                       (term == Term::filler && row[at].text == "with");
    if (!joins) {
      continue;
    }
    auto first = read_one(row.first(at));
    if (!first) {
      continue;
    }
    std::size_t next = at + 1;
    while (next < row.size() &&
           (row[next].term == Term::conj_and || row[next].term == Term::comma)) {
      ++next;
    }
    std::vector<Check> rest;
    if (next < row.size() && read_all(row.subspan(next), rest, depth + 1)) {
      checks.push_back(std::move(*first));
      checks.insert(checks.end(), rest.begin(), rest.end());
      return true;
    }
  }
  return false;
}

/// "Length: at most 100 words": a label that only says what kind of rule follows.
std::string_view without_label(std::string_view text) {
  constexpr auto kLabels = std::to_array<std::string_view>({"length",
                                                            "format",
                                                            "language",
                                                            "output",
                                                            "output format",
                                                            "constraint",
                                                            "limit",
                                                            "budget",
                                                            "tools",
                                                            "tool use",
                                                            "file",
                                                            "länge",
                                                            "sprache",
                                                            "idioma",
                                                            "formato",
                                                            "langue"});
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon > 20) {
    return text;
  }
  const std::string label = fold_case(trim(text.substr(0, colon)));
  const bool known = std::find(kLabels.begin(), kLabels.end(), label) != kLabels.end();
  return known ? trim(text.substr(colon + 1)) : text;
}

}  // namespace

std::vector<Check> compile(std::string_view text, std::span<const std::string> tools) {
  std::vector<Check> checks;
  if (text.size() > kCheckableBytesMax) {
    return checks;
  }
  const std::vector<Lexeme> row = read_lexemes(without_label(trim(text)), tools);
  // An unknown word ends it, but for a tool's name at the end: "at most 3 calls of search".
  const auto unknown = std::find_if(
      row.begin(), row.end(), [](const Lexeme& word) { return word.term == Term::unknown; });
  const bool readable = unknown == row.end() || unknown + 1 == row.end();
  if (row.empty() || !readable || !read_all(row, checks)) {
    checks.clear();
  }
  // "Amounts in EUR with 2 decimals": the second part speaks of the same amounts.
  const bool of_money = std::any_of(checks.begin(), checks.end(), [](const Check& check) {
    return std::holds_alternative<CurrencyCheck>(check);
  });
  for (Check& check : checks) {
    if (auto* decimals = std::get_if<DecimalsCheck>(&check)) {
      decimals->money = decimals->money || of_money;
    }
  }
  return checks;
}

}  // namespace infinium::maestro
