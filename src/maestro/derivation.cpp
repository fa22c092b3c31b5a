#include "maestro/derivation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace infinium::maestro {
namespace {

constexpr std::size_t kPoolMax = 400;
constexpr std::array kConversions = {100.0,
                                     0.01,
                                     1000.0,
                                     0.001,
                                     60.0,
                                     1.0 / 60.0,
                                     3600.0,
                                     1.0 / 3600,
                                     24.0,
                                     1.0 / 24,
                                     1024.0,
                                     1.0 / 1024.0,
                                     12.0,
                                     1.0 / 12,
                                     7.0,
                                     1e6,
                                     1e-6};

bool near(double a, double b, double slack) { return std::abs(a - b) <= slack; }

}  // namespace

Derivation::Derivation(const Facts& facts, std::span<const ValueToken> output_numbers)
    : sources_(facts.sources()) {
  const TraceView& view = facts.view();
  for (const RequestValue& value : facts.request().values()) {
    if (value.token.kind == ValueKind::number) {
      add(value.token.number);
    }
  }
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || !step.output || step.failed ||
        pool_.size() >= kPoolMax / 2) {
      continue;
    }
    struct Sum {
      double total = 0;
      double count = 0;
    };
    std::map<std::string, Sum> sums;
    for (const Cell& cell : view.records(*step.output).cells) {
      if (cell.is_number) {
        sums[cell.key].total += cell.number;
        sums[cell.key].count += 1;
      }
    }
    for (const auto& [key, sum] : sums) {
      if (sum.count > 1) {
        add(sum.total);
        add(sum.total / sum.count);
        add(sum.count);
      }
    }
    for (const auto& list : view.records(*step.output).lists) {
      add(static_cast<double>(list.size()));
    }
  }
  double running = 0;
  for (const ValueToken& token : output_numbers) {
    if (token.kind == ValueKind::number &&
        sources_.near(token.number, token.precision) != nullptr) {
      add(token.number);
      running += token.number;
      add(running);
    }
  }
  for (const auto& [number, source] : sources_.numbers()) {
    if (source.step && pool_.size() < kPoolMax) {
      add(number);
    }
  }
  std::sort(pool_.begin(), pool_.end());
  pool_.erase(std::unique(pool_.begin(), pool_.end()), pool_.end());
}

void Derivation::add(double number) {
  if (pool_.size() < kPoolMax && std::isfinite(number) && std::abs(number) < 1e15) {
    pool_.push_back(number);
  }
}

bool Derivation::explains(double number, double precision) const {
  if (sources_.near(number, precision) != nullptr) {
    return true;
  }
  for (const double factor : kConversions) {
    if (sources_.near(number * factor, precision * factor) != nullptr) {
      return true;
    }
  }
  const double slack = precision / 2 + std::abs(number) * 1e-9;
  const auto any = [&](auto test) { return std::any_of(pool_.begin(), pool_.end(), test); };
  if (any([&](double a) {
        return near(a, number, slack) ||
               std::any_of(kConversions.begin(), kConversions.end(), [&](double factor) {
                 return near(a * factor, number, slack);
               });
      })) {
    return true;
  }
  return any([&](double a) {
    return any([&](double b) {
      if (near(a + b, number, slack) || near(a - b, number, slack) || near(a * b, number, slack) ||
          near(a * (1 + b / 100), number, slack) || near(a * (1 - b / 100), number, slack) ||
          near(a * b / 100, number, slack)) {
        return true;
      }
      return b != 0 && (near(a / b, number, slack) || near(100 * a / b, number, slack) ||
                        near(100 * (a - b) / b, number, slack));
    });
  });
}

}  // namespace infinium::maestro
