#include "cli/evaluation/figures.h"

#include <numeric>
#include <optional>
#include <utility>

namespace infinium::cli::evaluation {

void FigureSheet::add(std::string name,
                      const std::vector<std::size_t>& of,
                      const Statistic& statistic) {
  std::vector<std::string> tasks;
  tasks.reserve(of.size());
  for (const std::size_t row : of) {
    tasks.push_back(rows_[row]->task);
  }
  std::vector<std::size_t> all(of.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const std::optional<double> value = statistic(all);
  if (!value) {
    return;
  }
  const Interval around = interval_over_tasks(tasks, statistic).value_or(Interval{*value, *value});
  figures_.push_back({std::move(name), *value, around, of.size()});
}

void FigureSheet::add_share(std::string name, const std::function<Part(const JudgedTrace&)>& part) {
  add_share_by_row(std::move(name), [&](std::size_t row) { return part(*rows_[row]); });
}

void FigureSheet::add_share_by_row(std::string name, const std::function<Part(std::size_t)>& part) {
  std::vector<std::size_t> of;
  std::vector<Part> parts;
  double n = 0;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const Part one = part(row);
    if (one.bottom > 0) {
      of.push_back(row);
      parts.push_back(one);
      n += one.bottom;
    }
  }
  const std::size_t before = figures_.size();
  add(std::move(name), of, [&parts](std::span<const std::size_t> drawn) -> std::optional<double> {
    Part sum;
    for (const std::size_t i : drawn) {
      sum.top += parts[i].top;
      sum.bottom += parts[i].bottom;
    }
    return sum.bottom > 0 ? std::optional(sum.top / sum.bottom) : std::nullopt;
  });
  if (figures_.size() > before) {
    figures_.back().n = static_cast<std::size_t>(n);
  }
}

std::vector<Figure> all_figures(Rows rows, bool with_baselines) {
  FigureSheet sheet(std::move(rows));
  add_success_figures(sheet, with_baselines);
  add_attribution_figures(sheet, with_baselines);
  add_finding_figures(sheet);
  add_rubric_figures(sheet);
  add_verdict_figures(sheet, with_baselines);
  add_running_figures(sheet);
  return std::move(sheet).take();
}

}  // namespace infinium::cli::evaluation
