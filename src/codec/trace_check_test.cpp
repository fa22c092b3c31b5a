#include <gtest/gtest.h>

#include <limits>

#include "codec/trace_json.h"

namespace infinium::codec {
namespace {

TaskData valid() {
  TaskData trace;
  trace.name = "n";
  trace.description = "d";
  trace.current_datetime = "2026-01-31T12:00:00Z";
  trace.duration = 1;
  trace.steps.emplace_back().tool_call.emplace();
  return trace;
}

/// The path at fault, or "valid".
std::string where(const TaskData& trace) {
  const Status status = validate_trace(trace);
  if (status) {
    return "valid";
  }
  EXPECT_EQ(status.error().code, Code::invalid_argument);
  return status.error().where;
}

TEST(ValidateTrace, HoldsTheLimitsOfThePayload) {
  EXPECT_EQ(where(valid()), "valid");
  EXPECT_EQ(where(TaskData{}), "name");
  TaskData trace = valid();
  trace.duration = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(where(trace), "duration");
  trace.duration = 86'401;
  EXPECT_EQ(where(trace), "duration");
  trace = valid();
  trace.current_datetime = "2026-13-01";
  EXPECT_EQ(where(trace), "current_datetime");
  trace = valid();
  trace.name = std::string(501, 'n');
  EXPECT_EQ(validate_trace(trace).error().message,
            "name has 501 characters; at most 500 are allowed");
}

TEST(ValidateTrace, FindsWhatOnlyMemoryCanHold) {
  TaskData trace = valid();
  trace.steps[0].tool_call->error.emplace().message = "\xFF";
  EXPECT_EQ(where(trace), "steps[0].tool_call.error.message");
  trace = valid();
  trace.sales.emplace().deal_value = std::numeric_limits<double>::infinity();
  EXPECT_EQ(where(trace), "sections.sales.deal_value");
  trace = valid();
  trace.steps[0].metadata = Json("text");
  EXPECT_EQ(where(trace), "steps[0].metadata");
  trace = valid();
  trace.steps[0].metadata = Json(Json::Object{{"a", Json::Array{JsonNumber{"NaN"}}}});
  EXPECT_EQ(where(trace), "steps[0].metadata.a[0]");
  trace = valid();
  trace.environment.emplace().custom_tags["k"] = "\xC3";
  EXPECT_EQ(where(trace), "environment.custom_tags.k");
  trace.environment->custom_tags = {{"\xC3", "v"}};
  EXPECT_EQ(where(trace), "environment.custom_tags");
  trace = valid();
  trace.extra = {{"\xFF", 1}};
  EXPECT_EQ(validate_trace(trace).error().message, "a key of the payload is not valid UTF-8");
}

TEST(ValidateTrace, UnknownKeysMustBeUnknownAndDistinct) {
  TaskData trace = valid();
  trace.extra = {{"a", 1}, {"b", 2}, {"a", 3}};
  EXPECT_EQ(where(trace), "a");
  trace.extra = {{"duration", 1}};
  EXPECT_EQ(where(trace), "duration");
  trace.extra = {{"sections", 1}};
  EXPECT_EQ(where(trace), "sections");
  trace.extra = {};
  trace.steps[0].extra = {{"x", Json::Object{{"k", 1}, {"k", 2}}}};
  EXPECT_EQ(where(trace), "steps[0].x.k");
  trace.steps[0].extra = {};
  trace.sections_extra = {{"sales", 1}};
  EXPECT_EQ(where(trace), "sections.sales");
}

TEST(ValidateTrace, ASectionNameIsUnknownOnlyBesideTheSection) {
  TaskData trace = valid();
  trace.extra = {{"sales", 1}};
  EXPECT_EQ(where(trace), "sales");
  trace.sales.emplace();
  EXPECT_EQ(where(trace), "sales");
  trace.sales->lead_source = "web";
  EXPECT_EQ(where(trace), "valid");
  EXPECT_TRUE(parse_trace(encode_trace(trace))->trace == trace);
}

/// Lists in one another.
Json nested(std::size_t levels) {
  Json json = 1;
  for (; levels > 0; --levels) {
    json = Json(Json::Array{std::move(json)});
  }
  return json;
}

TEST(ValidateTrace, LimitsNestingAsTheReaderDoes) {
  for (const std::size_t levels : {60U, 61U, 62U, 63U, 64U, 200U}) {
    TaskData trace = valid();
    trace.extra = {{"x", nested(levels)}};
    EXPECT_EQ(validate_trace(trace).has_value(), parse_trace(encode_trace(trace)).has_value());
    trace = valid();
    trace.steps[0].extra = {{"x", nested(levels)}};
    EXPECT_EQ(validate_trace(trace).has_value(), parse_trace(encode_trace(trace)).has_value());
    trace = valid();
    trace.sections_extra = {{"x", nested(levels)}};
    EXPECT_EQ(validate_trace(trace).has_value(), parse_trace(encode_trace(trace)).has_value());
  }
}

TEST(ValidateTrace, SaysWhenThePayloadIsTooLarge) {
  TaskData trace = valid();
  trace.output_summary = std::string(limits::kPayloadBytesMax, 'x');
  EXPECT_EQ(validate_trace(trace).error().code, Code::too_large);
  EXPECT_TRUE(validate_trace(trace, {.bytes_max = limits::kLongPayloadBytesMax}));
  trace = valid();
  trace.steps.resize(3);
  EXPECT_EQ(validate_trace(trace, {.steps_max = 2}).error().where, "steps");
}

TEST(ValidateTrace, NullsInMemoryAreNotSent) {
  TaskData trace = valid();
  trace.steps[0].metadata = Json(nullptr);
  EXPECT_EQ(where(trace), "valid");
  EXPECT_EQ(encode_trace(trace).find("metadata"), std::string::npos);
}

}  // namespace
}  // namespace infinium::codec
