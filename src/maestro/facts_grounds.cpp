#include "maestro/facts_grounds.h"

#include <algorithm>
#include <cmath>

#include "maestro/field_units.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kNumbersMax = 100'000;
constexpr std::size_t kMomentsMax = 20'000;
constexpr std::size_t kTextMax = 4'000'000;

/// Whether the number is a piece of something longer: "047-2218840117", "09:19:58.114", "1.2.3".
bool is_fragment(std::string_view text, const ValueToken& token) {
  const std::string_view digits = text.substr(token.start, token.end - token.start);
  const bool padded = digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]);
  const bool glued = token.start > 1 && is_digit(text[token.start - 2]) &&
                     (text[token.start - 1] == '.' || text[token.start - 1] == ':');
  return padded || glued;
}

}  // namespace

bool is_ground(TextRole role) {
  return role == TextRole::request || role == TextRole::rubric || role == TextRole::result ||
         role == TextRole::context || role == TextRole::error;
}

Grounds::Grounds(const TraceView& view) {
  const FieldUnits units(view);
  for (FieldId id = 0; id < view.fields().size(); ++id) {
    const TextField& field = view.field(id);
    if (!is_ground(field.role) || field.superseded) {
      continue;
    }
    incomplete_ = incomplete_ || field.cut;
    const std::size_t first = numbers_.size();
    add_field(view, id);
    if (field.role == TextRole::result) {
      name_numbers(view, id, first, units.of_cells(id));
    }
  }
  std::stable_sort(numbers_.begin(), numbers_.end(), [](const Ground& a, const Ground& b) {
    return a.number < b.number;
  });
}

void Grounds::add_field(const TraceView& view, FieldId id) {
  const TextField& field = view.field(id);
  // What a model was given stood there before it answered.
  std::optional<std::size_t> step = field.step;
  if (step && field.role == TextRole::context) {
    step = *step == 0 ? std::nullopt : std::optional(*step - 1);
  }
  for (const ValueToken& token : view.values(id)) {
    if (token.kind == ValueKind::number && numbers_.size() < kNumbersMax &&
        !is_fragment(field.text, token)) {
      numbers_.push_back({token.number,
                          token.precision,
                          token.unit,
                          token.currency,
                          step,
                          {id, token.start, token.end},
                          {},
                          field.role == TextRole::result});
    }
  }
  for (const DayToken& day : find_days(field.text, view.values(id))) {
    if (days_.size() < kMomentsMax) {
      days_.push_back({day, step, {id, day.start, day.end}});
    }
  }
  for (const TimeToken& time : find_times(field.text)) {
    if (times_.size() < kMomentsMax) {
      times_.push_back({time, step, {id, time.start, time.end}});
    }
  }
  if (text_.size() + field.text.size() < kTextMax) {
    text_ += fold_case(field.text);
    text_ += '\n';
    parts_.push_back({text_.size(), step});
  }
}

/// Gives the numbers of a result, from `first` on, the name and unit of the cell they stand in.
void Grounds::name_numbers(const TraceView& view,
                           FieldId id,
                           std::size_t first,
                           const std::vector<CellUnit>& units) {
  const auto& cells = view.records(id).cells;
  std::size_t at = 0;
  for (Ground& ground : std::span(numbers_).subspan(first)) {
    while (at < cells.size() && cells[at].end < ground.at.end) {
      ++at;
    }
    if (at == cells.size() || cells[at].start > ground.at.start) {
      continue;
    }
    ground.key = cells[at].key;
    ground.in_words = !cells[at].is_number;
    if (ground.in_words) {
      continue;
    }
    ground.number = cells[at].number;  // the sign belongs to the cell
    if (ground.unit == Unit::none) {
      ground.unit = units[at].unit;
    }
    if (ground.currency == Currency::any) {
      ground.currency = units[at].currency;
    }
  }
}

const Ground* Grounds::find(double number, double precision, Before before) const {
  const double slack = precision / 2 + std::abs(number) * 1e-12;
  const Ground* found = nullptr;
  for (const Ground& ground : range(number - slack, number + slack)) {
    if (is_before(ground.step, before) && (found == nullptr || ground.step < found->step)) {
      found = &ground;
    }
  }
  return found;
}

std::span<const Ground> Grounds::range(double low, double high) const {
  constexpr std::ptrdiff_t kMost = 256;
  const auto from = std::lower_bound(
      numbers_.begin(), numbers_.end(), low, [](const Ground& ground, double value) {
        return ground.number < value;
      });
  auto to = std::upper_bound(from, numbers_.end(), high, [](double value, const Ground& ground) {
    return value < ground.number;
  });
  to = to - from > kMost ? from + kMost : to;
  return {from, to};
}

bool Grounds::holds_text(std::string_view words, Before before) const {
  const std::string needle = fold_case(words);
  if (needle.empty()) {
    return false;
  }
  constexpr std::size_t kHitsMax = 64;
  std::size_t hits = 0;
  for (std::size_t at = text_.find(needle); at != std::string::npos && ++hits < kHitsMax;
       at = text_.find(needle, at + 1)) {
    const auto part =
        std::upper_bound(parts_.begin(), parts_.end(), at, [](std::size_t byte, const Part& p) {
          return byte < p.end;
        });
    if (part != parts_.end() && is_before(part->step, before)) {
      return true;
    }
  }
  return false;
}

}  // namespace infinium::maestro
