#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cli/evaluation/attribution.h"
#include "cli/evaluation/label.h"
#include "cli/trace_lines.h"
#include "infinium/company.h"
#include "infinium/interpretation.h"

namespace infinium::cli::evaluation {

/// A line of a labelled file.
struct LabelledLine {
  TraceLine line;
  Label label;           ///< empty if the line has none
  std::string task;      ///< `task_key`, else `scenario`, else empty
  std::string scenario;  ///< of the planted corpus: which clean run this is a twin of
  std::string kind;      ///< of the planted corpus: "clean" or the fault; else empty
  std::size_t bytes = 0;
};

/// Reads such a line. Errors: those of parse_trace_line() and parse_label(), and
/// `invalid_argument` where one of the names is no text.
[[nodiscard]] Result<LabelledLine> parse_labelled_line(std::string_view text);

/// How the evidence of an interpretation stands to the trace it speaks of.
struct EvidenceCount {
  std::size_t pieces = 0;
  std::size_t hold = 0;    ///< pieces that pass their checker
  std::size_t claims = 0;  ///< findings, decided rubric items, the root cause
  std::size_t proven = 0;  ///< claims with evidence, all of which holds
};

/// What the clean run of a planted fault's scenario was said to be.
struct CleanTwin {
  std::vector<std::string> fingerprints;
  double score = 0;
};

/// A labelled trace with what Maestro says of it.
struct JudgedTrace {
  std::string agent;
  std::string task;  ///< never empty: the unit that intervals draw again
  std::string scenario;
  std::string kind;
  Label label;
  Interpretation said;  ///< without the evidence, which was counted
  EvidenceCount evidence;
  Attribution simple;              ///< what the simple ranker says
  std::optional<CleanTwin> clean;  ///< if the scenario's clean run is in the file
  std::size_t bytes = 0;
  double ms = 0;  ///< of interpret() alone
};

/// Judges the line's trace in that company.
[[nodiscard]] JudgedTrace judge(const LabelledLine& line,
                                const maestro::Company& company,
                                const Clock& clock);

/// Gives each trace of a scenario its clean twin.
void pair_with_clean_twins(std::vector<JudgedTrace>& traces);

/// Findings of warning or above at the place of the planted fault (a step next to it counts; for
/// the output, a finding of no step or of the last). With `specific`, only such as the clean twin
/// does not have.
[[nodiscard]] bool has_finding_at(const JudgedTrace& trace,
                                  const std::vector<Place>& places,
                                  bool specific);

}  // namespace infinium::cli::evaluation
