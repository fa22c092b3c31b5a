#include "maestro/text_records.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "maestro/text.h"
#include "maestro/text_record_parts.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kDepthMax = 64;

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
    if (depth > kDepthMax || c == '\0' || out_.cells.size() >= kCellsOfTextMax) {
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

bool parse_plain_number(std::string_view text, double& value) {
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
              std::string_view parent) {
  if (out.cells.size() >= kCellsOfTextMax) {
    return;
  }
  Cell cell;
  cell.parent = parent;
  cell.key = fold_case(trim(key));
  cell.record = record;
  cell.start = static_cast<std::uint32_t>(start);
  cell.end = static_cast<std::uint32_t>(end);
  cell.is_number = parse_plain_number(value, cell.number);
  cell.value = std::move(value);
  out.cells.push_back(std::move(cell));
}

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
  read_record_lines(text, out);
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
