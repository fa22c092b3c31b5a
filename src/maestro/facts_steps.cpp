#include "maestro/facts_steps.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The end of the line that `from` stands in, at most 300 bytes on, between characters.
std::size_t line_end(std::string_view text, std::size_t from) {
  constexpr std::size_t kBytesMax = 300;
  const std::string_view line = text.substr(from, text.find('\n', from) - from);
  return from + prefix_of(line, kBytesMax).size();
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

/// The name in "Scout spoke", "Scout called search"; empty where the description says anything else
/// or names nobody in particular.
std::string_view actor_in(std::string_view description) {
  description = trim(description);
  constexpr std::size_t kNameMax = 40;
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"spoke", "said", "says", "replied", "called", "wrote", "answered", "acted", "handed"});
  const std::size_t space = description.find(' ');
  if (space == std::string_view::npos || space > kNameMax) {
    return {};
  }
  const std::string_view name = description.substr(0, space);
  const std::string_view rest = description.substr(space + 1);
  const std::string_view verb = rest.substr(0, rest.find_first_of(" .:,"));
  constexpr auto kNobody = std::to_array<std::string_view>(
      {"agent", "assistant", "it", "the", "user", "tool", "model", "we", "i", "he", "she", "they"});
  const std::string folded = fold_case(name);
  const bool said = std::find(kVerbs.begin(), kVerbs.end(), verb) != kVerbs.end();
  const bool somebody = std::find(kNobody.begin(), kNobody.end(), folded) == kNobody.end();
  return said && somebody ? name : std::string_view{};
}

/// The words of an action's name, lower case: "getUserInfo" gives get, user, info.
std::vector<std::string> action_words(std::string_view name) {
  std::string spaced;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool hump = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
    const bool mark = !is_alnum(name[i]) && static_cast<unsigned char>(name[i]) < 0x80;
    if (hump || mark) {
      spaced.push_back(' ');
    }
    if (!mark) {
      spaced.push_back(name[i]);
    }
  }
  const std::string folded = fold_case(spaced);
  std::vector<std::string> words;
  for (const Word& word : find_words(folded)) {
    words.push_back(folded.substr(word.start, word.end - word.start));
  }
  return words;
}

/// Whether a name holds one of `core` and no word beside that is not of `core` or `beside`: a
/// "plan" thinks, a "plan_lookup" is a tool.
template <std::size_t N, std::size_t M>
bool is_made_of(std::string_view name,
                const std::array<std::string_view, N>& core,
                const std::array<std::string_view, M>& beside) {
  const auto holds = [](const auto& set, const std::string& word) {
    return std::find(set.begin(), set.end(), word) != set.end();
  };
  const std::vector<std::string> words = action_words(name);
  return std::any_of(
             words.begin(), words.end(), [&](const auto& word) { return holds(core, word); }) &&
         std::all_of(words.begin(), words.end(), [&](const auto& word) {
           return holds(core, word) || holds(beside, word);
         });
}

bool is_of_user(std::string_view action) {
  constexpr auto kCore = std::to_array<std::string_view>({"user", "human", "customer"});
  constexpr auto kBeside = std::to_array<std::string_view>(
      {"message",  "msg",    "input", "turn",     "reply",  "request",  "query",
       "prompt",   "said",   "says",  "question", "answer", "response", "feedback",
       "spoke",    "text",   "new",   "from",     "in",     "the",      "received",
       "incoming", "follow", "up",    "chat",     "speech"});
  return is_made_of(action, kCore, kBeside);
}

bool is_of_model(std::string_view action) {
  constexpr auto kCore = std::to_array<std::string_view>({"llm",
                                                          "inference",
                                                          "completion",
                                                          "completions",
                                                          "generation",
                                                          "generate",
                                                          "generating",
                                                          "generated"});
  constexpr auto kBeside = std::to_array<std::string_view>(
      {"call",  "chat",   "text",   "model",   "step", "response", "answer",   "output", "content",
       "final", "the",    "a",      "request", "run",  "result",   "reply",    "query",  "invoke",
       "ai",    "openai", "tokens", "stream",  "end",  "start",    "reasoning"});
  return contains(fold_case(action), "llm") || is_made_of(action, kCore, kBeside);
}

/// "message", "agent_reply", "respond_to_user"; "get_messages" and "message_queue_stats" are tools.
bool is_of_message(std::string_view action) {
  constexpr auto kCore = std::to_array<std::string_view>(
      {"message", "msg", "reply", "replies", "respond", "responds", "response", "responded"});
  constexpr auto kBeside = std::to_array<std::string_view>(
      {"agent", "assistant", "final",  "send",   "sent",  "to",   "user",      "customer",
       "ai",    "bot",       "system", "chat",   "post",  "say",  "text",      "the",
       "a",     "draft",     "write",  "from",   "human", "team", "broadcast", "group",
       "ask",   "answer",    "output", "return", "give"});
  return is_made_of(action, kCore, kBeside);
}

