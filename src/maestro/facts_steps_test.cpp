#include "maestro/facts_steps.h"

#include <gtest/gtest.h>

namespace infinium::maestro {
namespace {

ExecutionStep step_of(std::string action, std::string description) {
  ExecutionStep step;
  step.action = std::move(action);
  step.description = std::move(description);
  return step;
}

TEST(ToolOf, StandsInTheDescriptionOfAGenericAction) {
  EXPECT_EQ(tool_of(step_of("tool_use", "Called get_order")), "get_order");
  EXPECT_EQ(tool_of(step_of("tool_call", "Calling `get_order`.")), "get_order");
  EXPECT_EQ(tool_of(step_of("function-call", "Tool: get_order(id=3)")), "get_order");
  EXPECT_EQ(tool_of(step_of("tool_use", "Called 教材検索")), "教材検索");
}

TEST(ToolOf, IsTheActionWhereTheDescriptionNamesNone) {
  EXPECT_EQ(tool_of(step_of("tool_use", "Looked the order up")), "tool_use");
  EXPECT_EQ(tool_of(step_of("tool_use", "Called the customer back")), "tool_use");
  EXPECT_EQ(tool_of(step_of("get_order", "Called something_else")), "get_order");
  EXPECT_EQ(tool_of(step_of("tool_use", "")), "tool_use");
}

TEST(ToolOf, PrefersTheRecordOfTheCall) {
  ExecutionStep step = step_of("tool_use", "Called get_order");
  step.tool_call.emplace().tool_name = "orders.get";
  EXPECT_EQ(tool_of(step), "orders.get");
}

TEST(AgentOf, StandsInTheMetadataOrTheDescription) {
  EXPECT_EQ(agent_of(step_of("agent_message", "Scout spoke")), "Scout");
  EXPECT_EQ(agent_of(step_of("tool_use", "Scout called search")), "Scout");
  EXPECT_EQ(agent_of(step_of("tool_use", "Agent called search")), "");
  EXPECT_EQ(agent_of(step_of("tool_use", "Called get_order")), "");
  EXPECT_EQ(agent_of(step_of("message", "The agent replied")), "");
}

TEST(HandedTo, IsInTheToolsNameOrItsArgument) {
  EXPECT_EQ(handed_to(step_of("transfer_to_billing", "")), "billing");
  ExecutionStep step = step_of("handoff", "");
  step.input_preview = R"({"agent": "Billing"})";
  EXPECT_EQ(handed_to(step), "billing");
  EXPECT_EQ(handed_to(step_of("transfer_money", "")), "");
}

TEST(KindOf, AnActionOfNothingButThoughtIsOne) {
  for (const char* action :
       {"plan", "agent_reasoning", "chain_of_thought", "note", "final_summary"}) {
    EXPECT_EQ(kind_of(step_of(action, "")), StepKind::decision) << action;
  }
  for (const char* action : {"plan_lookup", "bucket_inventory_summary", "getReleaseNotes"}) {
    EXPECT_EQ(kind_of(step_of(action, "")), StepKind::tool) << action;
  }
}

TEST(KindOf, AFunctionThatNamesUsersOrMessagesIsATool) {
  for (const char* action : {"get_user_details",
                             "lookup_user",
                             "customer_history",
                             "list_messages",
                             "generate_label",
                             "invoice_generator"}) {
    EXPECT_EQ(kind_of(step_of(action, "")), StepKind::tool) << action;
  }
  EXPECT_EQ(kind_of(step_of("note", "Called note")), StepKind::tool);
  EXPECT_EQ(kind_of(step_of("user_message", "User message")), StepKind::user);
  EXPECT_EQ(kind_of(step_of("user", "")), StepKind::user);
  EXPECT_EQ(kind_of(step_of("assistant_message", "")), StepKind::message);
  EXPECT_EQ(kind_of(step_of("respond_to_user", "")), StepKind::message);
  EXPECT_EQ(kind_of(step_of("text_generation", "")), StepKind::llm);
  EXPECT_EQ(kind_of(step_of("llm_inference", "")), StepKind::llm);
}

}  // namespace
}  // namespace infinium::maestro
