#pragma once

/// Functions whose results are the same on every machine: built of IEEE additions, multiplications
/// and divisions in a fixed order only, since the C library's differ with the processor's features.
namespace infinium::maestro {

/// e to the x, within 1e-12 of it relatively; x is taken as at most 40 from zero.
[[nodiscard]] double exact_exp(double x);

/// 1 / (1 + e^-x).
[[nodiscard]] double logistic(double x);

/// The natural logarithm of x > 0, within 1e-14 of it; x is taken as at least 1e-300, at most
/// 1e300.
[[nodiscard]] double exact_log(double x);

/// ln(p / (1 - p)) for a probability, which is taken as within 1e-6 and 1 - 1e-6.
[[nodiscard]] double exact_logit(double p);

/// The logarithm to base 2 of 1 + x for x >= 0, linear between powers of two (at most 0.09 off): it
/// tames counts, no more. 0 for a negative x.
[[nodiscard]] double log_count(double x);

}  // namespace infinium::maestro
