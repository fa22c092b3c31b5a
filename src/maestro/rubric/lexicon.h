#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The words a rubric is written in: a text becomes a row of terms, each with one known meaning.
namespace infinium::maestro {

/// What a word or phrase means to the rubric compiler. `unknown` is everything else: a text with an
/// unknown word is not compiled.
enum class Term {
  unknown,
  filler,  ///< carries no condition: articles, "must", "please"
  comma,
  stop,  ///< end of a sentence, or a semicolon
  number,
  money,
  quoted,
  identifier,  ///< looks like the name of a tool, or is one
  file_name,
  name,  ///< a capitalised word inside a sentence
  conj_and,
  conj_or,
  negation,
  at_most,
  at_least,
  exactly,
  between,
  fewer_than,
  more_than,
  or_less,
  or_more,
  exceed,
  words,
  sentences,
  characters,
  lines,
  paragraphs,
  bullets,
  items,
  rows,
  calls,
  tool,
  steps,
  times,
  once,
  use,
  only,
  before,
  after,
  unless,
  first,
  then,
  mention,
  label,     ///< "the word", "the phrase", "the number"
  output,    ///< the final answer
  document,  ///< a noun for a piece of work: report, summary
  json,
  object,
  array,
  markdown,
  csv,
  table,
  heading,
  with_header,
  plain_text,
  alone,  ///< "with nothing around it"
  hashtags,
  emojis,
  exclamation_marks,
  keys,
  dates,
  iso_format,
  language,
  milliseconds,
  seconds,
  minutes,
  hours,
  usd,
  currency,
  tokens,
  finish,  ///< "complete", "take", "run"
  spend,
  cite,
  source,
  file,
  write,
  confirm,
  user,
  state_change,  ///< "any state-changing action"
  round,
  decimals,
  whole_number,
  amounts,
};

struct Lexeme {
  Term term = Term::unknown;
  std::string text;   ///< as written, without quotes
  std::string value;  ///< canonical: lower case, a language or currency code
  double number = 0;
};

/// Splits a rubric text. Words that equal one of `tools`
/// (folded names) are identifiers. Languages: English in
/// full; limits, negation and units also in German, Spanish and French.
[[nodiscard]] std::vector<Lexeme> read_lexemes(std::string_view text,
                                               std::span<const std::string> tools);

}  // namespace infinium::maestro
