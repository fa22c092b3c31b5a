#include "maestro/learning/learn.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "infinium/maestro.h"
#include "maestro/confidence.h"
#include "maestro/learning/fit.h"
#include "maestro/learning/folds.h"
#include "maestro/outcome/agreement.h"
#include "maestro/outcome/exact_math.h"
#include "maestro/reading.h"

namespace infinium::maestro {
namespace {

constexpr auto kSuccess = static_cast<std::size_t>(Verdict::succeeded);
constexpr auto kUndetermined = static_cast<std::size_t>(Verdict::undetermined);

std::optional<double> shipped_probability(const RunSignals& run) {
  return run.inside ? std::optional(logistic(run.shipped_logit)) : std::nullopt;
}

/// A weighted mean that leans on one half like one run.
class Share {
 public:
  void add(double value, double weight) {
    sum_ += value * weight;
    weight_ += weight;
  }
  [[nodiscard]] double value() const { return sum_ / weight_; }

 private:
  double sum_ = 0.5;
  double weight_ = 1;
};

class Learner {
 public:
  Learner(std::vector<Reviewed> reviewed, const LearnOptions& options)
      : options_(options), reviewed_(std::move(reviewed)) {}

  Learned learn() {
    put_in_order();
    weigh();
    describe();
    if (report_.too_few) {
      return {{}, std::move(report_)};
    }
    split();
    const bool inside = learn_success(true, report_.inside);
    const bool outside = learn_success(false, report_.outside);
    report_.confidence = hold_out_confidence();
    compare_verdicts();
    if (options_.keep_all || report_.confidence.helps) {
      whole_.rules = fit_confidence(drawn_of(whole_, std::nullopt));
    }
    whole_.learned_with = engine_model();
    report_.recommended = inside || outside || report_.confidence.helps;
    return {std::move(whole_), std::move(report_)};
  }

 private:
  /// So that the order of the input makes no difference to sums.
  void put_in_order() {
    for (Reviewed& one : reviewed_) {
      std::sort(one.votes.begin(), one.votes.end());
    }
    std::sort(reviewed_.begin(), reviewed_.end(), [](const Reviewed& a, const Reviewed& b) {
      return (a <=> b) < 0;
    });
  }

  void weigh() {
    std::vector<VotedRun> runs;
    for (const Reviewed& one : reviewed_) {
      const Verdict* evidence = one.run.critical ? &one.run.likely.verdict : nullptr;
      runs.push_back({one.votes, evidence});
    }
    weighed_ = weigh_reviewers(runs, options_.weigh_reviewers);
  }

  void describe() {
    report_.reviewed = static_cast<std::int64_t>(reviewed_.size());
    report_.too_few = report_.reviewed < kReviewedLeast;
    report_.reviewers = weighed_.reviewers;
    for (const Consensus& run : weighed_.runs) {
      const auto most = std::max_element(run.share.begin(), run.share.end());
      ++report_.verdicts[static_cast<std::size_t>(most - run.share.begin())];
    }
  }

  void split() {
    std::vector<std::uint64_t> tasks;
    for (const Reviewed& one : reviewed_) {
      tasks.push_back(one.task);
    }
    folds_ = make_folds(tasks);
    report_.by_task = folds_.by_task;
  }

  /// Whether people say if the run succeeded at all.
  [[nodiscard]] bool labelled(std::size_t i, bool inside) const {
    return reviewed_[i].run.inside == inside && weighed_.runs[i].share[kUndetermined] <= 0.5;
  }

  [[nodiscard]] LabelledRun labelled_run(std::size_t i) const {
    const Consensus& said = weighed_.runs[i];
    const double known = 1 - said.share[kUndetermined];
    return {&reviewed_[i].run, said.share[kSuccess] / known, said.weight * known};
  }

  /// The labelled runs outside of a fold, or all.
  [[nodiscard]] std::vector<LabelledRun> labelled_runs(bool inside,
                                                       std::optional<std::size_t> without) const {
    std::vector<LabelledRun> runs;
    for (std::size_t i = 0; i < reviewed_.size(); ++i) {
      if (labelled(i, inside) && folds_.fold[i] != without) {
        runs.push_back(labelled_run(i));
      }
    }
    return runs;
  }

  static std::optional<Calibration::Success>& part_of(Calibration& calibration, bool inside) {
    return inside ? calibration.inside : calibration.outside;
  }

