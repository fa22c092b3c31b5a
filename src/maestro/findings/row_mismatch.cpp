#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"

/// Behaviour: of the rows that a result lists, a step goes on with another than the one the user
/// named. Source: labelled failures of tool-using agents.
/// How: a list in which the request names exactly one record, by a value that only this record has;
/// a later step whose one argument from that list belongs to another record, while the named
/// record's own value is never used. Where the step's answer is the other record alone, the same.
/// Blind spots: records named by description; picks made inside code.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "argument.mismatch",
    "Select the row by the value that the task names.",
};

constexpr std::size_t kListMax = 500;
constexpr std::size_t kListsMax = 200;

/// A list of records of which the request names exactly one.
struct NamedList {
  FieldId field = 0;
  std::size_t step = 0;
  std::uint32_t record = 0;  ///< the one that is named
  std::string name;          ///< what names it
  Span asked;                ///< where the request says so
  bool certain = false;      ///< named by an id or a proper name
  std::unordered_map<std::uint64_t, const Cell*>
      by_value;  ///< cells whose value only one record has
  std::unordered_map<std::string, const Cell*> named_cells;  ///< of the named record, by key
};

bool is_id_key(std::string_view key) {
  const std::vector<std::string> words = name_words(key);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "id" || word == "no" || word == "number" || word == "nr" || word == "code" ||
           word == "sku" || word == "ref";
  });
}

/// Whether a value names its record beyond doubt: a proper name, or an id under an id's key.
bool is_proper(const Cell& cell) {
  const std::string_view text = trim(cell.value);
  if (text.empty()) {
    return false;
  }
  const bool digit = std::any_of(text.begin(), text.end(), is_digit);
  return digit ? is_id_key(cell.key)
               : is_upper(text.front()) || static_cast<unsigned char>(text.front()) >= 0x80;
}

