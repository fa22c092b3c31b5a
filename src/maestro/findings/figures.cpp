#include "maestro/findings/figures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "maestro/field_units.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kFiguresMax = 20'000;

class FigureReader {
 public:
  explicit FigureReader(const Facts& facts) : view_(facts.view()), units_(facts.view()) {}

  std::vector<Figure> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind == StepKind::tool && step.output && !step.failed) {
        read(step);
      }
    }
    return std::move(figures_);
  }

 private:
  struct Sum {
    double total = 0;
    std::size_t count = 0;
    Unit unit = Unit::none;
    Currency currency = Currency::any;
    Span first;
  };

  void read(const StepView& step) {
    const Records& records = view_.records(*step.output);
    const std::vector<CellUnit> units = units_.of_cells(*step.output);
    std::map<std::string, Sum> sums;
    for (std::size_t i = 0; i < records.cells.size(); ++i) {
      const Cell& cell = records.cells[i];
      const auto [unit, currency] = units[i];
      if (!cell.is_number || figures_.size() >= kFiguresMax || scale_of(unit).dimension == 0) {
        continue;
      }
      const Span at{*step.output, cell.start, cell.end};
      figures_.push_back({cell.number, unit, currency, step.index, at, cell.key, false});
      Sum& sum = sums[cell.key];
      sum.first = sum.count == 0 ? at : sum.first;
      sum.total += cell.number;
      ++sum.count;
      sum.unit = unit;
      sum.currency = currency;
    }
    for (const auto& [key, sum] : sums) {
      if (sum.count > 1) {
        figures_.push_back(
            {sum.total, sum.unit, sum.currency, step.index, sum.first, "the sum of " + key, true});
        figures_.push_back({sum.total / static_cast<double>(sum.count),
                            sum.unit,
                            sum.currency,
                            step.index,
                            sum.first,
                            "the mean of " + key,
                            true});
      }
    }
  }

  const TraceView& view_;
  FieldUnits units_;
  std::vector<Figure> figures_;
};

bool holds(const TraceView& view,
           const std::optional<FieldId>& field,
           double number,
           double precision) {
  if (!field) {
    return false;
  }
  const auto values = view.values(*field);
  return std::any_of(values.begin(), values.end(), [&](const ValueToken& token) {
    return token.kind == ValueKind::number &&
           std::abs(token.number - number) <= precision / 2 + std::abs(number) * 1e-12;
  });
}

}  // namespace

std::vector<Figure> figures_with_unit(const Facts& facts) { return FigureReader(facts).run(); }

std::optional<std::size_t> first_step_with(const TraceView& view,
                                           double number,
                                           double precision,
                                           std::size_t source) {
  for (const bool in_result : {true, false}) {
    for (const StepView& step : view.steps().subspan(std::min(source + 1, view.steps().size()))) {
      if (step.kind == StepKind::user) {
        continue;
      }
      if (holds(view, in_result ? step.output : step.input, number, precision)) {
        return step.index;
      }
    }
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
