#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A word of the request, in reading order.
struct RequestWord {
  std::string text;  ///< lower case
  Span at;
  bool negated = false;         ///< "not gross", "without tax", "do not include drafts"
  bool opens_sentence = false;  ///< its capital says nothing
};

/// A value of the request.
struct RequestValue {
  ValueToken token;
  FieldId field = 0;
  bool negated = false;
  [[nodiscard]] Span at() const { return {field, token.start, token.end}; }
};

/// What the user and the rubric asked for, to look words and values up in. At most 50,000 words.
class Request {
 public:
  explicit Request(const TraceView& view);

  [[nodiscard]] std::span<const RequestWord> words() const noexcept { return words_; }
  [[nodiscard]] std::span<const RequestValue> values() const noexcept { return values_; }

  /// Where these words (at most five, letter case aside) are asked for; a mention under a negation
  /// does not count.
  [[nodiscard]] std::optional<Span> mention(std::string_view phrase) const;
  /// Where this value stands, however it is written.
  [[nodiscard]] std::optional<Span> mention_of_value(std::uint64_t key) const;
  /// Either.
  [[nodiscard]] std::optional<Span> mentions(std::string_view text) const;
  /// Whether any of these words stands in the request, not negated.
  [[nodiscard]] bool says_any(std::initializer_list<std::string_view> words) const;
  /// Index of a word into words(), first not negated; by its lower-case text.
  [[nodiscard]] std::optional<std::size_t> find_word(std::string_view folded) const;

 private:
  void add_field(const TraceView& view, FieldId id);

  std::vector<RequestWord> words_;
  std::vector<RequestValue> values_;
  std::unordered_map<std::uint64_t, Span> phrases_;  ///< hash of one to five words
  std::unordered_map<std::uint64_t, Span> by_value_;
  std::unordered_map<std::string_view, std::size_t> by_word_;
};

/// Where a value of the trace was first to be read by the agent.
struct Source {
  std::optional<std::size_t> step;  ///< nothing: in the trace's own words (request, rubric, name)
  Span at;
  Unit unit = Unit::none;
};

/// Values that the agent was given: request, rubric, context, tool results. Its own words and
/// arguments are no sources.
class Sources {
 public:
  explicit Sources(const TraceView& view);

  /// The first place of a value that stands before `step` (everywhere, if none is given).
  [[nodiscard]] const Source* find(std::uint64_t key,
                                   std::optional<std::size_t> before = std::nullopt) const;
  /// A number within half a unit of the last place of `number`, or null.
  [[nodiscard]] const Source* near(double number, double precision) const;
  /// All numbers that the agent was given, ascending.
  [[nodiscard]] std::span<const std::pair<double, Source>> numbers() const noexcept {
    return numbers_;
  }
  /// Whether a cut source may hold what cannot be found.
  [[nodiscard]] bool incomplete() const noexcept { return incomplete_; }

 private:
  std::unordered_map<std::uint64_t, Source> first_;
  std::vector<std::pair<double, Source>> numbers_;
  bool incomplete_ = false;
};

}  // namespace infinium::maestro
