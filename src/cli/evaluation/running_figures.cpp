// What needs no label: whether the evidence holds, how much company there was, how long it took.
#include <utility>

#include "cli/evaluation/figures.h"

namespace infinium::cli::evaluation {
namespace {

void add_time(FigureSheet& sheet, std::string name, double share) {
  std::vector<std::size_t> rows(sheet.rows().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = i;
  }
  sheet.add(std::move(name), rows, [&sheet, share](std::span<const std::size_t> drawn) {
    std::vector<double> times;
    times.reserve(drawn.size());
    for (const std::size_t i : drawn) {
      times.push_back(sheet.rows()[i]->ms);
    }
    return quantile(std::move(times), share);
  });
}

double count(std::size_t number) { return static_cast<double>(number); }

}  // namespace

void add_running_figures(FigureSheet& sheet) {
  sheet.add_share("evidence: pieces that hold", [](const JudgedTrace& trace) {
    return Part{count(trace.evidence.hold), count(trace.evidence.pieces)};
  });
  sheet.add_share("evidence: claims with evidence that holds", [](const JudgedTrace& trace) {
    return Part{count(trace.evidence.proven), count(trace.evidence.claims)};
  });
  sheet.add_share("company: traces with others of their agent", [](const JudgedTrace& trace) {
    return vote(trace.said.baseline.sample_size > 0);
  });
  sheet.add_share("company: traces with siblings", [](const JudgedTrace& trace) {
    return vote(!trace.said.baseline.siblings.empty());
  });
  add_time(sheet, "time: ms a trace, p50", 0.5);
  add_time(sheet, "time: ms a trace, p99", 0.99);
}

}  // namespace infinium::cli::evaluation
