#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/field_units.h"
#include "maestro/text_days.h"
#include "maestro/text_times.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A number that the agent was given, and what it counts there.
struct Ground {
  double number = 0;
  double precision = 1;
  Unit unit = Unit::none;
  Currency currency = Currency::any;
  std::optional<std::size_t> step;  ///< nothing: in the trace's own words
  Span at;
  std::string_view key;  ///< the name of its field, lower case; empty in running text
  bool in_result = false;
  bool in_words = false;  ///< stands within a text of a record, not alone in its field
};

/// A day or a time of day that the agent was given.
struct GroundDay {
  DayToken day;
  std::optional<std::size_t> step;
  Span at;
};
struct GroundTime {
  TimeToken time;
  std::optional<std::size_t> step;
  Span at;
};

/// Everything that the agent was given and when: request, rubric, context, results, errors. Its own
/// words and arguments are no ground. The unit of a number comes from the sign or word beside it,
/// else from the name of its field, a `unit` or `currency` of its record, or a note ("in cents").
/// At most 100,000 numbers, 20,000 days and times. Borrows the view.
class Grounds {
 public:
  explicit Grounds(const TraceView& view);

  /// "Before" a step: what was known when it began; nothing: all of the trace.
  using Before = std::optional<std::size_t>;

  /// The first number within half a unit of `precision` that stands before.
  [[nodiscard]] const Ground* find(double number, double precision, Before before) const;
  /// All numbers in that range, of any time.
  [[nodiscard]] std::span<const Ground> range(double low, double high) const;
  /// All, ascending by number.
  [[nodiscard]] std::span<const Ground> numbers() const noexcept { return numbers_; }
  [[nodiscard]] std::span<const GroundDay> days() const noexcept { return days_; }
  [[nodiscard]] std::span<const GroundTime> times() const noexcept { return times_; }
  /// Whether the words stand in a ground before, be it inside a longer word; letter case aside.
  [[nodiscard]] bool holds_text(std::string_view words, Before before) const;
  /// Whether a cut ground may hold what cannot be found.
  [[nodiscard]] bool incomplete() const noexcept { return incomplete_; }

  [[nodiscard]] static bool is_before(const std::optional<std::size_t>& step, Before before) {
    return !step || !before || *step < *before;
  }

 private:
  void add_field(const TraceView& view, FieldId id);
  void name_numbers(const TraceView& view,
                    FieldId id,
                    std::size_t first,
                    const std::vector<CellUnit>& units);

  struct Part {
    std::size_t end = 0;  ///< of the part in text_
    std::optional<std::size_t> step;
  };
  std::vector<Ground> numbers_;
  std::vector<GroundDay> days_;
  std::vector<GroundTime> times_;
  std::string text_;  ///< all grounds, lower case
  std::vector<Part> parts_;
  bool incomplete_ = false;
};

[[nodiscard]] bool is_ground(TextRole role);

}  // namespace infinium::maestro