class RowCheck {
 public:
  explicit RowCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    collect_lists();
    for (const NamedList& list : lists_) {
      for (const StepView& step : view_.steps().subspan(list.step + 1)) {
        if (findings_.size() >= kFindingsOfDetectorMax || check(list, step)) {
          break;
        }
      }
    }
    return std::move(findings_);
  }

 private:
  void collect_lists() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.output || step.failed) {
        continue;
      }
      const Records& records = view_.records(*step.output);
      std::unordered_map<std::uint32_t, std::vector<const Cell*>> cells;
      for (const Cell& cell : records.cells) {
        cells[cell.record].push_back(&cell);
      }
      for (const auto& members : records.lists) {
        if (members.size() >= 2 && members.size() <= kListMax && lists_.size() < kListsMax) {
          add_list(step, members, cells);
        }
      }
    }
  }

  void add_list(const StepView& step,
                const std::vector<std::uint32_t>& members,
                const std::unordered_map<std::uint32_t, std::vector<const Cell*>>& cells) {
    struct Seen {
      const Cell* cell = nullptr;
      bool unique = true;
    };
    std::unordered_map<std::uint64_t, Seen> seen;
    for (const std::uint32_t member : members) {
      const auto found = cells.find(member);
      if (found == cells.end()) {
        continue;
      }
      for (const Cell* cell : found->second) {
        Seen& entry = seen[value_key(cell->value)];
        entry.unique = entry.cell == nullptr;
        entry.cell = cell;
      }
    }
    NamedList list;
    list.field = *step.output;
    list.step = step.index;
    bool found_one = false;
    for (const std::uint32_t member : members) {
      const auto found = cells.find(member);
      if (found == cells.end()) {
        continue;
      }
      for (const Cell* cell : found->second) {
        if (!seen[value_key(cell->value)].unique) {
          continue;
        }
        list.by_value.emplace(value_key(cell->value), cell);
        if (!may_name(*cell)) {
          continue;
        }
        const std::optional<Span> at = facts_.request().mentions(cell->value);
        if (!at) {
          continue;
        }
        if (found_one && list.record != member) {
          return;  // the request names several
        }
        const bool standing =
            view_.field(at->field).path.starts_with("expected_outcome.constraints");
        const bool certain = is_proper(*cell) && !standing;
        if (!found_one || (certain && !list.certain)) {
          list.name = cell->value;
          list.asked = *at;
          list.certain = certain;
        }
        found_one = true;
        list.record = member;
      }
    }
    if (!found_one) {
      return;
    }
    for (const Cell* cell : cells.at(list.record)) {
      list.named_cells.emplace(cell->key, cell);
    }
    lists_.push_back(std::move(list));
  }

  static bool may_name(const Cell& cell) {
    if (cell.is_number) {
      return cell.value.size() >= 3 && cell.value.find('.') == std::string::npos &&
             is_id_key(cell.key);
    }
    const bool month = cell.value.size() == 7 && is_digit(cell.value[0]) && cell.value[4] == '-';
    return cell.value.size() >= 3 && cell.value.size() <= 60 && !month;
  }

  /// Whether this step settles the list: it takes the named record, or was reported.
  bool check(const NamedList& list, const StepView& step) {
    if (step.kind != StepKind::tool) {
      return false;
    }
    const Argument* taken = nullptr;
    const Cell* from = nullptr;
    for (const Argument& argument : step.arguments) {
      if (argument.op == "select" || argument.value.size() > 80) {
        continue;
      }
      const auto found = list.by_value.find(value_key(argument.value));
      if (found == list.by_value.end() || found->second->value.size() < 2) {
        continue;
      }
      if (found->second->record == list.record) {
        return true;
      }
      if (taken != nullptr && found->second->record != from->record) {
        return true;  // the step works on several rows
      }
      taken = &argument;
      from = found->second;
    }
    if (taken == nullptr || facts_.request().mentions(from->value)) {
      return false;
    }
    const auto own = list.named_cells.find(from->key);
    if (own == list.named_cells.end() || !facts_.uses(value_key(own->second->value)).empty()) {
      return false;
    }
    report(list, step, *taken, *own->second);
    return true;
  }

  void report(const NamedList& list, const StepView& step, const Argument& taken, const Cell& own) {
    const Severity severity = list.certain ? Severity::critical : Severity::warning;
    Finding finding = draft(view_, kKind, severity, std::array{step.index}, "row");
    finding.title = fmt::format("{} took the row of {} instead of the one of {}",
                                name_of(step),
                                shown(taken.value),
                                shown(list.name));
    finding.explanation = fmt::format(
        "Step {} went on with {} from the result of step {}; the user asked for {}, whose value "
        "there "
        "is {} and which no step uses.",
        step.number,
        shown(taken.value),
        view_.steps()[list.step].number,
        shown(list.name),
        shown(own.value));
    const auto here = quote(view_, taken.at);
    const auto there = quote(view_, list.asked);
    if (here && there) {
      findings_.push_back(
          prove(std::move(finding),
                Proof(*here).add(*there).add(quote(view_, Span{list.field, own.start, own.end}))));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<NamedList> lists_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_row_mismatches(const Facts& facts) { return RowCheck(facts).run(); }

std::vector<ProvenFinding> find_argument_mismatches(const Facts& facts) {
  std::vector<ProvenFinding> all;
  for (const auto find :
       {find_slot_mismatches, find_stale_resources, find_column_mismatches, find_row_mismatches}) {
    for (ProvenFinding& finding : find(facts)) {
      // One fault of one step is told once, by the surest way of seeing it.
      const bool told = std::any_of(all.begin(), all.end(), [&finding](const ProvenFinding& other) {
        return other->step_indices == finding->step_indices && other->severity >= finding->severity;
      });
      if (!told) {
        all.push_back(std::move(finding));
      }
    }
  }
  return all;
}

}  // namespace infinium::maestro
