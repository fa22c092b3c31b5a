#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "infinium/interpretation.h"
#include "infinium/json.h"
#include "infinium/result.h"

namespace infinium::cli::evaluation {

/// A step by its number as sent, or the output itself.
struct Place {
  std::optional<std::int64_t> step;  ///< none: the output
  bool operator==(const Place&) const = default;
  auto operator<=>(const Place&) const = default;
};

/// One of several failures that an expert saw in a trace.
struct LabelledFailure {
  Place place;
  std::string kind;  ///< a failure kind, or empty
};

/// What is known of a trace; each part is there or not.
struct Label {
  std::optional<bool> success;
  std::optional<Verdict> verdict;
  std::optional<Place> root;              ///< the first decisive error
  std::optional<std::string> root_agent;  ///< who made it
  std::optional<std::string> root_kind;   ///< a failure kind
  std::vector<LabelledFailure> failures;
  std::vector<Place> places;                   ///< where a finding of the planted fault counts
  std::map<std::string, RubricStatus> rubric;  ///< by the item's id

  /// Whether nothing is known.
  [[nodiscard]] bool empty() const;
};

/// Reads a label of the planted corpus (`verdict`, `rubric`, `places`, `root_step`, `root_kind`) or
/// of labelled runs (`success`; `mistake_step_number`, `mistake_agent`; `root_step_number`,
/// `root_agent`, `root_category`, `failures`). Null is the same as absent; other keys are not
/// looked at. Error: `invalid_argument` with the path, such as `label.root_step`.
[[nodiscard]] Result<Label> parse_label(const Json& label);

/// The agent's name as it is compared: letter case, spaces and underscores aside.
[[nodiscard]] std::string comparable_agent(const std::string& name);

}  // namespace infinium::cli::evaluation
