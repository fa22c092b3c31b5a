#include "maestro/findings/failures.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "maestro/facts_claims.h"
#include "maestro/facts_steps.h"
#include "maestro/programs.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

bool says_recovered(const TraceView& view, const StepView& step) {
  const ExecutionStep& raw = view.trace().steps[step.index];
  return (raw.error && raw.error->recoverable) ||
         (raw.tool_call && raw.tool_call->error && raw.tool_call->error->recoverable);
}

template <std::size_t N>
bool holds_one_of(std::string_view folded, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [folded](std::string_view part) {
    return folded.find(part) != std::string_view::npos;
  });
}

/// What the step says of its failure, folded: type, message, the head of its answer.
std::string words_of_failure(const TraceView& view, const StepView& step) {
  const ExecutionStep& raw = view.trace().steps[step.index];
  std::string words = step.error ? std::string(view.text(*step.error)) : std::string();
  if (raw.error) {
    words += ' ' + raw.error->error_type;
  }
  if (raw.tool_call && raw.tool_call->error) {
    words += ' ' + raw.tool_call->error->error_type;
  }
  if (step.output) {
    constexpr std::size_t kHead = 400;
    words += ' ';
    words += prefix_of(view.field(*step.output).text, kHead);
  }
  return fold_case(words);
}

std::int64_t status_of(const TraceView& view, const StepView& step) {
  const ExecutionStep& raw = view.trace().steps[step.index];
  return raw.tool_call && raw.tool_call->http_status ? *raw.tool_call->http_status : 0;
}

/// "already exists": what was to be done is done.
bool is_done_already(const TraceView& view, const StepView& step) {
  constexpr auto kWords = std::to_array<std::string_view>({"already exists",
                                                           "already exist",
                                                           "already been",
                                                           "already done",
                                                           "already present",
                                                           "already in place",
                                                           "already up to date",
                                                           "already subscribed",
                                                           "already a member",
                                                           "bereits vorhanden",
                                                           "existiert bereits",
                                                           "ya existe",
                                                           "existe déjà",
                                                           "já existe",
                                                           "既に存在",
                                                           "すでに存在",
                                                           "已存在"});
  constexpr auto kNot = std::to_array<std::string_view>(
      {"rejected", "failed", "refused", "denied", "abgelehnt", "rechaz"});
  const std::string words = step.error ? fold_case(view.text(*step.error)) : std::string();
  return step.error && holds_one_of(words, kWords) && !holds_one_of(words, kNot);
}

/// Whether a message says that something is not so or did not work, whatever it is.
bool tells_of_a_no(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>({"not",
                                                           "cannot",
                                                           "can't",
                                                           "couldn't",
                                                           "isn't",
                                                           "doesn't",
                                                           "wasn't",
                                                           "didn't",
                                                           "unable",
                                                           "failed",
                                                           "error",
                                                           "sorry",
                                                           "nicht",
                                                           "leider",
                                                           "kein",
                                                           "keine",
                                                           "no se",
                                                           "no pude",
                                                           "no puedo",
                                                           "no hay",
                                                           "lamentablemente",
                                                           "unfortunately",
                                                           "infelizmente",
                                                           "não",
                                                           "malheureusement",
                                                           "impossible"});
  constexpr auto kParts =
      std::to_array<std::string_view>({"ません", "できな", "失敗", "无法", "不能"});
  constexpr std::size_t kTextMax = 1'000;
  const FoldedText folded(prefix_of(text, kTextMax));
  return std::any_of(kWords.begin(),
                     kWords.end(),
                     [&folded](std::string_view word) { return folded.find(word).has_value(); }) ||
         holds_one_of(prefix_of(text, kTextMax), kParts);
}

/// How many of the values of one call stand in another.
std::size_t shared_values(const StepView& one, const StepView& other) {
  std::unordered_set<std::string_view> there;
  for (const Argument& argument : other.arguments) {
    there.insert(argument.value);
  }
  return static_cast<std::size_t>(
      std::count_if(one.arguments.begin(), one.arguments.end(), [&](const Argument& argument) {
        return argument.value.size() >= 2 && there.contains(argument.value);
      }));
}

bool share_a_word(std::string_view one_tool, std::string_view other_tool) {
  const std::vector<std::string> one = name_words(one_tool);
  const std::vector<std::string> other = name_words(other_tool);
  return std::any_of(one.begin(), one.end(), [&other](const std::string& word) {
    return word.size() >= 3 && std::any_of(other.begin(), other.end(), [&word](const auto& there) {
             return there.size() >= 3 && same_stem(word, there);
           });
  });
}

