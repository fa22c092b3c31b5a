#include "cli/features.h"

#include <fmt/format.h>

#include <vector>

#include "cli/files.h"
#include "codec/json_text.h"
#include "maestro/outcome/training.h"

namespace infinium::cli {
namespace {

Json as_json(const std::vector<maestro::Feature>& features) {
  Json::Object object;
  for (const maestro::Feature& feature : features) {
    object.push_back({std::string(feature.name), feature.value});
  }
  return object;
}

Json step_json(const maestro::TraceFeatures& features, std::size_t i) {
  Json::Object object;
  object.push_back({"step_number", features.step_numbers[i]});
  object.push_back({"agent", features.agents[i]});
  object.push_back({"features", as_json(features.steps[i])});
  return object;
}

}  // namespace

FeaturesCommand::FeaturesCommand(CLI::App& app, Program& program) : program_(program) {
  CLI::App& command =
      *app.add_subcommand("features", "Print what Maestro's models see of each trace");
  command.add_option("FILE", file_, "Traces, one a line; - for stdin")->required();
  command
      .add_option("--history",
                  history_,
                  "Company of a trace: none, before (the earlier lines of its agent) or others "
                  "(all its other lines)")
      ->check(CLI::IsMember({"none", "before", "others"}))
      ->capture_default_str();
  command.footer(
      "One JSON object a line: {\"id\",\"run\":{…},\"steps\":[{\"step_number\",\"agent\","
      "\"features\":{…}}]}.\n"
      "tools/train/ makes the models of these. Examples:\n"
      "  infinium features traces.jsonl --history=others");
  command.callback([this] { program_.outcome = run(); });
}

void FeaturesCommand::show(const TraceLine& line) {
  const maestro::TraceFeatures features = maestro::features_of(line.trace, companies_[line.agent]);
  Json::Array steps;
  for (std::size_t i = 0; i < features.steps.size(); ++i) {
    steps.push_back(step_json(features, i));
  }
  Json::Object object;
  object.push_back({"id", line.id});
  object.push_back({"run", as_json(features.run)});
  object.push_back({"steps", std::move(steps)});
  print(codec::encode_json(std::move(object)) + "\n");
}

Status FeaturesCommand::run() {
  if (history_ != "others") {
    return each_trace(file_, [this](const TraceLine& line) {
      show(line);
      if (history_ == "before") {
        companies_[line.agent].add(line.trace, line.id);
      }
    });
  }
  std::vector<TraceLine> all;
  const Status read = each_trace(file_, [&](TraceLine line) {
    companies_[line.agent].add(line.trace, line.id);
    all.push_back(std::move(line));
  });
  for (const TraceLine& line : all) {
    companies_[line.agent].subtract(line.trace, line.id);
    show(line);
    companies_[line.agent].add(line.trace, line.id);
  }
  return read;
}

}  // namespace infinium::cli
