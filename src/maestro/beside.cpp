#include "maestro/beside.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "maestro/outcome/agreement.h"

namespace infinium::maestro {
namespace {

using Values = std::vector<std::uint64_t>;

bool contains(const Values& sorted, std::uint64_t value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

/// Of a list that holds the least values only, it is not known of a greater one.
bool lacks(const Values& sorted, std::size_t most, std::uint64_t value) {
  return !contains(sorted, value) && (sorted.size() < most || value < sorted.back());
}

bool agree(std::size_t count, std::size_t of) {
  return count >= Beside::kPeersMin && count * 4 >= of * 3;
}

/// The values that enough of these lists hold, sorted.
Values agreed_in(const std::vector<const Values*>& lists) {
  std::map<std::uint64_t, std::size_t> counts;
  for (const Values* list : lists) {
    for (const std::uint64_t value : *list) {
      ++counts[value];
    }
  }
  Values agreed;
  for (const auto& [value, count] : counts) {
    if (agree(count, lists.size())) {
      agreed.push_back(value);
    }
  }
  return agreed;
}

/// A change whose arguments are cut may be the same as another's.
bool hides_a_change(const TraceView& view) {
  return std::any_of(view.steps().begin(), view.steps().end(), [&view](const StepView& step) {
    return step.changes_state && step.input && view.field(*step.input).cut;
  });
}

bool same_input(const Sibling& a, const Sibling& b) {
  return a.input == b.input || (!a.inputs.empty() && a.inputs == b.inputs);
}

Values of_kind(const Values& values, unsigned kind) {
  Values chosen;
  std::copy_if(values.begin(), values.end(), std::back_inserter(chosen), [kind](auto value) {
    return final_kind(value) == kind;
  });
  return chosen;
}

}  // namespace

Beside::Beside(const TraceView& view, const Company& company, const Sibling& run)
    : view_(view),
      company_(company),
      run_(run),
      past_(company.runs_with(prompt_version_of(view.trace()))) {
  if (run.task == 0) {
    return;
  }
  for (const Sibling& other : company.runs_of(run.task)) {
    if (!other.trace_id.empty() && same_input(run, other)) {
      peers_.push_back(other);
    }
  }
}

std::optional<ChangesDissent> Beside::on_changes() const {
  if (peers_.size() < kPeersMin || hides_a_change(view_)) {
    return std::nullopt;
  }
  std::vector<const Values*> lists;
  bool all_known = true;
  for (const Sibling& peer : peers_) {
    lists.push_back(&peer.writes);
    all_known = all_known && peer.writes.size() < Sibling::kWritesMax;
  }
  const Values agreed = agreed_in(lists);
  ChangesDissent dissent;
  dissent.peers = peers_.size();
  for (const std::uint64_t write : agreed) {
    if (lacks(run_.writes, Sibling::kWritesMax, write)) {
      dissent.missing.push_back(write);
    }
  }
  for (const Sibling& peer : peers_) {
    const bool all = dissent.missing.empty() ? peer.writes == agreed
                                             : std::includes(peer.writes.begin(),
                                                             peer.writes.end(),
                                                             dissent.missing.begin(),
                                                             dissent.missing.end());
    if (all) {
      dissent.agreeing.push_back(&peer);
    }
  }
  const auto alike = static_cast<std::size_t>(std::count_if(
      lists.begin(), lists.end(), [&](const Values* list) { return *list == agreed; }));
  // Where the others differ among themselves, one more difference tells nothing.
  if (all_known && agree(alike, peers_.size())) {
    for (const StepView& step : view_.steps()) {
      const bool made = step.changes_state && !step.failed;
      if (made && std::none_of(lists.begin(), lists.end(), [&step](const Values* list) {
            return contains(*list, write_of(step));
          })) {
        dissent.extra.push_back(step.index);
      }
    }
  }
  const bool differs = !dissent.missing.empty() || !dissent.extra.empty();
  return differs && agree(dissent.agreeing.size(), peers_.size()) ? std::optional(dissent)
                                                                  : std::nullopt;
}

std::vector<ValueDissent> Beside::on_values() const {
  std::vector<ValueDissent> found;
  std::vector<const Sibling*> told;  // peers that state any value
  std::vector<const Values*> lists;
  for (const Sibling& peer : peers_) {
    if (!peer.finals.empty() && peer.finals.size() < Sibling::kFinalsMax) {
      told.push_back(&peer);
      lists.push_back(&peer.finals);
    }
  }
  if (told.size() < kPeersMin || run_.finals.empty()) {
    return found;
  }
  const FieldId output = *view_.final_output();
  const Values agreed = agreed_in(lists);
  std::vector<unsigned> seen;  // kinds that were told of
  for (const ValueToken& token : view_.values(output)) {
    const auto ours = final_of(token);
    if (!ours || !contains(run_.finals, *ours) ||
        std::find(seen.begin(), seen.end(), final_kind(*ours)) != seen.end() ||
        std::any_of(lists.begin(), lists.end(), [&](const Values* list) {
          return contains(*list, *ours);
        })) {
      continue;
    }
    const Values theirs = of_kind(agreed, final_kind(*ours));
    const auto missing = std::find_if(theirs.begin(), theirs.end(), [&](std::uint64_t value) {
      return lacks(run_.finals, Sibling::kFinalsMax, value);
    });
    // Where each run has a value of its own (the number of a receipt), so may this one.
    const auto alike = std::count_if(lists.begin(), lists.end(), [&](const Values* list) {
      const Values own = of_kind(*list, final_kind(*ours));
      return std::includes(theirs.begin(), theirs.end(), own.begin(), own.end());
    });
    if (missing == theirs.end() || !agree(static_cast<std::size_t>(alike), lists.size())) {
      continue;
    }
    ValueDissent dissent{told.size(), {}, *missing, {output, token.start, token.end}};
    std::copy_if(told.begin(), told.end(), std::back_inserter(dissent.agreeing), [&](auto* peer) {
      return contains(peer->finals, *missing);
    });
    seen.push_back(final_kind(*ours));
    found.push_back(std::move(dissent));
  }
  return found;
}

std::vector<NewTransition> Beside::new_transitions() const {
  constexpr std::int64_t kTimesLeftMin = 40;
  constexpr std::size_t kTransitionsMax = 3;
  constexpr double kUsualMin = 0.5;
  std::vector<NewTransition> found;
  double usual = 0;
  double known = 0;
  std::string from;
  const auto pass = [&](std::string to, std::size_t step) {
    const std::int64_t left = company_.times_left(from);
    const double frequency = company_.frequency(from, to);
    const bool is_new = left >= kTimesLeftMin && frequency == 0;
    usual += is_new ? 0 : frequency;
    known += is_new ? 0 : 1;
    if (is_new && found.size() < kTransitionsMax) {
      found.push_back({from, to, step, left});
    }
    from = std::move(to);
  };
  const auto& steps = view_.trace().steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    pass(path_name(steps[i]), i);
  }
  if (!steps.empty()) {
    pass({}, steps.size() - 1);
  }
  // An agent that goes another way each time has no usual one.
  return known > 0 && usual / known >= kUsualMin ? found : std::vector<NewTransition>();
}

}  // namespace infinium::maestro