class FailureSearch {
 public:
  explicit FailureSearch(const Facts& facts) : facts_(facts), view_(facts.view()) {
    if (view_.final_output()) {
      output_.emplace(view_.field(*view_.final_output()).text);
    }
    for (const StepView& step : view_.steps()) {
      if (!step.failed && step.kind == StepKind::tool) {
        last_success_[step.tool] = step.index;
        successes_[step.tool].push_back(step.index);
        last_tool_success_ = step.index;
      }
      last_good_[static_cast<std::size_t>(step.kind)] =
          step.failed ? last_good_[static_cast<std::size_t>(step.kind)] : step.index + 1;
    }
  }

  [[nodiscard]] std::vector<Failure> run() const {
    constexpr std::size_t kFailuresMax = 24;
    std::vector<Failure> failures;
    std::unordered_map<std::string, std::size_t> groups;
    for (const StepView& step : view_.steps()) {
      if (!step.failed || recovered(step)) {
        continue;
      }
      const auto [entry, is_new] =
          groups.emplace(step.tool + '\n' + step.error_template, failures.size());
      if (!is_new && entry->second < failures.size()) {
        failures[entry->second].repeats.push_back(step.index);
        continue;
      }
      if (failures.size() < kFailuresMax) {
        failures.push_back(describe(step));
      }
    }
    return failures;
  }

 private:
  [[nodiscard]] Failure describe(const StepView& step) const {
    Failure failure;
    failure.step = &step;
    failure.ends_the_work = last_tool_success_ <= step.index;
    failure.needed =
        step.changes_state || failure.ends_the_work || step.own_job || was_commanded(step);
    failure.put_to_user = was_put_to_user(step);
    const bool inside = failed_inside_ok(view_, step);
    failure.sort = blames_the_call(view_, step) ? FailureSort::invalid_call
                   : inside                     ? FailureSort::inside_ok
                                                : FailureSort::broken;
    const StepWords words(facts_, step);
    failure.main = failure.needed && !view_.rubric().empty() && words.asked_for();
    failure.admitted = words.admitted();
    if (!failure.admitted) {
      failure.claimed = words.claimed();
      if (!failure.claimed && (failure.main || failure.ends_the_work)) {
        failure.claimed = success_claim(view_);
      }
    }
    return failure;
  }

  [[nodiscard]] bool recovered(const StepView& step) const {
    const bool needs_a_deed = step.changes_state;
    if ((says_recovered(view_, step) && !needs_a_deed) || is_done_already(view_, step)) {
      return true;
    }
    if (step.kind == StepKind::llm || step.kind == StepKind::message) {
      return last_good_[static_cast<std::size_t>(step.kind)] > step.index + 1;
    }
    if (step.kind != StepKind::tool) {
      return false;
    }
    if (runs_a_program(step.tool)) {
      return commanded_again(step);
    }
    const auto last = last_success_.find(step.tool);
    if (last != last_success_.end() && last->second > step.index) {
      return !needs_a_deed || retried(step);
    }
    return needs_a_deed ? done_another_way(step) : looked_up_elsewhere(step);
  }

  /// Whether the agent told the user of a "no" after the step and the user answered: they went on
  /// from there.
  [[nodiscard]] bool was_put_to_user(const StepView& step) const {
    bool spoke = false;
    for (const StepView& later : view_.steps().subspan(step.index + 1)) {
      if (later.kind == StepKind::user) {
        return spoke;
      }
      spoke = spoke || (later.kind == StepKind::message && later.output &&
                        tells_of_a_no(view_.field(*later.output).text));
    }
    return false;
  }

  [[nodiscard]] std::string_view input_of(const StepView& step) const {
    return step.input ? view_.field(*step.input).text : std::string_view();
  }

  [[nodiscard]] bool was_commanded(const StepView& step) const {
    return runs_a_program(step.tool) && commands_a_deed(input_of(step));
  }

