#include "codec/interpretation_json.h"

#include <gtest/gtest.h>

#include <limits>

#include "codec/json_text.h"

namespace infinium::codec {
namespace {

/// The encoded result, read back by the reader of the same layer.
Json encoded(const Interpretation& result) {
  auto json = parse_json(encode_interpretation(result));
  EXPECT_TRUE(json);
  return json ? *std::move(json) : Json();
}

std::string keys_of(const Json* json) {
  std::string keys;
  for (const JsonMember& member : *json->if_object()) {
    keys += member.key + ' ';
  }
  return keys;
}

const Json* first(const Json& json, std::string_view list) {
  return &json.find(list)->if_array()->front();
}

Interpretation full() {
  Interpretation result;
  result.undetermined = Undetermined{UndeterminedReason::no_output, "the report itself"};
  result.score_parts = {{"outcome", 12.5, "because"}};
  RubricItem& item = result.rubric.emplace_back();
  item.evidence = {QuoteEvidence{4, 3, "steps[3].output_preview", 2, 5, "abc"},
                   AbsenceEvidence{"a report", {"output_summary"}},
                   MeasureEvidence{"calls of `search`", 4, 3.0, "steps whose tool is search"},
                   ComparisonEvidence{"total", {"t1"}, "42", {"41"}}};
  result.findings.emplace_back().steps = {4, 5};
  result.findings.back().step_indices = {3, 4};
  result.root_cause.emplace().alternatives = {{3, "r", 0.2}};
  result.baseline.metrics = {{"duration", 3.2, 0.97, true, MetricDrift{3.1, 2.0, 0.9, true}}};
  return result;
}

TEST(EncodeInterpretation, HasEveryKeyOfTheSchemaInItsOrder) {
  const Json json = encoded(full());
  EXPECT_EQ(keys_of(&json),
            "schemaVersion traceId interpretedAt engine verdict undetermined objectiveSource score "
            "scoreParts coverage successProbability confidence summary rubric findings rootCause "
            "behavior baseline completeness ");
  EXPECT_EQ(keys_of(json.find("engine")), "version model ");
  EXPECT_EQ(keys_of(json.find("undetermined")), "reason wouldSettle ");
  EXPECT_EQ(keys_of(first(json, "scoreParts")), "name points because ");
  EXPECT_EQ(keys_of(first(json, "rubric")),
            "id kind text readAs status confidence method rationale wouldSettle evidence ");
  EXPECT_EQ(keys_of(first(json, "findings")),
            "id fingerprint code category severity title explanation steps stepIndices evidence "
            "recommendation wasted ");
  EXPECT_EQ(keys_of(first(json, "findings")->find("wasted")), "ms tokens costUsd ");
  EXPECT_EQ(keys_of(json.find("rootCause")),
            "step stepIndex agent kind reason evidence affectedSteps confidence alternatives ");
  EXPECT_EQ(keys_of(first(*json.find("rootCause"), "alternatives")), "step reason confidence ");
  EXPECT_EQ(keys_of(json.find("behavior")),
            "stepCount toolCalls llmCalls errors recoveredErrors retries distinctTools path "
            "promptTokens completionTokens costUsd busyMs ");
  EXPECT_EQ(keys_of(json.find("baseline")),
            "sampleSize asOf digest metrics pathSurprise siblings ");
  EXPECT_EQ(keys_of(first(*json.find("baseline"), "metrics")),
            "name value percentile anomalous drift ");
  EXPECT_EQ(keys_of(json.find("completeness")), "stepsCut fieldsCut ");
}

TEST(EncodeInterpretation, WritesEachKindOfEvidence) {
  const Json json = encoded(full());
  EXPECT_EQ(
      encode_json(*first(json, "rubric")->find("evidence")),
      R"([{"kind":"quote","step":4,"stepIndex":3,"field":"steps[3].output_preview","start":2,"end":5,"text":"abc"},)"
      R"({"kind":"absence","lookedFor":"a report","searched":["output_summary"]},)"
      R"({"kind":"measure","what":"calls of `search`","value":4,"limit":3,"counted":"steps whose tool is search"},)"
      R"({"kind":"comparison","what":"total","traceIds":["t1"],"valueHere":"42","valuesThere":["41"]}])");
}

TEST(EncodeInterpretation, WhatIsAbsentIsNull) {
  const Json json = encoded(Interpretation{});
  for (const char* key : {"undetermined", "rootCause", "successProbability", "confidence"}) {
    EXPECT_TRUE(json.find(key)->is_null()) << key;
  }
  EXPECT_EQ(encode_json(*json.find("rubric")), "[]");
  EXPECT_EQ(*json.find("schemaVersion")->if_number(), JsonNumber{"1"});
}

TEST(EncodeInterpretation, RealsHaveAtMostFourDecimals) {
  const auto score = [](double value) {
    Interpretation result;
    result.score = value;
    const Json json = encoded(result);
    return encode_json(*json.find("score"));
  };
  EXPECT_EQ(score(100), "100");
  EXPECT_EQ(score(0.5), "0.5");
  EXPECT_EQ(score(1.0 / 3), "0.3333");
  EXPECT_EQ(score(2.0 / 3), "0.6667");
  EXPECT_EQ(score(0.00001), "0");
  EXPECT_EQ(score(-0.00001), "0");
  EXPECT_EQ(score(-12.25), "-12.25");
  EXPECT_EQ(score(1e15), "1000000000000000");
  EXPECT_EQ(score(std::numeric_limits<double>::max()).size(), 309U);
  EXPECT_EQ(score(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(EncodeInterpretation, EnumeratorsHaveTheNamesOfTheSchema) {
  EXPECT_EQ(to_string(Verdict::partially_succeeded), "partially_succeeded");
  EXPECT_EQ(to_string(UndeterminedReason::probability_near_half), "probability_near_half");
  EXPECT_EQ(to_string(ObjectiveSource::derived), "derived");
  EXPECT_EQ(to_string(RubricKind::criterion), "criterion");
  EXPECT_EQ(to_string(RubricStatus::unclear), "unclear");
  EXPECT_EQ(to_string(RubricMethod::retrieved), "retrieved");
  EXPECT_EQ(to_string(Severity::critical), "critical");
  EXPECT_EQ(to_string(FailureKind::misinterpretation_of_tool_output),
            "misinterpretation_of_tool_output");
}

}  // namespace
}  // namespace infinium::codec
