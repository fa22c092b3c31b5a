#include "maestro/learning/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace infinium::maestro {
namespace {

double square(double x) { return x * x; }

/// The probability that a run with the label has the higher value, ties half.
std::optional<double> auc_of(std::span<const Foretold> runs, double Foretold::* value) {
  std::vector<const Foretold*> order;
  for (const Foretold& run : runs) {
    order.push_back(&run);
  }
  std::stable_sort(order.begin(), order.end(), [&](const Foretold* a, const Foretold* b) {
    return a->*value < b->*value;
  });
  double yes = 0;
  double no = 0;
  double above = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tied_yes = 0;
    double tied_no = 0;
    const double here = order[i]->*value;
    for (; i < order.size() && order[i]->*value == here; ++i) {
      (order[i]->label > 0.5 ? tied_yes : tied_no) += order[i]->weight;
    }
    above += tied_yes * (no + tied_no / 2);
    yes += tied_yes;
    no += tied_no;
  }
  return yes > 0 && no > 0 ? std::optional(above / (yes * no)) : std::nullopt;
}

Figures figures_of(std::span<const Foretold> runs, double Foretold::* value) {
  Figures figures;
  double weight = 0;
  for (const Foretold& run : runs) {
    weight += run.weight;
    const bool right = (run.*value >= 0.5) == (run.label > 0.5);
    figures.accuracy += right ? run.weight : 0;
    figures.brier += run.weight * square(run.*value - run.label);
  }
  if (weight > 0) {
    figures.accuracy /= weight;
    figures.brier /= weight;
  }
  figures.auc = auc_of(runs, value);
  return figures;
}

/// The standard error of the weighted mean gain, whole groups taken as one draw each.
double error_of(std::span<const Foretold> runs, double mean) {
  std::map<std::size_t, double> rest;
  double weight = 0;
  for (const Foretold& run : runs) {
    const double gain = square(run.before - run.label) - square(run.after - run.label);
    rest[run.group] += run.weight * (gain - mean);
    weight += run.weight;
  }
  double sum = 0;
  for (const auto& [group, part] : rest) {
    sum += square(part);
  }
  const auto groups = static_cast<double>(rest.size());
  return groups > 1 && weight > 0 ? std::sqrt(sum * groups / (groups - 1)) / weight : 0;
}

}  // namespace

Comparison compare(std::span<const Foretold> runs) {
  Comparison made;
  made.runs = static_cast<std::int64_t>(runs.size());
  if (runs.empty()) {
    return made;
  }
  made.learned = true;
  made.before = figures_of(runs, &Foretold::before);
  made.after = figures_of(runs, &Foretold::after);
  made.gain = made.before.brier - made.after.brier;
  made.gain_error = error_of(runs, made.gain);
  made.helps = made.gain > made.gain_error && made.gain > 0;
  return made;
}

}  // namespace infinium::maestro
