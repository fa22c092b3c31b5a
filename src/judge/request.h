#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "infinium/interpretation.h"
#include "infinium/json.h"
#include "infinium/result.h"

namespace infinium::judge {

/// How a judge is asked.
struct RequestOptions {
  std::string model;
  std::size_t prompt_bytes_max = std::size_t{96} << 10u;  ///< both messages together
  std::int64_t completion_tokens_max = 4'000;
};

/// The least `prompt_bytes_max` that holds the instructions and the shortest form of any trace.
inline constexpr std::size_t kPromptBytesMin = std::size_t{32} << 10u;

/// What an answer is held against.
struct Question {
  Json trace;                           ///< the payload: quotes must stand in it
  std::vector<std::string> rubric_ids;  ///< the items that were asked for
  std::vector<bool> steps_shown;        ///< one for each step of the trace
};

/// A question ready to be posted to `/chat/completions`.
struct Request {
  std::string body;  ///< JSON; equal for equal questions
  Sha256 hash{};     ///< of the body
  std::string boundary;
  std::size_t prompt_bytes = 0;  ///< of both messages
  bool trace_cut = false;        ///< the model does not see all of the trace
  Question question;
};

/// Builds the request of the OpenAI chat-completions protocol: temperature 0, an answer by a strict
/// JSON schema, the trace as data between two lines with a boundary.
///
/// The boundary is a hash of all that stands between the lines and is looked for there, so that no
/// text of the trace can hold it. `trace` is the payload, an object. Pure.
/// Errors: `invalid_argument` where `prompt_bytes_max` is under kPromptBytesMin or the trace is no
/// object.
[[nodiscard]] Result<Request> build_request(Json trace,
                                            const Interpretation& interpretation,
                                            const RequestOptions& options);

/// The most tokens that a text of so many bytes is likely to have: one for each two bytes. English
/// has one for four, code for three, Chinese one for three bytes.
[[nodiscard]] constexpr std::int64_t tokens_of(std::size_t bytes) {
  return static_cast<std::int64_t>(bytes / 2 + 1);
}

}  // namespace infinium::judge
