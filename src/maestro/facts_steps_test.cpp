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

}  // namespace
}  // namespace infinium::maestro
