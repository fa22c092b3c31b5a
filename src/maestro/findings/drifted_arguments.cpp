#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/conversation.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/shapes.h"
#include "maestro/text.h"

/// Behaviour: a call that acts passes another value than the one that was settled before it: the
/// cluster, the last day, the account or the amount that the user named, that earlier calls took
/// under the same name, or that was agreed. Source: labelled failures of customer-service agents:
/// the slip sits in the arguments of the one call that matters.
/// How: for each argument of an acting call that nobody asked for and nobody was told of: (a) it
/// stands nowhere, and there is a value of the same name or a value that it is a slip of (two
/// digits swapped, one differs); (b) a day that the user named was passed under the same name
/// before, and another is passed now; (c) the call repeats a call that only looked, all but this
/// one value, which no call took before; (d) the last word before the call names exactly one thing
/// of the kind, and the call takes another.
/// Blind spots: values that the user gives in words; a slip made already in the first look.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "argument.mismatch",
    "Take the value from where it was settled, and compare it before the call.",
};

constexpr std::size_t kRivalsMax = 64;

/// A value that could have stood in an argument's place.
struct Rival {
  std::string text;
  Span at;
  std::optional<Span> asked;  ///< where the user or the rubric names it
  std::string_view how;       ///< why it counts
};

bool is_id(std::string_view value) {
  constexpr std::size_t kBytesMax = 60;
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return is_alnum(c) || std::string_view("-_./:#@+").find(c) != std::string_view::npos;
  });
  return value.size() >= 3 && value.size() <= kBytesMax && plain && has_digit(value);
}

bool is_number(std::string_view value) {
  return !value.empty() && has_digit(value) &&
         value.find_first_not_of("0123456789.-") == std::string_view::npos &&
         std::count(value.begin(), value.end(), '.') <= 1 && value.find('-', 1) == value.npos;
}

double number_of(std::string_view value) {
  const auto tokens = find_values(value);
  return tokens.empty() ? 0 : tokens.front().number;
}

/// "prod-eu", "Europe/Berlin", "EMEA": a name of something, one word without digits.
bool is_label(std::string_view value) {
  constexpr std::size_t kBytesMax = 40;
  const bool joined = value.find_first_of("-_/.") != std::string_view::npos;
  return value.size() >= 3 && value.size() <= kBytesMax && !has_digit(value) &&
         value.find(' ') == std::string_view::npos && (joined || is_upper(value.front()));
}

