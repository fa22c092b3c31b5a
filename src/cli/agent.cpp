#include "cli/agent.h"

#include <fmt/format.h>

#include "base/try.h"
#include "cli/administer.h"
#include "cli/files.h"
#include "cli/json_view.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

constexpr const char* kDefaultServer = "http://127.0.0.1:8400";

/// Shell lines that can be pasted or evaluated: the snippet stands in comments.
std::string shell_lines(std::string_view id, std::string_view secret, std::string_view server) {
  return fmt::format(
      "export INFINIUM_AGENT_ID={}\n"
      "export INFINIUM_AGENT_SECRET={}\n"
      "export INFINIUM_BASE_URL={}/api/v1\n"
      "\n"
      "# The secret is shown only this once. With these three set, in Python:\n"
      "#\n"
      "#   from infinium import InfiniumClient\n"
      "#\n"
      "#   with InfiniumClient() as client:\n"
      "#       sent = client.send_task(\"First task\", \"What the agent did\", duration=1.0)\n"
      "#       print(client.wait_for_interpretation(sent.data[\"traceId\"]).data)\n",
      id,
      secret,
      server.empty() ? kDefaultServer : server);
}

}  // namespace

AgentCommands::AgentCommands(CLI::App& app, Program& program) : program_(program) {
  CLI::App& group = *app.add_subcommand("agent", "Create agents and manage their secrets");
  group.require_subcommand(1);
  group.footer(
      "Examples:\n"
      "  infinium agent create checkout            # prints lines to paste into a shell\n"
      "  eval \"$(infinium agent create checkout)\"  # or sets them at once\n"
      "  infinium agent list\n"
      "  infinium agent disable checkout\n"
      "All of them work while a server holds the folder and take effect at once.");
  CLI::App& create =
      add(group, "create", "Create an agent; its secret is shown once", &AgentCommands::create);
  create.add_option("NAME", agent_, "What people call it, 1 to 500 characters")->required();
  create.footer(
      "Examples:\n"
      "  infinium agent create checkout\n"
      "  infinium agent create checkout --json   # {\"agent_id\":…,\"agent_secret\":…}");
  add(group, "list", "List all agents", &AgentCommands::list)
      .footer("Example:\n  infinium agent list --json");
  const struct {
    const char* name;
    const char* what;
    Status (AgentCommands::*run)();
  } on_one[] = {
      {"rotate", "Give an agent a new secret; the old one ends at once", &AgentCommands::rotate},
      {"disable",
       "Refuse an agent's requests from now on; its traces stay",
       &AgentCommands::disable},
      {"enable", "Let a disabled agent in again, with the secret it had", &AgentCommands::enable},
  };
  for (const auto& [name, what, run] : on_one) {
    CLI::App& command = add(group, name, what, run);
    command.add_option("AGENT", agent_, "Its id, or its name if no other agent has it")->required();
    command.footer(fmt::format("Example:\n  infinium agent {} checkout", name));
  }
}

CLI::App& AgentCommands::add(CLI::App& group,
                             const char* name,
                             const char* what,
                             Status (AgentCommands::*run)()) {
  CLI::App& command = *group.add_subcommand(name, what);
  command.add_option("--data", data_, "Data folder [$INFINIUM_DATA, ~/.local/share/infinium]")
      ->type_name("DIR");
  command.add_flag("--json", json_, "Print JSON");
  command.callback([this, run] { program_.outcome = (this->*run)(); });
  return command;
}

Status AgentCommands::hand_out_secret(const char* operation, const char* key) {
  TRY(const auto folder, data_folder(data_));
  TRY(const server::admin::Answer answer,
      administer(program_, folder, Json::Object{{"op", operation}, {key, agent_}}));
  print(json_ ? codec::encode_json(answer.result) + "\n"
              : shell_lines(text_at(answer.result, "agent_id"),
                            text_at(answer.result, "agent_secret"),
                            answer.server));
  return {};
}

Status AgentCommands::create() { return hand_out_secret("agent.create", "name"); }

Status AgentCommands::rotate() { return hand_out_secret("agent.rotate", "agent"); }

Status AgentCommands::list() {
  TRY(const auto folder, data_folder(data_));
  TRY(const server::admin::Answer answer,
      administer(program_, folder, Json::Object{{"op", "agent.list"}}));
  if (json_) {
    print(codec::encode_json(list_at(answer.result, "agents")) + "\n");
    return {};
  }
  std::string table;
  for (const Json& agent : list_at(answer.result, "agents")) {
    table += fmt::format("{}  {:8}  {}  {}\n",
                         text_at(agent, "agent_id"),
                         flag_at(agent, "disabled") ? "disabled" : "enabled",
                         text_at(agent, "created_at"),
                         text_at(agent, "name"));
  }
  print(table.empty() ? "no agents yet: infinium agent create NAME\n" : table);
  return {};
}

Status AgentCommands::set_disabled(const char* operation, const char* said) {
  TRY(const auto folder, data_folder(data_));
  TRY(const server::admin::Answer answer,
      administer(program_, folder, Json::Object{{"op", operation}, {"agent", agent_}}));
  print(json_ ? codec::encode_json(answer.result) + "\n"
              : fmt::format("agent {} is {}\n", text_at(answer.result, "agent_id"), said));
  return {};
}

Status AgentCommands::disable() { return set_disabled("agent.disable", "disabled"); }

Status AgentCommands::enable() { return set_disabled("agent.enable", "enabled"); }

}  // namespace infinium::cli
