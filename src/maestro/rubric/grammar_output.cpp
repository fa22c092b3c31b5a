#include <algorithm>
#include <utility>

#include "maestro/rubric/grammar.h"

namespace infinium::maestro {
namespace {

std::optional<TextUnit> text_unit(Term term) {
  switch (term) {
    case Term::words:
      return TextUnit::words;
    case Term::sentences:
      return TextUnit::sentences;
    case Term::characters:
      return TextUnit::characters;
    case Term::lines:
      return TextUnit::lines;
    case Term::paragraphs:
      return TextUnit::paragraphs;
    case Term::bullets:
      return TextUnit::bullets;
    case Term::items:
      return TextUnit::items;
    case Term::rows:
      return TextUnit::rows;
    case Term::hashtags:
      return TextUnit::hashtags;
    case Term::emojis:
      return TextUnit::emojis;
    case Term::exclamation_marks:
      return TextUnit::exclamation_marks;
    default:
      return std::nullopt;
  }
}

std::optional<TextFormat> read_format_name(Cursor& cursor) {
  const bool markdown = cursor.accept(Term::markdown);
  if (cursor.accept(Term::json)) {
    if (cursor.accept(Term::object)) {
      return TextFormat::json_object;
    }
    return cursor.accept(Term::array) ? TextFormat::json_array : TextFormat::json;
  }
  if (cursor.accept(Term::csv)) {
    cursor.accept(Term::file);
    return cursor.accept(Term::with_header) ? std::optional(TextFormat::csv_header) : std::nullopt;
  }
  if (markdown && cursor.accept(Term::table)) {
    return TextFormat::markdown_table;
  }
  if (markdown && cursor.accept(Term::heading)) {
    return TextFormat::markdown_heading;
  }
  if (cursor.term() == Term::bullets) {
    cursor.take();
    cursor.accept(Term::array);
    return TextFormat::bullet_list;
  }
  if (cursor.accept(Term::iso_format)) {
    return cursor.accept(Term::dates) || cursor.done() ? std::optional(TextFormat::iso_dates)
                                                       : std::nullopt;
  }
  return std::nullopt;
}

bool is_german(Lexemes row) {
  return std::any_of(
      row.begin(), row.end(), [](const Lexeme& word) { return word.value == "german"; });
}

/// The terms to be mentioned; capitalised words that touch are one name. Nothing if a word is no
/// term: "mention the customer's city" describes, it does not name.
struct Terms {
  std::vector<std::string> all;
  bool either = false;
};

std::optional<Terms> read_terms(Cursor& cursor, bool german) {
  Terms terms;
  std::size_t last = 0;
  bool joined = false;
  while (!cursor.done()) {
    cursor.accept_all({Term::label, Term::words, Term::document});
    const Term term = cursor.term();
    const bool usable = term == Term::quoted || term == Term::identifier || term == Term::number ||
                        term == Term::money || term == Term::name || term == Term::file_name;
    if (cursor.done() || !usable) {
      return std::nullopt;
    }
    if (term == Term::name && (german || cursor.after_filler())) {
      return std::nullopt;  // "the Director", and every German noun: more likely a description
    }
    const std::size_t place = cursor.place();
    const Lexeme& word = cursor.take();
    if (term == Term::name && joined && place == last + 1) {
      terms.all.back() += " " + word.text;
    } else if (!terms.all.empty() && joined) {
      return std::nullopt;  // two terms with nothing between them
    } else {
      terms.all.push_back(word.text);
    }
    last = place;
    joined = true;
    while (cursor.term() == Term::comma || cursor.term() == Term::conj_and ||
           cursor.term() == Term::conj_or) {
      if (cursor.done()) {
        return std::nullopt;
      }
      terms.either = terms.either || cursor.term() == Term::conj_or;
      cursor.take();
      joined = false;
    }
  }
  return terms.all.empty() || !joined ? std::nullopt : std::optional(terms);
}

}  // namespace

namespace {

/// "no emojis": a limit of zero.
std::optional<Check> read_none_of(Cursor& cursor, Subject& subject) {
  const auto unit = text_unit(cursor.term());
  const bool marks = unit == TextUnit::emojis || unit == TextUnit::hashtags ||
                     unit == TextUnit::exclamation_marks || unit == TextUnit::bullets;
  if (!marks) {
    return std::nullopt;
  }
  cursor.take();
  read_subject(cursor, subject);
  const Bound none{.least = std::nullopt, .most = 0};
  return cursor.done() && !subject.twice
             ? std::optional<Check>(TextCountCheck{*unit, none, subject.document})
             : std::nullopt;
}

}  // namespace

std::optional<Check> read_text_count(Lexemes row) {
  Cursor cursor(row);
  Subject subject;
  bool negated = false;
  cursor.accept_all({Term::write});
  read_subject(cursor, subject);
  negated = cursor.accept(Term::negation);
  cursor.accept_all({Term::mention, Term::use, Term::write});
  // "a Markdown list of at most 5 items"
  cursor.accept_all({Term::markdown, Term::array, Term::bullets, Term::table});
  auto bound = read_bound(cursor, negated, true);
  if (!bound && negated) {
    return read_none_of(cursor, subject);
  }
  if (!bound) {
    return std::nullopt;
  }
  const bool bare = bound->least == bound->most && bound->least.has_value();
  const bool said_exactly = std::any_of(
      row.begin(), row.end(), [](const Lexeme& word) { return word.term == Term::exactly; });
  const auto unit = text_unit(cursor.term());
  if (!unit) {
    return std::nullopt;
  }
  cursor.take();
  if (bare && !said_exactly) {
    if (const auto late = read_late_bound(cursor, *bound)) {
      bound = late;
    } else if (*unit == TextUnit::words || *unit == TextUnit::characters) {
      return std::nullopt;  // "a 100-word summary" means about 100
    }
  }
  read_subject(cursor, subject);
  if (!cursor.done() || subject.twice) {
    return std::nullopt;
  }
  return TextCountCheck{*unit, *bound, subject.document};
}

/// "No Markdown" is plain text.
std::optional<Check> read_no_markdown(Lexemes row) {
  Cursor cursor(row);
  Subject subject;
  read_subject(cursor, subject);
  if (!cursor.accept(Term::negation)) {
    return std::nullopt;
  }
  cursor.accept_all({Term::use, Term::mention});
  if (!cursor.accept(Term::markdown)) {
    return std::nullopt;
  }
  read_subject(cursor, subject);
  return cursor.done() && !subject.twice
             ? std::optional<Check>(FormatCheck{TextFormat::plain_text, {}, subject.document})
             : std::nullopt;
}

std::optional<Check> read_format(Lexemes row) {
  if (auto plain_text = read_no_markdown(row)) {
    return plain_text;
  }
  Cursor cursor(row);
  Subject subject;
  cursor.accept_all({Term::write});
  read_subject(cursor, subject);
  cursor.accept_all({Term::mention, Term::write, Term::use});
  const bool dates = cursor.accept(Term::dates);
  read_subject(cursor, subject);  // "write dates in the answer as …"
  const bool only = cursor.accept(Term::only);
  if (cursor.accept(Term::plain_text)) {
    cursor.accept(Term::only);
    return cursor.done()
               ? std::optional<Check>(FormatCheck{TextFormat::plain_text, {}, subject.document})
               : std::nullopt;
  }
  const bool one = cursor.term() == Term::number && cursor.peek().number == 1;
  if (one) {
    cursor.take();
  }
  const auto format = read_format_name(cursor);
  if (!format || (dates && *format != TextFormat::iso_dates)) {
    return std::nullopt;
  }
  const bool json = *format == TextFormat::json || *format == TextFormat::json_object ||
                    *format == TextFormat::json_array;
  if (only && !json) {
    return std::nullopt;
  }
  FormatCheck check{*format, {}, {}};
  if (cursor.accept(Term::mention) || cursor.term() == Term::keys) {
    cursor.accept(Term::keys);
    auto keys = read_names(cursor, {Term::quoted, Term::identifier});
    if (!keys || *format == TextFormat::iso_dates || *format == TextFormat::bullet_list) {
      return std::nullopt;
    }
    check.keys = std::move(*keys);
  }
  cursor.accept_all({Term::comma, Term::conj_and});
  check.alone = cursor.accept(Term::alone) || only;
  read_subject(cursor, subject);
  check.document = subject.document;
  return cursor.done() && !subject.twice ? std::optional<Check>(check) : std::nullopt;
}

std::optional<Check> read_mention(Lexemes row) {
  Cursor cursor(row);
  Subject subject;
  read_subject(cursor, subject);
  const bool negated = cursor.accept(Term::negation);
  if (!cursor.accept(Term::mention) || subject.twice) {
    return std::nullopt;
  }
  const auto terms = read_terms(cursor, is_german(row));
  if (!terms) {
    return std::nullopt;
  }
  MentionCheck check;
  check.terms = terms->all;
  check.document = subject.document;
  check.mode = negated         ? MentionCheck::Mode::none
               : terms->either ? MentionCheck::Mode::any
                               : MentionCheck::Mode::all;
  return check;
}

/// "'X' must be mentioned", "'X' must not be mentioned".
std::optional<Check> read_mentioned(Lexemes row) {
  const auto verb = std::find_if(row.begin(), row.end(), [](const Lexeme& word) {
    return word.term == Term::mention || word.term == Term::negation;
  });
  if (verb == row.begin() || verb == row.end()) {
    return std::nullopt;
  }
  const auto split = static_cast<std::size_t>(verb - row.begin());
  std::size_t terms_end = split;
  while (terms_end > 0 && row[terms_end - 1].term == Term::filler) {
    --terms_end;
  }
  Cursor terms_cursor(row.first(terms_end));
  const auto terms = read_terms(terms_cursor, is_german(row));
  Cursor rest(row.subspan(split));
  const bool negated = rest.accept(Term::negation);
  if (!terms || !rest.accept(Term::mention)) {
    return std::nullopt;
  }
  Subject subject;
  read_subject(rest, subject);
  if (!rest.done() || subject.twice) {
    return std::nullopt;
  }
  const auto positive = terms->either ? MentionCheck::Mode::any : MentionCheck::Mode::all;
  return MentionCheck{negated ? MentionCheck::Mode::none : positive, terms->all, subject.document};
}

std::optional<Check> read_language(Lexemes row) {
  Cursor cursor(row);
  Subject subject;
  cursor.accept_all({Term::write});
  read_subject(cursor, subject);
  cursor.accept_all({Term::write});
  if (cursor.term() != Term::language) {
    return std::nullopt;
  }
  const std::string code = cursor.take().value;
  read_subject(cursor, subject);
  const bool whole = cursor.done() && !subject.twice;
  return whole ? std::optional<Check>(LanguageCheck{code, subject.document}) : std::nullopt;
}

std::optional<Check> read_source(Lexemes row) {
  Cursor cursor(row);
  Subject subject;
  read_subject(cursor, subject);
  const bool listed = cursor.accept(Term::array);  // "a list of at least two sources"
  if (!cursor.accept(Term::cite) && !cursor.accept(Term::mention) && !listed) {
    return std::nullopt;
  }
  int least = 1;
  if (const auto bound = read_bound(cursor, false, true)) {
    if (!bound->least || bound->most != bound->least) {
      if (!bound->least || bound->most) {
        return std::nullopt;
      }
    }
    least = static_cast<int>(std::min(*bound->least, 1000.0));
  }
  if (!cursor.accept(Term::source)) {
    return std::nullopt;
  }
  read_subject(cursor, subject);
  return cursor.done() ? std::optional<Check>(SourceCheck{std::max(least, 1)}) : std::nullopt;
}

/// "report.csv", "a file named report.csv", "save the table to out.md", "write report.csv".
std::optional<Check> read_file(Lexemes row) {
  Cursor cursor(row);
  Subject subject;
  cursor.accept(Term::write);
  cursor.accept_all({Term::file, Term::csv, Term::json, Term::markdown, Term::table});
  read_subject(cursor, subject);
  cursor.accept_all({Term::write, Term::file, Term::label});
  if (cursor.done() ||
      (cursor.term() != Term::file_name &&
       !(cursor.term() == Term::quoted && cursor.peek().text.find('.') != std::string::npos &&
         cursor.peek().text.find(' ') == std::string::npos))) {
    return std::nullopt;
  }
  std::string name = cursor.take().text;
  cursor.accept_all({Term::file, Term::write});
  return cursor.done() && !subject.twice ? std::optional<Check>(FileCheck{std::move(name)})
                                         : std::nullopt;
}

std::optional<Check> read_decimals(Lexemes row) {
  Cursor cursor(row);
  const bool money =
      std::any_of(row.begin(), row.end(), [](const Lexeme& word) { return word.value == "money"; });
  cursor.accept_all({Term::round, Term::amounts, Term::output});
  if (cursor.accept(Term::whole_number)) {
    return cursor.done() ? std::optional<Check>(DecimalsCheck{0, money}) : std::nullopt;
  }
  cursor.accept(Term::exactly);
  if (cursor.term() != Term::number || cursor.peek().number > 12) {
    return std::nullopt;
  }
  const int decimals = static_cast<int>(cursor.take().number);
  const bool named = cursor.accept(Term::decimals);
  return named && cursor.done() ? std::optional<Check>(DecimalsCheck{decimals, money})
                                : std::nullopt;
}

/// "amounts in EUR", "in euros".
std::optional<Check> read_currency(Lexemes row) {
  Cursor cursor(row);
  cursor.accept_all({Term::amounts, Term::output, Term::mention, Term::write});
  if (cursor.term() != Term::currency && cursor.term() != Term::usd) {
    return std::nullopt;
  }
  const std::string code = cursor.take().value;
  return cursor.done() ? std::optional<Check>(CurrencyCheck{code}) : std::nullopt;
}

}  // namespace infinium::maestro
