#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "maestro/facts.h"

/// What was said between the agent and those it answers to, before a step.
namespace infinium::maestro {

/// Whether the agent wrote this value to somebody before `before` and the user spoke after it: then
/// the user knows of it.
[[nodiscard]] bool was_put_to_user(const Facts& facts, std::string_view value, std::size_t before);

/// The last text of an agent before `before`, if no message of the user after it brings up
/// something else: what is done next rests on it. `from`: not before that step.
[[nodiscard]] std::optional<FieldId> standing_word(const Facts& facts,
                                                   std::size_t from,
                                                   std::size_t before);

/// Whether a message only agrees ("Yes, go ahead.", はい): few words, no question, no new value.
[[nodiscard]] bool merely_agrees(const TraceView& view, FieldId message);

/// Whether the agent asked the user something between two steps.
[[nodiscard]] bool asked_between(const Facts& facts, std::size_t after, std::size_t before);

}  // namespace infinium::maestro
