#include "server/reread_json.h"

#include <string>
#include <utility>

#include "codec/interpretation_json.h"

namespace infinium::server::admin {
namespace {

std::string name_of(pipeline::RereadStatus::State state) {
  using enum pipeline::RereadStatus::State;
  switch (state) {
    case none:
      return "none";
    case running:
      return "running";
    case done:
      return "done";
    case stopped:
      return "stopped";
    case failed:
      break;
  }
  return "failed";
}

Json::Array verdicts_of(const pipeline::RereadFigures& figures) {
  Json::Array rows;
  for (std::size_t from = 0; from < pipeline::kVerdictCount; ++from) {
    for (std::size_t to = 0; to < pipeline::kVerdictCount; ++to) {
      const pipeline::VerdictChange& change = figures.verdicts.at(from).at(to);
      if (change.count == 0) {
        continue;
      }
      Json::Array examples;
      for (const std::string& id : change.examples) {
        examples.emplace_back(id);
      }
      rows.emplace_back(
          Json::Object{{"from", std::string(codec::to_string(static_cast<Verdict>(from)))},
                       {"to", std::string(codec::to_string(static_cast<Verdict>(to)))},
                       {"count", change.count},
                       {"examples", std::move(examples)}});
    }
  }
  return rows;
}

}  // namespace

Json encode_reread_status(const pipeline::RereadStatus& status) {
  const pipeline::RereadFigures& figures = status.figures;
  Json::Object told{
      {"state", name_of(status.state)},
      {"dry_run", status.dry_run},
      {"seconds", status.seconds},
      {"total", figures.total},
      {"seen", figures.seen},
      {"read", figures.read},
      {"of_other_engine", figures.of_other_engine},
      {"stale", figures.stale},
      {"failed", figures.failed},
      {"same", figures.same},
      {"verdicts", verdicts_of(figures)},
      {"score",
       Json::Object{
           {"up", figures.score_up}, {"down", figures.score_down}, {"sum", figures.score_sum}}}};
  if (status.error) {
    told.push_back({"error",
                    Json::Object{{"code", std::string(to_string(status.error->code))},
                                 {"message", status.error->message}}});
  }
  return told;
}

}  // namespace infinium::server::admin