class DriftCheck {
 public:
  explicit DriftCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool) {
        continue;
      }
      if (step.changes_state) {
        for (const Argument& argument : step.arguments) {
          check(step, argument);
        }
      }
      remember(step);
    }
    return std::move(findings_);
  }

 private:
  void remember(const StepView& step) {
    for (const Argument& argument : step.arguments) {
      std::vector<Use>& uses = by_key_[argument.key];
      if (!argument.key.empty() && argument.value.size() <= 80 && uses.size() < kRivalsMax) {
        uses.push_back({step.index, static_cast<std::uint32_t>(&argument - step.arguments.data())});
      }
    }
  }

  [[nodiscard]] const Argument& argument(const Use& use) const {
    return view_.steps()[use.step].arguments[use.argument];
  }

  void check(const StepView& step, const Argument& argument) {
    const std::string_view value = argument.value;
    const bool comparable = is_id(value) || is_number(value) || is_label(value);
    if (findings_.size() >= kFindingsOfDetectorMax || !comparable || argument.key.empty() ||
        facts_.asked().find(value, step.index) || names_today(value) ||
        was_put_to_user(facts_, value, step.index)) {
      return;
    }
    const bool seen = facts_.origins().seen(value, step.index).has_value();
    std::optional<Rival> rival;
    if (day_of(value)) {
      rival = seen && !was_only_listed(value, step.index) ? std::nullopt : by_day(step, argument);
    } else if (!seen && !facts_.origins().incomplete(step.index)) {
      rival = by_name(step, argument);
      rival = rival ? rival : by_slip(step, argument);
    } else if (seen && is_id(value)) {
      rival = by_preview(step, argument);
      rival = rival ? rival : by_last_word(step, argument);
    }
    if (rival) {
      report(step, argument, *rival);
    }
  }

  [[nodiscard]] bool names_today(std::string_view value) const {
    return value.size() >= 10 && view_.trace().current_datetime.starts_with(value.substr(0, 10));
  }

  /// Whether only answers hold the value: nobody chose it.
  [[nodiscard]] bool was_only_listed(std::string_view value, std::size_t before) const {
    const auto places = facts_.origins().occurrences_of(value);
    return std::none_of(places.begin(), places.end(), [before](const Occurrence& place) {
      const bool earlier = place.step && *place.step < before;
      return earlier && place.role != TextRole::result && place.role != TextRole::context;
    });
  }

  [[nodiscard]] bool in_call(const StepView& step, std::string_view value) const {
    return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& other) {
      return value_key(other.value) == value_key(value) ||
             (day_of(value) && day_of(other.value) &&
              same_day(*day_of(value), *day_of(other.value)));
    });
  }

  [[nodiscard]] Rival rival_of(std::string_view text,
                               const Span& at,
                               std::size_t before,
                               std::string_view how) const {
    const auto mention = facts_.asked().find(text, before);
    return {std::string(text), at, mention ? std::optional(mention->at) : std::nullopt, how};
  }

  /// (a) The value stands nowhere; under the same name there was another one of the same make.
  [[nodiscard]] std::optional<Rival> by_name(const StepView& step, const Argument& argument) const {
    const auto fits = [&](std::string_view other) {
      const bool label =
          is_label(argument.value) && is_label(other) && facts_.asked().find(other, step.index);
      return value_key(other) != value_key(argument.value) && !in_call(step, other) &&
             (label || (is_id(argument.value) && !is_number(argument.value) &&
                        same_make(other, argument.value)));
    };
    if (const auto known = by_key_.find(argument.key); known != by_key_.end()) {
      for (auto use = known->second.rbegin(); use != known->second.rend(); ++use) {
        const Argument& earlier = this->argument(*use);
        if (fits(earlier.value)) {
          return rival_of(earlier.value, earlier.at, step.index, "earlier calls took");
        }
      }
    }
    return by_field(step, argument, fits);
  }

  /// The same, for a field of an answer: `tenant`, or `ref` of an object `tenant`.
  template <class Fits>
  [[nodiscard]] std::optional<Rival> by_field(const StepView& step,
                                              const Argument& argument,
                                              Fits fits) const {
    std::optional<Rival> found;
    std::size_t searched = 0;
    for (const Row& row : facts_.rows().rows()) {
      if (row.step >= step.index) {
        break;
      }
      for (const std::uint32_t i : row.cells) {
        const Cell& cell = view_.records(row.field).cells[i];
        const bool named = cell.key == argument.key || cell.parent == argument.key ||
                           cell.parent == argument.key + "s";
        if (++searched > kCellsMax) {
          return found;
        }
        if (named && fits(cell.value)) {
          found = rival_of(
              cell.value, {row.field, cell.start, cell.end}, step.index, "an answer gives");
        }
      }
    }
    return found;
  }

  /// (a) The value stands nowhere, and it is one slip away from one that was given or worked out.
  [[nodiscard]] std::optional<Rival> by_slip(const StepView& step, const Argument& argument) const {
    const std::string_view value = argument.value;
    const bool number = is_number(value);
    const double mine = number ? number_of(value) : 0;
    std::size_t searched = 0;
    for (FieldId id = 0; id < view_.fields().size(); ++id) {
      const TextField& field = view_.field(id);
      const bool earlier = !field.step || *field.step < step.index;
      const bool counts = field.role == TextRole::request || field.role == TextRole::rubric ||
                          field.role == TextRole::speech || field.role == TextRole::thought ||
                          field.role == TextRole::result;
      if (!earlier || !counts) {
        continue;
      }
      for (const ValueToken& token : view_.values(id)) {
        if (++searched > kCellsMax) {
          return std::nullopt;
        }
        const std::string_view text = view_.text({id, token.start, token.end});
        const bool both = number && token.kind == ValueKind::number;
        const bool slip =
            both ? is_digit_slip(token.number, mine) : is_slip_of(text, value) && !number;
        if (slip && !in_call(step, text) && !day_of(text)) {
          return rival_of(text, {id, token.start, token.end}, step.index, "the trace has");
        }
      }
    }
    return std::nullopt;
  }

  /// (b) A day that was asked for was passed under this name before, or is named nowhere else.
  [[nodiscard]] std::optional<Rival> by_day(const StepView& step, const Argument& argument) const {
    const auto known = by_key_.find(argument.key);
    if (known == by_key_.end()) {
      return std::nullopt;
    }
    for (auto use = known->second.rbegin(); use != known->second.rend(); ++use) {
      const Argument& earlier = this->argument(*use);
      const auto asked = facts_.asked().find(earlier.value, step.index);
      if (day_of(earlier.value) && asked && !in_call(step, earlier.value)) {
        return Rival{earlier.value, earlier.at, asked->at, "earlier calls took"};
      }
    }
    return std::nullopt;
  }

  /// (c) The call repeats an earlier look, all but this value, and no call took this value before.
  [[nodiscard]] std::optional<Rival> by_preview(const StepView& step,
                                                const Argument& argument) const {
    const auto known = by_key_.find(argument.key);
    if (known == by_key_.end() || was_taken(argument, step.index)) {
      return std::nullopt;
    }
    for (auto use = known->second.rbegin(); use != known->second.rend(); ++use) {
      const StepView& look = view_.steps()[use->step];
      const Argument& earlier = this->argument(*use);
      if (look.changes_state || !same_make(earlier.value, argument.value) ||
          value_key(earlier.value) == value_key(argument.value) || in_call(step, earlier.value)) {
        continue;
      }
      const std::size_t shared = shared_arguments(look, step, argument.key);
      if (shared >= 2 && standing_word(facts_, look.index, step.index)) {
        return rival_of(earlier.value, earlier.at, step.index, "the call that looked first took");
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] bool was_taken(const Argument& argument, std::size_t before) const {
    const auto uses = facts_.uses(value_key(argument.value));
    return std::any_of(
        uses.begin(), uses.end(), [before](const Use& use) { return use.step < before; });
  }

  [[nodiscard]] static std::size_t shared_arguments(const StepView& a,
                                                    const StepView& b,
                                                    std::string_view without) {
    std::size_t shared = 0;
    for (const Argument& mine : a.arguments) {
      for (const Argument& theirs : b.arguments) {
        const bool same = mine.key == theirs.key && mine.key != without &&
                          value_key(mine.value) == value_key(theirs.value);
        shared += same ? 1u : 0u;
      }
    }
    return shared;
  }

  /// (d) The last word before the call names exactly one thing of this kind: not this one.
  [[nodiscard]] std::optional<Rival> by_last_word(const StepView& step,
                                                  const Argument& argument) const {
    const auto word = standing_word(facts_, 0, step.index);
    if (!word) {
      return std::nullopt;
    }
    std::optional<Rival> found;
    for (const ValueToken& token : view_.values(*word)) {
      const std::string_view text = view_.text({*word, token.start, token.end});
      if (value_key(text) == value_key(argument.value)) {
        return std::nullopt;
      }
      if (!same_make(text, argument.value) || token.kind == ValueKind::number) {
        continue;
      }
      if (found && value_key(found->text) != value_key(text)) {
        return std::nullopt;
      }
      found = rival_of(text, {*word, token.start, token.end}, step.index, "the last word was");
    }
    return found && !in_call(step, found->text) ? found : std::nullopt;
  }

  void report(const StepView& step, const Argument& argument, const Rival& rival) {
    const auto told = [&](const ProvenFinding& other) {
      return other->step_indices.front() == static_cast<std::int64_t>(step.index);
    };
    if (std::any_of(findings_.begin(), findings_.end(), told)) {
      return;
    }
    Finding finding = draft(view_,
                            kKind,
                            Severity::critical,
                            std::array{step.index},
                            fmt::format("drift {} {}", step.tool, argument.key));
    finding.title = fmt::format("{} passed {} {} instead of {}",
                                name_of(step),
                                argument.key,
                                shown(argument.value),
                                shown(rival.text));
    finding.explanation = fmt::format("Step {} passed {} as {}; {} {}. Nobody asked for {}.",
                                      step.number,
                                      shown(argument.value),
                                      argument.key,
                                      rival.how,
                                      shown(rival.text),
                                      shown(argument.value));
    const auto here = quote(view_, argument.at);
    const auto there = quote(view_, rival.at);
    if (here && there) {
      Proof proof(*here);
      proof.add(*there);
      if (rival.asked) {
        proof.add(quote(view_, *rival.asked));
      }
      findings_.push_back(prove(std::move(finding), proof));
    }
  }

  static constexpr std::size_t kCellsMax = 20'000;
  const Facts& facts_;
  const TraceView& view_;
  std::unordered_map<std::string, std::vector<Use>> by_key_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_drifted_arguments(const Facts& facts) {
  return DriftCheck(facts).run();
}

}  // namespace infinium::maestro
