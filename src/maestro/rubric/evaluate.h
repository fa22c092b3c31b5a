#pragma once

#include <span>

#include "maestro/rubric/check.h"
#include "maestro/rubric/ruling.h"
#include "maestro/rubric/run_columns.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Whether the trace passes the check. What a cut text or an unreported number hides is unclear.
[[nodiscard]] Ruling evaluate(const RunColumns& columns, const Check& check);
/// The same for a single check; makes the columns by itself.
[[nodiscard]] Ruling evaluate(const TraceView& view, const Check& check);

// One group of checks each; `evaluate` chooses.
[[nodiscard]] Ruling evaluate_text_count(const TraceView& view, const TextCountCheck& check);
[[nodiscard]] Ruling evaluate_format(const TraceView& view, const FormatCheck& check);
[[nodiscard]] Ruling evaluate_mention(const TraceView& view, const MentionCheck& check);
[[nodiscard]] Ruling evaluate_language(const TraceView& view, const LanguageCheck& check);
[[nodiscard]] Ruling evaluate_source(const TraceView& view, const SourceCheck& check);
[[nodiscard]] Ruling evaluate_file(const TraceView& view, const FileCheck& check);
[[nodiscard]] Ruling evaluate_decimals(const TraceView& view, const DecimalsCheck& check);
[[nodiscard]] Ruling evaluate_currency(const TraceView& view, const CurrencyCheck& check);
[[nodiscard]] Ruling evaluate_forbidden(const RunColumns& columns, const ForbidCheck& check);
[[nodiscard]] Ruling evaluate_given(const RunColumns& columns, const GiveCheck& check);
[[nodiscard]] Ruling evaluate_sent(const TraceView& view, const SendCheck& check);
[[nodiscard]] Ruling evaluate_address(const TraceView& view, const AddressCheck& check);
[[nodiscard]] Ruling evaluate_money_style(const TraceView& view, const MoneyStyleCheck& check);
[[nodiscard]] Ruling evaluate_call_count(const TraceView& view, const CallCountCheck& check);
[[nodiscard]] Ruling evaluate_budget(const TraceView& view, const BudgetCheck& check);
[[nodiscard]] Ruling evaluate_order(const TraceView& view, const OrderCheck& check);
[[nodiscard]] Ruling evaluate_tool_rule(const TraceView& view, const ToolRuleCheck& check);
[[nodiscard]] Ruling evaluate_confirm(const TraceView& view, const ConfirmCheck& check);

/// The texts a check about the output or a named document reads, the most likely first; empty if
/// nothing was handed over.
[[nodiscard]] std::vector<FieldId> subject_fields(const TraceView& view,
                                                  const std::string& document);

/// Words of a step that show what it did: its input, else its output, else its description.
[[nodiscard]] std::optional<CheckedEvidence> quote_step(const TraceView& view,
                                                        const StepView& step);

/// Where a value stands.
[[nodiscard]] std::optional<CheckedEvidence> quote_value(const TraceView& view,
                                                         FieldId field,
                                                         const ValueToken& value);

/// Unclear, as there is no text to check, or as the text of `field` is not whole.
[[nodiscard]] Ruling nothing_delivered();
[[nodiscard]] Ruling is_cut(const TraceView& view, FieldId field);

/// The first line of a field that is not blank.
[[nodiscard]] std::optional<CheckedEvidence> quote_opening(const TraceView& view, FieldId field);

}  // namespace infinium::maestro
