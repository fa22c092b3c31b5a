#include "maestro/findings/invented_moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

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
      today_ = day_number(days.front().year, days.front().month, days.front().day);
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
    const std::vector<int> steps = spans_in_days();
    if (today_ != 0 && is_reached(day, today_, steps)) {
      return true;
    }
    for (const GroundDay& ground : grounds_.days()) {
      if (!Grounds::is_before(ground.step, before())) {
        continue;
      }
      if (same_day(ground.day, day)) {
        return true;
      }
      if (ground.day.year != 0 &&
          is_reached(day, day_number(ground.day.year, ground.day.month, ground.day.day), steps)) {
        return true;
      }
    }
    return stands_as_number(day);
  }

  static bool is_reached(const DayToken& day, int from, const std::vector<int>& steps) {
    const auto is_it = [&day](int number) {
      for (int year = day.year != 0 ? day.year : 1990; year <= (day.year != 0 ? day.year : 2100);
           ++year) {
        if (is_day(year, day.month, day.day) && day_number(year, day.month, day.day) == number) {
          return true;
        }
      }
      return false;
    };
    return is_it(from) || std::any_of(steps.begin(), steps.end(), [&](int n) {
             return is_it(from + n) || is_it(from - n);
           });
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
      if (time.minutes % kDayMinutes == 0 || is_time_known(time.minutes) ||
          !told_.insert("t" + words).second) {
        continue;
      }
      report({statement_->at.field, time.start, time.end}, Severity::warning, "time");
    }
  }

  [[nodiscard]] bool is_time_known(int minutes) const {
    std::vector<int> known;
    if (now_ >= 0) {
      known.push_back(now_);
    }
    for (const GroundTime& ground : grounds_.times()) {
      if (Grounds::is_before(ground.step, before()) && known.size() < 400) {
        known.push_back(ground.time.minutes);
      }
    }
    const std::vector<int> spans = spans_in_minutes();
    return std::any_of(known.begin(), known.end(), [&](int one) {
      const int away = std::abs(minutes - one);
      const bool zone = away % 60 == 0 && away <= 14 * 60 && speaks_of_zones();
      const bool half_day = away == 12 * 60;
      return away == 0 || zone || half_day ||
             std::find(spans.begin(), spans.end(), away) != spans.end() ||
             std::find(spans.begin(), spans.end(), kDayMinutes - away) != spans.end();
    });
  }

  [[nodiscard]] bool speaks_of_zones() const {
    for (const std::string_view word : {"utc", "zone", "cest", "gmt", "zeit", "+0", "timezone"}) {
      if (grounds_.holds_text(word, before())) {
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
    return spans;
  }

  void report(const Span& at, Severity severity, std::string_view value_free) {
    if (findings_.size() >= kFindingsOfDetectorMax || said::is_question(view_, *statement_, at)) {
      return;
    }
    Finding finding = said::draft_claim(view_, kKind, severity, *statement_, value_free);
    finding.title = fmt::format("{} stands in no source", shown(view_.text(at)));
    finding.explanation = fmt::format(
        "{} gives {} ({}), which neither the request nor any result before shows and "
        "which follows from none of them.",
        said::who(view_, *statement_),
        shown(view_.text(at)),
        value_free);
    if (const auto here = quote(view_, at)) {
      findings_.push_back(prove(std::move(finding), *here));
    }
  }

  const TraceView& view_;
  const Statements& said_;
  const Grounds& grounds_;
  const Statement* statement_ = nullptr;
  std::string_view text_;
  int today_ = 0;
  int now_ = -1;
  std::unordered_set<std::string> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_invented_moments(const Facts& facts) {
  return MomentCheck(facts).run();
}

}  // namespace infinium::maestro
