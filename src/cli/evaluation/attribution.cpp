#include "cli/evaluation/attribution.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "codec/interpretation_json.h"

namespace infinium::cli::evaluation {
namespace {

bool is_of_agent(const maestro::StepView& step) {
  return step.kind == maestro::StepKind::llm || step.kind == maestro::StepKind::message ||
         step.kind == maestro::StepKind::decision;
}

/// The keys that occur, the most frequent first; of equals the smaller.
template <class K>
std::vector<K> by_frequency(const std::map<K, std::int64_t>& counts) {
  std::vector<std::pair<std::int64_t, K>> order;
  for (const auto& [key, count] : counts) {
    if (count > 0) {
      order.emplace_back(-count, key);
    }
  }
  std::sort(order.begin(), order.end());
  std::vector<K> keys;
  for (auto& [count, key] : order) {
    keys.push_back(std::move(key));
  }
  return keys;
}

template <class K>
std::optional<K> most_frequent_of(const std::map<K, std::int64_t>& counts) {
  std::vector<K> keys = by_frequency(counts);
  return keys.empty() ? std::nullopt : std::optional(std::move(keys.front()));
}

}  // namespace

Attribution attribution_of(const Interpretation& said) {
  Attribution out;
  if (said.root_cause) {
    out.places.push_back({said.root_cause->step});
    for (const RootCauseAlternative& other : said.root_cause->alternatives) {
      out.places.push_back({other.step});
    }
    out.agent = said.root_cause->agent;
    out.kind = codec::to_string(said.root_cause->kind);
  }
  return out;
}

Attribution simple_ranker(const maestro::TraceView& view) {
  const auto steps = view.steps();
  if (steps.empty()) {
    return {{Place{}}, {}, {}};
  }
  const std::size_t middle = steps.size() / 2;
  std::vector<std::size_t> order;
  const auto failed = std::find_if(
      steps.begin(), steps.end(), [](const maestro::StepView& step) { return step.failed; });
  if (failed != steps.end()) {
    auto before = failed;
    while (before != steps.begin() && !is_of_agent(*(before - 1))) {
      --before;
    }
    if (before != steps.begin()) {
      order.push_back((before - 1)->index);
    }
    order.push_back(failed->index);
  }
  order.push_back(middle);
  Attribution out;
  for (const std::size_t index : order) {
    const Place place{steps[index].number};
    if (std::find(out.places.begin(), out.places.end(), place) == out.places.end()) {
      out.places.push_back(place);
    }
  }
  out.agent = steps[order.front()].agent;
  return out;
}

void LabelCounts::count(const Label& label, std::int64_t times) {
  if (label.root) {
    places_[*label.root] += times;
  }
  if (label.root_agent) {
    agents_[*label.root_agent] += times;
  }
  if (label.root_kind) {
    kinds_[*label.root_kind] += times;
  }
}

Attribution LabelCounts::most_frequent() const {
  Attribution out{by_frequency(places_), most_frequent_of(agents_), most_frequent_of(kinds_)};
  out.places.resize(std::min<std::size_t>(out.places.size(), 3));
  return out;
}

bool within(const Attribution& said, const Place& root, std::int64_t steps) {
  if (said.places.empty()) {
    return false;
  }
  const Place& first = said.places.front();
  return first == root || (first.step && root.step && std::abs(*first.step - *root.step) <= steps);
}

std::optional<std::size_t> rank_of(const Attribution& said, const Place& root) {
  const auto found = std::find(said.places.begin(), said.places.end(), root);
  return found == said.places.end()
             ? std::nullopt
             : std::optional(static_cast<std::size_t>(found - said.places.begin()));
}

}  // namespace infinium::cli::evaluation
