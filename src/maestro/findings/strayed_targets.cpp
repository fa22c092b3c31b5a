#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "maestro/facts_claims.h"
#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/row_words.h"
#include "maestro/findings/shapes.h"
#include "maestro/text.h"

/// Behaviour: a call acts on the neighbour of the thing that the whole run is about (flat FC-06 for
/// FC-05, vendor V-3012 for V-3021), and nobody ever speaks of it. Source: labelled failures of
/// customer-service agents, where the slip sits in the one call that matters.
/// How: an id in an acting call that no call took before and that neither the user nor the agent
/// ever names, before or after, by itself or by a field of its row; and (a) an answer about
/// something else that the call is given (the invoice) holds another id of the same make under the
/// same name (its vendor); or (b) the output gives the identifier that the call brought right after
/// another id of the same make, on which no call of this tool acts; or (c), as a warning, it stands
/// nowhere at all, though answers gave several ids of its make. Blind spots: a neighbour that was
/// looked at as well; things that are named without an id.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "argument.mismatch",
    "Compare the target of a change with the thing that was looked at before making it.",
};

constexpr FindingKind kInvented = {
    "argument.invented",
    "Look the value up, or ask for it: pass nothing that neither the user nor an answer gave.",
};

constexpr std::string_view kOthers = "answers gave others, such as";
constexpr std::size_t kOwnTextMax = 200'000;

bool may_be_target(const Argument& argument) {
  constexpr std::size_t kBytesMin = 3;
  constexpr std::size_t kBytesMax = 40;
  const std::string& value = argument.value;
  const bool letter = std::any_of(value.begin(), value.end(), is_letter);
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '_' || c == '/';
  });
  return value.size() >= kBytesMin && value.size() <= kBytesMax && plain && has_digit(value) &&
         (letter || is_id_key(argument.key)) && !day_of(value) && argument.op.empty();
}

class StrayCheck {
 public:
  explicit StrayCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {
    for (FieldId id = 0; id < view_.fields().size(); ++id) {
      const TextRole role = view_.field(id).role;
      const bool own = role == TextRole::speech || role == TextRole::thought ||
                       role == TextRole::output || role == TextRole::request ||
                       role == TextRole::rubric;
      if (own && !view_.field(id).superseded && spoken_.size() < kOwnTextMax) {
        spoken_ += fold_case(prefix_of(view_.field(id).text, kOwnTextMax)) + '\n';
      }
    }
  }

