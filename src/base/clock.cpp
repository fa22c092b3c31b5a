#include "base/clock.h"

#include <fmt/format.h>

#include <charconv>

namespace infinium {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t kDayMs = 86'400'000;

/// Reads fixed-width digits and separators from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_.front(); }

  bool skip(char c) {
    if (peek() != c) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  /// Exactly `width` digits.
  std::optional<int> digits(std::size_t width) {
    if (text_.size() < width) {
      return std::nullopt;
    }
    int value = 0;
    for (const char c : text_.substr(0, width)) {
      if (c < '0' || c > '9') {
        return std::nullopt;
      }
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(width);
    return value;
  }

  /// One or more digits after a decimal mark, as whole milliseconds.
  std::optional<int> fraction_ms() {
    int value = 0;
    int scale = 100;
    bool any = false;
    while (peek() >= '0' && peek() <= '9') {
      value += (peek() - '0') * scale;
      scale /= 10;
      any = true;
      text_.remove_prefix(1);
    }
    return any ? std::optional(value) : std::nullopt;
  }

 private:
  std::string_view text_;
};

std::optional<std::int64_t> read_date(Reader& in) {
  const auto y = in.digits(4);
  if (!y || *y < 1900 || *y > 2100) {
    return std::nullopt;
  }
  const bool dashes = in.skip('-');
  const auto m = in.digits(2);
  if (!m || (dashes && !in.skip('-'))) {
    return std::nullopt;
  }
  const auto d = in.digits(2);
  if (!d) {
    return std::nullopt;
  }
  const year_month_day date(
      year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d)));
  if (!date.ok()) {
    return std::nullopt;
  }
  return sys_days(date).time_since_epoch().count() * kDayMs;
}

std::optional<std::int64_t> read_time(Reader& in) {
  const auto h = in.digits(2);
  if (!h || *h > 24) {
    return std::nullopt;
  }
  const bool colons = in.skip(':');
  const auto m = in.digits(2);
  if (!m || *m > 59) {
    return std::nullopt;
  }
  int second = 0;
  int ms = 0;
  const bool has_seconds = colons ? in.skip(':') : (in.peek() >= '0' && in.peek() <= '9');
  if (has_seconds) {
    const auto s = in.digits(2);
    if (!s || *s > 60) {
      return std::nullopt;
    }
    second = *s;
    if (in.skip('.') || in.skip(',')) {
      const auto fraction = in.fraction_ms();
      if (!fraction) {
        return std::nullopt;
      }
      ms = *fraction;
    }
  }
  if (*h == 24 && (*m != 0 || second != 0 || ms != 0)) {
    return std::nullopt;
  }
  return ((std::int64_t{*h} * 60 + *m) * 60 + second) * 1000 + ms;
}

/// The offset from UTC in milliseconds; nothing written means UTC.
std::optional<std::int64_t> read_offset(Reader& in) {
  if (in.done() || in.skip('Z') || in.skip('z')) {
    return 0;
  }
  const bool west = in.peek() == '-';
  if (!in.skip('+') && !in.skip('-')) {
    return std::nullopt;
  }
  const auto h = in.digits(2);
  if (!h || *h > 23) {
    return std::nullopt;
  }
  int minutes = 0;
  if (!in.done()) {
    in.skip(':');
    const auto m = in.digits(2);
    if (!m || *m > 59) {
      return std::nullopt;
    }
    minutes = *m;
  }
  const std::int64_t offset = (std::int64_t{*h} * 60 + minutes) * 60'000;
  return west ? -offset : offset;
}

}  // namespace

std::int64_t SystemClock::now_ms() const {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

std::chrono::steady_clock::time_point SystemClock::steady_now() const {
  return std::chrono::steady_clock::now();
}

std::string format_iso8601(std::int64_t epoch_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(epoch_ms)};
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date(days);
  const std::int64_t in_day = (time - days).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     in_day / 3'600'000,
                     in_day / 60'000 % 60,
                     in_day / 1000 % 60,
                     in_day % 1000);
}

std::optional<std::int64_t> parse_iso8601(std::string_view text) {
  Reader in(text);
  const auto date = read_date(in);
  if (!date) {
    return std::nullopt;
  }
  if (in.done()) {
    return date;
  }
  if (!in.skip('T') && !in.skip('t') && !in.skip(' ')) {
    return std::nullopt;
  }
  const auto time = read_time(in);
  if (!time) {
    return std::nullopt;
  }
  const auto offset = read_offset(in);
  if (!offset || !in.done()) {
    return std::nullopt;
  }
  return *date + *time - *offset;
}

}  // namespace infinium
