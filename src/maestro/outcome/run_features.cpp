#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "maestro/outcome/exact_math.h"
#include "maestro/outcome/features.h"
#include "maestro/rubric/retrieve.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

double share(double part, double whole) { return part / (1 + whole); }

/// Groups of verbs that ask for, and name, one kind of action.
constexpr std::array<std::string_view, 10> kActions = {
    "cancel cancels cancelling canceling cancellation void",
    "return returns returning refund refunds reimburse reimbursement",
    "exchange exchanges swap replace replaces replacement",
    "modify change changes update updates upgrade downgrade switch edit set adjust correct",
    "book books reserve reserves reservation order buy purchase",
    "send sends mail notify message publish post reply",
    "create creates open register add adds file submit insert",
    "delete deletes remove removes drop close archive",
    "pay pays transfer transfers charge",
    "schedule schedules reschedule deploy release run restart"};

using ActionSet = unsigned;

ActionSet actions_in(const std::vector<std::uint64_t>& stems) {
  static const std::unordered_map<std::uint64_t, unsigned> kByStem = [] {
    std::unordered_map<std::uint64_t, unsigned> table;
    for (std::size_t group = 0; group < kActions.size(); ++group) {
      for (const Word& word : find_words(kActions[group])) {
        table[stem_of(kActions[group].substr(word.start, word.end - word.start))] |= 1u << group;
      }
    }
    return table;
  }();
  ActionSet set = 0;
  for (const std::uint64_t stem : stems) {
    if (const auto found = kByStem.find(stem); found != kByStem.end()) {
      set |= found->second;
    }
  }
  return set;
}

/// The words of tool names: "modify_pending_order" → modify, pending, order.
std::vector<std::uint64_t> name_stems(std::string_view name) {
  std::vector<std::uint64_t> stems;
  for (const std::string& word : name_words(name)) {
    stems.push_back(stem_of(word));
  }
  return stems;
}

int bits(unsigned set) {
  int count = 0;
  for (; set != 0; set &= set - 1) {
    ++count;
  }
  return count;
}

/// Counts over the calls of a run.
struct CallCounts {
  double calls = 0, writes = 0, good_writes = 0, reads = 0, failed_reads = 0, failed_writes = 0;
  double repeated = 0, repeated_writes = 0, same_entity_writes = 0;
  double arguments = 0, unseen = 0, not_from_user = 0, writes_with_unseen = 0, unlisted = 0;
  double unconfirmed = 0, read_entities = 0, looked_up_only = 0, first_write = 1.2;
  double turns_after_last_write = -1, handovers = 0, tools = 0, last_failed = 0;
  ActionSet did = 0;
  std::vector<std::uint64_t> written_stems;
};

class CallCounter {
 public:
  CallCounter(const Facts& facts, const RunCues& cues) : facts_(facts), cues_(cues) {}

  CallCounts run() {
    for (const StepView& step : view().steps()) {
      if (step.kind == StepKind::user) {
        last_user_ = step.index;
        ++users_after_;
      } else if (step.kind == StepKind::message) {
        last_said_ = step.index;
      } else if (step.kind == StepKind::tool) {
        add(step);
      }
    }
    finish();
    return std::move(counts_);
  }

 private:
  [[nodiscard]] const TraceView& view() const { return facts_.view(); }

  void add(const StepView& step) {
    ++counts_.calls;
    tools_.insert(step.tool);
    counts_.last_failed = step.failed ? 1 : 0;
    const bool again = !seen_calls_.insert(step.arguments_hash * 31 + value_key(step.tool)).second;
    counts_.repeated += again ? 1 : 0;
    if (names_a_handover(step.tool)) {
      ++counts_.handovers;
    } else if (step.changes_state) {
      add_write(step, again);
    } else {
      ++counts_.reads;
      counts_.failed_reads += step.failed ? 1 : 0;
      for (const Argument& argument : step.arguments) {
        read_values_.insert(value_key(argument.value));
      }
    }
  }

  void add_write(const StepView& step, bool again) {
    ++counts_.writes;
    counts_.failed_writes += step.failed ? 1 : 0;
    counts_.good_writes += step.failed ? 0 : 1;
    counts_.repeated_writes += again ? 1 : 0;
    if (counts_.writes == 1) {
      counts_.first_write =
          static_cast<double>(step.index) / static_cast<double>(view().steps().size());
    }
    users_after_ = 0;
    if (!step.failed) {
      const auto stems = name_stems(step.tool);
      counts_.did |= actions_in(stems);
      counts_.written_stems.insert(counts_.written_stems.end(), stems.begin(), stems.end());
    }
    const bool agreed = last_user_ && cues_.steps[*last_user_].has(Cue::yes);
    counts_.unconfirmed += agreed ? 0 : 1;
    add_arguments(step);
  }

