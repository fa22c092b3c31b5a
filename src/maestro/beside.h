#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/company.h"
#include "maestro/evidence.h"
#include "maestro/trace_view.h"

/// A run held against its agent's other ones: what the findings of company and their evidence are
/// made of. Nothing here takes part in a verdict.
namespace infinium::maestro {

/// Siblings agree on changes that this run did not make, or made while they did not.
struct ChangesDissent {
  std::size_t peers = 0;                 ///< that were compared
  std::vector<const Sibling*> agreeing;  ///< of them, in order
  std::vector<std::uint64_t> missing;    ///< changes that they made
  std::vector<std::size_t> extra;        ///< places of the steps that none of them has
};

/// Siblings agree on a value of the final output, and this one states another of its kind.
struct ValueDissent {
  std::size_t peers = 0;
  std::vector<const Sibling*> agreeing;
  std::uint64_t theirs = 0;
  Span ours;
};

/// A step that never followed that step before.
struct NewTransition {
  std::string from;             ///< as path_name; empty: the begin
  std::string to;               ///< empty: the end
  std::size_t step = 0;         ///< the one that follows, or the last
  std::int64_t times_left = 0;  ///< that `from` was left in other runs
};

/// Borrows the view and the company.
class Beside {
 public:
  static constexpr std::size_t kPeersMin = 3;

  Beside(const TraceView& view, const Company& company, const Sibling& run);

  [[nodiscard]] const TraceView& view() const { return view_; }
  [[nodiscard]] const Company& company() const { return company_; }
  [[nodiscard]] const Sibling& run() const { return run_; }
  /// The runs with the same prompts; nothing if there are none.
  [[nodiscard]] const VersionRuns* past() const { return past_; }

  /// Runs of the same task and the same input, with a name, in order: stricter than
  /// Company::siblings_of.
  [[nodiscard]] std::span<const Sibling> peers() const { return peers_; }
  /// At least three of them, and three in four, must agree.
  [[nodiscard]] std::optional<ChangesDissent> on_changes() const;
  [[nodiscard]] std::vector<ValueDissent> on_values() const;
  /// Those whose `from` was left often enough to know; at most 3.
  [[nodiscard]] std::vector<NewTransition> new_transitions() const;

 private:
  const TraceView& view_;
  const Company& company_;
  Sibling run_;
  const VersionRuns* past_;
  std::vector<Sibling> peers_;
};

/// What can be held against other traces. A final value takes its text as subject, a transition
/// `transition_name`, the others none.
enum class Compared : std::uint8_t {
  duration,
  steps,
  tool_calls,
  errors,
  tokens,
  cost,
  changes,
  final_value,
  transition,
};

/// "61.2 s", "1840 tokens".
[[nodiscard]] std::string shown_metric(Metric metric, std::int64_t value);
[[nodiscard]] std::string transition_name(std::string_view from, std::string_view to);

/// The value here and the values there, of at most 16 traces, the last ones. Nothing if there is no
/// other trace with a name, or if nothing is seen there that differs (changes, final values,
/// transitions).
[[nodiscard]] std::optional<CheckedEvidence> comparison(const Beside& beside,
                                                        Compared what,
                                                        std::string_view subject = {});

/// Whether a comparison holds for this run in this company; made anew, whoever wrote it.
[[nodiscard]] bool check_comparison(const ComparisonEvidence& evidence, const Beside& beside);

}  // namespace infinium::maestro
