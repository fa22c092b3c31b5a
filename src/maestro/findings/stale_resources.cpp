#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/marks.h"
#include "maestro/text.h"
#include "maestro/text_periods.h"

/// Behaviour: a step reads the file, table or month next to the one that was asked for, or a file
/// that a listing in the trace shows to be outdated. Source: labelled failures of data-reading
/// agents; the same fault as a wrong filter, but between versions of one thing.
/// How: (a) a name or date whose period is none that the request states, while the request's own is
/// never used; (b) a file of the same family that the request names; (c) a family member that a
/// listing marks as current (or the one read as outdated) and that is never read, or, when the
/// request asks for the latest, one that is newer by its date.
/// Blind spots: periods in words ("last month"); versions that only a person could tell apart.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "argument.mismatch",
    "List what there is, and read the version that the task names.",
};

/// A file, table or date that a step asked for.
struct Resource {
  std::size_t step = 0;
  Span at;
  std::string name;  ///< without folders
  std::vector<Period> periods;
};

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

class StaleCheck {
 public:
  explicit StaleCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {
    collect_request();
    collect_resources();
  }

  std::vector<ProvenFinding> run() {
    for (const Resource& resource : resources_) {
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      if (is_named(resource)) {
        continue;
      }
      if (!by_named_file(resource) && !by_period(resource)) {
        by_listing(resource);
      }
    }
    return std::move(findings_);
  }

 private:
  struct AskedPeriod {
    Period period;
    Span at;
  };

  void collect_request() {
    for (const RequestValue& value : facts_.request().values()) {
      if (value.negated || asked_.size() >= 256) {
        continue;
      }
      const std::string_view text = view_.text(value.at());
      if (value.token.kind == ValueKind::file) {
        files_.push_back(value.at());
      }
      const bool dated = value.token.kind == ValueKind::date ||
                         value.token.kind == ValueKind::identifier ||
                         value.token.kind == ValueKind::file;
      if (dated) {
        for (const Period& period : find_periods(text)) {
          asked_.push_back({period, value.at()});
        }
      }
    }
    compares_ = facts_.request().says_any({"compare",
                                           "compared",
                                           "comparison",
                                           "versus",
                                           "vs",
                                           "trend",
                                           "previous",
                                           "prior",
                                           "change",
                                           "growth",
                                           "since",
                                           "history",
                                           "vergleich",
                                           "vormonat"});
    // Where a span of time is named, a day may have been counted from another.
    counts_days_ = facts_.request().says_any(
        {"day",     "days",     "week",   "weeks",   "month",  "months",   "year",      "years",
         "tag",     "tage",     "tagen",  "woche",   "wochen", "monat",    "monate",    "monaten",
         "día",     "días",     "semana", "semanas", "mes",    "meses",    "jour",      "jours",
         "semaine", "semaines", "mois",   "dia",     "dias",   "tomorrow", "yesterday", "morgen",
         "gestern", "mañana",   "ayer",   "日間",    "週間",   "か月",     "ヶ月"});
    wants_latest_ = facts_.request().says_any({"latest",
                                               "current",
                                               "newest",
                                               "most recent",
                                               "up to date",
                                               "today",
                                               "now",
                                               "aktuelle",
                                               "aktuellen",
                                               "neueste",
                                               "actual",
                                               "último"});
  }

  void add_resource(const StepView& step, Span at, std::string_view name) {
    Resource resource{step.index, at, std::string(base_name(name)), {}};
    resource.periods = find_periods(resource.name);
    used_.insert(fold_case(resource.name));
    resources_.push_back(std::move(resource));
  }