  void add_arguments(const StepView& step) {
    bool any_unseen = false;
    bool first = true;
    for (const Argument& argument : step.arguments) {
      if (argument.value.size() < 2) {
        continue;
      }
      ++counts_.arguments;
      const std::uint64_t key = value_key(argument.value);
      const bool by_user = facts_.request().mentions(argument.value).has_value();
      const bool by_result = facts_.sources().find(key, step.index) != nullptr || known(argument);
      counts_.unseen += !by_user && !by_result ? 1 : 0;
      any_unseen = any_unseen || (!by_user && !by_result);
      counts_.not_from_user += !by_user && by_result ? 1 : 0;
      written_values_.insert(key);
      const bool telling = argument.value.find_first_of("0123456789") != std::string::npos;
      if (telling) {
        counts_.unlisted += !by_user && !said_before(argument.value) ? 1 : 0;
        counts_.same_entity_writes += first && !first_values_.insert(key).second ? 1 : 0;
        first = false;
      }
      for (const Word& word : find_words(argument.value)) {
        counts_.written_stems.push_back(stem_of(
            fold_case(std::string_view(argument.value).substr(word.start, word.end - word.start))));
      }
    }
    counts_.writes_with_unseen += any_unseen ? 1 : 0;
  }

  /// Whether a column of an earlier result holds the value.
  [[nodiscard]] bool known(const Argument& argument) const {
    const Column* column = facts_.column(argument.key);
    return column != nullptr && column->first_by_value.contains(value_key(argument.value));
  }

  [[nodiscard]] bool said_before(std::string_view value) const {
    if (!last_said_ || !view().steps()[*last_said_].output) {
      return false;
    }
    return view().field(*view().steps()[*last_said_].output).text.find(value) !=
           std::string_view::npos;
  }

  void finish() {
    counts_.tools = static_cast<double>(tools_.size());
    counts_.read_entities = static_cast<double>(read_values_.size());
    for (const std::uint64_t value : read_values_) {
      counts_.looked_up_only += written_values_.contains(value) ? 0 : 1;
    }
    if (counts_.writes > 0) {
      counts_.turns_after_last_write = static_cast<double>(users_after_);
    }
    std::sort(counts_.written_stems.begin(), counts_.written_stems.end());
    counts_.written_stems.erase(
        std::unique(counts_.written_stems.begin(), counts_.written_stems.end()),
        counts_.written_stems.end());
  }

  const Facts& facts_;
  const RunCues& cues_;
  CallCounts counts_;
  std::unordered_set<std::string> tools_;
  std::unordered_set<std::uint64_t> seen_calls_, read_values_, written_values_, first_values_;
  std::optional<std::size_t> last_user_, last_said_;
  int users_after_ = 0;
};

/// Amounts of money that the agent said, and how many of them stand in no source.
struct MoneySaid {
  double said = 0;
  double unknown = 0;
};

MoneySaid money_said(const Facts& facts) {
  const TraceView& view = facts.view();
  MoneySaid money;
  const auto add = [&](FieldId field, std::optional<std::size_t> before) {
    for (const ValueToken& token : view.values(field)) {
      if (token.kind == ValueKind::number && token.unit == Unit::money) {
        ++money.said;
        money.unknown += facts.sources().find(token.key, before) == nullptr ? 1 : 0;
      }
    }
  };
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::message && step.output) {
      add(*step.output, step.index);
    }
  }
  if (money.said == 0 && view.final_output()) {
    add(*view.final_output(), std::nullopt);
  }
  return money;
}

/// How much the most alike two of a speaker's turns are, among the last 40.
double most_alike(const TraceView& view, const RunCues& cues, StepKind kind) {
  constexpr std::size_t kTurnsMax = 40;
  std::vector<const TextCues*> turns;
  double most = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind != kind) {
      continue;
    }
    const TextCues& turn = cues.steps[step.index];
    const std::size_t from = turns.size() < kTurnsMax ? 0 : turns.size() - kTurnsMax;
    for (std::size_t i = from; i < turns.size(); ++i) {
      most = std::max(most, likeness(*turns[i], turn));
    }
    turns.push_back(&turn);
  }
  return most;
}

double share_covered(const std::vector<std::uint64_t>& wanted,
                     const std::vector<std::uint64_t>& there) {
  return share(static_cast<double>(shared_stems(wanted, there)),
               static_cast<double>(wanted.size()));
}

