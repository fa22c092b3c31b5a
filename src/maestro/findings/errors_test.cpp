#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"
#include "maestro/reading.h"
#include "maestro/root_cause.h"

namespace infinium::maestro {
namespace {

/// Codes with severities, in order: "error.unrecovered/2".
std::vector<std::string> codes(TraceSketch& sketch) {
  const TraceView view(sketch.trace());
  std::vector<std::string> found;
  for (const ProvenFinding& finding : find_all(view)) {
    found.push_back(finding->code + "/" + std::to_string(static_cast<int>(finding->severity)));
    for (const Evidence& evidence : finding->evidence) {
      EXPECT_TRUE(check(evidence, view)) << finding->code;
    }
  }
  return found;
}

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Errors, ASuccessClaimOverAFailedWriteIsAContradiction) {
  TraceSketch sketch("Cancel the booking of Mrs Ito.");
  sketch.tool("find_booking", R"({"name": "Ito"})", R"({"booking": "BK-201"})")
      .failing_tool("cancel_booking", R"({"booking": "BK-201"})", "booking is locked")
      .output("The booking has been cancelled successfully.");
  const auto found = codes(sketch);
  EXPECT_THAT(found, Contains("error.contradicted_by_success/2"));
  EXPECT_THAT(found, Contains("error.unrecovered/2"));
}

TEST(Errors, AnErrorInsideAnOkAnswerCounts) {
  TraceSketch sketch("Post the note.");
  sketch.tool("post_note", R"({"text": "hello there"})", R"({"error": "quota exceeded"})")
      .output("Done, the note has been posted.");
  EXPECT_THAT(codes(sketch), ElementsAre("error.inside_ok/2"));
}

TEST(Errors, AStatusOfFiveHundredCounts) {
  TraceSketch sketch("Post the note.");
  sketch.tool("post_note", R"({"text": "hello there"})", "");
  sketch.last().tool_call->http_status = 503;
  sketch.output("Successfully posted.");
  EXPECT_THAT(codes(sketch), Contains("error.contradicted_by_success/2"));
}

TEST(Errors, AnHonestReportIsNoContradiction) {
  for (const char* words : {"I could not cancel the booking: it is locked.",
                            "Die Buchung konnte nicht storniert werden.",
                            "No se pudo cancelar la reserva.",
                            "予約の取り消しに失敗しました。"}) {
    TraceSketch sketch("Cancel the booking of Mrs Ito.");
    sketch.failing_tool("cancel_booking", R"({"booking": "BK-201"})", "booking is locked")
        .output(words);
    const auto found = codes(sketch);
    EXPECT_THAT(found, Contains("error.unrecovered/1")) << words;
    EXPECT_THAT(found, Not(Contains("error.contradicted_by_success/2"))) << words;
  }
}

TEST(Errors, ARetryThatRecoversRaisesNothing) {
  TraceSketch sketch("Fetch the page about otters.");
  sketch.failing_tool("fetch", R"({"page": "otters"})", "timeout")
      .tool("fetch", R"({"page": "otters"})", "Otters are mammals.")
      .output("Otters are mammals. The page has been read successfully.");
  EXPECT_THAT(codes(sketch), IsEmpty());
}

TEST(Errors, RecoveryByAnotherToolWithTheSameArgumentCounts) {
  TraceSketch sketch("What is the capital of Chad?");
  sketch.failing_tool("wiki", R"({"topic": "Chad capital"})", "service down")
      .tool("web_search", R"({"query": "Chad capital"})", "N'Djamena")
      .output("The capital is N'Djamena. Done.");
  EXPECT_THAT(codes(sketch), IsEmpty());
}

TEST(Errors, AnErrorMarkedAsRecoveredRaisesNothing) {
  TraceSketch sketch("Write the summary.");
  sketch.failing_tool("spell_check", R"({"text": "abc"})", "no dictionary");
  sketch.last().tool_call->error->recoverable = true;
  sketch.output("The summary is ready, it has been written.");
  EXPECT_THAT(codes(sketch), IsEmpty());
}

TEST(Errors, AnAnswerAboutErrorsIsNoError) {
  TraceSketch sketch("How many errors are in the log?");
  sketch.tool("read_log", "app.log", "10:00 started\n10:01 Error: disk\n10:02 stopped")
      .tool("count", "errors", R"({"errors": 1, "error": null})")
      .output("The log has 1 line with an error; I have been through all of it.");
  EXPECT_THAT(codes(sketch), IsEmpty());
}

TEST(Errors, AnInvalidCallIsTheRootCauseAndToldApartFromABrokenSystem) {
  for (const auto& [message, kind] :
       {std::pair{"missing required argument: date", FailureKind::invalid_invocation},
        std::pair{"connection reset by peer", FailureKind::system_failure}}) {
    TraceSketch sketch("Book the room.");
    sketch.tool("list_rooms", "{}", R"(["R-101"])")
        .failing_tool("book_room", R"({"room": "R-101"})", message)
        .output("The room has been booked successfully.");
    const Reading reading(sketch.trace());
    const auto cause = find_root_cause(reading, reading.cues(), {});
    ASSERT_TRUE(cause.has_value());
    EXPECT_EQ((*cause)->step, 2);
    EXPECT_EQ((*cause)->kind, kind) << message;
  }
}

TEST(Errors, TheFingerprintIsThatOfTheFaultAndNotOfTheTrace) {
  const auto fingerprint_of = [](const char* id, const char* message) {
    TraceSketch sketch("Cancel my booking.");
    sketch.failing_tool("cancel_booking", std::string(R"({"booking": ")") + id + "\"}", message)
        .output("It has been cancelled.");
    const TraceView view(sketch.trace());
    return find_all(view).front()->fingerprint;
  };
  EXPECT_EQ(fingerprint_of("BK-201", "booking BK-201 is locked until 2026-10-01"),
            fingerprint_of("BK-977", "booking BK-977 is locked until 2027-01-15"));
  EXPECT_NE(fingerprint_of("BK-201", "booking BK-201 is locked until 2026-10-01"),
            fingerprint_of("BK-201", "no permission"));
}

TEST(RepeatedCalls, ThreeEqualCallsAreAWarningTwoANote) {
  TraceSketch sketch("Find the otter page.");
  sketch.tool("search", R"({"q": "otter"})", "nothing")
      .tool("search", R"({"q": "otter"})", "nothing");
  sketch.output("Nothing to be found.");
  EXPECT_THAT(codes(sketch), Contains("loop.repeated_call/0"));
  sketch.tool("search", R"({"q": "otter"})", "nothing");
  EXPECT_THAT(codes(sketch), Contains("loop.repeated_call/1"));
}

TEST(RepeatedCalls, TheOrderOfKeysDoesNotMatter) {
  TraceSketch sketch("Find it.");
  sketch.tool("search", R"({"q": "otter", "n": 5})", "nothing")
      .tool("search", R"({"n": 5, "q": "otter"})", "nothing")
      .output("Nothing.");
  EXPECT_THAT(codes(sketch), Contains("loop.repeated_call/0"));
}

TEST(RepeatedCalls, PollingPaginationAndChecksAfterAChangeRaiseNothing) {
  TraceSketch sketch("Start job J-7 and wait.");
  sketch.tool("job_status", R"({"job": "J-7"})", R"({"done": 10})")
      .tool("job_status", R"({"job": "J-7"})", R"({"done": 60})")
      .tool("list_items", R"({"page": 1})", R"({"items": ["a"]})")
      .tool("list_items", R"({"page": 2})", R"({"items": ["a"]})")
      .tool("read_note", R"({"note": "n1"})", "text")
      .tool("update_note", R"({"note": "n2"})", "ok")
      .tool("read_note", R"({"note": "n1"})", "text")
      .output("Waited.");
  EXPECT_THAT(codes(sketch), IsEmpty());
}

TEST(BadOutput, ABlankOutputIsCritical) {
  TraceSketch sketch("Summarise the page.");
  sketch.tool("fetch", R"({"page": "p"})", "Text of the page.").output("  \n");
  EXPECT_THAT(codes(sketch), Contains("output.empty/2"));
}

TEST(BadOutput, AnOutputThatStopsInTheMiddleIsSeen) {
  TraceSketch sketch("Explain the script.");
  sketch.tool("read", "a.py", "print(1)")
      .output("The script prints a number. You can run it like this:\n```python\nprint(1)");
  EXPECT_THAT(codes(sketch), Contains("output.cut/1"));
}

TEST(BadOutput, ACutPreviewIsNoCutOutput) {
  TraceSketch sketch("Explain the script.");
  sketch.tool("read", "a.py", "print(1)").output(std::string(490, 'x') + " and then the\u2026");
  EXPECT_THAT(codes(sketch), IsEmpty());
}

}  // namespace
}  // namespace infinium::maestro
