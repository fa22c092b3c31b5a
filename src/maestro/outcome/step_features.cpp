#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "maestro/outcome/exact_math.h"
#include "maestro/outcome/features.h"

namespace infinium::maestro {
namespace {

/// Cues that are looked at in every step, as present and as density.
struct NamedCue {
  Cue cue;
  std::string_view present;
  std::string_view density;
};
constexpr std::array<NamedCue, 13> kCues = {{
    {Cue::assume, "assumes", "assumes_often"},
    {Cue::hedge, "hedges", "hedges_often"},
    {Cue::verify, "verifies", "verifies_often"},
    {Cue::plan, "plans", "plans_often"},
    {Cue::refuse, "refuses", "refuses_often"},
    {Cue::conclude, "concludes", "concludes_often"},
    {Cue::correct, "corrects", "corrects_often"},
    {Cue::know, "knows", "knows_often"},
    {Cue::ask, "asks", "asks_often"},
    {Cue::agree, "agrees", "agrees_often"},
    {Cue::future, "announces", "announces_often"},
    {Cue::past, "reports", "reports_often"},
    {Cue::contrast, "contrasts", "contrasts_often"},
}};

bool is_call(const StepView& step) { return step.kind == StepKind::tool; }
bool is_agent(const StepView& step) {
  return step.kind != StepKind::tool && step.kind != StepKind::user;
}

/// Numbers, identifiers and dates of a step's main text.
std::vector<std::uint64_t> telling_values(const TraceView& view, const StepView& step) {
  std::vector<std::uint64_t> keys;
  const std::optional<FieldId> field = step.output ? step.output : step.input;
  if (!field) {
    return keys;
  }
  constexpr std::size_t kValuesMax = 500;
  for (const ValueToken& token : view.values(*field)) {
    const bool small = token.kind == ValueKind::number && token.number < 10 && token.precision >= 1;
    if (!small && token.kind != ValueKind::quoted && keys.size() < kValuesMax) {
      keys.push_back(token.key);
    }
  }
  return keys;
}

class StepFeatures {
 public:
  StepFeatures(const Facts& facts, const RunCues& cues)
      : facts_(facts), view_(facts.view()), cues_(cues), steps_(view_.steps()) {
    for (const std::uint64_t stem : cues.task.stems) {
      known_stems_.insert(stem);
    }
    for (const FieldId field : view_.request()) {
      for (const ValueToken& token : view_.values(field)) {
        known_values_.insert(token.key);
      }
    }
    scan_ahead();
  }

  std::vector<std::vector<Feature>> run() {
    std::vector<std::vector<Feature>> rows;
    rows.reserve(steps_.size());
    for (const StepView& step : steps_) {
      row_.clear();
      add_place(step);
      add_words(step);
      add_neighbours(step);
      add_novelty(step);
      rows.push_back(row_);
      learn(step);
    }
    return rows;
  }

 private:
  void add(std::string_view name, double value) { row_.push_back({name, value}); }

  void scan_ahead() {
    next_agent_.assign(steps_.size(), steps_.size());
    std::size_t next = steps_.size();
    for (std::size_t i = steps_.size(); i > 0; --i) {
      next_agent_[i - 1] = next;
      if (is_agent(steps_[i - 1])) {
        next = i - 1;
      }
      for (const std::uint64_t key : telling_values(view_, steps_[i - 1])) {
        last_use_[key] = std::max(last_use_[key], i - 1);
      }
    }
    for (const StepView& step : steps_) {
      first_error_ = step.failed ? std::min(first_error_, step.index) : first_error_;
      if (is_agent(step)) {
        agents_.insert(step.agent);
      }
    }
    if (!view_.final_output()) {
      return;
    }
    for (const ValueToken& token : view_.values(*view_.final_output())) {
      final_values_.insert(token.key);
    }
  }

  void add_place(const StepView& step) {
    const auto count = static_cast<double>(steps_.size());
    const auto at = static_cast<double>(step.index);
    add("is_call", is_call(step));
    add("is_user", step.kind == StepKind::user);
    add("is_first_turn", is_agent(step) && turns_ == 0);
    add("is_second_turn", is_agent(step) && turns_ == 1);
    add("is_third_turn", is_agent(step) && turns_ == 2);
    add("turn", log_count(turns_));
    add("place", at / count);
    add("index", log_count(at));
    add("is_last", step.index + 1 == steps_.size());
    add("is_next_to_last", step.index + 2 == steps_.size());
    add("changes_state", step.changes_state);
    add("one_agent", agents_.size() <= 1);
    add("spoke_before", spoken_.contains(step.agent));
    add("same_as_before", step.index > 0 && steps_[step.index - 1].agent == step.agent);
  }

  void add_words(const StepView& step) {
    const TextCues& words = cues_.steps[step.index];
    add("words", log_count(static_cast<double>(words.words)));
    for (const NamedCue& named : kCues) {
      add(named.present, words.has(named.cue));
      add(named.density,
          std::min(3.0, 100.0 * words[named.cue] / (static_cast<double>(words.words) + 20)));
    }
    add("code", words.code);
    add("link", words.link);
    add("first_code", words.code && codes_ == 0);
    add("code_before", codes_ > 0);
    add("failed", step.failed);
    add("errors_before", std::min(errors_, 6.0));
  }

