#include "maestro/rubric/evaluate.h"

namespace infinium::maestro {

Ruling evaluate(const RunColumns& columns, const Check& check) {
  struct Choice {
    const RunColumns& columns;
    const TraceView& view;
    Ruling operator()(const TextCountCheck& c) const { return evaluate_text_count(view, c); }
    Ruling operator()(const FormatCheck& c) const { return evaluate_format(view, c); }
    Ruling operator()(const MentionCheck& c) const { return evaluate_mention(view, c); }
    Ruling operator()(const LanguageCheck& c) const { return evaluate_language(view, c); }
    Ruling operator()(const CallCountCheck& c) const { return evaluate_call_count(view, c); }
    Ruling operator()(const BudgetCheck& c) const { return evaluate_budget(view, c); }
    Ruling operator()(const OrderCheck& c) const { return evaluate_order(view, c); }
    Ruling operator()(const ToolRuleCheck& c) const { return evaluate_tool_rule(view, c); }
    Ruling operator()(const SourceCheck& c) const { return evaluate_source(view, c); }
    Ruling operator()(const FileCheck& c) const { return evaluate_file(view, c); }
    Ruling operator()(const ConfirmCheck& c) const { return evaluate_confirm(view, c); }
    Ruling operator()(const DecimalsCheck& c) const { return evaluate_decimals(view, c); }
    Ruling operator()(const CurrencyCheck& c) const { return evaluate_currency(view, c); }
    Ruling operator()(const ForbidCheck& c) const { return evaluate_forbidden(columns, c); }
    Ruling operator()(const GiveCheck& c) const { return evaluate_given(columns, c); }
    Ruling operator()(const SendCheck& c) const { return evaluate_sent(view, c); }
    Ruling operator()(const AddressCheck& c) const { return evaluate_address(view, c); }
    Ruling operator()(const MoneyStyleCheck& c) const { return evaluate_money_style(view, c); }
  };
  return std::visit(Choice{columns, columns.view()}, check);
}

Ruling evaluate(const TraceView& view, const Check& check) {
  return evaluate(RunColumns(view), check);
}

}  // namespace infinium::maestro
