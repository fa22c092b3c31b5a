#include "cli/interpret.h"

#include <fmt/format.h>

#include <utility>

#include "cli/render.h"
#include "cli/text_layout.h"
#include "cli/trace_lines.h"
#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "infinium/maestro.h"

namespace infinium::cli {

InterpretCommand::InterpretCommand(CLI::App& app, Program& program) : program_(program) {
  CLI::App& command =
      *app.add_subcommand("interpret", "Let Maestro judge traces of a file; no server needed");
  command.add_option("FILE", file_, "Traces, one a line; - for stdin")->required();
  command
      .add_flag("--history{before}",
                history_,
                "Judge each trace in the company of the earlier lines of its agent (before, the "
                "default) or of all its other lines (others)")
      ->check(CLI::IsMember({"before", "others"}));
  CLI::Option* json = command.add_flag(
      "--json", json_, "One JSON object a line (the default unless stdout is a terminal)");
  command.add_flag("--text", text_, "Text for a person (the default on a terminal)")
      ->excludes(json);
  command.footer(
      "A line is a trace payload, or {\"trace\":{payload},\"id\":\"…\",\"agent\":\"…\"}.\n"
      "The output is {\"id\":…,\"interpretation\":{…}} a line, in the order of the input. A line "
      "that\n"
      "cannot be read is named on stderr, the rest goes on, and the exit code is not 0.\n"
      "Examples:\n"
      "  infinium interpret traces.jsonl\n"
      "  infinium interpret traces.jsonl --json | jq .interpretation.verdict\n"
      "  infinium interpret traces.jsonl --history=others\n"
      "  infinium get TRACE_ID --trace | infinium interpret -");
  command.callback([this] { program_.outcome = run(); });
}

void InterpretCommand::show(const TraceLine& line, Interpretation interpretation) const {
  interpretation.interpreted_at = format_iso8601(program_.clock.now_ms());
  const std::string result = codec::encode_interpretation(interpretation);
  const bool as_json = json_ || (!text_ && !program_.terminal.present);
  if (as_json) {
    const std::string id = line.id.empty() ? "null" : codec::encode_json(line.id);
    print("{\"id\":" + id + ",\"interpretation\":" + result + "}\n");
    return;
  }
  const RenderOptions options{program_.terminal.width, program_.terminal.color};
  const std::string title =
      printable(line.id.empty() ? line.trace.name : line.trace.name + " (" + line.id + ")");
  const Result<Json> json = codec::parse_json(result);
  print("── " + shorten(title, options.width - 3) + "\n" +
        render_interpretation(json ? *json : Json(), options) + "\n");
}

Status InterpretCommand::interpret_among_others() {
  std::vector<TraceLine> all;
  const Status read = each_trace(file_, [&](TraceLine line) {
    all.push_back(std::move(line));
    const auto number = static_cast<std::int64_t>(all.size());
    const TraceLine& added = all.back();
    companies_[added.agent].add(added.trace, name_of_line(added, number), number);
  });
  std::int64_t number = 0;
  for (const TraceLine& line : all) {
    maestro::Company& company = companies_[line.agent];
    const std::string name = name_of_line(line, ++number);
    company.subtract(line.trace, name, number);
    show(line, maestro::interpret(line.trace, company));
    company.add(line.trace, name, number);
  }
  return read;
}

Status InterpretCommand::run() {
  if (history_ == "others") {
    return interpret_among_others();
  }
  std::int64_t number = 0;
  return each_trace(file_, [this, &number](const TraceLine& line) {
    ++number;
    if (history_.empty()) {
      show(line, maestro::interpret(line.trace));
      return;
    }
    maestro::Company& company = companies_[line.agent];
    show(line, maestro::interpret(line.trace, company));
    company.add(line.trace, name_of_line(line, number), number);
  });
}

}  // namespace infinium::cli
