#pragma once

#include <string>
#include <string_view>

namespace infinium::store::sqlite {

/// Whether a text is contained in a payload or a name, ASCII case ignored.
class TextFilter {
 public:
  explicit TextFilter(std::string_view wanted);

  /// In plain text.
  [[nodiscard]] bool in_text(std::string_view text) const;
  /// In a JSON text, as its strings read: escapes such as `\u00e9` and `\"` are undone first.
  [[nodiscard]] bool in_json(std::string_view json);

 private:
  std::string wanted_;     ///< in lower case
  std::string unescaped_;  ///< kept between calls for its memory
};

/// Undoes the escapes of a JSON text, in place of `out`. What is no valid escape stays as it is.
void unescape_json(std::string_view json, std::string& out);

}  // namespace infinium::store::sqlite
