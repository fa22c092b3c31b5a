#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/findings/state_words.h"
#include "maestro/text.h"

/// Behaviour: the agent says that something is done, granted or free though the last answer on it
/// says that it was refused, is still open, or is taken. Source: misinterpretation of tool output
/// in labelled agent failures.
/// How: every record with a field of state and an identifier is an observation of that thing. A
/// sentence that names the thing (or the field: "state: accepted") and holds a word of a further
/// state than the last observation before it contradicts it, unless it also holds the observed
/// word, a negation or a word of waiting. A time or name that stands only in rows that are taken,
/// offered as free, is one too; so is the value that all of several things are said to have ("both
/// serve …") where the last look at one of them shows another.
/// Blind spots: states in words that no list knows; things that are named by none of their values.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "claim.contradicts_result",
    "Report the state that the last answer gives, and wait or ask where it is not final.",
};

template <std::size_t N>
bool holds(std::string_view folded, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [folded](std::string_view word) {
    return folded.find(word) != std::string_view::npos;
  });
}

bool is_id(const Cell& cell) {
  if (cell.value.size() < 4 || cell.value.size() > 40) {
    return false;
  }
  const bool digit = std::any_of(cell.value.begin(), cell.value.end(), is_digit);
  const bool letter = std::any_of(cell.value.begin(), cell.value.end(), is_letter);
  const bool blank = cell.value.find(' ') != std::string::npos;
  return digit && letter && !blank && cell.value.find('T') != 10;  // no time stamp
}

struct Observation {
  std::size_t step = 0;
  Stage stage = Stage::unknown;
  RecordRef record;
  std::uint32_t cell = 0;
};