  /// Learns one part and whether it helps; one that does not is forgotten.
  bool learn_success(bool inside, Comparison& comparison) {
    const std::vector<LabelledRun> all = labelled_runs(inside, std::nullopt);
    const std::int64_t least = inside ? kInsideLeast : kOutsideLeast;
    if (static_cast<std::int64_t>(all.size()) < least) {
      comparison.runs = static_cast<std::int64_t>(all.size());
      return false;
    }
    std::vector<Foretold> foretold;
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      const std::vector<LabelledRun> others = labelled_runs(inside, fold);
      part_of(without_[fold], inside) = fit_success(others, inside);
      Share usual;
      for (const LabelledRun& run : others) {
        usual.add(run.label, run.weight);
      }
      for (std::size_t i = 0; i < reviewed_.size(); ++i) {
        if (labelled(i, inside) && folds_.fold[i] == fold) {
          const LabelledRun run = labelled_run(i);
          const std::optional<double> shipped = shipped_probability(*run.run);
          const double after = *calibrated_probability(without_[fold], *run.run, shipped);
          foretold.push_back(
              {shipped.value_or(usual.value()), after, run.label, run.weight, folds_.group[i]});
        }
      }
    }
    comparison = compare(foretold);
    if (comparison.helps || options_.keep_all) {
      part_of(whole_, inside) = fit_success(all, inside);
    } else {
      for (Calibration& fold : without_) {
        part_of(fold, inside).reset();
      }
    }
    return comparison.helps;
  }

  [[nodiscard]] DrawnRun drawn_run(std::size_t i, const Calibration& calibration) const {
    const RunSignals& run = reviewed_[i].run;
    const std::optional<double> p =
        calibrated_probability(calibration, run, shipped_probability(run));
    const RunSignals lone = run.alone();
    const Drawn& drawn =
        run.drawn(calibrated_probability(calibration, lone, shipped_probability(lone)));
    return {drawn.rule,
            cell_of(run.coverage, p),
            weighed_.runs[i].share[static_cast<std::size_t>(drawn.verdict)],
            weighed_.runs[i].weight};
  }

  [[nodiscard]] std::vector<DrawnRun> drawn_of(const Calibration& calibration,
                                               std::optional<std::size_t> without) const {
    std::vector<DrawnRun> runs;
    for (std::size_t i = 0; i < reviewed_.size(); ++i) {
      if (folds_.fold[i] != without) {
        runs.push_back(drawn_run(i, calibration));
      }
    }
    return runs;
  }

  [[nodiscard]] Comparison hold_out_confidence() {
    std::vector<Foretold> foretold;
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      const std::vector<DrawnRun> others = drawn_of(without_[fold], fold);
      Share usual;
      for (const DrawnRun& run : others) {
        usual.add(run.agreed, run.weight);
      }
      Calibration learned = without_[fold];
      learned.rules = fit_confidence(others);
      for (std::size_t i = 0; i < reviewed_.size(); ++i) {
        if (folds_.fold[i] != fold) {
          continue;
        }
        const DrawnRun run = drawn_run(i, learned);
        const RunSignals& signals = reviewed_[i].run;
        const std::optional<double> p =
            calibrated_probability(learned, signals, shipped_probability(signals));
        const double after =
            calibrated_confidence(learned, run.rule, signals.coverage, p).value_or(usual.value());
        foretold.push_back({shipped_confidence(run.rule).value_or(usual.value()),
                            after,
                            run.agreed,
                            run.weight,
                            folds_.group[i]});
      }
    }
    return compare(foretold);
  }

  void compare_verdicts() {
    Share before;
    Share after;
    for (std::size_t i = 0; i < reviewed_.size(); ++i) {
      const DrawnRun shipped = drawn_run(i, Calibration{});
      const DrawnRun held_out = drawn_run(i, without_[folds_.fold[i]]);
      before.add(shipped.agreed, shipped.weight);
      after.add(held_out.agreed, held_out.weight);
    }
    report_.agreement_before = before.value();
    report_.agreement_after = after.value();
  }

  const LearnOptions options_;
  std::vector<Reviewed> reviewed_;  ///< in a fixed order
  Weighed weighed_;
  Folds folds_;
  std::array<Calibration, kFolds> without_;  ///< learned without a fold
  Calibration whole_;
  Report report_;
};

std::uint64_t task_of(const TaskData& trace) {
  const bool asked = trace.expected_outcome && !trace.expected_outcome->task_objective.empty();
  return fnv1a(asked ? trace.expected_outcome->task_objective : trace.name);
}

}  // namespace

Reviewed review_of(const TaskData& trace,
                   const Company& company,
                   std::string id,
                   std::vector<Vote> votes) {
  const Reading reading(trace);
  const RunCues& cues = reading.cues();
  const Sibling sibling = sibling_of(reading.view());
  const SiblingAgreement siblings = agreement_with(company, sibling);
  std::vector<Feature> run =
      run_features(reading.facts(), cues, reading.findings, reading.rubric, siblings);
  RunSignals signals = signals_of(reading.view(), reading.rubric, reading.findings, run);
  if (siblings.count > 0) {
    replace_siblings(run, agreement_with(Company{}, sibling));
    signals.lone_logit = shipped_logit_of(run);
  }
  return {task_of(trace), std::move(id), std::move(signals), std::move(votes)};
}

Learned learn(std::vector<Reviewed> reviewed, const LearnOptions& options) {
  return Learner(std::move(reviewed), options).learn();
}

}  // namespace infinium::maestro
