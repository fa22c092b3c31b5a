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
#include "maestro/text.h"

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
    "FM-1.4",
    "Carry every item over, and compare the count with the result's.",
};

constexpr std::size_t kListMin = 3;
constexpr std::size_t kListMax = 500;
constexpr std::size_t kListsMax = 100;

/// A column of one list of records.
struct ListColumn {
  std::size_t step = 0;
  FieldId field = 0;
  std::string key;
  std::vector<const Cell*> cells;  ///< one a record, in order
};

class DropCheck {
 public:
  explicit DropCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {
    wants_all_ = facts.request().says_any(
        {"all",        "every", "each",   "total",   "sum",        "complete", "whole", "entire",
         "everything", "alle",  "jede",   "jeden",   "gesamt",     "summe",    "todos", "todas",
         "cada",       "suma",  "add up", "overall", "altogether", "sums"});
    wants_some_ = facts.request().says_any(
        {"top",     "largest", "smallest", "highest",   "lowest",  "first",   "last",   "best",
         "worst",   "over",    "above",    "below",     "under",   "least",   "most",   "more",
         "less",    "fewer",   "exceed",   "exceeding", "exceeds", "between", "except", "excluding",
         "exclude", "without", "only",     "minimum",   "maximum", "sample",  "some",   "few",
         "up to",   "unless",  "not",      "filter"});
  }

  std::vector<ProvenFinding> run() {
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
  void collect() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.output || step.failed ||
          view_.field(*step.output).cut) {
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

  [[nodiscard]] static bool few(std::size_t missing, std::size_t all) {
    return missing >= 1 && missing <= std::max<std::size_t>(1, all / 4);
  }

  /// Columns of the same list, to look for a reason in.
  [[nodiscard]] std::vector<const ListColumn*> siblings(const ListColumn& column) const {
    std::vector<const ListColumn*> found;
    for (const ListColumn& other : columns_) {
      if (other.field == column.field && other.cells.size() == column.cells.size() &&
          other.cells.front()->record == column.cells.front()->record) {
        found.push_back(&other);
      }
    }
    return found;
  }

  /// Whether the list itself, with the request, gives a reason to leave these records out.
  [[nodiscard]] bool has_reason(const ListColumn& column,
                                const std::vector<std::size_t>& missing) const {
    const std::unordered_set<std::size_t> out(missing.begin(), missing.end());
    for (const ListColumn* other : siblings(column)) {
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
      bool outside = other->cells.front()->is_number;
      bool said = false;
      for (const std::size_t i : missing) {
        const Cell& cell = *other->cells[i];
        differs = differs && kept != nullptr && cell.value != *kept;
        outside = outside && (cell.number < low || cell.number > high);
        said = said || (!cell.is_number && negated(cell.value));
      }
      if (blank || said || (same_kept && differs) || (outside && wants_some_)) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool negated(std::string_view value) const {
    const std::string folded = fold_case(value);
    const auto words = facts_.request().words();
    return std::any_of(words.begin(), words.end(), [&folded](const RequestWord& word) {
      return word.negated && word.text == folded;
    });
  }

  /// Records whose value is not among the step's arguments; empty unless the arguments of one key
  /// are all values of this column but a few.
  [[nodiscard]] std::vector<std::size_t> missing_from(const ListColumn& column,
                                                      const StepView& step) const {
    std::map<std::string, std::unordered_map<std::uint64_t, std::size_t>> by_key;
    std::map<std::string, std::size_t> sizes;
    for (const Argument& argument : step.arguments) {
      if (argument.value.size() <= 80 && argument.op != "select") {
        ++by_key[argument.key][value_key(argument.value)];
        ++sizes[argument.key];
      }
    }
    for (auto& [key, values] : by_key) {
      const std::size_t size = sizes[key];
      if (size < 2 || size >= column.cells.size() ||
          !few(column.cells.size() - size, column.cells.size())) {
        continue;
      }
      std::vector<std::size_t> missing;
      for (std::size_t i = 0; i < column.cells.size(); ++i) {
        const auto found = values.find(value_key(column.cells[i]->value));
        if (found == values.end() || found->second == 0) {
          missing.push_back(i);
        } else {
          --found->second;
        }
      }
      if (missing.size() == column.cells.size() - size) {
        return missing;
      }
    }
    return {};
  }

  bool by_arguments(const ListColumn& column) {
    constexpr std::size_t kStepsMax = 300;
    std::vector<std::size_t> missing;
    std::size_t at = 0;
    for (const StepView& step : view_.steps().subspan(
             column.step + 1, std::min(kStepsMax, view_.steps().size() - column.step - 1))) {
      if (step.kind != StepKind::tool || step.arguments.size() < 2 ||
          step.arguments.size() > 2'000) {
        continue;
      }
      missing = missing_from(column, step);
      at = step.index;
      if (!missing.empty()) {
        break;
      }
    }
    if (missing.empty() || has_reason(column, missing)) {
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
    if (!numbers || column.cells.size() < 4 || !wants_all_) {
      return;
    }
    for (const StepView& step : view_.steps().subspan(column.step + 1)) {
      if (step.kind != StepKind::tool || !step.output || sums_examined_ > 2'000) {
        continue;
      }
      for (const ValueToken& token : view_.values(*step.output)) {
        if (token.kind != ValueKind::number || std::abs(token.number) < 100 ||
            token.precision > std::abs(token.number) / 1000 || ++sums_examined_ > 2'000) {
          continue;
        }
        if (is_sum_without_one(column, total, token, step.index)) {
          return;
        }
      }
    }
  }

  bool is_sum_without_one(const ListColumn& column,
                          double total,
                          const ValueToken& token,
                          std::size_t step) {
    for (const double scale : {1.0, 100.0, 1000.0}) {
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
          if (!has_reason(column, missing)) {
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
    if (!wants_all_ || column.cells.size() > 200 || !names_items(column)) {
      return;
    }
    std::vector<std::size_t> missing;
    std::optional<FieldId> best;
    for (const FieldId id : view_.delivered()) {
      const TextField& field = view_.field(id);
      if (field.cut || field.text.size() > kTextMax || (field.step && *field.step <= column.step)) {
        continue;
      }
      std::vector<std::size_t> absent;
      for (std::size_t i = 0; i < column.cells.size(); ++i) {
        if (!find_folded(field.text, fold_case(column.cells[i]->value))) {
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
        !few(missing.size(), column.cells.size()) || has_reason(column, missing)) {
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

  /// Whether the column's values are distinct and long enough to be found in prose.
  [[nodiscard]] static bool names_items(const ListColumn& column) {
    std::unordered_set<std::string_view> seen;
    return std::all_of(column.cells.begin(), column.cells.end(), [&seen](const Cell* cell) {
      return cell->value.size() >= 3 && cell->value.size() <= 60 &&
             seen.insert(cell->value).second &&
             (!cell->is_number || cell->value.find('.') == std::string::npos);
    });
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
    const Severity severity = wants_all_ ? Severity::critical : Severity::warning;
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
    if (there) {
      reported_.insert(column.step);
      findings_.push_back(prove(std::move(finding), Proof(*there).add(carried)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  bool wants_all_ = false;
  bool wants_some_ = false;
  std::size_t lists_ = 0;
  std::size_t sums_examined_ = 0;
  std::vector<ListColumn> columns_;
  std::unordered_set<std::size_t> reported_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_dropped_items(const Facts& facts) { return DropCheck(facts).run(); }

}  // namespace infinium::maestro
