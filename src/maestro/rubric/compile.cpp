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

namespace {

/// The checks of a row that is understood to its last word; else none.
std::vector<Check> read_whole(const std::vector<Lexeme>& row) {
  std::vector<Check> checks;
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

/// What makes a rule mean something else than its words alone: a hedge, a condition, an
/// alternative, a part of the text instead of the whole.
bool turns_meaning(const Lexeme& word) {
  constexpr auto kTurns = std::to_array<std::string_view>({"about",
                                                           "approximately",
                                                           "around",
                                                           "roughly",
                                                           "ideally",
                                                           "preferably",
                                                           "possible",
                                                           "if",
                                                           "unless",
                                                           "when",
                                                           "where",
                                                           "except",
                                                           "excluding",
                                                           "otherwise",
                                                           "may",
                                                           "might",
                                                           "can",
                                                           "could",
                                                           "each",
                                                           "per",
                                                           "every",
                                                           "either",
                                                           "circa",
                                                           "ca",
                                                           "etwa",
                                                           "ungefähr",
                                                           "möglichst",
                                                           "falls",
                                                           "wenn",
                                                           "je",
                                                           "jede",
                                                           "jeder",
                                                           "jedes",
                                                           "außer",
                                                           "unos",
                                                           "unas",
                                                           "cerca",
                                                           "si",
                                                           "salvo",
                                                           "cada",
                                                           "aproximadamente",
                                                           "environ",
                                                           "sauf",
                                                           "chaque",
                                                           "cerca",
                                                           "se"});
  return word.term == Term::unless || word.term == Term::conj_or ||
         std::find(kTurns.begin(), kTurns.end(), word.value) != kTurns.end();
}

/// The document that a check is about; null for a check about the run.
std::string* document_of(Check& check) {
  return std::visit(
      [](auto& one) -> std::string* {
        if constexpr (requires { one.document; }) {
          return &one.document;
        } else {
          return nullptr;
        }
      },
      check);
}

/// One sentence of a row: its clauses, the longest that are understood first.
class SentenceReader {
 public:
  SentenceReader(Lexemes row, Compiled& out) : row_(row), out_(out) {}

  void run() {
    if (std::any_of(row_.begin(), row_.end(), turns_meaning)) {
      out_.whole = false;
      return;
    }
    const auto open = opening();
    document_ = open != row_.end() && open->term == Term::document ? open->value : "";
    for (std::size_t start = 0; start < row_.size();) {
      start = take_clause(start);
    }
  }

 private:
  [[nodiscard]] Lexemes::iterator opening() const {
    return std::find_if(
        row_.begin(), row_.end(), [](const Lexeme& word) { return word.term != Term::filler; });
  }

  static bool joins(Term term) { return term == Term::comma || term == Term::conj_and; }

  [[nodiscard]] bool ends_at(std::size_t at) const {
    return at == row_.size() || joins(row_[at].term);
  }

  /// Whether the clause speaks of the output: it says so, or the sentence began that way.
  [[nodiscard]] bool about_output(std::size_t start) const {
    const auto open = opening();
    return start == 0 || understood_ ||
           (open != row_.end() && (open->term == Term::output || open->term == Term::document ||
                                   open->term == Term::write));
  }

  std::size_t take_clause(std::size_t start) {
    for (std::size_t end = row_.size(); end > start; --end) {
      if (!ends_at(end)) {
        continue;
      }
      const Lexemes clause = row_.subspan(start, end - start);
      const bool known = std::none_of(clause.begin(), clause.end(), [](const Lexeme& word) {
        return word.term == Term::unknown;
      });
      auto check = known && about_output(start) ? read_one(clause) : std::nullopt;
      if (check) {
        inherit_document(*check, clause);
        out_.checks.push_back(std::move(*check));
        understood_ = true;
        return next_clause(end);
      }
    }
    out_.whole = false;
    std::size_t end = start + 1;
    while (!ends_at(end)) {
      ++end;
    }
    return next_clause(end);
  }

  [[nodiscard]] std::size_t next_clause(std::size_t at) const {
    while (at < row_.size() && joins(row_[at].term)) {
      ++at;
    }
    return at;
  }

  /// "The note is in German and has at most 60 words": both speak of the note.
  void inherit_document(Check& check, Lexemes clause) {
    std::string* const document = document_of(check);
    const bool says_output = std::any_of(
        clause.begin(), clause.end(), [](const Lexeme& word) { return word.term == Term::output; });
    if (document == nullptr) {
      return;
    }
    if (document->empty() && !says_output) {
      *document = document_;
    }
    document_ = *document;
  }

  Lexemes row_;
  Compiled& out_;
  std::string document_;
  bool understood_ = false;
};

}  // namespace

std::vector<Check> compile(std::string_view text, std::span<const std::string> tools) {
  return text.size() > kCheckableBytesMax
             ? std::vector<Check>()
             : read_whole(read_lexemes(without_label(trim(text)), tools));
}

Compiled compile_clauses(std::string_view text, std::span<const std::string> tools) {
  Compiled out;
  if (text.size() > kCheckableBytesMax) {
    return out;
  }
  const std::vector<Lexeme> row = read_lexemes(without_label(trim(text)), tools);
  out.checks = read_whole(row);
  out.whole = !out.checks.empty();
  if (out.whole || row.empty()) {
    return out;
  }
  out.whole = true;
  for (std::size_t start = 0; start < row.size();) {
    std::size_t end = start;
    while (end < row.size() && row[end].term != Term::stop) {
      ++end;
    }
    SentenceReader(Lexemes(row).subspan(start, end - start), out).run();
    start = end + 1;
  }
  out.whole = out.whole && !out.checks.empty();
  return out;
}

}  // namespace infinium::maestro