  std::vector<ProvenFinding> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool) {
        continue;
      }
      if (step.changes_state && !step.failed) {
        for (const Argument& argument : step.arguments) {
          check(step, argument);
        }
      }
      remember(step);
    }
    return std::move(findings_);
  }

 private:
  struct Rival {
    std::string text;
    Span at;
    std::string_view how;
  };

  void remember(const StepView& step) {
    constexpr std::size_t kTakenMax = 400;
    for (const Argument& argument : step.arguments) {
      if (may_be_target(argument) && taken_.size() < kTakenMax) {
        taken_.push_back(&argument);
      }
    }
  }

  [[nodiscard]] bool is_spoken(std::string_view text) const {
    return spoken_.find(fold_case(text)) != std::string::npos;
  }

  void check(const StepView& step, const Argument& argument) {
    constexpr std::size_t kChecksMax = 300;
    if (!may_be_target(argument) || findings_.size() >= kFindingsOfDetectorMax ||
        ++checks_ > kChecksMax || is_spoken(argument.value) || was_taken(argument.value) ||
        view_.steps_cut() > 0) {
      return;
    }
    std::optional<Rival> rival = by_row(step, argument);
    rival = rival ? rival : by_output(step, argument);
    if (rival && !is_row_spoken(argument.value, rival->text, step.index)) {
      report(step, argument, *rival);
    } else if (!rival && !facts_.origins().seen(argument.value, step.index)) {
      check_invented(step, argument);
    }
  }

  [[nodiscard]] bool was_taken(std::string_view value) const {
    return std::any_of(taken_.begin(), taken_.end(), [value](const Argument* one) {
      return value_key(one->value) == value_key(value);
    });
  }

  /// (a) Another id of the same make under the same name in a row about something else that the
  /// call is given: the vendor of that invoice.
  [[nodiscard]] std::optional<Rival> by_row(const StepView& step, const Argument& mine) const {
    const Rows& rows = facts_.rows();
    for (const Argument& other : step.arguments) {
      if (other.key == mine.key || !may_be_target(other) || !is_spoken(other.value)) {
        continue;
      }
      std::optional<Rival> found;
      for (const Rows::Place& place : rows.with_value(value_key(other.value))) {
        const auto theirs = rows.find(place.row, mine.key);
        if (rows.row(place).step >= step.index || !theirs) {
          continue;
        }
        const std::string& value = rows.cell(*theirs).value;
        if (value_key(value) == value_key(mine.value)) {
          return std::nullopt;  // it belongs there, too
        }
        if (same_make(value, mine.value)) {
          found = Rival{value, rows.span_of(*theirs), "the answer about the same thing gives"};
        }
      }
      if (found) {
        return found;
      }
    }
    return std::nullopt;
  }

  /// Whether this call, or another of its tool, acts on the value.
  [[nodiscard]] bool is_acted_on(std::string_view value, const StepView& step) const {
    const auto uses = facts_.uses(value_key(value));
    return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
      return view_.steps()[use.step].tool == step.tool;
    });
  }

  /// (b) Another id of the same make beside the identifier that the call brought.
  [[nodiscard]] std::optional<Rival> by_output(const StepView& step, const Argument& mine) const {
    if (!view_.final_output() || !step.output) {
      return std::nullopt;
    }
    constexpr std::size_t kCellsMax = 30;
    const std::vector<Cell>& cells = view_.records(*step.output).cells;
    for (std::size_t i = 0; i < std::min(cells.size(), kCellsMax); ++i) {
      const Cell& cell = cells[i];
      const bool id = has_digit(cell.value) && is_telling(cell.value) && cell.value.size() >= 4 &&
                      cell.value.size() <= 40 && !day_of(cell.value) && !cell.is_number &&
                      !facts_.sources().find(value_key(cell.value), step.index);
      if (!id) {
        continue;
      }
      if (auto rival = beside(cell.value, mine.value, step)) {
        return rival;
      }
    }
    return std::nullopt;
  }

  /// The nearest id of the same make as `mine` before a receipt in the output, if no call of the
  /// tool acts on it.
  [[nodiscard]] std::optional<Rival> beside(std::string_view receipt,
                                            std::string_view mine,
                                            const StepView& step) const {
    constexpr std::size_t kReach = 200;
    const FieldId output = *view_.final_output();
    const std::size_t at = view_.field(output).text.find(receipt);
    if (at == std::string_view::npos) {
      return std::nullopt;
    }
    std::optional<Rival> found;
    for (const ValueToken& token : view_.values(output)) {
      const std::string_view text = view_.text({output, token.start, token.end});
      const bool near = token.end <= at && token.end + kReach >= at;
      if (near && text != receipt && same_make(text, mine)) {
        found = Rival{std::string(text), {output, token.start, token.end}, "the output says"};
      }
    }
    return found && !is_acted_on(found->text, step) ? found : std::nullopt;
  }

  /// Whether a name in a row of `value` that no row of `other` has is spoken of.
  [[nodiscard]] bool is_row_spoken(std::string_view value,
                                   std::string_view other,
                                   std::size_t before) const {
    const Rows& rows = facts_.rows();
    for (const Rows::Place& place : rows.with_value(value_key(value))) {
      const Row& row = rows.row(place);
      if (row.step >= before) {
        break;
      }
      for (const std::uint32_t i : row.cells) {
        const Cell& cell = rows.cell({place.row, i});
        constexpr std::size_t kBytesMin = 4;
        constexpr std::size_t kBytesMax = 60;
        const bool names = is_upper(cell.value.empty() ? ' ' : cell.value.front()) ||
                           has_digit(cell.value) || (!cell.value.empty() && is_wide_byte(cell));
        const bool says = i != place.cell && cell.value.size() >= kBytesMin && names &&
                          cell.value.size() <= kBytesMax && !is_of(cell, other, before) &&
                          currency_of_word(cell.value) == Currency::any;
        if (says && is_spoken(cell.value)) {
          return true;
        }
      }
    }
    return false;
  }

  static bool is_wide_byte(const Cell& cell) {
    return static_cast<unsigned char>(cell.value.front()) >= 0x80;
  }

  /// Whether a row of `other` holds the same.
  [[nodiscard]] bool is_of(const Cell& cell, std::string_view other, std::size_t before) const {
    const auto places = facts_.rows().with_value(value_key(other));
    return std::any_of(places.begin(), places.end(), [&](const Rows::Place& place) {
      const Row& row = facts_.rows().row(place);
      return row.step < before &&
             std::any_of(
                 row.cells.begin(),
                 row.cells.end(),
                 [&](std::uint32_t i) {
                   return value_key(facts_.rows().cell({place.row, i}).value) ==
                          value_key(cell.value);
                 });
    });
  }

  /// (c) Ids of this make come from answers, and this one does not. The next of a row may be made.
  void check_invented(const StepView& step, const Argument& argument) {
    constexpr std::size_t kKnownMin = 2;
    constexpr std::size_t kCellsMax = 5'000;
    std::vector<std::string_view> known;
    std::optional<Span> first;
    std::size_t searched = 0;
    for (const Row& row : facts_.rows().rows()) {
      if (row.step >= step.index) {
        break;
      }
      for (const std::uint32_t i : row.cells) {
        const Cell& cell = view_.records(row.field).cells[i];
        if (++searched > kCellsMax) {
          return;
        }
        if (same_make(cell.value, argument.value)) {
          first = first ? first : std::optional(Span{row.field, cell.start, cell.end});
          if (std::find(known.begin(), known.end(), cell.value) == known.end()) {
            known.push_back(cell.value);
          }
        }
      }
    }
    const bool largest = std::none_of(
        known.begin(), known.end(), [&](std::string_view other) { return other > argument.value; });
    if (known.size() < kKnownMin || largest || !first) {
      return;
    }
    report(step, argument, {std::string(known.front()), *first, kOthers});
  }

  void report(const StepView& step, const Argument& argument, const Rival& rival) {
    const bool invented = rival.how == kOthers;
    Finding finding = draft(view_,
                            invented ? kInvented : kKind,
                            invented ? Severity::warning : Severity::critical,
                            std::array{step.index},
                            fmt::format("stray {} {}", step.tool, argument.key));
    finding.title =
        invented
            ? fmt::format("{} passed {}, which nobody gave", name_of(step), shown(argument.value))
            : fmt::format("{} acted on {} instead of {}",
                          name_of(step),
                          shown(argument.value),
                          shown(rival.text));
    finding.explanation = fmt::format(
        "Step {} passed {}, of which nobody speaks and which no call before took; {} {}.",
        step.number,
        shown(argument.value),
        rival.how,
        shown(rival.text));
    const auto here = quote(view_, argument.at);
    const auto there = quote(view_, rival.at);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::string spoken_;  ///< all that the user and the agent say, in lower case
  std::vector<const Argument*> taken_;
  std::size_t checks_ = 0;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_strayed_targets(const Facts& facts) {
  return StrayCheck(facts).run();
}

}  // namespace infinium::maestro
