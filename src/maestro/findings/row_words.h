#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "maestro/facts.h"

namespace infinium::maestro {

/// One field in which a row fits the request's words and the row beside it does not.
struct RowFit {
  Rows::Place fits;     ///< the cell that was asked for
  Rows::Place instead;  ///< what the other row has under the same key
  Mention asked;
  bool strong = false;  ///< a name, an id or a value beside its key; else an everyday word
};

/// Holds two rows against what was asked: in which fields does each fit better than the other?
class RowWords {
 public:
  explicit RowWords(const Facts& facts) : facts_(facts) {}

  /// Fields in which `row` fits and `other` does not, by what was said before `before`. What the
  /// objective names counts more than what the user names beside it.
  [[nodiscard]] std::vector<RowFit> better(std::uint32_t row,
                                           std::uint32_t other,
                                           std::size_t before) const;

  /// Whether anything that was said may mean this row and not the other: a word of it is enough.
  [[nodiscard]] bool speaks_for(std::uint32_t row, std::uint32_t other, std::size_t before) const;

  /// Whether the agent told the user of this row and not of the other, and the user went on.
  [[nodiscard]] bool was_agreed(std::uint32_t chosen,
                                std::uint32_t other,
                                std::size_t before) const;

  /// Whether any text of the agent between two steps names this row by what the other has not.
  [[nodiscard]] bool speaks_of(std::uint32_t row,
                               std::uint32_t other,
                               std::size_t after,
                               std::size_t before) const;

  /// The first text of the agent between two steps that names the one row and not the other: there
  /// the choice was made.
  [[nodiscard]] std::optional<std::size_t> told_at(std::uint32_t chosen,
                                                   std::uint32_t other,
                                                   std::size_t after,
                                                   std::size_t before) const;

 private:
  /// How the agent can name a row and not the other: ids, names, numbers of its own.
  struct Names {
    std::vector<std::string> texts;
    std::vector<std::uint64_t> numbers;
  };
  [[nodiscard]] Names names_of(std::uint32_t row, std::uint32_t other) const;
  [[nodiscard]] bool names(const StepView& step, const Names& names) const;
  [[nodiscard]] std::optional<RowFit> fit(const Rows::Place& place,
                                          const Rows::Place& rival,
                                          std::size_t before) const;
  [[nodiscard]] std::optional<RowFit> named_in_full(const Rows::Place& place,
                                                    const Rows::Place& rival,
                                                    std::size_t before) const;
  [[nodiscard]] std::optional<RowFit> named_in_part(const Rows::Place& place,
                                                    const Rows::Place& rival,
                                                    std::size_t before) const;
  [[nodiscard]] std::optional<RowFit> switched_on(const Rows::Place& place,
                                                  const Rows::Place& rival,
                                                  std::size_t before) const;
  [[nodiscard]] std::optional<Mention> spoken(std::string_view text,
                                              std::size_t before,
                                              bool in_objective) const;
  [[nodiscard]] bool in_objective(std::string_view value,
                                  std::string_view other,
                                  std::size_t before) const;
  [[nodiscard]] bool is_of_another_name(const Mention& mention, std::string_view name) const;
  [[nodiscard]] bool is_left_aside(const Mention& mention) const;
  [[nodiscard]] bool beside_its_key(const Mention& mention, const Cell& cell) const;

  const Facts& facts_;
};

/// Whether a key says that its value is an id: "id", "order_no", "sku", "kennung".
[[nodiscard]] bool is_id_key(std::string_view key);

}  // namespace infinium::maestro