  /// A later command about the same thing that went well, or a deed of another tool that is given
  /// one of its words.
  [[nodiscard]] bool commanded_again(const StepView& step) const {
    constexpr std::size_t kStepsMax = 200;
    constexpr std::size_t kCommandsMax = 100;
    if (++commands_ > kCommandsMax) {
      return true;
    }
    const std::size_t end = std::min(view_.steps().size(), step.index + 1 + kStepsMax);
    for (std::size_t i = step.index + 1; i < end; ++i) {
      const StepView& later = view_.steps()[i];
      const bool program = runs_a_program(later.tool);
      // A mere look at the same thing mends a look, but no deed.
      const bool counts =
          later.kind == StepKind::tool && !later.failed &&
          (program ? !was_commanded(step) || was_commanded(later) : later.changes_state);
      if (counts && share_a_thing(input_of(step), input_of(later))) {
        return true;
      }
    }
    return !was_commanded(step) && last_success_.contains(step.tool) &&
           last_success_.at(step.tool) > step.index;
  }

  /// A later success of the same tool about the same thing, or about another where the output does
  /// not speak of this one.
  [[nodiscard]] bool retried(const StepView& step) const {
    constexpr std::size_t kTriesMax = 64;
    std::size_t tries = 0;
    const std::vector<std::size_t>& successes = successes_.at(step.tool);
    for (auto at = std::upper_bound(successes.begin(), successes.end(), step.index);
         at != successes.end() && tries < kTriesMax;
         ++at, ++tries) {
      const StepView& later = view_.steps()[*at];
      if (later.arguments_hash == step.arguments_hash || !is_about_another(step, later)) {
        return true;
      }
    }
    return done_another_way(step);
  }

  /// Whether two calls with the same keys differ in an identifier that the output speaks of.
  [[nodiscard]] bool is_about_another(const StepView& step, const StepView& later) const {
    constexpr std::size_t kArgumentsMax = 40;
    if (!output_ || step.arguments.size() != later.arguments.size() ||
        step.arguments.size() > kArgumentsMax) {
      return false;
    }
    for (std::size_t i = 0; i < step.arguments.size(); ++i) {
      const Argument& one = step.arguments[i];
      if (one.key != later.arguments[i].key) {
        return false;
      }
      constexpr std::size_t kValueMax = 60;
      const bool named = one.value.size() >= 2 && one.value.size() <= kValueMax;
      if (named && one.value != later.arguments[i].value && output_->find(fold_case(one.value))) {
        return true;
      }
    }
    return false;
  }

  /// Another deed with a value in common and the same words, or a value that only the two use.
  [[nodiscard]] bool done_another_way(const StepView& step) const {
    constexpr std::size_t kStepsMax = 200;
    const std::size_t end = std::min(view_.steps().size(), step.index + 1 + kStepsMax);
    for (std::size_t i = step.index + 1; i < end; ++i) {
      const StepView& later = view_.steps()[i];
      if (later.kind != StepKind::tool || later.failed || later.tool == step.tool) {
        continue;
      }
      if (runs_anything(later.tool) && mentions_a_value(step, later)) {
        return true;
      }
      const std::size_t shared = later.changes_state ? shared_values(step, later) : 0;
      if (shared >= 1 &&
          (share_a_word(step.tool, later.tool) ||
           (shared >= 2 && shared * 2 >= step.arguments.size() && share_their_own(step, later)))) {
        return true;
      }
    }
    return false;
  }

