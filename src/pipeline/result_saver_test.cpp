#include "pipeline/result_saver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace infinium::pipeline {
namespace {

/// A store of which only saving is used; a test decides when and how each save ends.
class SavingStore : public store::Store {
 public:
  Status save_results(std::vector<store::NewResult> results, store::SaveDone done) override {
    sizes.push_back(results.size());
    pending = std::move(done);
    return refuse ? Status(*std::exchange(refuse, std::nullopt)) : Status();
  }
  void end(const Status& how) { std::exchange(pending, nullptr)(how); }

  std::vector<std::size_t> sizes;
  store::SaveDone pending;
  std::optional<Error> refuse;

  MOCK_METHOD(Status, append, (std::vector<store::NewTrace>, store::AppendDone), (override));
  MOCK_METHOD(Result<std::vector<store::ClaimedTrace>>, claim_pending, (std::size_t), (override));
  MOCK_METHOD(void, on_new_pending, (std::function<void()>), (override));
  MOCK_METHOD(Status,
              replace_results,
              (std::vector<store::NewResult>, store::SaveDone),
              (override));
  MOCK_METHOD(Result<std::vector<store::CompletedTrace>>,
              completed_traces,
              (store::AgentKey, std::int64_t, std::size_t),
              (override));
  MOCK_METHOD(Result<std::int64_t>, count_completed, (store::AgentKey), (override));
  MOCK_METHOD(Result<store::TraceAndResult>, read_completed, (std::int64_t), (override));
  MOCK_METHOD(Result<std::vector<store::ResultInfo>>,
              results_of,
              (std::optional<store::AgentKey>, const Uuid&),
              (override));
  MOCK_METHOD(Result<std::string>,
              find_numbered_result,
              (std::optional<store::AgentKey>, const Uuid&, std::int64_t),
              (override));
  MOCK_METHOD(Result<std::vector<store::ContributionRow>>,
              contributions,
              (store::AgentKey, std::int64_t, std::int64_t, std::size_t),
              (override));
  MOCK_METHOD(Result<std::vector<store::ContributionRow>>,
              task_contributions,
              (store::AgentKey, std::uint64_t, std::int64_t, std::size_t),
              (override));
  MOCK_METHOD(Result<store::StoredTrace>,
              find_trace,
              (std::optional<store::AgentKey>, const Uuid&),
              (override));
  MOCK_METHOD(Result<store::StoredResult>,
              find_result,
              (std::optional<store::AgentKey>, const Uuid&),
              (override));
  MOCK_METHOD(Result<store::TracePage>, list_traces, (const store::ListQuery&), (override));
  MOCK_METHOD(Result<store::Agent>, create_agent, (std::string, const Sha256&), (override));
  MOCK_METHOD(Result<store::Agent>, find_agent, (const Uuid&), (override));
  MOCK_METHOD(Result<std::vector<store::Agent>>, list_agents, (), (override));
  MOCK_METHOD(Status, set_agent_secret, (const Uuid&, const Sha256&), (override));
  MOCK_METHOD(Status, set_agent_disabled, (const Uuid&, bool), (override));
  MOCK_METHOD(Result<store::Reviewer>, create_reviewer, (std::string, const Sha256&), (override));
  MOCK_METHOD(Result<store::Reviewer>, find_reviewer, (const Uuid&), (override));
  MOCK_METHOD(Result<std::vector<store::Reviewer>>, list_reviewers, (), (override));
  MOCK_METHOD(Status, set_reviewer_secret, (const Uuid&, const Sha256&), (override));
  MOCK_METHOD(Status, set_reviewer_disabled, (const Uuid&, bool), (override));
  MOCK_METHOD(Result<store::SavedOpinion>, save_opinion, (store::NewOpinion), (override));
  MOCK_METHOD(Status, queue_opinion, (store::NewOpinion, store::OpinionDone), (override));
  MOCK_METHOD(Result<bool>, withdraw_opinion, (std::int64_t, store::ReviewerKey), (override));
  MOCK_METHOD(Result<store::TraceOpinions>,
              opinions_of,
              (std::optional<store::AgentKey>, const Uuid&),
              (override));
  MOCK_METHOD(Result<store::ReviewedPage>,
              reviewed_traces,
              (std::int64_t, std::size_t),
              (override));
  MOCK_METHOD(Result<std::int64_t>, save_calibration, (std::string, std::string), (override));
  MOCK_METHOD(Result<store::Calibration>, load_calibration, (), (override));
  MOCK_METHOD(Result<std::vector<store::CalibrationInfo>>, list_calibrations, (), (override));
  MOCK_METHOD(Status, rollback_calibration, (std::int64_t), (override));
  MOCK_METHOD(Result<store::Prompt>,
              create_prompt,
              (std::string, std::string, const Sha256&),
              (override));
  MOCK_METHOD(Result<store::PromptVersion>, push_prompt, (const Uuid&, std::string), (override));
  MOCK_METHOD(Result<std::vector<store::Prompt>>, list_prompts, (), (override));
  MOCK_METHOD(Result<store::PromptVersion>,
              find_prompt,
              (const Uuid&, std::optional<std::int64_t>),
              (override));
  MOCK_METHOD(Result<Sha256>, find_prompt_key_hash, (const Uuid&), (override));
  MOCK_METHOD(Status, check, (), (override));
  MOCK_METHOD(store::StoreStats, stats, (), (override));
};

class ResultSaverTest : public testing::Test {
 protected:
  static Uuid id_of(std::uint8_t last) {
    Uuid id;
    id.bytes[15] = last;
    return id;
  }
  static std::vector<Finished> batch(std::uint8_t count) {
    std::vector<Finished> all(count);
    for (std::uint8_t i = 0; i < count; ++i) {
      all[i].trace_id = id_of(i);
    }
    return all;
  }

