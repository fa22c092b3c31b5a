#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "maestro/text.h"
#include "maestro/text_days.h"
#include "maestro/text_times.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

enum class Speaker : std::uint8_t {
  thought,   ///< a decision, a reasoning
  speech,    ///< a message, a model's answer
  argument,  ///< prose that the agent gave to a tool: a mail, a note, a report
  output,    ///< the final output
};

/// A text in which the agent says something.
struct Statement {
  Speaker speaker = Speaker::output;
  Span at;
  std::optional<std::size_t> step;  ///< nothing: the final output, said by no step
  std::vector<Match> sentences;     ///< bytes of the field; cover all words of the statement
  std::vector<DayToken> days;       ///< bytes of the field, as all below
  std::vector<TimeToken> times;
  std::vector<WeekdayToken> weekdays;
  std::uint32_t first_claim = 0;  ///< [first_claim, claims_end) of Statements::claims()
  std::uint32_t claims_end = 0;
};

/// A value that the agent states: never a part of a date or a time of day, nor the number of a list
/// item.
struct StatedValue {
  ValueToken token;  ///< bytes of the field
  Span at;
  std::uint32_t statement = 0;
  std::uint32_t sentence = 0;  ///< of its statement
};

/// What the agent says, in the order of the trace, the final output last. At most 2,000 statements,
/// 400,000 bytes and 20,000 claims. Borrows the view.
class Statements {
 public:
  explicit Statements(const TraceView& view);

  [[nodiscard]] std::span<const Statement> all() const noexcept { return statements_; }
  [[nodiscard]] std::span<const StatedValue> claims() const noexcept { return claims_; }
  [[nodiscard]] std::span<const StatedValue> claims_of(const Statement& statement) const;
  /// The sentence that holds a byte of the statement's field.
  [[nodiscard]] static Match sentence_at(const Statement& statement, std::size_t byte);
  /// The final output, if there is one.
  [[nodiscard]] const Statement* output() const noexcept;

 private:
  void add(const TraceView& view, Speaker speaker, const Span& at, std::optional<std::size_t> step);
  void add_arguments(const TraceView& view, const StepView& step);
  void add_claims(const TraceView& view, std::uint32_t statement);

  std::vector<Statement> statements_;
  std::vector<StatedValue> claims_;
  std::optional<std::size_t> output_;
  std::size_t bytes_ = 0;
};

/// Sentences of [from, to) of a text: ended by . ! ? before a space, by 。！？ and by line ends
/// (also those of JSON text, \n).
[[nodiscard]] std::vector<Match> split_sentences(std::string_view text,
                                                 std::size_t from,
                                                 std::size_t to);

/// Whether a text is written for a reader: words with spaces, not code, a query or a path.
[[nodiscard]] bool is_prose(std::string_view text);

}  // namespace infinium::maestro
