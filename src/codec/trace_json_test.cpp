#include "codec/trace_json.h"

#include <gtest/gtest.h>

#include "codec/json_text.h"

namespace infinium::codec {
namespace {

/// A valid payload with `members` after the required ones, e.g. `"steps":[]`.
std::string payload(std::string_view members = "") {
  std::string text =
      R"({"name":"n","description":"d","current_datetime":"2026-01-31T12:00:00Z","duration":1.5)";
  return text + (members.empty() ? "" : ",") + std::string(members) + "}";
}

/// A payload with one step that has `members` after its required ones.
std::string with_step(std::string_view members) {
  return payload(R"("steps":[{"step_number":1,"action":"a","description":"d",)" +
                 std::string(members) + "}]");
}

TaskData parsed(const std::string& text) {
  auto result = parse_trace(text);
  EXPECT_TRUE(result) << result.error().message;
  return result ? std::move(result->trace) : TaskData{};
}

/// "path: sentence" of a payload that must be refused as invalid.
std::string fault(const std::string& text) {
  const auto result = parse_trace(text);
  if (result) {
    return "accepted";
  }
  EXPECT_EQ(result.error().code, Code::invalid_argument) << result.error().message;
  EXPECT_TRUE(result.error().message.starts_with(result.error().where));
  return result.error().message;
}

std::string where(const std::string& text) {
  const auto result = parse_trace(text);
  return result ? "accepted" : result.error().where;
}

Code code(const std::string& text, const ReadLimits& limits = {}) {
  const auto result = parse_trace(text, limits);
  EXPECT_FALSE(result);
  return result ? Code::internal : result.error().code;
}

TEST(ParseTrace, ReadsEveryKindOfField) {
  const TaskData trace = parsed(with_step(
      R"("duration_ms":12,"error":{"error_type":"E","message":"m","recoverable":true},
         "tool_call":{"tool_name":"t","http_status":200.0},
         "llm_call":{"model":"m","temperature":0.25},"metadata":{"full_output":"x"})"));
  ASSERT_EQ(trace.steps.size(), 1U);
  const ExecutionStep& step = trace.steps[0];
  EXPECT_EQ(trace.duration, 1.5);
  EXPECT_EQ(step.duration_ms, 12);
  EXPECT_TRUE(step.error->recoverable);
  EXPECT_EQ(step.error->retry_count, 0);
  EXPECT_EQ(step.tool_call->http_status, 200);
  EXPECT_EQ(step.llm_call->temperature, 0.25);
  EXPECT_EQ(*step.metadata->find("full_output")->if_string(), "x");
}

TEST(ParseTrace, KeepsUnknownKeysInOrder) {
  const std::string text = payload(
      R"("steps":[{"step_number":1,"action":"a","description":"d","z":1e999,"y":{"b":null}}],)"
      R"("environment":{"custom_tags":{"k":"v"},"q":[]},"zz":123456789012345678901234567890,"aa":{})");
  EXPECT_EQ(encode_trace(parsed(text)), text);
}

TEST(ParseTrace, NullAndEmptyPartsAreAbsent) {
  const TaskData trace = parsed(payload(
      R"("steps":null,"errors":[],"environment":{},"llm_usage":null,"input_summary":null,
         "sections":{"customer":{},"general":{"tags":[],"tools_used":[]},"sales":null},
         "expected_outcome":null,"prompt_studio":{"prompts_used":[]},"context":{"tags":[]})"));
  EXPECT_EQ(trace, parsed(payload()));
  EXPECT_EQ(encode_trace(trace), payload());
}

TEST(ParseTrace, AnEmptyObjectWithRequiredFieldsNamesTheFirst) {
  EXPECT_EQ(fault(with_step(R"("tool_call":{})")),
            "steps[0].tool_call.tool_name is required and is missing or null");
  EXPECT_EQ(where(payload(R"("expected_outcome":{})")), "expected_outcome.task_objective");
  EXPECT_EQ(where(payload(R"("errors":[{"error_type":"E","message":null}])")), "errors[0].message");
  EXPECT_EQ(where("{}"), "name");
  EXPECT_EQ(where(R"({"name":null,"description":"d"})"), "name");
}

TEST(ParseTrace, NamesThePathOfAWrongType) {
  EXPECT_EQ(fault(with_step(R"("duration_ms":"5")")),
            "steps[0].duration_ms is a string; it must be a whole number");
  EXPECT_EQ(fault(with_step(R"("tool_call":{"tool_name":7})")),
            "steps[0].tool_call.tool_name is a number; it must be a string");
  EXPECT_EQ(fault(payload(R"("sections":{"development":{"tests_run":true}})")),
            "sections.development.tests_run is true or false; it must be a whole number");
  EXPECT_EQ(fault(payload(R"("development":{"tests_run":[]})")),
            "development.tests_run is a list; it must be a whole number");
  EXPECT_EQ(fault(payload(R"("steps":{})")), "steps is an object; it must be a list");
  EXPECT_EQ(fault(payload(R"("steps":[null])")), "steps[0] is null; it must be an object");
  EXPECT_EQ(fault(payload(R"("sections":[])")), "sections is a list; it must be an object");
  EXPECT_EQ(fault(payload(R"("sections":{"sales":"x"})")),
            "sections.sales is a string; it must be an object");
  EXPECT_EQ(fault(payload(R"("context":{"tags":["a",null]})")),
            "context.tags[1] is null; it must be a string");
  EXPECT_EQ(fault(payload(R"("environment":{"custom_tags":{"k":1}})")),
            "environment.custom_tags.k is a number; it must be a string");
  EXPECT_EQ(fault(with_step(R"("metadata":"x")")),
            "steps[0].metadata is a string; it must be an object");
  EXPECT_EQ(fault(payload(R"("sections":{"research":{"data_sources":5}})")),
            "sections.research.data_sources is a number; it must be a string or a list");
  EXPECT_EQ(fault(payload(R"("sections":{"support":{"follow_up_required":1}})")),
            "sections.support.follow_up_required is a number; it must be true or false");
  EXPECT_EQ(fault(payload(R"("sections":{"sales":{"deal_value":false}})")),
            "sections.sales.deal_value is true or false; it must be a number");
}

TEST(ParseTrace, WholeNumbersMayBeWrittenWithAPoint) {
  const auto tests_run = [](std::string_view number) {
    return payload(R"("sections":{"development":{"tests_run":)" + std::string(number) + "}}");
  };
  EXPECT_EQ(parsed(tests_run("12.0")).development->tests_run, 12);
  EXPECT_EQ(parsed(tests_run("1.2e1")).development->tests_run, 12);
  EXPECT_EQ(parsed(tests_run("-9223372036854775808")).development->tests_run, INT64_MIN);
  EXPECT_EQ(fault(tests_run("12.5")),
            "sections.development.tests_run has a fraction; it must be a whole number");
  EXPECT_EQ(fault(tests_run("9223372036854775808")),
            "sections.development.tests_run is out of range; it must be a whole number of at most "
            "64 bits");
  EXPECT_EQ(where(tests_run("1e400")), "sections.development.tests_run");
}

TEST(ParseTrace, MillisecondsMayHaveAFraction) {
  EXPECT_EQ(parsed(with_step(R"("duration_ms":12.5)")).steps[0].duration_ms, 13);
  EXPECT_EQ(parsed(payload(R"("llm_usage":{"total_latency_ms":0.4})")).llm_usage->total_latency_ms,
            0);
  EXPECT_EQ(where(with_step(R"("duration_ms":1e30)")), "steps[0].duration_ms");
}

TEST(ParseTrace, ChecksLimits) {
  const auto with = [](std::string_view key, const std::string& value) {
    Json::Object members{{"name", "n"}, {"description", "d"}};
    members.push_back({"current_datetime", "2026-01-31T12:00:00Z"});
    members.push_back({"duration", 1});
    for (JsonMember& member : members) {
      if (member.key == key) {
        member.value = *parse_json(value);
      }
    }
    return encode_json(members);
  };
  const auto text = [](std::size_t count) {
    std::string made = "\"";
    for (std::size_t i = 0; i < count; ++i) {
      made += "é";
    }
    return made + "\"";
  };
  EXPECT_TRUE(parse_trace(with("name", text(500))));
  EXPECT_EQ(fault(with("name", text(501))), "name has 501 characters; at most 500 are allowed");
  EXPECT_TRUE(parse_trace(with("description", text(10'000))));
  EXPECT_EQ(where(with("description", text(10'001))), "description");
  EXPECT_EQ(fault(with("name", "\"\"")),
            "name is too short; at least 1 character must stand there");
  EXPECT_TRUE(parse_trace(with("duration", "86400")));
  EXPECT_EQ(fault(with("duration", "86400.5")),
            "duration is 86400.5; it must be a number from 0 to 86400");
  EXPECT_EQ(where(with("duration", "-1")), "duration");
  EXPECT_EQ(where(with("duration", "1e999")), "duration");
  EXPECT_EQ(where(with("current_datetime", "\"yesterday\"")), "current_datetime");
  EXPECT_TRUE(parse_trace(with("current_datetime", "\"2026-01-31T12:00:00.5+02:00\"")));
}

TEST(ParseTrace, LongPreviewsAreAcceptedUnchanged) {
  const std::string preview(5'000, 'p');
  const TaskData trace = parsed(with_step(R"("output_preview":")" + preview + "\""));
  EXPECT_EQ(trace.steps[0].output_preview, preview);
}

TEST(ParseTrace, TheFirstInvalidFieldIsToldAndMalformedWins) {
  EXPECT_EQ(where(payload(R"("steps":5,"errors":6)")), "steps");
  EXPECT_EQ(code(payload(R"("steps":5,"x":[1,])")), Code::malformed);
  EXPECT_EQ(code(payload(R"("steps":5,"x":{"a":1,"a":2})")), Code::malformed);
  EXPECT_EQ(code(payload(R"("steps":5)") + "x"), Code::malformed);
  EXPECT_EQ(code(payload(R"("name":"twice")")), Code::malformed);
  EXPECT_EQ(code(payload(R"("environment":{"custom_tags":{"k":1,"\u006b":2}})")), Code::malformed);
}

TEST(ParseTrace, OnlyAnObjectIsAPayload) {
  EXPECT_EQ(code("[1]"), Code::invalid_argument);
  EXPECT_EQ(code("null"), Code::invalid_argument);
  EXPECT_EQ(code("\"x\""), Code::invalid_argument);
  EXPECT_EQ(code(""), Code::malformed);
  EXPECT_EQ(code("[1"), Code::malformed);
  EXPECT_EQ(code("[1] 2"), Code::malformed);
}

TEST(ParseTrace, ASectionMayStandAtTopLevel) {
  const std::string nested = R"("sections":{"sales":{"lead_source":"web"}})";
  const std::string flat = R"("sales":{"lead_source":"mail"})";
  EXPECT_EQ(parsed(payload(flat)).sales->lead_source, "mail");
  EXPECT_EQ(encode_trace(parsed(payload(flat))),
            payload(R"("sections":{"sales":{"lead_source":"mail"}})"));
  for (const std::string& both :
       {nested + ",\"x\":1," + flat + ",\"y\":2", "\"x\":1," + flat + ",\"y\":2," + nested}) {
    const TaskData trace = parsed(payload(both));
    EXPECT_EQ(trace.sales->lead_source, "web");
    EXPECT_EQ(encode_trace(trace), payload(nested + ",\"x\":1," + flat + ",\"y\":2"));
  }
  EXPECT_EQ(encode_trace(parsed(payload(nested + ",\"sales\":3"))),
            payload(nested + ",\"sales\":3"));
  EXPECT_EQ(fault(payload("\"sales\":3")), "sales is a number; it must be an object");
  EXPECT_EQ(parsed(payload("\"sections\":{\"sales\":{}}," + flat)).sales->lead_source, "mail");
}

TEST(ParseTrace, UnknownSectionsAreKept) {
  const std::string text = payload(R"("sections":{"sales":{"deal_value":1},"legal":{"a":[]}})");
  EXPECT_EQ(encode_trace(parsed(text)), text);
  EXPECT_EQ(parsed(text).sections_extra.size(), 1U);
}

TEST(ParseTrace, LimitsBytesDepthAndSteps) {
  EXPECT_EQ(code(payload(), {.bytes_max = 10}), Code::too_large);
  const std::size_t rest = limits::kPayloadBytesMax - payload(R"("pad":"")").size();
  const std::string at_limit = payload(R"("pad":")" + std::string(rest, 'x') + "\"");
  ASSERT_EQ(at_limit.size(), limits::kPayloadBytesMax);
  EXPECT_TRUE(parse_trace(at_limit));
  EXPECT_EQ(code(at_limit + " "), Code::too_large);
  const auto deep = [](std::size_t depth) {
    return payload("\"x\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']'));
  };
  EXPECT_TRUE(parse_trace(deep(64)));
  EXPECT_EQ(code(deep(65)), Code::malformed);
  const std::string step = R"({"step_number":1,"action":"a","description":"d"})";
  EXPECT_TRUE(parse_trace(payload("\"steps\":[" + step + "," + step + "]"), {.steps_max = 2}));
  const auto three = payload("\"steps\":[" + step + "," + step + "," + step + "]");
  EXPECT_EQ(code(three, {.steps_max = 2}), Code::too_large);
}

TEST(ParseTrace, LoneSurrogatesAreNotedAndReplaced) {
  std::string text = payload(R"("output_summary":"a\ud83db","x":{"\udc00":"\ud83d\ude00"},)"
                             R"("sales":{"lead_source":"\ud800"})");
  const auto result = parse_trace(text);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->lone_surrogates.size(), 3U);
  EXPECT_EQ(result->trace.output_summary, "a\uFFFDb");
  replace_lone_surrogates(text, result->lone_surrogates);
  const auto again = parse_trace(text);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->lone_surrogates.empty());
  EXPECT_TRUE(again->trace == result->trace);
}

TEST(ParseTrace, AnErrorNeverRepeatsContent) {
  const auto error = parse_trace(payload(R"("steps":"secret-word")")).error();
  EXPECT_EQ(error.message.find("secret-word"), std::string::npos);
  const std::string key(1'000, 'k');
  EXPECT_LT(where(payload(R"("environment":{"custom_tags":{")" + key + R"(":1}})")).size(), 100U);
}

TEST(EncodeTrace, WritesInWireOrder) {
  TaskData trace = parsed(payload());
  trace.context.emplace().session_id = "s";
  trace.prompt_studio.emplace().prompts_used.emplace_back().prompt_id = "p";
  trace.environment.emplace().custom_tags = {{"b", "2"}, {"a", "1"}};
  trace.sales.emplace().deal_value = 0.1;
  trace.llm_usage.emplace().model = "m";
  trace.errors.emplace_back();
  trace.steps.emplace_back();
  trace.expected_outcome.emplace().task_objective = "o";
  trace.output_summary = "";
  trace.input_summary = "i";
  EXPECT_EQ(
      encode_trace(trace),
      payload(R"("input_summary":"i","output_summary":"",)"
              R"("expected_outcome":{"task_objective":"o"},)"
              R"("steps":[{"step_number":0,"action":"","description":""}],)"
              R"("errors":[{"error_type":"","message":"","recoverable":false,"retry_count":0}],)"
              R"("llm_usage":{"model":"m"},"sections":{"sales":{"deal_value":0.1}},)"
              R"("environment":{"custom_tags":{"a":"1","b":"2"}},)"
              R"("prompt_studio":{"prompts_used":[{"prompt_id":"p"}]},)"
              R"("context":{"session_id":"s"})"));
}

}  // namespace
}  // namespace infinium::codec
