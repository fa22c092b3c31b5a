#include "maestro/rubric/evaluate.h"

#include <gtest/gtest.h>

#include "maestro/rubric/compile.h"
#include "maestro/rubric/json_shape.h"
#include "maestro/rubric/language.h"

namespace infinium::maestro {
namespace {

ExecutionStep call(std::string tool, std::string input, std::string output) {
  ExecutionStep step;
  step.action = "tool_use";
  step.description = "Call " + tool;
  step.input_preview = input;
  step.output_preview = output;
  step.tool_call = ToolCall{};
  step.tool_call->tool_name = std::move(tool);
  return step;
}

TaskData trace_with(std::string output, std::vector<ExecutionStep> steps = {}) {
  TaskData trace;
  trace.name = "task";
  trace.description = "A task.";
  trace.current_datetime = "2026-03-14T09:30:00Z";
  trace.duration = 12.5;
  trace.output_summary = std::move(output);
  trace.steps = std::move(steps);
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    trace.steps[i].step_number = static_cast<std::int64_t>(i) + 1;
  }
  return trace;
}

/// "met", "unmet", "unclear"; a text that does not compile is a failure of the test.
std::string status_of(const TaskData& trace, std::string_view text) {
  const TraceView view(trace);
  std::vector<std::string> tools;
  for (const StepView& step : view.steps()) {
    tools.push_back(step.tool);
  }
  const auto checks = compile(text, tools);
  if (checks.size() != 1) {
    return "not one check";
  }
  const Ruling ruling = evaluate(view, checks.front());
  EXPECT_EQ(ruling.evidence.empty(), ruling.status == RubricStatus::unclear) << text;
  for (const CheckedEvidence& piece : ruling.evidence) {
    EXPECT_TRUE(check(piece.get(), view)) << text;
  }
  return ruling.status == RubricStatus::met     ? "met"
         : ruling.status == RubricStatus::unmet ? "unmet"
                                                : "unclear";
}

TEST(Evaluate, CountsTextAtAndBeyondTheLimit) {
  const TaskData trace = trace_with("One two three. Four five!\n\nSix seven eight nine ten.");
  EXPECT_EQ(status_of(trace, "At most 10 words"), "met");
  EXPECT_EQ(status_of(trace, "At most 9 words"), "unmet");
  EXPECT_EQ(status_of(trace, "Exactly 3 sentences"), "met");
  EXPECT_EQ(status_of(trace, "At least 4 sentences"), "unmet");
  EXPECT_EQ(status_of(trace, "Exactly 2 paragraphs"), "met");
  EXPECT_EQ(status_of(trace, "At least 5 items"), "unclear");
  EXPECT_EQ(status_of(trace_with("東京は今日も雨です。"), "At most 3 words"), "unclear");
}

TEST(Evaluate, DecidesNothingFromACutOutput) {
  const TaskData trace = trace_with(std::string(499, 'a') + "…");
  EXPECT_EQ(status_of(trace, "At most 1000 words"), "unclear");
  EXPECT_EQ(status_of(trace, "Mention \"Berlin\""), "unclear");
  EXPECT_EQ(status_of(trace, "Do not mention \"Berlin\""), "unclear");
}

TEST(Evaluate, FindsFormats) {
  const TaskData table =
      trace_with("# Prices\n\n| item | price |\n| --- | --- |\n| A | 3 |\n| B | 4 |");
  EXPECT_EQ(status_of(table, "Include a Markdown table"), "met");
  EXPECT_EQ(status_of(table, "Exactly 2 rows"), "met");
  EXPECT_EQ(status_of(table, "Output must be valid JSON"), "unmet");
  EXPECT_EQ(status_of(trace_with("item,price\nA,3\nB,4"), "CSV with a header row"), "met");
  EXPECT_EQ(status_of(trace_with("1,3\n2,4"), "CSV with a header row"), "unmet");
  EXPECT_EQ(status_of(trace_with("```json\n{}\n```"), "Output must be valid JSON"), "unclear");
  EXPECT_EQ(status_of(trace_with("Due 2026-03-14."), "Dates in ISO 8601 format"), "met");
  EXPECT_EQ(status_of(trace_with("Due 14.03.2026."), "Dates in ISO 8601 format"), "unmet");
  EXPECT_EQ(status_of(trace_with("Due soon."), "Dates in ISO 8601 format"), "unclear");
}

TEST(Evaluate, ReadsFigures) {
  EXPECT_EQ(status_of(trace_with("Total 12.50 EUR."), "Amounts in EUR"), "met");
  EXPECT_EQ(status_of(trace_with("Total $12.50."), "Amounts in EUR"), "unmet");
  EXPECT_EQ(status_of(trace_with("Total 12.50."), "Amounts in EUR"), "unclear");
  EXPECT_EQ(status_of(trace_with("Total 12.50 EUR."), "Amounts rounded to 2 decimals"), "met");
  EXPECT_EQ(status_of(trace_with("Total 12.5013 EUR."), "Amounts rounded to 2 decimals"), "unmet");
}

TEST(Evaluate, CountsCallsAndKeepsOrder) {
  const TaskData trace = trace_with("Done.",
                                    {call("search", R"({"q":"a"})", R"({"hits":1})"),
                                     call("search", R"({"q":"b"})", R"({"hits":2})"),
                                     call("delete_item", R"({"id":7})", R"({"ok":true})")});
  EXPECT_EQ(status_of(trace, "At most 2 calls of search"), "met");
  EXPECT_EQ(status_of(trace, "At most 1 calls of search"), "unmet");
  EXPECT_EQ(status_of(trace, "At least 4 tool calls"), "unmet");
  EXPECT_EQ(status_of(trace, "Never call `drop_table`"), "met");
  EXPECT_EQ(status_of(trace, "Never call delete_item"), "unmet");
  EXPECT_EQ(status_of(trace, "Only use search"), "unmet");
  EXPECT_EQ(status_of(trace, "Call search before delete_item"), "met");
  EXPECT_EQ(status_of(trace, "Call delete_item before search"), "unmet");
  EXPECT_EQ(status_of(trace, "Complete within 12 seconds"), "unmet");
  EXPECT_EQ(status_of(trace, "Complete within 13 seconds"), "met");
  EXPECT_EQ(status_of(trace, "Spend at most $1"), "unclear");
}

TEST(Evaluate, LooksForFilesAndSources) {
  const TaskData trace =
      trace_with("See https://example.com/a and out/report.md.",
                 {call("fetch", R"({"url":"https://example.com/a"})", "Text."),
                  call("write_file", R"({"path":"out/report.md","content":"# R"})", "ok")});
  EXPECT_EQ(status_of(trace, "report.md"), "met");
  EXPECT_EQ(status_of(trace, "other.csv"), "unmet");
  EXPECT_EQ(status_of(trace, "Cite at least 1 source"), "met");
  EXPECT_EQ(status_of(trace_with("No source here."), "Cite a source"), "unmet");
}

TEST(JsonShape, ReadsOnlyWholeTexts) {
  ASSERT_TRUE(read_json_shape(R"({"a":[1,2.5e-3,"x\"y"],"b":null})").has_value());
  EXPECT_EQ(read_json_shape(R"({"a":1,"b":2})")->keys, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read_json_shape("[1,2,3]")->size, 3u);
  for (const char* bad : {"", "{", "{\"a\":}", "[1,]", "01x", "{\"a\":1} x", "\"open", "\"\\"}) {
    EXPECT_FALSE(read_json_shape(bad).has_value()) << bad;
  }
  EXPECT_FALSE(read_json_shape(std::string(100'000, '[')).has_value());
}

TEST(Language, TellsSixLanguagesAndAbstains) {
  EXPECT_EQ(language_of("The order was sent to the customer and is on its way."), "en");
  EXPECT_EQ(language_of("Die Bestellung wurde an den Kunden gesendet und ist unterwegs."), "de");
  EXPECT_EQ(language_of("El pedido se envió al cliente y está en camino para la entrega."), "es");
  EXPECT_EQ(language_of("La commande est envoyée au client et elle arrive dans la semaine."), "fr");
  EXPECT_EQ(language_of("注文は発送されました。"), "ja");
  EXPECT_EQ(language_of("订单已经发货，请耐心等待。"), "zh");
  EXPECT_EQ(language_of("OK 42"), "");
}

}  // namespace
}  // namespace infinium::maestro