  void collect_resources() {
    constexpr std::size_t kResourcesMax = 2'000;
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.input || resources_.size() >= kResourcesMax) {
        continue;
      }
      const bool delivers = step.changes_state;
      for (const Argument& argument : step.arguments) {
        const bool table = argument.op == "from";
        if (argument.value.size() > 200 || delivers) {
          continue;
        }
        const auto values = find_values(argument.value);
        const bool whole = values.size() == 1 || table;
        if (table || (whole && values.front().kind == ValueKind::file) ||
            (argument.op.empty() ? whole && !find_periods(argument.value).empty() &&
                                       values.front().kind != ValueKind::number
                                 : !find_periods(argument.value).empty() && values.size() == 1 &&
                                       values.front().kind == ValueKind::date)) {
          add_resource(step, argument.at, argument.value);
        }
      }
    }
  }

  [[nodiscard]] bool is_named(const Resource& resource) const {
    return facts_.request().mention_of_value(value_key(resource.name)).has_value() ||
           std::any_of(files_.begin(), files_.end(), [&](const Span& at) {
             return fold_case(base_name(view_.text(at))) == fold_case(resource.name);
           });
  }

  void report(const Resource& resource,
              Severity severity,
              const Span& other,
              std::string_view because) {
    const StepView& step = view_.steps()[resource.step];
    Finding finding = draft(view_, kKind, severity, std::array{resource.step}, "resource");
    finding.title = fmt::format(
        "{} used {} instead of {}", name_of(step), shown(resource.name), shown(view_.text(other)));
    finding.explanation = fmt::format("Step {} took {}; {} {}, which no step ever uses.",
                                      step.number,
                                      shown(resource.name),
                                      because,
                                      shown(view_.text(other)));
    const auto here = quote(view_, resource.at);
    const auto there = quote(view_, other);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  bool by_named_file(const Resource& resource) {
    for (const Span& at : files_) {
      const std::string name = fold_case(base_name(view_.text(at)));
      if (!used_.contains(name) && family_of(name) == family_of(resource.name)) {
        report(resource, Severity::critical, at, "the user named");
        return true;
      }
    }
    return false;
  }

  /// Whether any period of the step's resources is one that was asked for.
  [[nodiscard]] bool step_meets_request(std::size_t step) const {
    return std::any_of(resources_.begin(), resources_.end(), [&](const Resource& other) {
      return other.step == step && std::any_of(other.periods.begin(),
                                               other.periods.end(),
                                               [&](const Period& p) { return is_asked(p); });
    });
  }

  [[nodiscard]] bool is_asked(const Period& period) const {
    return std::any_of(asked_.begin(), asked_.end(), [&](const AskedPeriod& asked) {
      return overlap(asked.period, period);
    });
  }

  bool by_period(const Resource& resource) {
    if (resource.periods.empty() || compares_ || asked_.empty() ||
        step_meets_request(resource.step)) {
      return false;
    }
    const Period& mine = resource.periods.front();
    int first = order_of(asked_.front().period);
    int last = first;
    const AskedPeriod* rival = nullptr;
    for (const AskedPeriod& asked : asked_) {
      first = std::min(first, order_of(asked.period));
      last = std::max(last, order_of(asked.period));
      if (rival == nullptr && comparable(asked.period, mine) &&
          !is_used_elsewhere(asked.period, resource)) {
        rival = &asked;
      }
    }
    const bool between = first != last && order_of(mine) >= first && order_of(mine) <= last;
    const bool given = resource.periods.front().day != 0 &&
                       facts_.sources().find(date_key(order_of(mine)), resource.step) != nullptr;
    const bool counted = mine.day != 0 && counts_days_;
    if (rival == nullptr || between || given || counted) {
      return false;
    }
    report(resource, Severity::critical, rival->at, "the request is about");
    return true;
  }

  /// Whether another resource of the same family was read for the period that was asked for.
  [[nodiscard]] bool is_used_elsewhere(const Period& asked, const Resource& resource) const {
    const std::string family = family_of(resource.name);
    return std::any_of(resources_.begin(), resources_.end(), [&](const Resource& other) {
      return family_of(other.name) == family &&
             std::any_of(other.periods.begin(), other.periods.end(), [&](const Period& p) {
               return comparable(p, asked) && overlap(p, asked);
             });
    });
  }

  /// The record or line of a result that a value stands in.
  [[nodiscard]] std::string entry_of(FieldId field, const ValueToken& token) const {
    const Records& records = view_.records(field);
    const auto cell = std::find_if(records.cells.begin(), records.cells.end(), [&](const Cell& c) {
      return c.start <= token.start && token.end <= c.end;
    });
    std::string entry;
    if (cell != records.cells.end() && cell->end - cell->start < 200) {
      for (const Cell& other : records.cells) {
        if (other.record == cell->record && other.value.size() < 200) {
          const bool off = other.value == "false" || other.value == "False" || other.value == "no";
          entry += off ? std::string() : other.key + " " + other.value + "\n";
        }
      }
      return fold_case(entry);
    }
    const std::string_view text = view_.field(field).text;
    const bool alone = lone_in_line(field, token);
    if (!alone) {
      return fold_case(text.substr(token.start, token.end - token.start));
    }
    const std::size_t before = text.substr(0, token.start).rfind('\n');
    const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
    return fold_case(
        text.substr(start, std::min<std::size_t>(text.find('\n', token.end), start + 300) - start));
  }

  /// Whether no other file stands on the token's line: then the line speaks of it.
  [[nodiscard]] bool lone_in_line(FieldId field, const ValueToken& token) const {
    const std::string_view text = view_.field(field).text;
    const auto values = view_.values(field);
    return std::none_of(values.begin(), values.end(), [&](const ValueToken& other) {
      const std::size_t from = std::min(other.end, token.end);
      const std::size_t to = std::max(other.start, token.start);
      return other.kind == ValueKind::file && other.start != token.start && from <= to &&
             to - from < 300 && text.substr(from, to - from).find('\n') == std::string_view::npos;
    });
  }

  void by_listing(const Resource& resource) {
    const std::string family = family_of(resource.name);
    if (resource.name.find('.') == std::string::npos) {
      return;
    }
    for (const StepView& step : view_.steps().first(resource.step)) {
      if (step.kind != StepKind::tool || !step.output || step.failed) {
        continue;
      }
      if (by_one_listing(resource, family, *step.output)) {
        return;
      }
    }
  }

  bool by_one_listing(const Resource& resource, const std::string& family, FieldId field) {
    constexpr std::size_t kValuesMax = 2'000;
    const auto values = view_.values(field);
    std::optional<ValueToken> mine;
    std::vector<ValueToken> others;
    if (values.size() > kValuesMax) {
      return false;
    }
    for (const ValueToken& token : values) {
      if (token.kind != ValueKind::file) {
        continue;
      }
      const std::string name = fold_case(base_name(view_.text({field, token.start, token.end})));
      if (name == fold_case(resource.name)) {
        mine = token;
      } else if (family_of(name) == family && !used_.contains(name)) {
        others.push_back(token);
      }
    }
    if (!mine) {
      return false;
    }
    const std::string my_entry = entry_of(field, *mine);
    for (const ValueToken& other : others) {
      const std::string entry = entry_of(field, other);
      const bool marked =
          entry != my_entry && !says_outdated(entry) &&
          (says_outdated(my_entry) || (says_current(entry) && !says_current(my_entry)));
      if (marked || (wants_latest_ && is_newest(entry, my_entry, field, others))) {
        report(resource,
               Severity::critical,
               {field, other.start, other.end},
               "an earlier listing shows the current one,");
        return true;
      }
    }
    return false;
  }

  static int newest_in(std::string_view entry) {
    int newest = 0;
    for (const Period& period : find_periods(entry)) {
      newest = std::max(newest, order_of(period));
    }
    return newest;
  }

  [[nodiscard]] bool is_newest(const std::string& entry,
                               const std::string& mine,
                               FieldId field,
                               const std::vector<ValueToken>& others) const {
    const int newest = newest_in(entry);
    return newest > newest_in(mine) &&
           std::all_of(others.begin(), others.end(), [&](const ValueToken& other) {
             return newest_in(entry_of(field, other)) <= newest;
           });
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<AskedPeriod> asked_;
  std::vector<Span> files_;  ///< files that the request names
  bool counts_days_ = false;
  bool compares_ = false;
  bool wants_latest_ = false;
  std::vector<Resource> resources_;
  std::unordered_set<std::string> used_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_stale_resources(const Facts& facts) {
  return StaleCheck(facts).run();
}

}  // namespace infinium::maestro