  /// Whether a value stands in the calls of these two tools and of no other.
  [[nodiscard]] bool share_their_own(const StepView& step, const StepView& later) const {
    constexpr std::size_t kValueMin = 4;
    return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
      if (argument.value.size() < kValueMin) {
        return false;
      }
      bool theirs = false;
      for (const Use& use : facts_.uses(value_key(argument.value))) {
        const StepView& user = view_.steps()[use.step];
        theirs = theirs || use.step == later.index;
        if (user.tool != step.tool && user.tool != later.tool) {
          return false;
        }
      }
      return theirs;
    });
  }

  [[nodiscard]] bool mentions_a_value(const StepView& step, const StepView& later) const {
    if (!later.input) {
      return false;
    }
    const std::string_view text = view_.field(*later.input).text;
    return std::any_of(step.arguments.begin(), step.arguments.end(), [text](const Argument& one) {
      constexpr std::size_t kValueMin = 5;
      constexpr std::size_t kValueMax = 120;
      return one.value.size() >= kValueMin && one.value.size() <= kValueMax &&
             text.find(one.value) != std::string_view::npos;
    });
  }

  /// Whether a later look that went well speaks of the same thing, however it writes it.
  [[nodiscard]] bool answered_elsewhere(const StepView& step, std::string_view value) const {
    constexpr std::size_t kStepsMax = 60;
    constexpr std::size_t kTextMax = 4'000;
    constexpr std::size_t kSearchesMax = 100;
    if (++searches_ > kSearchesMax) {
      return false;
    }
    const auto bare = [](std::string_view text) {
      std::string letters;
      for (const char c : text) {
        if (is_alnum(c)) {
          letters.push_back(c);
        }
      }
      return fold_case(letters);
    };
    const std::string wanted = bare(value);
    const std::size_t end = std::min(view_.steps().size(), step.index + 1 + kStepsMax);
    for (std::size_t i = step.index + 1; i < end && wanted.size() >= 5; ++i) {
      const StepView& later = view_.steps()[i];
      if (later.kind == StepKind::tool && !later.failed && !later.changes_state && later.output &&
          bare(prefix_of(view_.field(*later.output).text, kTextMax)).find(wanted) !=
              std::string::npos) {
        return true;
      }
    }
    return false;
  }

  /// Another look with one of the same arguments, or whose answer speaks of one.
  [[nodiscard]] bool looked_up_elsewhere(const StepView& step) const {
    constexpr std::size_t kValueMin = 4;
    return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
      if (argument.value.size() < kValueMin) {
        return false;
      }
      const auto uses = facts_.uses(value_key(argument.value));
      const bool id = std::any_of(argument.value.begin(), argument.value.end(), is_digit);
      return std::any_of(uses.begin(),
                         uses.end(),
                         [&](const Use& use) {
                           const StepView& later = view_.steps()[use.step];
                           return use.step > step.index && !later.failed && !later.changes_state;
                         }) ||
             (id && answered_elsewhere(step, argument.value));
    });
  }

  const Facts& facts_;
  const TraceView& view_;
  std::optional<FoldedText> output_;
  std::unordered_map<std::string, std::size_t> last_success_;
  std::unordered_map<std::string, std::vector<std::size_t>> successes_;
  std::size_t last_tool_success_ = 0;
  mutable std::size_t searches_ = 0;  ///< keep the work linear on hostile traces
  mutable std::size_t commands_ = 0;
  std::array<std::size_t, 5> last_good_{};  ///< by kind, one more than the place
};

}  // namespace

std::vector<std::size_t> Failure::steps() const {
  constexpr std::size_t kRepeatsMax = 50;
  std::vector<std::size_t> all{step->index};
  const std::size_t count = std::min(repeats.size(), kRepeatsMax);
  all.insert(all.end(), repeats.begin(), repeats.begin() + static_cast<std::ptrdiff_t>(count));
  return all;
}

std::vector<Failure> find_failures(const Facts& facts) { return FailureSearch(facts).run(); }

bool failed_inside_ok(const TraceView& view, const StepView& step) {
  const ExecutionStep& raw = view.trace().steps[step.index];
  return step.answer == AnswerState::refused && !raw.error &&
         !(raw.tool_call && raw.tool_call->error) && status_of(view, step) < 400 &&
         !error_words(view.field(*step.output).text);
}

bool blames_the_call(const TraceView& view, const StepView& step) {
  constexpr auto kSure = std::to_array<std::string_view>({"unexpected keyword",
                                                          "unexpected argument",
                                                          "unknown field",
                                                          "unknown argument",
                                                          "unknown parameter",
                                                          "unknown tool",
                                                          "no such tool",
                                                          "unknown function",
                                                          "no such function",
                                                          "missing required",
                                                          "required positional",
                                                          "required argument",
                                                          "required parameter",
                                                          "field required",
                                                          "validation",
                                                          "unprocessable",
                                                          "must be an ",
                                                          "must be a ",
                                                          "must match",
                                                          "invalid argument",
                                                          "invalid parameter",
                                                          "invalid type",
                                                          "invalid request",
                                                          "bad request",
                                                          "is not a valid",
                                                          "malformed",
                                                          "typeerror",
                                                          "schema",
                                                          "parametros_no_validos",
                                                          "parámetros no válidos",
                                                          "必須",
                                                          "指定してください",
                                                          "不明な項目",
                                                          "参数"});
  const std::int64_t status = status_of(view, step);
  return status == 400 || status == 405 || status == 422 ||
         (status < 500 && holds_one_of(words_of_failure(view, step), kSure));
}

}  // namespace infinium::maestro