  void add_neighbours(const StepView& step) {
    const std::size_t i = step.index;
    const bool before = i > 0;
    const bool after = i + 1 < steps_.size();
    const bool prev_call = before && is_call(steps_[i - 1]);
    const bool next_call = after && is_call(steps_[i + 1]);
    const bool prev_ok = prev_call && !steps_[i - 1].failed;
    const TextCues& words = cues_.steps[i];
    add("next_is_call", next_call);
    add("next_failed", next_call && steps_[i + 1].failed);
    add("next_ok", next_call && !steps_[i + 1].failed);
    add("next_short", next_call && cues_.steps[i + 1].words < 8);
    add("next_call_without_code", next_call && !words.code);
    add("prev_is_call", prev_call);
    add("prev_failed", prev_call && steps_[i - 1].failed);
    add("prev_ok", prev_ok);
    add("before_first_error",
        is_agent(step) && i < first_error_ && first_error_ < steps_.size() &&
            next_agent_[i] > first_error_);
    const std::size_t next = next_agent_[i];
    add("next_agent_corrects", next < steps_.size() && cues_.steps[next].has(Cue::correct));
    add("next_agent_agrees", next < steps_.size() && cues_.steps[next].has(Cue::agree));
    add("concludes_without_call", words.has(Cue::conclude) && !prev_call);
    add("reports_without_call", words.has(Cue::past) && !prev_ok);
    add("code_runs", words.code && next_call && !steps_[i + 1].failed);
    add("unconfirmed_write",
        step.changes_state && (!last_user_ || !cues_.steps[*last_user_].has(Cue::yes)));
  }

  void add_novelty(const StepView& step) {
    const TextCues& words = cues_.steps[step.index];
    double fresh = 0;
    double final = 0;
    double used_later = 0;
    for (const std::uint64_t key : telling_values(view_, step)) {
      if (!known_values_.contains(key)) {
        ++fresh;
        final += final_values_.contains(key) ? 1 : 0;
        used_later += last_use_[key] > step.index ? 1 : 0;
      }
    }
    const auto stems = static_cast<double>(words.stems.size());
    const auto new_stems = static_cast<double>(
        std::count_if(words.stems.begin(), words.stems.end(), [this](std::uint64_t stem) {
          return !known_stems_.contains(stem);
        }));
    add("new_values", log_count(fresh));
    add("new_values_said", is_agent(step) && !words.code ? log_count(fresh) : 0);
    add("new_values_in_output", final > 0);
    add("said_values_in_output", is_agent(step) && final > 0);
    add("new_values_used", std::min(used_later, 3.0));
    add("new_words", new_stems / (1 + stems));
    add("task_words",
        static_cast<double>(shared_stems(words.stems, cues_.task.stems)) /
            (1 + static_cast<double>(cues_.task.stems.size())));
    double most = 0;
    for (const TextCues* other : recent_) {
      most = std::max(most, likeness(*other, words));
    }
    add("repeats", most);
    add("unseen_arguments", unseen_arguments(step));
  }

  /// Arguments that stand neither in the request nor in an earlier result, at most 5.
  [[nodiscard]] double unseen_arguments(const StepView& step) const {
    double unseen = 0;
    for (const Argument& argument : step.arguments) {
      const bool telling = argument.value.size() >= 3 && argument.value.size() <= 80;
      if (telling && !facts_.request().mentions(argument.value) &&
          facts_.sources().find(value_key(argument.value), step.index) == nullptr) {
        ++unseen;
      }
    }
    return std::min(unseen, 5.0);
  }

  void learn(const StepView& step) {
    constexpr std::size_t kRecentMax = 40;
    const TextCues& words = cues_.steps[step.index];
    for (const std::uint64_t key : telling_values(view_, step)) {
      known_values_.insert(key);
    }
    known_stems_.insert(words.stems.begin(), words.stems.end());
    recent_.push_back(&words);
    if (recent_.size() > kRecentMax) {
      recent_.erase(recent_.begin());
    }
    turns_ += is_agent(step) ? 1 : 0;
    codes_ += words.code ? 1 : 0;
    errors_ += step.failed ? 1 : 0;
    spoken_.insert(step.agent);
    last_user_ = step.kind == StepKind::user ? std::optional(step.index) : last_user_;
  }

  const Facts& facts_;
  const TraceView& view_;
  const RunCues& cues_;
  std::span<const StepView> steps_;
  std::vector<Feature> row_;
  std::vector<std::size_t> next_agent_;
  std::unordered_map<std::uint64_t, std::size_t> last_use_;
  std::unordered_set<std::uint64_t> known_stems_, known_values_, final_values_;
  std::unordered_set<std::string> agents_, spoken_;
  std::vector<const TextCues*> recent_;
  std::size_t first_error_ = SIZE_MAX;
  std::optional<std::size_t> last_user_;
  double turns_ = 0;
  double codes_ = 0;
  double errors_ = 0;
};

}  // namespace

std::vector<std::vector<Feature>> step_features(const Facts& facts, const RunCues& cues) {
  return StepFeatures(facts, cues).run();
}

}  // namespace infinium::maestro
