#include "maestro/learning/learn.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"
#include "infinium/maestro.h"
#include "maestro/findings/trace_sketch.h"
#include "maestro/learning/reviewed_world.h"

namespace infinium::maestro {
namespace {

TEST(Learn, RecoversAKnownShift) {
  ReviewedWorld world(1.5);
  const Learned learned = learn(world.many(2'000));
  ASSERT_TRUE(learned.calibration.inside);
  EXPECT_NEAR(learned.calibration.inside->offset, 1.4, 0.3);
  EXPECT_NEAR(learned.calibration.inside->slope, 0.95, 0.2);
  EXPECT_NEAR(learned.calibration.inside->weights[0], -1.4, 0.5);
  EXPECT_TRUE(learned.report.inside.helps);
  EXPECT_TRUE(learned.report.recommended);
  EXPECT_LT(learned.report.inside.after.brier, learned.report.inside.before.brier - 0.02);
  EXPECT_GT(learned.report.inside.after.accuracy, learned.report.inside.before.accuracy);
  EXPECT_TRUE(learned.report.by_task);
}

TEST(Learn, FewVerdictsMoveLittleAndMoreMoveMore) {
  const auto offset_after = [](std::size_t runs) {
    ReviewedWorld world(3);
    return learn(world.many(runs), {.keep_all = true}).calibration.inside->offset;
  };
  EXPECT_GT(offset_after(30), 0.5);
  EXPECT_LT(offset_after(30), 2.5);
  EXPECT_GT(offset_after(1'000), 2);
}

TEST(Learn, KeepsNothingWhereTheShippedAnswersAreRight) {
  ReviewedWorld world(0, 0);
  const Learned learned = learn(world.many(60));
  EXPECT_FALSE(learned.report.inside.helps);
  EXPECT_FALSE(learned.calibration.inside);
  EXPECT_FALSE(learned.calibration.outside);
  EXPECT_EQ(learned.report.inside.runs, 60);
}

TEST(Learn, SaysThatThereAreTooFew) {
  ReviewedWorld world(3);
  const Learned learned = learn(world.many(29), {.keep_all = true});
  EXPECT_TRUE(learned.report.too_few);
  EXPECT_FALSE(learned.report.recommended);
  EXPECT_TRUE(learned.calibration.empty());
  EXPECT_TRUE(learn({}).report.too_few);
}

TEST(Learn, RunsWithoutAShippedProbabilityGetOneFromFiftyOn) {
  ReviewedWorld world(0, -6);
  const auto runs = world.many(50, false);
  const Learned learned = learn(runs, {.keep_all = true});
  EXPECT_TRUE(learned.calibration.outside);
  EXPECT_FALSE(learned.calibration.inside);
  EXPECT_EQ(learned.report.outside.runs, 50);
  const Learned fewer = learn({runs.begin(), runs.end() - 1}, {.keep_all = true});
  EXPECT_FALSE(fewer.calibration.outside);
  EXPECT_FALSE(fewer.report.too_few);
}

TEST(Learn, TheOrderOfTheInputDoesNotMatter) {
  ReviewedWorld world(1);
  std::vector<Reviewed> runs;
  for (int i = 0; i < 120; ++i) {
    const auto one = world.run(i % 2 == 0);
    runs.push_back(world.reviewed(one, {world.careful("ada", one), world.careful("bo", one)}));
  }
  const Learned first = learn(runs, {.keep_all = true});
  std::reverse(runs.begin(), runs.end());
  std::swap(runs[3], runs[90]);
  std::reverse(runs[5].votes.begin(), runs[5].votes.end());
  const Learned again = learn(runs, {.keep_all = true});
  EXPECT_EQ(first.calibration.encode(), again.calibration.encode());
  EXPECT_EQ(first.report.inside, again.report.inside);
  EXPECT_EQ(first.report.confidence, again.report.confidence);
}

/// Known bits: another machine, compiler or standard library has to come to the same.
TEST(Learn, GivesTheSameBytesEverywhere) {
  ReviewedWorld world(1);
  const Learned learned = learn(world.many(80), {.keep_all = true});
  Calibration apart = learned.calibration;
  apart.learned_with.clear();
  apart.rules.clear();  // they lean on shipped values, which change
  EXPECT_EQ(engine_model(apart).size(), 16u);
  EXPECT_EQ(fnv1a(apart.encode()), 13646537500161730023u);
}

/// How right learning is on new runs of a deployment where two people look with care and a third
/// answers by `careless` without looking, on runs of theirs and on many that only he judges.
struct Accuracies {
  double without = 0;
  double at_full_weight = 0;
  double weighed = 0;
};

template <class Careless>
Accuracies accuracies_with(Careless careless) {
  ReviewedWorld world(1.2, -5);
  std::vector<Reviewed> with;
  std::vector<Reviewed> without;
  for (int i = 0; i < 320; ++i) {
    const auto one = world.run();
    std::vector<Vote> votes;
    if (i < 120) {
      votes = {world.careful("ada", one), world.careful("bo", one)};
      without.push_back(world.reviewed(one, votes));
    }
    if (i >= 60) {
      votes.push_back(careless(world, one));
    }
    with.push_back(world.reviewed(one, votes));
  }
  const auto accuracy = [](const std::vector<Reviewed>& runs, bool weigh) {
    return ReviewedWorld(1.2, -5).accuracy(
        learn(runs, {.keep_all = true, .weigh_reviewers = weigh}).calibration);
  };
  return {accuracy(without, true), accuracy(with, false), accuracy(with, true)};
}

TEST(Learn, AReviewerWhoAnswersAtRandomCostsLessThanHalfOfWhatHeWouldAtFullWeight) {
  const Accuracies right = accuracies_with([](ReviewedWorld& world, const auto&) {
    return Vote{"cy", world.draw() < 0.8 ? Verdict::failed : Verdict::succeeded};
  });
  EXPECT_LT(right.at_full_weight, right.without - 0.02);
  EXPECT_LT(right.without - right.weighed, (right.without - right.at_full_weight) / 2)
      << right.without << " " << right.at_full_weight << " " << right.weighed;
}

TEST(Learn, AReviewerWhoIsMostlyWrongCostsLessThanHalfOfWhatHeWouldAtFullWeight) {
  const Accuracies right = accuracies_with([](ReviewedWorld&, const auto& run) {
    return Vote{"cy", run.signals.shipped_logit > 0 ? Verdict::failed : Verdict::succeeded};
  });
  EXPECT_LT(right.at_full_weight, right.without - 0.02);
  EXPECT_LT(right.without - right.weighed, (right.without - right.at_full_weight) / 2)
      << right.without << " " << right.at_full_weight << " " << right.weighed;
}

TEST(Learn, ConfidenceIsHowOftenPeopleAgree) {
  ReviewedWorld world(2, -8);
  const Learned learned = learn(world.many(600), {.keep_all = true});
  double sure = *calibrated_confidence(learned.calibration, "F1", 1, 0.2);
  EXPECT_GT(sure, *calibrated_confidence(learned.calibration, "F1", 1, 0.8));
  for (const Calibration::Rule& rule : learned.calibration.rules) {
    for (const double value : rule.agreement) {
      EXPECT_GT(value, 0);
      EXPECT_LT(value, 1);
    }
  }
  for (const double p : {0.2, 0.5, 0.8}) {
    EXPECT_GE(*calibrated_confidence(learned.calibration, "S1", 1, p),
              *calibrated_confidence(learned.calibration, "S1", 0.3, p));
  }
  EXPECT_EQ(calibrated_confidence(learned.calibration, "X9", 1, 0.5), std::nullopt);
  EXPECT_LE(learned.report.confidence.after.brier, learned.report.confidence.before.brier);
}

TEST(Interpret, ACalibrationMovesProbabilityAndConfidenceAndShowsInTheModel) {
  TraceSketch sketch = TraceSketch("Book the room for Friday.")
                           .objective("The room is booked for Friday.")
                           .tool("book_room", R"({"day": "Friday"})", R"({"booked": true})")
                           .output("The room is booked for Friday.");
  const Interpretation shipped = interpret(sketch.trace(), Company{});
  EXPECT_EQ(shipped.engine_model, engine_model());
  EXPECT_EQ(shipped.success_probability, std::nullopt);
  EXPECT_EQ(interpret(sketch.trace(), Company{}, Calibration{}), shipped);

  Calibration taught;
  taught.outside.emplace().offset = 1;
  for (const char* rule : {"S1", "U2", "U6"}) {
    taught.rules.push_back({rule, {}});
    taught.rules.back().agreement.fill(0.75);
  }
  std::sort(taught.rules.begin(), taught.rules.end(), [](const auto& a, const auto& b) {
    return a.rule < b.rule;
  });
  const Interpretation moved = interpret(sketch.trace(), Company{}, taught);
  EXPECT_TRUE(moved.success_probability);
  EXPECT_EQ(moved.engine_model, engine_model(taught));
  EXPECT_NE(moved.engine_model, shipped.engine_model);
  EXPECT_EQ(moved.confidence, 0.75);
  EXPECT_EQ(moved.findings, shipped.findings);
  EXPECT_EQ(interpret(sketch.trace(), Company{}, taught), moved);
}

}  // namespace
}  // namespace infinium::maestro
