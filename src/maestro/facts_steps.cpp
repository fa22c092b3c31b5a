#include "maestro/facts_steps.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

template <std::size_t N>
bool has_word(std::string_view name, const std::array<std::string_view, N>& words) {
  std::string spaced;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool hump = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
    if (hump || !is_alnum(name[i])) {
      spaced.push_back(' ');
    }
    spaced.push_back(name[i]);
  }
  const std::string folded = fold_case(spaced);
  for (const Word& word : find_words(folded)) {
    std::string_view part = std::string_view(folded).substr(word.start, word.end - word.start);
    while (part.starts_with('_')) {
      part.remove_prefix(1);
    }
    if (std::find(words.begin(), words.end(), part) != words.end()) {
      return true;
    }
  }
  return false;
}

/// The end of the line that `from` stands in, at most 300 bytes on, between characters.
std::size_t line_end(std::string_view text, std::size_t from) {
  constexpr std::size_t kBytesMax = 300;
  const std::string_view line = text.substr(from, text.find('\n', from) - from);
  return from + prefix_of(line, kBytesMax).size();
}

/// Where a flag such as "error": … says that the call failed; npos if it does not.
std::size_t failing_member(std::string_view text) {
  constexpr std::size_t kHead = 400;  // an error answer says so at its start
  const std::string head = fold_case(prefix_of(text, kHead));
  constexpr std::array<std::string_view, 6> kFlags = {"\"success\": false",
                                                      "\"success\":false",
                                                      "\"ok\": false",
                                                      "\"ok\":false",
                                                      "\"status\": \"error\"",
                                                      "\"status\":\"error\""};
  for (const std::string_view flag : kFlags) {
    if (const std::size_t at = head.find(flag); at != std::string::npos) {
      return at;
    }
  }
  const std::string_view opening = trim(head);
  if (!opening.starts_with('{')) {
    return std::string_view::npos;
  }
  for (const std::string_view key : {"\"error\":", "'error':", "\"error_message\":"}) {
    const std::size_t at = head.find(key);
    if (at == std::string::npos || at > 40) {
      continue;
    }
    const std::string_view value = trim(std::string_view(head).substr(at + key.size()));
    const bool none = value.starts_with("null") || value.starts_with("none") ||
                      value.starts_with("false") || value.starts_with("\"\"") ||
                      value.starts_with("[]") || value.starts_with("{}") || value.starts_with("0");
    if (!none) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// "exitcode: 1", "exit status 2", "returncode=1" at the start.
bool has_bad_exit(std::string_view head) {
  for (const std::string_view word : {"exitcode", "exit code", "exit status", "returncode"}) {
    if (!head.starts_with(word)) {
      continue;
    }
    const std::size_t digit = head.find_first_not_of(" :=", word.size());
    return digit != std::string_view::npos &&
           ((head[digit] >= '1' && head[digit] <= '9') || head[digit] == '-');
  }
  return false;
}

/// "tool_use", "function call": an action that every call has in common.
bool is_generic(std::string_view action) {
  constexpr std::array<std::string_view, 11> kGeneric = {"tool",
                                                         "tool use",
                                                         "tool call",
                                                         "tool calls",
                                                         "use tool",
                                                         "call tool",
                                                         "function",
                                                         "function call",
                                                         "call function",
                                                         "api call",
                                                         "tool execution"};
  std::string spaced = fold_case(trim(action));
  std::replace_if(spaced.begin(), spaced.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  return std::find(kGeneric.begin(), kGeneric.end(), spaced) != kGeneric.end();
}

/// The name in "Called get_order", "Calling `get_order`", "Tool: get_order(id=3)"; empty where the
/// description says anything else.
std::string_view tool_named_in(std::string_view description) {
  constexpr std::array<std::string_view, 14> kVerbs = {"called",
                                                       "calling",
                                                       "call",
                                                       "calls",
                                                       "used",
                                                       "using",
                                                       "invoked",
                                                       "invoking",
                                                       "ran",
                                                       "executed",
                                                       "executing",
                                                       "tool",
                                                       "tool:",
                                                       "function:"};
  description = trim(description);
  const std::size_t space = std::min(description.find(' '), description.size());
  const std::string verb = fold_case(description.substr(0, space));
  if (std::find(kVerbs.begin(), kVerbs.end(), verb) == kVerbs.end()) {
    return {};
  }
  std::string_view name = trim(description.substr(space));
  name = trim(name.substr(0, name.find('(')));
  constexpr std::string_view kMarks = "`'\".:";
  while (!name.empty() && kMarks.find(name.front()) != std::string_view::npos) {
    name.remove_prefix(1);
  }
  while (!name.empty() && kMarks.find(name.back()) != std::string_view::npos) {
    name.remove_suffix(1);
  }
  constexpr std::size_t kNameMax = 80;
  const bool one_word = name.find_first_of(" \t\r\n,") == std::string_view::npos;
  return one_word && name.size() <= kNameMax ? name : std::string_view{};
}

}  // namespace

std::string tool_of(const ExecutionStep& step) {
  if (step.tool_call) {
    return step.tool_call->tool_name;
  }
  if (!is_generic(step.action)) {
    return step.action;
  }
  for (const std::string_view key : {"tool_name", "tool", "function"}) {
    if (const std::string* name = metadata_text(step, key); name != nullptr && !name->empty()) {
      return *name;
    }
  }
  const std::string_view named = tool_named_in(step.description);
  return named.empty() ? step.action : std::string(named);
}

const std::string* metadata_text(const ExecutionStep& step, std::string_view key) {
  if (!step.metadata) {
    return nullptr;
  }
  const Json* value = step.metadata->find(key);
  return value != nullptr ? value->if_string() : nullptr;
}

std::string agent_of(const ExecutionStep& step) {
  for (const std::string_view key : {"agent", "agent_name", "role"}) {
    if (const std::string* name = metadata_text(step, key); name != nullptr && !name->empty()) {
      return *name;
    }
  }
  return {};
}

StepKind kind_of(const ExecutionStep& step) {
  if (step.tool_call) {
    return StepKind::tool;
  }
  const std::string action = fold_case(step.action);
  const std::string agent = fold_case(agent_of(step));
  const bool by_user = agent == "user" || agent == "human" || agent == "customer";
  if (contains(action, "user") || action == "human" || (by_user && !contains(action, "tool"))) {
    return StepKind::user;
  }
  const bool model = contains(action, "llm") || contains(action, "inference") ||
                     contains(action, "generat") || contains(action, "completion");
  if (step.llm_call || model) {
    return StepKind::llm;
  }
  if (contains(action, "tool") || contains(action, "api") || contains(action, "function")) {
    return StepKind::tool;
  }
  if (contains(action, "message") || contains(action, "reply") || contains(action, "respon")) {
    return StepKind::message;
  }
  constexpr std::array<std::string_view, 14> kThinking = {"decision",
                                                          "decide",
                                                          "plan",
                                                          "planning",
                                                          "think",
                                                          "thinking",
                                                          "thought",
                                                          "reason",
                                                          "reasoning",
                                                          "reflection",
                                                          "reflect",
                                                          "summary",
                                                          "summarize",
                                                          "note"};
  return action.empty() || has_word(action, kThinking) ? StepKind::decision : StepKind::tool;
}

bool names_a_change(std::string_view tool) {
  if (find_words(tool).size() == 1 && (tool == "add" || tool == "set" || tool == "return")) {
    return false;  // arithmetic and plumbing
  }
  return names_an_act(tool);
}

bool names_a_delivery(std::string_view tool) {
  constexpr std::array<std::string_view, 22> kVerbs = {
      "write",  "save",   "send",    "publish", "report", "post",  "reply",  "email",
      "mail",   "submit", "export",  "upload",  "append", "draft", "notify", "respond",
      "answer", "finish", "deliver", "message", "render", "create"};
  return has_word(tool, kVerbs) && !has_word(tool,
                                             std::array<std::string_view, 10>{"get",
                                                                              "list",
                                                                              "find",
                                                                              "search",
                                                                              "read",
                                                                              "lookup",
                                                                              "fetch",
                                                                              "query",
                                                                              "show",
                                                                              "describe"});
}

std::optional<ErrorWords> error_words(std::string_view answer) {
  const std::string_view body = trim(answer);
  if (body.empty()) {
    return std::nullopt;
  }
  const auto offset = static_cast<std::size_t>(body.data() - answer.data());
  const std::string head = fold_case(prefix_of(body, 64));
  constexpr std::array<std::string_view, 14> kOpenings = {"error:",
                                                          "error -",
                                                          "error executing",
                                                          "error calling",
                                                          "traceback (most recent",
                                                          "exception:",
                                                          "fatal:",
                                                          "failed to ",
                                                          "failure:",
                                                          "internal server error",
                                                          "permission denied",
                                                          "access denied",
                                                          "command not found",
                                                          "api error"};
  const bool opens =
      std::any_of(kOpenings.begin(), kOpenings.end(), [&head](std::string_view words) {
        return head.starts_with(words);
      });
  // "ValueError: …", "TimeoutException: …"
  const std::size_t colon = head.find(": ");
  const std::string_view type = std::string_view(head).substr(0, colon);
  const bool named = colon != std::string::npos && !contains(type, " ") &&
                     (type.ends_with("error") || type.ends_with("exception"));
  if (opens || named || has_bad_exit(head)) {
    return ErrorWords{offset, line_end(answer, offset)};
  }
  const std::size_t start = offset + std::min(failing_member(body), answer.size());
  if (start < answer.size()) {
    return ErrorWords{start, line_end(answer, start)};
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