  SystemClock clock_;
  Log log_{clock_, LogLevel::error, -1};
  testing::NiceMock<SavingStore> store_;
  ResultHub hub_;
  int woken_ = 0;
  ResultHub::Subscription waiting_ = hub_.subscribe(id_of(0), [this] { ++woken_; });
};

/// Keeps what it is handed.
class KeepingJudge final : public judge::Judge {
 public:
  void judge(judge::Case one) override { cases.push_back(std::move(one)); }
  std::vector<judge::Case> cases;
};

std::vector<Finished> one_for_the_judge() {
  std::vector<Finished> one(1);
  one[0].for_judge = std::make_unique<judge::Case>(judge::Case{{7, {}}, "{}", {}});
  return one;
}

TEST_F(ResultSaverTest, HandsATraceToTheJudgeOnlyOnceItsResultIsDurable) {
  KeepingJudge judge;
  ResultSaver saver(store_, hub_, log_, &judge);
  saver.save(one_for_the_judge());
  EXPECT_TRUE(judge.cases.empty());
  store_.end({});
  ASSERT_EQ(judge.cases.size(), 1u);
  EXPECT_EQ(judge.cases[0].trace.seq, 7);
  EXPECT_EQ(judge.cases[0].body, "{}");
}

TEST_F(ResultSaverTest, WhatWaitsForAnIllStoreKeepsNoTrace) {
  KeepingJudge judge;
  ResultSaver saver(store_, hub_, log_, &judge);
  saver.save(one_for_the_judge());
  store_.end(Error{Code::unavailable, "the disk is full"});
  EXPECT_TRUE(judge.cases.empty());
  saver.retry();
  store_.end({});
  ASSERT_EQ(judge.cases.size(), 1u);  // so that it says that it did not see the trace
  EXPECT_EQ(judge.cases[0].body, "");
}

TEST_F(ResultSaverTest, TellsTheHubOnlyOnceTheResultIsDurable) {
  ResultSaver saver(store_, hub_, log_);
  saver.save(batch(2));
  EXPECT_EQ(woken_, 0);
  store_.end({});
  EXPECT_EQ(woken_, 1);
}

TEST_F(ResultSaverTest, TriesEachAloneAfterAFailure) {
  ResultSaver saver(store_, hub_, log_);
  saver.save(batch(1));
  store_.end(Error{Code::unavailable, "the disk is full"});
  EXPECT_EQ(woken_, 0);
  for (int i = 0; i < 5; ++i) {  // for as long as the store is away
    saver.retry();
    store_.end(Error{Code::unavailable, "the disk is full"});
  }
  saver.retry();
  store_.end({});
  EXPECT_EQ(woken_, 1);
  saver.retry();
  EXPECT_EQ(store_.sizes.size(), 7u) << "saved again although it was done";
}

TEST_F(ResultSaverTest, ARefusedBatchIsTakenApart) {
  ResultSaver saver(store_, hub_, log_);
  store_.refuse = Error{Code::unavailable, "the store is closing"};
  saver.save(batch(1));
  saver.retry();
  store_.end({});
  EXPECT_EQ(woken_, 1);
}

TEST_F(ResultSaverTest, GivesUpAResultThatTheStoreCannotTake) {
  ResultSaver saver(store_, hub_, log_);
  saver.save(batch(1));
  store_.end(Error{Code::corrupt, "a page is broken"});
  for (int i = 0; i < 2; ++i) {
    saver.retry();
    store_.end(Error{Code::corrupt, "a page is broken"});
  }
  saver.retry();
  EXPECT_EQ(store_.sizes.size(), 3u);
  EXPECT_EQ(woken_, 0);
}

}  // namespace
}  // namespace infinium::pipeline
