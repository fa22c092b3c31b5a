#include <fmt/format.h>

#include <algorithm>

#include "maestro/findings/company_findings.h"
#include "maestro/findings/draft.h"

/// Behaviour: other runs of the same task with the same input agree on what they changed, or on a
/// value of the final output, and this run did or says otherwise. Source: self-consistency,
/// agreement among repeated runs. How: at least three siblings (same agent, same prompts, same
/// objective and the same input), of which three in four agree. A change that they made and this
/// run did not; or one that none of them made, where they made the same ones; or a value of the
/// output that none of them states where they state the same other value of its kind (money, a day,
/// an id). Values that each run has for itself (the number of a receipt) are never agreed on, so
/// they raise nothing. What is cut is not compared. Says nothing of who is right, so it is a
/// warning at most and no part of a verdict. Blind spots: a majority that is wrong (then this is
/// where the right run shows); changes whose arguments hold free text; a figure that is rounded
/// counts as another; siblings without an id.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "company.disagrees",
    "Open one of those runs beside this one: either may be right.",
};

std::string steps_of(const TraceView& view, std::span<const std::size_t> places) {
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(places.size(), 3); ++i) {
    names += fmt::format("{}{}", i == 0 ? "" : ", ", name_of(view.steps()[places[i]]));
  }
  return names;
}

std::string explained(const TraceView& view, const ChangesDissent& dissent) {
  const std::string they = fmt::format("{} of {} other runs of this task with the same input",
                                       dissent.agreeing.size(),
                                       dissent.peers);
  if (dissent.extra.empty()) {
    return fmt::format(
        "{} made {} change(s) that this run did not make.", they, dissent.missing.size());
  }
  const std::string changed = fmt::format("what {} changed", steps_of(view, dissent.extra));
  return dissent.missing.empty()
             ? fmt::format("{} agree, and none of them changed {}.", they, changed)
             : fmt::format("{} agree on another change than {}.", they, changed);
}

void tell_changes(const Beside& beside, std::vector<ProvenFinding>& findings) {
  const std::optional<ChangesDissent> dissent = beside.on_changes();
  const auto compared = dissent ? comparison(beside, Compared::changes) : std::nullopt;
  if (!compared) {
    return;
  }
  const TraceView& view = beside.view();
  Finding finding = draft(view, kKind, Severity::warning, dissent->extra, "changes");
  finding.title = "other runs of this task agree on other changes";
  finding.explanation = explained(view, *dissent);
  Proof proof(*compared);
  for (const std::size_t place :
       std::span(dissent->extra).first(std::min<std::size_t>(dissent->extra.size(), 3))) {
    const StepView& step = view.steps()[place];
    if (step.input) {
      proof.add(quote(view, {*step.input, 0, view.field(*step.input).text.size()}));
    }
  }
  findings.push_back(prove(std::move(finding), proof));
}

void tell_values(const Beside& beside, std::vector<ProvenFinding>& findings) {
  constexpr std::size_t kValuesMax = 3;
  const TraceView& view = beside.view();
  for (const ValueDissent& dissent : beside.on_values()) {
    const auto compared = comparison(beside, Compared::final_value, view.masked(dissent.ours));
    if (!compared || findings.size() >= kValuesMax) {
      continue;
    }
    Finding finding = draft(view, kKind, Severity::warning, {}, "final value");
    finding.title = fmt::format("other runs of this task state another value than {}",
                                shown(view.masked(dissent.ours)));
    finding.explanation = fmt::format(
        "{} of {} other runs of this task with the same input state one and the same other value "
        "where this one states {}.",
        dissent.agreeing.size(),
        dissent.peers,
        shown(view.masked(dissent.ours)));
    Proof proof(*compared);
    proof.add(quote(view, dissent.ours));
    findings.push_back(prove(std::move(finding), proof));
  }
}

}  // namespace

std::vector<ProvenFinding> find_disagreements(const Beside& beside) {
  std::vector<ProvenFinding> findings;
  tell_changes(beside, findings);
  tell_values(beside, findings);
  return findings;
}

}  // namespace infinium::maestro
