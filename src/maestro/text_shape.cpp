#include "maestro/text_shape.h"

#include <algorithm>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

bool is_table_line(std::string_view line) {
  line = trim(line);
  return line.starts_with('|') && line.find('|', 1) != std::string_view::npos;
}

std::size_t commas_outside_quotes(std::string_view line) {
  std::size_t commas = 0;
  bool quoted = false;
  for (const char c : line) {
    quoted = c == '"' ? !quoted : quoted;
    commas += c == ',' && !quoted ? 1 : 0;
  }
  return commas;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_table_rule(std::string_view line) {
  line = trim(line);
  return line.find("--") != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: ") == std::string_view::npos;
}

std::optional<std::size_t> csv_rows(std::string_view text) {
  std::size_t columns = 0;
  std::size_t rows = 0;
  for (const std::string_view line : lines_of(text)) {
    if (trim(line).empty()) {
      continue;
    }
    const std::size_t commas = commas_outside_quotes(line);
    if (commas == 0 || (rows > 0 && commas != columns)) {
      return std::nullopt;
    }
    columns = commas;
    ++rows;
  }
  return rows >= 2 ? std::optional(rows - 1) : std::nullopt;
}

bool has_header(std::string_view text) {
  const auto lines = lines_of(trim(text));
  if (lines.empty()) {
    return false;
  }
  std::string_view header = lines.front();
  while (!header.empty()) {
    const auto end = std::min(header.find(','), header.size());
    const std::string_view cell = trim(header.substr(0, end));
    if (cell.empty() || is_digit(cell.front()) || cell.front() == '-') {
      return false;
    }
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return true;
}

std::size_t markdown_rows(std::string_view text) {
  const auto lines = lines_of(text);
  std::size_t rows = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool header = i + 1 < lines.size() && is_table_rule(lines[i + 1]);
    rows += is_table_line(lines[i]) && !is_table_rule(lines[i]) && !header ? 1 : 0;
  }
  return rows;
}

std::size_t paragraphs_of(std::string_view text) {
  std::size_t paragraphs = 0;
  bool blank = true;
  for (const std::string_view line : lines_of(text)) {
    const bool empty = trim(line).empty();
    paragraphs += blank && !empty ? 1 : 0;
    blank = empty;
  }
  return paragraphs;
}

bool has_markdown_table(std::string_view text) {
  const auto lines = lines_of(text);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (is_table_rule(lines[i]) && lines[i - 1].find('|') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool has_cjk(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_cjk(next_code_point(text, at))) {
      return true;
    }
  }
  return false;
}

std::size_t hashtags_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const bool opens = at == 0 || is_space(text[at - 1]) || text[at - 1] == '(';
    const char next = text[at + 1];
    count += text[at] == '#' && opens && (is_letter(next) || (next & 0x80) != 0) ? 1 : 0;
  }
  return count;
}

std::size_t emojis_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    const bool emoji = (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x2600 && code <= 0x26FF) ||
                       code == 0x2705 || code == 0x2728 || code == 0x2764 || code == 0x274C;
    count += emoji ? 1 : 0;
  }
  return count;
}

std::size_t exclamations_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    count += code == U'!' || code == 0xFF01 ? 1 : 0;
  }
  return count;
}

std::size_t characters_of(std::string_view text) {
  if (!has_cjk(text)) {
    return count_code_points(text);
  }
  const auto blanks = std::count_if(text.begin(), text.end(), is_space);
  return count_code_points(text) - static_cast<std::size_t>(blanks);
}

std::size_t table_rows_of(std::string_view text) {
  const std::size_t table = markdown_rows(text);
  return table > 0 ? table : csv_rows(text).value_or(0);
}

}  // namespace infinium::maestro
