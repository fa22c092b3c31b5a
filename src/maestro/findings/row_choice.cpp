#include "maestro/findings/row_choice.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/findings/marks.h"
#include "maestro/findings/row_words.h"
#include "maestro/findings/shapes.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPlacesMax = 24;

/// Whether the cell stands for its row: its id or name, its first cell, a number of its own.
bool identifies(const Facts& facts, const Rows::Place& place) {
  const Cell& cell = facts.rows().cell(place);
  const bool first = facts.rows().row(place).cells.front() == place.cell;
  const bool number = cell.is_number && cell.value.size() >= 4;
  const bool named =
      cell.key.find("name") != std::string::npos || cell.key.find("title") != std::string::npos;
  return !day_of(cell.value) &&
         (first || number || named || is_id_key(cell.key) || has_digit(cell.value) ||
          cell.value.find('@') != std::string::npos);
}

/// What is counted and can run short.
bool is_capacity_key(std::string_view key) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"left",   "free",   "seats",  "stock",     "available", "capacity", "rooms",
       "qty",    "spots",  "places", "remaining", "frei",      "quantity", "libre",
       "libres", "plazas", "l",      "m",         "s",         "xl"});
  const std::vector<std::string> parts = name_words(key);
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::find(kWords.begin(), kWords.end(), part) != kWords.end();
  });
}

bool is_unique(const Facts& facts, const Rows::Place& place) {
  const Row& row = facts.rows().row(place);
  const auto places = facts.rows().with_value(value_key(facts.rows().cell(place).value));
  return std::none_of(places.begin(), places.end(), [&](const Rows::Place& other) {
    return other.row != place.row && facts.rows().row(other).list == row.list;
  });
}

}  // namespace

bool may_choose_row(const Argument& argument) {
  const bool name = argument.op == "select" || argument.op == "from" || argument.op == "limit" ||
                    argument.op == "!=" || argument.op == "<>";
  const std::string_view value = trim(argument.value);
  const bool small = std::all_of(value.begin(), value.end(), is_digit) && value.size() < 2;
  return !name && value.size() >= 2 && value.size() <= 80 && !small;
}

std::optional<Rows::Place> listed_row_taken(const Facts& facts,
                                            std::string_view value,
                                            std::size_t before) {
  std::size_t seen = 0;
  for (const Rows::Place& place : facts.rows().with_value(value_key(value))) {
    const Row& row = facts.rows().row(place);
    if (row.step >= before || ++seen > kPlacesMax) {
      break;
    }
    const bool listed = row.list && facts.rows().lists()[*row.list].size() > 1;
    if (listed && is_unique(facts, place) && identifies(facts, place)) {
      return place;
    }
  }
  return std::nullopt;
}

std::optional<Rows::Place> row_taken(const Facts& facts,
                                     std::string_view value,
                                     std::size_t before) {
  if (const auto listed = listed_row_taken(facts, value, before)) {
    return listed;
  }
  const bool id = has_digit(value) && value.find(' ') == std::string_view::npos;
  for (const Rows::Place& place : facts.rows().with_value(value_key(value))) {
    const Row& row = facts.rows().row(place);
    if (row.step >= before || !id) {
      break;
    }
    if (row.cells.size() > 1) {
      return identifies(facts, place) ? std::optional(place) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool is_not_to_be_had(const Facts& facts, std::uint32_t row, std::uint32_t taken) {
  const Rows& rows = facts.rows();
  for (const std::uint32_t i : rows.rows()[row].cells) {
    const Cell& cell = rows.cell({row, i});
    const auto mine = rows.find(taken, cell.key);
    if (!mine || value_key(rows.cell(*mine).value) == value_key(cell.value)) {
      continue;
    }
    const bool short_of = cell.is_number && cell.number <= 1 && is_capacity_key(cell.key) &&
                          rows.cell(*mine).number > cell.number;
    const bool currency = currency_of_word(cell.value) != Currency::any;
    if (short_of || currency || is_off(cell.value) || says_outdated(fold_case(cell.value))) {
      return true;
    }
  }
  return false;
}

bool takes_several(const Facts& facts,
                   const StepView& step,
                   const Argument& argument,
                   const Rows::Place& taken) {
  const auto& list = facts.rows().row(taken).list;
  return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& other) {
    if (other.key != argument.key || other.value == argument.value || !list) {
      return false;
    }
    const auto places = facts.rows().with_value(value_key(other.value));
    return std::any_of(places.begin(), places.end(), [&](const Rows::Place& place) {
      return facts.rows().row(place).step < step.index &&
             facts.rows().cell(place).key == facts.rows().cell(taken).key;
    });
  });
}

bool leads_to_an_act(const Facts& facts, const StepView& step, std::string_view value) {
  const auto steps = facts.view().steps();
  const bool acts = std::any_of(
      steps.begin(), steps.end(), [](const StepView& other) { return other.changes_state; });
  if (step.changes_state || !acts) {
    return true;
  }
  const auto uses = facts.uses(value_key(value));
  const auto flows = facts.origins().flows();
  return std::any_of(uses.begin(),
                     uses.end(),
                     [&](const Use& use) {
                       return use.step > step.index && steps[use.step].changes_state;
                     }) ||
         std::any_of(flows.begin(), flows.end(), [&](const Flow& flow) {
           return flow.from == step.index && flow.to && steps[*flow.to].changes_state;
         });
}

void add_later_acts(const Facts& facts, std::string_view value, std::vector<std::size_t>& steps) {
  constexpr std::size_t kStepsMax = 4;
  for (const Use& use : facts.uses(value_key(value))) {
    const bool later = use.step > steps.back() && facts.view().steps()[use.step].changes_state;
    if (later && steps.size() < kStepsMax) {
      steps.push_back(use.step);
    }
  }
}

}  // namespace infinium::maestro
