// Findings and rubric items held against what was planted, or against the labelled failures.
#include <algorithm>
#include <array>
#include <utility>

#include "cli/evaluation/figures.h"
#include "codec/interpretation_json.h"

namespace infinium::cli::evaluation {
namespace {

bool is_clean(const JudgedTrace& trace) { return trace.kind == "clean"; }

/// A run with a planted fault.
bool is_faulty(const JudgedTrace& trace) {
  return !trace.kind.empty() && !is_clean(trace) && trace.kind != "evidence_removed";
}

bool has_finding_of(const JudgedTrace& trace, Severity at_least) {
  return std::any_of(trace.said.findings.begin(),
                     trace.said.findings.end(),
                     [at_least](const Finding& finding) { return finding.severity >= at_least; });
}

/// The places of all failures that a label of real runs names.
std::vector<Place> labelled_failures(const Label& label) {
  std::vector<Place> places;
  if (label.root) {
    places.push_back(*label.root);
  }
  for (const LabelledFailure& failure : label.failures) {
    places.push_back(failure.place);
  }
  return places;
}

void add_alarms(FigureSheet& sheet, const std::string& of, bool (*belongs)(const JudgedTrace&)) {
  struct Alarm {
    Severity at_least;
    const char* words;
  };
  static_assert(Severity::info < Severity::warning && Severity::warning < Severity::critical);
  for (const Alarm& alarm : {Alarm{Severity::critical, " with a critical finding"},
                             Alarm{Severity::warning, " with a warning"},
                             Alarm{Severity::info, " with any finding"}}) {
    sheet.add_share("findings: " + (of + alarm.words), [&](const JudgedTrace& trace) {
      return belongs(trace) ? vote(has_finding_of(trace, alarm.at_least)) : Part{};
    });
  }
}

/// The share of items whose true status is one of `truth` that were given as one of `said`.
void add_items(FigureSheet& sheet,
               std::string name,
               std::initializer_list<RubricStatus> truth,
               std::initializer_list<RubricStatus> said) {
  const auto among = [](std::initializer_list<RubricStatus> all, RubricStatus one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  sheet.add_share(std::move(name), [&](const JudgedTrace& trace) {
    Part part;
    for (const RubricItem& item : trace.said.rubric) {
      const auto known = trace.label.rubric.find(item.id);
      if (known != trace.label.rubric.end() && among(truth, known->second)) {
        part.bottom += 1;
        part.top += among(said, item.status) ? 1 : 0;
      }
    }
    return part;
  });
}

}  // namespace

void add_finding_figures(FigureSheet& sheet) {
  sheet.add_share("findings: recall", [](const JudgedTrace& trace) {
    return is_faulty(trace) ? vote(has_finding_at(trace, trace.label.places, false)) : Part{};
  });
  sheet.add_share("findings: specific recall", [](const JudgedTrace& trace) {
    return is_faulty(trace) && trace.clean ? vote(has_finding_at(trace, trace.label.places, true))
                                           : Part{};
  });
  sheet.add_share(
      "findings: faulty twin scores below its clean twin", [](const JudgedTrace& trace) {
        return is_faulty(trace) && trace.clean ? vote(trace.said.score < trace.clean->score)
                                               : Part{};
      });
  sheet.add_share("findings: at a labelled failure", [](const JudgedTrace& trace) {
    const std::vector<Place> places = labelled_failures(trace.label);
    return trace.kind.empty() && !places.empty() ? vote(has_finding_at(trace, places, false))
                                                 : Part{};
  });
  add_alarms(sheet, "clean traces", is_clean);
  add_alarms(sheet, "succeeded runs", [](const JudgedTrace& trace) {
    return trace.kind.empty() && trace.label.success.value_or(false);
  });
}

void add_rubric_figures(FigureSheet& sheet) {
  using enum RubricStatus;
  add_items(sheet, "rubric: unmet items found", {unmet}, {unmet});
  add_items(sheet, "rubric: met items called unmet", {met}, {unmet});
  add_items(sheet, "rubric: met items found", {met}, {met});
  add_items(sheet, "rubric: unmet items called met", {unmet}, {met});
  add_items(sheet, "rubric: unclear though decidable", {met, unmet}, {unclear});
  add_items(sheet, "rubric: unclear where nobody can say", {unclear}, {unclear});
}

}  // namespace infinium::cli::evaluation
