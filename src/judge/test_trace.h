#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "codec/json_text.h"
#include "infinium/interpretation.h"
#include "infinium/json.h"
#include "judge/request.h"

/// What the tests of the judge share: one small trace and its result.
namespace infinium::judge {

inline std::string small_body() {
  return R"({"name":"Refund","description":"Refund order 77 and tell the customer",)"
         R"("current_datetime":"2026-05-31T12:00:00Z","duration":4.5,)"
         R"("output_summary":"Refunded 40 EUR for order 77.",)"
         R"("steps":[{"step_number":1,"action":"tool_use","description":"look up",)"
         R"("output_preview":"order 77: 40 EUR, paid"},)"
         R"({"step_number":5,"action":"tool_use","description":"refund",)"
         R"("output_preview":"refund 0 of 40 EUR: declined"}]})";
}

inline Json small_trace() { return *codec::parse_json(small_body()); }

inline RubricItem rubric_item(std::string id, std::string text) {
  RubricItem item;
  item.id = std::move(id);
  item.text = std::move(text);
  return item;
}

inline Finding finding(std::string code, std::string title, std::vector<std::int64_t> places = {}) {
  Finding one;
  one.code = std::move(code);
  one.title = std::move(title);
  one.step_indices = std::move(places);
  return one;
}

inline Interpretation small_result() {
  Interpretation result;
  result.verdict = Verdict::succeeded;
  result.score = 97;
  result.rubric.push_back(rubric_item("r1", "Refund order 77"));
  result.rubric.push_back(rubric_item("r2", "Tell the customer"));
  result.rubric.back().kind = RubricKind::constraint;
  result.rubric.back().status = RubricStatus::met;
  return result;
}

inline Request small_request(RequestOptions options = {.model = "test-model"}) {
  return *build_request(small_trace(), small_result(), options);
}

/// What a model might well answer.
inline std::string good_content() {
  return R"({"rationale":"The refund was declined.","root_step":1,"quotes":[)"
         R"({"field":"steps[1].output_preview","text":"0 of 40 EUR: declined"}],)"
         R"("verdict":"failed","confidence":0.9,"rubric":[)"
         R"({"id":"r2","status":"unclear","reason":"Nothing shows it.","quotes":[]},)"
         R"({"id":"r1","status":"unmet","reason":"Declined.","quotes":[)"
         R"({"field":"steps[1].output_preview","text":"declined"}]}]})";
}

/// A chat completion around it.
inline std::string completion_of(const std::string& content,
                                 const std::string& finish_reason = "stop") {
  std::string text;
  codec::append_json_string(text, content);
  return R"({"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,)"
         R"("message":{"role":"assistant","content":)" +
         text + R"(,"refusal":null},"logprobs":null,"finish_reason":")" + finish_reason +
         R"("}],"usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}})";
}

}  // namespace infinium::judge
