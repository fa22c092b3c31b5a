#include "cli/evaluation/bootstrap.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace infinium::cli::evaluation {
namespace {

constexpr std::size_t kDraws = 1'000;

/// SplitMix64 (Steele, Lea, Flood 2014): the standard library's distributions differ between
/// implementations.
class Draw {
 public:
  /// One of 0 … count - 1; `count` is below 2^32.
  std::size_t operator()(std::size_t count) {
    state_ += 0x9E3779B97F4A7C15ull;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return static_cast<std::size_t>((((x ^ (x >> 31)) >> 32) * count) >> 32);
  }

 private:
  std::uint64_t state_ = 0;
};

double at_share(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size()))];
}

}  // namespace

std::optional<Interval> interval_over_tasks(std::span<const std::string> tasks,
                                            const Statistic& statistic) {
  std::map<std::string_view, std::vector<std::size_t>> by_name;
  for (std::size_t row = 0; row < tasks.size(); ++row) {
    by_name[tasks[row]].push_back(row);
  }
  std::vector<const std::vector<std::size_t>*> groups;
  groups.reserve(by_name.size());
  for (const auto& [name, rows] : by_name) {
    groups.push_back(&rows);
  }
  Draw draw;
  std::vector<double> values;
  std::vector<std::size_t> drawn;
  for (std::size_t round = 0; round < kDraws && !groups.empty(); ++round) {
    drawn.clear();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::vector<std::size_t>& rows = *groups[draw(groups.size())];
      drawn.insert(drawn.end(), rows.begin(), rows.end());
    }
    if (const std::optional<double> value = statistic(drawn)) {
      values.push_back(*value);
    }
  }
  if (values.empty()) {
    return std::nullopt;
  }
  std::sort(values.begin(), values.end());
  return Interval{at_share(values, 0.025), at_share(values, 0.975)};
}

}  // namespace infinium::cli::evaluation
