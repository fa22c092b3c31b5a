#include "maestro/findings/invented_moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/said.h"
#include "maestro/number_words.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"

/// Behaviour: the agent hands over a day or a time of day that nothing it was given holds. Source:
/// invention of information in labelled agent failures.
/// How: days that stand in no source and are no source's day plus a stated number of days; times
/// that stand in no source and are no source's time plus a stated duration or a change of zone.
/// Blind spots: nothing is said while any source is cut, or if no tool was used; proposals in a
/// question.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "ungrounded.value",
    "Give only values that a source of this run shows, and cite it.",
};

constexpr int kDayMinutes = 24 * 60;

std::string lower(std::string_view text) { return fold_case(text); }

class MomentCheck {
 public:
  explicit MomentCheck(const Facts& facts)
      : view_(facts.view()), said_(facts.statements()), grounds_(facts.grounds()) {}

  std::vector<ProvenFinding> run() {
    const bool used_tools =
        std::any_of(view_.steps().begin(), view_.steps().end(), [](const auto& step) {
          return step.kind == StepKind::tool && step.output.has_value();
        });
    if (!used_tools || grounds_.incomplete()) {
      return {};
    }
    read_clock();
    for (const Statement& statement : said_.all()) {
      const bool handed_over =
          statement.speaker == Speaker::output || statement.speaker == Speaker::argument;
      if (handed_over && findings_.size() < kFindingsOfDetectorMax) {
        statement_ = &statement;
        text_ = view_.field(statement.at.field).text;
        check_days();
        check_times();
      }
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] std::string_view slice(std::size_t from, std::size_t to) const {
    return to > from ? text_.substr(from, to - from) : std::string_view{};
  }
  [[nodiscard]] Grounds::Before before() const { return statement_->step; }

  /// The day of the trace itself.
  void read_clock() {
    const std::vector<DayToken> days = find_days(view_.trace().current_datetime);
    if (!days.empty()) {
      today_ = days.front();
    }
    const std::vector<TimeToken> times = find_times(view_.trace().current_datetime);
    now_ = times.empty() ? -1 : times.front().minutes;
  }

  // --- days

  void check_days() {
    for (const DayToken& day : statement_->days) {
      const std::string words = lower(slice(day.start, day.end));
      const bool bare =
          day.year == 0 && words.find_first_not_of("0123456789. ") == std::string::npos;
      if (bare || is_day_known(day) || !told_.insert("d" + words).second) {
        continue;
      }
      report({statement_->at.field, day.start, day.end}, Severity::warning, "day");
    }
  }

  [[nodiscard]] bool is_day_known(const DayToken& day) const {
    if (is_own_choice(day)) {
      return true;
    }
    const Spans spans{spans_in_days(), spans_in_months(), counts_working_days(day)};
    if (today_.year != 0 && is_reached(day, today_, spans)) {
      return true;
    }
    for (const GroundDay& ground : grounds_.days()) {
      if (Grounds::is_before(ground.step, before()) &&
          (same_day(ground.day, day) ||
           (ground.day.year != 0 && is_reached(day, ground.day, spans)))) {
        return true;
      }
    }
    return stands_as_number(day);
  }

  /// Whether an earlier call, or the one that hands the text over, was given the day: then it is
  /// the agent's to say.
  [[nodiscard]] bool is_own_choice(const DayToken& day) const {
    return any_own_input([&](std::string_view text) {
      const std::vector<DayToken> days = find_days(text);
      return std::any_of(
          days.begin(), days.end(), [&](const DayToken& own) { return same_day(own, day); });
    });
  }

  /// Calls `holds` with the arguments of the calls before the statement that are no prose.
  template <class F>
  [[nodiscard]] bool any_own_input(F holds) const {
    constexpr std::size_t kCallsMax = 200;
    std::size_t calls = 0;
    for (const StepView& step : view_.steps()) {
      if (statement_->step && step.index > *statement_->step) {
        break;
      }
      if (step.kind != StepKind::tool || step.failed || ++calls > kCallsMax) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        if (argument.value.size() <= 40 && holds(argument.value)) {
          return true;
        }
      }
    }
    return false;
  }

  /// What may lie between a day that is given and one that follows from it.
  struct Spans {
    std::vector<int> days;
    std::vector<int> months;
    bool working_days = false;
  };

  static int number_of(const DayToken& day, int year) {
    return day_number(year, day.month, day.day);
  }