bool is_of_thought(std::string_view action) {
  constexpr auto kCore = std::to_array<std::string_view>({"decision",
                                                          "decide",
                                                          "plan",
                                                          "planning",
                                                          "think",
                                                          "thinking",
                                                          "thought",
                                                          "thoughts",
                                                          "reason",
                                                          "reasoning",
                                                          "reflection",
                                                          "reflect",
                                                          "summary",
                                                          "summarize",
                                                          "note",
                                                          "notes"});
  constexpr auto kBeside = std::to_array<std::string_view>(
      {"agent",  "chain",  "of",   "step", "internal", "self",  "final", "make",  "making",
       "the",    "task",   "next", "a",    "my",       "model", "out",   "loud",  "and",
       "action", "update", "made", "node", "tree",     "re",    "state", "phase", "working"});
  return is_made_of(action, kCore, kBeside);
}

/// Whether the description says that the action is a tool: "Called load_plan".
bool is_called_by_name(const ExecutionStep& step) {
  return !step.action.empty() && tool_named_in(step.description) == step.action;
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
  for (const std::string_view key : {"agent", "agent_name", "speaker", "sender", "actor"}) {
    if (const std::string* name = metadata_text(step, key); name != nullptr && !name->empty()) {
      return *name;
    }
  }
  if (const std::string_view name = actor_in(step.description); !name.empty()) {
    return std::string(name);
  }
  const std::string* role = metadata_text(step, "role");
  constexpr auto kChatRoles = std::to_array<std::string_view>(
      {"assistant", "tool", "system", "function", "model", "developer", "ai"});
  const bool named =
      role != nullptr && std::find(kChatRoles.begin(), kChatRoles.end(), *role) == kChatRoles.end();
  return named ? *role : std::string();
}

std::string handed_to(const ExecutionStep& step) {
  const std::string tool = fold_case(tool_of(step));
  for (const std::string_view opening :
       {"transfer_to_", "handoff_to_", "hand_off_to_", "delegate_to_", "transfer_back_to_"}) {
    if (tool.starts_with(opening)) {
      return tool.substr(opening.size());
    }
  }
  constexpr auto kHandovers = std::to_array<std::string_view>({"handoff",
                                                               "hand_off",
                                                               "handover",
                                                               "hand_over",
                                                               "delegate",
                                                               "delegate_work_to_coworker",
                                                               "transfer_to_agent",
                                                               "assign_to_agent"});
  if (std::find(kHandovers.begin(), kHandovers.end(), tool) == kHandovers.end()) {
    return {};
  }
  const Text& in = step.tool_call && step.tool_call->input_summary ? step.tool_call->input_summary
                                                                   : step.input_preview;
  if (!in) {
    return {};
  }
  for (const Cell& cell : read_records(prefix_of(*in, 4'000)).cells) {
    constexpr auto kKeys = std::to_array<std::string_view>(
        {"to", "agent", "agent_name", "target", "coworker", "recipient", "name", "to_agent"});
    if (std::find(kKeys.begin(), kKeys.end(), cell.key) != kKeys.end()) {
      return fold_case(cell.value);
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
  const std::string* said_role = metadata_text(step, "role");
  const std::string role = said_role != nullptr ? fold_case(*said_role) : std::string();
  const bool by_user = role == "user" || role == "human" || agent == "user" || agent == "human" ||
                       agent == "customer";
  const bool called = is_called_by_name(step);
  if ((!called && is_of_user(step.action)) || (by_user && !contains(action, "tool"))) {
    return StepKind::user;
  }
  if (step.llm_call || (!called && is_of_model(step.action))) {
    return StepKind::llm;
  }
  if (called || contains(action, "tool") || contains(action, "api") ||
      contains(action, "function")) {
    return StepKind::tool;
  }
  if (is_of_message(step.action)) {
    return StepKind::message;
  }
  return action.empty() || is_of_thought(step.action) ? StepKind::decision : StepKind::tool;
}

std::optional<ErrorWords> error_words(std::string_view answer) {
  const std::string_view body = trim(answer);
  if (body.empty()) {
    return std::nullopt;
  }
  const auto offset = static_cast<std::size_t>(body.data() - answer.data());
  const std::string head = fold_case(prefix_of(body, 64));
  constexpr std::array<std::string_view, 16> kOpenings = {"error:",
                                                          "usage error",
                                                          "unknown option",
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
  return std::nullopt;
}

}  // namespace infinium::maestro
