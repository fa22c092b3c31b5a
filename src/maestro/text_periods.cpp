#include "maestro/text_periods.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "maestro/text.h"
#include "maestro/text_values.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPeriodsMax = 64;

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + length, value);
  return value;
}

std::size_t digit_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  return end - at;
}

bool is_year(int year) { return year >= 1990 && year <= 2100; }
bool is_month(int month) { return month >= 1 && month <= 12; }
bool is_mark(char c) { return c == '-' || c == '_' || c == '.' || c == '/' || c == ' '; }

/// "q3" around the year at [at, at + 4): "2026-Q3", "Q3_2026", "Q3 2026".
int quarter_near(std::string_view text, std::size_t at) {
  const auto quarter = [&text](std::size_t pos) {
    const bool stands = pos + 1 < text.size() && (text[pos] == 'q' || text[pos] == 'Q');
    return stands && text[pos + 1] >= '1' && text[pos + 1] <= '4' ? text[pos + 1] - '0' : 0;
  };
  std::size_t after = at + 4;
  after += after < text.size() && is_mark(text[after]) ? 1u : 0u;
  if (const int found = quarter(after); found != 0) {
    return found;
  }
  std::size_t before = at;
  before -= before > 0 && is_mark(text[before - 1]) ? 1u : 0u;
  return before >= 2 ? quarter(before - 2) : 0;
}

/// The period whose year begins at `at`; moves `at` past it.
Period period_at(std::string_view text, std::size_t& at) {
  const std::size_t run = digit_run(text, at);
  Period period;
  period.year = number_at(text, at, 4);
  if (run == 8 || run == 6) {  // yyyymmdd, yyyymm
    period.month = number_at(text, at + 4, 2);
    period.day = run == 8 ? number_at(text, at + 6, 2) : 0;
    at += run;
    return period;
  }
  period.quarter = quarter_near(text, at);
  at += 4;
  // A mark and two digits: 2026-09, 2026_09.
  const auto two_digits = [&text](std::size_t pos) {
    const bool marked = pos < text.size() && is_mark(text[pos]) && text[pos] != ' ';
    return marked && digit_run(text, pos + 1) == 2;
  };
  if (period.quarter == 0 && two_digits(at) && is_month(number_at(text, at + 1, 2))) {
    period.month = number_at(text, at + 1, 2);
    at += 3;
    if (two_digits(at) && text[at] != '.') {
      period.day = number_at(text, at + 1, 2);
      at += 3;
    }
  }
  return period;
}

}  // namespace

std::vector<Period> find_periods(std::string_view text) {
  std::vector<Period> periods;
  std::size_t covered = 0;
  for (const ValueToken& token : find_values(text)) {
    if (token.kind == ValueKind::date && !token.ambiguous && periods.size() < kPeriodsMax) {
      const int date = static_cast<int>(token.number);
      periods.push_back({date / 10000, 0, date / 100 % 100, date % 100});
    }
  }
  for (std::size_t at = 0; at < text.size() && periods.size() < kPeriodsMax;) {
    const std::size_t run = digit_run(text, at);
    if (run == 0) {
      ++at;
      continue;
    }
    const bool shaped =
        run == 4 || ((run == 6 || run == 8) && is_month(number_at(text, at + 4, 2)));
    const bool price = at > 0 && (text[at - 1] == '.' || text[at - 1] == ',');
    if (!shaped || price || !is_year(number_at(text, at, 4))) {
      at += run;
      continue;
    }
    covered = at;
    const Period period = period_at(text, at);
    const bool known = std::any_of(periods.begin(), periods.end(), [&period](const Period& other) {
      return other.year == period.year && (period.month == 0 || period == other) &&
             period.quarter == 0;
    });
    at = std::max(at, covered + 1);
    if (!known) {
      periods.push_back(period);
    }
  }
  return periods;
}

bool overlap(const Period& a, const Period& b) {
  const auto differ = [](int x, int y) { return x != 0 && y != 0 && x != y; };
  const auto quarter_of = [](const Period& p) {
    return p.quarter != 0 ? p.quarter : p.month != 0 ? (p.month + 2) / 3 : 0;
  };
  return !differ(a.year, b.year) && !differ(a.month, b.month) && !differ(a.day, b.day) &&
         !differ(quarter_of(a), quarter_of(b));
}

bool comparable(const Period& a, const Period& b) {
  return (a.month != 0) == (b.month != 0) && (a.quarter != 0) == (b.quarter != 0);
}

int order_of(const Period& period) {
  const int month = period.month != 0 ? period.month : period.quarter * 3;
  return period.year * 10000 + month * 100 + period.day;
}

std::string family_of(std::string_view name) {
  constexpr std::array<std::string_view, 22> kStates = {
      "old",      "archive", "archived", "backup", "bak",        "final", "latest", "current",
      "draft",    "new",     "previous", "prev",   "deprecated", "stale", "copy",   "superseded",
      "outdated", "v",       "rev",      "legacy", "obsolete",   "active"};
  std::string family;
  const std::string folded = fold_case(name);
  for (std::size_t i = 0; i < folded.size();) {
    std::size_t end = i;
    while (end < folded.size() && is_letter(folded[end])) {
      ++end;
    }
    const std::string_view word = std::string_view(folded).substr(i, end - i);
    const bool month = find_values(std::string(word) + " 2000").front().kind == ValueKind::date;
    if (end > i) {
      const bool state = std::find(kStates.begin(), kStates.end(), word) != kStates.end();
      if (!state && !month) {
        family += word;
      }
      i = end;
      continue;
    }
    if (!is_digit(folded[i]) && !is_mark(folded[i])) {
      family.push_back(folded[i]);
    } else if (folded[i] == '.' && folded.find('.', i + 1) == std::string::npos) {
      family.push_back('.');
    }
    ++i;
  }
  return family;
}

}  // namespace infinium::maestro
