#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/loops.h"

/// Behaviour: one tool is called with ever other arguments, and the answers bring nothing: empty,
/// refused, or the same again. Source: unawareness of the conditions to stop, of the published
/// failure taxonomy.
/// How: among calls of one tool, no other tool changing anything in between, at least four
/// fruitless ones with different arguments, or three where they are most of five and more. Going
/// through a list that the user or an earlier answer gave (only one argument varies, and each of
/// its values was given) is a survey, advancing cursors are pagination: neither is raised. Blind
/// spots: a search that guesses well-formed values one argument at a time from a given list.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "loop.thrashing",
    "After two empty answers read the tool's description or an error's hint before trying again.",
};

/// Consecutive calls of one tool that may be thrashing.
struct Run {
  std::vector<std::size_t> steps;
  std::vector<std::size_t> fruitless;
};

/// A notebook for the agent's own thoughts has nothing to answer.
bool answers_nothing(std::string_view tool) {
  const std::vector<std::string> words = name_words(tool);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "think" || word == "reason" || word == "plan" || word == "note" ||
           word == "log" || word == "print";
  });
}

class ThrashSearch {
 public:
  explicit ThrashSearch(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> find() {
    std::unordered_map<std::string_view, Run> open;
    std::unordered_map<std::string_view, std::uint64_t> last_result;
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || answers_nothing(step.tool)) {
        continue;
      }
      if (step.changes_state && !step.failed) {
        for (const auto& entry : in_order(open)) {
          close(entry->second);
        }
        open.clear();
        continue;
      }
      const auto last = last_result.find(step.tool);
      const bool same = last != last_result.end() && last->second == step.result_hash;
      last_result[step.tool] = step.result_hash;
      add(open[step.tool], step, same);
    }
    for (const auto& entry : in_order(open)) {
      close(entry->second);
    }
    return std::move(findings_);
  }

 private:
  using Runs = std::unordered_map<std::string_view, Run>;

  /// Runs by their first step: a hash map's own order is no order.
  static std::vector<Runs::value_type*> in_order(Runs& runs) {
    std::vector<Runs::value_type*> ordered;
    for (Runs::value_type& entry : runs) {
      if (!entry.second.steps.empty()) {  // a run that was closed starts again empty
        ordered.push_back(&entry);
      }
    }
    std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
      return a->second.steps.front() < b->second.steps.front();
    });
    return ordered;
  }

  void add(Run& run, const StepView& step, bool same_result) {
    const bool fruitless = step.failed || step.answer == AnswerState::nothing || same_result;
    // A fruitful answer after fruitless ones may end the search well; a long row of them does.
    constexpr std::size_t kFruitfulMax = 3;
    run.steps.push_back(step.index);
    if (fruitless) {
      run.fruitless.push_back(step.index);
    } else if (!run.fruitless.empty() &&
               run.steps.size() - position_of_last_fruitless(run) > kFruitfulMax) {
      close(run);
      run = Run{};
    }
  }

  static std::size_t position_of_last_fruitless(const Run& run) {
    const auto at = std::find(run.steps.begin(), run.steps.end(), run.fruitless.back());
    return static_cast<std::size_t>(at - run.steps.begin()) + 1;
  }

  void close(const Run& run) {
    constexpr std::size_t kFruitlessMin = 4;
    constexpr std::size_t kFewFruitless = 3;
    constexpr std::size_t kCallsOfFew = 5;
    if (run.fruitless.size() < kFewFruitless || findings_.size() >= kFindingsOfDetectorMax) {
      return;
    }
    std::unordered_set<std::uint64_t> calls;
    for (const std::size_t index : run.fruitless) {
      calls.insert(call_key(view_.steps()[index]));
    }
    const auto within = std::count_if(run.steps.begin(), run.steps.end(), [&run](std::size_t step) {
      return step >= run.fruitless.front() && step <= run.fruitless.back();
    });
    const auto span = static_cast<std::size_t>(within);
    const bool mostly = span >= kCallsOfFew && run.fruitless.size() * 2 > span;
    const bool enough = calls.size() >= kFruitlessMin && run.fruitless.size() * 2 >= span;
    if ((enough || (calls.size() >= kFewFruitless && mostly)) && !is_survey(run)) {
      tell(run);
    }
  }

  /// Whether the calls differ in one argument only, whose values were all given, or that counts on.
  [[nodiscard]] bool is_survey(const Run& run) const {
    const StepView& first = view_.steps()[run.fruitless.front()];
    std::map<std::string_view, bool> varies;
    for (const std::size_t index : run.fruitless) {
      const StepView& step = view_.steps()[index];
      if (step.arguments.size() != first.arguments.size()) {
        return false;
      }
      for (std::size_t i = 0; i < step.arguments.size(); ++i) {
        const Argument& argument = step.arguments[i];
        if (argument.key != first.arguments[i].key) {
          return false;
        }
        if (argument.value != first.arguments[i].value) {
          varies[argument.key] = true;
          if (varies.size() > 1 || !was_given(argument, index)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  [[nodiscard]] bool was_given(const Argument& argument, std::size_t step) const {
    const std::uint64_t key = value_key(argument.value);
    if (facts_.sources().find(key, step) != nullptr || facts_.request().mentions(argument.value)) {
      return true;
    }
    const Column* const column = facts_.column(argument.key);
    if (column == nullptr) {
      return false;
    }
    const auto first = column->first_by_value.find(key);
    return first != column->first_by_value.end() && first->second.step < step;
  }

  void tell(const Run& run) {
    const StepView& first = view_.steps()[run.fruitless.front()];
    constexpr std::size_t kStepsMax = 50;
    const std::span<const std::size_t> shown_steps =
        std::span(run.fruitless).first(std::min(run.fruitless.size(), kStepsMax));
    const auto count = measure(view_, Count::calls_of_tool, first.tool);
    if (!count) {
      return;
    }
    Finding finding = draft(view_, kKind, Severity::warning, shown_steps, "thrashing");
    finding.title = fmt::format("`{}` was tried with ever other arguments, {} times for nothing",
                                first.tool,
                                run.fruitless.size());
    finding.explanation = fmt::format(
        "Steps {} to {} call `{}` with changing arguments; the answers are empty, refused or the "
        "same.",
        first.number,
        view_.steps()[run.fruitless.back()].number,
        first.tool);
    finding.wasted = waste_of(view_, std::span(run.fruitless).subspan(1));
    Proof proof(*count);
    for (std::size_t i = 0; i < std::min<std::size_t>(run.fruitless.size(), 3); ++i) {
      const StepView& step = view_.steps()[run.fruitless[i]];
      for (const std::optional<FieldId>& field : {step.input, step.output}) {
        if (field) {
          proof.add(quote(view_, {*field, 0, view_.field(*field).text.size()}));
        }
      }
    }
    findings_.push_back(prove(std::move(finding), proof));
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_thrashing(const Facts& facts) { return ThrashSearch(facts).find(); }

}  // namespace infinium::maestro
