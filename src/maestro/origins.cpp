#include "maestro/origins.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "maestro/facts.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kOccurrencesMax = 48;
constexpr std::size_t kFlowsMax = 20'000;
constexpr std::size_t kFlowsOfTextMax = 24;
constexpr std::size_t kCellBytesMax = 80;
constexpr std::size_t kValueBytesMax = 200;

/// A day without its year has a key of its own, beside that of the full date.
std::uint64_t day_key(int month, int day) {
  return fnv1a("day") ^ static_cast<std::uint64_t>(month * 100 + day) * 0x9E3779B97F4A7C15ULL;
}

bool is_source(TextRole role) {
  return role == TextRole::request || role == TextRole::rubric || role == TextRole::result ||
         role == TextRole::context || role == TextRole::error;
}

bool is_own(TextRole role) {
  return role == TextRole::speech || role == TextRole::thought || role == TextRole::output;
}

/// How many words, and whether a capital or a letter of another script stands in it: a name.
bool is_name(std::string_view value) {
  const std::vector<Word> words = find_words(value);
  const bool wide = std::any_of(
      value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return !words.empty() && words.size() <= 5 && (wide || is_upper(value[words.front().start]));
}

bool before_step(const std::optional<std::size_t>& place, std::size_t step) {
  return !place || *place < step;
}

}  // namespace

std::optional<DayToken> day_of(std::string_view value) {
  constexpr std::size_t kStampMax = 40;
  value = trim(value);
  if (value.size() < 8 || value.size() > kStampMax) {
    return std::nullopt;
  }
  const std::vector<DayToken> days = find_days(value);
  if (days.size() != 1 || days.front().start != 0 || days.front().year == 0) {
    return std::nullopt;
  }
  return days.front();
}

/// A whole number that many things of a run share by chance.
bool is_small(const ValueToken& token) {
  constexpr double kSmall = 100;
  return token.kind == ValueKind::number && token.precision >= 1 && token.number < kSmall &&
         token.number > -kSmall;
}

bool is_telling(std::string_view value) {
  value = trim(value);
  if (value.size() > kValueBytesMax) {
    return false;
  }
  for (const ValueToken& token : find_values(value)) {
    const bool number = token.kind == ValueKind::number;
    if (token.start == 0 && token.end == value.size() && !is_small(token)) {
      return true;
    }
    if (!number && token.kind != ValueKind::quoted && token.end - token.start >= 4) {
      return true;
    }
  }
  return false;
}

Origins::Origins(const TraceView& view, const Asked& asked, const Rows& rows)
    : view_(view), asked_(asked), rows_(rows), by_step_(view.steps().size()) {
  index_fields();
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool) {
      trace_arguments(step);
    } else if (step.output && step.kind != StepKind::user) {
      trace_text(*step.output, step.index);
    }
  }
  if (view.final_output()) {
    trace_text(*view.final_output(), std::nullopt);
  }
}

void Origins::index_fields() {
  const auto add = [this](std::uint64_t key, const Occurrence& place) {
    std::vector<Occurrence>& places = occurrences_[key];
    if (places.size() < kOccurrencesMax) {
      places.push_back(place);
    }
  };
  for (FieldId id = 0; id < view_.fields().size(); ++id) {
    const TextField& field = view_.field(id);
    if (field.superseded) {
      continue;
    }
    if (field.cut && is_source(field.role)) {
      first_cut_ = std::min(first_cut_, field.step.value_or(0));
    }
    for (const ValueToken& token : view_.values(id)) {
      add(token.key, {{id, token.start, token.end}, field.role, field.step});
    }
    for (const DayToken& day : find_days(field.text, view_.values(id))) {
      add(day_key(day.month, day.day), {{id, day.start, day.end}, field.role, field.step});
    }
    for (const Cell& cell : view_.records(id).cells) {
      if (!cell.is_number && cell.value.size() <= kCellBytesMax) {
        add(value_key(cell.value), {{id, cell.start, cell.end}, field.role, field.step});
      }
    }
  }
}

std::span<const ArgumentOrigin> Origins::of(std::size_t step) const { return by_step_[step]; }

std::span<const Occurrence> Origins::occurrences(std::uint64_t key) const {
  const auto found = occurrences_.find(key);
  return found == occurrences_.end() ? std::span<const Occurrence>{}
                                     : std::span<const Occurrence>(found->second);
}

bool Origins::incomplete(std::size_t before) const { return first_cut_ < before; }

std::vector<Occurrence> Origins::occurrences_of(std::string_view value) const {
  const auto exact = occurrences(value_key(value));
  std::vector<Occurrence> places(exact.begin(), exact.end());
  const std::optional<DayToken> day = day_of(value);
  if (!day) {
    return places;
  }
  for (const Occurrence& place : occurrences(day_key(day->month, day->day))) {
    const std::vector<DayToken> days = find_days(view_.text(place.at));
    if (!days.empty() && same_day(days.front(), *day)) {
      places.push_back(place);
    }
  }
  std::stable_sort(places.begin(), places.end(), [](const Occurrence& a, const Occurrence& b) {
    return a.step < b.step;
  });
  return places;
}

