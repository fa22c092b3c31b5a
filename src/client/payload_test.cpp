#include "client/payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/trace_json.h"
#include "codec/utf8.h"

namespace infinium::client {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += text;
  }
  return out;
}

TaskData trace_of(std::size_t steps) {
  TaskData trace;
  trace.name = "Summarise";
  trace.description = "Summarise the report";
  trace.current_datetime = "2026-01-31T12:00:00Z";
  trace.duration = 1.5;
  for (std::size_t i = 0; i < steps; ++i) {
    ExecutionStep step;
    step.step_number = static_cast<std::int64_t>(i) + 1;
    step.action = "tool_use";
    step.description = "reads";
    trace.steps.push_back(step);
  }
  return trace;
}

/// The trace as the server will read it.
TaskData sent(const TaskData& trace, std::size_t bytes_max = limits::kPayloadBytesMax) {
  const auto payload = encode_payload(trace, bytes_max);
  EXPECT_TRUE(payload) << payload.error().message;
  EXPECT_LE(payload->size(), bytes_max);
  const auto parsed = codec::parse_trace(*payload);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed->trace;
}

const Json* metadata(const TaskData& trace, std::size_t step, std::string_view key) {
  const auto& all = trace.steps[step].metadata;
  return all ? all->find(key) : nullptr;
}

TEST(EncodePayload, ShortPreviewsAreSentAsTheyAre) {
  TaskData trace = trace_of(2);
  trace.steps[0].input_preview = repeat("é", 500);
  trace.steps[1].output_preview = std::string(500, 'x');
  EXPECT_EQ(sent(trace), trace);
}

TEST(EncodePayload, ALongPreviewIsCutAtACodePointAndKeptWhole) {
  TaskData trace = trace_of(1);
  const std::string input = repeat("日", 501);
  const std::string output = std::string(499, 'a') + "😀😀";
  trace.steps[0].input_preview = input;
  trace.steps[0].output_preview = output;
  const TaskData result = sent(trace);
  EXPECT_EQ(result.steps[0].input_preview, repeat("日", 499) + "…");
  EXPECT_EQ(result.steps[0].output_preview, std::string(499, 'a') + "…");
  EXPECT_EQ(codec::count_code_points(*result.steps[0].input_preview), 500u);
  ASSERT_NE(metadata(result, 0, "full_input"), nullptr);
  EXPECT_EQ(*metadata(result, 0, "full_input"), Json(input));
  EXPECT_EQ(*metadata(result, 0, "full_output"), Json(output));
  EXPECT_EQ(metadata(result, 0, "input_truncated_chars"), nullptr);
}

TEST(EncodePayload, MetadataOfTheCallerIsKept) {
  TaskData trace = trace_of(1);
  trace.steps[0].input_preview = std::string(600, 'x');
  trace.steps[0].metadata =
      Json(Json::Object{{"row", Json(7)}, {"full_input", Json("the caller's own")}});
  const TaskData result = sent(trace);
  EXPECT_EQ(*metadata(result, 0, "row"), Json(7));
  EXPECT_EQ(*metadata(result, 0, "full_input"), Json("the caller's own"));
}

TEST(EncodePayload, TheLongestTextsAreLeftOutWhereTheyDoNotFitAndThatIsSaid) {
  TaskData trace = trace_of(3);
  trace.steps[0].input_preview = std::string(2'000, 'a');
  trace.steps[1].output_preview = repeat("é", 9'000);
  trace.steps[2].input_preview = std::string(3'000, 'c');
  const TaskData result = sent(trace, 8'000);
  EXPECT_NE(metadata(result, 0, "full_input"), nullptr);
  EXPECT_EQ(metadata(result, 1, "full_output"), nullptr);
  ASSERT_NE(metadata(result, 1, "output_truncated_chars"), nullptr);
  EXPECT_EQ(*metadata(result, 1, "output_truncated_chars"), Json(9'000 - 499));
  EXPECT_NE(metadata(result, 2, "full_input"), nullptr);
}

TEST(EncodePayload, EveryTextIsLeftOutBeforeATraceIsRefused) {
  TaskData trace = trace_of(40);
  for (ExecutionStep& step : trace.steps) {
    step.output_preview = std::string(100'000, 'x');
  }
  const TaskData result = sent(trace);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const bool whole = metadata(result, i, "full_output") != nullptr;
    EXPECT_NE(whole, metadata(result, i, "output_truncated_chars") != nullptr);
    kept += whole ? 1 : 0;
  }
  EXPECT_EQ(kept, 10u) << "ten texts of 100,000 bytes fit into 1 MiB";
}

TEST(EncodePayload, WhatDoesNotFitIsTooLarge) {
  TaskData trace = trace_of(1);
  trace.steps[0].metadata = Json(Json::Object{{"rows", Json(std::string(1'048'577, 'x'))}});
  const auto payload = encode_payload(trace);
  ASSERT_FALSE(payload);
  EXPECT_EQ(payload.error().code, Code::too_large);
}

TEST(EncodePayload, BrokenRulesAreNamedByPath) {
  TaskData trace = trace_of(1);
  trace.steps[0].metadata = Json("no object");
  trace.steps[0].input_preview = std::string(600, 'x');
  const auto payload = encode_payload(trace);
  ASSERT_FALSE(payload);
  EXPECT_EQ(payload.error().code, Code::invalid_argument);
  EXPECT_EQ(payload.error().where, "steps[0].metadata");
}

}  // namespace
}  // namespace infinium::client
