#include "maestro/text_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "base/hash.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kQuotedBytesMax = 120;
constexpr std::size_t kChunkBytesMax = 256;

/// A byte that can stand inside a value: "INV-2026/7", "a.b@c.de", "rates/eur_2026-10.json".
bool is_chunk_byte(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_-./@+#").find(c) != std::string_view::npos;
}

bool is_end_mark(char c) {
  return std::string_view(".,:;/-'+_#").find(c) != std::string_view::npos;
}

bool is_file_extension(std::string_view extension) {
  constexpr std::array<std::string_view, 38> kKnown = {
      "csv",  "json", "txt",  "md",  "pdf",     "xlsx",   "xls",   "xml",  "yaml", "yml",
      "sql",  "db",   "html", "htm", "log",     "py",     "js",    "ts",   "cpp",  "h",
      "java", "go",   "rs",   "png", "jpg",     "jpeg",   "svg",   "docx", "pptx", "zip",
      "gz",   "tsv",  "toml", "ini", "parquet", "sqlite", "jsonl", "doc"};
  const std::string folded = fold_case(extension);
  return std::find(kKnown.begin(), kKnown.end(), folded) != kKnown.end();
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<ValueToken> run() {
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      if (c == '\\' && pos_ + 1 < text_.size()) {  // the text may be JSON as it was sent: \n12
        pos_ += text_[pos_ + 1] == 'u' ? 6 : 2;
        continue;
      }
      if (c == '"' || c == '`' || static_cast<unsigned char>(c) >= 0x80) {
        take_quoted();
      }
      if (!starts_chunk(c)) {
        ++pos_;
        continue;
      }
      if (pos_ >= chunk_end_) {
        chunk_end_ = pos_;
        const std::size_t limit = std::min(text_.size(), pos_ + kChunkBytesMax);
        while (chunk_end_ < limit && is_chunk_byte(text_[chunk_end_])) {
          ++chunk_end_;
        }
        whole_chunk_ = true;
      }
      pos_ = take_chunk(pos_, chunk_end_);
      whole_chunk_ = false;
    }
    const auto earlier = [](const auto& a, const auto& b) { return a.start < b.start; };
    if (!std::is_sorted(tokens_.begin(), tokens_.end(), earlier)) {
      std::stable_sort(tokens_.begin(), tokens_.end(), earlier);
    }
    return std::move(tokens_);
  }

 private:
  static bool starts_chunk(char c) {
    return is_alnum(c) || c == '#' || static_cast<unsigned char>(c) >= 0x80;
  }

  ValueToken& push(ValueKind kind, std::size_t start, std::size_t end, std::uint64_t key) {
    ValueToken token;
    token.kind = kind;
    token.start = static_cast<std::uint32_t>(start);
    token.end = static_cast<std::uint32_t>(end);
    token.key = key;
    return tokens_.emplace_back(token);
  }

  /// What stands between quotation marks that open here, if they close soon on the same line.
  void take_quoted() {
    struct Marks {
      std::string_view open;
      std::string_view close;
    };
    constexpr std::array kMarks = {Marks{"\"", "\""},
                                   Marks{"`", "`"},
                                   Marks{"\u201C", "\u201D"},
                                   Marks{"\u201E", "\u201C"},
                                   Marks{"\u00AB", "\u00BB"},
                                   Marks{"\u300C", "\u300D"}};
    if (pos_ < quoted_until_) {
      return;
    }
    for (const Marks& marks : kMarks) {
      const std::string_view rest = text_.substr(pos_);
      if (!rest.starts_with(marks.open)) {
        continue;
      }
      const std::string_view window = rest.substr(marks.open.size(), kQuotedBytesMax);
      const std::size_t close = window.find(marks.close);
      if (close == std::string_view::npos || close == 0) {
        return;
      }
      const std::string_view inside = window.substr(0, close);
      if (inside.find('\n') != std::string_view::npos || trim(inside).empty()) {
        return;
      }
      const std::size_t start = pos_ + marks.open.size();
      push(ValueKind::quoted, start, start + close, fnv1a(fold_case(trim(inside))));
      quoted_until_ = start + close + marks.close.size();
      return;
    }
  }

  /// Takes the values of the chunk [start, end); gives where to go on.
  std::size_t take_chunk(std::size_t start, std::size_t end) {
    const std::string_view rest = text_.substr(start);
    if (rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.")) {
      return take_url(start);
    }
    std::size_t trimmed = end;
    while (trimmed > start + 1 && is_end_mark(text_[trimmed - 1])) {
      --trimmed;
    }
    const std::string_view chunk = text_.substr(start, trimmed - start);
    if (whole_chunk_ && (take_email(start, chunk) || take_file(start, chunk))) {
      return end;
    }
    return take_piece(start, trimmed, end);
  }

  std::size_t take_url(std::size_t start) {
    std::size_t end = start;
    while (end < text_.size() && static_cast<unsigned char>(text_[end]) > 0x20 &&
           std::string_view("\"'<>()[]{}|\\^`").find(text_[end]) == std::string_view::npos) {
      ++end;
    }
    const std::size_t next = end;
    while (end > start && is_end_mark(text_[end - 1])) {
      --end;
    }
    std::string_view url = text_.substr(start, end - start);
    push(ValueKind::url, start, end, fnv1a(fold_case(url)));
    return std::max(next, start + 1);
  }

  bool take_email(std::size_t start, std::string_view chunk) {
    const std::size_t at = chunk.find('@');
    if (at == std::string_view::npos || at == 0 || chunk.find('.', at) == std::string_view::npos ||
        chunk.find('@', at + 1) != std::string_view::npos) {
      return false;
    }
    std::size_t from = 0;  // "email:a@b.de" and "a/b@c.de" begin after the mark
    if (const std::size_t mark = chunk.substr(0, at).find_last_of(":/,'"); mark != chunk.npos) {
      from = mark + 1;
    }
    std::size_t to = chunk.find_first_of(":/,'", at);
    to = to == std::string_view::npos ? chunk.size() : to;
    push(ValueKind::email,
         start + from,
         start + to,
         fnv1a(fold_case(chunk.substr(from, to - from))));
    return true;
  }

  bool take_file(std::size_t start, std::string_view chunk) {
    const std::size_t dot = chunk.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || !is_file_extension(chunk.substr(dot + 1))) {
      return false;
    }
    // The key is the base name's: a path and its name are the same file.
    const std::size_t slash = chunk.rfind('/');
    const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
    push(ValueKind::file, start, start + chunk.size(), fnv1a(fold_case(chunk.substr(base))));
    return true;
  }

  /// One value at the start of [start, end) (marks at its end left aside), or one word.
  std::size_t take_piece(std::size_t start, std::size_t end, std::size_t chunk_end) {
    std::string_view chunk = text_.substr(start, end - start);
    if (static_cast<unsigned char>(chunk.front()) >= 0x80) {
      return take_wide(start, chunk_end);
    }
    std::size_t length = 0;
    bool ambiguous = false;
    if (const double date = read_date(chunk, length, ambiguous); date != 0) {
      if (length == chunk.size() || !is_alnum(chunk[length]) || chunk[length] == 'T') {
        push(ValueKind::date, start, start + length, date_key(date)).number = date;
        tokens_.back().ambiguous = ambiguous;
        return after_time_of_day(start + length);
      }
    }
    const std::size_t word = word_length(chunk);
    const std::string_view piece = chunk.substr(0, word);
    const bool has_digit = std::any_of(piece.begin(), piece.end(), is_digit);
    const bool has_letter = std::any_of(piece.begin(), piece.end(), is_letter);
    if (piece.front() == '#') {
      if (has_digit) {
        push(ValueKind::identifier, start, start + word, identifier_key(piece));
      }
      return start + std::max<std::size_t>(word, 1);
    }
    if (is_digit(piece.front())) {
      if (const std::size_t time = time_length(text_.substr(start, 10)); time > 0) {
        push(ValueKind::time, start, start + time, fnv1a(text_.substr(start, time)));
        return start + time;
      }
      if (take_number(start, chunk)) {
        return next_;
      }
    } else if (const int month = month_of(piece); month != 0 && !has_digit) {
      if (take_month(start, start + word, month)) {
        return next_;
      }
    }
    if (has_digit && (has_letter || piece.find('-') != std::string_view::npos)) {
      push(ValueKind::identifier, start, start + word, identifier_key(piece));
    }
    return start + std::max<std::size_t>(word, 1);
  }

  /// The end of "T12:30:00.5+02:00" at `pos`, or `pos`.
  [[nodiscard]] std::size_t after_time_of_day(std::size_t pos) const {
    if (pos + 1 >= text_.size() || text_[pos] != 'T' || !is_digit(text_[pos + 1])) {
      return pos;
    }
    ++pos;
    while (pos < text_.size() &&
           (is_digit(text_[pos]) ||
            std::string_view(":.+-Z").find(text_[pos]) != std::string_view::npos)) {
      ++pos;
    }
    return pos;
  }

  /// Length of an identifier-like run: letters, digits, and - _ inside; other marks end it, and so
  /// does a script that is written without spaces (予約番号はNK-58、総額…).
  static std::size_t word_length(std::string_view chunk) {
    std::size_t end = chunk.front() == '#' ? 1 : 0;
    while (end < chunk.size()) {
      if (is_alnum(chunk[end]) || ((chunk[end] == '-' || chunk[end] == '_') &&
                                   end + 1 < chunk.size() && is_alnum(chunk[end + 1]))) {
        ++end;
        continue;
      }
      std::size_t next = end;
      const char32_t code = next_code_point(chunk, next);
      if (code < 0x80 || is_cjk(code) || !is_word_code_point(code)) {
        break;
      }
      end = next;
    }
    return end;
  }

  static std::size_t time_length(std::string_view chunk) {
    const std::size_t hours = digits_at(chunk, 0);
    if (hours == 0 || hours > 2 || hours >= chunk.size() || chunk[hours] != ':' ||
        digits_at(chunk, hours + 1) != 2) {
      return 0;
    }
    std::size_t end = hours + 3;
    if (end < chunk.size() && chunk[end] == ':' && digits_at(chunk, end + 1) == 2) {
      end += 3;
    }
    return end < chunk.size() && is_alnum(chunk[end]) ? 0 : end;
  }

  /// Full-width digits, or letters of other scripts up to the first ASCII digit.
  std::size_t take_wide(std::size_t start, std::size_t chunk_end) {
    std::size_t end = start;
    std::size_t pos = start;
    while (pos < chunk_end) {
      const char32_t code = next_code_point(text_, pos);
      const bool number = (code >= 0xFF10 && code <= 0xFF19) || code == 0xFF0C || code == 0xFF0E;
      if (!number) {
        break;
      }
      end = pos;
    }
    if (end == start) {
      return pos > chunk_end ? chunk_end : pos;
    }
    const std::string digits = narrow(text_.substr(start, end - start));
    if (!is_digit(digits.front())) {
      return end;
    }
    const NumberText number = read_number(digits);
    finish_number(number, start, end);
    return next_;
  }

  bool take_number(std::size_t start, std::string_view chunk) {
    constexpr std::size_t kExactDigitsMax = 15;  // what a double tells apart
    const NumberText number = read_number(text_.substr(start, kChunkBytesMax));
    const std::size_t end = start + number.length;
    if (number.length > kExactDigitsMax && digits_at(text_, start) == number.length) {
      push(ValueKind::identifier, start, end, identifier_key(text_.substr(start, number.length)));
      next_ = end;
      return true;
    }
    const std::string_view tail = text_.substr(end, 16);
    if (!tail.empty() && (is_letter(tail.front()) || tail.front() == '_')) {
      std::size_t letters = 0;
      while (letters < tail.size() && (is_alnum(tail[letters]) || tail[letters] == '_')) {
        ++letters;
      }
      const std::string_view suffix = tail.substr(0, letters);
      const bool ordinal = suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th";
      if (unit_of_word(suffix) == Unit::none && scale_word(suffix) == 1 && suffix != "x" &&
          suffix != "h" && suffix != "s" && suffix != "m" && !ordinal) {
        return false;  // 3RK2T9: an identifier
      }
    } else if (tail.size() > 1 && tail.front() == '-' && is_alnum(tail[1]) &&
               chunk.size() > number.length) {
      const bool range = digits_at(tail, 1) > 0 && number.length <= 4 &&
                         std::none_of(chunk.begin(), chunk.end(), is_letter) &&
                         std::count(chunk.begin(), chunk.end(), '-') == 1;
      if (!range) {
        return false;  // 2026-INV-7
      }
    }
    finish_number(number, start, end);
    return true;
  }

  static double scale_word(std::string_view word) {
    struct Scale {
      std::string_view word;
      double factor;
    };
    static constexpr WordTable kScales(std::array{
        Scale{"k", 1e3},
        Scale{"K", 1e3},
        Scale{"M", 1e6},
        Scale{"mn", 1e6},
        Scale{"m", 1},
        Scale{"million", 1e6},
        Scale{"millionen", 1e6},
        Scale{"mio", 1e6},
        Scale{"bn", 1e9},
        Scale{"billion", 1e9},
        Scale{"B", 1e9},
        Scale{"thousand", 1e3},
        Scale{"tausend", 1e3},
        Scale{"mil", 1e3},
        Scale{"millones", 1e6},
        Scale{"万", 1e4},
        Scale{"億", 1e8},
    });
    const Scale* scale = kScales.find(word);
    return scale == nullptr ? 1 : scale->factor;
  }

  /// Adds the number with the sign and unit around it; `next_` is where reading goes on.
  void finish_number(NumberText number, std::size_t start, std::size_t end) {
    next_ = end;
    std::size_t word_start = 0;
    std::string_view after = word_after(end, word_start);
    const double scale = scale_word(after);
    const bool glued = word_start == end;
    const bool short_scale = after.size() == 1 && is_letter(after.front());
    if (scale != 1 && (glued || !short_scale)) {
      number.value *= scale;
      number.precision *= scale;
      number.ambiguous = false;
      end = word_start + after.size();
      next_ = end;
      after = word_after(end, word_start);
    }
    const bool negative = start > 0 &&
                          (text_[start - 1] == '-' || text_.substr(0, start).ends_with("\u2212")) &&
                          (start < 2 || !is_alnum(text_[start - 2]));
    ValueToken& token = push(ValueKind::number, start, end, 0);
    token.number = negative ? -number.value : number.value;
    token.precision = number.precision;
    token.ambiguous = number.ambiguous;
    token.key = number_key(token.number);
    set_unit(token, after);
  }

  void set_unit(ValueToken& token, std::string_view after) {
    const std::string_view before = sign_before(token.start);
    if (unit_of_word(before) == Unit::money) {
      token.unit = Unit::money;
      token.currency = currency_of_word(before);
    }
    const Unit unit = unit_of_word(after);
    if (unit != Unit::none && !(token.unit == Unit::money && unit != Unit::money_minor)) {
      token.unit = unit;
      token.currency = currency_of_word(after);
    }
    const bool glued_letter = token.end < text_.size() && is_letter(text_[token.end]);
    if (token.unit == Unit::none && after == "h" && glued_letter) {
      token.unit = Unit::hours;
    } else if (token.unit == Unit::none && after == "s" && glued_letter) {
      token.unit = Unit::seconds;
    }
  }

  /// The word or sign right after `pos`, a blank, bracket or Markdown mark between at most.
  std::string_view word_after(std::size_t pos, std::size_t& start) const {
    if (text_.substr(pos).starts_with("\u00A0")) {
      pos += 2;
    } else if (text_.substr(pos).starts_with("\u202F")) {
      pos += 3;
    } else if (pos < text_.size() && text_[pos] == ' ') {
      ++pos;
    }
    start = pos;
    if (pos >= text_.size()) {
      return {};
    }
    if (text_[pos] == '%' || text_[pos] == '$') {
      return text_.substr(pos, 1);
    }
    std::size_t end = pos;
    if (static_cast<unsigned char>(text_[pos]) >= 0x80) {
      const char32_t code = next_code_point(text_, end);
      if (code == 0xB0 && end < text_.size()) {
        ++end;
      }
      return code == 0xFF05 ? std::string_view("%") : text_.substr(pos, end - pos);
    }
    while (end < text_.size() && end - pos < 16 &&
           (is_letter(text_[end]) || static_cast<unsigned char>(text_[end]) >= 0x80)) {
      ++end;
    }
    return text_.substr(pos, end - pos);
  }

  /// A currency sign or code that ends at `pos`, one blank between at most.
  std::string_view sign_before(std::size_t pos) const {
    if (pos > 0 && (text_[pos - 1] == ' ' || text_[pos - 1] == '-')) {
      --pos;
    } else if (text_.substr(0, pos).ends_with("\u00A0")) {
      pos -= 2;
    }
    const std::string_view head = text_.substr(0, pos);
    for (const std::string_view sign :
         {"US$", "HK$", "C$", "A$", "S$", "R$", "€", "$", "£", "¥", "₹", "₩"}) {
      if (head.ends_with(sign)) {
        return sign;
      }
    }
    constexpr std::size_t kCodeLength = 3;
    if (head.size() < kCodeLength) {
      return {};
    }
    const std::string_view code = head.substr(head.size() - kCodeLength);
    const bool stands = head.size() == kCodeLength || !is_letter(head[head.size() - 4]);
    const bool capitals = std::all_of(code.begin(), code.end(), is_upper);
    return stands && capitals && currency_of_word(code) != Currency::any ? code
                                                                         : std::string_view{};
  }

  /// A date that begins with, or is ended by, a month's name: "October 2026", "Oct 31, 2026",
  /// "31 October 2026".
  bool take_month(std::size_t start, std::size_t end, int month) {
    std::size_t pos = end;
    const auto skip = [&](std::string_view marks) {
      while (pos < text_.size() && marks.find(text_[pos]) != std::string_view::npos) {
        ++pos;
      }
    };
    skip(". ");
    for (const std::string_view of : {"de ", "del "}) {  // 30 de julio de 2026
      pos += text_.substr(pos).starts_with(of) ? of.size() : 0;
    }
    std::size_t digits = digits_at(text_, pos);
    int day = 0;
    if (digits == 1 || digits == 2) {
      day = to_int(text_.substr(pos, digits));
      const std::size_t after_day = pos + digits;
      pos = after_day;
      skip("stndrh, ");
      digits = digits_at(text_, pos);
      if (digits != 4) {
        return false;
      }
    }
    if (digits != 4 || !is_calendar_year(to_int(text_.substr(pos, 4)))) {
      return false;
    }
    const int year = to_int(text_.substr(pos, 4));
    if (day == 0 && !tokens_.empty()) {
      const ValueToken& last = tokens_.back();
      const std::string_view gap = text_.substr(last.end, start - last.end);
      if (last.kind == ValueKind::number && last.number >= 1 && last.number <= 31 &&
          (gap == " " || gap == ". " || gap == "th " || gap == "st " || gap == "nd " ||
           gap == "rd " || gap == " de " || gap == "th of " || gap == "st of ")) {
        day = static_cast<int>(last.number);
        start = last.start;
        tokens_.pop_back();
      }
    }
    const double date = year * 10000.0 + month * 100.0 + day;
    push(ValueKind::date, start, pos + 4, date_key(date)).number = date;
    next_ = pos + 4;
    return true;
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::size_t next_ = 0;
  std::size_t chunk_end_ = 0;
  bool whole_chunk_ = false;  ///< the chunk in hand begins where it began
  std::size_t quoted_until_ = 0;
  std::vector<ValueToken> tokens_;
};

}  // namespace

std::uint64_t number_key(double number) {
  return (std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number) ^ 0x6E756DULL) *
         0x9E3779B97F4A7C15ULL;
}

std::uint64_t date_key(double yyyymmdd) { return number_key(yyyymmdd) ^ 0x64617465ULL; }

std::uint64_t identifier_key(std::string_view text) {
  while (!text.empty() && text.front() == '#') {
    text.remove_prefix(1);
  }
  const bool digits =
      !text.empty() && text.size() <= 15 && std::all_of(text.begin(), text.end(), is_digit);
  return digits ? number_key(to_double(std::string(text))) : fnv1a(fold_case(text));
}

std::vector<ValueToken> find_values(std::string_view text) { return Scanner(text).run(); }

std::string without_values(std::string_view text) {
  constexpr std::size_t kBytesMax = 200;
  text = prefix_of(text, 4 * kBytesMax);
  std::string out;
  std::size_t pos = 0;
  for (const ValueToken& token : find_values(text)) {
    if (token.start < pos) {
      continue;
    }
    out += fold_case(text.substr(pos, token.start - pos));
    out += '#';
    pos = token.end;
  }
  out += fold_case(text.substr(pos));
  return std::string(prefix_of(out, kBytesMax));
}

}  // namespace infinium::maestro
