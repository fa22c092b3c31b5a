#include <fmt/format.h>

#include "maestro/findings/arithmetic_reader.h"
#include "maestro/findings/draft.h"
#include "maestro/text.h"

/// The part of arithmetic.cpp that reckons with times and days.
namespace infinium::maestro {
namespace {

class CalendarCheck : ArithmeticReader {
 public:
  using ArithmeticReader::ArithmeticReader;

  void run() {
    check_durations();
    check_weekdays();
  }

 private:
  // --- "from 09:14 to 09:37 (33 minutes)"

  void check_durations() {
    const auto& times = statement_.times;
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
      if (!is_range(text_.substr(times[i].end, times[i + 1].start - times[i].end))) {
        continue;
      }
      for (std::size_t n = 0; n < numbers_.size(); ++n) {
        const ValueToken& length = token(n);
        const bool minutes = length.unit == Unit::minutes;
        if ((!minutes && length.unit != Unit::hours) || length.start < times[i + 1].end ||
            !leads_to_length(text_.substr(times[i + 1].end, length.start - times[i + 1].end))) {
          continue;
        }
        int due = times[i + 1].minutes - times[i].minutes;
        due += due < 0 ? 24 * 60 : 0;
        const double said = length.number * (minutes ? 1 : 60);
        const double slack = length.precision * (minutes ? 1 : 30) + (minutes ? 0 : 0.5);
        const double off = std::abs(said - due);
        if (off > slack && !is_given(n) && is_of_the_whole(length.end) &&
            !(std::fmod(off, 60) == 0 && crosses_zones())) {
          push(numbers_[n],
               span(times[i].start, length.end),
               fmt::format("{} should be {} minutes", shown(view_.text(claim(n).at)), due),
               fmt::format("from the one time to the other it is {} minutes", due));
        }
      }
    }
  }

  /// Whether nothing after a length makes it that of a part: "30 minutes each", "15 minutes of
  /// break".
  [[nodiscard]] bool is_of_the_whole(std::size_t end) const {
    constexpr auto kWords = std::to_array<std::string_view>(
        {"long", "in", "total", "altogether", "lang", "insgesamt", "gesamt", "de", "duración"});
    std::string_view after = text_.substr(end, 20);
    after = after.substr(0, after.find_first_of(").,;:\n"));
    const std::string folded = fold_case(after);
    const std::vector<Word> words = find_words(folded);
    const auto said = [&](std::size_t i) {
      return std::string_view(folded).substr(words[i].start, words[i].end - words[i].start);
    };
    const std::size_t next = !words.empty() && unit_of_word(said(0)) != Unit::none ? 1 : 0;
    return next >= words.size() ||
           std::find(kWords.begin(), kWords.end(), said(next)) != kWords.end();
  }

  /// Whether the trace speaks of journeys or zones, where clocks differ by whole hours.
  [[nodiscard]] bool crosses_zones() const {
    for (const std::string_view word : {"utc",
                                        "gmt",
                                        "timezone",
                                        "time zone",
                                        "zeitzone",
                                        "flight",
                                        "flug",
                                        "vuelo",
                                        "airport",
                                        "zona horaria",
                                        "cest",
                                        "jst"}) {
      if (facts_.grounds().holds_text(word, std::nullopt) || find_folded(text_, word).has_value()) {
        return true;
      }
    }
    return false;
  }

  static bool is_range(std::string_view between) {
    constexpr auto kLinks = std::to_array<std::string_view>({"to",
                                                             "until",
                                                             "till",
                                                             "-",
                                                             "–",
                                                             "and",
                                                             "bis",
                                                             "und",
                                                             "a",
                                                             "a las",
                                                             "hasta",
                                                             "y",
                                                             "à",
                                                             "から",
                                                             "～",
                                                             "〜"});
    const std::string link = fold_case(trim(between));
    return between.size() <= 12 && std::find(kLinks.begin(), kLinks.end(), link) != kLinks.end();
  }

