#include "maestro/learning/reviewers.h"

#include <gtest/gtest.h>

#include "maestro/learning/reviewed_world.h"

namespace infinium::maestro {
namespace {

double weight_of(const Weighed& weighed, const std::string& name) {
  for (const ReviewerWeight& reviewer : weighed.reviewers) {
    if (reviewer.reviewer == name) {
      return reviewer.weight;
    }
  }
  return -1;
}

TEST(Reviewers, WhoAnswersAtRandomCountsLittle) {
  ReviewedWorld world(0);
  std::vector<std::vector<Vote>> votes;
  for (int i = 0; i < 80; ++i) {
    const auto one = world.run();
    votes.push_back({world.careful("ada", one), world.careful("bo", one), world.random("cy")});
  }
  std::vector<VotedRun> runs;
  for (const auto& of_run : votes) {
    runs.push_back({of_run, nullptr});
  }
  const Weighed weighed = weigh_reviewers(runs);
  EXPECT_GT(weight_of(weighed, "ada"), 0.8);
  EXPECT_GT(weight_of(weighed, "bo"), 0.8);
  EXPECT_LT(weight_of(weighed, "cy"), 0.3);
  EXPECT_EQ(weighed.reviewers[2].shared, 80);
}

TEST(Reviewers, WhoIsAloneKeepsThePrior) {
  const std::vector<Vote> alone{{"ada", Verdict::failed}};
  const std::vector<VotedRun> runs(20, VotedRun{alone, nullptr});
  const Weighed weighed = weigh_reviewers(runs);
  EXPECT_NEAR(weight_of(weighed, "ada"), 0.8, 1e-9);
  EXPECT_NEAR(weighed.runs[0].weight, 0.8, 1e-9);
  EXPECT_EQ(weighed.reviewers[0].shared, 0);
}

TEST(Reviewers, StrongEvidenceTellsApartWhoHasNobodyBeside) {
  std::vector<std::vector<Vote>> votes;
  std::vector<Verdict> evidence;
  ReviewedWorld world(0);
  for (int i = 0; i < 60; ++i) {
    const bool failed = i % 2 == 0;
    votes.push_back({{"ada", failed ? Verdict::failed : Verdict::succeeded}});
    votes.push_back({world.random("cy")});
    evidence.insert(evidence.end(), 2, failed ? Verdict::failed : Verdict::partially_succeeded);
  }
  std::vector<VotedRun> runs;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    runs.push_back({votes[i], i % 4 < 2 ? &evidence[i] : nullptr});
  }
  const Weighed weighed = weigh_reviewers(runs);
  EXPECT_GT(weight_of(weighed, "ada"), weight_of(weighed, "cy") + 0.3);
}

TEST(Reviewers, PeopleWhoAgreeOutweighTheEvidence) {
  const std::vector<Vote> agreed{{"ada", Verdict::succeeded}, {"bo", Verdict::succeeded}};
  const std::vector<Vote> other{{"ada", Verdict::failed}, {"bo", Verdict::failed}};
  const Verdict failed = Verdict::failed;
  std::vector<VotedRun> runs;
  for (int i = 0; i < 30; ++i) {
    runs.push_back({i % 3 == 0 ? other : agreed, i % 3 == 0 ? nullptr : &failed});
  }
  const Weighed weighed = weigh_reviewers(runs);
  EXPECT_GT(weight_of(weighed, "ada"), 0.85);
  EXPECT_GT(weighed.runs[1].share[static_cast<std::size_t>(Verdict::succeeded)], 0.95);
}

TEST(Reviewers, ManyVoicesStayWithinANumber) {
  std::vector<Vote> many;
  for (int i = 0; i < 5'000; ++i) {
    many.push_back({"r" + std::to_string(i), i % 3 == 0 ? Verdict::failed : Verdict::succeeded});
  }
  const std::vector<VotedRun> runs{{many, nullptr}};
  const Weighed weighed = weigh_reviewers(runs);
  EXPECT_GT(weighed.runs[0].share[static_cast<std::size_t>(Verdict::succeeded)], 0.9);
  EXPECT_TRUE(weigh_reviewers({}).runs.empty());
}

}  // namespace
}  // namespace infinium::maestro
