#include "cli/trace_lines.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/send.h"

namespace infinium::cli {
namespace {

constexpr const char* kPayload =
    R"({"name":"n","description":"d","current_datetime":"2026-01-31T12:00:00Z","duration":1})";

TEST(TraceLine, APayloadByItself) {
  const Result<TraceLine> line = parse_trace_line(kPayload);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->trace.name, "n");
  EXPECT_EQ(line->id, "");
}

TEST(TraceLine, ATraceInAnObject) {
  const Result<TraceLine> line = parse_trace_line(
      std::string(R"({"id":"a:1","source":"s","label":{"x":1},"trace":)") + kPayload + "}");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->id, "a:1");
  EXPECT_EQ(line->agent, "s");
  EXPECT_EQ(line->trace.description, "d");
}

TEST(TraceLine, TheAgentWinsOverTheSource) {
  const Result<TraceLine> line = parse_trace_line(
      std::string(R"({"agent":"a","source":"s","id":7,"trace":)") + kPayload + "}");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->agent, "a");
  EXPECT_EQ(line->id, "7");
}

TEST(TraceLine, APayloadMayHaveAnUnknownKeyNamedTrace) {
  std::string payload(kPayload);
  payload.insert(1, R"("trace":{"x":1},)");
  const Result<TraceLine> line = parse_trace_line(payload);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->trace.name, "n");
}

TEST(TraceLine, SaysWhatIsWrong) {
  EXPECT_EQ(parse_trace_line("{").error().code, Code::malformed);
  EXPECT_EQ(parse_trace_line("[1]").error().code, Code::invalid_argument);
  EXPECT_EQ(parse_trace_line(R"({"trace":{"name":"n"}})").error().code, Code::invalid_argument);
  EXPECT_EQ(parse_trace_line(R"({"id":[],"trace":{}})").error().where, "id");
}

TEST(SplitPayloads, OneArrayOrLines) {
  const std::string p(kPayload);
  const auto one = split_payloads(" " + p + "\n");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->size(), 1u);
  EXPECT_EQ((*one)[0], " " + p + "\n") << "sent as it was written";
  const auto array = split_payloads("[" + p + ",\n{\"trace\":" + p + "}]");
  ASSERT_TRUE(array);
  EXPECT_EQ(*array, (std::vector<std::string>{p, p}));
  const auto lines = split_payloads(p + "\r\n\n{\"id\":1,\"trace\":" + p + "}\n");
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines, (std::vector<std::string>{p + "\r", p}));
}

TEST(SplitPayloads, NamesTheLineAtFault) {
  const std::string p(kPayload);
  const auto lines = split_payloads(p + "\nnot json\n");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().code, Code::malformed);
  EXPECT_EQ(lines.error().message.substr(0, 7), "line 2:");
  EXPECT_EQ(split_payloads("nope").error().code, Code::malformed);
}

}  // namespace
}  // namespace infinium::cli
