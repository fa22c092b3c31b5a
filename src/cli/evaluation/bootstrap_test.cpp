#include "cli/evaluation/bootstrap.h"

#include <gtest/gtest.h>

#include <vector>

namespace infinium::cli::evaluation {
namespace {

/// The share of ones among the drawn rows.
Statistic share_of(const std::vector<double>& values) {
  return [&values](std::span<const std::size_t> rows) -> std::optional<double> {
    double sum = 0;
    for (const std::size_t row : rows) {
      sum += values[row];
    }
    return rows.empty() ? std::nullopt : std::optional(sum / static_cast<double>(rows.size()));
  };
}

TEST(Bootstrap, IsAboutAsWideAsTheoryHasIt) {
  std::vector<std::string> tasks;
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) {
    tasks.push_back(std::to_string(i));
    values.push_back(i % 4 == 0 ? 1.0 : 0.0);
  }
  const auto interval = interval_over_tasks(tasks, share_of(values));
  ASSERT_TRUE(interval);
  // A share of 1/4 in 400: 0.25 ± 1.96 * sqrt(0.25 * 0.75 / 400).
  EXPECT_NEAR(interval->low, 0.2076, 0.008);
  EXPECT_NEAR(interval->high, 0.2924, 0.008);
}

TEST(Bootstrap, DrawsWholeTasks) {
  std::vector<std::string> tasks;
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) {  // four tasks of 100 equal rows: four observations, not 400
    tasks.push_back(std::to_string(i % 4));
    values.push_back(i % 4 == 0 ? 1.0 : 0.0);
  }
  const auto interval = interval_over_tasks(tasks, share_of(values));
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 0.0);
  EXPECT_GE(interval->high, 0.75);
}

TEST(Bootstrap, GivesTheSameAgainAndForAnyOrderOfTheRows) {
  const std::vector<std::string> tasks = {"a", "b", "c", "d", "e"};
  const std::vector<double> values = {0, 1, 1, 0, 1};
  const std::vector<std::string> reversed = {"e", "d", "c", "b", "a"};
  const std::vector<double> reversed_values = {1, 0, 1, 1, 0};
  const auto interval = interval_over_tasks(tasks, share_of(values));
  EXPECT_EQ(interval, interval_over_tasks(tasks, share_of(values)));
  EXPECT_EQ(interval, interval_over_tasks(reversed, share_of(reversed_values)));
}

TEST(Bootstrap, LeavesOutDrawsWithoutAFigure) {
  const std::vector<std::string> tasks = {"a", "b"};
  const auto only_both = [](std::span<const std::size_t> rows) -> std::optional<double> {
    return rows[0] == rows[1] ? std::nullopt : std::optional(0.5);
  };
  EXPECT_EQ(interval_over_tasks(tasks, only_both), (Interval{0.5, 0.5}));
  EXPECT_FALSE(interval_over_tasks(tasks, [](auto) { return std::optional<double>(); }));
  EXPECT_FALSE(interval_over_tasks({}, only_both));
}

}  // namespace
}  // namespace infinium::cli::evaluation
