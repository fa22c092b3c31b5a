#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "infinium/types.h"
#include "maestro/secrets.h"
#include "maestro/text_records.h"
#include "maestro/text_values.h"

namespace infinium::maestro {

/// Whose words a text is.
enum class TextRole : std::uint8_t {
  request,   ///< the user's: input_summary and user messages
  rubric,    ///< expected_outcome
  argument,  ///< what a step gave to a tool
  result,    ///< what a tool answered
  speech,    ///< what the agent said or wrote
  thought,   ///< what the agent reasoned (prompts and model answers that nobody else saw)
  output,    ///< output_summary
  error,     ///< error records
  context,   ///< name, description, sections, step descriptions
};

/// One text of the trace and the path it was sent under, e.g. `steps[3].tool_call.output_summary`.
struct TextField {
  std::string path;
  std::string_view text;  ///< borrowed from the trace (or from the view, for a number)
  TextRole role = TextRole::context;
  std::optional<std::size_t> step;  ///< 0-based place of its step
  bool cut = false;                 ///< the rest of it was not sent: nothing is absent from it
  bool superseded = false;          ///< a fuller field of the same step says the same
};

/// Place of a field in TraceView::fields().
using FieldId = std::size_t;

/// Bytes [start, end) of one field.
struct Span {
  FieldId field = 0;
  std::size_t start = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

enum class StepKind : std::uint8_t { user, llm, tool, message, decision };

/// One argument of a call: a leaf of its JSON input, a `key=value`, a comparison of a query.
struct Argument {
  std::string key;  ///< lower case; the last key of its path; empty for bare text
  std::string op;   ///< "=", "<", "in", "like", …; "select", "from", "limit" of a query; else empty
  std::string value;  ///< without quotes
  Span at;            ///< where the value stands
};

/// What the answer of a tool says of its own call.
enum class AnswerState : std::uint8_t {
  plain,
  refused,  ///< it did nothing, though it may have answered OK
  waiting,  ///< it is not done yet: queued, running, to be approved
  nothing,  ///< nothing was found
};

/// A step, normalised.
struct StepView {
  std::size_t index = 0;
  std::int64_t number = 0;  ///< step_number as sent
  StepKind kind = StepKind::decision;
  std::string agent;              ///< who acted; empty if unknown
  std::string handed_to;          ///< whom the step hands the work to; empty if nobody
  std::string tool;               ///< empty unless kind is tool
  bool changes_state = false;     ///< the tool's name says that it writes, sends, books, …
  bool looks = false;             ///< the tool's name says that it only looks or waits
  std::optional<FieldId> input;   ///< the fullest text of what went in
  std::optional<FieldId> output;  ///< the fullest text of what came out
  std::vector<Argument> arguments;
  std::uint64_t arguments_hash = 0;  ///< equal for equal canonical arguments
  std::uint64_t result_hash = 0;  ///< equal for equal results, ids of calls and times of day aside
  AnswerState answer = AnswerState::plain;
  std::optional<Span> answer_words;  ///< the words that say so; set unless plain
  bool own_job = false;              ///< asks for something that an earlier call of the run started
  bool failed = false;               ///< an error record, a status ≥ 400, or an answer that refuses
  std::optional<Span> error;         ///< the words that say so; set if failed
  std::string error_template;        ///< the same without values
  std::int64_t tokens = 0;           ///< prompt and completion
  std::int64_t duration_ms = 0;
};

/// A trace as every part of the engine reads it: built once, in time linear in the trace's size.
/// Borrows the trace, which must outlive it and stay unchanged. Immutable after construction, so
/// any number of threads may read it.
class TraceView {
 public:
  /// What a view is read for; one that nothing is quoted from need not look for secrets.
  enum class Use : std::uint8_t { everything, values };
  explicit TraceView(const TaskData& trace, Use use = Use::everything);
  TraceView(const TraceView&) = delete;
  TraceView& operator=(const TraceView&) = delete;

  [[nodiscard]] const TaskData& trace() const noexcept { return trace_; }
  [[nodiscard]] std::span<const TextField> fields() const noexcept { return fields_; }
  [[nodiscard]] const TextField& field(FieldId id) const { return fields_[id]; }
  [[nodiscard]] std::optional<FieldId> find(std::string_view path) const;
  [[nodiscard]] std::string_view text(const Span& span) const;

  [[nodiscard]] std::span<const StepView> steps() const noexcept { return steps_; }

  /// The user's words: input_summary and user messages, in time order.
  [[nodiscard]] std::span<const FieldId> request() const noexcept { return request_; }
  /// Objective, deliverables, constraints, criteria.
  [[nodiscard]] std::span<const FieldId> rubric() const noexcept { return rubric_; }
  /// What the agent handed over: the final output first (its full text, where a step holds it),
  /// then what it wrote with tools (files, mails, reports), earliest first.
  [[nodiscard]] std::span<const FieldId> delivered() const noexcept { return delivered_; }
  /// The final output alone; nothing if none was sent or it is blank.
  [[nodiscard]] std::optional<FieldId> final_output() const noexcept { return final_output_; }

  /// Numbers, identifiers, dates, URLs, … of a field, in order; empty for a superseded field.
  [[nodiscard]] std::span<const ValueToken> values(FieldId id) const { return values_[id]; }
  /// The records that a field's text holds (JSON, CSV, tables, key: value lines); may be empty.
  [[nodiscard]] const Records& records(FieldId id) const { return records_[id]; }

  /// Keys, tokens and passwords in a field, in order: by their form, by what stands before them, or
  /// because another place of the trace calls the same value a secret.
  [[nodiscard]] std::span<const Secret> secrets(FieldId id) const { return secrets_[id]; }
  /// The values of all of them, at most 256, to keep them out of what is said of the trace.
  [[nodiscard]] const std::vector<std::string>& secret_values() const noexcept {
    return secret_values_;
  }
  /// The words at a place with an asterisk for each byte of a secret.
  [[nodiscard]] std::string masked(const Span& span) const;

  /// Steps with at least one cut text that no fuller field replaces, and such fields in the trace.
  [[nodiscard]] std::size_t steps_cut() const noexcept { return steps_cut_; }
  [[nodiscard]] std::size_t fields_cut() const noexcept { return fields_cut_; }

 private:
  friend class TraceViewBuilder;
  const TaskData& trace_;
  std::deque<std::string> numbers_as_text_;
  std::vector<TextField> fields_;
  std::unordered_map<std::string_view, FieldId> by_path_;
  std::vector<std::vector<ValueToken>> values_;
  std::vector<Records> records_;
  std::vector<std::vector<Secret>> secrets_;
  std::vector<std::string> secret_values_;
  std::vector<StepView> steps_;
  std::vector<FieldId> request_;
  std::vector<FieldId> rubric_;
  std::vector<FieldId> delivered_;
  std::optional<FieldId> final_output_;
  std::size_t steps_cut_ = 0;
  std::size_t fields_cut_ = 0;
};

}  // namespace infinium::maestro