/// The last ones of a run.
std::array<Feature, 7> sibling_features(const SiblingAgreement& siblings) {
  const bool any = siblings.count > 0;
  const double same = any ? siblings.same_writes - 0.5 : 0;
  const double writes = siblings.writes_here ? 0.5 : -0.5;
  return {{{"siblings", any ? 1.0 : 0.0},
           {"siblings_same", same},
           {"siblings_overlap", any ? siblings.overlap - 0.5 : 0},
           {"siblings_same_writes", siblings.writes_here ? same : 0},
           {"siblings_same_none", siblings.writes_here ? 0 : same},
           {"siblings_with_writes", any ? siblings.with_writes - 0.5 : 0},
           {"siblings_act_alike", any ? writes * (siblings.with_writes - 0.5) : 0}}};
}

class RunFeatures {
 public:
  RunFeatures(const Facts& facts, const RunCues& cues) : facts_(facts), cues_(cues) {
    // A rubric whose words are not those of the conversation describes another one.
    match_ = cues.objective.stems.empty()
                 ? 0
                 : static_cast<double>(shared_stems(cues.objective.stems, cues.user.stems)) /
                       static_cast<double>(cues.objective.stems.size());
    constexpr double kMatchLeast = 0.42;
    asked_ = match_ >= kMatchLeast || cues.user.words == 0 ? &cues.objective : &cues.user;
  }

  std::vector<Feature> run(std::span<const ProvenFinding> findings,
                           std::span<const Proven<RubricItem>> rubric,
                           const SiblingAgreement& siblings) {
    calls_ = CallCounter(facts_, cues_).run();
    add_request();
    add_length();
    add_actions();
    add_grounding();
    add_speech();
    add_judged(findings, rubric);
    add_siblings(siblings);
    return std::move(features_);
  }

 private:
  void add(std::string_view name, double value) { features_.push_back({name, value}); }

  void add_request() {
    const TextCues& asked = *asked_;
    add("rubric_match", match_);
    add("asked_words", log_count(static_cast<double>(asked.words)));
    add("asked_conditions", asked[Cue::condition]);
    add("asked_negations", asked[Cue::negation]);
    add("asked_also", asked[Cue::also]);
    add("asked_superlatives", asked[Cue::superlative]);
    add("asked_actions", bits(actions_in(asked.stems)));
    add("user_words", log_count(static_cast<double>(cues_.user.words)));
    add("user_conditions", cues_.user[Cue::condition]);
    add("user_also", cues_.user[Cue::also]);
    add("user_questions", static_cast<double>(cues_.user.questions));
    add("user_lists", static_cast<double>(cues_.user.list_lines));
    add("user_money", cues_.user[Cue::money]);
    add("user_yes", cues_.user[Cue::yes]);
    add("user_corrects", cues_.user[Cue::negation] + cues_.user[Cue::correct]);
    add_constraints();
  }

  void add_constraints() {
    double strict = 0;
    double count = 0;
    double words = 0;
    if (const auto& outcome = facts_.view().trace().expected_outcome) {
      for (const std::string& text : outcome->constraints) {
        const TextCues cues = read_cues(text);
        ++count;
        words += static_cast<double>(cues.words);
        strict += cues.has(Cue::negation) || cues.has(Cue::condition) || cues.has(Cue::refuse);
      }
    }
    strict_ = share(strict, count);
    add("constraints", log_count(count));
    add("constraint_words", log_count(words));
    add("strict_constraints", log_count(strict));
    add("strict_share", strict_);
  }

  void add_length() {
    double users = 0;
    double says = 0;
    double result_bytes = 0;
    for (const StepView& step : facts_.view().steps()) {
      users += step.kind == StepKind::user ? 1 : 0;
      says += step.kind == StepKind::message ? 1 : 0;
      if (step.kind == StepKind::tool && step.output) {
        result_bytes += static_cast<double>(facts_.view().field(*step.output).text.size());
      }
    }
    add("steps", log_count(static_cast<double>(facts_.view().steps().size())));
    add("calls", log_count(calls_.calls));
    add("user_turns", log_count(users));
    add("distinct_tools", calls_.tools);
    add("read_entities", log_count(calls_.read_entities));
    add("result_bytes", log_count(result_bytes));
    add("calls_per_turn", share(calls_.calls, users));
    add("says_per_turn", share(says, users));
    add("speech_words", log_count(static_cast<double>(cues_.speech.words)));
  }

  void add_actions() {
    const ActionSet asked = actions_in(asked_->stems);
    add("writes", calls_.writes);
    add("good_writes", calls_.good_writes);
    add("no_write", calls_.good_writes == 0);
    add("asked_undone", bits(asked & ~calls_.did));
    add("done_unasked", bits(calls_.did & ~asked));
    add("handover", calls_.handovers > 0);
    add("failed_writes", calls_.failed_writes);
    add("failed_reads", calls_.failed_reads);
    add("last_call_failed", calls_.last_failed);
    add("repeated_calls", calls_.repeated);
    add("repeated_writes", calls_.repeated_writes);
    add("same_entity_writes", calls_.same_entity_writes);
    add("first_write_at", calls_.first_write);
    add("turns_after_write", calls_.turns_after_last_write);
    add("unconfirmed_share", share(calls_.unconfirmed, calls_.writes));
    add("strict_writes", calls_.good_writes * strict_);
    add("strict_no_write", (calls_.good_writes == 0 ? 1.0 : 0.0) * strict_);
  }

