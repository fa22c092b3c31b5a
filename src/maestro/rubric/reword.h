#pragma once

#include <string>
#include <string_view>

namespace infinium::maestro {

/// The sentence of a rule on how the agent works in the words that its readers know: "the backup
/// precedes the migration", "backup first, migration second", "run the tests, then commit" all say
/// "A before B". As it is where it has none of these turns.
[[nodiscard]] std::string reword_process(std::string_view sentence);

/// The same for a rule on what is handed over: "the note holds no IP addresses", "names stay out of
/// the reply", "the reply stays below 100 words", "limit the reply to 5 bullets".
[[nodiscard]] std::string reword_output(std::string_view sentence);

}  // namespace infinium::maestro
