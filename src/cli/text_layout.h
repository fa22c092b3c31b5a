#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Laying out text that others wrote for a terminal.
namespace infinium::cli {

/// The text without what could steer a terminal: line ends and tabs become spaces, other control
/// characters and marks that reorder text become U+FFFD, as do bytes that are not UTF-8. What a
/// trace says is only ever shown, never obeyed.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that a printable text takes: 2 for an East Asian wide character or an emoji, 0 for a
/// combining mark.
[[nodiscard]] std::size_t columns(std::string_view text);

/// Breaks a printable text between words into lines of at most `width` columns (at least 1); a
/// word that is longer than a line is broken inside. An empty text gives no line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// The start of a printable text, ending in … if it was longer than `width` columns.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t width);

}  // namespace infinium::cli
