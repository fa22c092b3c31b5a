#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/figures.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/list_columns.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

/// Behaviour: a result lists N items, and the next step or the output goes on with all but one or a
/// few of them. Source: labelled failures (lost items, premature ends of a list).
/// How: a step whose list of arguments is all of a column but a few values; a figure that is the
/// column's sum without one of its rows; a report that names all rows but a few. Nothing is raised
/// where a reason shows: the kept rows share a value that the request names, or lie on one side of
/// a limit and the request speaks of limits, or the missing row is blank.
/// Blind spots: lists that code filters for reasons the request does not give; more than a quarter
/// missing.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "information.dropped",
    "Carry every item over, and compare the count with the result's.",
};

constexpr std::array kScales = {1.0, 100.0, 1000.0};  ///< of units that a sum may be given in
constexpr std::size_t kListMin = 3;
constexpr std::size_t kListMax = 500;
constexpr std::size_t kListsMax = 100;

class DropCheck {
 public:
  explicit DropCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {
    collect_quantifiers();
    ranks_ = facts.request().says_any({"top",
                                       "largest",
                                       "smallest",
                                       "highest",
                                       "lowest",
                                       "first",
                                       "last",
                                       "best",
                                       "worst",
                                       "biggest",
                                       "cheapest",
                                       "newest",
                                       "oldest",
                                       "latest",
                                       "sample",
                                       "größten",
                                       "mayores"});
    for (const RequestValue& value : facts.request().values()) {
      if (value.token.kind == ValueKind::number && limits_.size() < 200) {
        limits_.push_back(value.token.number);
      }
    }
  }

  std::vector<ProvenFinding> run() {
    if (quantified_.empty() && !sums_up_) {
      return {};  // nobody asked for all of anything
    }
    collect();
    for (const ListColumn& column : columns_) {
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      if (reported_.contains(column.step)) {
        continue;
      }
      if (!by_arguments(column)) {
        by_sum(column);
      }
    }
    for (const ListColumn& column : columns_) {
      if (!reported_.contains(column.step) && findings_.size() < kFindingsOfDetectorMax) {
        by_report(column);
      }
    }
    return std::move(findings_);
  }

