#include <fmt/format.h>

#include "maestro/findings/company_findings.h"
#include "maestro/findings/draft.h"

/// Behaviour: a step follows another one that it has never followed in the agent's runs, though
/// there were many occasions and the rest of the run goes the usual way. Source: path models of
/// processes. How: counts of steps after steps over all runs of the agent; the step before was left
/// at least 40 times, never for this one, and the other steps of the run are taken at least every
/// second time. Worth knowing and no more: info. Blind spots: an agent that goes another way each
/// time has no usual one; steps are counted under hashes of their names, of which two may fall
/// together (then nothing is raised).
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "company.unusual_path",
    "See whether the request called for it.",
};

}  // namespace

std::vector<ProvenFinding> find_unusual_paths(const Beside& beside) {
  std::vector<ProvenFinding> findings;
  std::optional<Proof> proof;
  std::vector<std::size_t> steps;
  std::string names;
  std::int64_t least = 0;
  for (const NewTransition& transition : beside.new_transitions()) {
    const std::string name = transition_name(transition.from, transition.to);
    const auto compared = comparison(beside, Compared::transition, name);
    if (!compared) {
      continue;
    }
    proof = proof ? proof->add(*compared) : Proof(*compared);
    if (steps.empty() || steps.back() != transition.step) {
      steps.push_back(transition.step);
    }
    names += (names.empty() ? "" : "; ") + name;
    least = least == 0 ? transition.times_left : std::min(least, transition.times_left);
  }
  if (!proof) {
    return findings;
  }
  Finding finding = draft(beside.view(), kKind, Severity::info, steps, names);
  finding.title = "the run leaves the agent's usual path";
  finding.explanation = fmt::format(
      "Never before, in {} occasions or more, did the agent go this way: {}.", least, names);
  findings.push_back(prove(std::move(finding), *proof));
  return findings;
}

std::vector<ProvenFinding> find_in_company(const Beside& beside) {
  std::vector<ProvenFinding> all;
  for (const auto find : {find_disagreements, find_outliers, find_unusual_paths}) {
    for (ProvenFinding& finding : find(beside)) {
      all.push_back(std::move(finding));
    }
  }
  return all;
}

}  // namespace infinium::maestro
