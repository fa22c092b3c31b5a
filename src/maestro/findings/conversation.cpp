#include "maestro/findings/conversation.h"

#include <algorithm>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kAgreementWordsMax = 10;
constexpr std::size_t kAgreementBytesMax = 120;

bool is_own(const StepView& step) {
  return step.kind == StepKind::message || step.kind == StepKind::decision ||
         step.kind == StepKind::llm;
}

bool user_spoke(const TraceView& view, std::size_t after, std::size_t before) {
  const auto steps = view.steps();
  for (std::size_t i = after + 1; i < before; ++i) {
    if (steps[i].kind == StepKind::user) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool was_put_to_user(const Facts& facts, std::string_view value, std::size_t before) {
  const auto places = facts.origins().occurrences_of(value);
  return std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
    return place.role == TextRole::speech && place.step && *place.step < before &&
           user_spoke(facts.view(), *place.step, before);
  });
}

bool merely_agrees(const TraceView& view, FieldId message) {
  const std::string_view text = view.field(message).text;
  if (text.size() > kAgreementBytesMax || text.find('?') != std::string_view::npos ||
      text.find("\uFF1F") != std::string_view::npos) {
    return false;
  }
  const auto values = view.values(message);
  const bool brings_value = std::any_of(values.begin(), values.end(), [](const ValueToken& token) {
    return token.kind == ValueKind::identifier || token.kind == ValueKind::email ||
           token.kind == ValueKind::date;
  });
  const std::size_t words = find_words(text).size();
  std::size_t pos = 0;
  const bool wide = !text.empty() && is_cjk(next_code_point(text, pos));
  return !brings_value && words <= (wide ? 3 * kAgreementWordsMax : kAgreementWordsMax);
}

std::optional<FieldId> standing_word(const Facts& facts, std::size_t from, std::size_t before) {
  const auto steps = facts.view().steps();
  for (std::size_t i = before; i-- > from;) {
    const StepView& step = steps[i];
    if (step.kind == StepKind::user) {
      const std::optional<FieldId> words = step.output ? step.output : step.input;
      if (words && !merely_agrees(facts.view(), *words)) {
        return std::nullopt;
      }
    } else if (is_own(step) && step.output) {
      return step.output;
    }
  }
  return std::nullopt;
}

bool asked_between(const Facts& facts, std::size_t after, std::size_t before) {
  const auto steps = facts.view().steps();
  for (std::size_t i = after; i < before; ++i) {
    if (steps[i].kind != StepKind::message || !steps[i].output) {
      continue;
    }
    const std::string_view text = facts.view().field(*steps[i].output).text;
    if (text.find('?') != std::string_view::npos || text.find("\uFF1F") != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace infinium::maestro
