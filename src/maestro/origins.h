#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/asked.h"
#include "maestro/provenance.h"
#include "maestro/rows.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Where a value that an agent passed on was to be read before.
enum class Origin : std::uint8_t {
  request,           ///< the user's words
  rubric,            ///< the objective and the other items
  result,            ///< an earlier answer of a tool
  context,           ///< name, description, a section, an error, the day of the trace
  own_text,          ///< what the agent said or thought, and nothing before it
  earlier_argument,  ///< an earlier call took it, and nothing before it
  wording,           ///< a text of the agent's own, a switch or an everyday word: needs no source
  nowhere,
  unknown,  ///< nowhere, but a source was sent cut
};

/// Where one argument came from.
struct ArgumentOrigin {
  Origin origin = Origin::nowhere;
  std::optional<std::size_t> step;  ///< of the place; nothing: the request, the rubric, the name
  std::optional<Span> at;           ///< the place, if there is one
  std::optional<Rows::Place> cell;  ///< the record and field of a result that hold it
};

/// One value that went from one step to another, or into the final output.
struct Flow {
  std::size_t from = 0;
  std::optional<std::size_t> to;  ///< nothing: the final output
  Span source;
  Span use;
};

/// Places of a value in the trace.
struct Occurrence {
  Span at;
  TextRole role = TextRole::context;
  std::optional<std::size_t> step;
};

/// Argument provenance and value flow of a trace: built once in linear time; borrows the view, the
/// request and the rows.
class Origins {
 public:
  Origins(const TraceView& view, const Asked& asked, const Rows& rows);

  /// For each argument of a step, in their order; empty for a step without arguments.
  [[nodiscard]] std::span<const ArgumentOrigin> of(std::size_t step) const;
  /// In order of the step or output that uses the value; at most 20,000.
  [[nodiscard]] std::span<const Flow> flows() const noexcept { return flows_; }
  /// Places of a value, its key given, in trace order; at most 48.
  [[nodiscard]] std::span<const Occurrence> occurrences(std::uint64_t key) const;
  /// The same for a value as written; a date is found without its year, too.
  [[nodiscard]] std::vector<Occurrence> occurrences_of(std::string_view value) const;
  /// The first place of a value, however it is written, before a step: in any text, the agent's own
  /// and its earlier arguments included.
  [[nodiscard]] std::optional<Occurrence> seen(std::string_view value, std::size_t before) const;
  /// Whether a text before that step was sent cut, so that it may hold what cannot be found.
  [[nodiscard]] bool incomplete(std::size_t before) const;

 private:
  void index_fields();
  void trace_arguments(const StepView& step);
  void trace_text(FieldId id, std::optional<std::size_t> step);
  [[nodiscard]] ArgumentOrigin origin_of(const StepView& step, const Argument& argument) const;

  const TraceView& view_;
  const Asked& asked_;
  const Rows& rows_;
  std::unordered_map<std::uint64_t, std::vector<Occurrence>> occurrences_;
  std::vector<std::vector<ArgumentOrigin>> by_step_;
  std::vector<Flow> flows_;
  std::size_t first_cut_ = SIZE_MAX;  ///< the first step with a cut text; 0 for one without a step
};

/// Whether a value could not stand somewhere by chance: an id, a date, a number of three digits or
/// with a fraction, an address, a file.
[[nodiscard]] bool is_telling(std::string_view value);

/// A date as text that begins with year, month and day: its day; nothing for any other text.
[[nodiscard]] std::optional<DayToken> day_of(std::string_view value);

}  // namespace infinium::maestro