  static bool is_reached(const DayToken& day, const DayToken& from, const Spans& spans) {
    for (const int year : {from.year - 1, from.year, from.year + 1, day.year}) {
      const bool fits = year != 0 && (day.year == 0 || day.year == year);
      if (fits && is_day(year, day.month, day.day) &&
          is_between(number_of(day, year), from, spans)) {
        return true;
      }
    }
    return false;
  }

  static bool is_between(int target, const DayToken& from, const Spans& spans) {
    constexpr int kWorkingMax = 45;  // days of the calendar that working days may take
    const int start = number_of(from, from.year);
    if (spans.working_days && std::abs(target - start) <= kWorkingMax) {
      return true;
    }
    for (const int months : spans.months) {
      const int month = from.year * 12 + from.month - 1 + months;
      const int year = month / 12;
      int last = 28;
      while (is_day(year, month % 12 + 1, last + 1)) {
        ++last;
      }
      const int first = day_number(year, month % 12 + 1, 1);
      const int due = first + std::min(from.day, last) - 1;
      const int away = target - due;
      const bool edge = target == first || target == first + last - 1 || target == first + last;
      if (away == 0 || edge ||
          std::find(spans.days.begin(), spans.days.end(), std::abs(away)) != spans.days.end()) {
        return true;
      }
    }
    return false;
  }

  /// Months that a source or the statement states: "three months", "6 Monate", "one calendar
  /// month".
  [[nodiscard]] std::vector<int> spans_in_months() const {
    std::vector<int> months = {0};
    for (const std::string_view word : {"month", "monat", "mes", "mois", "か月", "ヶ月", "月"}) {
      if (grounds_.holds_text(word, before()) || find_folded(view_.text(statement_->at), word)) {
        months.insert(months.end(), {1, -1, 2, -2, 3, -3, 6, -6});
        break;
      }
    }
    const auto add = [&months](double number, std::string_view after) {
      constexpr auto kMonths = std::to_array<std::string_view>({"month", "monat", "mes", "mois"});
      const std::string tail = lower(after);
      const bool counts = std::any_of(kMonths.begin(), kMonths.end(), [&tail](auto word) {
        return tail.find(word) != std::string::npos;
      });
      if (counts && number >= 1 && number <= 120 && months.size() < 40) {
        months.push_back(static_cast<int>(number));
        months.push_back(-static_cast<int>(number));
      }
    };
    for (const Ground& ground : grounds_.range(1, 120)) {
      if (Grounds::is_before(ground.step, before())) {
        add(ground.number, view_.field(ground.at.field).text.substr(ground.at.end, 12));
        add(ground.number, ground.key);
      }
    }
    for (const std::string_view word : {"year", "jahr", "año", "annual", "an ", "年"}) {
      if (grounds_.holds_text(word, before())) {
        months.insert(months.end(), {12, -12, 24, 36});
        break;
      }
    }
    return months;
  }

