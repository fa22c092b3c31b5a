#include "cli/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/text_layout.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

Json parse(std::string_view text) {
  const Result<Json> json = codec::parse_json(text);
  EXPECT_TRUE(json) << json.error().message;
  return json ? *json : Json();
}

constexpr std::string_view kFailed = R"json({
  "schemaVersion": 1, "verdict": "failed", "undetermined": null, "objectiveSource": "rubric",
  "score": 41.5,
  "scoreParts": [{"name": "rubric", "points": 60, "because": "3 of 5 items are met"},
                 {"name": "unrecovered_errors", "points": -18.5, "because": ""}],
  "summary": "The agent was asked to total the invoices of May. It used the rows of April.",
  "rubric": [
    {"id": "r1", "kind": "objective", "text": "Total the invoices of May", "readAs": null,
     "status": "unmet", "method": "retrieved", "rationale": "The total is that of April.",
     "wouldSettle": null,
     "evidence": [{"kind": "quote", "step": 4, "stepIndex": 3, "field": "steps[3].output_preview",
                   "start": 0, "end": 14, "text": "month: 2026-04"}]},
    {"id": "r2", "kind": "constraint", "text": "At most 3 calls", "readAs": "at most 3 calls of any tool",
     "status": "met", "method": "checked", "rationale": "2 calls were made.", "wouldSettle": null,
     "evidence": [{"kind": "measure", "what": "tool calls", "value": 2, "limit": 3,
                   "counted": "steps with a tool_call"}]},
    {"id": "r3", "kind": "criterion", "text": "Polite", "readAs": null, "status": "unclear",
     "method": "retrieved", "rationale": "Nothing decides it.",
     "wouldSettle": "the whole letter", "evidence": []}],
  "findings": [
    {"id": "f1", "code": "loop.repeated_call", "severity": "warning", "title": "The same call was made twice",
     "explanation": "Both calls have the same arguments.", "steps": [2, 3], "evidence": [],
     "recommendation": "Keep the first answer.", "wasted": {"ms": 1200, "tokens": 0, "costUsd": 0.01}},
    {"id": "f2", "code": "argument.differs", "severity": "critical", "title": "An argument differs from the user's words",
     "explanation": "", "steps": [4],
     "evidence": [{"kind": "absence", "lookedFor": "2026-05", "searched": ["steps[3].input_preview"]}],
     "recommendation": "", "wasted": {"ms": 0, "tokens": 0, "costUsd": 0}}],
  "rootCause": {"step": 4, "stepIndex": 3, "agent": null, "kind": "invalid_invocation",
    "reason": "the month was typed as 2026-04", "evidence": [], "affectedSteps": [5, 6, 7, 9],
    "confidence": null, "alternatives": [{"step": 3, "reason": "the plan names no month", "confidence": null}]},
  "behavior": {"stepCount": 9, "toolCalls": 2, "llmCalls": 1, "errors": 1, "recoveredErrors": 0,
    "promptTokens": 900, "completionTokens": 100, "costUsd": 0.02, "busyMs": 4210},
  "completeness": {"stepsCut": 1, "fieldsCut": 2}
})json";

