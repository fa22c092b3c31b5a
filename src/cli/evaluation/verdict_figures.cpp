// Verdicts and the confidence in them, held against the true verdict or, where only success or
// failure is known, against that.
#include <cmath>
#include <map>
#include <utility>

#include "cli/evaluation/figures.h"
#include "codec/interpretation_json.h"

namespace infinium::cli::evaluation {
namespace {

VerdictPair pair_of(const JudgedTrace& trace) { return {*trace.label.verdict, trace.said.verdict}; }

/// Whether the verdict is right; nothing where that is not known: the trace has no label for it,
/// or the label is only a success that a partial one may or may not be.
std::optional<bool> is_right(const JudgedTrace& trace) {
  if (trace.label.verdict) {
    return trace.said.verdict == *trace.label.verdict;
  }
  const bool decided =
      trace.said.verdict == Verdict::succeeded || trace.said.verdict == Verdict::failed;
  if (!trace.label.success || !decided) {
    return std::nullopt;
  }
  return (trace.said.verdict == Verdict::succeeded) == *trace.label.success;
}

void add_f1(FigureSheet& sheet,
            std::string name,
            const std::vector<VerdictPair>& pairs,
            const std::vector<std::size_t>& rows) {
  sheet.add(std::move(name), rows, [&pairs](std::span<const std::size_t> drawn) {
    std::vector<VerdictPair> sample;
    sample.reserve(drawn.size());
    for (const std::size_t i : drawn) {
      sample.push_back(pairs[i]);
    }
    return macro_f1(confusion(sample));
  });
}

/// The verdict that is most frequent in other tasks, for each pair.
std::vector<VerdictPair> constant_baseline(const FigureSheet& sheet,
                                           const std::vector<std::size_t>& rows) {
  std::array<std::size_t, kVerdicts.size()> all{};
  std::map<std::string, std::array<std::size_t, kVerdicts.size()>> of_task;
  for (const std::size_t row : rows) {
    const JudgedTrace& trace = *sheet.rows()[row];
    const auto verdict = static_cast<std::size_t>(*trace.label.verdict);
    ++all[verdict];
    ++of_task[trace.task][verdict];
  }
  std::vector<VerdictPair> out;
  for (const std::size_t row : rows) {
    const JudgedTrace& trace = *sheet.rows()[row];
    const auto& own = of_task[trace.task];
    std::size_t best = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
      best = all[i] - own[i] > all[best] - own[best] ? i : best;
    }
    out.push_back({*trace.label.verdict, kVerdicts[best]});
  }
  return out;
}

void add_against_verdicts(FigureSheet& sheet, bool with_baselines) {
  std::vector<std::size_t> rows;
  std::vector<VerdictPair> pairs;
  for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
    if (sheet.rows()[row]->label.verdict) {
      rows.push_back(row);
      pairs.push_back(pair_of(*sheet.rows()[row]));
    }
  }
  add_f1(sheet, "verdict: macro-F1", pairs, rows);
  if (with_baselines && !rows.empty()) {
    const std::vector<VerdictPair> constant = constant_baseline(sheet, rows);
    add_f1(sheet, "verdict: macro-F1 (baseline: constant)", constant, rows);
  }
  sheet.add_share("verdict: exact", [](const JudgedTrace& trace) {
    return trace.label.verdict ? vote(*is_right(trace)) : Part{};
  });
  const auto undetermined = [&sheet](std::string name, bool decidable) {
    sheet.add_share(std::move(name), [decidable](const JudgedTrace& trace) {
      return trace.label.verdict && (*trace.label.verdict != Verdict::undetermined) == decidable
                 ? vote(trace.said.verdict == Verdict::undetermined)
                 : Part{};
    });
  };
  undetermined("verdict: undetermined where decidable", true);
  undetermined("verdict: undetermined where the evidence was removed", false);
}

void add_confusion(FigureSheet& sheet) {
  for (const Verdict truth : kVerdicts) {
    for (const Verdict said : kVerdicts) {
      const std::string name = "verdict: true " + std::string(codec::to_string(truth)) + ", said " +
                               std::string(codec::to_string(said));
      sheet.add_share(name, [truth, said](const JudgedTrace& trace) {
        return trace.label.verdict == truth ? vote(trace.said.verdict == said) : Part{};
      });
    }
  }
}

void add_against_success(FigureSheet& sheet) {
  const auto known = [](const JudgedTrace& trace) {
    return trace.label.success && !trace.label.verdict;
  };
  sheet.add_share("verdict: succeeded or failed, where success is known",
                  [known](const JudgedTrace& trace) {
                    return known(trace) ? vote(is_right(trace).has_value()) : Part{};
                  });
  sheet.add_share("verdict: right, of those", [known](const JudgedTrace& trace) {
    const std::optional<bool> right = is_right(trace);
    return known(trace) && right ? vote(*right) : Part{};
  });
  sheet.add_share("verdict: failed though the run succeeded", [known](const JudgedTrace& trace) {
    return known(trace) && *trace.label.success ? vote(trace.said.verdict == Verdict::failed)
                                                : Part{};
  });
}

void add_confidence(FigureSheet& sheet) {
  std::vector<std::size_t> rows;
  std::vector<Forecast> forecasts;
  for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
    const JudgedTrace& trace = *sheet.rows()[row];
    const std::optional<bool> right = is_right(trace);
    if (right && trace.said.confidence) {
      rows.push_back(row);
      forecasts.push_back({*trace.said.confidence, *right});
    }
  }
  sheet.add_share("confidence: given, where right or wrong is known", [](const JudgedTrace& trace) {
    return is_right(trace) ? vote(trace.said.confidence.has_value()) : Part{};
  });
  const auto add = [&](const char* name, std::optional<double> (*metric)(Forecasts)) {
    sheet.add(name, rows, [&forecasts, metric](std::span<const std::size_t> drawn) {
      std::vector<Forecast> sample;
      for (const std::size_t i : drawn) {
        sample.push_back(forecasts[i]);
      }
      return metric(sample);
    });
  };
  add("confidence: calibration error", calibration_error);
  add("confidence: Brier score", brier);
  add("confidence: AUC of right over wrong", auc);
  sheet.add_share("confidence: verdicts with at least 0.8 right", [](const JudgedTrace& trace) {
    const std::optional<bool> right = is_right(trace);
    return right && trace.said.confidence.value_or(0) >= 0.8 ? vote(*right) : Part{};
  });
}

}  // namespace

Confusion confusion_of(const Rows& rows) {
  std::vector<VerdictPair> pairs;
  for (const JudgedTrace* trace : rows) {
    if (trace->label.verdict) {
      pairs.push_back(pair_of(*trace));
    }
  }
  return confusion(pairs);
}

void add_verdict_figures(FigureSheet& sheet, bool with_baselines) {
  add_against_verdicts(sheet, with_baselines);
  if (with_baselines) {
    add_confusion(sheet);
  }
  add_against_success(sheet);
  add_confidence(sheet);
}

}  // namespace infinium::cli::evaluation
