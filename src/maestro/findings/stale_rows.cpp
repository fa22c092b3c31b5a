#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/marks.h"
#include "maestro/findings/row_choice.h"
#include "maestro/findings/row_words.h"
#include "maestro/text.h"
#include "maestro/text_periods.h"

/// Behaviour: a call works with a row that its own list shows to be outdated (superseded, void,
/// preliminary) or out of its time (valid until November), while the current one stands beside it.
/// Source: labelled failures of agents that read data.
/// How: the row that a value of a call came from, a word of state in one of its fields or an end of
/// validity before the day that counts (that of the call, else of the run), and a sibling that is
/// named as its successor, says that it is current, is of the same name, or is valid on that day.
/// Nobody took the sibling, the request does not speak of the old one, and the call does not put it
/// away (delete, archive, renew, …).
/// Blind spots: rows that say nothing of their state; see stale_resources.cpp for names of files
/// and stale_outputs.cpp for figures that were read anew.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "data.stale",
    "Prefer the row that is current, and read the state of a row before using its values.",
};

/// What a call that puts old things away is called.
bool puts_away(std::string_view tool) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"delete",    "remove",   "archive", "drop",      "renew",       "restore",    "replace",
       "clean",     "cleanup",  "purge",   "revoke",    "expire",      "extend",     "reactivate",
       "unarchive", "prune",    "löschen", "loeschen",  "archivieren", "verlängern", "eliminar",
       "borrar",    "archivar", "renovar", "supprimer", "excluir"});
  const std::vector<std::string> words = name_words(tool);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  });
}

bool is_state_key(std::string_view key) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"status", "state",     "stand",    "zustand", "estado", "statut", "version", "remark",
       "note",   "notes",     "comment",  "kind",    "type",   "phase",  "stage",   "bemerkung",
       "nota",   "lifecycle", "validity", "状態",    "区分",   "備考"});
  const std::vector<std::string> words = name_words(key);
  return key.empty() || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
         });
}

/// A word that says so wherever it stands; "old" and the like may be part of a name.
bool says_void(std::string_view folded) {
  for (const std::string_view word : {"void",
                                      "superseded",
                                      "obsolete",
                                      "outdated",
                                      "deprecated",
                                      "expired",
                                      "withdrawn",
                                      "ungültig",
                                      "überholt",
                                      "veraltet",
                                      "obsoleto",
                                      "anulado",
                                      "caducado",
                                      "périmé"}) {
    if (find_folded(folded, word)) {
      return true;
    }
  }
  return false;
}

template <std::size_t N>
bool key_holds(std::string_view key, const std::array<std::string_view, N>& list) {
  const std::vector<std::string> words = name_words(key);
  return std::any_of(words.begin(), words.end(), [&list](const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  });
}

constexpr auto kEndWords = std::to_array<std::string_view>({"to",
                                                            "until",
                                                            "till",
                                                            "end",
                                                            "ends",
                                                            "expires",
                                                            "expiry",
                                                            "expiration",
                                                            "bis",
                                                            "ende",
                                                            "hasta",
                                                            "fin",
                                                            "caduca",
                                                            "vence",
                                                            "jusqu",
                                                            "até"});
constexpr auto kStartWords = std::to_array<std::string_view>({"from",
                                                              "since",
                                                              "start",
                                                              "starts",
                                                              "begin",
                                                              "von",
                                                              "ab",
                                                              "seit",
                                                              "desde",
                                                              "inicio",
                                                              "de",
                                                              "depuis",
                                                              "início"});

int order_of_day(const DayToken& day) { return day.year * 10000 + day.month * 100 + day.day; }

class StaleRowCheck {
 public:
  explicit StaleRowCheck(const Facts& facts) : facts_(facts), view_(facts.view()), words_(facts) {}

