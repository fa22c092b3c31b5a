#include "maestro/text_times.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"
#include "maestro/text_numbers.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kTimesMax = 512;
constexpr int kHourMinutes = 60;
constexpr int kNoonHour = 12;

enum class Half { none, am, pm };

struct WeekdayWord {
  std::string_view word;
  int weekday;
};

constexpr auto kWeekdays = std::to_array<WeekdayWord>({
    {"monday", 0},     {"tuesday", 1},  {"wednesday", 2}, {"thursday", 3},  {"friday", 4},
    {"saturday", 5},   {"sunday", 6},   {"mon", 0},       {"tue", 1},       {"tues", 1},
    {"wed", 2},        {"thu", 3},      {"thur", 3},      {"thurs", 3},     {"fri", 4},
    {"sat", 5},        {"sun", 6},      {"montag", 0},    {"dienstag", 1},  {"mittwoch", 2},
    {"donnerstag", 3}, {"freitag", 4},  {"samstag", 5},   {"sonnabend", 5}, {"sonntag", 6},
    {"lunes", 0},      {"martes", 1},   {"miércoles", 2}, {"jueves", 3},    {"viernes", 4},
    {"sábado", 5},     {"domingo", 6},  {"lundi", 0},     {"mardi", 1},     {"mercredi", 2},
    {"jeudi", 3},      {"vendredi", 4}, {"samedi", 5},    {"dimanche", 6},

});

constexpr std::array<std::string_view, 7> kWideDays = {"月", "火", "水", "木", "金", "土", "日"};

/// "am", "p.m." at `pos`, one blank before it at most; moves `pos` past it.
Half half_at(std::string_view text, std::size_t& pos) {
  std::size_t at = pos;
  at += at < text.size() && text[at] == ' ' ? 1u : 0u;
  const std::string tail = fold_case(text.substr(at, 4));
  for (const std::string_view word : {"a.m.", "p.m.", "am", "pm"}) {
    const std::size_t end = at + word.size();
    const bool stands = tail.starts_with(word) && (end >= text.size() || !is_alnum(text[end]));
    if (stands) {
      pos = end;
      return word.front() == 'a' ? Half::am : Half::pm;
    }
  }
  return Half::none;
}

bool starts_with_word(std::string_view text, std::size_t pos, std::string_view word) {
  pos += pos < text.size() && text[pos] == ' ' ? 1u : 0u;
  return text.substr(std::min(pos, text.size())).starts_with(word);
}

