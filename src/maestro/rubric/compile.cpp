#include "maestro/rubric/compile.h"

#include <algorithm>
#include <array>
#include <utility>

#include "maestro/rubric/grammar.h"
#include "maestro/rubric/grammar_content.h"
#include "maestro/rubric/reword.h"
#include "maestro/text.h"
#include "maestro/text_shape.h"

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
std::string without_label(std::string_view text) {
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
    return std::string(text);
  }
  const std::string label = fold_case(trim(text.substr(0, colon)));
  // "Maximum length: 280 characters" is a limit without its verb.
  if (label.starts_with("max") || label.starts_with("máx") || label.starts_with("höchst")) {
    return "at most " + std::string(trim(text.substr(colon + 1)));
  }
  const bool known = std::find(kLabels.begin(), kLabels.end(), label) != kLabels.end();
  return std::string(known ? trim(text.substr(colon + 1)) : text);
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
/// alternative.
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
                                                           "either",
                                                           "circa",
                                                           "ca",
                                                           "etwa",
                                                           "ungefähr",
                                                           "möglichst",
                                                           "falls",
                                                           "wenn",
                                                           "außer",
                                                           "unos",
                                                           "unas",
                                                           "cerca",
                                                           "si",
                                                           "salvo",
                                                           "aproximadamente",
                                                           "environ",
                                                           "sauf",
                                                           "quando",
                                                           "exceto"});
  return word.term == Term::unless || word.term == Term::conj_or ||
         std::find(kTurns.begin(), kTurns.end(), word.value) != kTurns.end();
}

/// A clause about each part of the text, not about the whole.
bool is_distributive(const Lexeme& word) {
  constexpr auto kEach = std::to_array<std::string_view>(
      {"each", "per", "every", "je", "jede", "jeder", "jedes", "cada", "chaque", "pro"});
  return std::find(kEach.begin(), kEach.end(), word.value) != kEach.end();
}

/// "No bullet is longer than 15 words": a bound of each part.
bool bounds_each(std::string_view text) {
  const std::string folded = fold_case(trim(text));
  constexpr auto kNone = std::to_array<std::string_view>(
      {"no ", "none ", "kein ", "keine ", "keiner ", "ningún ", "ninguna ", "aucun ", "aucune "});
  constexpr auto kLonger = std::to_array<std::string_view>({"longer than",
                                                            "exceeds",
                                                            "more words than",
                                                            "länger als",
                                                            "más larga",
                                                            "más largo",
                                                            "plus long"});
  const auto opens = [&](std::string_view word) { return folded.starts_with(word); };
  const auto says = [&](std::string_view word) { return folded.find(word) != std::string::npos; };
  return std::any_of(kNone.begin(), kNone.end(), opens) &&
         std::any_of(kLonger.begin(), kLonger.end(), says);
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
  SentenceReader(std::vector<Lexeme> row, Compiled& out)
      : words_(std::move(row)), row_(words_), out_(out) {}

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
        return word.term == Term::unknown || is_distributive(word);
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

  std::vector<Lexeme> words_;
  Lexemes row_;
  Compiled& out_;
  std::string document_;
  bool understood_ = false;
};

}  // namespace

std::vector<Check> compile(std::string_view text, std::span<const std::string> tools) {
  return text.size() > kCheckableBytesMax || bounds_each(text)
             ? std::vector<Check>()
             : read_whole(read_lexemes(reword_output(without_label(trim(text))), tools));
}

namespace {

/// Sentences, and what semicolons set apart; the mark inside a number or after one letter ends
/// none.
std::vector<std::string_view> sentences_of(std::string_view text) {
  std::vector<std::string_view> sentences;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const bool last = at == text.size();
    const bool mark = !last && (text[at] == ';' || text[at] == '\n' ||
                                (text[at] == '.' && at + 1 < text.size() && text[at + 1] == ' ' &&
                                 at >= 2 && is_alnum(text[at - 1]) && is_alnum(text[at - 2])));
    const bool wide = !last && text.substr(at).starts_with("。");
    if (!last && !mark && !wide) {
      continue;
    }
    if (const std::string_view one = trim(text.substr(start, at - start)); !one.empty()) {
      sentences.push_back(one);
    }
    start = at + (wide ? 3 : 1);
  }
  return sentences;
}

/// A sentence that one reader of whole sentences understands.
std::optional<Check> read_sentence(std::string_view sentence, RubricKind kind) {
  if (auto forbidden = read_forbidden(sentence)) {
    return std::move(*forbidden);
  }
  if (auto style = read_money_style(sentence)) {
    return std::move(*style);
  }
  if (auto address = read_address(sentence)) {
    return *address;
  }
  if (kind == RubricKind::constraint) {
    return std::nullopt;
  }
  if (auto sent = read_sent(sentence)) {
    return std::move(*sent);
  }
  auto given = read_given(sentence, kind);
  return given ? std::optional<Check>(std::move(*given)) : std::nullopt;
}