  std::vector<ProvenFinding> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.input || puts_away(step.tool)) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        if (argument.value.size() <= 80 && argument.op != "select") {
          check(step, argument.value, argument.at);
        }
      }
      check_words(step);
    }
    return std::move(findings_);
  }

 private:
  /// Values inside longer texts of an acting call: "… code FERRO10 …".
  void check_words(const StepView& step) {
    constexpr std::size_t kValuesMax = 200;
    if (!step.changes_state) {
      return;
    }
    const auto values = view_.values(*step.input);
    for (const ValueToken& token : values.first(std::min(kValuesMax, values.size()))) {
      const Span at{*step.input, token.start, token.end};
      if (token.kind == ValueKind::identifier) {
        check(step, view_.text(at), at);
      }
    }
  }

  void check(const StepView& step, std::string_view value, const Span& at) {
    if (findings_.size() >= kFindingsOfDetectorMax || value.size() < 3 ||
        !seen_.insert(value_key(value) ^ (step.changes_state ? 1u : 0u)).second) {
      return;
    }
    const auto taken = listed_row_taken(facts_, value, step.index);
    if (!taken || reported_.contains(taken->row) || facts_.asked().find(value, step.index)) {
      return;
    }
    constexpr std::size_t kRowsExaminedMax = 20'000;  // keeps the work linear on long lists
    rows_examined_ += facts_.rows().lists()[*facts_.rows().row(*taken).list].size();
    if (rows_examined_ > kRowsExaminedMax) {
      return;
    }
    if (const auto mark = outdated_cell(taken->row)) {
      by_mark(step, at, *taken, *mark);
    } else if (step.changes_state) {
      by_validity(step, at, *taken);
    }
  }

  [[nodiscard]] const Cell& cell(std::uint32_t row, std::uint32_t i) const {
    return facts_.rows().cell({row, i});
  }

  /// The field of a row that says it is outdated, unless the request speaks of such a one.
  [[nodiscard]] std::optional<Rows::Place> outdated_cell(std::uint32_t row) const {
    constexpr std::size_t kBytesMax = 120;
    for (const std::uint32_t i : facts_.rows().rows()[row].cells) {
      const Cell& found = cell(row, i);
      const std::string folded = fold_case(found.value);
      if (found.is_number || folded.size() > kBytesMax || day_of(folded)) {
        continue;
      }
      const bool says = says_void(folded) || (is_state_key(found.key) && says_outdated(folded));
      if (says && !is_spoken_of(folded)) {
        return Rows::Place{row, i};
      }
    }
    return std::nullopt;
  }

  /// Whether the user speaks of the state that a field names: then an old one may be what is meant.
  [[nodiscard]] bool is_spoken_of(std::string_view folded) const {
    for (const Word& word : find_words(folded)) {
      const std::string_view said = folded.substr(word.start, word.end - word.start);
      if (says_outdated(said) && facts_.asked().find(said, SIZE_MAX)) {
        return true;
      }
    }
    return false;
  }

  void by_mark(const StepView& step,
               const Span& at,
               const Rows::Place& taken,
               const Rows::Place& mark) {
    const Rows& rows = facts_.rows();
    const std::string folded = fold_case(rows.cell(mark).value);
    std::optional<Rows::Place> better;
    int best = 0;
    for (const std::uint32_t row : rows.lists()[*rows.row(taken).list]) {
      if (row == taken.row || outdated_cell(row)) {
        continue;
      }
      const auto name = name_of_row(row, taken);
      const int rank = name ? rank_of(row, taken.row, folded, rows.cell(*name).value) : 0;
      if (rank > best) {
        best = rank;
        better = name;
      }
    }
    if (better && !was_taken(step, rows.cell(*better).value) &&
        !words_.was_agreed(taken.row, better->row, step.index)) {
      report(step, at, taken, *better, mark, "says that it is not the current one");
    }
  }

  /// How surely a sibling is the current one: named as successor, marked so, of the same name.
  [[nodiscard]] int rank_of(std::uint32_t row,
                            std::uint32_t taken,
                            std::string_view mark,
                            std::string_view name) const {
    if (find_folded(mark, fold_case(name))) {
      return 3;
    }
    bool same = false;
    for (const std::uint32_t i : facts_.rows().rows()[row].cells) {
      const Cell& mine = cell(row, i);
      const std::string folded = fold_case(mine.value);
      if (is_state_key(mine.key) && folded.size() < 60 && says_current(folded)) {
        return 2;
      }
      const auto theirs = facts_.rows().find(taken, mine.key);
      same = same || (theirs && !mine.is_number && mine.value.size() >= 4 && !day_of(mine.value) &&
                      facts_.rows().cell(*theirs).value == mine.value);
    }
    return same ? 1 : 0;
  }

  /// The cell of a row that stands where the value taken stands in its own: by its key, or its
  /// place.
  [[nodiscard]] std::optional<Rows::Place> name_of_row(std::uint32_t row,
                                                       const Rows::Place& taken) const {
    const Rows& rows = facts_.rows();
    const auto& mine = rows.row(taken).cells;
    const auto& theirs = rows.rows()[row].cells;
    const auto place =
        static_cast<std::size_t>(std::find(mine.begin(), mine.end(), taken.cell) - mine.begin());
    if (!rows.cell(taken).key.empty()) {
      return rows.find(row, rows.cell(taken).key);
    }
    return place < theirs.size() ? std::optional(Rows::Place{row, theirs[place]}) : std::nullopt;
  }

  [[nodiscard]] bool was_taken(const StepView& step, std::string_view value) const {
    const auto uses = facts_.uses(value_key(value));
    return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
      const StepView& other = view_.steps()[use.step];
      return !other.failed && (!step.changes_state || other.changes_state || &other == &step);
    });
  }

  /// Day of the row under a key of such words; 0 if it has none, INT_MAX for an open end.
  template <std::size_t N>
  [[nodiscard]] std::pair<int, std::optional<Rows::Place>> day_under(
      std::uint32_t row, const std::array<std::string_view, N>& list) const {
    for (const std::uint32_t i : facts_.rows().rows()[row].cells) {
      const Cell& found = cell(row, i);
      if (!key_holds(found.key, list)) {
        continue;
      }
      if (const auto day = day_of(found.value)) {
        return {order_of_day(*day), Rows::Place{row, i}};
      }
      if (is_off(found.value)) {
        return {99'999'999, Rows::Place{row, i}};
      }
    }
    return {0, std::nullopt};
  }

  /// The day that counts: the first that the call itself names, else that of the run.
  [[nodiscard]] int day_that_counts(const StepView& step) const {
    for (const Argument& argument : step.arguments) {
      if (argument.value.size() > 40) {
        continue;
      }
      for (const Period& period : find_periods(argument.value)) {
        if (period.month != 0) {
          return period.year * 10000 + period.month * 100 + std::max(period.day, 1);
        }
      }
    }
    const auto today = day_of(view_.trace().current_datetime);
    return today ? order_of_day(*today) : 0;
  }

  void by_validity(const StepView& step, const Span& at, const Rows::Place& taken) {
    const Rows& rows = facts_.rows();
    const auto [end, end_cell] = day_under(taken.row, kEndWords);
    const int day = day_that_counts(step);
    if (end == 0 || day == 0 || end >= day || !end_cell) {
      return;
    }
    for (const std::uint32_t row : rows.lists()[*rows.row(taken).list]) {
      const auto [their_end, their_cell] = day_under(row, kEndWords);
      const auto [their_start, start_cell] = day_under(row, kStartWords);
      const bool covers = their_end >= day && their_start != 0 && their_start <= day;
      const auto name = name_of_row(row, taken);
      if (row != taken.row && covers && name && their_cell &&
          !was_taken(step, rows.cell(*name).value)) {
        report(step, at, taken, *name, *end_cell, "was no longer valid");
        return;
      }
    }
  }

  void report(const StepView& step,
              const Span& at,
              const Rows::Place& taken,
              const Rows::Place& better,
              const Rows::Place& because,
              std::string_view what) {
    const Rows& rows = facts_.rows();
    reported_.insert(taken.row);
    std::vector<std::size_t> steps = {step.index};
    if (const auto told = words_.told_at(taken.row, better.row, rows.row(taken).step, step.index)) {
      steps.insert(steps.begin(), *told);
    }
    add_later_acts(facts_, rows.cell(taken).value, steps);
    Finding finding = draft(
        view_, kKind, Severity::critical, steps, fmt::format("stale {}", rows.cell(taken).key));
    finding.title =
        fmt::format("{} used {}, which {}", name_of(step), shown(rows.cell(taken).value), what);
    finding.explanation = fmt::format(
        "Step {} took {} from the answer of step {}, where it {} ({}); {} stands beside it.",
        step.number,
        shown(rows.cell(taken).value),
        view_.steps()[rows.row(taken).step].number,
        what,
        shown(rows.cell(because).value),
        shown(rows.cell(better).value));
    const auto here = quote(view_, at);
    const auto there = quote(view_, rows.span_of(because));
    if (here && there) {
      findings_.push_back(prove(std::move(finding),
                                Proof(*here).add(*there).add(quote(view_, rows.span_of(better)))));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  RowWords words_;
  std::unordered_set<std::uint64_t> seen_;
  std::unordered_set<std::uint32_t> reported_;
  std::size_t rows_examined_ = 0;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_stale_rows(const Facts& facts) {
  return StaleRowCheck(facts).run();
}

}  // namespace infinium::maestro
