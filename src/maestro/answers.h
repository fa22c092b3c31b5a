#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "maestro/text_records.h"
#include "maestro/trace_view.h"

/// What the answer of a tool says of its own call: that it did nothing, that it is not done yet,
/// that nothing was found. Many services answer OK and put the refusal into the text.
namespace infinium::maestro {

/// What an answer's meaning depends on.
struct Call {
  std::string_view tool;
  bool changes = false;  ///< names_a_change
  bool looks = false;    ///< names_a_look
  bool own_job = false;  ///< asks for something that an earlier call of the run started
  std::span<const Argument> arguments;
  std::string_view input;  ///< all that the tool was given
};

struct Answer {
  AnswerState state = AnswerState::plain;
  std::size_t start = 0;  ///< the words that say so, bytes of the text, [start, end)
  std::size_t end = 0;
};

/// Reads an answer. A state ("rejected") of a thing that was only looked at says nothing of the
/// call; nor does one that the call itself asked for (`set_status(rejected)`), or that the tool's
/// name promises (`reject_claim`). Linear.
[[nodiscard]] Answer read_answer(std::string_view text, const Records& records, const Call& call);

/// Whether a short text denies: "not saved", "cannot drop", "abgelehnt", "rechazada", "失敗".
[[nodiscard]] bool denies(std::string_view text);

}  // namespace infinium::maestro
