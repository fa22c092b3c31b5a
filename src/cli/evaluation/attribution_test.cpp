#include "cli/evaluation/attribution.h"

#include <gtest/gtest.h>

namespace infinium::cli::evaluation {
namespace {

ExecutionStep step_of(std::int64_t number, const char* action, bool failed = false) {
  ExecutionStep step;
  step.step_number = number;
  step.action = action;
  step.description = "a step";
  step.output_preview = "some words";
  if (failed) {
    step.error = ErrorDetail{};
    step.error->error_type = "TimeoutError";
    step.error->message = "no answer";
  }
  return step;
}

std::vector<Place> ranked(std::vector<ExecutionStep> steps) {
  TaskData trace;
  trace.name = "n";
  trace.steps = std::move(steps);
  return simple_ranker(maestro::TraceView(trace)).places;
}

TEST(SimpleRanker, TakesTheAgentsStepBeforeTheFirstError) {
  EXPECT_EQ(ranked({step_of(1, "user_message"),
                    step_of(2, "assistant_message"),
                    step_of(3, "tool_use"),
                    step_of(4, "tool_use", true),
                    step_of(5, "assistant_message")}),
            (std::vector<Place>{{2}, {4}, {3}}));
}

TEST(SimpleRanker, TakesTheErrorItselfIfNobodySpokeBefore) {
  EXPECT_EQ(ranked({step_of(7, "tool_use", true), step_of(8, "assistant_message")}),
            (std::vector<Place>{{7}, {8}}));
}

TEST(SimpleRanker, TakesTheMiddleOfARunWithoutErrors) {
  EXPECT_EQ(ranked({step_of(10, "tool_use"), step_of(20, "tool_use"), step_of(30, "tool_use")}),
            (std::vector<Place>{{20}}));
  EXPECT_EQ(ranked({}), (std::vector<Place>{{}}));
}

TEST(AttributionOf, TheRootCauseComesFirst) {
  Interpretation said;
  EXPECT_TRUE(attribution_of(said).places.empty());
  said.root_cause = RootCause{};
  said.root_cause->step = 5;
  said.root_cause->agent = "planner";
  said.root_cause->kind = FailureKind::system_failure;
  said.root_cause->alternatives = {{3, "", {}}, {{}, "", {}}};
  const Attribution attribution = attribution_of(said);
  EXPECT_EQ(attribution.places, (std::vector<Place>{{5}, {3}, {}}));
  EXPECT_EQ(attribution.agent, "planner");
  EXPECT_EQ(attribution.kind, "system_failure");
}

TEST(Within, MeasuresSteps) {
  const Attribution said{{{5}, {3}}, {}, {}};
  EXPECT_TRUE(within(said, {5}, 0));
  EXPECT_FALSE(within(said, {4}, 0));
  EXPECT_TRUE(within(said, {4}, 1));
  EXPECT_TRUE(within(said, {8}, 3));
  EXPECT_FALSE(within(said, {9}, 3));
  EXPECT_FALSE(within({}, {5}, 3));
}

TEST(Within, TheOutputIsNearNothing) {
  const Attribution output{{Place{}}, {}, {}};
  EXPECT_TRUE(within(output, Place{}, 0));
  EXPECT_FALSE(within(output, {5}, 100));
  EXPECT_FALSE(within({{{5}}, {}, {}}, Place{}, 100));
}

TEST(RankOf, CountsFromZero) {
  const Attribution said{{{5}, {3}}, {}, {}};
  EXPECT_EQ(rank_of(said, {3}), 1u);
  EXPECT_FALSE(rank_of(said, {4}));
}

TEST(LabelCounts, KnowsWhatIsMostFrequentAndForgets) {
  Label one;
  one.root = Place{1};
  one.root_agent = "a";
  Label two = one;
  two.root = Place{2};
  two.root_agent = "b";
  LabelCounts counts;
  EXPECT_TRUE(counts.most_frequent().places.empty());
  counts.add(two);
  counts.add(one);
  EXPECT_EQ(counts.most_frequent().places, (std::vector<Place>{{1}, {2}}))
      << "of equals the smaller";
  EXPECT_EQ(counts.most_frequent().agent, "a");
  counts.add(two);
  EXPECT_EQ(counts.most_frequent().places, (std::vector<Place>{{2}, {1}}));
  counts.subtract(two);
  counts.subtract(two);
  EXPECT_EQ(counts.most_frequent().places, (std::vector<Place>{{1}}));
  EXPECT_FALSE(counts.most_frequent().kind);
}

}  // namespace
}  // namespace infinium::cli::evaluation
