#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/evaluation/label.h"
#include "infinium/interpretation.h"
#include "maestro/trace_view.h"

/// Where a run is said to have gone wrong first, held against where it did.
namespace infinium::cli::evaluation {

/// What somebody says of the first decisive error; places best first, none if nothing is said.
struct Attribution {
  std::vector<Place> places;
  std::optional<std::string> agent;
  std::optional<std::string> kind;
};

/// The root cause and its alternatives.
[[nodiscard]] Attribution attribution_of(const Interpretation& said);

/// The simple ranker, a baseline: the step of the agent before the first failed one (a step of a
/// model, a message or a decision; the failed step itself if there is none), without a failure the
/// middle of the run. Then the failed step and the middle.
[[nodiscard]] Attribution simple_ranker(const maestro::TraceView& view);

/// What is most frequent among labels, a baseline.
class LabelCounts {
 public:
  void add(const Label& label) { count(label, 1); }
  /// Takes out a label that was added before.
  void subtract(const Label& label) { count(label, -1); }
  /// The three most frequent places, the most frequent agent and kind; of equals the smallest.
  [[nodiscard]] Attribution most_frequent() const;

 private:
  void count(const Label& label, std::int64_t times);

  std::map<Place, std::int64_t> places_;
  std::map<std::string, std::int64_t> agents_;
  std::map<std::string, std::int64_t> kinds_;
};

/// Whether the first place named is at most `steps` steps from `root`; the output is near nothing
/// but itself.
[[nodiscard]] bool within(const Attribution& said, const Place& root, std::int64_t steps);

/// The 0-based rank of `root` among the places named; nothing if it is not among them.
[[nodiscard]] std::optional<std::size_t> rank_of(const Attribution& said, const Place& root);

}  // namespace infinium::cli::evaluation
