#include "maestro/findings/figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kFiguresMax = 20'000;

bool names_a_unit(std::string_view key) {
  return key == "unit" || key == "units" || key == "uom" || key == "currency" ||
         key == "currency_unit" || key == "measure_unit" || key == "unit_of_measure";
}

/// The unit of a note such as "amount in cents", "(Wh)"; none if it has none.
Unit unit_of_note(std::string_view note) {
  const std::vector<Word> words = find_words(prefix_of(note, 400));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = note.substr(words[i].start, words[i].end - words[i].start);
    const Unit unit = unit_of_word(word);
    if (scale_of(unit).dimension == 0) {
      continue;
    }
    const std::string before =
        i == 0 ? std::string()
               : fold_case(note.substr(words[i - 1].start, words[i - 1].end - words[i - 1].start));
    const bool bracketed = words[i].start > 0 && note[words[i].start - 1] == '(';
    if (before == "in" || before == "unit" || bracketed || words.size() == 1 || before == "as") {
      return unit;
    }
  }
  return Unit::none;
}

/// Units that notes in the results give to columns.
std::unordered_map<std::string, Unit> noted_units(const Facts& facts) {
  std::unordered_map<std::string, Unit> units;
  const TraceView& view = facts.view();
  std::size_t examined = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || !step.output) {
      continue;
    }
    const Records& records = view.records(*step.output);
    for (std::size_t i = 0; i < records.cells.size(); ++i) {
      const Cell& cell = records.cells[i];
      if (cell.is_number || cell.value.size() < 4 || cell.value.size() > 400 ||
          ++examined > 20'000) {
        continue;
      }
      const Unit unit = unit_of_note(cell.value);
      if (unit == Unit::none) {
        continue;
      }
      units.emplace(cell.key, unit);  // {"amount": "integer, in cents"}
      for (std::size_t k = i < 6 ? 0 : i - 6; k < std::min(i + 6, records.cells.size()); ++k) {
        if (records.cells[k].record == cell.record && k != i) {
          units.emplace(fold_case(records.cells[k].value), unit);  // {"name": "amount", "note": …}
        }
      }
    }
  }
  return units;
}

class FigureReader {
 public:
  explicit FigureReader(const Facts& facts) : view_(facts.view()), noted_(noted_units(facts)) {}

  std::vector<Figure> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind == StepKind::tool && step.output && !step.failed) {
        read(step);
      }
    }
    return std::move(figures_);
  }

 private:
  struct Sum {
    double total = 0;
    std::size_t count = 0;
    Unit unit = Unit::none;
    Currency currency = Currency::any;
    Span first;
  };

  void read(const StepView& step) {
    const Records& records = view_.records(*step.output);
    std::unordered_map<std::uint32_t, std::pair<Unit, Currency>> stated;
    for (const Cell& cell : records.cells) {
      if (names_a_unit(cell.key)) {
        const Unit unit = unit_of_word(cell.value);
        if (unit != Unit::none) {
          stated.emplace(cell.record, std::pair{unit, currency_of_word(cell.value)});
        }
      }
    }
    std::map<std::string, Sum> sums;
    for (const Cell& cell : records.cells) {
      if (!cell.is_number || figures_.size() >= kFiguresMax) {
        continue;
      }
      Unit unit = unit_of_name(cell.key);
      Currency currency = currency_of_name(cell.key);
      if (const auto note = noted_.find(cell.key); unit == Unit::none && note != noted_.end()) {
        unit = note->second;
      }
      if (const auto said = stated.find(cell.record); unit == Unit::none && said != stated.end()) {
        unit = said->second.first;
        currency = said->second.second;
      }
      if (scale_of(unit).dimension == 0) {
        continue;
      }
      const Span at{*step.output, cell.start, cell.end};
      figures_.push_back({cell.number, unit, currency, step.index, at, cell.key, false});
      Sum& sum = sums[cell.key];
      sum.first = sum.count == 0 ? at : sum.first;
      sum.total += cell.number;
      ++sum.count;
      sum.unit = unit;
      sum.currency = currency;
    }
    for (const auto& [key, sum] : sums) {
      if (sum.count > 1) {
        figures_.push_back(
            {sum.total, sum.unit, sum.currency, step.index, sum.first, "the sum of " + key, true});
        figures_.push_back({sum.total / static_cast<double>(sum.count),
                            sum.unit,
                            sum.currency,
                            step.index,
                            sum.first,
                            "the mean of " + key,
                            true});
      }
    }
  }

  const TraceView& view_;
  std::unordered_map<std::string, Unit> noted_;
  std::vector<Figure> figures_;
};

bool holds(const TraceView& view,
           const std::optional<FieldId>& field,
           double number,
           double precision) {
  if (!field) {
    return false;
  }
  const auto values = view.values(*field);
  return std::any_of(values.begin(), values.end(), [&](const ValueToken& token) {
    return token.kind == ValueKind::number &&
           std::abs(token.number - number) <= precision / 2 + std::abs(number) * 1e-12;
  });
}

}  // namespace

std::vector<Figure> figures_with_unit(const Facts& facts) { return FigureReader(facts).run(); }

std::optional<std::size_t> first_step_with(const TraceView& view,
                                           double number,
                                           double precision,
                                           std::size_t source) {
  for (const bool in_result : {true, false}) {
    for (const StepView& step : view.steps().subspan(std::min(source + 1, view.steps().size()))) {
      if (step.kind == StepKind::user) {
        continue;
      }
      if (holds(view, in_result ? step.output : step.input, number, precision)) {
        return step.index;
      }
    }
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
