#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "maestro/beside.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kTracesMax = 16;

struct ComparedWords {
  Compared compared;
  std::string_view what;  ///< `{}` stands for the subject
  std::optional<Metric> metric;
};

constexpr auto kWords = std::to_array<ComparedWords>({
    {Compared::duration, "duration", Metric::duration},
    {Compared::steps, "steps", Metric::steps},
    {Compared::tool_calls, "tool calls", Metric::tool_calls},
    {Compared::errors, "failed steps", Metric::errors},
    {Compared::tokens, "tokens", Metric::tokens},
    {Compared::cost, "cost", Metric::cost},
    {Compared::changes, "changes made", std::nullopt},
    {Compared::final_value, "the final value `{}`", std::nullopt},
    {Compared::transition, "{}", std::nullopt},
});

/// What stands for a text that is not kept.
std::string shown_hash(std::uint64_t hash) { return fmt::format("#{:016x}", hash); }

std::string shown_changes(const std::vector<std::uint64_t>& writes) {
  constexpr std::size_t kShownMax = 4;
  if (writes.empty()) {
    return "none";
  }
  std::string text = fmt::format("{}:", writes.size());
  for (std::size_t i = 0; i < std::min(writes.size(), kShownMax); ++i) {
    text += " " + shown_hash(writes[i]);
  }
  return text + (writes.size() > kShownMax ? " …" : "");
}

template <class T>
std::span<const T> last_of(const std::vector<T>& all) {
  return std::span(all).last(std::min(all.size(), kTracesMax));
}

std::optional<ComparisonEvidence> of_metric(const Beside& beside, Metric metric) {
  ComparisonEvidence evidence;
  evidence.value_here = shown_metric(metric, value_of(beside.view().trace(), metric));
  if (beside.past() != nullptr) {
    for (const LatestRun& run : last_of(beside.past()->latest)) {
      if (!run.trace_id.empty()) {
        evidence.trace_ids.push_back(run.trace_id);
        evidence.values_there.push_back(
            shown_metric(metric, run.values[static_cast<std::size_t>(metric)]));
      }
    }
  }
  return evidence;
}

std::optional<ComparisonEvidence> of_changes(const Beside& beside) {
  const std::optional<ChangesDissent> dissent = beside.on_changes();
  if (!dissent) {
    return std::nullopt;
  }
  ComparisonEvidence evidence;
  evidence.value_here = shown_changes(beside.run().writes);
  for (const Sibling* peer : last_of(dissent->agreeing)) {
    evidence.trace_ids.push_back(peer->trace_id);
    evidence.values_there.push_back(shown_changes(peer->writes));
  }
  return evidence;
}

std::optional<ComparisonEvidence> of_value(const Beside& beside, std::string_view text) {
  for (const ValueDissent& dissent : beside.on_values()) {
    if (beside.view().masked(dissent.ours) != text) {
      continue;
    }
    ComparisonEvidence evidence;
    evidence.value_here = text;
    for (const Sibling* peer : last_of(dissent.agreeing)) {
      evidence.trace_ids.push_back(peer->trace_id);
      evidence.values_there.push_back(shown_hash(dissent.theirs));
    }
    return evidence;
  }
  return std::nullopt;
}

std::optional<ComparisonEvidence> of_transition(const Beside& beside, std::string_view name) {
  for (const NewTransition& transition : beside.new_transitions()) {
    if (transition_name(transition.from, transition.to) != name || beside.past() == nullptr) {
      continue;
    }
    ComparisonEvidence evidence;
    evidence.value_here = "taken";
    for (const LatestRun& run : last_of(beside.past()->latest)) {
      if (!run.trace_id.empty()) {
        evidence.trace_ids.push_back(run.trace_id);
      }
    }
    evidence.values_there.push_back(
        fmt::format("never, in {} times that it could have been", transition.times_left));
    return evidence;
  }
  return std::nullopt;
}

std::optional<ComparisonEvidence> compare_again(const Beside& beside,
                                                const ComparedWords& words,
                                                std::string_view subject) {
  std::optional<ComparisonEvidence> evidence;
  if (words.metric) {
    evidence = of_metric(beside, *words.metric);
  } else if (words.compared == Compared::changes) {
    evidence = of_changes(beside);
  } else if (words.compared == Compared::final_value) {
    evidence = of_value(beside, subject);
  } else {
    evidence = of_transition(beside, subject);
  }
  if (!evidence || evidence->trace_ids.empty()) {
    return std::nullopt;
  }
  const std::size_t hole = words.what.find("{}");
  evidence->what =
      hole == std::string_view::npos
          ? std::string(words.what)
          : fmt::format("{}{}{}", words.what.substr(0, hole), subject, words.what.substr(hole + 2));
  return evidence;
}

/// The subject if `what` is made of these words.
std::optional<std::string_view> subject_in(std::string_view words, std::string_view what) {
  const std::size_t hole = words.find("{}");
  if (hole == std::string_view::npos) {
    return what == words ? std::optional<std::string_view>("") : std::nullopt;
  }
  const std::string_view head = words.substr(0, hole);
  const std::string_view tail = words.substr(hole + 2);
  if (what.size() < head.size() + tail.size() || !what.starts_with(head) || !what.ends_with(tail)) {
    return std::nullopt;
  }
  return what.substr(head.size(), what.size() - head.size() - tail.size());
}

}  // namespace

std::string shown_metric(Metric metric, std::int64_t value) {
  switch (metric) {
    case Metric::duration:
      return fmt::format("{:.1f} s", static_cast<double>(value) / 1000);
    case Metric::cost:
      return fmt::format("{:.4f} US dollars", static_cast<double>(value) / 1e6);
    case Metric::steps:
      return fmt::format("{} steps", value);
    case Metric::tool_calls:
      return fmt::format("{} tool calls", value);
    case Metric::errors:
      return fmt::format("{} failed steps", value);
    case Metric::tokens:
      return fmt::format("{} tokens", value);
  }
  return {};
}

std::string transition_name(std::string_view from, std::string_view to) {
  const std::string begin = from.empty() ? "as the first step" : fmt::format("after `{}`", from);
  return to.empty() ? fmt::format("the end {}", begin) : fmt::format("`{}` {}", to, begin);
}

std::optional<CheckedEvidence> comparison(const Beside& beside,
                                          Compared what,
                                          std::string_view subject) {
  for (const ComparedWords& words : kWords) {
    if (words.compared == what) {
      auto evidence = compare_again(beside, words, subject);
      return evidence ? std::optional(CheckedEvidence(*std::move(evidence))) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool check_comparison(const ComparisonEvidence& evidence, const Beside& beside) {
  return std::any_of(kWords.begin(), kWords.end(), [&](const ComparedWords& words) {
    const std::optional<std::string_view> subject = subject_in(words.what, evidence.what);
    return subject && compare_again(beside, words, *subject) == evidence;
  });
}

}  // namespace infinium::maestro
