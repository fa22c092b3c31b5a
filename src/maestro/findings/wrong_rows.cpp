#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/row_choice.h"
#include "maestro/findings/row_words.h"
#include "maestro/findings/shapes.h"
#include "maestro/text.h"

/// Behaviour: of the rows that results show, a call takes another than the one that was asked for
/// (the namesake in Sales, the wide shoe, the staging host). Source: labelled failures of
/// tool-using agents.
/// How: an argument that stands in a row of an earlier answer, beside a sibling row (of the same
/// list, or with an id of the same make under the same name) that fits the request's words better:
/// in at least one field the sibling has what was named and the row taken has something else, and
/// in no field it is the other way round. What the objective names decides where the user names
/// both. Nobody took the sibling: a call that goes through several rows is no choice. A row that is
/// sold out or outdated, one that refers to the row taken ("her manager"), and one that the user
/// names only to leave it aside ("Sol's stays", "instead of", "too small") is no rival.
/// Blind spots: rows told apart by more than their words (see best_rows.cpp for the cheapest and
/// the nearest, stale_rows.cpp for outdated ones); picks made inside code.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "row.mismatch",
    "Compare every field of the row with the words of the task before using its values.",
};

constexpr std::size_t kSiblingsMax = 200;
constexpr std::size_t kComparisonsMax = 4'000;

class RowCheck {
 public:
  explicit RowCheck(const Facts& facts) : facts_(facts), view_(facts.view()), words_(facts) {}

