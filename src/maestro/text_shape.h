#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

/// Lines, tables, paragraphs and marks of a text, to be counted.
namespace infinium::maestro {

/// The lines of a text, without line ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
/// "| --- | --- |"
[[nodiscard]] bool is_table_rule(std::string_view line);
/// The rows under the header of a comma-separated text; nothing if it is none.
[[nodiscard]] std::optional<std::size_t> csv_rows(std::string_view text);
/// Whether the first line names columns: none of its cells is a number.
[[nodiscard]] bool has_header(std::string_view text);
/// The rows of Markdown tables, headers aside.
[[nodiscard]] std::size_t markdown_rows(std::string_view text);
[[nodiscard]] bool has_markdown_table(std::string_view text);
[[nodiscard]] std::size_t paragraphs_of(std::string_view text);
/// The rows of its tables under their headers; 0 if it has none.
[[nodiscard]] std::size_t table_rows_of(std::string_view text);
/// Code points; where words are not set apart, without blanks and line ends, as people count then.
[[nodiscard]] std::size_t characters_of(std::string_view text);
[[nodiscard]] std::size_t hashtags_of(std::string_view text);
[[nodiscard]] std::size_t emojis_of(std::string_view text);
[[nodiscard]] std::size_t exclamations_of(std::string_view text);
/// Whether the text has Chinese or Japanese letters.
[[nodiscard]] bool has_cjk(std::string_view text);

}  // namespace infinium::maestro
