#include "cli/prompt.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "base/try.h"
#include "cli/administer.h"
#include "cli/files.h"
#include "cli/json_view.h"
#include "codec/json_text.h"

namespace infinium::cli {

PromptCommands::PromptCommands(CLI::App& app, Program& program) : program_(program) {
  CLI::App& group = *app.add_subcommand("prompt", "Keep prompts with versions, which agents fetch");
  group.require_subcommand(1);
  group.footer(
      "Examples:\n"
      "  infinium prompt create greeting --content-file greeting.txt\n"
      "  infinium prompt push PROMPT_ID --content-file greeting-v2.txt\n"
      "  infinium prompt show PROMPT_ID --version 1\n"
      "An agent fetches it with client.get_prompt(prompt_id, prompt_key).");
  CLI::App& create =
      add(group, "create", "Create a prompt; its key is shown once", &PromptCommands::create);
  create.add_option("NAME", prompt_, "What people call it, 1 to 500 characters")->required();
  create.footer("Example:\n  infinium prompt create greeting --content-file greeting.txt --json");
  CLI::App& push = add(group, "push", "Add a version; earlier ones stay", &PromptCommands::push);
  push.add_option("PROMPT_ID", prompt_, "The id that `prompt create` printed")->required();
  push.footer("Example:\n  infinium prompt push PROMPT_ID --content-file greeting-v2.txt --json");
  for (CLI::App* command : {&create, &push}) {
    command->add_option("--content-file", content_file_, "The text; - for stdin; at most 1 MiB")
        ->type_name("FILE")
        ->required();
  }
  add(group, "list", "List all prompts", &PromptCommands::list)
      .footer("Example:\n  infinium prompt list --json");
  CLI::App& show = add(group, "show", "Print the text of a prompt", &PromptCommands::show);
  show.add_option("PROMPT_ID", prompt_, "The id that `prompt create` printed")->required();
  show.add_option("--version", version_, "Which version [the latest]")->check(CLI::PositiveNumber);
  show.footer("Example:\n  infinium prompt show PROMPT_ID --version 1 > greeting.txt");
}

CLI::App& PromptCommands::add(CLI::App& group,
                              const char* name,
                              const char* what,
                              Status (PromptCommands::*run)()) {
  CLI::App& command = *group.add_subcommand(name, what);
  command.add_option("--data", data_, "Data folder [$INFINIUM_DATA, ~/.local/share/infinium]")
      ->type_name("DIR");
  command.add_flag("--json", json_, "Print JSON");
  command.callback([this, run] { program_.outcome = (this->*run)(); });
  return command;
}

Result<server::admin::Answer> PromptCommands::call(Json::Object request) {
  TRY(const auto folder, data_folder(data_));
  return administer(program_, folder, std::move(request));
}

Status PromptCommands::create() {
  TRY(std::string content, read_all(content_file_, limits::kPromptBytesMax));
  TRY(const server::admin::Answer answer,
      call({{"op", "prompt.create"}, {"name", prompt_}, {"content", std::move(content)}}));
  if (json_) {
    print(codec::encode_json(answer.result) + "\n");
    return {};
  }
  const std::string_view id = text_at(answer.result, "prompt_id");
  const std::string_view key = text_at(answer.result, "prompt_key");
  print(
      fmt::format("prompt id   {}\n"
                  "prompt key  {}   (shown only this once)\n"
                  "version     1\n"
                  "\n"
                  "In Python:  client.get_prompt(\"{}\", \"{}\").content\n",
                  id,
                  key,
                  id,
                  key));
  return {};
}

Status PromptCommands::push() {
  TRY(std::string content, read_all(content_file_, limits::kPromptBytesMax));
  TRY(const server::admin::Answer answer,
      call({{"op", "prompt.push"}, {"prompt", prompt_}, {"content", std::move(content)}}));
  print(json_ ? codec::encode_json(answer.result) + "\n"
              : fmt::format("version {}\n", digits_at(answer.result, "version").value_or("?")));
  return {};
}

Status PromptCommands::list() {
  TRY(const server::admin::Answer answer, call({{"op", "prompt.list"}}));
  if (json_) {
    print(codec::encode_json(list_at(answer.result, "prompts")) + "\n");
    return {};
  }
  std::string table;
  for (const Json& prompt : list_at(answer.result, "prompts")) {
    table += fmt::format("{}  version {:>4}  {}  {}\n",
                         text_at(prompt, "prompt_id"),
                         digits_at(prompt, "version").value_or("?"),
                         text_at(prompt, "created_at"),
                         text_at(prompt, "name"));
  }
  print(table.empty() ? "no prompts yet: infinium prompt create NAME --content-file FILE\n"
                      : table);
  return {};
}

Status PromptCommands::show() {
  Json::Object request{{"op", "prompt.show"}, {"prompt", prompt_}};
  if (version_ > 0) {
    request.push_back({"version", version_});
  }
  TRY(const server::admin::Answer answer, call(std::move(request)));
  print(json_ ? codec::encode_json(answer.result) + "\n"
              : std::string(text_at(answer.result, "content")));
  return {};
}

}  // namespace infinium::cli