  /// Between the end of a range and its length: "UTC (", ", that is ", " for ".
  static bool leads_to_length(std::string_view between) {
    constexpr auto kWords = std::to_array<std::string_view>(
        {"utc",  "uhr", "cet",   "cest", "gmt",     "am",     "pm",    "h",    "that",
         "is",   "i",   "e",     "for",  "lasting", "lasted", "total", "of",   "das",
         "sind", "es",  "decir", "の",   "、",      "so",     "which", "makes"});
    if (between.size() > 24 || between.find('\n') != std::string_view::npos) {
      return false;
    }
    const std::string folded = fold_case(between);
    for (const Word& word : find_words(folded)) {
      const std::string_view said =
          std::string_view(folded).substr(word.start, word.end - word.start);
      if (std::find(kWords.begin(), kWords.end(), said) == kWords.end()) {
        return false;
      }
    }
    return folded.find_first_of("(,=:") != std::string::npos || folded.size() >= 3;
  }

  // --- "Tuesday 16 June 2026"

  void check_weekdays() {
    for (const WeekdayToken& weekday : statement_.weekdays) {
      for (const DayToken& day : statement_.days) {
        const bool before = weekday.end <= day.start && day.start - weekday.end <= 6;
        const bool after = day.end <= weekday.start && weekday.start - day.end <= 4;
        const std::string_view between = before ? text_.substr(weekday.end, day.start - weekday.end)
                                         : after ? text_.substr(day.end, weekday.start - day.end)
                                                 : std::string_view("x");
        if (!belongs(between)) {
          continue;
        }
        const int year = day.year != 0 ? day.year : year_of(day);
        if (year == 0 || !is_day(year, day.month, day.day) ||
            weekday_of(day_number(year, day.month, day.day)) == weekday.weekday ||
            is_sourced(weekday, day)) {
          continue;
        }
        constexpr auto kNames = std::to_array<std::string_view>(
            {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"});
        const int right = weekday_of(day_number(year, day.month, day.day));
        push({},
             span(std::min(weekday.start, day.start), std::max(weekday.end, day.end)),
             fmt::format("{:04}-{:02}-{:02} is a {}",
                         year,
                         day.month,
                         day.day,
                         kNames[static_cast<std::size_t>(right)]),
             "the weekday does not belong to the date");
      }
    }
  }

  static bool belongs(std::string_view between) {
    const std::string link = fold_case(trim(between));
    constexpr auto kLinks = std::to_array<std::string_view>({"",
                                                             ",",
                                                             "the",
                                                             ", the",
                                                             ".",
                                                             "., ",
                                                             "den",
                                                             ", den",
                                                             ", dem",
                                                             "der",
                                                             "el",
                                                             ", el",
                                                             "(",
                                                             "（",
                                                             "le"});
    return std::find(kLinks.begin(), kLinks.end(), link) != kLinks.end();
  }

  /// The one year in which the sources speak of that day; 0 if there is none, or several.
  [[nodiscard]] int year_of(const DayToken& day) const {
    int year = 0;
    for (const GroundDay& ground : facts_.grounds().days()) {
      if (ground.day.year != 0 && same_day(ground.day, day)) {
        if (year != 0 && year != ground.day.year) {
          return 0;
        }
        year = ground.day.year;
      }
    }
    return year;
  }

  /// Whether a source says the same weekday beside that day: then it is the source's mistake.
  [[nodiscard]] bool is_sourced(const WeekdayToken& weekday, const DayToken& day) const {
    const std::size_t from = std::min(weekday.start, day.start);
    const std::size_t to = std::max(weekday.end, day.end);
    return facts_.grounds().holds_text(text_.substr(from, to - from), statement_.step);
  }
};

}  // namespace

void check_calendar(const Facts& facts,
                    std::uint32_t statement,
                    std::vector<ArithmeticSlip>& slips) {
  CalendarCheck(facts, statement, slips).run();
}

}  // namespace infinium::maestro
