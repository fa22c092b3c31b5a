#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "infinium/result.h"
#include "judge/opinion.h"
#include "judge/request.h"

/// Reading what an endpoint answers. Nothing of it is trusted: it comes from a model that read a
/// hostile trace, through a server that may be none.
namespace infinium::judge {

/// An answer is refused unread beyond this.
inline constexpr std::size_t kAnswerBytesMax = std::size_t{1} << 20u;

/// Tokens as the endpoint counts them.
struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  bool operator==(const Usage&) const = default;
};

/// The part of a chat completion that is used.
struct Completion {
  std::string content;         ///< what the model wrote; empty where it wrote none
  std::string finish_reason;   ///< "stop" of a whole answer
  bool refused = false;        ///< the model declined
  std::optional<Usage> usage;  ///< nothing where it is missing or absurd
};

/// Reads the body of a 200. Unknown members are ignored. Errors, none of which repeats the body:
/// `too_large`, `malformed` (no JSON, no chat completion).
[[nodiscard]] Result<Completion> parse_completion(std::string_view body);

/// Reads and checks what the model wrote. Errors, none of which repeats it: `invalid_argument` (cut
/// off, declined, no JSON, members that are missing, unknown, of a wrong type or out of range, ids
/// or steps that were not asked for, or quotes of which none stands in the trace).
///
/// Quotes that do not stand in the trace are dropped and counted; an item of the rubric that was
/// decided on dropped quotes only is `unclear`, as is one that the model left out. Texts lose
/// control characters and are trimmed to 4,000 (rationale) and 1,000 bytes (reasons).
[[nodiscard]] Result<Opinion> parse_opinion(const Completion& completion, const Question& question);

/// Both in one.
[[nodiscard]] Result<Opinion> parse_answer(std::string_view body, const Question& question);

}  // namespace infinium::judge
