#include "maestro/evidence.h"

#include <gtest/gtest.h>

#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

static_assert(!std::is_constructible_v<CheckedEvidence, Evidence>);
static_assert(!std::is_default_constructible_v<Proof>);
static_assert(!std::is_constructible_v<Proven<Finding>, Finding>);

TraceSketch sample() {
  TraceSketch sketch("Zähle die Schafe.");
  sketch.tool("count", R"({"of": "sheep"})", "12 sheep")
      .tool("count", R"({"of": "sheep"})", "12 sheep");
  sketch.output("There are 12 sheep. All is well.");
  return sketch;
}

TEST(Evidence, AQuoteStandsWhereItSays) {
  TraceSketch sketch = sample();
  const TraceView view(sketch.trace());
  const FieldId output = *view.final_output();
  const auto made = quote(view, {output, 10, 18});
  ASSERT_TRUE(made);
  const auto& found = std::get<QuoteEvidence>(made->get());
  EXPECT_EQ(found.text, "12 sheep");
  EXPECT_EQ(found.field, "output_summary");
  EXPECT_FALSE(found.step);
  EXPECT_TRUE(check(made->get(), sketch.trace()));

  QuoteEvidence moved = found;
  moved.start += 1;
  EXPECT_FALSE(check(moved, view));
  moved = found;
  moved.step = 1;
  EXPECT_FALSE(check(moved, view));
  moved = found;
  moved.field = "input_summary";
  EXPECT_FALSE(check(moved, view));
}

TEST(Evidence, AQuoteNeverSplitsACharacterNorLeavesItsField) {
  TraceSketch sketch = sample();
  const TraceView view(sketch.trace());
  const FieldId request = *view.find("input_summary");
  EXPECT_FALSE(quote(view, {request, 2, 5}));  // inside ä
  EXPECT_FALSE(quote(view, {request, 0, 900}));
  EXPECT_FALSE(quote(view, {request, 4, 4}));
  EXPECT_FALSE(quote(view, {999, 0, 1}));
}

TEST(Evidence, AQuoteOfAStepNamesIt) {
  TraceSketch sketch = sample();
  sketch.last().step_number = 70;
  const TraceView view(sketch.trace());
  const auto made = quote(view, {*view.steps()[1].output, 0, 2});
  ASSERT_TRUE(made);
  EXPECT_EQ(std::get<QuoteEvidence>(made->get()).step, 70);
  EXPECT_EQ(std::get<QuoteEvidence>(made->get()).step_index, 1);
  EXPECT_EQ(std::get<QuoteEvidence>(made->get()).field, "steps[1].tool_call.output_summary");
}

TEST(Evidence, AbsenceIsShownOnlyByWholeFields) {
  TraceSketch sketch = sample();
  sketch.output("There are sheep and much more" + std::string(480, '.') + "\u2026");
  const TraceView view(sketch.trace());
  const FieldId request = *view.find("input_summary");
  const FieldId output = *view.find("output_summary");
  EXPECT_TRUE(absence(view, "goats", std::vector{request}));
  EXPECT_FALSE(absence(view, "SCHAFE", std::vector{request}));
  EXPECT_FALSE(absence(view, "goats", std::vector{request, output}));
  EXPECT_FALSE(absence(view, "goats", {}));
}

TEST(Evidence, MeasuresAreCountedAnew) {
  TraceSketch sketch = sample();
  const TraceView view(sketch.trace());
  const auto calls = measure(view, Count::calls_of_tool, "count", 1);
  ASSERT_TRUE(calls);
  MeasureEvidence counted = std::get<MeasureEvidence>(calls->get());
  EXPECT_EQ(counted.value, 2);
  EXPECT_TRUE(check(counted, view));
  counted.value = 3;
  EXPECT_FALSE(check(counted, view));
  EXPECT_EQ(
      std::get<MeasureEvidence>(measure(view, Count::sentences, "output_summary")->get()).value, 2);
  EXPECT_EQ(std::get<MeasureEvidence>(measure(view, Count::identical_calls, "0")->get()).value, 2);
  EXPECT_FALSE(measure(view, Count::words, "nowhere"));
  EXPECT_FALSE(measure(view, Count::total_tokens));
}

}  // namespace
}  // namespace infinium::maestro
