#include "maestro/outcome/exact_math.h"

#include <algorithm>

namespace infinium::maestro {

double exact_exp(double x) {
  constexpr double kMost = 40;
  constexpr int kHalvings = 10;
  constexpr int kTerms = 7;
  const double clamped = std::clamp(x, -kMost, kMost);
  // e^x = (e^(x / 1024))^1024; the series of so small a number ends after few terms.
  const double small = clamped / 1024.0;
  double sum = 1;
  double term = 1;
  for (int i = 1; i <= kTerms; ++i) {
    term = term * small / i;
    sum += term;
  }
  for (int i = 0; i < kHalvings; ++i) {
    sum *= sum;
  }
  return sum;
}

double logistic(double x) { return 1.0 / (1.0 + exact_exp(-x)); }

double log_count(double x) {
  if (!(x > 0)) {
    return 0;
  }
  double value = std::min(x, 1e15) + 1;
  double power = 0;
  while (value >= 2) {
    value /= 2;
    power += 1;
  }
  return power + (value - 1);
}

}  // namespace infinium::maestro
