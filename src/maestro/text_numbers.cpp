#include "maestro/text_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "maestro/text.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

/// Length of a no-break or thin space or an apostrophe used to group digits at `pos`; 0 if none.
std::size_t group_space_at(std::string_view text, std::size_t pos) {
  for (const std::string_view mark : {"\u00A0", "\u202F", "\u2009", "'", "\u2019"}) {
    if (text.substr(pos).starts_with(mark)) {
      return mark.size();
    }
  }
  return 0;
}

struct MonthName {
  std::string_view word;
  int month;
};

/// English (short and long), German and Spanish.
constexpr WordTable kMonths(std::array{
    MonthName{"jan", 1},      MonthName{"january", 1},    MonthName{"feb", 2},
    MonthName{"february", 2}, MonthName{"mar", 3},        MonthName{"march", 3},
    MonthName{"apr", 4},      MonthName{"april", 4},      MonthName{"may", 5},
    MonthName{"jun", 6},      MonthName{"june", 6},       MonthName{"jul", 7},
    MonthName{"july", 7},     MonthName{"aug", 8},        MonthName{"august", 8},
    MonthName{"sep", 9},      MonthName{"september", 9},  MonthName{"oct", 10},
    MonthName{"october", 10}, MonthName{"nov", 11},       MonthName{"november", 11},
    MonthName{"dec", 12},     MonthName{"december", 12},  MonthName{"januar", 1},
    MonthName{"februar", 2},  MonthName{"mai", 5},        MonthName{"juni", 6},
    MonthName{"juli", 7},     MonthName{"oktober", 10},   MonthName{"dezember", 12},
    MonthName{"märz", 3},     MonthName{"okt", 10},       MonthName{"dez", 12},
    MonthName{"enero", 1},    MonthName{"febrero", 2},    MonthName{"marzo", 3},
    MonthName{"abril", 4},    MonthName{"mayo", 5},       MonthName{"junio", 6},
    MonthName{"julio", 7},    MonthName{"agosto", 8},     MonthName{"septiembre", 9},
    MonthName{"octubre", 10}, MonthName{"noviembre", 11}, MonthName{"diciembre", 12},
    MonthName{"sept", 9},
});

}  // namespace

/// Full-width digits and marks as ASCII, when the chunk holds any; else the chunk itself.
std::string narrow(std::string_view chunk) {
  std::string out;
  for (std::size_t pos = 0; pos < chunk.size();) {
    const char32_t code = next_code_point(chunk, pos);
    append_code_point(out, code >= 0xFF01 && code <= 0xFF5E ? code - 0xFEE0 : code);
  }
  return out;
}

std::size_t digits_at(std::string_view text, std::size_t pos) {
  std::size_t end = pos;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  return end - pos;
}

