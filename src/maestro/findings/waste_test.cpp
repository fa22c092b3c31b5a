// What a finding wasted comes from its steps, and no step is charged twice.

#include "maestro/findings/waste.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "infinium/maestro.h"
#include "maestro/findings/catalogue.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Step n takes 10·n ms and n tokens; all cost 1 dollar.
void price(TaskData& trace) {
  std::int64_t tokens = 0;
  for (ExecutionStep& step : trace.steps) {
    step.duration_ms = 10 * step.step_number;
    step.llm_call.emplace().prompt_tokens = step.step_number;
    tokens += step.step_number;
  }
  trace.llm_usage.emplace().total_tokens = tokens;
  trace.llm_usage->estimated_cost_usd = 1;
}

const Finding* find(const Interpretation& result, std::string_view code) {
  for (const Finding& finding : result.findings) {
    if (finding.code == code) {
      return &finding;
    }
  }
  return nullptr;
}

Interpretation priced(TraceSketch sketch) {
  price(sketch.trace());
  return interpret(sketch.trace());
}

/// That the finding wasted exactly those steps, and the price of them.
void expect_wasted(const Interpretation& result,
                   std::string_view code,
                   const std::vector<std::int64_t>& steps) {
  const Finding* finding = find(result, code);
  ASSERT_NE(finding, nullptr) << code;
  std::int64_t numbers = 0;
  std::vector<std::int64_t> places;
  for (const std::int64_t step : steps) {
    numbers += step;
    places.push_back(step - 1);
  }
  EXPECT_EQ(finding->wasted.step_indices, places) << code;
  EXPECT_EQ(finding->wasted.ms, 10 * numbers) << code;
  EXPECT_EQ(finding->wasted.tokens, numbers) << code;
  const std::int64_t all = result.behavior.step_count * (result.behavior.step_count + 1) / 2;
  EXPECT_NEAR(
      finding->wasted.cost_usd, static_cast<double>(numbers) / static_cast<double>(all), 1e-9);
}

TEST(Waste, ARepeatedCallWastedAllButTheFirst) {
  TraceSketch sketch("What is the state of order 4711?");
  for (int i = 0; i < 4; ++i) {
    sketch.tool("get_order", R"({"id": 4711})", R"({"id": 4711, "state": "paid"})");
  }
  expect_wasted(priced(sketch.output("Order 4711 is paid.")), "loop.repeated_call", {2, 3, 4});
}

TEST(Waste, ACycleWastedAllButTheFirstRound) {
  TraceSketch sketch("What is the state of order 4711?");
  for (int i = 0; i < 3; ++i) {
    sketch.tool("get_order", R"({"id": 4711})", R"({"id": 4711, "state": "paid"})")
        .tool("get_customer", R"({"id": 17})", R"({"id": 17, "name": "Mara Lind"})");
  }
  const Interpretation result = priced(sketch.output("Order 4711 is paid."));
  expect_wasted(result, "loop.cycle", {3, 4, 5, 6});
  EXPECT_EQ(find(result, "loop.repeated_call"), nullptr);
}

TEST(Waste, AStormIsChargedAndTheErrorItEndsInOnlyForWhatIsLeft) {
  TraceSketch sketch("Archive the project 88.");
  for (int i = 0; i < 5; ++i) {
    sketch.failing_tool("archive_project", R"({"id": 88})", "The project is locked by legal hold.");
  }
  const Interpretation result = priced(sketch.output("The project is archived."));
  expect_wasted(result, "retry.storm", {2, 3, 4, 5});
  std::map<std::int64_t, int> charged;
  for (const Finding& finding : result.findings) {
    for (const std::int64_t step : finding.wasted.step_indices) {
      ++charged[step];
    }
  }
  for (const auto& [step, times] : charged) {
    EXPECT_EQ(times, 1) << step;
  }
}

TEST(Waste, ThrashingWastedTheFruitlessCallsAfterTheFirst) {
  TraceSketch sketch("Which supplier delivers the blue valve?");
  for (const char* words : {"valve blue", "blau ventil", "valves", "azure valve", "part valve"}) {
    sketch.tool("search_suppliers", std::string(R"({"q": ")") + words + "\"}", "[]");
  }
  expect_wasted(priced(sketch.output("I found no supplier of the blue valve.")),
                "loop.thrashing",
                {2, 3, 4, 5});
}

TEST(Waste, WorkThatWasNeededIsCharged0) {
  TraceSketch sketch("What is the state of order 4711?");
  sketch.tool("get_order", R"({"id": 4711})", R"({"id": 4711, "state": "paid"})")
      .output("Order 4711 is paid.");
  for (const Finding& finding : priced(sketch).findings) {
    EXPECT_EQ(finding.wasted, Waste()) << finding.code;
  }
}

Finding made(std::string code, std::vector<std::int64_t> steps, std::vector<std::int64_t> wasted) {
  Finding finding;
  finding.code = std::move(code);
  finding.step_indices = std::move(steps);
  finding.wasted.step_indices = std::move(wasted);
  return finding;
}

TEST(Waste, OfFindingsThatShareStepsTheLargerWasteIsChargedFirst) {
  TraceSketch sketch("Go.");
  for (int i = 0; i < 6; ++i) {
    sketch.tool("look", "{}", "{}");
  }
  price(sketch.trace());
  const TraceView view(sketch.trace());
  std::vector<Finding> findings{made("error.unrecovered", {1}, {1}),
                                made("loop.repeated_call", {1, 2}, {1, 2}),
                                made("loop.cycle", {2, 3, 4}, {2, 3, 4}),
                                made("team.ping_pong", {5}, {}),
                                made("argument.mismatch", {0}, {})};
  settle_waste(view, findings);
  EXPECT_THAT(findings[0].wasted.step_indices, IsEmpty());
  EXPECT_EQ(findings[0].wasted, Waste());
  EXPECT_THAT(findings[1].wasted.step_indices, ElementsAre(1));
  EXPECT_THAT(findings[2].wasted.step_indices, ElementsAre(2, 3, 4));
  EXPECT_THAT(findings[3].wasted.step_indices, ElementsAre(5)) << "its own steps, being waste";
  EXPECT_THAT(findings[4].wasted.step_indices, IsEmpty()) << "no waste";
  std::int64_t ms = 0;
  for (const Finding& finding : findings) {
    ms += finding.wasted.ms;
  }
  EXPECT_EQ(ms, 20 + 30 + 40 + 50 + 60);
}

}  // namespace
}  // namespace infinium::maestro
