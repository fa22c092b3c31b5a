#include "cli/evaluation/judged_trace.h"

#include <gtest/gtest.h>

namespace infinium::cli::evaluation {
namespace {

constexpr const char* kPayload =
    R"({"name":"n","description":"d","current_datetime":"2026-01-31T12:00:00Z","duration":1,)"
    R"("output_summary":"All done."})";

std::string line_with(const std::string& members) {
  return "{" + members + R"("trace":)" + kPayload + "}";
}

TEST(LabelledLine, KnowsItsTaskAndItsLabel) {
  const auto read = parse_labelled_line(line_with(
      R"("id":"i","source":"s","task_key":"k","scenario":"c","label":{"success":true},)"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->line.id, "i");
  EXPECT_EQ(read->line.agent, "s");
  EXPECT_EQ(read->task, "k");
  EXPECT_EQ(read->scenario, "c");
  EXPECT_EQ(read->label.success, true);
  EXPECT_EQ(parse_labelled_line(line_with(R"("scenario":"c","kind":"clean",)"))->task, "c");
}

TEST(LabelledLine, APayloadByItselfHasNoLabel) {
  std::string payload(kPayload);
  payload.insert(1, R"("label":{"success":true},"trace":{},)");
  const auto read = parse_labelled_line(payload);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->label.empty());
}

TEST(LabelledLine, NamesWhatIsWrong) {
  EXPECT_EQ(parse_labelled_line("{").error().code, Code::malformed);
  EXPECT_EQ(parse_labelled_line(line_with(R"("task_key":3,)")).error().where, "task_key");
  EXPECT_EQ(parse_labelled_line(line_with(R"("label":{"success":"yes"},)")).error().where,
            "label.success");
}

TEST(Judge, CountsEvidenceAndDropsIt) {
  const auto read = parse_labelled_line(
      R"({"label":{"success":false},"trace":{"name":"n","description":"d","duration":1,
          "current_datetime":"2026-01-31T12:00:00Z","output_summary":"All done, refunded.",
          "expected_outcome":{"task_objective":"Refund the order","constraints":["At most 3 words"]},
          "steps":[{"step_number":1,"action":"tool_use","description":"Refund",
                    "tool_call":{"tool_name":"refund","http_status":500},
                    "error":{"error_type":"E","message":"it broke","recoverable":false}}]}})");
  ASSERT_TRUE(read) << read.error().message;
  const SystemClock clock;
  const JudgedTrace judged = judge(*read, {}, clock);
  EXPECT_GT(judged.evidence.claims, 0u);
  EXPECT_EQ(judged.evidence.proven, judged.evidence.claims);
  EXPECT_EQ(judged.evidence.hold, judged.evidence.pieces);
  EXPECT_FALSE(judged.said.findings.empty());
  for (const Finding& finding : judged.said.findings) {
    EXPECT_TRUE(finding.evidence.empty());
  }
  EXPECT_GT(judged.ms, 0);
  EXPECT_EQ(judged.simple.places, (std::vector<Place>{{1}}));
}

}  // namespace
}  // namespace infinium::cli::evaluation