class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : text_(text) {}

  std::vector<TimeToken> run() {
    for (std::size_t pos = 0; pos < text_.size() && times_.size() < kTimesMax;) {
      if (!is_digit(text_[pos])) {
        ++pos;
        continue;
      }
      const std::size_t digits = digits_at(text_, pos);
      if (digits <= 2 && begins_number(pos)) {
        pos = read_at(pos, digits);
      } else {
        pos += digits;
      }
    }
    return std::move(times_);
  }

 private:
  [[nodiscard]] bool begins_number(std::size_t pos) const {
    if (pos == 0) {
      return true;
    }
    const char before = text_[pos - 1];
    const bool stamp = before == 'T' && pos >= 2 && is_digit(text_[pos - 2]);
    return stamp || !(is_alnum(before) || before == '.' || before == ':' || before == '_' ||
                      (before == ',' && pos >= 2 && is_digit(text_[pos - 2])));
  }

  /// Reads what stands at a number of one or two digits; gives where to go on.
  std::size_t read_at(std::size_t pos, std::size_t digits) {
    const int hours = to_int(text_.substr(pos, digits));
    std::size_t at = pos + digits;
    const char mark = at < text_.size() ? text_[at] : '\0';
    const bool pair = (mark == ':' || mark == '.') && digits_at(text_, at + 1) == 2;
    if (pair && mark == ':') {
      return read_clock(pos, hours, at);
    }
    if (pair) {
      std::size_t end = at + 3;
      const int minutes = to_int(text_.substr(at + 1, 2));
      const Half half = half_at(text_, end);
      if (half != Half::none || starts_with_word(text_, end, "Uhr")) {
        push(pos, end, hours, minutes, half);
      }
      return end;
    }
    return read_bare(pos, hours, at);
  }

  std::size_t read_clock(std::size_t pos, int hours, std::size_t at) {
    const int minutes = to_int(text_.substr(at + 1, 2));
    std::size_t end = at + 3;
    if (end < text_.size() && text_[end] == ':' && digits_at(text_, end + 1) == 2) {
      end += 3;
      if (end < text_.size() && text_[end] == ':') {
        return end;  // 04:9A:71: a serial, a fingerprint
      }
    }
    if (end < text_.size() && (text_[end] == ':' || is_alnum(text_[end])) && text_[end] != 'Z') {
      std::size_t after = end;
      if (half_at(text_, after) == Half::none) {
        return end;
      }
    }
    push(pos, end, hours, minutes, half_at(text_, end));
    return end;
  }

  /// "3 pm", "15 Uhr", "14時20分", "14 h".
  std::size_t read_bare(std::size_t pos, int hours, std::size_t at) {
    std::size_t end = at;
    if (const Half half = half_at(text_, end); half != Half::none) {
      push(pos, end, hours, 0, half);
      return end;
    }
    if (starts_with_word(text_, at, "Uhr")) {
      push(pos, at, hours, 0, Half::none);
      return at;
    }
    constexpr std::string_view kHour = "時";
    if (text_.substr(at).starts_with(kHour) && !text_.substr(at + kHour.size()).starts_with("間")) {
      end = at + kHour.size();
      const std::size_t digits = digits_at(text_, end);
      const bool more = digits > 0 && digits <= 2 && text_.substr(end + digits).starts_with("分");
      const int minutes = more ? to_int(text_.substr(end, digits)) : 0;
      const bool evening = pos >= 6 && text_.substr(pos - 6, 6) == "午後";
      push(pos, more ? end + digits + 3 : end, hours, minutes, evening ? Half::pm : Half::none);
      return end;
    }
    return at;
  }

  void push(std::size_t start, std::size_t end, int hours, int minutes, Half half) {
    if (half != Half::none && (hours < 1 || hours > kNoonHour)) {
      return;
    }
    hours = half == Half::am && hours == kNoonHour ? 0 : hours;
    hours += half == Half::pm && hours < kNoonHour ? kNoonHour : 0;
    if (hours > 24 || minutes >= kHourMinutes) {
      return;
    }
    const bool stamp = start > 1 && text_[start - 1] == 'T' && is_digit(text_[start - 2]);
    times_.push_back({hours * kHourMinutes + minutes,
                      stamp,
                      static_cast<std::uint32_t>(start),
                      static_cast<std::uint32_t>(end)});
  }

  std::string_view text_;
  std::vector<TimeToken> times_;
};

}  // namespace

std::vector<TimeToken> find_times(std::string_view text) { return TimeReader(text).run(); }

std::vector<WeekdayToken> find_weekdays(std::string_view text) {
  std::vector<WeekdayToken> found;
  const std::vector<Word> words = find_words(text);
  for (std::size_t i = 0; i < words.size() && found.size() < kTimesMax; ++i) {
    const std::string_view word = text.substr(words[i].start, words[i].end - words[i].start);
    const auto start = static_cast<std::uint32_t>(words[i].start);
    const auto end = static_cast<std::uint32_t>(words[i].end);
    // 月曜日, (月)
    const auto wide = std::find(kWideDays.begin(), kWideDays.end(), word);
    if (wide != kWideDays.end()) {
      const bool named = text.substr(end).starts_with("曜");
      const bool bracketed =
          start > 0 && (text[start - 1] == '(' || text.substr(0, start).ends_with("（"));
      const bool closed = text.substr(end).starts_with(")") || text.substr(end).starts_with("）");
      if (named || (bracketed && closed)) {
        found.push_back({static_cast<int>(wide - kWideDays.begin()), start, end});
      }
      continue;
    }
    if (word.size() < 3 || word.size() > 14) {
      continue;
    }
    const std::string folded = fold_case(word);
    const auto known = std::find_if(
        kWeekdays.begin(), kWeekdays.end(), [&](const WeekdayWord& w) { return w.word == folded; });
    // "sat", "sun", "wed" are words; as days they are written with a capital.
    if (known != kWeekdays.end() && (word.size() > 4 || is_upper(word.front()))) {
      found.push_back({known->weekday, start, end});
    }
  }
  return found;
}

int day_number(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = y / 400;
  const int of_era = y - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * 146097 + days - 719468;
}

int weekday_of(int day_number) { return ((day_number + 3) % 7 + 7) % 7; }

bool is_day(int year, int month, int day) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) {
    return false;
  }
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

}  // namespace infinium::maestro
