#include "maestro/field_units.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

bool names_a_unit(std::string_view key) {
  return key == "unit" || key == "units" || key == "uom" || key == "currency" ||
         key == "currency_unit" || key == "measure_unit" || key == "unit_of_measure" ||
         key == "einheit" || key == "währung" || key == "moneda" || key == "divisa" ||
         key == "unidad" || key == "devise" || key == "moeda" || key == "通貨" || key == "単位";
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

/// Fields that hold the quantity itself, whose unit the answer states once for all.
bool holds_the_quantity(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"",       "value",  "values", "v",       "y",      "amount", "reading",    "readings",
       "points", "data",   "series", "min",     "max",    "avg",    "mean",       "wert",
       "werte",  "betrag", "valor",  "importe", "valeur", "値",     "measurement"});
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

/// Money in a rate ("breakfast_cents_per_day", "eur_per_mwh"): what is paid for one; none if it is
/// no money, or a rate between currencies.
CellUnit money_of_rate(std::string_view key) {
  CellUnit found;
  bool per = false;
  std::size_t from = 0;
  while (from <= key.size()) {
    const std::size_t to = std::min(key.find('_', from), key.size());
    const std::string_view part = key.substr(from, to - from);
    from = to + 1;
    per = per || part == "per";
    const Unit unit = unit_of_word(part);
    if (unit != Unit::money && unit != Unit::money_minor) {
      continue;
    }
    const Currency currency = currency_of_name(part);
    if (found.currency != Currency::any && currency != Currency::any) {
      return {};
    }
    found.currency = currency != Currency::any ? currency : found.currency;
    found.unit = found.unit == Unit::money_minor ? found.unit : unit;
  }
  return per ? found : CellUnit{};
}

/// Whether the field's name is nothing but a currency: {"rates": {"USD": 1.09}} is a rate.
bool is_code(std::string_view key) {
  return key.size() == 3 && currency_of_name(key) != Currency::any;
}

}  // namespace

FieldUnits::FieldUnits(const TraceView& view) : view_(view) {
  constexpr std::size_t kExaminedMax = 20'000;
  constexpr std::size_t kNear = 6;
  std::size_t examined = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || !step.output) {
      continue;
    }
    const auto& cells = view.records(*step.output).cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Cell& cell = cells[i];
      if (cell.is_number || cell.value.size() < 4 || cell.value.size() > 400 ||
          names_a_unit(cell.key) || ++examined > kExaminedMax) {
        continue;
      }
      const Unit unit = unit_of_note(cell.value);
      if (unit == Unit::none) {
        continue;
      }
      noted_.emplace(cell.key, unit);  // {"amount": "integer, in cents"}
      const std::size_t last = std::min(i + kNear, cells.size());
      for (std::size_t k = i < kNear ? 0 : i - kNear; k < last; ++k) {
        if (cells[k].record == cell.record && k != i) {
          noted_.emplace(fold_case(cells[k].value), unit);  // {"name": "amount", "note": …}
        }
      }
    }
  }
}

CellUnit FieldUnits::of_name(const Cell& cell) const {
  if (is_code(cell.key)) {
    return {};
  }
  CellUnit named{unit_of_name(cell.key), currency_of_name(cell.key)};
  if (const auto note = noted_.find(cell.key); named.unit == Unit::none && note != noted_.end()) {
    named.unit = note->second;
  }
  return named.unit == Unit::none ? money_of_rate(cell.key) : named;
}

std::vector<CellUnit> FieldUnits::of_cells(FieldId field) const {
  const auto& cells = view_.records(field).cells;
  std::vector<CellUnit> units(cells.size());
  std::unordered_map<std::uint32_t, CellUnit> stated;
  Currency only = Currency::any;
  bool several = false;
  Unit measure = Unit::none;  // the one unit that the answer states, if it is no currency
  bool measures = false;
  for (const Cell& cell : cells) {
    if (!names_a_unit(cell.key)) {
      continue;
    }
    const Currency currency = currency_of_word(cell.value) != Currency::any
                                  ? currency_of_word(cell.value)
                                  : currency_of_name(cell.value);  // "usd"
    const Unit unit = currency != Currency::any ? Unit::money : unit_of_word(cell.value);
    if (unit != Unit::none) {
      stated.emplace(cell.record, CellUnit{unit, currency});
      several = several || (only != Currency::any && currency != only);
      only = currency;
      measures = measures || (measure != Unit::none && unit != measure);
      measure = currency == Currency::any ? unit : measure;
    }
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].is_number) {
      continue;
    }
    units[i] = of_name(cells[i]);
    const auto said = stated.find(cells[i].record);
    if (units[i].unit == Unit::none && said != stated.end()) {
      units[i] = said->second;
    }
    if (units[i].unit == Unit::none && !measures && holds_the_quantity(cells[i].key)) {
      units[i].unit = measure;
    }
    const bool money = units[i].unit == Unit::money || units[i].unit == Unit::money_minor;
    if (money && units[i].currency == Currency::any) {
      units[i].currency = said != stated.end() ? said->second.currency
                          : several            ? Currency::any
                                               : only;
    }
  }
  return units;
}

}  // namespace infinium::maestro