  void add_grounding() {
    const MoneySaid money = money_said(facts_);
    add("write_arguments", log_count(calls_.arguments));
    add("unseen_share", share(calls_.unseen, calls_.arguments));
    add("writes_with_unseen", calls_.writes_with_unseen);
    add("not_from_user_share", share(calls_.not_from_user, calls_.arguments));
    add("unlisted_share", share(calls_.unlisted, calls_.arguments));
    add("looked_up_only", share(calls_.looked_up_only, calls_.read_entities));
    add("asked_in_writes", share_covered(asked_->stems, calls_.written_stems));
    add("asked_in_speech", share_covered(asked_->stems, cues_.speech.stems));
    add("money_said", log_count(money.said));
    add("money_unknown", money.unknown);
    add("money_unknown_share", share(money.unknown, money.said));
  }

  void add_speech() {
    const TextCues last = last_words();
    add("refusals", cues_.speech[Cue::refuse]);
    add("hedges", cues_.speech[Cue::hedge]);
    add("apologies", cues_.speech[Cue::sorry]);
    add("assumptions", cues_.speech[Cue::assume]);
    add("last_refuses", last.has(Cue::refuse));
    add("last_asks", last.questions > 0);
    add("last_words", log_count(static_cast<double>(last.words)));
    add("refused_no_write", last.has(Cue::refuse) && calls_.good_writes == 0);
    add("handover_no_write", calls_.handovers > 0 && calls_.good_writes == 0);
    add("user_thanks", cues_.user[Cue::thanks]);
    add("agent_repeats", most_alike(facts_.view(), cues_, StepKind::message));
    add("user_repeats", most_alike(facts_.view(), cues_, StepKind::user));
  }

  [[nodiscard]] TextCues last_words() const {
    if (!cues_.answers.empty()) {
      return cues_.answers.front();
    }
    const auto steps = facts_.view().steps();
    for (std::size_t i = steps.size(); i > 0; --i) {
      if (steps[i - 1].kind == StepKind::message) {
        return cues_.steps[i - 1];
      }
    }
    return {};
  }

  void add_judged(std::span<const ProvenFinding> findings,
                  std::span<const Proven<RubricItem>> rubric) {
    double critical = 0;
    double warnings = 0;
    for (const ProvenFinding& finding : findings) {
      critical += finding->severity == Severity::critical ? 1 : 0;
      warnings += finding->severity == Severity::warning ? 1 : 0;
    }
    double met = 0;
    double unmet = 0;
    bool objective_met = false;
    bool objective_unmet = false;
    for (const Proven<RubricItem>& item : rubric) {
      met += item->status == RubricStatus::met ? 1 : 0;
      unmet += item->status == RubricStatus::unmet ? 1 : 0;
      const bool objective = item->kind == RubricKind::objective;
      objective_met = objective_met || (objective && item->status == RubricStatus::met);
      objective_unmet = objective_unmet || (objective && item->status == RubricStatus::unmet);
    }
    const auto items = static_cast<double>(rubric.size());
    add("critical_findings", std::min(critical, 5.0));
    add("warnings", std::min(warnings, 5.0));
    add("met_share", share(met, items));
    add("unmet", std::min(unmet, 5.0));
    add("objective_met", objective_met);
    add("objective_unmet", objective_unmet);
  }

  void add_siblings(const SiblingAgreement& siblings) {
    for (const Feature& feature : sibling_features(siblings)) {
      features_.push_back(feature);
    }
  }

  const Facts& facts_;
  const RunCues& cues_;
  std::vector<Feature> features_;
  CallCounts calls_;
  const TextCues* asked_ = nullptr;
  double match_ = 0;
  double strict_ = 0;
};

}  // namespace

std::vector<Feature> run_features(const Facts& facts,
                                  const RunCues& cues,
                                  std::span<const ProvenFinding> findings,
                                  std::span<const Proven<RubricItem>> rubric,
                                  const SiblingAgreement& siblings) {
  return RunFeatures(facts, cues).run(findings, rubric, siblings);
}

void replace_siblings(std::vector<Feature>& run, const SiblingAgreement& siblings) {
  const auto others = sibling_features(siblings);
  std::ranges::copy(others, run.end() - static_cast<std::ptrdiff_t>(others.size()));
}

}  // namespace infinium::maestro
