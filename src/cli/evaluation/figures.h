#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cli/evaluation/bootstrap.h"
#include "cli/evaluation/judged_trace.h"
#include "cli/evaluation/metrics.h"

namespace infinium::cli::evaluation {

/// "verdict: macro-F1": the part before the colon is its group.
struct Figure {
  std::string name;
  double value = 0;
  Interval interval;
  std::size_t n = 0;  ///< of what: traces, or what the name says
};

using Rows = std::vector<const JudgedTrace*>;

/// What one row gives to a share.
struct Part {
  double top = 0;
  double bottom = 0;  ///< 0: the row does not count
};
/// One that counts, and is right or not.
[[nodiscard]] inline Part vote(bool right) { return {right ? 1.0 : 0.0, 1.0}; }

/// Collects figures of some traces. A figure that is not defined for them is left out.
class FigureSheet {
 public:
  explicit FigureSheet(Rows rows) : rows_(std::move(rows)) {}

  [[nodiscard]] const Rows& rows() const noexcept { return rows_; }
  [[nodiscard]] std::vector<Figure> take() && { return std::move(figures_); }

  /// The share of all tops in all bottoms; n is the sum of the bottoms.
  void add_share(std::string name, const std::function<Part(const JudgedTrace&)>& part);
  /// The same with the row's place in rows().
  void add_share_by_row(std::string name, const std::function<Part(std::size_t)>& part);
  /// A figure of those rows (places in rows()); the statistic gets places in `of`.
  void add(std::string name, const std::vector<std::size_t>& of, const Statistic& statistic);

 private:
  Rows rows_;
  std::vector<Figure> figures_;
};

/// Each adds its group of figures for the labels that are there.
void add_success_figures(FigureSheet& sheet, bool with_baselines);
void add_attribution_figures(FigureSheet& sheet, bool with_baselines);
void add_finding_figures(FigureSheet& sheet);
void add_rubric_figures(FigureSheet& sheet);
void add_verdict_figures(FigureSheet& sheet, bool with_baselines);
void add_running_figures(FigureSheet& sheet);  ///< evidence, company, time

/// All of them, in the order in which a person reads them.
[[nodiscard]] std::vector<Figure> all_figures(Rows rows, bool with_baselines);

/// The verdicts of the rows whose true verdict is known.
[[nodiscard]] Confusion confusion_of(const Rows& rows);

/// For each of the rows (all with a success label), the share of successes in rows of other tasks,
/// of the same agent where it has any; a half if there is no other task. What a baseline knows that
/// has not seen the row's task.
[[nodiscard]] std::vector<double> success_in_other_tasks(const Rows& rows, bool same_agent);

}  // namespace infinium::cli::evaluation
