#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: the agent counts in what the request leaves out (damaged pieces, normal wear), or
/// acts on a record that breaks a limit of the request which the record itself states (21 days
/// where 14 are allowed). Source: misinterpretation of tool output in labelled agent failures.
/// How: the words of a clause of the request that negates ("X are not part of it", "leave X out")
/// are looked for in the records: a field of that name whose number is then given to its record, or
/// a record described by two of them whose number is then computed with. Limits ("within 14 days",
/// "at most 60 cm") are held against the fields of that unit in the record that an acting call
/// names, where another record of its list keeps them.
/// Blind spots: exclusions in other words than the records'; limits without a unit.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "row.mismatch",
    "Leave out what the request leaves out, and check the limits of the request against the record "
    "before acting on it.",
};

constexpr auto kNegations = std::to_array<std::string_view>(
    {"not",     "never", "without", "exclude", "excluding", "leave", "except",
     "no",      "nicht", "kein",    "keine",   "ohne",      "außer", "sin",
     "excepto", "ni",    "pas",     "sans",    "sem",       "não"});
constexpr auto kStopWords = std::to_array<std::string_view>(
    {"the",    "are",     "part",      "claim",    "with",   "that",    "this",     "them",
     "they",   "from",    "only",      "than",     "more",   "must",    "should",   "please",
     "before", "after",   "until",     "unless",   "order",  "orders",  "customer", "user",
     "report", "answer",  "message",   "call",     "calls",  "tool",    "tools",    "state",
     "status", "write",   "name",      "names",    "number", "numbers", "date",     "dates",
     "price",  "total",   "items",     "units",    "pieces", "change",  "send",     "book",
     "make",   "give",    "show",      "first",    "other",  "another", "under",    "value",
     "amount", "balance", "remaining", "quantity", "count",  "weight",  "length"});

struct Exclusion {
  std::vector<std::string> words;
  std::vector<std::string> near;  ///< those within four words of the negation
  Span at;
};

class ExcludedRows {
 public:
  explicit ExcludedRows(const Facts& facts)
      : facts_(facts), view_(facts.view()), mentions_(facts.mentions()) {}

  std::vector<ProvenFinding> run() {
    read_exclusions();
    for (const Exclusion& exclusion : exclusions_) {
      if (findings_.size() < 4) {
        check_fields(exclusion);
        check_records(exclusion);
      }
    }
    check_limits();
    return std::move(findings_);
  }

