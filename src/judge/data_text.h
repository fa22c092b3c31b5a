#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/interpretation.h"
#include "infinium/json.h"

/// A trace and the engine's evidence as text for a model, in bounded size.
///
/// One JSON object a line: `{"trace":"steps[3]","value":…}`, `{"rubric":"r1","value":…}`,
/// `{"engine":"finding","value":…}`. So no text of a trace can begin a line, and the escapes below
/// keep out whatever could pass for a delimiter or a control token. Both are lossless: a reader of
/// JSON sees the words as they were sent.
namespace infinium::judge {

struct DataText {
  std::string text;                     ///< whole lines
  bool cut = false;                     ///< something was trimmed or left out
  std::vector<std::string> rubric_ids;  ///< the items that are shown, in order
  std::vector<bool> steps_shown;        ///< one for each step of the trace
};

/// The least room that write_data can work with.
inline constexpr std::size_t kDataBytesMin = std::size_t{28} << 10u;

/// Writes the trace (its payload as a JSON object) and what the engine found, without its verdict,
/// score and statuses, so that the judge makes its own. At most `bytes_max` bytes, which is at
/// least kDataBytesMin: long lines give way first, each keeping head and tail; where even short
/// lines are too many, steps in the middle that no finding names are left out. Both are marked.
[[nodiscard]] DataText write_data(const Json& trace,
                                  const Interpretation& interpretation,
                                  std::size_t bytes_max);

/// Escapes, in a JSON text, each `<`, each `[` before a capital letter or a slash (both begin the
/// control tokens of known models), and the line breaks beyond ASCII. In compact JSON all of them
/// stand only inside strings.
[[nodiscard]] std::string escape_control_marks(std::string_view json);

/// Head and tail of the text, together at most `bytes_max` bytes of it, cut between characters,
/// with a mark between them that says how many bytes are left out; or the whole, if the mark would
/// save nothing.
[[nodiscard]] std::string trim_middle(std::string_view text, std::size_t bytes_max);

}  // namespace infinium::judge