/// "A Markdown table of …": the form, whatever else the sentence asks for.
std::optional<Check> read_form(std::string_view sentence) {
  struct Form {
    std::string_view name;
    TextFormat format;
  };
  constexpr auto kForms = std::to_array<Form>({
      {"markdown table", TextFormat::markdown_table},
      {"table in markdown", TextFormat::markdown_table},
      {"markdown-tabelle", TextFormat::markdown_table},
      {"tabla markdown", TextFormat::markdown_table},
      {"tabla en markdown", TextFormat::markdown_table},
      {"tableau markdown", TextFormat::markdown_table},
      {"bullet list", TextFormat::bullet_list},
      {"bulleted list", TextFormat::bullet_list},
      {"numbered list", TextFormat::bullet_list},
      {"markdown list", TextFormat::bullet_list},
      {"aufzählungsliste", TextFormat::bullet_list},
      {"lista con viñetas", TextFormat::bullet_list},
  });
  for (const Form& form : kForms) {
    if (find_folded(sentence, form.name)) {
      return FormatCheck{form.format, {}, {}};
    }
  }
  return std::nullopt;
}

/// "A single valid JSON object without any text around it, all times in …": the form, whatever else
/// the sentence asks for.
std::optional<Check> read_json_form(std::string_view sentence) {
  const auto says = [sentence](std::string_view words) {
    return find_folded(sentence, words).has_value();
  };
  const bool one =
      says("json object") || says("json-objekt") || says("objeto json") || says("objet json");
  const bool only = says("single") || says("one ") || says("valid") || says("only") ||
                    says("einziges") || says("gültiges") || says("único") || says("válido") ||
                    says("seul") || says("valide");
  const bool turned = says("if ") || says(" or ") || says("unless") || says("field") ||
                      says("column") || says("file") || says("payload") || says(" argument");
  if (!one || !only || turned) {
    return std::nullopt;
  }
  const bool alone = says("around it") || says("nothing else") || says("no other text") ||
                     says("without any text") || says("no text") || says("sonst nichts") ||
                     says("nada más") || says("rien d'autre");
  return FormatCheck{TextFormat::json_object, {}, {}, alone};
}

void add_sentence(std::string_view sentence,
                  std::span<const std::string> tools,
                  RubricKind kind,
                  Compiled& out) {
  if (has_cjk(sentence)) {
    WideClauses wide = read_wide(sentence, kind);
    out.whole = out.whole && wide.whole;
    std::move(wide.checks.begin(), wide.checks.end(), std::back_inserter(out.checks));
    return;
  }
  // "The mail is sent, and the answer says when it arrives": two sentences in one.
  if (const std::size_t joint = sentence.find(", and "); joint != std::string_view::npos) {
    if (auto sent = read_sent(sentence.substr(0, joint)); sent && kind != RubricKind::constraint) {
      out.checks.emplace_back(std::move(*sent));
      add_sentence(trim(sentence.substr(joint + 6)), tools, kind, out);
      return;
    }
  }
  // "The letter stays within 100 words and shows no bank details"
  for (const std::string_view joint : {" and shows no ",
                                       " and holds no ",
                                       " and has no ",
                                       " and names no ",
                                       " and contains no ",
                                       " and mentions no ",
                                       " and gives no ",
                                       " and carries no "}) {
    const std::size_t at = sentence.find(joint);
    if (at == std::string_view::npos) {
      continue;
    }
    const std::string ban = "No " + std::string(sentence.substr(at + joint.size()));
    if (auto forbidden = read_forbidden(ban + " in the text")) {
      forbidden->place = Place::everywhere;
      add_sentence(reword_output(sentence.substr(0, at)), tools, kind, out);
      out.checks.emplace_back(std::move(*forbidden));
      return;
    }
  }
  const auto row = read_lexemes(sentence, tools);
  const bool turned = std::any_of(row.begin(), row.end(), [](const Lexeme& word) {
    return turns_meaning(word) || word.term == Term::negation;
  });
  const auto form = kind == RubricKind::deliverable && !turned ? read_form(sentence) : std::nullopt;
  if (form) {
    out.checks.push_back(*form);
  }
  if (auto check = read_sentence(sentence, kind)) {
    const auto language = std::find_if(
        row.begin(), row.end(), [](const Lexeme& word) { return word.term == Term::language; });
    if (std::holds_alternative<AddressCheck>(*check) && language != row.end() && !turned) {
      out.checks.emplace_back(LanguageCheck{language->value, {}});
    }
    out.checks.push_back(std::move(*check));
    return;
  }
  if (auto json = read_json_form(sentence)) {
    out.checks.push_back(std::move(*json));
    out.whole = false;
    return;
  }
  SentenceReader(row, out).run();
}

}  // namespace

Compiled compile_clauses(std::string_view text,
                         std::span<const std::string> tools,
                         RubricKind kind) {
  Compiled out;
  if (text.size() > kCheckableBytesMax || bounds_each(text)) {
    return out;
  }
  const std::string unlabelled = without_label(trim(text));
  text = unlabelled;
  out.checks = read_whole(read_lexemes(reword_output(text), tools));
  out.whole = true;
  if (!out.checks.empty()) {
    return out;
  }
  for (const std::string_view sentence : sentences_of(text)) {
    add_sentence(reword_output(sentence), tools, kind, out);
  }
  out.whole = out.whole && !out.checks.empty();
  return out;
}

}  // namespace infinium::maestro
