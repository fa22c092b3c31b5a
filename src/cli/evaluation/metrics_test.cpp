#include "cli/evaluation/metrics.h"

#include <gtest/gtest.h>

namespace infinium::cli::evaluation {
namespace {

const std::vector<Forecast> kSome = {
    {0.9, true}, {0.8, false}, {0.5, true}, {0.5, false}, {0.3, true}, {0.1, false}};

TEST(Auc, CountsPairsAndHalvesTies) {
  // Pairs (happened, not): 0.9 beats all three; 0.5 beats 0.1, ties 0.5, loses to 0.8; 0.3 beats
  // 0.1 only. 3 + 1.5 + 1 of 9.
  EXPECT_DOUBLE_EQ(auc(kSome).value(), 5.5 / 9);
}

TEST(Auc, NeedsBothClasses) {
  EXPECT_FALSE(auc(std::vector<Forecast>{{0.2, true}, {0.4, true}}));
  EXPECT_FALSE(auc({}));
}

TEST(Accuracy, AHalfSaysNo) {
  EXPECT_DOUBLE_EQ(accuracy(kSome).value(), 3.0 / 6);
  EXPECT_FALSE(accuracy({}));
}

TEST(Accuracy, OfTheConfidentHalf) {
  // Farthest from a half: 0.9 and 0.1 (0.4), then 0.8 (0.3): right, right, wrong.
  EXPECT_DOUBLE_EQ(accuracy_of_confident_half(kSome).value(), 2.0 / 3);
}

TEST(Brier, IsTheMeanSquaredMiss) {
  EXPECT_DOUBLE_EQ(brier(kSome).value(), (0.01 + 0.64 + 0.25 + 0.25 + 0.49 + 0.01) / 6);
}

TEST(CalibrationError, SumsTheGapsOfTheBins) {
  // 0.9: 1 - 0.9; 0.8: -0.8; 0.5 twice: 1 - 1; 0.3: 1 - 0.3; 0.1: -0.1.
  EXPECT_NEAR(calibration_error(kSome).value(), (0.1 + 0.8 + 0.0 + 0.7 + 0.1) / 6, 1e-12);
  EXPECT_DOUBLE_EQ(calibration_error(std::vector<Forecast>{{1.0, true}}).value(), 0.0);
}

TEST(MostSuspect, AreThirtyPercentAndTheEarlierOfEquals) {
  std::vector<Forecast> ten(10, Forecast{0.5, true});
  ten[0].happened = false;
  ten[1].happened = false;
  ten[9] = {0.1, false};
  EXPECT_DOUBLE_EQ(precision_of_most_suspect(ten).value(), 1.0);
  ten[0].happened = true;
  EXPECT_DOUBLE_EQ(precision_of_most_suspect(ten).value(), 2.0 / 3);
  EXPECT_FALSE(precision_of_most_suspect(std::vector<Forecast>(3)));
}

TEST(MacroF1, IsOverTheVerdictsThatOccur) {
  using enum Verdict;
  const std::vector<VerdictPair> pairs = {{succeeded, succeeded},
                                          {succeeded, undetermined},
                                          {failed, failed},
                                          {failed, partially_succeeded}};
  const Confusion counts = confusion(pairs);
  EXPECT_EQ(counts[2][1], 1u);
  // Both have one of two, and are said of nothing else: 2 / (2 + 1).
  EXPECT_DOUBLE_EQ(macro_f1(counts).value(), 2.0 / 3);
  EXPECT_FALSE(macro_f1(Confusion{}));
}

TEST(MacroF1, AbstainingCostsRecall) {
  using enum Verdict;
  EXPECT_DOUBLE_EQ(macro_f1(confusion(std::vector<VerdictPair>{{succeeded, undetermined},
                                                               {undetermined, undetermined}}))
                       .value(),
                   (0.0 + 2.0 / 3) / 2);
}

TEST(Quantile, OfAFewValues) {
  EXPECT_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_EQ(quantile({3, 1, 2}, 0.99), 3);
  EXPECT_EQ(quantile({1}, 1.0), 1);
  EXPECT_FALSE(quantile({}, 0.5));
}

}  // namespace
}  // namespace infinium::cli::evaluation
