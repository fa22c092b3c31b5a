#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/evaluation/figures.h"

/// Figures for a person or for a program. Ends in a line end.
namespace infinium::cli::evaluation {

/// The figures of the rows that share a name: an agent, or a kind.
struct Breakdown {
  std::string name;
  std::size_t traces = 0;
  std::vector<Figure> figures;
};

/// One JSON object a line: {"figure","value","low","high","n"}, and with `by` (such as "agent") the
/// group's name under that key.
[[nodiscard]] std::string as_json_lines(std::span<const Figure> figures,
                                        const std::string& by = {},
                                        const std::string& name = {});

/// A table, group by group; baselines stand below the figure they belong to.
[[nodiscard]] std::string as_table(std::span<const Figure> figures);

/// How often each verdict was given for each true one, as a square of counts; empty without any.
[[nodiscard]] std::string as_square(const Confusion& confusion);

/// The main figures of each group, a row each.
[[nodiscard]] std::string as_breakdown(const std::string& by, std::span<const Breakdown> groups);

}  // namespace infinium::cli::evaluation