  /// Whether working days or weekdays are spoken of, which shift by more than is stated.
  [[nodiscard]] bool counts_working_days(const DayToken& day) const {
    const bool beside = std::any_of(
        statement_->weekdays.begin(), statement_->weekdays.end(), [&](const WeekdayToken& weekday) {
          const auto apart = [](std::size_t a, std::size_t b) { return a > b ? a - b : b - a; };
          return apart(weekday.end, day.start) <= 6 || apart(day.end, weekday.start) <= 6;
        });
    const auto named = [&](const auto& words) {
      return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return grounds_.holds_text(word, before());
      });
    };
    constexpr auto kWorking = std::to_array<std::string_view>({"working day",
                                                               "business day",
                                                               "weekday",
                                                               "werktag",
                                                               "arbeitstag",
                                                               "hábil",
                                                               "laborable",
                                                               "jours ouvr",
                                                               "営業日",
                                                               "dias úteis"});
    constexpr auto kWeekdays = std::to_array<std::string_view>(
        {"monday",  "tuesday", "wednesday", "thursday", "friday",     "saturday",
         "sunday",  "montag",  "dienstag",  "mittwoch", "donnerstag", "freitag",
         "samstag", "sonntag", "lunes",     "martes",   "miércoles",  "jueves",
         "viernes", "sábado",  "domingo",   "曜"});
    return named(kWorking) || (beside && named(kWeekdays));
  }

  /// Numbers of days that a source or the statement states: "30 days", "3 nights", `valid_days`.
  [[nodiscard]] std::vector<int> spans_in_days() const {
    std::vector<int> spans = {1, 2, 7};
    const auto add = [&spans](double number) {
      if (number >= 1 && number <= 800 && spans.size() < 60) {
        for (const int off : {-1, 0, 1}) {  // counted with or without the first day
          spans.push_back(static_cast<int>(number) + off);
        }
      }
    };
    for (const Ground& ground : grounds_.numbers()) {
      const bool of_days = ground.unit == Unit::days || names_days(ground);
      if (of_days && Grounds::is_before(ground.step, before())) {
        add(ground.number);
      }
    }
    constexpr std::size_t kTextMax = 8'000;
    for (FieldId id = 0; id < view_.fields().size() && spans.size() < 60; ++id) {
      const TextField& field = view_.field(id);
      if (is_ground(field.role) && !field.superseded && Grounds::is_before(field.step, before())) {
        for (const double number : number_words(prefix_of(field.text, kTextMax))) {
          add(number);  // "seven days"
        }
      }
    }
    for (const StatedValue& value : said_.claims_of(*statement_)) {
      if (value.token.kind == ValueKind::number && value.token.unit == Unit::days) {
        add(value.token.number);
      }
    }
    return spans;
  }

  [[nodiscard]] bool names_days(const Ground& ground) const {
    constexpr auto kWords = std::to_array<std::string_view>({"day",
                                                             "days",
                                                             "nights",
                                                             "night",
                                                             "tage",
                                                             "tag",
                                                             "nächte",
                                                             "días",
                                                             "noches",
                                                             "jours",
                                                             "nuits",
                                                             "weeks",
                                                             "week",
                                                             "wochen",
                                                             "semanas",
                                                             "泊",
                                                             "日"});
    const auto is_one = [&](std::string_view word) {
      return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
    };
    for (const std::string& word : name_words(ground.key)) {
      if (is_one(word)) {
        return true;
      }
    }
    std::string_view tail = view_.field(ground.at.field).text.substr(ground.at.end, 16);
    const std::vector<Word> words = find_words(tail);
    return !words.empty() &&
           is_one(lower(tail.substr(words[0].start, words[0].end - words[0].start)));
  }

  /// "20260415", "15/04" and other ways of writing that find_days leaves alone.
  [[nodiscard]] bool stands_as_number(const DayToken& day) const {
    for (const std::string& form : {fmt::format("{:02}{:02}", day.month, day.day),
                                    fmt::format("{:02}/{:02}", day.month, day.day),
                                    fmt::format("{}/{}", day.month, day.day),
                                    fmt::format("{}/{}", day.day, day.month),
                                    fmt::format("{:02}.{:02}", day.day, day.month)}) {
      if (grounds_.holds_text(form, before())) {
        return true;
      }
    }
    return false;
  }

  // --- times of day

  void check_times() {
    if (statement_->times.size() > 40) {
      return;
    }
    for (const TimeToken& time : statement_->times) {
      const std::string words = lower(slice(time.start, time.end));
      if (time.minutes % kDayMinutes == 0 || is_plan(time) || is_time_known(time.minutes) ||
          !told_.insert("t" + words).second) {
        continue;
      }
      report({statement_->at.field, time.start, time.end}, Severity::warning, "time");
    }
  }

  /// "around 14:00", "be there by 09:15": a round time that is proposed, not reported.
  [[nodiscard]] bool is_plan(const TimeToken& time) const {
    constexpr int kQuarter = 15;
    constexpr std::size_t kReach = 18;
    constexpr auto kWords = std::to_array<std::string_view>(
        {"around ", "about ", "by ",    "before ",    "until ",  "latest",   "approx",    "ca. ",
         "gegen ",  "etwa ",  "bis ",   "spätestens", "hacia ",  "antes de", "sobre las", "vers ",
         "avant ",  "頃",     "までに", "evening",    "morning", "afternoon"});
    if (time.minutes % kQuarter != 0) {
      return false;
    }
    const std::size_t from =
        std::max(statement_->at.start, time.start < kReach ? 0 : std::size_t{time.start} - kReach);
    const std::string before = lower(slice(from, time.start)) + lower(text_.substr(time.end, 6));
    return std::any_of(kWords.begin(), kWords.end(), [&before](std::string_view word) {
      return before.find(word) != std::string::npos;
    });
  }

  [[nodiscard]] bool is_time_known(int minutes) const {
    std::vector<int> known;
    bool zoned = false;
    if (now_ >= 0) {
      known.push_back(now_);
    }
    for (const GroundTime& ground : grounds_.times()) {
      if (Grounds::is_before(ground.step, before()) && known.size() < 400) {
        known.push_back(ground.time.minutes);
        // "2026-11-17T10:42:07Z": of another zone than the reader's.
        const std::string_view tail = view_.field(ground.at.field).text.substr(ground.at.end, 8);
        const std::size_t zone = tail.find_first_not_of("0123456789:.");
        if (zone != std::string_view::npos && (tail[zone] == 'Z' || tail[zone] == '+')) {
          const int away = std::abs(minutes - ground.time.minutes);
          zoned = zoned || (away % 60 == 0 && away <= 14 * 60);
        }
      }
    }
    if (zoned) {
      return true;
    }
    std::ignore = any_own_input([&](std::string_view text) {
      for (const TimeToken& own : find_times(text)) {
        known.push_back(own.minutes);
      }
      return known.size() > 800;
    });
    const std::vector<int> spans = spans_in_minutes();
    return std::any_of(known.begin(), known.end(), [&](int one) {
      const int away = std::abs(minutes - one);
      const bool zone = away % 60 == 0 && away <= 14 * 60 && speaks_of_zones();
      const bool half_day = away == 12 * 60;
      return away == 0 || zone || half_day || is_spanned(away, spans) ||
             is_spanned(kDayMinutes - away, spans);
    });
  }

  /// Whether some spans, one after the other, or one of them several times, make it.
  static bool is_spanned(int away, const std::vector<int>& spans) {
    constexpr int kTimesMax = 24;
    constexpr std::size_t kPairsMax = 12;
    constexpr int kCommonMin = 5;
    int common = 0;
    for (const int span : spans) {
      common = span >= kCommonMin ? std::gcd(common, span) : common;
    }
    if (common >= kCommonMin && away % common == 0) {
      return true;  // slots and breaks, one after the other
    }
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (away % spans[i] == 0 && away / spans[i] <= kTimesMax) {
        return true;
      }
      for (std::size_t k = 0; k < std::min({i, kPairsMax}); ++k) {
        if (spans[i] + spans[k] == away || std::abs(spans[i] - spans[k]) == away) {
          return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] bool speaks_of_zones() const {
    for (const std::string_view word : {"utc",
                                        "zone",
                                        "cest",
                                        " cet",
                                        "gmt",
                                        "zeit",
                                        "+0",
                                        "bst",
                                        "local time",
                                        "hora local",
                                        "jst",
                                        "edt",
                                        "pst",
                                        "\"tz\"",
                                        "現地"}) {
      if (grounds_.holds_text(word, before()) || find_folded(view_.text(statement_->at), word)) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::vector<int> spans_in_minutes() const {
    std::vector<int> spans;
    const auto add = [&spans](double number, Unit unit) {
      const double minutes = number * scale_of(unit).factor / scale_of(Unit::minutes).factor;
      if (scale_of(unit).dimension == scale_of(Unit::minutes).dimension && minutes >= 1 &&
          minutes < kDayMinutes && spans.size() < 40) {
        spans.push_back(static_cast<int>(std::lround(minutes)));
      }
    };
    for (const Ground& ground : grounds_.numbers()) {
      if (Grounds::is_before(ground.step, before())) {
        add(ground.number, ground.unit);
      }
    }
    for (const StatedValue& value : said_.claims_of(*statement_)) {
      add(value.token.kind == ValueKind::number ? value.token.number : 0, value.token.unit);
    }
    for (const StepView& step : view_.steps()) {  // the length that a call was given
      for (const Argument& argument : step.arguments) {
        const bool lasts = argument.key.find("min") != std::string::npos ||
                           argument.key.find("duration") != std::string::npos ||
                           argument.key.find("dauer") != std::string::npos;
        const std::size_t digits = lasts ? digits_at(argument.value, 0) : 0;
        if (digits > 0 && digits <= 3) {
          add(to_int(std::string_view(argument.value).substr(0, digits)), Unit::minutes);
        }
      }
    }
    return spans;
  }

  void report(const Span& at, Severity severity, std::string_view value_free) {
    if (findings_.size() >= kFindingsOfDetectorMax || said::is_question(view_, *statement_, at)) {
      return;
    }
    if (auto finding = said::groundless(view_, kKind, severity, *statement_, at, value_free)) {
      findings_.push_back(std::move(*finding));
    }
  }

  const TraceView& view_;
  const Statements& said_;
  const Grounds& grounds_;
  const Statement* statement_ = nullptr;
  std::string_view text_;
  DayToken today_{};
  int now_ = -1;
  std::unordered_set<std::string> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_invented_moments(const Facts& facts) {
  return MomentCheck(facts).run();
}

}  // namespace infinium::maestro
