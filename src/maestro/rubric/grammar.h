#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "maestro/rubric/check.h"
#include "maestro/rubric/lexicon.h"

/// The grammar of checkable rubric texts: small readers over a row of terms. Every reader takes the
/// row to its end or gives nothing.
namespace infinium::maestro {

using Lexemes = std::span<const Lexeme>;

/// Reads a row of lexemes from left to right; words that carry no condition are stepped over.
class Cursor {
 public:
  explicit Cursor(Lexemes row) : row_(row) { skip_filler(); }

  [[nodiscard]] bool done() const { return at_ >= row_.size(); }
  [[nodiscard]] Term term() const { return done() ? Term::stop : row_[at_].term; }
  [[nodiscard]] const Lexeme& peek() const { return row_[at_]; }
  [[nodiscard]] std::size_t place() const { return at_; }
  /// Whether a filler, such as an article, stands right before.
  [[nodiscard]] bool after_filler() const { return at_ > 0 && row_[at_ - 1].term == Term::filler; }

  const Lexeme& take() {
    const Lexeme& taken = row_[at_++];
    skip_filler();
    return taken;
  }
  bool accept(Term term) {
    if (done() || row_[at_].term != term) {
      return false;
    }
    take();
    return true;
  }
  void accept_all(std::initializer_list<Term> terms) {
    while (!done() && std::find(terms.begin(), terms.end(), term()) != terms.end()) {
      take();
    }
  }

 private:
  void skip_filler() {
    while (at_ < row_.size() && row_[at_].term == Term::filler) {
      ++at_;
    }
  }

  Lexemes row_;
  std::size_t at_ = 0;
};

/// "at most 3", "between 2 and 5", "3 or fewer", "not more than 3"; a bare "3" if `bare` allows it.
[[nodiscard]] std::optional<Bound> read_bound(Cursor& cursor, bool negated, bool bare);

/// The bound that a limiting word and a number give; nothing where a negation makes it unclear.
[[nodiscard]] std::optional<Bound> bound_of(Term limit, double number, bool negated);

/// A limit that follows its unit: "100 words at most", "3 sentences or fewer".
[[nodiscard]] std::optional<Bound> read_late_bound(Cursor& cursor, const Bound& exact);

[[nodiscard]] bool is_limit(Term term);

/// What the text speaks of: nothing or "the answer" for the output, or a document's noun.
struct Subject {
  std::string document;
  bool twice = false;
};

void read_subject(Cursor& cursor, Subject& subject);

/// Names of the allowed terms, joined by commas, "and", "or"; nothing if there is none.
[[nodiscard]] std::optional<std::vector<std::string>> read_names(
    Cursor& cursor, std::initializer_list<Term> allowed);

// About the output and the documents.
[[nodiscard]] std::optional<Check> read_text_count(Lexemes row);
[[nodiscard]] std::optional<Check> read_format(Lexemes row);
[[nodiscard]] std::optional<Check> read_mention(Lexemes row);
[[nodiscard]] std::optional<Check> read_mentioned(Lexemes row);
[[nodiscard]] std::optional<Check> read_language(Lexemes row);
[[nodiscard]] std::optional<Check> read_source(Lexemes row);
[[nodiscard]] std::optional<Check> read_file(Lexemes row);
[[nodiscard]] std::optional<Check> read_decimals(Lexemes row);
[[nodiscard]] std::optional<Check> read_currency(Lexemes row);

// About the run.
[[nodiscard]] std::optional<Check> read_call_count(Lexemes row);
[[nodiscard]] std::optional<Check> read_tool_times(Lexemes row);
[[nodiscard]] std::optional<Check> read_tool_rule(Lexemes row);
[[nodiscard]] std::optional<Check> read_order(Lexemes row);
[[nodiscard]] std::optional<Check> read_budget(Lexemes row);
[[nodiscard]] std::optional<Check> read_confirm(Lexemes row);

}  // namespace infinium::maestro