class StateCheck {
 public:
  explicit StateCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), mentions_(facts.mentions()) {
    for (const StepView& step : view_.steps()) {
      if (step.kind == StepKind::tool && step.output) {  // a refusal counts as a failed step
        observe(step);
      }
    }
  }

  std::vector<ProvenFinding> run() {
    for (const Statement& statement : facts_.statements().all()) {
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      statement_ = &statement;
      text_ = view_.field(statement.at.field).text;
      for (const Match& sentence : statement.sentences) {
        constexpr std::size_t kSentenceMax = 500;
        if (sentence.end - sentence.start <= kSentenceMax && ++sentences_ <= 2'000) {
          check_sentence(sentence);
        }
      }
    }
    return std::move(findings_);
  }

 private:
  void observe(const StepView& step) {
    constexpr std::size_t kRecordsMax = 400;
    const auto& cells = view_.records(*step.output).cells;
    std::unordered_map<std::uint32_t, std::uint32_t> state_of;
    for (std::uint32_t i = 0; i < cells.size() && state_of.size() < kRecordsMax; ++i) {
      if (is_state_key(cells[i].key) && cells[i].value.size() <= 60 && !cells[i].is_number) {
        state_of.emplace(cells[i].record, i);
      }
    }
    for (const Cell& cell : cells) {
      const auto state = state_of.find(cell.record);
      if (state != state_of.end() && is_id(cell)) {
        const Stage stage = stage_of(cells[state->second].value);
        seen_[fold_case(cell.value)].push_back(
            {step.index, stage, {step.index, *step.output, cell.record}, state->second});
      }
    }
    // The last answer about one thing alone.
    if (state_of.size() == 1) {
      const auto& [record, cell] = *state_of.begin();
      lone_.push_back(
          {step.index, stage_of(cells[cell].value), {step.index, *step.output, record}, cell});
    }
  }

  [[nodiscard]] static const Observation* last_before(const std::vector<Observation>& seen,
                                                      std::optional<std::size_t> step) {
    const Observation* last = nullptr;
    for (const Observation& one : seen) {
      last = !step || one.step < *step ? &one : last;
    }
    return last;
  }

  void check_sentence(const Match& sentence) {
    const std::string folded =
        fold_case(text_.substr(sentence.start, sentence.end - sentence.start));
    check_offers(sentence, folded);
    check_all(sentence, folded);
    // "State when read back: …": what stands before the colon is no hedge.
    const std::size_t colon = says_field(folded) ? folded.find(": ") : std::string::npos;
    const std::string_view claimed =
        std::string_view(folded).substr(colon == std::string::npos ? 0 : colon);
    if (leaves_open(claimed)) {
      return;
    }
    const std::optional<Match> further = further_stage_word(folded);
    if (!further) {
      return;
    }
    const Observation* observed = named_thing(sentence);
    if (observed == nullptr && says_field(folded)) {
      observed = last_before(lone_, statement_->step);
    }
    if (observed == nullptr || observed->stage == Stage::unknown) {
      return;
    }
    const Stage said =
        stage_of(std::string_view(folded).substr(further->start, further->end - further->start));
    // What was received is mostly said to be done in the same breath; a refusal or a draft is not.
    const bool contradicts = observed->stage == Stage::received
                                 ? said == Stage::done && says_field(folded)
                                 : said > observed->stage && said != Stage::unknown;
    const Cell& cell = mentions_.cell(observed->record, observed->cell);
    const std::string_view word =
        std::string_view(folded).substr(further->start, further->end - further->start);
    if (contradicts && !says_state(folded, cell.value) && !is_of_itself(folded, *observed) &&
        !was_done_since(*observed, word)) {
      report(sentence, *observed, cell);
    }
  }

  /// The last observation of the one thing that the sentence names; null if it names none, or
  /// several.
  [[nodiscard]] const Observation* named_thing(const Match& sentence) const {
    const Observation* found = nullptr;
    for (const StatedValue& value : facts_.statements().claims_of(*statement_)) {
      if (value.token.start < sentence.start || value.token.end > sentence.end ||
          value.token.kind == ValueKind::quoted) {
        continue;
      }
      const auto seen = seen_.find(fold_case(view_.text(value.at)));
      const Observation* last =
          seen == seen_.end() ? nullptr : last_before(seen->second, statement_->step);
      if (last != nullptr && found != nullptr && last->cell != found->cell) {
        return nullptr;
      }
      found = last != nullptr ? last : found;
    }
    return found;
  }

  static bool says_field(std::string_view folded) {
    constexpr auto kWords =
        std::to_array<std::string_view>({"state", "status", "estado:", "zustand", "état", "状態"});
    return std::any_of(kWords.begin(), kWords.end(), [folded](std::string_view word) {
      const std::size_t at = folded.find(word);
      return at != std::string_view::npos && at < 40;
    });
  }

  /// Whether the sentence holds the observed state in its own words.
  static bool says_state(std::string_view folded, std::string_view state) {
    for (const std::string& word : name_words(state)) {
      if (word.size() >= 4 && folded.find(word.substr(0, std::min<std::size_t>(word.size(), 6))) !=
                                  std::string_view::npos) {
        return true;
      }
    }
    const std::string whole = fold_case(state);
    return folded.find(whole) != std::string_view::npos;
  }

  /// Whether a call after the observation did what is said: `leave.approve` makes it approved.
  [[nodiscard]] bool was_done_since(const Observation& observed, std::string_view word) const {
    constexpr std::size_t kStem = 5;
    const std::string_view stem = word.substr(0, std::min(kStem, word.size()));
    for (const StepView& step : view_.steps().subspan(observed.step + 1)) {
      if (statement_->step && step.index >= *statement_->step) {
        break;
      }
      const bool done = step.kind == StepKind::tool && !step.failed && step.output;
      const auto says = [&](std::string_view text) {
        return fold_case(prefix_of(text, 4'000)).find(stem) != std::string::npos;
      };
      if (done &&
          (says(step.tool) || (step.changes_state && says(view_.field(*step.output).text)) ||
           (step.changes_state && step.input && says(view_.field(*step.input).text)))) {
        return true;
      }
    }
    return false;
  }

  /// "cancellation confirmed" of what is cancelled: the refusal is what was asked for.
  static bool is_of_itself(std::string_view folded, const Observation& observed) {
    return observed.stage == Stage::refused &&
           (folded.find("cancel") != std::string_view::npos ||
            folded.find("storn") != std::string_view::npos ||
            folded.find("取消") != std::string_view::npos ||
            folded.find("キャンセル") != std::string_view::npos);
  }

  /// The step that first acted on the wrong reading: used the thing after it was observed; else the
  /// statement.
  [[nodiscard]] std::optional<std::size_t> acted(const Observation& observed) const {
    std::vector<std::uint64_t> ids;
    for (const std::uint32_t i : mentions_.cells_of(observed.record)) {
      const Cell& cell = mentions_.cell(observed.record, i);
      if (is_id(cell)) {
        ids.push_back(value_key(cell.value));
      }
    }
    for (const StepView& step : view_.steps()) {
      if (step.index <= observed.step || !step.changes_state ||
          (statement_->step && step.index >= *statement_->step)) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        if (std::find(ids.begin(), ids.end(), value_key(argument.value)) != ids.end()) {
          return step.index;
        }
      }
    }
    return statement_->step;
  }

  void report(const Match& sentence, const Observation& observed, const Cell& cell) {
    std::vector<std::size_t> steps;
    if (const auto at = acted(observed)) {
      steps.push_back(*at);
    }
    const bool told = std::any_of(findings_.begin(), findings_.end(), [&](const auto& other) {
      return other->explanation.find(fmt::format("step {}", view_.steps()[observed.step].number)) !=
             std::string::npos;
    });
    if (told) {
      return;
    }
    Finding finding = draft(view_, kKind, Severity::critical, steps, "state");
    finding.title =
        fmt::format("{} is {}, and the agent says otherwise", cell.key, shown(cell.value));
    finding.explanation =
        fmt::format("{} says {}; the last answer on it, of step {}, gives {} {}.",
                    said::who(view_, *statement_),
                    shown(text_.substr(sentence.start, sentence.end - sentence.start)),
                    view_.steps()[observed.step].number,
                    cell.key,
                    shown(cell.value));
    prove_with(std::move(finding), sentence, {observed.record.field, cell.start, cell.end});
  }

  void prove_with(Finding finding, const Match& sentence, const Span& there) {
    const auto here = quote(view_, {statement_->at.field, sentence.start, sentence.end});
    const auto source = quote(view_, there);
    if (here && source) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*source)));
    }
  }

  // --- taken, and offered as free

  void check_offers(const Match& sentence, std::string_view folded) {
    constexpr auto kOffers = std::to_array<std::string_view>({"can see you",
                                                              "available",
                                                              "free at",
                                                              "is free",
                                                              "are free",
                                                              "i can offer",
                                                              "we have",
                                                              "can offer",
                                                              "would you like",
                                                              "options",
                                                              "verfügbar",
                                                              "frei",
                                                              "anbieten",
                                                              "disponible",
                                                              "libre",
                                                              "空き",
                                                              "空いて"});
    if (!holds(folded, kOffers) || folded.find("not ") != std::string_view::npos ||
        folded.find("unavail") != std::string_view::npos || says_taken(folded)) {
      return;
    }
    for (const TimeToken& time : statement_->times) {
      if (time.start >= sentence.start && time.end <= sentence.end) {
        check_time(sentence, time);
      }
    }
  }

  void check_time(const Match& sentence, const TimeToken& time) {
    const Cell* taken = nullptr;
    RecordRef record;
    for (const GroundTime& ground : facts_.grounds().times()) {
      if (ground.time.minutes != time.minutes || !ground.step ||
          !Grounds::is_before(ground.step, statement_->step)) {
        continue;
      }
      const auto [row, state] = row_state(ground);
      if (state == nullptr || !says_taken(fold_case(state->value))) {
        return;  // a row that is free, or a time that belongs to no slot
      }
      taken = state;
      record = row;
    }
    if (taken == nullptr) {
      return;
    }
    Finding finding = said::draft_claim(view_, kKind, Severity::critical, *statement_, "taken");
    finding.title = fmt::format("{} is offered, and it is {}",
                                shown(text_.substr(time.start, time.end - time.start)),
                                shown(taken->value));
    finding.explanation = fmt::format("{} offers a time that step {} gives as {}.",
                                      said::who(view_, *statement_),
                                      view_.steps()[record.step].number,
                                      shown(taken->value));
    prove_with(std::move(finding), sentence, {record.field, taken->start, taken->end});
  }

  /// The field of state of the record that a time stands in.
  [[nodiscard]] std::pair<RecordRef, const Cell*> row_state(const GroundTime& ground) const {
    if (view_.field(ground.at.field).role != TextRole::result) {
      return {};
    }
    const auto& cells = view_.records(ground.at.field).cells;
    const auto after = std::upper_bound(
        cells.begin(), cells.end(), ground.at.start, [](std::size_t byte, const Cell& cell) {
          return byte < cell.start;
        });
    if (after == cells.begin() || (after - 1)->end < ground.at.end) {
      return {};
    }
    const RecordRef row{*ground.step, ground.at.field, (after - 1)->record};
    for (const std::uint32_t i : mentions_.cells_of(row)) {
      const Cell& cell = mentions_.cell(row, i);
      if (is_state_key(cell.key) || cell.key == "availability") {
        return {row, &cell};
      }
    }
    return {};
  }

  // --- "both serve the new one"

  void check_all(const Match& sentence, std::string_view folded) {
    constexpr auto kAll = std::to_array<std::string_view>(
        {"both ", "all of them", "beide ", "ambos ", "ambas ", "les deux", "両方", "いずれも"});
    if (!holds(folded, kAll) || holds(folded, std::to_array<std::string_view>({"not ", "n't"}))) {
      return;
    }
    const std::string_view said = text_.substr(sentence.start, sentence.end - sentence.start);
    for (const NamedCell& named : mentions_.find(said, sentence.start)) {
      const Cell& cell = mentions_.cell(named.record, named.cell);
      if (!follows_all(sentence, named) || !is_id_like(cell)) {
        continue;
      }
      if (cell.value.size() >= 4 && Grounds::is_before(named.record.step, statement_->step) &&
          check_last_looks(sentence, named, cell)) {
        return;
      }
    }
  }

  static bool is_id_like(const Cell& cell) {
    return std::any_of(cell.value.begin(), cell.value.end(), is_digit);
  }

  /// "both proxies serve 05:1E": the value comes within three words after "both".
  [[nodiscard]] bool follows_all(const Match& sentence, const NamedCell& named) const {
    constexpr auto kAll =
        std::to_array<std::string_view>({"both", "beide", "ambos", "ambas", "両方"});
    constexpr std::size_t kWordsBetween = 3;
    const std::string before =
        fold_case(text_.substr(sentence.start, named.start - sentence.start));
    const std::string after = fold_case(text_.substr(named.end, 6));
    for (const std::string_view more : {" and ", " und ", " y ", " & ", "と", " or "}) {
      if (after.starts_with(more)) {
        return false;  // "both A and B": a list of the two
      }
    }
    const std::size_t all = std::max({before.rfind("both ") + 1, before.rfind("beide ") + 1}) - 1;
    if (all < before.size() && before.find(" and ", all) != std::string::npos) {
      return false;
    }
    const std::vector<Word> words = find_words(before);
    const std::size_t from = words.size() > kWordsBetween ? words.size() - kWordsBetween - 1 : 0;
    for (std::size_t i = from; i < words.size(); ++i) {
      const std::string_view word =
          std::string_view(before).substr(words[i].start, words[i].end - words[i].start);
      if (std::find(kAll.begin(), kAll.end(), word) != kAll.end()) {
        return true;
      }
    }
    return false;
  }

  /// Whether the last look at one of several things, by the tool that showed the value, shows
  /// another value in that field.
  bool check_last_looks(const Match& sentence, const NamedCell& named, const Cell& cell) {
    const StepView& look = view_.steps()[named.record.step];
    struct Last {
      RecordRef record;
      const Cell* cell = nullptr;
    };
    std::unordered_map<std::string, Last> last;
    for (const StepView& step : view_.steps()) {
      const bool same = step.kind == StepKind::tool && step.tool == look.tool && step.output &&
                        !step.failed && Grounds::is_before(step.index, statement_->step);
      if (!same || step.arguments.empty()) {
        continue;
      }
      const RecordRef record{step.index, *step.output, named.record.record};
      const Cell* value = mentions_.cell_of(record, cell.key);
      if (value != nullptr) {
        last[step.arguments.front().value] = {record, value};
      }
    }
    for (const auto& [thing, one] : last) {
      if (last.size() == 2 && one.cell->value != cell.value && one.cell->value != thing) {
        Finding finding =
            said::draft_claim(view_, kKind, Severity::critical, *statement_, "not all");
        finding.title = fmt::format("{} of {} is {}, not {}",
                                    cell.key,
                                    shown(thing),
                                    shown(one.cell->value),
                                    shown(cell.value));
        finding.explanation =
            fmt::format("{} says it of all; the last look at {}, step {}, gives {}.",
                        said::who(view_, *statement_),
                        shown(thing),
                        view_.steps()[one.record.step].number,
                        shown(one.cell->value));
        prove_with(
            std::move(finding), sentence, {one.record.field, one.cell->start, one.cell->end});
        return true;
      }
    }
    return false;
  }

  const Facts& facts_;
  const TraceView& view_;
  const Mentions& mentions_;
  std::unordered_map<std::string, std::vector<Observation>> seen_;  ///< by identifier, lower case
  std::vector<Observation> lone_;
  const Statement* statement_ = nullptr;
  std::string_view text_;
  std::size_t sentences_ = 0;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_misread_states(const Facts& facts) {
  return StateCheck(facts).run();
}

}  // namespace infinium::maestro
