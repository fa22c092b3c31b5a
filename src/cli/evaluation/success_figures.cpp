// Success prediction: `successProbability` held against `label.success`. A probability that was not
// given counts as a half, which says "no" and costs calibration: not to answer is no way to win.
#include <algorithm>
#include <map>
#include <utility>

#include "cli/evaluation/figures.h"

namespace infinium::cli::evaluation {
namespace {

constexpr std::size_t kAgentTracesMin = 40;  ///< fewer give no AUC worth averaging

double probability_of(const JudgedTrace& trace) {
  return trace.said.success_probability.value_or(0.5);
}

/// Forecasts for the labelled rows of a sheet, and the figures made of them.
class SuccessRows {
 public:
  explicit SuccessRows(FigureSheet& sheet) : sheet_(sheet) {
    for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
      if (sheet.rows()[row]->label.success) {
        of_.push_back(row);
        labelled_.push_back(sheet.rows()[row]);
      }
    }
  }

  [[nodiscard]] const Rows& labelled() const { return labelled_; }
  [[nodiscard]] bool of_both_classes() const {
    const auto succeeded = std::count_if(labelled_.begin(), labelled_.end(), [](const auto* trace) {
      return *trace->label.success;
    });
    return succeeded > 0 && static_cast<std::size_t>(succeeded) < labelled_.size();
  }

  void add(std::string name,
           const std::vector<Forecast>& forecasts,
           std::optional<double> (*metric)(Forecasts)) {
    sheet_.add(std::move(name), of_, [&forecasts, metric](std::span<const std::size_t> drawn) {
      std::vector<Forecast> sample;
      sample.reserve(drawn.size());
      for (const std::size_t i : drawn) {
        sample.push_back(forecasts[i]);
      }
      return metric(sample);
    });
  }

  void add_auc_within_agents(const std::vector<Forecast>& forecasts);
  void add_pairs();

 private:
  FigureSheet& sheet_;
  std::vector<std::size_t> of_;
  Rows labelled_;
};

/// Which agent it is says much of whether a run succeeds; this asks what is known beyond it.
void SuccessRows::add_auc_within_agents(const std::vector<Forecast>& forecasts) {
  std::map<std::string, std::size_t> traces_of;
  for (const JudgedTrace* trace : labelled_) {
    ++traces_of[trace->agent];
  }
  std::vector<std::size_t> rows;   // of the sheet
  std::vector<std::size_t> local;  // the same, in labelled_
  for (std::size_t i = 0; i < labelled_.size(); ++i) {
    if (!labelled_[i]->agent.empty() && traces_of[labelled_[i]->agent] >= kAgentTracesMin) {
      rows.push_back(of_[i]);
      local.push_back(i);
    }
  }
  sheet_.add("success: AUC within one agent, mean", rows, [&](std::span<const std::size_t> drawn) {
    std::map<std::string_view, std::vector<Forecast>> by_agent;
    for (const std::size_t i : drawn) {
      by_agent[labelled_[local[i]]->agent].push_back(forecasts[local[i]]);
    }
    double sum = 0;
    std::size_t agents = 0;
    for (const auto& [agent, sample] : by_agent) {
      if (const std::optional<double> one = auc(sample)) {
        sum += *one;
        ++agents;
      }
    }
    return agents == 0 ? std::nullopt : std::optional(sum / static_cast<double>(agents));
  });
}

/// A success and a failure of one agent at one task: which was held for likelier to succeed?
void SuccessRows::add_pairs() {
  std::map<std::pair<std::string, std::string>, std::vector<double>> failures;
  for (const JudgedTrace* trace : labelled_) {
    if (!*trace->label.success) {
      failures[{trace->task, trace->agent}].push_back(probability_of(*trace));
    }
  }
  sheet_.add_share("success: pairs of one task and agent", [&](const JudgedTrace& trace) {
    Part part;
    const auto others = failures.find({trace.task, trace.agent});
    if (!trace.label.success.value_or(false) || others == failures.end()) {
      return part;
    }
    for (const double other : others->second) {
      const double mine = probability_of(trace);
      part.top += mine > other ? 1.0 : mine == other ? 0.5 : 0.0;
      part.bottom += 1;
    }
    return part;
  });
}

std::vector<Forecast> forecasts_of(const Rows& rows, const std::vector<double>& probabilities) {
  std::vector<Forecast> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.push_back({probabilities[i], *rows[i]->label.success});
  }
  return out;
}

