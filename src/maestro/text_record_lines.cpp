#include <algorithm>
#include <unordered_set>
#include <vector>

#include "maestro/text.h"
#include "maestro/text_record_parts.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kLinesOfTextMax = 5'000;

struct Line {
  std::size_t start = 0;
  std::string_view text;
};

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t start = 0; start < text.size() && lines.size() < kCellsOfTextMax;) {
    std::size_t end = text.find('\n', start);
    end = end == std::string_view::npos ? text.size() : end;
    std::string_view line = text.substr(start, end - start);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    lines.push_back({start, line});
    start = end + 1;
  }
  return lines;
}

struct Slice {
  std::size_t start = 0;  ///< bytes of the text
  std::string_view text;  ///< trimmed, without quotation marks
};

Slice clean_slice(std::string_view text, std::size_t start) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
    ++start;
  }
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return {start + 1, text.substr(1, text.size() - 2)};
  }
  return {start, text};
}

std::vector<Slice> split_row(const Line& line, char mark) {
  std::vector<Slice> cells;
  std::string_view text = line.text;
  std::size_t offset = line.start;
  if (mark == '|') {
    const std::string_view inner = trim(text);
    offset += static_cast<std::size_t>(inner.data() - text.data());
    text = inner;
    if (text.starts_with('|')) {
      text.remove_prefix(1);
      ++offset;
    }
    if (text.ends_with('|')) {
      text.remove_suffix(1);
    }
  }
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"' && mark != '|') {
      quoted = !quoted;
    }
    if (i == text.size() || (text[i] == mark && !quoted)) {
      cells.push_back(clean_slice(text.substr(begin, i - begin), offset + begin));
      begin = i + 1;
    }
  }
  return cells;
}

bool is_header(const std::vector<Slice>& cells) {
  std::unordered_set<std::string_view> seen;
  for (const Slice& cell : cells) {
    double number = 0;
    const bool plain = !cell.text.empty() && cell.text.size() <= 48 &&
                       cell.text.find_first_of(".!?{}[]=:") == std::string_view::npos &&
                       !parse_plain_number(cell.text, number);
    if (!plain || !seen.insert(cell.text).second) {
      return false;
    }
  }
  return cells.size() >= 2;
}

bool is_rule(std::string_view line) {
  return line.find("--") != std::string_view::npos &&
         line.find_first_not_of("|-: \t+") == std::string_view::npos;
}

/// Whether a line holds as many cells as the header: a query's answer that has no rule below it.
bool is_row_of(const std::vector<Line>& lines, std::size_t line, std::size_t cells) {
  return line < lines.size() && cells > 1 && split_row(lines[line], '|').size() == cells;
}

/// Reads a table whose header is line `at`; gives the line after it, or `at` if there is none.
std::size_t read_table(const std::vector<Line>& lines, std::size_t at, Records& out) {
  for (const char mark : {'|', '\t', ';', ','}) {
    if (lines[at].text.find(mark) == std::string_view::npos) {
      continue;
    }
    const std::vector<Slice> header = split_row(lines[at], mark);
    if (!is_header(header)) {
      continue;
    }
    std::size_t line = at + 1;
    if (line < lines.size() && is_rule(lines[line].text)) {
      ++line;
    } else if (mark == '|' && !is_row_of(lines, line, header.size())) {
      continue;
    }
    std::vector<std::uint32_t> members;
    for (; line < lines.size(); ++line) {
      const std::vector<Slice> row = split_row(lines[line], mark);
      if (row.size() != header.size()) {
        break;
      }
      members.push_back(out.record_count++);
      for (std::size_t i = 0; i < row.size(); ++i) {
        add_cell(out,
                 header[i].text,
                 std::string(row[i].text),
                 members.back(),
                 row[i].start,
                 row[i].start + row[i].text.size());
      }
    }
    if (!members.empty()) {
      if (members.size() > 1) {
        out.lists.push_back(std::move(members));
      }
      out.structured = true;
      return line;
    }
  }
  return at;
}

/// The columns of a line that is set with blanks: what two or more of them part.
std::vector<Slice> split_aligned(const Line& line) {
  constexpr std::size_t kBytesMax = 400;
  std::vector<Slice> cells;
  const std::string_view text = line.text;
  if (text.size() > kBytesMax || text.find("  ") == std::string_view::npos || is_space(text[0])) {
    return cells;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find("  ", begin), text.size());
    cells.push_back(clean_slice(text.substr(begin, end - begin), line.start + begin));
    begin = text.find_first_not_of(' ', end);
  }
  return cells;
}

/// Whether a row of such a table begins with the name or number of what it is about.
bool opens_with_a_name(const std::vector<Slice>& cells) {
  constexpr std::size_t kNameMax = 48;
  const std::string_view first = cells.empty() ? std::string_view() : cells.front().text;
  const bool named = std::any_of(first.begin(), first.end(), is_digit) ||
                     first.find_first_of("_.-") != std::string_view::npos;
  return cells.size() > 1 && first.size() > 1 && first.size() <= kNameMax && named &&
         is_alnum(first.front()) && first.find(' ') == std::string_view::npos &&
         first.find_first_not_of("0123456789.,:") != std::string_view::npos;
}