TEST(Render, AFailedRunReadsAsAStory) {
  EXPECT_EQ(render_interpretation(parse(kFailed), {.width = 72, .color = false}),
            R"(FAILED   score 41.5 of 100
The agent was asked to total the invoices of May. It used the rows of
April.

Where it went wrong
  step 4 (invalid invocation): the month was typed as 2026-04
  It spread to steps 5–7, 9.
  It may also be step 3: the plan names no month

Rubric
  ✗ unmet    objective: Total the invoices of May
             The total is that of April.
             · “month: 2026-04” (step 4, output_preview)
  ✓ met      constraint: At most 3 calls
             read as: at most 3 calls of any tool
             2 calls were made.
             · tool calls: 2, limit 3 (steps with a tool_call)
  ? unclear  criterion: Polite
             Nothing decides it.
             what would settle it: the whole letter

Findings
  critical   An argument differs from the user's words, step 4
             [argument.differs]
             · looked for 2026-05 in steps[3].input_preview: not there
  warning    The same call was made twice, steps 2–3
             [loop.repeated_call]
             Both calls have the same arguments.
             wasted: 1200 ms, $0.0100
             → Keep the first answer.

How the score comes about
    +60  rubric: 3 of 5 items are met
  -18.5  unrecovered errors

What was seen
  9 steps, 2 tool calls, 1 LLM call, 1 error (0 recovered), 1000 tokens,
  $0.0200, 4.2 s at work
  2 texts cut short by the sender: what is missing there was not held
  against the agent
)");
}

TEST(Render, AnUndeterminedRunSaysWhatWouldSettleIt) {
  const std::string text = render_interpretation(
      parse(R"({"verdict":"undetermined","score":50,"summary":"S.","objectiveSource":"derived",
                "undetermined":{"reason":"no_objective","wouldSettle":"a rubric"},
                "rubric":[{"kind":"objective","text":"T","status":"unclear"}],
                "rootCause":{"step":null,"kind":"inconclusive","reason":"it is empty"}})"),
      {});
  EXPECT_THAT(text,
              HasSubstr("UNDETERMINED   score 50 of 100\nS.\nUndetermined (no objective). "
                        "What would settle it: a rubric\n"));
  EXPECT_THAT(text, HasSubstr("the output itself (inconclusive): it is empty"));
  EXPECT_THAT(text, HasSubstr("no rubric was sent"));
}

TEST(Render, ManyUnclearItemsAreCounted) {
  std::string rubric = R"({"kind":"objective","status":"met","text":"first"})";
  for (int i = 0; i < 12; ++i) {
    rubric +=
        R"(,{"kind":"constraint","status":"unclear","text":"rule )" + std::to_string(i) + "\"}";
  }
  const std::string text = render_interpretation(
      parse("{\"verdict\":\"undetermined\",\"rubric\":[" + rubric + "]}"), {});
  EXPECT_THAT(text, HasSubstr("rule 4\n"));
  EXPECT_THAT(text, Not(HasSubstr("rule 5")));
  EXPECT_THAT(text, HasSubstr("(and 7 more that are unclear)"));
}

TEST(Render, ColoursOnlyWhereAsked) {
  EXPECT_THAT(render_interpretation(parse(kFailed), {.width = 80, .color = false}),
              Not(HasSubstr("\x1b")));
  EXPECT_THAT(render_interpretation(parse(kFailed), {.width = 80, .color = true}),
              HasSubstr("\x1b[31mFAILED\x1b[0m"));
}

TEST(Render, WhatATraceSaysCannotSteerTheTerminal) {
  const std::string text =
      render_interpretation(parse(R"({"verdict":"failed","summary":"a\u001b]0;owned\u0007b",
                "rubric":[{"kind":"objective","status":"met","text":"\u009b2J"}]})"),
                            {});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
  EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
}

TEST(Render, NoLineIsWiderThanThePage) {
  for (const std::size_t width : {40u, 57u, 120u}) {
    const std::string text =
        render_interpretation(parse(kFailed), {.width = width, .color = false});
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      EXPECT_LE(columns(text.substr(at, end - at)), width);
      at = end + 1;
    }
  }
}

TEST(Render, ValuesOfAnyOtherKindAreLeftOut) {
  EXPECT_EQ(
      render_interpretation(parse(R"({"verdict":7,"rubric":"x","findings":[3,null],"behavior":[],
                                           "scoreParts":{"a":1},"rootCause":"y"})"),
                            {})
          .substr(0, 1),
      "\n");
  EXPECT_NO_THROW((void)render_interpretation(parse("[]"), {}));
}

}  // namespace
}  // namespace infinium::cli
