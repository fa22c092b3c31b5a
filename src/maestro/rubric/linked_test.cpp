#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "infinium/maestro.h"
#include "maestro/findings/trace_sketch.h"

/// Items that a finding makes unmet, things that are asked for in another form than they stand, and
/// what the objective takes from it.
namespace infinium::maestro {
namespace {

std::string word(RubricStatus status) {
  return status == RubricStatus::met ? "met" : status == RubricStatus::unmet ? "unmet" : "unclear";
}

std::string deliverable(TraceSketch sketch, std::string text) {
  sketch.objective("Do the work.");
  sketch.trace().expected_outcome->required_deliverables = {std::move(text)};
  return word(interpret(sketch.trace()).rubric.back().status);
}

std::string rule(TraceSketch sketch, std::string text) {
  sketch.objective("Do the work.");
  sketch.trace().expected_outcome->constraints = {std::move(text)};
  return word(interpret(sketch.trace()).rubric.back().status);
}

/// 83.00, 50.00 and 50.00 add up to 183.00.
TraceSketch claim(std::string total) {
  TraceSketch sketch("File the claim for the short crates and tell me the total.");
  sketch.tool("get_receipt",
              R"({"receipt": "GR-60417"})",
              R"([{"sku": "SK-1", "amount": 83.00}, {"sku": "SK-2", "amount": 50.00}, )"
              R"({"sku": "SK-3", "amount": 50.00, "answer_by": "2026-05-12"}])");
  sketch.tool(
      "file_claim", R"({"receipt": "GR-60417"})", R"({"claim": "CL-5512", "state": "open"})");
  const std::string lines = "- SK-1: 83.00 GBP\n- SK-2: 50.00 GBP\n- SK-3: 50.00 GBP\n\n";
  sketch.output("Claim CL-5512 is filed.\n" + lines + "Total: " + total +
                " GBP\n\nThe carrier has until 12 May 2026 to answer.");
  return sketch;
}

TEST(Linked, AWrongSumIsTheTotalThatWasAskedFor) {
  EXPECT_EQ(deliverable(claim("193.00"), "The claim number and the total in pounds"), "unmet");
  EXPECT_EQ(deliverable(claim("183.00"), "The claim number and the total in pounds"), "met");
}

TEST(Linked, AWrongSumLeavesItemsOfAnotherKindAlone) {
  EXPECT_EQ(deliverable(claim("193.00"), "The claim number"), "met");
  EXPECT_NE(deliverable(claim("193.00"), "The last day for the carrier's answer"), "unmet");
}

TEST(Linked, WhatARefusedCallWasToBringHasNoNumber) {
  TraceSketch sketch("Schedule the post for Monday.");
  sketch.tool("get_page", R"({"page": "P-12"})", R"({"page": "P-12", "code": "FERRO15"})");
  sketch.tool("schedule_post",
              R"({"page": "P-12", "text": "15 % off with FERRO15"})",
              R"({"status": "error", "message": "write access to P-12 has expired, not stored"})");
  sketch.output("Your post is scheduled for Monday, with the code FERRO15.");
  EXPECT_EQ(deliverable(sketch, "The id of the scheduled post"), "unmet");
}

TEST(Given, ANumberWithBlanksIsTheNumber) {
  TraceSketch sketch("Which unit is too warm?");
  sketch.tool("yard_ls", "{}", R"([{"unit": "MWCU690422", "slot": "E-06"}])");
  sketch.output("1. MWCU 690422 in E-06 is too warm.");
  EXPECT_NE(deliverable(sketch, "The unit number"), "unmet");
}

TEST(Given, AHandOverForTheDayShiftIsNoDay) {
  TraceSketch sketch("Hand the queue over.");
  sketch.tool("list_alerts", "{}", R"([{"alert": "A-1", "reason": "travel"}])");
  sketch.output("A-1 was closed: the traveller used the company's VPN.");
  EXPECT_NE(deliverable(sketch, "A hand-over for the day shift with the reason per alert"),
            "unmet");
}

TEST(Given, AColumnMayNameTheUnit) {
  TraceSketch sketch("How slow is it?");
  sketch.tool("p95", R"({"service": "cart"})", R"({"service": "cart", "p95_ms": 2410})");
  sketch.output("| upstream | p95 (s) |\n| --- | --- |\n| cart | 2.41 |");
  EXPECT_NE(deliverable(sketch, "The upstream and its p95 in seconds"), "unmet");
}

TEST(Given, AReportInJapaneseMayPutItInOtherWords) {
  TraceSketch sketch("D-14の価格を戻してください。");
  sketch.tool("restore", R"({"store": "D-14"})", R"({"rows": 42})");
  sketch.output("D-14の42件を元の価格に戻しました。");
  EXPECT_NE(deliverable(sketch, "復元した件数を書いた報告"), "unmet");
}

TEST(Arguments, OptionsThatNoCommandMayHave) {
  TraceSketch kept("Bump it.");
  kept.action("npm", "install --save-exact quillkit@4.9.5", "changed 1 package");
  TraceSketch broken("Bump it.");
  broken.action("npm", "install --force quillkit@4.9.5", "changed 1 package");
  TraceSketch other("Bump it.");
  other.action("npm", "install --force-publish=none quillkit@4.9.5", "changed 1 package");
  TraceSketch spoken("Bump it.");
  spoken.tool("create_comment", R"({"body": "Done without --force."})", R"({"id": 7})");
  const std::string text = "Neither --force nor --legacy-peer-deps is used";
  EXPECT_EQ(rule(kept, text), "met");
  EXPECT_EQ(rule(broken, text), "unmet");
  EXPECT_NE(rule(other, text), "unmet");
  EXPECT_NE(rule(spoken, text), "unmet");
}

TraceSketch review(std::string event, int comments) {
  TraceSketch sketch("Review pull request 882.");
  std::string list;
  for (int i = 0; i < comments; ++i) {
    list += std::string(i == 0 ? "" : ", ") + R"({"line": 1, "body": "a, b"})";
  }
  sketch.tool("submit_review",
              R"({"pr": 882, "event": ")" + event + R"(", "comments": [)" + list + "]}",
              R"({"review": 55190})");
  return sketch;
}

TEST(Arguments, AnArgumentThatTheRuleCallsByItsName) {
  const std::string text = "The review is submitted with the event COMMENT";
  EXPECT_EQ(rule(review("COMMENT", 1), text), "met");
  EXPECT_EQ(rule(review("APPROVE", 1), text), "unmet");
}

TEST(Arguments, TheLengthOfAListThatWasGiven) {
  const std::string text = "No more than four comments, none of them on generated files";
  EXPECT_NE(rule(review("COMMENT", 4), text), "unmet");
  EXPECT_EQ(rule(review("COMMENT", 5), text), "unmet");
}

TEST(Objective, AWrongNumberInTheAnswerAloneLeavesTheWorkDone) {
  TraceSketch sketch = claim("193.00");
  sketch.objective("File one claim with the carrier for the short crates.");
  EXPECT_EQ(word(interpret(sketch.trace()).rubric.front().status), "met");
}

}  // namespace
}  // namespace infinium::maestro
