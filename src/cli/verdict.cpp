#include "cli/verdict.h"

#include <fmt/format.h>

#include "base/try.h"
#include "cli/json_view.h"
#include "cli/results.h"
#include "codec/json_text.h"

namespace infinium::cli {

VerdictCommand::VerdictCommand(CLI::App& app, Program& program) : program_(program) {
  CLI::App& command = *app.add_subcommand("verdict", "Say as a person what became of a trace");
  endpoint_.add_to(command);
  command.add_option("ID", trace_id_, "The trace's id")->required();
  CLI::Option& verdict =
      *command.add_option("VERDICT", verdict_, "What became of it")
           ->check(CLI::IsMember({"succeeded", "partially_succeeded", "failed", "undetermined"}));
  command.add_option("--note", note_, "Why; at most 2,000 characters")->type_name("TEXT");
  command.add_option("--rubric", rubric_, "What you say of a rubric item: met, unmet or unclear")
      ->type_name("ID=MARK");
  command.add_option("--root-step", root_step_, "The step where it went wrong first")
      ->type_name("N");
  command.add_flag("--withdraw", withdraw_, "Take your verdict back instead")->excludes(&verdict);
  command.add_flag("--json", json_, "Print JSON");
  command.footer(
      "A second verdict of the same person replaces the first. It stands beside Maestro's, and is "
      "the one that counts.\n"
      "Examples:\n"
      "  infinium verdict TRACE_ID failed --note \"Refunded the wrong order\" --root-step 2\n"
      "  infinium verdict TRACE_ID partially_succeeded --rubric r1=met --rubric r2=unmet\n"
      "  infinium verdict TRACE_ID --withdraw");
  command.callback([this] { program_.outcome = run(); });
}

Result<std::string> VerdictCommand::body() const {
  Json::Object said{{"verdict", verdict_}};
  if (!note_.empty()) {
    said.push_back({"note", note_});
  }
  Json::Object marks;
  for (const std::string& one : rubric_) {
    const std::size_t sign = one.rfind('=');
    if (sign == std::string::npos || sign == 0) {
      return Error{Code::invalid_argument, "a mark is ID=MARK, such as r1=met", "--rubric"};
    }
    marks.push_back({one.substr(0, sign), one.substr(sign + 1)});
  }
  if (!marks.empty()) {
    said.push_back({"rubric", std::move(marks)});
  }
  if (root_step_) {
    said.push_back({"root_step", *root_step_});
  }
  return codec::encode_json(said);
}

Result<ApiAnswer> VerdictCommand::call() {
  const std::string path = "/traces/" + trace_id_ + "/verdict";
  if (withdraw_) {
    TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
    return api->remove(path);
  }
  TRY(std::string said, body());
  TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
  return api->post(path, {{"content-type", "application/json"}}, std::move(said));
}

Status VerdictCommand::run() {
  TRY_VOID(check_trace_id(trace_id_));
  if (!withdraw_ && verdict_.empty()) {
    return Error{Code::invalid_argument, "say a verdict, or --withdraw", "VERDICT"};
  }
  TRY(const ApiAnswer answer, call());
  if (json_) {
    print(codec::encode_json(answer.body) + "\n");
    return {};
  }
  if (withdraw_ && !flag_at(answer.body, "withdrawn")) {
    print("you had given no verdict\n");
    return {};
  }
  const std::string_view counts = text_at(answer.body, "decidingVerdict");
  print(fmt::format("{}; what counts now: {}\n",
                    withdraw_ ? "withdrawn" : "stored",
                    counts.empty()
                        ? std::string("nothing yet")
                        : fmt::format("{} (by {})", counts, text_at(answer.body, "verdictBy"))));
  return {};
}

}  // namespace infinium::cli
