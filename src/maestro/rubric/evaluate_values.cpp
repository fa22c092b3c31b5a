#include <fmt/format.h>

#include <algorithm>

#include "maestro/rubric/evaluate.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

std::string_view code_of(Currency currency) {
  switch (currency) {
    case Currency::eur:
      return "EUR";
    case Currency::usd:
      return "USD";
    case Currency::gbp:
      return "GBP";
    case Currency::jpy:
      return "JPY";
    case Currency::chf:
      return "CHF";
    default:
      return {};
  }
}

std::size_t decimals_of(std::string_view written) {
  const auto mark = written.find_last_of(".,");
  return mark == std::string_view::npos ? 0 : written.size() - mark - 1;
}

}  // namespace

Ruling evaluate_source(const TraceView& view, const SourceCheck& check) {
  if (view.delivered().empty()) {
    return nothing_delivered();
  }
  const auto is_source = [](const ValueToken& value) {
    return value.kind == ValueKind::url || value.kind == ValueKind::file;
  };
  std::vector<std::uint64_t> seen;
  for (FieldId id = 0; id < view.fields().size(); ++id) {
    const TextRole role = view.field(id).role;
    const bool source = role == TextRole::result || role == TextRole::argument ||
                        role == TextRole::request || role == TextRole::rubric;
    for (const ValueToken& value : source ? view.values(id) : std::span<const ValueToken>()) {
      if (is_source(value)) {
        seen.push_back(value.key);
      }
    }
  }
  std::sort(seen.begin(), seen.end());
  Ruling ruling{RubricStatus::met, {}, {}, {}, {}, false};
  std::vector<std::uint64_t> cited;
  std::optional<CheckedEvidence> unknown;
  bool cut = false;
  for (const FieldId field : view.delivered()) {
    cut = cut || view.field(field).cut;
    for (const ValueToken& value : find_values(view.field(field).text)) {
      if (!is_source(value) || std::find(cited.begin(), cited.end(), value.key) != cited.end()) {
        continue;
      }
      if (!std::binary_search(seen.begin(), seen.end(), value.key)) {
        unknown = unknown ? unknown : quote_value(view, field, value);
      } else if (cited.size() < 64) {
        cited.push_back(value.key);
        ruling.add(quote_value(view, field, value));
      }
    }
  }
  if (cited.size() >= static_cast<std::size_t>(check.least)) {
    ruling.rationale = fmt::format("{} source(s) named that a step has seen.", cited.size());
    return ruling;
  }
  if (cut) {
    return is_cut(view, view.delivered().front());
  }
  if (unknown) {
    return decided(false, "A source is named that no step has seen.", std::move(unknown));
  }
  return decided(false,
                 fmt::format("{} of {} sources are named.", cited.size(), check.least),
                 quote_opening(view, view.delivered().front()));
}

Ruling evaluate_file(const TraceView& view, const FileCheck& check) {
  const std::string folded = fold_case(check.name);
  bool cut = false;
  std::vector<FieldId> searched;
  const StepView* read = nullptr;
  for (const StepView& step : view.steps()) {
    if (step.input) {
      cut = cut || view.field(*step.input).cut;
      if (step.kind == StepKind::tool && searched.size() < 64) {
        searched.push_back(*step.input);
      }
    }
    const auto match = step.input && step.kind == StepKind::tool
                           ? find_folded(view.field(*step.input).text, folded)
                           : std::nullopt;
    if (!match) {
      continue;
    }
    if (step.changes_state && !step.failed) {
      return decided(true,
                     fmt::format("Step {} wrote `{}`.", step.number, check.name),
                     quote(view, {*step.input, match->start, match->end}));
    }
    read = &step;
  }
  if (view.final_output()) {
    searched.insert(searched.begin(), *view.final_output());
  }
  if (read != nullptr) {
    return unclear(fmt::format("Step {} uses it, but no step is seen to write it.", read->number),
                   "The file itself.");
  }
  if (cut || searched.empty()) {
    return unclear("No step is seen to write it, and the trace is not complete.",
                   "The full input of every step.");
  }
  auto nowhere = absence(view, check.name, searched);
  return nowhere
             ? decided(false, fmt::format("No step wrote `{}`.", check.name), std::move(nowhere))
             : unclear("The output names it, but no step is seen to write it.", "The file itself.");
}

Ruling evaluate_decimals(const TraceView& view, const DecimalsCheck& check) {
  const auto fields = subject_fields(view, {});
  if (fields.empty()) {
    return nothing_delivered();
  }
  const FieldId field = fields.front();
  const auto values = find_values(view.field(field).text);
  const bool money = std::any_of(
      values.begin(), values.end(), [](const ValueToken& v) { return v.unit == Unit::money; });
  std::optional<CheckedEvidence> good;
  bool shorter = false;
  for (const ValueToken& value : values) {
    const std::string_view written = view.text({field, value.start, value.end});
    const std::size_t decimals = value.ambiguous ? 0 : decimals_of(written);
    const bool counted = value.kind == ValueKind::number && !value.ambiguous &&
                         (check.money && money ? value.unit == Unit::money : decimals > 0);
    if (!counted) {
      continue;
    }
    const auto wanted = static_cast<std::size_t>(check.decimals);
    if (decimals > wanted) {
      return decided(false,
                     fmt::format("\"{}\" has {} decimals.", written, decimals),
                     quote_value(view, field, value));
    }
    if (decimals == wanted && wanted > 0) {
      good = good ? good : quote_value(view, field, value);
    }
    shorter = shorter || decimals < wanted;
  }
  if (shorter || !good) {
    return unclear("No figure breaks the rule, but not every figure shows that it was kept.",
                   "Whether fewer decimals are allowed.");
  }
  return view.field(field).cut ? is_cut(view, field)
                               : decided(true, "Every figure is written so.", std::move(good));
}

Ruling evaluate_currency(const TraceView& view, const CurrencyCheck& check) {
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::optional<CheckedEvidence> good;
  std::optional<CheckedEvidence> bad;
  for (const FieldId field : view.delivered()) {
    for (const ValueToken& value : find_values(view.field(field).text)) {
      const std::string_view code = code_of(value.currency);
      if (value.kind != ValueKind::number || code.empty()) {
        continue;
      }
      const bool match = code == check.code;
      (match ? right : wrong) += 1;
      auto& kept = match ? good : bad;
      kept = kept ? kept : quote_value(view, field, value);
    }
    const auto word = find_folded(view.field(field).text, fold_case(check.code));
    if (word && !good) {
      good = quote(view, {field, word->start, word->end});
    }
  }
  if (good && right >= wrong) {
    return decided(true, fmt::format("Amounts are given in {}.", check.code), std::move(good));
  }
  if (bad && !good) {
    return decided(false, "Amounts are given in another currency only.", std::move(bad));
  }
  return good ? unclear("Amounts stand there in several currencies.", "Which amounts are meant.")
              : unclear("No amount with a currency stands there.", "The amounts.");
}

}  // namespace infinium::maestro
