#include <algorithm>
#include <array>

#include "maestro/learning/fit.h"
#include "maestro/outcome/exact_math.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kParameters = Calibration::kSignals + 2;
constexpr int kRounds = 30;
constexpr double kStepMax = 1;
/// One over the square of how far a parameter is expected to lie from the prior.
constexpr double kOffsetPull = 1;
constexpr double kSlopePull = 4;
constexpr double kWeightPull = 2;
constexpr double kParameterMax = 20;

using Vector = std::array<double, kParameters>;
using Matrix = std::array<Vector, kParameters>;

Vector row_of(const RunSignals& run) {
  Vector row{1, run.shipped_logit};
  std::copy(run.values.begin(), run.values.end(), row.begin() + 2);
  return row;
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kParameters; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

/// Solves m x = b for a symmetric positive definite m, by m = L D Lᵀ without square roots.
Vector solve(Matrix m, Vector b) {
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t row = i + 1; row < kParameters; ++row) {
      const double factor = m[row][i] / m[i][i];
      for (std::size_t column = i; column < kParameters; ++column) {
        m[row][column] -= factor * m[i][column];
      }
      b[row] -= factor * b[i];
    }
  }
  for (std::size_t i = kParameters; i > 0; --i) {
    double sum = b[i - 1];
    for (std::size_t column = i; column < kParameters; ++column) {
      sum -= m[i - 1][column] * b[column];
    }
    b[i - 1] = sum / m[i - 1][i - 1];
  }
  return b;
}

}  // namespace

Calibration::Success fit_success(std::span<const LabelledRun> runs, bool inside) {
  Vector pull;
  pull.fill(kWeightPull);
  pull[0] = kOffsetPull;
  pull[1] = kSlopePull;
  const Vector prior{0, inside ? 1.0 : 0.0};
  Vector found = prior;
  for (int round = 0; round < kRounds; ++round) {
    Vector gradient;
    Matrix curvature{};
    for (std::size_t i = 0; i < kParameters; ++i) {
      gradient[i] = pull[i] * (prior[i] - found[i]);
      curvature[i][i] = pull[i];
    }
    for (const LabelledRun& labelled : runs) {
      const Vector row = row_of(*labelled.run);
      const double p = logistic(dot(row, found));
      for (std::size_t i = 0; i < kParameters; ++i) {
        gradient[i] += labelled.weight * (labelled.label - p) * row[i];
        for (std::size_t j = 0; j < kParameters; ++j) {
          curvature[i][j] += labelled.weight * p * (1 - p) * row[i] * row[j];
        }
      }
    }
    const Vector step = solve(curvature, gradient);
    for (std::size_t i = 0; i < kParameters; ++i) {
      const double next = found[i] + std::clamp(step[i], -kStepMax, kStepMax);
      found[i] = std::clamp(next, -kParameterMax, kParameterMax);
    }
  }
  Calibration::Success part;
  part.offset = found[0];
  part.slope = found[1];
  std::copy(found.begin() + 2, found.end(), part.weights.begin());
  part.runs = static_cast<std::int64_t>(runs.size());
  return part;
}

}  // namespace infinium::maestro