 private:
  /// The content words of each clause that holds a negation; at most 24 clauses.
  void read_exclusions() {
    for (const std::span<const FieldId> fields : {view_.rubric(), view_.request()}) {
      for (const FieldId id : fields) {
        const std::string_view text = view_.field(id).text;
        for (const Match& sentence :
             split_sentences(text, 0, std::min<std::size_t>(text.size(), 8'000))) {
          const std::string folded =
              fold_case(text.substr(sentence.start, sentence.end - sentence.start));
          const std::vector<Word> words = find_words(folded);
          const auto said = [&](std::size_t i) {
            return folded.substr(words[i].start, words[i].end - words[i].start);
          };
          const auto negates = [&](std::size_t i) {
            return std::find(kNegations.begin(), kNegations.end(), said(i)) != kNegations.end();
          };
          Exclusion exclusion;
          bool negated = false;
          for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), 60); ++i) {
            negated = negated || negates(i);
            const std::string word = said(i);
            const bool telling =
                word.size() >= 5 &&
                std::find(kStopWords.begin(), kStopWords.end(), word) == kStopWords.end();
            if (!telling || exclusion.words.size() >= 12) {
              continue;
            }
            exclusion.words.push_back(word);
            for (std::size_t k = i < 4 ? 0 : i - 4; k < std::min(i + 5, words.size()); ++k) {
              if (negates(k)) {
                exclusion.near.push_back(word);
                break;
              }
            }
          }
          if (negated && !exclusion.words.empty() && exclusions_.size() < 24) {
            exclusion.at = {
                id,
                sentence.start,
                sentence.start +
                    prefix_of(text.substr(sentence.start, sentence.end - sentence.start), 300)
                        .size()};
            exclusions_.push_back(std::move(exclusion));
          }
        }
      }
    }
  }

  /// `damaged: 4`, and the record is then given 4.
  void check_fields(const Exclusion& exclusion) {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.output || step.failed) {
        continue;
      }
      const auto& cells = view_.records(*step.output).cells;
      for (std::uint32_t i = 0; i < cells.size() && i < 4'000; ++i) {
        const Cell& cell = cells[i];
        const bool excluded = cell.is_number && cell.number > 0 &&
                              std::find(exclusion.near.begin(), exclusion.near.end(), cell.key) !=
                                  exclusion.near.end();
        if (excluded && check_given({step.index, *step.output, cell.record}, cell, exclusion)) {
          return;
        }
      }
    }
  }

  /// Whether the agent then gives the record this number, which no other field of it has.
  bool check_given(const RecordRef& record, const Cell& excluded, const Exclusion& exclusion) {
    const Cell* name = nullptr;
    for (const std::uint32_t i : mentions_.cells_of(record)) {
      const Cell& cell = mentions_.cell(record, i);
      const bool same = &cell != &excluded && cell.is_number && cell.number == excluded.number;
      if (same) {
        return false;
      }
      const bool names = !cell.is_number && cell.value.size() >= 3 &&
                         std::any_of(cell.value.begin(), cell.value.end(), is_digit);
      name = name == nullptr && names ? &cell : name;
    }
    if (name == nullptr) {
      return false;
    }
    for (const StepView& step : view_.steps().subspan(record.step + 1)) {
      if (step.kind == StepKind::tool && step.input && step.changes_state &&
          gives(step, name->value, excluded.number)) {
        report_given(step, record, *name, excluded, exclusion);
        return true;
      }
    }
    return false;
  }

  /// Whether one record of the call's input holds the name and the number.
  [[nodiscard]] bool gives(const StepView& step, std::string_view name, double number) const {
    const auto& cells = view_.records(*step.input).cells;
    return std::any_of(cells.begin(), cells.end(), [&](const Cell& one) {
      return one.value == name && std::any_of(cells.begin(), cells.end(), [&](const Cell& other) {
               return other.record == one.record && other.is_number && other.number == number;
             });
    });
  }

  void report_given(const StepView& step,
                    const RecordRef& record,
                    const Cell& name,
                    const Cell& excluded,
                    const Exclusion& exclusion) {
    // Where it was first said of the record, the error went in.
    std::size_t at_fault = step.index;
    for (const Statement& statement : facts_.statements().all()) {
      const bool between =
          statement.step && *statement.step > record.step && *statement.step < at_fault;
      if (between && says_of(statement, name.value, excluded)) {
        at_fault = *statement.step;
      }
    }
    std::vector<std::size_t> steps = {at_fault};
    if (at_fault != step.index) {
      steps.push_back(step.index);
    }
    Finding finding = draft(view_, kKind, Severity::critical, steps, "excluded field");
    finding.title =
        fmt::format("{} {} of {} are counted in", excluded.value, excluded.key, name.value);
    finding.explanation = fmt::format(
        "Step {} gives {} the number {}, which step {} has as {}; the request leaves that out: {}.",
        step.number,
        name.value,
        excluded.value,
        view_.steps()[record.step].number,
        excluded.key,
        shown(view_.text(exclusion.at)));
    prove_with(std::move(finding), {record.field, excluded.start, excluded.end}, exclusion.at);
  }

  /// "DR-15B 4 x 7.25": the number right after the name, without the word that excludes it.
  [[nodiscard]] bool says_of(const Statement& statement,
                             std::string_view name,
                             const Cell& excluded) const {
    constexpr std::size_t kReach = 6;
    const std::string_view text = view_.field(statement.at.field).text;
    for (const StatedValue& value : facts_.statements().claims_of(statement)) {
      if (value.token.kind != ValueKind::number || value.token.number != excluded.number) {
        continue;
      }
      const std::size_t from =
          value.at.start < name.size() + kReach ? 0 : value.at.start - name.size() - kReach;
      const Match sentence = Statements::sentence_at(statement, value.at.start);
      const bool named =
          text.substr(from, value.at.start - from).find(name) != std::string_view::npos;
      const bool told = fold_case(text.substr(sentence.start, sentence.end - sentence.start))
                            .find(excluded.key) != std::string::npos;
      if (named && (!told || text.substr(value.at.end, 4).find('x') != std::string_view::npos)) {
        return true;
      }
    }
    return false;
  }

  /// `tipo: "desgaste por uso normal", eur: 120`, and 120 is then computed with.
  void check_records(const Exclusion& exclusion) {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.output || step.failed) {
        continue;
      }
      const auto& cells = view_.records(*step.output).cells;
      for (std::uint32_t i = 0; i < cells.size() && i < 4'000; ++i) {
        constexpr std::size_t kTwoWords = 11;  // telling ones, and a gap
        if (!cells[i].is_number && cells[i].value.size() >= kTwoWords &&
            cells[i].value.size() <= 60 && describes(exclusion, cells[i].value)) {
          check_computed({step.index, *step.output, cells[i].record}, cells[i], exclusion);
        }
      }
    }
  }

  /// Whether all telling words of a text, two at least, are words of the exclusion.
  static bool describes(const Exclusion& exclusion, std::string_view text) {
    std::size_t held = 0;
    for (const Word& word : find_words(text)) {
      const std::string said = fold_case(text.substr(word.start, word.end - word.start));
      if (said.size() < 5) {
        continue;
      }
      if (std::find(exclusion.words.begin(), exclusion.words.end(), said) ==
          exclusion.words.end()) {
        return false;
      }
      ++held;
    }
    return held >= 2;
  }

  void check_computed(const RecordRef& record, const Cell& kind, const Exclusion& exclusion) {
    for (const std::uint32_t i : mentions_.cells_of(record)) {
      const Cell& amount = mentions_.cell(record, i);
      if (!amount.is_number || std::abs(amount.number) < 10 || is_elsewhere(record, amount)) {
        continue;
      }
      for (const StepView& step : view_.steps().subspan(record.step + 1)) {
        if (step.kind == StepKind::tool && step.input &&
            computes_with(*step.input, amount.number)) {
          Finding finding =
              draft(view_, kKind, Severity::critical, std::vector{step.index}, "excluded record");
          finding.title =
              fmt::format("{} is counted in, and it is {}", amount.value, shown(kind.value));
          finding.explanation = fmt::format(
              "Step {} computes with {}, which step {} gives as {}; the request leaves that out: "
              "{}.",
              step.number,
              amount.value,
              view_.steps()[record.step].number,
              shown(kind.value),
              shown(view_.text(exclusion.at)));
          prove_with(std::move(finding), {record.field, kind.start, kind.end}, exclusion.at);
          return;
        }
      }
    }
  }

  /// Whether another record of the results has the same number.
  [[nodiscard]] bool is_elsewhere(const RecordRef& record, const Cell& amount) const {
    for (const Ground& ground : facts_.grounds().range(amount.number, amount.number)) {
      const bool own = ground.at.field == record.field && ground.at.start == amount.start;
      if (!own && ground.step && *ground.step <= record.step) {
        return true;
      }
    }
    return false;
  }

  /// A sum of numbers, one of which it is.
  [[nodiscard]] bool computes_with(FieldId input, double number) const {
    const std::string_view text = view_.field(input).text;
    for (const ValueToken& token : view_.values(input)) {
      const std::size_t from = token.start < 2 ? 0 : token.start - 2;
      const std::string_view around = text.substr(from, token.end + 2 - from);
      if (token.kind == ValueKind::number && token.number == number &&
          around.find('+') != std::string_view::npos) {
        return true;
      }
    }
    return false;
  }

  // --- limits of the request

  void check_limits() {
    for (const RequestValue& value : facts_.request().values()) {
      const ValueToken& token = value.token;
      const bool measured =
          token.kind == ValueKind::number && token.number > 0 && scale_of(token.unit).dimension > 2;
      if (measured && is_most(value) && findings_.size() < 4) {
        check_limit(value);
      }
    }
  }

  [[nodiscard]] bool is_most(const RequestValue& value) const {
    constexpr auto kMost = std::to_array<std::string_view>({"within ",
                                                            "at most ",
                                                            "no more than ",
                                                            "not more than ",
                                                            "up to ",
                                                            "maximum of ",
                                                            "under ",
                                                            "less than ",
                                                            "innerhalb von ",
                                                            "höchstens ",
                                                            "maximal ",
                                                            "binnen ",
                                                            "como máximo ",
                                                            "como mucho ",
                                                            "en menos de ",
                                                            "au plus ",
                                                            "no máximo "});
    const std::string_view text = view_.field(value.field).text;
    const std::size_t from = value.token.start < 18 ? 0 : value.token.start - 18;
    const std::string before = fold_case(text.substr(from, value.token.start - from));
    return std::any_of(kMost.begin(), kMost.end(), [&before](std::string_view word) {
      return before.ends_with(word);
    });
  }

  void check_limit(const RequestValue& limit) {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.changes_state || step.failed) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        const bool id = argument.value.size() >= 3 && argument.value.size() <= 40 &&
                        std::any_of(argument.value.begin(), argument.value.end(), is_digit) &&
                        std::any_of(argument.value.begin(), argument.value.end(), is_letter);
        if (id && check_record_of(step, argument, limit)) {
          return;
        }
      }
    }
  }

  bool check_record_of(const StepView& step, const Argument& argument, const RequestValue& limit) {
    for (const NamedCell& named : mentions_.find(argument.value, 0)) {
      const auto list = mentions_.list_of(named.record);
      if (named.record.step >= step.index || list.size() < 2 || list.size() > 100 ||
          mentions_.cell(named.record, named.cell).value != argument.value) {
        continue;
      }
      const Cell* broken = field_over(named.record, limit);
      const bool other_keeps = std::any_of(list.begin(), list.end(), [&](std::uint32_t row) {
        const RecordRef other{named.record.step, named.record.field, row};
        const Cell* same = broken == nullptr ? nullptr : mentions_.cell_of(other, broken->key);
        return same != nullptr && same->is_number && field_over(other, limit) == nullptr;
      });
      if (broken != nullptr && other_keeps) {
        report_limit(step, named, *broken, limit);
        return true;
      }
    }
    return false;
  }

  /// The field of the limit's unit whose number is above it.
  [[nodiscard]] const Cell* field_over(const RecordRef& record, const RequestValue& limit) const {
    const UnitScale scale = scale_of(limit.token.unit);
    for (const std::uint32_t i : mentions_.cells_of(record)) {
      const Cell& cell = mentions_.cell(record, i);
      const UnitScale own = scale_of(unit_of_name(cell.key));
      if (cell.is_number && own.dimension == scale.dimension &&
          cell.number * own.factor > limit.token.number * scale.factor) {
        return &cell;
      }
    }
    return nullptr;
  }

  void report_limit(const StepView& step,
                    const NamedCell& named,
                    const Cell& broken,
                    const RequestValue& limit) {
    const std::string name = mentions_.cell(named.record, named.cell).value;
    std::size_t at_fault = step.index;
    for (const Statement& statement : facts_.statements().all()) {
      const bool between =
          statement.step && *statement.step > named.record.step && *statement.step < at_fault;
      if (between && view_.text(statement.at).find(name) != std::string_view::npos) {
        at_fault = *statement.step;
      }
    }
    std::vector<std::size_t> steps = {at_fault};
    if (at_fault != step.index) {
      steps.push_back(step.index);
    }
    Finding finding = draft(view_, kKind, Severity::critical, steps, "limit of the request");
    finding.title =
        fmt::format("{} has {} {}, more than was allowed", name, broken.key, broken.value);
    finding.explanation =
        fmt::format("Step {} acts on {}, whose {} is {} by step {}; the request allows {}.",
                    step.number,
                    name,
                    broken.key,
                    broken.value,
                    view_.steps()[named.record.step].number,
                    shown(view_.text(limit.at())));
    prove_with(std::move(finding), {named.record.field, broken.start, broken.end}, limit.at());
  }

  void prove_with(Finding finding, const Span& here, const Span& asked) {
    const auto there = quote(view_, here);
    const auto request = quote(view_, asked);
    if (there && request && findings_.size() < kFindingsOfDetectorMax) {
      findings_.push_back(prove(std::move(finding), Proof(*there).add(*request)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  const Mentions& mentions_;
  std::vector<Exclusion> exclusions_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_excluded_rows(const Facts& facts) {
  return ExcludedRows(facts).run();
}

}  // namespace infinium::maestro
