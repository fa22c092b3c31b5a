#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "infinium/step.h"
#include "maestro/trace_view.h"

/// What a step is, read from the words its sender chose.
namespace infinium::maestro {

/// Whether it is the user's message, a model's call, a tool's, a message of the agent, or a
/// decision. A step of an unknown action that is no model call counts as a tool of that name.
[[nodiscard]] StepKind kind_of(const ExecutionStep& step);

/// Who acted: metadata `agent`, `agent_name`, `speaker`, …; else the name in a description such as
/// "Scout spoke" or "Scout called search"; else metadata `role`, unless it is a mere role of a chat
/// ("assistant"). Empty if nothing says so.
[[nodiscard]] std::string agent_of(const ExecutionStep& step);

/// Whom the step hands the work to: a tool `transfer_to_NAME`, or a tool or action `handoff`,
/// `delegate`, `transfer_to_agent` with its argument. Empty if nobody.
[[nodiscard]] std::string handed_to(const ExecutionStep& step);

/// The tool of a step of kind tool: of its record, else of metadata `tool_name` (`tool`,
/// `function`), else of its description, where the action itself names none ("tool_use" and "Called
/// get_order"); else the action.
[[nodiscard]] std::string tool_of(const ExecutionStep& step);

/// The words of an answer that say it is an error ("Error: …", a traceback, {"error": …}, a
/// non-zero exit code), as bytes of the text; nothing for any other answer.
struct ErrorWords {
  std::size_t start = 0;
  std::size_t end = 0;
};
[[nodiscard]] std::optional<ErrorWords> error_words(std::string_view answer);

/// A text member of the step's metadata, or null.
[[nodiscard]] const std::string* metadata_text(const ExecutionStep& step, std::string_view key);

}  // namespace infinium::maestro
