#include "maestro/text_records.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>
#include <utility>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kDepthMax = 64;
constexpr std::size_t kCellsMax = 200'000;
constexpr std::size_t kLinesOfTextMax = 5'000;

/// Whether the text is one plain number in full, and its value.
bool parse_number(std::string_view text, double& value) {
  if (text.empty() || text.size() > 40) {
    return false;
  }
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  return error == std::errc{} && end == last && (is_digit(text.front()) || text.front() == '-');
}

void add_cell(Records& out,
              std::string_view key,
              std::string value,
              std::uint32_t record,
              std::size_t start,
              std::size_t end,
              std::string_view parent = {}) {
  if (out.cells.size() >= kCellsMax) {
    return;
  }
  Cell cell;
  cell.parent = parent;
  cell.key = fold_case(trim(key));
  cell.record = record;
  cell.start = static_cast<std::uint32_t>(start);
  cell.end = static_cast<std::uint32_t>(end);
  cell.is_number = parse_number(value, cell.number);
  cell.value = std::move(value);
  out.cells.push_back(std::move(cell));
}

/// Reads JSON and Python literals, as far as they go.
class LiteralReader {
 public:
  LiteralReader(std::string_view text, Records& out) : text_(text), out_(out) {}

  /// Reads the value at `pos`; false if it is broken or cut, with all before it kept.
  bool read(std::size_t& pos) {
    pos_ = pos;
    const bool whole = read_value({}, out_.record_count++, Place::top, 0);
    pos = std::max(pos_, pos + 1);
    return whole;
  }

 private:
  enum class Place { top, member, list, row };

  void skip_space() {
    while (pos_ < text_.size() && is_space(text_[pos_])) {
      ++pos_;
    }
  }
  [[nodiscard]] char peek() const { return pos_ < text_.size() ? text_[pos_] : '\0'; }

  bool read_value(std::string_view key, std::uint32_t record, Place place, std::size_t depth) {
    skip_space();
    const char c = peek();
    if (depth > kDepthMax || c == '\0' || out_.cells.size() >= kCellsMax) {
      return false;
    }
    if (c == '{') {
      const bool own = place == Place::list || place == Place::row || keyed_by_id(key);
      return read_object(
          key, own ? out_.record_count++ : record, own && place == Place::member, depth);
    }
    if (c == '[' || c == '(') {
      return read_list(key, record, place, depth);
    }
    if (c == '"' || c == '\'') {
      const std::size_t start = pos_ + 1;
      std::string value;
      const bool whole = read_string(value);
      add_cell(out_, key, std::move(value), record, start, whole ? pos_ - 1 : pos_, parent_);
      return whole;
    }
    return read_bare(key, record);
  }

  static bool keyed_by_id(std::string_view key) {
    return std::any_of(key.begin(), key.end(), is_digit);
  }

  bool read_bare(std::string_view key, std::uint32_t record) {
    const std::size_t start = pos_;
    while (pos_ < text_.size() &&
           (is_alnum(text_[pos_]) || text_[pos_] == '.' || text_[pos_] == '-' ||
            text_[pos_] == '+' || text_[pos_] == '_')) {
      ++pos_;
    }
    if (pos_ == start) {
      return false;
    }
    add_cell(
        out_, key, std::string(text_.substr(start, pos_ - start)), record, start, pos_, parent_);
    return true;
  }

