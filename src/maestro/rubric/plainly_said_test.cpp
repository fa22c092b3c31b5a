#include "maestro/rubric/plainly_said.h"

#include <gtest/gtest.h>

#include "infinium/maestro.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

RubricStatus status_of(TraceSketch sketch, std::string_view rule) {
  sketch.objective("Do the work.").output("Done.");
  sketch.trace().expected_outcome->constraints = {std::string(rule)};
  return interpret(sketch.trace()).rubric.back().status;
}

TraceSketch run(std::string first, std::string second) {
  TraceSketch sketch("Please do it.");
  sketch.tool(std::move(first), R"({"ref": "R-77"})", R"({"ok": true})");
  sketch.tool(std::move(second), R"({"ref": "R-77"})", R"({"ok": true})");
  return sketch;
}

TEST(PlainlySaid, AConditionThatWasNotReadBreaksNothing) {
  EXPECT_EQ(status_of(run("get_invoice", "add_credit"), "Never add a credit"), RubricStatus::unmet);
  EXPECT_NE(status_of(run("get_invoice", "add_credit"),
                      "Any credit above EUR 40 needs a supervisor and may not be added here"),
            RubricStatus::unmet);
  EXPECT_NE(status_of(run("get_order", "create_exchange"),
                      "Nothing extra to pay; an exchange, no refund"),
            RubricStatus::unmet);
}

TEST(PlainlySaid, ACallThatListsGrantsGrantsNothing) {
  EXPECT_NE(
      status_of(run("get_policy", "GrantsActive"), "No grant before the requester has agreed"),
      RubricStatus::unmet);
}

TEST(ForbiddenContent, NoMailIsADeedAndNoAddress) {
  TraceSketch draft("Prepare it.");
  draft.tool("save_draft", R"({"to": "u.seoane@riabaixa.example"})", R"({"ok": true})");
  EXPECT_NE(status_of(std::move(draft), "No se envía ningún correo"), RubricStatus::unmet);
  TraceSketch told("Prepare it.");
  told.tool("get_contact", R"({"name": "Seoane"})", R"({"mail": "u.seoane@riabaixa.example"})");
  told.objective("Do the work.").output("It is u.seoane@riabaixa.example.");
  told.trace().expected_outcome->constraints = {"No e-mail addresses in the answer"};
  EXPECT_EQ(interpret(told.trace()).rubric.back().status, RubricStatus::unmet);
}

}  // namespace
}  // namespace infinium::maestro