std::optional<Occurrence> Origins::seen(std::string_view value, std::size_t before) const {
  for (const Occurrence& place : occurrences_of(value)) {
    if (before_step(place.step, before) && place.role != TextRole::output) {
      return place;
    }
  }
  if (day_of(value)) {
    return std::nullopt;
  }
  if (const auto asked = asked_.find(value, before)) {
    return Occurrence{asked->at, view_.field(asked->at.field).role, asked->step};
  }
  for (FieldId id = 0; id < view_.fields().size(); ++id) {
    const TextField& field = view_.field(id);
    if (field.superseded || field.role == TextRole::output || !before_step(field.step, before)) {
      continue;
    }
    if (const std::size_t at = field.text.find(value); at != std::string_view::npos) {
      return Occurrence{{id, at, at + value.size()}, field.role, field.step};
    }
  }
  return std::nullopt;
}

ArgumentOrigin Origins::origin_of(const StepView& step, const Argument& argument) const {
  const auto asked = asked_.all(argument.value);
  for (const AskedIn in : {AskedIn::user, AskedIn::objective}) {
    for (const Mention& mention : asked) {
      const bool by_user = mention.in == AskedIn::user;
      if (by_user == (in == AskedIn::user) && before_step(mention.step, step.index)) {
        return {by_user ? Origin::request : Origin::rubric, mention.step, mention.at, std::nullopt};
      }
    }
  }
  std::optional<Rows::Place> cell;
  for (const Rows::Place& place : rows_.with_value(value_key(argument.value))) {
    if (rows_.row(place).step >= step.index) {
      break;
    }
    const bool same_name = rows_.cell(place).key == argument.key;
    cell = !cell || (same_name && rows_.cell(*cell).key != argument.key) ? place : *cell;
  }
  if (cell) {
    return {Origin::result, rows_.row(*cell).step, rows_.span_of(*cell), cell};
  }
  if (!is_telling(argument.value) && !is_name(argument.value)) {
    return {Origin::wording, std::nullopt, std::nullopt, std::nullopt};
  }
  std::optional<Occurrence> own;
  std::optional<Occurrence> used;
  for (const Occurrence& place : occurrences(value_key(argument.value))) {
    if (!before_step(place.step, step.index) || place.role == TextRole::output) {
      continue;
    }
    if (place.role == TextRole::result || place.role == TextRole::context ||
        place.role == TextRole::error) {
      const Origin origin = place.role == TextRole::result ? Origin::result : Origin::context;
      return {origin, place.step, place.at, std::nullopt};
    }
    own = !own && is_own(place.role) ? place : own;
    used = !used && place.role == TextRole::argument ? place : used;
  }
  if (own || used) {
    const Occurrence& place = own ? *own : *used;
    return {own ? Origin::own_text : Origin::earlier_argument, place.step, place.at, std::nullopt};
  }
  if (!is_telling(argument.value) && argument.value.size() > 40) {
    return {Origin::wording, std::nullopt, std::nullopt, std::nullopt};
  }
  return {incomplete(step.index) ? Origin::unknown : Origin::nowhere,
          std::nullopt,
          std::nullopt,
          std::nullopt};
}

void Origins::trace_arguments(const StepView& step) {
  std::vector<ArgumentOrigin>& origins = by_step_[step.index];
  origins.reserve(step.arguments.size());
  for (const Argument& argument : step.arguments) {
    if (argument.value.empty() || argument.value.size() > kValueBytesMax) {
      origins.push_back({Origin::wording, std::nullopt, std::nullopt, std::nullopt});
      continue;
    }
    origins.push_back(origin_of(step, argument));
    const ArgumentOrigin& origin = origins.back();
    if (origin.step && origin.at && flows_.size() < kFlowsMax && is_telling(argument.value)) {
      flows_.push_back({*origin.step, step.index, *origin.at, argument.at});
    }
  }
}

void Origins::trace_text(FieldId id, std::optional<std::size_t> step) {
  std::size_t found = 0;
  for (const ValueToken& token : view_.values(id)) {
    if (found >= kFlowsOfTextMax || flows_.size() >= kFlowsMax) {
      break;
    }
    const bool telling = token.kind == ValueKind::quoted
                             ? is_telling(view_.text({id, token.start, token.end}))
                             : token.end - token.start <= kValueBytesMax && !is_small(token);
    if (!telling) {
      continue;
    }
    for (const Occurrence& place : occurrences(token.key)) {
      const bool earlier = place.step && (!step || *place.step < *step);
      if (earlier && is_source(place.role)) {
        flows_.push_back({*place.step, step, place.at, {id, token.start, token.end}});
        ++found;
        break;
      }
    }
  }
}

}  // namespace infinium::maestro
