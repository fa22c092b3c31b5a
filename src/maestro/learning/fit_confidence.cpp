#include <algorithm>
#include <array>
#include <map>

#include "maestro/confidence.h"
#include "maestro/learning/fit.h"

namespace infinium::maestro {
namespace {

constexpr double kRulePull = 10;  ///< what is known before counts like so many verdicts
constexpr double kCellPull = 8;
constexpr double kUsualPull = 2;
constexpr int kSweeps = 20;
constexpr double kLeast = 0.02;

struct Tally {
  double weight = 0;
  double agreed = 0;
  void add(const DrawnRun& run) {
    weight += run.weight;
    agreed += run.weight * run.agreed;
  }
  [[nodiscard]] double leaning_on(double prior, double pull) const {
    return (agreed + pull * prior) / (weight + pull);
  }
};

struct RuleTally {
  Tally all;
  std::array<Tally, Calibration::kCells> cells;
};

/// A line of the table, of cells that must not fall (or rise).
struct Line {
  std::array<std::size_t, kProbabilityCells> cells{};
  std::size_t size = 0;
};

struct Grid {
  std::array<double, Calibration::kCells> value{};
  std::array<double, Calibration::kCells> weight{};
};

/// The non-falling values nearest to those of a line: neighbours that fall are pooled.
void pool(Grid& grid, const Line& line) {
  struct Block {
    double sum = 0;
    double weight = 0;
    std::size_t size = 0;
  };
  std::array<Block, kProbabilityCells> blocks{};
  std::size_t count = 0;
  const auto mean = [&](std::size_t i) { return blocks[i].sum / blocks[i].weight; };
  for (std::size_t i = 0; i < line.size; ++i) {
    const std::size_t cell = line.cells[i];
    blocks[count++] = {grid.value[cell] * grid.weight[cell], grid.weight[cell], 1};
    while (count > 1 && mean(count - 2) > mean(count - 1)) {
      Block& before = blocks[count - 2];
      const Block& last = blocks[count - 1];
      before = {before.sum + last.sum, before.weight + last.weight, before.size + last.size};
      --count;
    }
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < blocks[i].size; ++k) {
      grid.value[line.cells[at++]] = mean(i);
    }
  }
}

std::vector<Line> lines_of(std::string_view rule) {
  std::vector<Line> lines;
  const char kind = rule.empty() ? '\0' : rule.front();
  if (kind == 'U' || kind == '\0') {
    return lines;  // what was not decided has no order
  }
  for (std::size_t column = 0; column < kProbabilityCells; ++column) {
    Line& line = lines.emplace_back();
    for (std::size_t row = 0; row < kCoverageCells; ++row) {
      line.cells[line.size++] = row * kProbabilityCells + column;
    }
  }
  for (std::size_t row = 0; kind != 'P' && row < kCoverageCells; ++row) {
    Line& line = lines.emplace_back();
    for (std::size_t column = 1; column < kProbabilityCells; ++column) {
      line.cells[line.size++] = row * kProbabilityCells + column;
    }
    if (kind == 'F') {
      std::reverse(line.cells.begin(), line.cells.begin() + static_cast<std::ptrdiff_t>(line.size));
    }
  }
  return lines;
}

/// The nearest values that are in order along all lines: Dykstra's alternating projections, each of
/// which corrects what the earlier ones did; then what is left of disorder is lifted away.
void put_in_order(Grid& grid, const std::vector<Line>& lines) {
  std::vector<std::array<double, Calibration::kCells>> undone(lines.size());
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (std::size_t k = 0; k < lines[i].size; ++k) {
        grid.value[lines[i].cells[k]] += undone[i][lines[i].cells[k]];
      }
      const Grid before = grid;
      pool(grid, lines[i]);
      for (std::size_t k = 0; k < lines[i].size; ++k) {
        const std::size_t cell = lines[i].cells[k];
        undone[i][cell] = before.value[cell] - grid.value[cell];
      }
    }
  }
  for (std::size_t pass = 0; pass < kCoverageCells + kProbabilityCells; ++pass) {
    for (const Line& line : lines) {
      for (std::size_t k = 1; k < line.size; ++k) {
        double& value = grid.value[line.cells[k]];
        value = std::max(value, grid.value[line.cells[k - 1]]);
      }
    }
  }
}

}  // namespace

std::vector<Calibration::Rule> fit_confidence(std::span<const DrawnRun> runs) {
  std::map<std::string, RuleTally, std::less<>> tallies;
  Tally everything;
  for (const DrawnRun& run : runs) {
    RuleTally& tally = tallies[std::string(run.rule)];
    tally.all.add(run);
    tally.cells[run.cell].add(run);
    everything.add(run);
  }
  const double usual = everything.leaning_on(0.5, kUsualPull);
  std::vector<Calibration::Rule> rules;
  for (const auto& [name, tally] : tallies) {
    if (rules.size() == Calibration::kRulesMax) {
      break;
    }
    const double rule = tally.all.leaning_on(shipped_confidence(name).value_or(usual), kRulePull);
    Grid grid;
    for (std::size_t cell = 0; cell < Calibration::kCells; ++cell) {
      grid.value[cell] = tally.cells[cell].leaning_on(rule, kCellPull);
      grid.weight[cell] = tally.cells[cell].weight + kCellPull;
    }
    put_in_order(grid, lines_of(name));
    Calibration::Rule& fitted = rules.emplace_back();
    fitted.rule = name;
    for (std::size_t cell = 0; cell < Calibration::kCells; ++cell) {
      fitted.agreement[cell] = std::clamp(grid.value[cell], kLeast, 1 - kLeast);
    }
  }
  return rules;
}

}  // namespace infinium::maestro
