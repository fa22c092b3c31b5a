#include "maestro/learning/folds.h"

#include <algorithm>
#include <array>
#include <map>

namespace infinium::maestro {

Folds make_folds(std::span<const std::uint64_t> tasks) {
  struct Group {
    std::size_t index = 0;
    std::size_t size = 0;
  };
  std::map<std::uint64_t, Group> by_task;
  std::size_t largest = 0;
  for (const std::uint64_t task : tasks) {
    Group& group = by_task.try_emplace(task, Group{by_task.size(), 0}).first->second;
    largest = std::max(largest, ++group.size);
  }
  Folds folds;
  folds.by_task = by_task.size() >= kFolds && largest * 2 <= tasks.size();
  std::vector<Group> groups;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    folds.group.push_back(folds.by_task ? by_task[tasks[i]].index : i);
    if (!folds.by_task) {
      groups.push_back({i, 1});
    }
  }
  for (const auto& [task, group] : by_task) {
    if (folds.by_task) {
      groups.push_back(group);
    }
  }
  std::stable_sort(
      groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.size > b.size; });
  std::array<std::size_t, kFolds> filled{};
  std::vector<std::size_t> fold_of(groups.size());
  for (const Group& group : groups) {
    const auto smallest = std::min_element(filled.begin(), filled.end());
    *smallest += group.size;
    fold_of[group.index] = static_cast<std::size_t>(smallest - filled.begin());
  }
  for (const std::size_t group : folds.group) {
    folds.fold.push_back(fold_of[group]);
  }
  return folds;
}

}  // namespace infinium::maestro
