#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/provenance.h"
#include "maestro/text_days.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Which of the asking texts names something.
enum class AskedIn : std::uint8_t { objective, user, deliverable, criterion, constraint };

/// A place where the user or the rubric names a value or a thing.
struct Mention {
  Span at;
  AskedIn in = AskedIn::user;
  bool negated = false;
  std::optional<std::size_t> step;  ///< of the user message; nothing: known from the start
};

/// What was asked for, to look things up however they are written: "+44 7700 900412" and
/// "+447700900412", "14 May" and "2026-05-14", 青葉商事 inside a sentence, `gas_safe` and "Gas
/// Safe". Built once, linear; borrows the view.
class Asked {
 public:
  Asked(const TraceView& view, const Request& request);

  /// Every place that names the whole of `text`, at most 24, those of the objective first.
  [[nodiscard]] std::vector<Mention> all(std::string_view text) const;
  /// The first that is not negated, stood before `step` and is no constraint: rules name values as
  /// examples.
  [[nodiscard]] std::optional<Mention> find(std::string_view text, std::size_t before) const;
  [[nodiscard]] std::optional<Mention> find(std::string_view text,
                                            std::size_t before,
                                            AskedIn in) const;
  /// Days that the user or the rubric names, in reading order, at most 256.
  struct Day {
    DayToken day;
    Mention mention;
  };
  [[nodiscard]] std::span<const Day> days() const noexcept { return days_; }

 private:
  void add_field(const TraceView& view, FieldId id, AskedIn in);
  void add_phrases(const TraceView& view, const Request& request);
  void add(std::uint64_t key, const Mention& mention);

  std::unordered_map<std::uint64_t, std::vector<Mention>> mentions_;
  std::vector<Day> days_;
};

/// The digits of what looks like a telephone number, without its leading zeros; empty if it is
/// none.
[[nodiscard]] std::string phone_digits(std::string_view text);

}  // namespace infinium::maestro