struct Count {
  double succeeded = 0;
  double all = 0;
};

void add_baselines(SuccessRows& rows) {
  const auto constant =
      forecasts_of(rows.labelled(), success_in_other_tasks(rows.labelled(), false));
  const auto agent = forecasts_of(rows.labelled(), success_in_other_tasks(rows.labelled(), true));
  // No AUC of the constant: the rate of the *other* tasks is lower where this one succeeded.
  rows.add("success: accuracy (baseline: constant)", constant, accuracy);
  rows.add("success: Brier score (baseline: constant)", constant, brier);
  rows.add("success: calibration error (baseline: constant)", constant, calibration_error);
  rows.add("success: AUC pooled (baseline: agent identity)", agent, auc);
  rows.add("success: accuracy (baseline: agent identity)", agent, accuracy);
  rows.add("success: Brier score (baseline: agent identity)", agent, brier);
  rows.add("success: calibration error (baseline: agent identity)", agent, calibration_error);
  rows.add("success: failures among the 30 % most suspect (baseline: agent identity)",
           agent,
           precision_of_most_suspect);
}

}  // namespace

std::vector<double> success_in_other_tasks(const Rows& rows, bool same_agent) {
  Count everywhere;
  std::map<std::string, Count> of_task;
  std::map<std::string, Count> of_agent;
  std::map<std::pair<std::string, std::string>, Count> of_both;
  for (const JudgedTrace* row : rows) {
    for (Count* count : {&everywhere,
                         &of_task[row->task],
                         &of_agent[row->agent],
                         &of_both[{row->task, row->agent}]}) {
      count->succeeded += *row->label.success ? 1 : 0;
      count->all += 1;
    }
  }
  std::vector<double> rates;
  for (const JudgedTrace* row : rows) {
    const Count& agent = of_agent[row->agent];
    const Count& both = of_both[{row->task, row->agent}];
    const Count& task = of_task[row->task];
    if (same_agent && agent.all > both.all) {
      rates.push_back((agent.succeeded - both.succeeded) / (agent.all - both.all));
    } else if (everywhere.all > task.all) {
      rates.push_back((everywhere.succeeded - task.succeeded) / (everywhere.all - task.all));
    } else {
      rates.push_back(0.5);
    }
  }
  return rates;
}

void add_success_figures(FigureSheet& sheet, bool with_baselines) {
  sheet.add_share("success: base rate", [](const JudgedTrace& trace) {
    return trace.label.success ? vote(*trace.label.success) : Part{};
  });
  SuccessRows rows(sheet);
  if (!rows.of_both_classes()) {
    return;
  }
  sheet.add_share("success: probability given", [](const JudgedTrace& trace) {
    return trace.label.success ? vote(trace.said.success_probability.has_value()) : Part{};
  });
  std::vector<double> probabilities;
  for (const JudgedTrace* trace : rows.labelled()) {
    probabilities.push_back(probability_of(*trace));
  }
  const std::vector<Forecast> forecasts = forecasts_of(rows.labelled(), probabilities);
  rows.add("success: AUC pooled", forecasts, auc);
  rows.add_auc_within_agents(forecasts);
  rows.add_pairs();
  rows.add("success: accuracy", forecasts, accuracy);
  rows.add("success: accuracy of the confident half", forecasts, accuracy_of_confident_half);
  rows.add("success: Brier score", forecasts, brier);
  rows.add("success: calibration error", forecasts, calibration_error);
  rows.add("success: failures among the 30 % most suspect", forecasts, precision_of_most_suspect);
  if (with_baselines) {
    add_baselines(rows);
  }
}

}  // namespace infinium::cli::evaluation