  bool read_string(std::string& value) {
    const char mark = text_[pos_++];
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      if (c == mark) {
        ++pos_;
        return true;
      }
      if (c == '\\' && pos_ + 1 < text_.size()) {
        read_escape(value);
        continue;
      }
      value.push_back(c);
      ++pos_;
    }
    return false;
  }

  void read_escape(std::string& value) {
    const char c = text_[pos_ + 1];
    pos_ += 2;
    if (c == 'u' && pos_ + 4 <= text_.size()) {
      unsigned code = 0;
      const char* const from = text_.data() + pos_;
      if (std::from_chars(from, from + 4, code, 16).ptr == from + 4) {
        append_code_point(value, code);
        pos_ += 4;
        return;
      }
    }
    value.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
  }

  bool read_object(std::string_view name, std::uint32_t record, bool named, std::size_t depth) {
    if (named) {
      add_cell(out_, "", std::string(name), record, name_start_, name_start_ + name.size());
      siblings_.push_back(record);
    }
    ++pos_;
    std::vector<std::uint32_t> outer_siblings;
    outer_siblings.swap(siblings_);
    std::vector<std::string> outer_columns;
    outer_columns.swap(columns_);
    const std::string outer_parent = std::exchange(parent_, fold_case(name));
    const bool whole = read_members(record, depth);
    parent_ = outer_parent;
    if (siblings_.size() > 1) {
      out_.lists.push_back(std::move(siblings_));
    }
    siblings_ = std::move(outer_siblings);
    columns_ = std::move(outer_columns);
    return whole;
  }

  bool read_members(std::uint32_t record, std::size_t depth) {
    for (;;) {
      skip_space();
      if (peek() == '}') {
        ++pos_;
        return true;
      }
      if (peek() == ',') {
        ++pos_;
        continue;
      }
      std::string key;
      const std::size_t key_start = pos_ + 1;
      if (peek() == '"' || peek() == '\'') {
        if (!read_string(key)) {
          return false;
        }
      } else {
        const std::size_t start = pos_;
        while (pos_ < text_.size() && (is_alnum(text_[pos_]) || text_[pos_] == '_')) {
          ++pos_;
        }
        key = text_.substr(start, pos_ - start);
      }
      skip_space();
      if (peek() != ':' || key.empty()) {
        return false;
      }
      ++pos_;
      name_start_ = key_start;
      if (!read_value(key, record, Place::member, depth + 1)) {
        return false;
      }
    }
  }

  bool read_list(std::string_view key, std::uint32_t record, Place place, std::size_t depth) {
    const char close = peek() == '[' ? ']' : ')';
    ++pos_;
    const bool is_row = place == Place::list;
    const std::uint32_t row = is_row ? out_.record_count++ : record;
    if (is_row) {
      row_ = row;
    }
    std::vector<std::uint32_t> members;
    const std::size_t first_cell = out_.cells.size();
    const bool whole = read_elements(key, row, is_row, close, depth, members);
    const bool names = key == "columns" || key == "header" || key == "headers" || key == "fields" ||
                       key == "column_names";
    if (names) {
      columns_.clear();
      for (std::size_t i = first_cell; i < out_.cells.size(); ++i) {
        columns_.push_back(out_.cells[i].value);
      }
    }
    if (members.size() > 1) {
      out_.lists.push_back(std::move(members));
    }
    return whole;
  }

  bool read_elements(std::string_view key,
                     std::uint32_t row,
                     bool is_row,
                     char close,
                     std::size_t depth,
                     std::vector<std::uint32_t>& members) {
    for (std::size_t index = 0;; ++index) {
      skip_space();
      if (peek() == ',') {
        ++pos_;
        skip_space();
      }
      if (peek() == close) {
        ++pos_;
        return true;
      }
      const char c = peek();
      const bool nested = c == '{' || c == '[' || c == '(';
      const std::string_view name =
          is_row && index < columns_.size() ? std::string_view(columns_[index]) : key;
      const std::uint32_t next = out_.record_count;
      const std::uint32_t record = is_row && !nested ? row : nested ? next : out_.record_count++;
      const std::string own_name(name);
      const bool ok = read_value(own_name, record, is_row ? Place::row : Place::list, depth + 1);
      if (!is_row) {
        members.push_back(next);
      }
      if (!ok) {
        return false;
      }
    }
  }

  std::string_view text_;
  Records& out_;
  std::size_t pos_ = 0;
  std::size_t name_start_ = 0;
  std::uint32_t row_ = 0;
  std::vector<std::uint32_t> siblings_;  ///< records of the object in hand that are keyed by id
  std::vector<std::string> columns_;     ///< names for the rows of the object in hand
  std::string parent_;                   ///< the name of the object in hand
};

struct Line {
  std::size_t start = 0;
  std::string_view text;
};

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t start = 0; start < text.size() && lines.size() < kCellsMax;) {
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
                       !parse_number(cell.text, number);
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

/// Reads a table that is set with blanks, with or without a header; gives the line after it, or
/// `at` if there is none.
std::size_t read_aligned(const std::vector<Line>& lines, std::size_t at, Records& out) {
  std::vector<Slice> header = split_aligned(lines[at]);
  std::size_t line = at;
  const bool headed = is_header(header) && !opens_with_a_name(header);
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

/// Tables and pairs of a text that is no JSON.
void read_lines(std::string_view text, Records& out) {
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

bool may_open_literal(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  while (next < text.size() && is_space(text[next])) {
    ++next;
  }
  if (next >= text.size()) {
    return false;
  }
  const char c = text[next];
  return c == '"' || c == '\'' || c == '{' ||
         (text[at] == '[' && (c == '[' || c == '(' || is_digit(c)));
}

}  // namespace

Records read_records(std::string_view text) {
  Records out;
  const std::string_view body = trim(text);
  if (body.empty()) {
    return out;
  }
  std::size_t pos = static_cast<std::size_t>(body.data() - text.data());
  LiteralReader reader(text, out);
  if (body.front() == '{' || body.front() == '[') {
    reader.read(pos);
    if (out.cells.size() > 0) {
      out.structured = true;
      return out;
    }
    pos = static_cast<std::size_t>(body.data() - text.data());
  }
  out = Records{};
  read_lines(text, out);
  if (out.structured) {
    return out;
  }
  for (std::size_t at = text.find_first_of("{[", pos); at != std::string_view::npos;
       at = text.find_first_of("{[", at)) {
    if (may_open_literal(text, at)) {
      reader.read(at);
    } else {
      ++at;
    }
  }
  return out;
}

}  // namespace infinium::maestro
