#include "cli/reviewer.h"

#include <fmt/format.h>

#include "base/try.h"
#include "cli/administer.h"
#include "cli/files.h"
#include "cli/json_view.h"
#include "codec/json_text.h"

namespace infinium::cli {

ReviewerCommands::ReviewerCommands(CLI::App& app, Program& program) : program_(program) {
  CLI::App& group =
      *app.add_subcommand("reviewer", "Let people judge traces, and manage their keys");
  group.require_subcommand(1);
  group.footer(
      "Examples:\n"
      "  eval \"$(infinium reviewer create ada)\"   # sets her id and key in this shell\n"
      "  infinium reviewer list\n"
      "  infinium reviewer disable ada            # the verdicts she gave still count\n"
      "All of them work while a server holds the folder and take effect at once.");
  CLI::App& create =
      add(group, "create", "Create a reviewer; the key is shown once", &ReviewerCommands::create);
  create.add_option("NAME", reviewer_, "What people call them, 1 to 500 characters")->required();
  create.footer(
      "Examples:\n"
      "  infinium reviewer create ada\n"
      "  infinium reviewer create ada --json   # {\"reviewer_id\":…,\"reviewer_key\":…}");
  add(group, "list", "List all reviewers", &ReviewerCommands::list)
      .footer("Example:\n  infinium reviewer list --json");
  const struct {
    const char* name;
    const char* what;
    Status (ReviewerCommands::*run)();
  } on_one[] = {
      {"rotate", "Give a reviewer a new key; the old one ends at once", &ReviewerCommands::rotate},
      {"disable",
       "Refuse a reviewer from now on; the verdicts stay and count",
       &ReviewerCommands::disable},
      {"enable", "Let a disabled reviewer in again, with the old key", &ReviewerCommands::enable},
  };
  for (const auto& [name, what, run] : on_one) {
    CLI::App& command = add(group, name, what, run);
    command.add_option("REVIEWER", reviewer_, "The id, or the name if no other has it")->required();
    command.footer(fmt::format("Example:\n  infinium reviewer {} ada", name));
  }
}

CLI::App& ReviewerCommands::add(CLI::App& group,
                                const char* name,
                                const char* what,
                                Status (ReviewerCommands::*run)()) {
  CLI::App& command = *group.add_subcommand(name, what);
  command.add_option("--data", data_, "Data folder [$INFINIUM_DATA, ~/.local/share/infinium]")
      ->type_name("DIR");
  command.add_flag("--json", json_, "Print JSON");
  command.callback([this, run] { program_.outcome = (this->*run)(); });
  return command;
}

Result<Json> ReviewerCommands::administer_one(const char* operation, const char* key) {
  TRY(const auto folder, data_folder(data_));
  TRY(server::admin::Answer answer,
      administer(program_, folder, Json::Object{{"op", operation}, {key, reviewer_}}));
  return std::move(answer.result);
}

Status ReviewerCommands::hand_out_key(const char* operation, const char* key) {
  TRY(const Json made, administer_one(operation, key));
  print(json_ ? codec::encode_json(made) + "\n"
              : fmt::format("export INFINIUM_REVIEWER_ID={}\n"
                            "export INFINIUM_REVIEWER_KEY={}\n"
                            "\n"
                            "# The key is shown only this once. With these set, and\n"
                            "# INFINIUM_AGENT_ID the agent whose trace it is:\n"
                            "#\n"
                            "#   infinium verdict TRACE_ID failed --note \"What went wrong\"\n",
                            text_at(made, "reviewer_id"),
                            text_at(made, "reviewer_key")));
  return {};
}

Status ReviewerCommands::create() { return hand_out_key("reviewer.create", "name"); }

Status ReviewerCommands::rotate() { return hand_out_key("reviewer.rotate", "reviewer"); }

Status ReviewerCommands::list() {
  TRY(const Json listed, administer_one("reviewer.list", "reviewer"));
  const Json::Array& reviewers = list_at(listed, "reviewers");
  if (json_) {
    print(codec::encode_json(reviewers) + "\n");
    return {};
  }
  std::string table;
  for (const Json& reviewer : reviewers) {
    table += fmt::format("{}  {:8}  {}  {}\n",
                         text_at(reviewer, "reviewer_id"),
                         flag_at(reviewer, "disabled") ? "disabled" : "enabled",
                         text_at(reviewer, "created_at"),
                         text_at(reviewer, "name"));
  }
  print(table.empty() ? "no reviewers yet: infinium reviewer create NAME\n" : table);
  return {};
}

Status ReviewerCommands::set_disabled(const char* operation, const char* said) {
  TRY(const Json done, administer_one(operation, "reviewer"));
  print(json_ ? codec::encode_json(done) + "\n"
              : fmt::format("reviewer {} is {}\n", text_at(done, "reviewer_id"), said));
  return {};
}

Status ReviewerCommands::disable() { return set_disabled("reviewer.disable", "disabled"); }

Status ReviewerCommands::enable() { return set_disabled("reviewer.enable", "enabled"); }

}  // namespace infinium::cli