 private:
  /// The words that "all", "every", "each" … stand before, and whether a total is asked for.
  /// Standing rules (constraints) speak of lists in general and do not count.
  void collect_quantifiers() {
    constexpr std::array<std::string_view, 14> kAll = {"all",
                                                       "every",
                                                       "each",
                                                       "complete",
                                                       "whole",
                                                       "entire",
                                                       "alle",
                                                       "jede",
                                                       "jeden",
                                                       "jedes",
                                                       "sämtliche",
                                                       "todos",
                                                       "todas",
                                                       "cada"};
    constexpr std::array<std::string_view, 16> kTotals = {"total",
                                                          "totals",
                                                          "sum",
                                                          "sums",
                                                          "summe",
                                                          "gesamt",
                                                          "gesamtsumme",
                                                          "suma",
                                                          "overall",
                                                          "altogether",
                                                          "add",
                                                          "totalling",
                                                          "aggregate",
                                                          "average",
                                                          "mean",
                                                          "合計"};
    const auto words = facts_.request().words();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].negated ||
          view_.field(words[i].at.field).path.starts_with("expected_outcome.constraints")) {
        continue;
      }
      sums_up_ =
          sums_up_ || std::find(kTotals.begin(), kTotals.end(), words[i].text) != kTotals.end();
      if (std::find(kAll.begin(), kAll.end(), words[i].text) != kAll.end()) {
        for (std::size_t k = i + 1; k < std::min(i + 5, words.size()); ++k) {
          quantified_.push_back(words[k].text);
        }
      }
    }
  }

  /// Whether all of this list was asked for: the request quantifies a word of its keys, or wants
  /// a total and the column holds numbers.
  [[nodiscard]] bool asks_for_all(const ListColumn& column) const {
    if (sums_up_ && column.cells.front()->is_number && !is_id_column(column)) {
      return true;
    }
    for (const ListColumn* other : siblings(column)) {
      for (const std::string& part : name_words(other->key)) {
        for (const std::string& word : quantified_) {
          if (part.size() >= 3 && word.size() >= 3 && same_stem(part, word)) {
            return true;
          }
        }
      }
    }
    return says_of_list(view_.steps()[column.step]);
  }

  /// Whether the call that gave the list names what is quantified: its tool, table or file.
  [[nodiscard]] bool says_of_list(const StepView& step) const {
    const auto named = [this](std::string_view name) {
      for (const std::string& part : name_words(name)) {
        for (const std::string& word : quantified_) {
          if (part.size() >= 4 && word.size() >= 4 && same_stem(part, word)) {
            return true;
          }
        }
      }
      return false;
    };
    return named(step.tool) ||
           std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
             return argument.value.size() <= 200 && named(argument.value);
           });
  }

  void collect() {
    for (const StepView& step : view_.steps()) {
      const bool answered = step.kind == StepKind::tool && step.output && !step.failed;
      if (!answered || view_.field(*step.output).cut) {
        continue;
      }
      const Records& records = view_.records(*step.output);
      std::unordered_map<std::uint32_t, std::vector<const Cell*>> cells;
      for (const Cell& cell : records.cells) {
        cells[cell.record].push_back(&cell);
      }
      for (const auto& members : records.lists) {
        if (members.size() >= kListMin && members.size() <= kListMax && lists_ < kListsMax) {
          ++lists_;
          add_list(step, members, cells);
        }
      }
    }
  }

  void add_list(const StepView& step,
                const std::vector<std::uint32_t>& members,
                const std::unordered_map<std::uint32_t, std::vector<const Cell*>>& cells) {
    std::map<std::string, std::vector<const Cell*>> by_key;
    for (const std::uint32_t member : members) {
      const auto found = cells.find(member);
      if (found == cells.end()) {
        return;
      }
      for (const Cell* cell : found->second) {
        by_key[cell->key].push_back(cell);
      }
    }
    for (auto& [key, column] : by_key) {
      if (column.size() == members.size()) {
        columns_.push_back({step.index, *step.output, key, std::move(column)});
      }
    }
  }

  /// Columns of the same list, to look for a reason in.
  [[nodiscard]] std::vector<const ListColumn*> siblings(const ListColumn& column) const {
    std::vector<const ListColumn*> found;
    for (const ListColumn& other : columns_) {
      const bool same_size =
          other.field == column.field && other.cells.size() == column.cells.size();
      if (same_size && other.cells.front()->record == column.cells.front()->record) {
        found.push_back(&other);
      }
    }
    return found;
  }

  [[nodiscard]] bool is_said(const Cell& cell) const {
    if (cell.is_number || cell.value.size() < 3 || cell.value.size() > 80) {
      return false;
    }
    return facts_.request().mentions(cell.value).has_value();
  }

  /// Whether the request picks the kept records by name, and none of those left out.
  [[nodiscard]] bool picks(const ListColumn& column,
                           const std::unordered_set<std::size_t>& out) const {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < column.cells.size(); ++i) {
      const bool said = is_said(*column.cells[i]);
      if (said && out.contains(i)) {
        return false;
      }
      kept += said ? 1u : 0u;
    }
    return kept > 0 && 2 * kept >= column.cells.size() - out.size();
  }

  /// Whether the list itself, with the request, gives a reason to leave these records out.
  [[nodiscard]] bool has_reason(const ListColumn& column,
                                const std::vector<std::size_t>& missing) const {
    const std::unordered_set<std::size_t> out(missing.begin(), missing.end());
    for (const ListColumn* other : siblings(column)) {
      if (picks(*other, out)) {
        return true;
      }
      bool same_kept = true;
      bool blank = true;
      double low = 1e308;
      double high = -1e308;
      const std::string* kept = nullptr;
      for (std::size_t i = 0; i < other->cells.size(); ++i) {
        const Cell& cell = *other->cells[i];
        if (out.contains(i)) {
          blank = blank && (cell.value.empty() || cell.value == "null" || cell.value == "None" ||
                            (cell.is_number && cell.number == 0));
          continue;
        }
        same_kept = same_kept && (kept == nullptr || *kept == cell.value);
        kept = &cell.value;
        low = std::min(low, cell.number);
        high = std::max(high, cell.number);
      }
      bool differs = true;
      bool above = other->cells.front()->is_number && !is_id_column(*other);
      bool below = above;
      bool said = false;
      double nearest_above = 1e308;
      double nearest_below = -1e308;
      for (const std::size_t i : missing) {
        const Cell& cell = *other->cells[i];
        differs = differs && kept != nullptr && cell.value != *kept;
        above = above && cell.number > high;
        below = below && cell.number < low;
        nearest_above = std::min(nearest_above, cell.number);
        nearest_below = std::max(nearest_below, cell.number);
        said = said || (!cell.is_number && negated(cell.value));
      }
      const bool limited = (above && (ranks_ || has_limit(high, nearest_above))) ||
                           (below && (ranks_ || has_limit(nearest_below, low)));
      if (blank || said || (same_kept && differs) || limited || is_of_another_sort(*other, out) ||
          is_marked(*other, missing)) {
        return true;
      }
    }
    return false;
  }

  /// Whether the request states a number from one value to the other.
  [[nodiscard]] bool has_limit(double from, double to) const {
    return std::any_of(
        limits_.begin(), limits_.end(), [=](double limit) { return limit >= from && limit <= to; });
  }

  [[nodiscard]] bool negated(std::string_view value) const {
    const std::string folded = fold_case(value);
    const auto words = facts_.request().words();
    return std::any_of(words.begin(), words.end(), [&folded](const RequestWord& word) {
      return word.negated && word.text == folded;
    });
  }

  bool by_arguments(const ListColumn& column) {
    constexpr std::size_t kStepsMax = 300;
    std::vector<std::size_t> missing;
    std::size_t at = 0;
    for (const StepView& step : view_.steps().subspan(
             column.step + 1, std::min(kStepsMax, view_.steps().size() - column.step - 1))) {
      const std::size_t count = step.arguments.size();
      if (step.kind != StepKind::tool || count < 2 || count > 2'000) {
        continue;
      }
      missing = missing_from(column, step);
      at = step.index;
      if (!missing.empty()) {
        break;
      }
    }
    if (missing.empty() || !asks_for_all(column) || has_reason(column, missing) ||
        is_spoken_of(column, missing, column.step + 1)) {
      return false;
    }
    const FieldId input = *view_.steps()[at].input;
    report(column, missing, at, {input, 0, view_.field(input).text.size()});
    return true;
  }

  /// A figure that is the sum of all rows but one.
  void by_sum(const ListColumn& column) {
    double total = 0;
    bool numbers = true;
    for (const Cell* cell : column.cells) {
      numbers = numbers && cell->is_number;
      total += cell->number;
    }
    if (!numbers || column.cells.size() < 4 || !sums_up_) {
      return;
    }
    if (full_sum_stands(total, column.step)) {
      return;
    }
    for (const StepView& step : view_.steps().subspan(column.step + 1)) {
      if (step.kind != StepKind::tool || !step.output || sums_examined_ > 2'000) {
        continue;
      }
      for (const ValueToken& token : view_.values(*step.output)) {
        if (token.kind != ValueKind::number || std::abs(token.number) < 100 ||
            token.precision > std::abs(token.number) / 5000 || ++sums_examined_ > 2'000) {
          continue;
        }
        if (is_sum_without_one(column, total, token, step.index)) {
          return;
        }
      }
    }
  }

  /// Whether a later result or the output gives the sum of all rows.
  [[nodiscard]] bool full_sum_stands(double total, std::size_t after) const {
    constexpr std::size_t kFieldsMax = 400;
    std::size_t examined = 0;
    const auto holds = [&](FieldId id) {
      const auto values = view_.values(id);
      return ++examined < kFieldsMax &&
             std::any_of(
                 values.begin(),
                 values.end(),
                 [total](const ValueToken& token) {
                   return std::any_of(kScales.begin(), kScales.end(), [&](double scale) {
                     return std::abs(total - token.number * scale) <=
                            token.precision * scale / 2 + std::abs(total) * 1e-9;
                   });
                 });
    };
    for (const FieldId id : view_.delivered()) {
      if (holds(id)) {
        return true;
      }
    }
    for (const StepView& step : view_.steps().subspan(after + 1)) {
      if (step.output && holds(*step.output)) {
        return true;
      }
    }
    return false;
  }

  bool is_sum_without_one(const ListColumn& column,
                          double total,
                          const ValueToken& token,
                          std::size_t step) {
    for (const double scale : kScales) {
      const double gap = total - token.number * scale;
      const double slack = token.precision * scale / 2 + std::abs(total) * 1e-9;
      if (std::abs(gap) <= slack) {
        return false;
      }
      for (std::size_t i = 0; i < column.cells.size(); ++i) {
        const double value = column.cells[i]->number;
        if (std::abs(value) > 4 * slack && std::abs(value - gap) <= slack &&
            value >= total / static_cast<double>(50 * column.cells.size())) {
          const std::vector<std::size_t> missing{i};
          if (!has_reason(column, missing) && !is_spoken_of(column, missing, column.step + 1)) {
            report(column, missing, step, {*view_.steps()[step].output, token.start, token.end});
            return true;
          }
        }
      }
    }
    return false;
  }

  /// What was delivered names all rows but a few.
  void by_report(const ListColumn& column) {
    constexpr std::size_t kTextMax = 64'000;
    if (!asks_for_all(column) || column.cells.size() > 200 || !names_items(column) ||
        !identifies(column)) {
      return;
    }
    std::vector<std::size_t> missing;
    std::optional<FieldId> best;
    for (const FieldId id : view_.delivered()) {
      const TextField& field = view_.field(id);
      if (field.cut || field.text.size() > kTextMax || (field.step && *field.step <= column.step)) {
        continue;
      }
      const FoldedText folded(field.text);
      std::vector<std::size_t> absent;
      for (std::size_t i = 0; i < column.cells.size(); ++i) {
        if (!folded.find(fold_case(column.cells[i]->value))) {
          absent.push_back(i);
        }
      }
      if (absent.empty()) {
        return;
      }
      if (!best || absent.size() < missing.size()) {
        best = id;
        missing = std::move(absent);
      }
    }
    if (!best || column.cells.size() - missing.size() < 3 ||
        !is_few(missing.size(), column.cells.size()) || has_reason(column, missing) ||
        is_delivered(column, missing)) {
      return;
    }
    const std::size_t last =
        column.cells.size() - (missing.back() + 1 == column.cells.size() ? 2 : 1);
    const auto stands = find_folded(view_.field(*best).text, fold_case(column.cells[last]->value));
    const Span at =
        stands ? Span{*best, stands->start, stands->end}
               : Span{*best, 0, std::min<std::size_t>(view_.field(*best).text.size(), 200)};
    report(column, missing, view_.field(*best).step, at);
  }

  /// Whether the column says which record each is: an id or a name, or the first text of a record.
  [[nodiscard]] bool identifies(const ListColumn& column) const {
    if (is_id_column(column)) {
      return true;
    }
    const auto has_letter = [](const Cell* cell) {
      return std::any_of(cell->value.begin(), cell->value.end(), [](char c) {
        return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
      });
    };
    if (!std::all_of(column.cells.begin(), column.cells.end(), has_letter) ||
        !find_days(column.cells.front()->value).empty()) {
      return false;
    }
    std::size_t first = column.cells.front()->start;
    for (const ListColumn* other : siblings(column)) {
      if (std::all_of(other->cells.begin(), other->cells.end(), has_letter)) {
        first = std::min<std::size_t>(first, other->cells.front()->start);
      }
    }
    return first == column.cells.front()->start;
  }

  /// Whether what was handed over speaks of the missing records by any word of their own.
  [[nodiscard]] bool is_delivered(const ListColumn& column,
                                  const std::vector<std::size_t>& missing) const {
    for (const std::size_t i : missing) {
      const std::vector<std::string> words = own_words(siblings(column), i);
      const bool told =
          std::any_of(view_.delivered().begin(), view_.delivered().end(), [&](const FieldId id) {
            const FoldedText text(prefix_of(view_.field(id).text, 64'000));
            return std::any_of(words.begin(), words.end(), [&text](const std::string& word) {
              return text.find(word).has_value();
            });
          });
      if (!told) {
        return false;
      }
    }
    return true;
  }

  /// Whether the agent named a missing record itself, from a step on: then it is left out
  /// knowingly. By the words that the user asked about it named nothing of its own accord.
  [[nodiscard]] bool is_spoken_of(const ListColumn& column,
                                  const std::vector<std::size_t>& missing,
                                  std::size_t from) const {
    std::vector<std::string> words = own_words(siblings(column), missing.front());
    std::erase_if(words, [&](const std::string& word) {
      return facts_.asked().find(word, from).has_value();
    });
    const auto speaks = [&words](std::string_view text) {
      const FoldedText folded(prefix_of(text, 20'000));
      return std::any_of(words.begin(), words.end(), [&folded](const std::string& word) {
        return folded.find(word).has_value();
      });
    };
    for (const Statement& statement : facts_.statements().all()) {
      if ((!statement.step || *statement.step >= from) && speaks(view_.text(statement.at))) {
        return true;
      }
    }
    constexpr std::size_t kStepsMax = 300;
    std::size_t examined = 0;
    for (const StepView& step : view_.steps().subspan(std::min(from, view_.steps().size()))) {
      if (step.kind == StepKind::tool && step.input && ++examined < kStepsMax &&
          speaks(view_.field(*step.input).text)) {
        return true;
      }
    }
    return false;
  }

  void report(const ListColumn& column,
              const std::vector<std::size_t>& missing,
              std::optional<std::size_t> at,
              const Span& here) {
    std::vector<std::size_t> steps;
    if (at) {
      steps.push_back(*at);
    }
    const Cell& gone = *column.cells[missing.front()];
    // Who changes something for a user may be told to change a part.
    const bool selects =
        at && view_.steps()[*at].changes_state && !names_a_delivery(view_.steps()[*at].tool);
    const Severity severity =
        asks_for_all(column) && !selects ? Severity::critical : Severity::warning;
    Finding finding = draft(view_, kKind, severity, steps, "list");
    finding.title = fmt::format("{} of {} items are left out", missing.size(), column.cells.size());
    finding.explanation = fmt::format(
        "The result of step {} lists {} items; {} goes on with {} of them, and {} {} is not among "
        "them.",
        view_.steps()[column.step].number,
        column.cells.size(),
        at ? fmt::format("step {}", view_.steps()[*at].number) : std::string("the output"),
        column.cells.size() - missing.size(),
        column.key,
        shown(gone.value));
    const auto there = quote(view_, {column.field, gone.start, gone.end});
    const auto carried = quote(view_, here);
    const bool told =
        std::any_of(findings_.begin(), findings_.end(), [&finding](const auto& other) {
          return other->step_indices == finding.step_indices;
        });
    if (there) {
      reported_.insert(column.step);
    }
    if (there && !told) {
      findings_.push_back(prove(std::move(finding), Proof(*there).add(carried)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<std::string> quantified_;
  bool sums_up_ = false;
  bool ranks_ = false;          ///< the request asks for the first or largest of a list
  std::vector<double> limits_;  ///< numbers of the request
  std::size_t lists_ = 0;
  std::size_t sums_examined_ = 0;
  std::vector<ListColumn> columns_;
  std::unordered_set<std::size_t> reported_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_dropped_items(const Facts& facts) { return DropCheck(facts).run(); }

}  // namespace infinium::maestro
