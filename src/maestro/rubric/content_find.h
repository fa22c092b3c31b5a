#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "maestro/rubric/content.h"

namespace infinium::maestro {

/// A place in a text, [start, end) in bytes, where a thing of some kind stands.
struct ContentAt {
  std::size_t start = 0;
  std::size_t end = 0;
  bool sure = true;  ///< false: it could be one ("1128" for an id, "tomorrow" for a date)
};

/// Where things of this kind stand in a text, in order, each once. Nothing for kinds that only the
/// run's columns tell (words, persons without a title). Linear.
[[nodiscard]] std::vector<ContentAt> find_content(std::string_view text, const Wanted& wanted);

/// The phone numbers of a text: international, with a leading 0, or in groups of three and four.
[[nodiscard]] std::vector<ContentAt> find_phones(std::string_view text);

}  // namespace infinium::maestro
