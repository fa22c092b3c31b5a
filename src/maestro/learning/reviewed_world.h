#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "maestro/learning/learn.h"
#include "maestro/outcome/exact_math.h"

namespace infinium::maestro {

/// A made-up deployment for tests: runs whose true outcome is known, and people who judge them.
class ReviewedWorld {
 public:
  /// The shipped model is `shift` too low here, and critical findings are wrong so often as
  /// `critical` says.
  explicit ReviewedWorld(double shift, double critical = -2) : shift_(shift), critical_(critical) {}

  struct Run {
    RunSignals signals;
    bool success = false;
    std::uint64_t task = 0;
  };

  Run run(bool inside = true) {
    Run made;
    made.signals.inside = inside;
    made.signals.shipped_logit = 4 * draw() - 2;
    made.signals.critical = draw() < 0.3;
    made.signals.values[0] = made.signals.critical ? 0.5 : 0;
    made.signals.coverage = draw() < 0.5 ? 1 : 0.4;
    made.signals.likely =
        made.signals.critical ? Drawn{Verdict::failed, "F1"} : Drawn{Verdict::succeeded, "S1"};
    made.signals.unlikely =
        made.signals.critical ? Drawn{Verdict::failed, "F1"} : Drawn{Verdict::undetermined, "U6"};
    const double logit = shift_ + made.signals.shipped_logit + critical_ * made.signals.values[0];
    made.success = draw() < logistic(logit);
    made.task = next() % 40;
    return made;
  }

  /// Right 95 times in 100.
  Vote careful(std::string name, const Run& run) {
    return vote(std::move(name), run.success == (draw() < 0.95));
  }
  Vote random(std::string name) { return vote(std::move(name), draw() < 0.5); }

  Reviewed reviewed(const Run& run, std::vector<Vote> votes) {
    return {run.task, "t" + std::to_string(++count_), run.signals, std::move(votes)};
  }

  /// All judged by one careful person.
  std::vector<Reviewed> many(std::size_t count, bool inside = true) {
    std::vector<Reviewed> all;
    for (std::size_t i = 0; i < count; ++i) {
      const Run one = run(inside);
      all.push_back(reviewed(one, {careful("ada", one)}));
    }
    return all;
  }

  /// Share of new runs that the calibration puts on the right side of one half.
  double accuracy(const Calibration& calibration, int runs = 4'000, bool inside = true) {
    int right = 0;
    for (int i = 0; i < runs; ++i) {
      const Run one = run(inside);
      const double shipped = logistic(one.signals.shipped_logit);
      const double p = *calibrated_probability(calibration, one.signals, shipped);
      right += (p >= 0.5) == one.success ? 1 : 0;
    }
    return static_cast<double>(right) / runs;
  }

  std::uint64_t next() {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return state_ >> 33u;
  }
  double draw() { return static_cast<double>(next()) / 2147483648.0; }

 private:
  static Vote vote(std::string name, bool success) {
    return {std::move(name), success ? Verdict::succeeded : Verdict::failed};
  }

  double shift_;
  double critical_;
  std::uint64_t state_ = 7;
  int count_ = 0;
};

}  // namespace infinium::maestro
