#include "cli/evaluation/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace infinium::cli::evaluation {
namespace {

double mean_of(Forecasts forecasts, double (*part)(const Forecast&)) {
  double sum = 0;
  for (const Forecast& forecast : forecasts) {
    sum += part(forecast);
  }
  return sum / static_cast<double>(forecasts.size());
}

/// The forecasts in the order of a key; equals keep theirs.
template <class Key>
std::vector<Forecast> sorted_by(Forecasts forecasts, Key key) {
  std::vector<Forecast> sorted(forecasts.begin(), forecasts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [&key](const Forecast& a, const Forecast& b) {
    return key(a) < key(b);
  });
  return sorted;
}

double probability_of(const Forecast& forecast) { return forecast.probability; }

}  // namespace

std::optional<double> auc(Forecasts forecasts) {
  std::vector<Forecast> sorted(forecasts.begin(), forecasts.end());
  std::sort(sorted.begin(), sorted.end(), [](const Forecast& a, const Forecast& b) {
    return a.probability < b.probability;
  });
  double rank_sum = 0;
  std::size_t happened = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    std::size_t here = 0;
    while (end < sorted.size() && sorted[end].probability == sorted[i].probability) {
      here += sorted[end++].happened ? 1 : 0;
    }
    rank_sum += static_cast<double>(here) * static_cast<double>(i + end + 1) / 2;
    happened += here;
    i = end;
  }
  const std::size_t rest = sorted.size() - happened;
  if (happened == 0 || rest == 0) {
    return std::nullopt;
  }
  const double count = static_cast<double>(happened);
  return (rank_sum - count * (count + 1) / 2) / (count * static_cast<double>(rest));
}

std::optional<double> accuracy(Forecasts forecasts) {
  if (forecasts.empty()) {
    return std::nullopt;
  }
  return mean_of(forecasts,
                 [](const Forecast& f) { return (f.probability > 0.5) == f.happened ? 1.0 : 0.0; });
}

std::optional<double> accuracy_of_confident_half(Forecasts forecasts) {
  std::vector<Forecast> surest =
      sorted_by(forecasts, [](const Forecast& f) { return -std::abs(f.probability - 0.5); });
  surest.resize(surest.size() / 2);
  return accuracy(surest);
}

std::optional<double> brier(Forecasts forecasts) {
  if (forecasts.empty()) {
    return std::nullopt;
  }
  return mean_of(forecasts, [](const Forecast& f) {
    const double miss = f.probability - (f.happened ? 1.0 : 0.0);
    return miss * miss;
  });
}

std::optional<double> calibration_error(Forecasts forecasts) {
  if (forecasts.empty()) {
    return std::nullopt;
  }
  double error = 0;
  for (int bin = 0; bin < 10; ++bin) {
    double gap = 0;
    for (const Forecast& forecast : forecasts) {
      const double p = forecast.probability;
      if ((p >= bin / 10.0 && p < (bin + 1) / 10.0) || (bin == 9 && p == 1)) {
        gap += (forecast.happened ? 1.0 : 0.0) - p;
      }
    }
    error += std::abs(gap);
  }
  return error / static_cast<double>(forecasts.size());
}

std::optional<double> precision_of_most_suspect(Forecasts forecasts) {
  std::vector<Forecast> suspect = sorted_by(forecasts, probability_of);
  suspect.resize(static_cast<std::size_t>(0.3 * static_cast<double>(suspect.size())));
  if (suspect.empty()) {
    return std::nullopt;
  }
  return mean_of(suspect, [](const Forecast& f) { return f.happened ? 0.0 : 1.0; });
}

Confusion confusion(std::span<const VerdictPair> pairs) {
  Confusion counts{};
  for (const VerdictPair& pair : pairs) {
    ++counts[static_cast<std::size_t>(pair.truth)][static_cast<std::size_t>(pair.said)];
  }
  return counts;
}

std::optional<double> macro_f1(const Confusion& counts) {
  double sum = 0;
  std::size_t classes = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::size_t truth = std::accumulate(counts[i].begin(), counts[i].end(), std::size_t{0});
    std::size_t said = 0;
    for (const auto& row : counts) {
      said += row[i];
    }
    if (truth > 0) {
      sum += 2 * static_cast<double>(counts[i][i]) / static_cast<double>(truth + said);
      ++classes;
    }
  }
  return classes == 0 ? std::nullopt : std::optional(sum / static_cast<double>(classes));
}

std::optional<double> quantile(std::vector<double> values, double share) {
  if (values.empty()) {
    return std::nullopt;
  }
  const auto place = static_cast<std::ptrdiff_t>(
      std::min(static_cast<double>(values.size() - 1), share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

}  // namespace infinium::cli::evaluation