/// The names of such a table's columns: no numbers among them, and no name twice.
bool is_aligned_header(const std::vector<Slice>& cells) {
  std::unordered_set<std::string_view> seen;
  return cells.size() > 1 && std::all_of(cells.begin(), cells.end(), [&seen](const Slice& cell) {
           return cell.text.size() <= 48 &&
                  std::none_of(cell.text.begin(), cell.text.end(), is_digit) &&
                  seen.insert(cell.text).second;
         });
}

/// Reads a table that is set with blanks, with or without a header; gives the line after it, or
/// `at` if there is none.
std::size_t read_aligned(const std::vector<Line>& lines, std::size_t at, Records& out) {
  std::vector<Slice> header = split_aligned(lines[at]);
  std::size_t line = at;
  const bool headed = is_aligned_header(header);
  line += headed ? 1u : 0u;
  std::vector<std::vector<Slice>> rows;
  std::size_t count = headed ? header.size() : 0;
  for (; line < lines.size(); ++line) {
    std::vector<Slice> row = split_aligned(lines[line]);
    count = count == 0 ? row.size() : count;
    if (row.size() != count || !opens_with_a_name(row)) {
      break;
    }
    rows.push_back(std::move(row));
  }
  if (rows.size() < 2) {
    return at;
  }
  std::vector<std::uint32_t> members;
  for (const std::vector<Slice>& row : rows) {
    members.push_back(out.record_count++);
    for (std::size_t i = 0; i < row.size(); ++i) {
      add_cell(out,
               headed ? header[i].text : std::string_view(),
               std::string(row[i].text),
               members.back(),
               row[i].start,
               row[i].start + row[i].text.size());
    }
  }
  out.lists.push_back(std::move(members));
  return line;
}

/// Reads "key: value" or "- **Key:** value"; false if the line is none.
bool read_pair_line(const Line& line, std::uint32_t record, Records& out) {
  std::string_view text = line.text;
  const std::size_t from = text.find_first_not_of(" \t-*#>");
  if (from == std::string_view::npos) {
    return false;
  }
  const std::size_t colon = text.find(':', from);
  if (colon == std::string_view::npos || colon - from > 48 || colon + 1 >= text.size() ||
      !(is_space(text[colon + 1]) || text[colon + 1] == '*')) {
    return false;
  }
  std::string_view key = text.substr(from, colon - from);
  while (key.ends_with('*')) {
    key.remove_suffix(1);
  }
  std::size_t begin = colon + 1;
  while (begin < text.size() && (is_space(text[begin]) || text[begin] == '*')) {
    ++begin;
  }
  const Slice value = clean_slice(text.substr(begin), line.start + begin);
  if (value.text.empty() || key.empty() ||
      !(is_letter(key.front()) || static_cast<unsigned char>(key.front()) >= 0x80)) {
    return false;
  }
  add_cell(out, key, std::string(value.text), record, value.start, value.start + value.text.size());
  return true;
}

/// Reads the `key=value` pairs of a line; how many there were.
std::size_t read_inline_pairs(const Line& line, std::uint32_t record, Records& out) {
  std::size_t count = 0;
  const std::string_view text = line.text;
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    std::size_t key = at;
    while (key > 0 && (is_alnum(text[key - 1]) || text[key - 1] == '_')) {
      --key;
    }
    std::size_t end = at + 1;
    if (key == at || end >= text.size() || is_space(text[end]) || text[end] == '=') {
      continue;
    }
    if (text[end] == '"' || text[end] == '\'') {
      const std::size_t close = text.find(text[end], end + 1);
      if (close == std::string_view::npos) {
        continue;
      }
      add_cell(out,
               text.substr(key, at - key),
               std::string(text.substr(end + 1, close - end - 1)),
               record,
               line.start + end + 1,
               line.start + close);
      at = close;
    } else {
      while (end < text.size() && !is_space(text[end]) &&
             std::string_view(",;&)|").find(text[end]) == std::string_view::npos) {
        ++end;
      }
      add_cell(out,
               text.substr(key, at - key),
               std::string(text.substr(at + 1, end - at - 1)),
               record,
               line.start + at + 1,
               line.start + end);
      at = end - 1;
    }
    ++count;
  }
  return count;
}

}  // namespace

void read_record_lines(std::string_view text, Records& out) {
  const std::vector<Line> lines = split_lines(text);
  if (lines.size() > kLinesOfTextMax && text.find_first_of(",;|\t=:") == std::string_view::npos) {
    return;
  }
  bool in_block = false;
  std::vector<std::uint32_t> rows;
  const auto close_rows = [&] {
    if (rows.size() > 1) {
      out.lists.push_back(rows);
    }
    rows.clear();
  };
  for (std::size_t i = 0; i < lines.size();) {
    const std::size_t table = read_table(lines, i, out);
    const std::size_t next = table > i ? table : read_aligned(lines, i, out);
    if (next > i) {
      i = next;
      in_block = false;
      close_rows();
      continue;
    }
    const std::uint32_t record = in_block ? out.record_count - 1 : out.record_count;
    if (lines[i].text.find('=') != std::string_view::npos &&
        read_inline_pairs(lines[i], out.record_count, out) > 0) {
      rows.push_back(out.record_count++);
      in_block = false;
    } else if (read_pair_line(lines[i], record, out)) {
      out.record_count = record + 1;
      in_block = true;
      close_rows();
    } else {
      in_block = in_block && !trim(lines[i].text).empty();
      close_rows();
    }
    ++i;
  }
  close_rows();
}

}  // namespace infinium::maestro
