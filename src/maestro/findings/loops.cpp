#include "maestro/findings/loops.h"

#include <algorithm>

#include "base/hash.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

constexpr std::uint64_t kPrime = 1099511628211ull;

/// Whether a step can be part of going round for nothing.
bool may_go_round(const StepView& step) {
  return !step.failed && !step.changes_state && step.output &&
         step.answer != AnswerState::waiting && !names_a_wait(step.tool);
}

/// How many steps from `start` on repeat with this period, the first round included.
std::size_t run_of(const std::vector<std::uint64_t>& turns, std::size_t start, std::size_t period) {
  std::size_t end = start + period;
  while (end < turns.size() && turns[end] != 0 && turns[end] == turns[end - period]) {
    ++end;
  }
  return end - start;
}

}  // namespace

std::uint64_t call_key(const StepView& step) {
  return (fnv1a(step.tool) ^ step.arguments_hash) * kPrime;
}

std::uint64_t turn_key(const StepView& step) {
  return (call_key(step) ^ step.result_hash) * kPrime;
}

std::vector<Cycle> find_cycles(const TraceView& view) {
  constexpr std::size_t kPeriodMax = 4;
  constexpr std::size_t kRoundsMin = 3;
  std::vector<std::uint64_t> turns;  // 0: a step that ends every cycle
  std::vector<std::size_t> places;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool) {
      turns.push_back(may_go_round(step) ? turn_key(step) | 1u : 0);
      places.push_back(step.index);
    }
  }
  std::vector<Cycle> cycles;
  for (std::size_t start = 0; start + 1 < turns.size();) {
    std::size_t length = 0;
    std::size_t period = 2;
    for (; period <= kPeriodMax && start + period < turns.size(); ++period) {
      const auto round = turns.begin() + static_cast<std::ptrdiff_t>(start);
      const auto end = round + static_cast<std::ptrdiff_t>(period);
      const bool plain =
          std::all_of(round, end, [&](std::uint64_t turn) { return turn == *round; });
      if (plain || std::find(round, end, 0u) != end) {
        continue;
      }
      length = run_of(turns, start, period);
      if (length >= kRoundsMin * period) {
        break;
      }
      length = 0;
    }
    if (length == 0) {
      ++start;
      continue;
    }
    Cycle cycle{period, {}};
    for (std::size_t i = start; i < start + length; ++i) {
      cycle.steps.push_back(places[i]);
    }
    cycles.push_back(std::move(cycle));
    start += length;
  }
  return cycles;
}

}  // namespace infinium::maestro
