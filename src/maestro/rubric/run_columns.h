#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/rubric/content.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A plain word that says nothing about whose id, name or number it is.
[[nodiscard]] bool is_general_word(std::string_view plain_word);

/// One column of the run: every value that the tools' results (and the calls) hold under one name.
struct RunColumn {
  std::vector<std::string> words;  ///< plain words of its name
  struct Value {
    std::string text;
    Span at;              ///< where it stood first
    bool argued = false;  ///< in a call, not in a result
    bool acted = false;   ///< given to a call that changed something
  };
  std::vector<Value> values;  ///< different ones, the first 256
};

/// The columns by their names, so that "the refund id" can be held against `refund_id`. Built once,
/// linear in the trace; borrows the view. For one thread: it remembers what it was asked.
class RunColumns {
 public:
  explicit RunColumns(const TraceView& view);

  [[nodiscard]] const TraceView& view() const noexcept { return view_; }

  /// The columns that are named as the words say: every word of the column's name is among them, or
  /// the other way round, and more than a mere "id", "name", "number" or "code" agrees.
  [[nodiscard]] std::vector<const RunColumn*> named(std::span<const std::string> words) const;

  [[nodiscard]] std::span<const RunColumn> all() const noexcept { return columns_; }

  /// Whether a tool's result holds this value (ValueToken::key), or these words (in the request
  /// too), or this text inside a longer one.
  [[nodiscard]] bool has_value(std::uint64_t key) const { return keys_.contains(key); }
  [[nodiscard]] std::optional<Span> source_of(std::uint64_t key) const;
  [[nodiscard]] bool says(std::string_view words) const;
  [[nodiscard]] bool holds_fragment(std::string_view text) const;
  /// Whether a cut result may hold what cannot be found.
  [[nodiscard]] bool incomplete() const noexcept { return incomplete_; }

  /// The columns that hold this text as a whole value.
  [[nodiscard]] std::vector<const RunColumn*> holding(std::string_view text) const;

 private:
  void add(const Cell& cell, FieldId field);

  const TraceView& view_;
  std::unordered_map<std::uint64_t, Span> keys_;  ///< the first place of a value
  bool incomplete_ = false;
  std::vector<std::string> results_;  ///< what tools answered, folded
  /// What holds_fragment has looked for: every item of a rubric asks for the same values.
  mutable std::unordered_map<std::string, bool> fragments_;
  std::vector<RunColumn> columns_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_opening_;  ///< of a word
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_value_;
};

}  // namespace infinium::maestro
