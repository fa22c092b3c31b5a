#include "server/admin.h"

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/try.h"
#include "base/uuid.h"
#include "codec/json_text.h"
#include "codec/utf8.h"
#include "server/calibrating.h"
#include "server/reread_json.h"

namespace infinium::server::admin {
namespace {

Result<std::string> text_of(const Json& request, std::string_view key) {
  const Json* value = request.find(key);
  if (value == nullptr || value->if_string() == nullptr) {
    return Error{Code::invalid_argument,
                 std::string(key) + " is required and must be a text",
                 std::string(key)};
  }
  return *value->if_string();
}

Result<std::string> name_of(const Json& request) {
  TRY(std::string name, text_of(request, "name"));
  const std::size_t length = codec::count_code_points(name);
  if (length < 1 || length > limits::kNameCharsMax) {
    return Error{Code::invalid_argument,
                 "a name has 1 to " + std::to_string(limits::kNameCharsMax) +
                     " characters; this one has " + std::to_string(length),
                 "name"};
  }
  return name;
}

Result<std::string> content_of(const Json& request) {
  TRY(std::string content, text_of(request, "content"));
  if (content.empty()) {
    return Error{Code::invalid_argument, "the content of a prompt cannot be empty", "content"};
  }
  if (content.size() > limits::kPromptBytesMax) {
    return Error{Code::too_large,
                 "a prompt has at most " + std::to_string(limits::kPromptBytesMax) +
                     " bytes; this one has " + std::to_string(content.size()),
                 "content"};
  }
  return content;
}

/// Who holds a secret, and how that is said: an agent or a reviewer.
struct AgentKind {
  static constexpr std::string_view kWord = "agent";
  static constexpr std::string_view kSecret = "agent_secret";
  static constexpr std::string_view kPrefix = "ifa_";
  static constexpr auto kCreate = &store::Store::create_agent;
  static constexpr auto kList = &store::Store::list_agents;
  static constexpr auto kSetSecret = &store::Store::set_agent_secret;
  static constexpr auto kSetDisabled = &store::Store::set_agent_disabled;
};

struct ReviewerKind {
  static constexpr std::string_view kWord = "reviewer";
  static constexpr std::string_view kSecret = "reviewer_key";
  static constexpr std::string_view kPrefix = "ifr_";
  static constexpr auto kCreate = &store::Store::create_reviewer;
  static constexpr auto kList = &store::Store::list_reviewers;
  static constexpr auto kSetSecret = &store::Store::set_reviewer_secret;
  static constexpr auto kSetDisabled = &store::Store::set_reviewer_disabled;
};

/// `agent_id`, for example.
template <class Kind>
std::string key_of(std::string_view suffix) {
  return std::string(Kind::kWord) + std::string(suffix);
}

/// The one that the request means, by id or by a name that is not shared.
template <class Kind>
Result<Uuid> holder_of(store::Store& store, const Json& request) {
  const std::string word(Kind::kWord);
  TRY(const std::string given, text_of(request, word));
  if (const std::optional<Uuid> id = Uuid::parse(given)) {
    return *id;
  }
  TRY(const auto holders, (store.*Kind::kList)());
  std::optional<Uuid> found;
  for (const auto& holder : holders) {
    if (holder.name != given) {
      continue;
    }
    if (found) {
      return Error{Code::conflict, "several " + word + "s have this name: say the id", word};
    }
    found = holder.id;
  }
  if (!found) {
    return Error{Code::not_found, "there is no " + word + " with this id or name", word};
  }
  return *found;
}

Result<Uuid> prompt_of(const Json& request) {
  TRY(const std::string given, text_of(request, "prompt"));
  const std::optional<Uuid> id = Uuid::parse(given);
  if (!id) {
    return Error{Code::invalid_argument, "a prompt is named by its id, a UUID", "prompt"};
  }
  return *id;
}

template <class Kind>
Result<Json> create_holder(const Powers& powers, const Json& request) {
  TRY(std::string name, name_of(request));
  const std::string secret = make_secret(powers.random, Kind::kPrefix);
  TRY(const auto holder, (powers.store.*Kind::kCreate)(std::move(name), sha256(secret)));
  return Json(Json::Object{{key_of<Kind>("_id"), holder.id.to_string()},
                           {std::string(Kind::kSecret), secret}});
}

template <class Kind>
Result<Json> list_holders(const Powers& powers, const Json& /*request*/) {
  TRY(const auto holders, (powers.store.*Kind::kList)());
  Json::Array rows;
  for (const auto& holder : holders) {
    rows.emplace_back(Json::Object{{key_of<Kind>("_id"), holder.id.to_string()},
                                   {"name", holder.name},
                                   {"disabled", holder.disabled},
                                   {"created_at", format_iso8601(holder.created_at_ms)}});
  }
  return Json(Json::Object{{key_of<Kind>("s"), std::move(rows)}});
}

template <class Kind>
Result<Json> rotate_holder(const Powers& powers, const Json& request) {
  TRY(const Uuid id, holder_of<Kind>(powers.store, request));
  const std::string secret = make_secret(powers.random, Kind::kPrefix);
  TRY_VOID((powers.store.*Kind::kSetSecret)(id, sha256(secret)));
  return Json(
      Json::Object{{key_of<Kind>("_id"), id.to_string()}, {std::string(Kind::kSecret), secret}});
}

template <class Kind, bool disabled>
Result<Json> set_disabled(const Powers& powers, const Json& request) {
  TRY(const Uuid id, holder_of<Kind>(powers.store, request));
  TRY_VOID((powers.store.*Kind::kSetDisabled)(id, disabled));
  return Json(Json::Object{{key_of<Kind>("_id"), id.to_string()}, {"disabled", disabled}});
}

Result<Json> create_prompt(const Powers& powers, const Json& request) {
  TRY(std::string name, name_of(request));
  TRY(std::string content, content_of(request));
  const std::string key = make_secret(powers.random, "ifp_");
  TRY(const store::Prompt prompt,
      powers.store.create_prompt(std::move(name), std::move(content), sha256(key)));
  return Json(Json::Object{{"prompt_id", prompt.id.to_string()},
                           {"prompt_key", key},
                           {"version", prompt.latest_version}});
}

Result<Json> push_prompt(const Powers& powers, const Json& request) {
  TRY(const Uuid id, prompt_of(request));
  TRY(std::string content, content_of(request));
  TRY(const store::PromptVersion pushed, powers.store.push_prompt(id, std::move(content)));
  return Json(Json::Object{{"prompt_id", id.to_string()}, {"version", pushed.version}});
}

Result<Json> list_prompts(const Powers& powers, const Json& /*request*/) {
  TRY(const std::vector<store::Prompt> prompts, powers.store.list_prompts());
  Json::Array rows;
  for (const store::Prompt& prompt : prompts) {
    rows.emplace_back(Json::Object{{"prompt_id", prompt.id.to_string()},
                                   {"name", prompt.name},
                                   {"version", prompt.latest_version},
                                   {"created_at", format_iso8601(prompt.created_at_ms)}});
  }
  return Json(Json::Object{{"prompts", std::move(rows)}});
}

Result<Json> show_prompt(const Powers& powers, const Json& request) {
  TRY(const Uuid id, prompt_of(request));
  std::optional<std::int64_t> version;
  if (const Json* wanted = request.find("version"); wanted != nullptr && !wanted->is_null()) {
    version = wanted->if_number() == nullptr ? std::nullopt : wanted->if_number()->as_int64();
    if (!version || *version < 1) {
      return Error{Code::invalid_argument, "a version is a positive integer", "version"};
    }
  }
  TRY(const store::PromptVersion found, powers.store.find_prompt(id, version));
  return Json(Json::Object{{"prompt_id", found.prompt_id.to_string()},
                           {"name", found.name},
                           {"version", found.version},
                           {"content", found.content},
                           {"created_at", format_iso8601(found.created_at_ms)}});
}

template <auto run>
Result<Json> on_store(const Powers& powers, const Json& request) {
  if constexpr (std::is_invocable_v<decltype(run), store::Store&>) {
    return run(powers.store);
  } else {
    return run(powers.store, request);
  }
}

/// The agents that are meant: the one that is named, or all.
Result<std::vector<store::AgentKey>> agents_of(store::Store& store, const Json& request) {
  std::optional<Uuid> only;
  if (const Json* given = request.find("agent"); given != nullptr && !given->is_null()) {
    TRY(only, holder_of<AgentKind>(store, request));
  }
  TRY(const std::vector<store::Agent> agents, store.list_agents());
  std::vector<store::AgentKey> keys;
  for (const store::Agent& agent : agents) {
    if (!only || agent.id == *only) {
      keys.push_back(agent.key);
    }
  }
  if (only && keys.empty()) {
    return Error{Code::not_found, "there is no agent with this id or name", "agent"};
  }
  return keys;
}

Result<Json> tell_of_rereading(const Powers& powers, const Json& /*request*/) {
  return encode_reread_status(powers.rereading.status());
}

Result<Json> start_rereading(const Powers& powers, const Json& request) {
  const auto asks = [&request](std::string_view key) {
    const Json* value = request.find(key);
    return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
  };
  pipeline::RereadOptions options;
  TRY(options.agents, agents_of(powers.store, request));
  options.all = asks("all");
  options.stale = asks("stale");
  options.dry_run = asks("dry_run");
  options.threads = powers.reread_threads;
  options.yielding = powers.yielding;
  TRY_VOID(powers.rereading.start(std::move(options)));
  return tell_of_rereading(powers, request);
}

Result<Json> stop_rereading(const Powers& powers, const Json& request) {
  powers.rereading.stop();
  return tell_of_rereading(powers, request);
}

struct Operation {
  std::string_view name;
  Result<Json> (*run)(const Powers&, const Json&);
};

constexpr std::array kOperations{
    Operation{"agent.create", create_holder<AgentKind>},
    Operation{"agent.list", list_holders<AgentKind>},
    Operation{"agent.rotate", rotate_holder<AgentKind>},
    Operation{"agent.disable", set_disabled<AgentKind, true>},
    Operation{"agent.enable", set_disabled<AgentKind, false>},
    Operation{"reviewer.create", create_holder<ReviewerKind>},
    Operation{"reviewer.list", list_holders<ReviewerKind>},
    Operation{"reviewer.rotate", rotate_holder<ReviewerKind>},
    Operation{"reviewer.disable", set_disabled<ReviewerKind, true>},
    Operation{"reviewer.enable", set_disabled<ReviewerKind, false>},
    Operation{"prompt.create", create_prompt},
    Operation{"prompt.push", push_prompt},
    Operation{"prompt.list", list_prompts},
    Operation{"prompt.show", show_prompt},
    Operation{"calibration.learn", on_store<learn_calibration>},
    Operation{"calibration.list", on_store<list_calibrations>},
    Operation{"calibration.rollback", on_store<rollback_calibration>},
    Operation{"reinterpret.start", start_rereading},
    Operation{"reinterpret.status", tell_of_rereading},
    Operation{"reinterpret.stop", stop_rereading},
};

Code code_named(std::string_view name) {
  constexpr std::array kCodes{Code::invalid_argument,
                              Code::malformed,
                              Code::unauthenticated,
                              Code::forbidden,
                              Code::not_found,
                              Code::conflict,
                              Code::too_large,
                              Code::exhausted,
                              Code::unavailable,
                              Code::timeout,
                              Code::corrupt};
  const auto* found = std::find_if(
      kCodes.begin(), kCodes.end(), [&](Code code) { return to_string(code) == name; });
  return found == kCodes.end() ? Code::internal : *found;
}

}  // namespace

Result<Json> execute(const Powers& powers, const Json& request) {
  TRY(const std::string name, text_of(request, "op"));
  for (const Operation& operation : kOperations) {
    if (operation.name == name) {
      return operation.run(powers, request);
    }
  }
  return Error{Code::invalid_argument, "there is no such operation", "op"};
}

std::string answer_line(const Powers& powers, std::string_view line, std::string_view server) {
  Result<Json> request = codec::parse_json(line);
  Result<Json> result =
      request ? execute(powers, *request) : Result<Json>(std::move(request).error());
  if (result) {
    return codec::encode_json(
        Json::Object{{"ok", true}, {"result", *std::move(result)}, {"server", server}});
  }
  const Error& error = result.error();
  return codec::encode_json(Json::Object{{"ok", false},
                                         {"code", to_string(error.code)},
                                         {"error", error.message},
                                         {"field", error.where}});
}

Result<Answer> read_answer(std::string_view line) {
  TRY(const Json answer, codec::parse_json(line));
  const Json* ok = answer.find("ok");
  if (ok == nullptr || ok->if_bool() == nullptr) {
    return Error{Code::internal, "the answer of the server makes no sense"};
  }
  if (*ok->if_bool()) {
    TRY(std::string server, text_of(answer, "server"));
    const Json* result = answer.find("result");
    return Answer{result == nullptr ? Json() : *result, std::move(server)};
  }
  TRY(const std::string code, text_of(answer, "code"));
  TRY(std::string message, text_of(answer, "error"));
  TRY(std::string field, text_of(answer, "field"));
  return Error{code_named(code), std::move(message), std::move(field)};
}

}  // namespace infinium::server::admin
