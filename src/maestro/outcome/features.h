#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "infinium/company.h"
#include "infinium/interpretation.h"
#include "maestro/evidence.h"
#include "maestro/facts.h"
#include "maestro/outcome/text_cues.h"

/// What the models look at: plain counts and shares of a run and of its steps, the same names in
/// the same order for every trace. `infinium features` prints them for training.
namespace infinium::maestro {

struct Feature {
  std::string_view name;  ///< stable; a constant
  double value = 0;
};

/// The cues of each step's main text (its output, else its input), and of the user's and the
/// agent's words. Borrows nothing.
struct RunCues {
  std::vector<TextCues> steps;    ///< one a step
  std::vector<TextCues> answers;  ///< the final output, if it stands apart from the steps; or empty
  TextCues task;                  ///< objective and input
  TextCues objective;
  TextCues user;    ///< what the user said in the run, else the input
  TextCues speech;  ///< what the agent said in the run, else the output
};
[[nodiscard]] RunCues read_run_cues(const TraceView& view);

/// How the same agent did the same task in other runs.
struct SiblingAgreement {
  std::size_t count = 0;
  double same_writes = 0;  ///< share of siblings with exactly these state-changing actions
  double overlap = 0;      ///< mean shared share of the actions
  double with_writes = 0;  ///< share of siblings that changed anything
  bool writes_here = false;
};

/// Features of a whole run, for the success model.
[[nodiscard]] std::vector<Feature> run_features(const Facts& facts,
                                                const RunCues& cues,
                                                std::span<const ProvenFinding> findings,
                                                std::span<const Proven<RubricItem>> rubric,
                                                const SiblingAgreement& siblings);

/// The same features of a run that has other siblings.
void replace_siblings(std::vector<Feature>& run, const SiblingAgreement& siblings);

/// Features of each step, for the root-cause ranker; one row a step of `view`.
[[nodiscard]] std::vector<std::vector<Feature>> step_features(const Facts& facts,
                                                              const RunCues& cues);

}  // namespace infinium::maestro
