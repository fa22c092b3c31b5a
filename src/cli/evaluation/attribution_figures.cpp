// Failure attribution: `rootCause` and its alternatives held against the labelled first decisive
// error. A trace of which nothing is said counts as a miss; the share of those that are named
// stands beside.
#include <algorithm>
#include <map>
#include <utility>

#include "cli/evaluation/figures.h"

namespace infinium::cli::evaluation {
namespace {

bool same_agent(const std::optional<std::string>& said, const std::string& truth) {
  return said && comparable_agent(*said) == comparable_agent(truth);
}

bool names_any_failure(const Attribution& said, const Label& label) {
  return std::any_of(label.failures.begin(), label.failures.end(), [&](const auto& failure) {
    return !said.places.empty() && failure.place == said.places.front();
  });
}

bool is_kind_of_any_failure(const Attribution& said, const Label& label) {
  return said.kind && std::any_of(label.failures.begin(),
                                  label.failures.end(),
                                  [&](const auto& failure) { return failure.kind == *said.kind; });
}

/// The figures of one who attributes: Maestro, or a baseline. `said[i]` belongs to row i.
class AttributionRows {
 public:
  AttributionRows(FigureSheet& sheet, std::string by, std::vector<Attribution> said)
      : sheet_(sheet), by_(std::move(by)), said_(std::move(said)) {}

  void add_places();
  void add_agent();
  void add_kind();
  void add_beside_the_root();

 private:
  /// A share over the rows of which `known` says that the truth is known.
  template <class Known, class Right>
  void add(const char* name, Known known, Right right) {
    sheet_.add_share_by_row("attribution: " + (name + by_), [&](std::size_t row) {
      const Label& label = sheet_.rows()[row]->label;
      return known(label) ? vote(right(said_[row], label)) : Part{};
    });
  }

  FigureSheet& sheet_;
  std::string by_;
  std::vector<Attribution> said_;
};

bool knows_root(const Label& label) { return label.root.has_value(); }
bool knows_failures(const Label& label) { return label.root && !label.failures.empty(); }

void AttributionRows::add_places() {
  const auto at_most = [](std::int64_t steps) {
    return [steps](const Attribution& said, const Label& label) {
      return within(said, *label.root, steps);
    };
  };
  add("step exact", knows_root, at_most(0));
  add("step within 1", knows_root, at_most(1));
  add("step within 3", knows_root, at_most(3));
  add("step among the first 3", knows_root, [](const Attribution& said, const Label& label) {
    return rank_of(said, *label.root).value_or(3) < 3;
  });
}

void AttributionRows::add_agent() {
  add(
      "agent",
      [](const Label& label) { return label.root_agent.has_value(); },
      [](const Attribution& said, const Label& label) {
        return same_agent(said.agent, *label.root_agent);
      });
}

void AttributionRows::add_kind() {
  add(
      "kind",
      [](const Label& label) { return label.root_kind.has_value(); },
      [](const Attribution& said, const Label& label) { return said.kind == label.root_kind; });
}

void AttributionRows::add_beside_the_root() {
  add("a root cause named", knows_root, [](const Attribution& said, const Label&) {
    return !said.places.empty();
  });
  sheet_.add_share_by_row("attribution: step exact, of those named", [this](std::size_t row) {
    const Label& label = sheet_.rows()[row]->label;
    return label.root && !said_[row].places.empty() ? vote(within(said_[row], *label.root, 0))
                                                    : Part{};
  });
  sheet_.add_share_by_row("attribution: mean reciprocal rank of the step", [this](std::size_t row) {
    const Label& label = sheet_.rows()[row]->label;
    const auto rank = label.root ? rank_of(said_[row], *label.root) : std::nullopt;
    return label.root ? Part{rank ? 1.0 / static_cast<double>(*rank + 1) : 0.0, 1.0} : Part{};
  });
  add("step of any labelled failure", knows_failures, names_any_failure);
  add(
      "kind of any labelled failure",
      [](const Label& label) { return label.root_kind && !label.failures.empty(); },
      is_kind_of_any_failure);
}

/// What is most frequent among the labels of other tasks, for each row.
std::vector<Attribution> most_frequent_elsewhere(const Rows& rows) {
  LabelCounts counts;
  std::map<std::string, std::vector<std::size_t>> of_task;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    counts.add(rows[row]->label);
    of_task[rows[row]->task].push_back(row);
  }
  std::vector<Attribution> out(rows.size());
  for (const auto& [task, own] : of_task) {
    for (const std::size_t row : own) {
      counts.subtract(rows[row]->label);
    }
    const Attribution elsewhere = counts.most_frequent();
    for (const std::size_t row : own) {
      out[row] = elsewhere;
      counts.add(rows[row]->label);
    }
  }
  return out;
}

}  // namespace

void add_attribution_figures(FigureSheet& sheet, bool with_baselines) {
  std::vector<Attribution> said;
  std::vector<Attribution> simple;
  for (const JudgedTrace* row : sheet.rows()) {
    said.push_back(attribution_of(row->said));
    simple.push_back(row->simple);
  }
  AttributionRows maestro(sheet, "", std::move(said));
  maestro.add_places();
  maestro.add_agent();
  maestro.add_kind();
  maestro.add_beside_the_root();
  if (!with_baselines) {
    return;
  }
  AttributionRows ranker(sheet, " (baseline: simple ranker)", std::move(simple));
  ranker.add_places();
  ranker.add_agent();
  AttributionRows constant(
      sheet, " (baseline: most frequent)", most_frequent_elsewhere(sheet.rows()));
  constant.add_places();
  constant.add_agent();
  constant.add_kind();
}

}  // namespace infinium::cli::evaluation