double to_double(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Reads a number at the start of `text`: groups of three, either decimal mark.
NumberText read_number(std::string_view text) {
  std::string digits;
  std::size_t pos = digits_at(text, 0);
  digits.append(text.substr(0, pos));
  std::size_t commas = 0;
  std::size_t dots = 0;
  std::size_t fraction = 0;  // digits after the last mark
  char last_mark = 0;
  std::size_t last_mark_at = 0;
  while (pos < text.size()) {
    const std::size_t space = group_space_at(text, pos);
    if (space > 0 && digits_at(text, pos + space) == 3 && last_mark == 0 && digits.size() <= 15) {
      digits.append(text.substr(pos + space, 3));
      pos += space + 3;
      continue;
    }
    const char mark = text[pos];
    const std::size_t run = digits_at(text, pos + 1);
    if ((mark != ',' && mark != '.') || run == 0) {
      break;
    }
    if (last_mark != 0 && fraction != 3) {
      break;  // 1,5,7: a list; 1.2.3: a version
    }
    (mark == ',' ? commas : dots) += 1;
    last_mark = mark;
    last_mark_at = digits.size();
    fraction = run;
    digits.append(text.substr(pos + 1, run));
    pos += 1 + run;
  }
  NumberText number;
  number.length = pos;
  const std::size_t marks = commas + dots;
  const bool one_kind_many = marks > 1 && (commas == 0 || dots == 0);
  const bool grouped = fraction == 3 && (one_kind_many || (marks == 1 && last_mark == ',')) &&
                       last_mark_at > 0 && digits.front() != '0';
  number.ambiguous = marks == 1 && fraction == 3 && last_mark_at <= 3 && digits.front() != '0';
  if (last_mark != 0 && !grouped) {
    digits.insert(last_mark_at, ".");
    for (std::size_t i = 0; i < fraction && i < 15; ++i) {
      number.precision /= 10;
    }
  }
  number.value = to_double(digits);
  return number;
}

/// 1–12 for a month's name in English, German or Spanish; else 0.
int month_of(std::string_view word) {
  if (word.size() < 3 || word.size() > 12 || !kMonths.may_hold(word)) {
    return 0;
  }
  const MonthName* known = kMonths.find(fold_case(word));
  return known == nullptr ? 0 : known->month;
}

int to_int(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool is_calendar_year(int year) { return year >= 1900 && year <= 2100; }

/// yyyymmdd of "2026年10月31日" and "2026年10月", whose year has `digits` digits; 0 if none.
double read_wide_date(std::string_view text, std::size_t digits, std::size_t& length) {
  constexpr std::size_t kMarkBytes = 3;
  const int year = to_int(text.substr(0, digits));
  std::size_t at = digits + kMarkBytes;
  const std::size_t month_digits = digits_at(text, at);
  const int month = to_int(text.substr(at, month_digits));
  at += month_digits;
  if (digits != 4 || !is_calendar_year(year) || month < 1 || month > 12 ||
      !text.substr(std::min(at, text.size())).starts_with("月")) {
    return 0;
  }
  at += kMarkBytes;
  length = at;
  const std::size_t day_digits = digits_at(text, at);
  const int day = to_int(text.substr(std::min(at, text.size()), day_digits));
  at += day_digits;
  if (day < 1 || day > 31 || !text.substr(std::min(at, text.size())).starts_with("日")) {
    return year * 10000.0 + month * 100.0;
  }
  length = at + kMarkBytes;
  return year * 10000.0 + month * 100.0 + day;
}

/// yyyymmdd of "2026-10-31", "2026-10", "31.10.2026", "10/31/2026", "2026-10-31T…"; 0 if none.
double read_date(std::string_view chunk, std::size_t& length, bool& ambiguous) {
  const auto part = [&chunk](std::size_t from) {
    return chunk.substr(from, digits_at(chunk, from));
  };
  const std::string_view first = part(0);
  if (first.empty() || first.size() > 4 || first.size() == chunk.size()) {
    return 0;
  }
  const char mark = chunk[first.size()];
  if (chunk.substr(first.size()).starts_with("年")) {
    return read_wide_date(chunk, first.size(), length);
  }
  if (mark != '-' && mark != '/' && mark != '.') {
    return 0;
  }
  const std::string_view second = part(first.size() + 1);
  if (second.empty() || second.size() > 2) {
    return 0;
  }
  const std::size_t at = first.size() + 1 + second.size();
  const bool more = at < chunk.size() && chunk[at] == mark;
  const std::string_view third = more ? part(at + 1) : std::string_view{};
  int year = to_int(first);
  int month = to_int(second);
  int day = to_int(third);
  length = third.empty() ? at : at + 1 + third.size();
  if (first.size() == 4 && third.size() <= 2) {
    const bool month_only = third.empty() && second.size() == 2 && mark != '.';
    if (third.empty() && !month_only) {
      return 0;
    }
  } else if (first.size() <= 2 && third.size() == 4) {
    day = to_int(first);
    year = to_int(third);
    if (mark == '/' && month <= 12 && day <= 12) {
      ambiguous = day != month;
    }
    if ((mark == '/' && day <= 12) || month > 12) {
      std::swap(day, month);  // month first, as slashes are mostly meant
    }
  } else {
    return 0;
  }
  if (!is_calendar_year(year) || month < 1 || month > 12 || day > 31) {
    return 0;
  }
  return year * 10000.0 + month * 100.0 + day;
}

}  // namespace infinium::maestro
