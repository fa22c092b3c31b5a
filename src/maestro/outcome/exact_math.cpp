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

double exact_log(double x) {
  constexpr double kLn2 = 0.6931471805599453;
  constexpr int kTerms = 12;
  double value = x > 1e-300 ? std::min(x, 1e300) : 1e-300;
  double power = 0;
  while (value >= 1.5) {
    value /= 2;
    power += 1;
  }
  while (value < 0.75) {
    value *= 2;
    power -= 1;
  }
  // ln v = 2 artanh(z) with z = (v - 1) / (v + 1), at most 0.2 from zero here.
  const double z = (value - 1) / (value + 1);
  double sum = 0;
  double term = z;
  for (int i = 0; i < kTerms; ++i) {
    sum += term / (2 * i + 1);
    term *= z * z;
  }
  return power * kLn2 + 2 * sum;
}

double exact_logit(double p) {
  constexpr double kLeast = 1e-6;
  const double held = std::clamp(p, kLeast, 1 - kLeast);
  return exact_log(held / (1 - held));
}

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