  std::vector<ProvenFinding> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        if (findings_.size() < kFindingsOfDetectorMax && may_choose_row(argument)) {
          check(step, argument);
        }
      }
    }
    return std::move(findings_);
  }

 private:
  struct Choice {
    Rows::Place taken;
    Rows::Place better;
    std::vector<RowFit> fits;
    std::size_t strong = 0;
  };

  void check(const StepView& step, const Argument& argument) {
    const std::uint64_t key = value_key(argument.value);
    if (told_.contains(key) ||
        facts_.asked().find(argument.value, step.index, AskedIn::objective)) {
      return;
    }
    const std::optional<Rows::Place> taken = row_taken(facts_, argument.value, step.index);
    if (!taken || takes_several(facts_, step, argument, *taken)) {
      return;
    }
    std::optional<Choice> best;
    for (const Rows::Place& sibling : siblings_of(*taken, step.index)) {
      if (is_taken_too(sibling, step)) {
        return;  // the step, or the run, goes through several rows
      }
      if (++comparisons_ > kComparisonsMax) {
        return;
      }
      if (leads_to(sibling, argument.value, step.index) ||
          is_not_to_be_had(facts_, sibling.row, taken->row)) {
        continue;
      }
      if (auto choice = compare(*taken, sibling, step.index)) {
        const bool more =
            !best || choice->strong > best->strong ||
            (choice->strong == best->strong && choice->fits.size() > best->fits.size());
        if (more) {
          best = std::move(choice);
        }
      }
    }
    if (best && is_certain(*best, step, argument)) {
      report(step, argument, *best);
      told_.insert(key);
    }
  }

  /// Other rows that could have been taken: cells under the same key with another value.
  [[nodiscard]] std::vector<Rows::Place> siblings_of(const Rows::Place& taken,
                                                     std::size_t before) const {
    std::vector<Rows::Place> siblings;
    const Rows& rows = facts_.rows();
    const Cell& mine = rows.cell(taken);
    std::unordered_set<std::uint64_t> known = {value_key(mine.value)};
    if (const auto& list = rows.row(taken).list) {
      for (const std::uint32_t row : rows.lists()[*list]) {
        const auto other = rows.find(row, mine.key);
        if (other && siblings.size() < kSiblingsMax &&
            known.insert(value_key(rows.cell(*other).value)).second) {
          siblings.push_back(*other);
        }
      }
    }
    const Column* column = facts_.column(mine.key);
    for (const CellRef& ref :
         column != nullptr ? std::span<const CellRef>(column->cells) : std::span<const CellRef>()) {
      const std::string& value = facts_.cell(ref).value;
      if (ref.step >= before || siblings.size() >= kSiblingsMax) {
        break;
      }
      const auto row = rows.row_of(ref.field, facts_.cell(ref).record);
      if (row && same_make(value, mine.value) && known.insert(value_key(value)).second) {
        siblings.push_back({*row, ref.cell});
      }
    }
    return siblings;
  }

  /// "Her manager": whether the sibling's own row, or one that speaks of both, names what was
  /// taken.
  [[nodiscard]] bool leads_to(const Rows::Place& sibling,
                              std::string_view value,
                              std::size_t before) const {
    const Rows& rows = facts_.rows();
    const std::uint64_t theirs = value_key(rows.cell(sibling).value);
    const auto places = rows.with_value(value_key(value));
    return std::any_of(places.begin(), places.end(), [&](const Rows::Place& place) {
      const Row& row = rows.row(place);
      return row.step < before && std::any_of(
                                      row.cells.begin(),
                                      row.cells.end(),
                                      [&](std::uint32_t i) {
                                        return i != place.cell &&
                                               value_key(rows.cell({place.row, i}).value) == theirs;
                                      });
    });
  }

  /// Whether the sibling was worked on as well, so that the run goes through several rows: by the
  /// same tool, or before the user came to speak of something else. A run that only looks around
  /// has not decided for a row that it looked at, too.
  [[nodiscard]] bool is_taken_too(const Rows::Place& sibling, const StepView& step) const {
    const std::string& value = facts_.rows().cell(sibling).value;
    const auto uses = facts_.uses(value_key(value));
    return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
      const StepView& other = view_.steps()[use.step];
      if (other.index == step.index || !step.changes_state) {
        return true;
      }
      const bool turned = other.index < step.index && user_turned(other.index, step.index, value);
      return other.changes_state && (other.tool == step.tool || turned);
    });
  }

  /// Whether a message of the user between two steps speaks of something else than this value.
  [[nodiscard]] bool user_turned(std::size_t after,
                                 std::size_t before,
                                 std::string_view value) const {
    const auto mentions = facts_.asked().all(value);
    for (std::size_t i = after + 1; i < before; ++i) {
      const bool named = std::any_of(mentions.begin(), mentions.end(), [i](const Mention& mention) {
        return mention.step == i;
      });
      if (view_.steps()[i].kind == StepKind::user && !named) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::optional<Choice> compare(const Rows::Place& taken,
                                              const Rows::Place& sibling,
                                              std::size_t before) const {
    Choice choice{taken, sibling, words_.better(sibling.row, taken.row, before), 0};
    if (!is_beside(taken, sibling)) {
      // An id of another answer is a rival only by what its row says, or if the objective names it.
      std::erase_if(choice.fits, [&](const RowFit& fit) {
        return fit.fits.cell == sibling.cell && fit.asked.in != AskedIn::objective;
      });
    }
    if (choice.fits.empty() || words_.speaks_for(taken.row, sibling.row, before)) {
      return std::nullopt;
    }
    choice.strong = static_cast<std::size_t>(std::count_if(
        choice.fits.begin(), choice.fits.end(), [](const RowFit& fit) { return fit.strong; }));
    std::stable_sort(choice.fits.begin(), choice.fits.end(), [](const RowFit& a, const RowFit& b) {
      return a.strong > b.strong;
    });
    return choice;
  }

  [[nodiscard]] bool is_beside(const Rows::Place& a, const Rows::Place& b) const {
    const Row& row = facts_.rows().row(a);
    return row.list && row.list == facts_.rows().row(b).list;
  }

  /// Where the user names the value that was taken, only the objective can say that it is wrong.
  [[nodiscard]] bool is_certain(const Choice& choice,
                                const StepView& step,
                                const Argument& argument) const {
    if (choice.strong == 0 || !leads_to_an_act(facts_, step, argument.value) ||
        words_.was_agreed(choice.taken.row, choice.better.row, step.index)) {
      return false;
    }
    if (!facts_.asked().find(argument.value, step.index)) {
      return true;
    }
    return step.changes_state && choice.fits.front().asked.in == AskedIn::objective;
  }

  void report(const StepView& step, const Argument& argument, const Choice& choice) {
    const RowFit& fit = choice.fits.front();
    const Cell& wanted = facts_.rows().cell(fit.fits);
    const Row& row = facts_.rows().row(choice.taken);
    std::vector<std::size_t> steps = {step.index};
    if (const auto told =
            words_.told_at(choice.taken.row, choice.better.row, row.step, step.index)) {
      steps.insert(steps.begin(), *told);
    }
    add_later_acts(facts_, argument.value, steps);
    const Severity severity = choice.strong > 0 ? Severity::critical : Severity::warning;
    Finding finding =
        draft(view_, kKind, severity, steps, fmt::format("row {} {}", step.tool, argument.key));
    finding.title = fmt::format("{} took {}, and {} was asked for",
                                name_of(step),
                                shown(argument.value),
                                shown(view_.text(fit.asked.at)));
    finding.explanation = fmt::format(
        "Step {} went on with {} from the answer of step {}. The row of {} is the one whose {} is "
        "{}, as was asked{}.",
        step.number,
        shown(argument.value),
        view_.steps()[row.step].number,
        shown(facts_.rows().cell(choice.better).value),
        wanted.key.empty() ? "entry" : wanted.key,
        shown(wanted.value),
        fmt::format("; the row taken has {}", shown(facts_.rows().cell(fit.instead).value)));
    const auto here = quote(view_, argument.at);
    const auto there = quote(view_, fit.asked.at);
    if (here && there) {
      Proof proof(*here);
      proof.add(*there).add(quote(view_, facts_.rows().span_of(fit.fits)));
      proof.add(quote(view_, facts_.rows().span_of(fit.instead)));
      findings_.push_back(prove(std::move(finding), proof));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  RowWords words_;
  std::vector<ProvenFinding> findings_;
  std::unordered_set<std::uint64_t> told_;
  std::size_t comparisons_ = 0;
};

}  // namespace

std::vector<ProvenFinding> find_wrong_rows(const Facts& facts) { return RowCheck(facts).run(); }

}  // namespace infinium::maestro
