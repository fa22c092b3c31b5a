#include "pipeline/rereading.h"

#include <gmock/gmock.h>

#include <atomic>

#include "pipeline/companies.h"
#include "pipeline/reread_job.h"
#include "pipeline/store_bed.h"

namespace infinium::pipeline {
namespace {

using testing::ElementsAre;

/// An engine that gives every trace that verdict.
Engine engine_of(std::string version, Verdict verdict, double score) {
  return {[=](const TaskData&, const maestro::Company& company) {
            Interpretation result;
            result.engine_version = version;
            result.engine_model = "m";
            result.verdict = verdict;
            result.score = score;
            result.baseline.sample_size = company.sample_size();
            return result;
          },
          version,
          "m"};
}

class RereadingTest : public StoreBed {
 protected:
  void SetUp() override {
    StoreBed::SetUp();
    agent_ = *store_->create_agent("agent", {});
  }

  void send_many(int count) {
    for (int i = 0; i < count; ++i) {
      ids_.push_back(send(agent_.key, booking(i % 3, "blue", 1 + i % 7)));
    }
  }

  RereadFigures reread(Engine engine, RereadOptions options = {}) {
    options.agents = {agent_.key};
    options.threads = 3;
    Rereading rereading(
        *store_, std::move(engine), system_clock_, log_, [this](store::AgentKey) { ++changed_; });
    const Status done = rereading.run(options);
    EXPECT_TRUE(done) << done.error().message;
    return rereading.figures();
  }

  std::vector<std::string> all_results() {
    std::vector<std::string> all;
    for (const Uuid& id : ids_) {
      all.push_back(store_->find_result({}, id)->json);
    }
    return all;
  }

  std::int64_t results_of(const Uuid& id) {
    return static_cast<std::int64_t>(store_->results_of({}, id)->size());
  }

  store::Agent agent_;
  std::vector<Uuid> ids_;
  int changed_ = 0;
};

TEST_F(RereadingTest, AnotherEngineTakesTheOldOnesPlaceAndTheOldOneIsKept) {
  send_many(20);
  interpret_all(2, engine_of("1", Verdict::succeeded, 80));
  const RereadFigures figures = reread(engine_of("2", Verdict::failed, 10));
  EXPECT_EQ(figures.total, 20);
  EXPECT_EQ(figures.read, 20);
  EXPECT_EQ(figures.of_other_engine, 20);
  const VerdictChange& change = figures.verdicts[0][2];
  EXPECT_EQ(change.count, 20);
  EXPECT_EQ(change.examples.size(), VerdictChange::kExamplesMax);
  EXPECT_EQ(change.examples.front(), ids_.front().to_string());
  EXPECT_EQ(figures.score_down, 20);
  EXPECT_DOUBLE_EQ(figures.score_sum, -1400);
  for (const Uuid& id : ids_) {
    EXPECT_EQ(store_->find_result({}, id)->verdict, Verdict::failed);
    const auto results = *store_->results_of({}, id);
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].engine_version, "2");
    EXPECT_EQ(results[1].engine_version, "1");
    EXPECT_EQ(results[1].verdict, Verdict::succeeded);
  }
  EXPECT_EQ(reread(engine_of("2", Verdict::failed, 10)).read, 0) << "all is done";
}

TEST_F(RereadingTest, ADryRunChangesNothing) {
  send_many(10);
  interpret_all(2, engine_of("1", Verdict::succeeded, 80));
  const auto before = all_results();
  const RereadFigures figures = reread(engine_of("2", Verdict::failed, 10), {.dry_run = true});
  EXPECT_EQ(figures.verdicts[0][2].count, 10);
  EXPECT_EQ(all_results(), before);
  EXPECT_EQ(results_of(ids_[0]), 1);
}

TEST_F(RereadingTest, WhatMaestroSaidLiveItSaysAgain) {
  send_many(150);
  interpret_all(4);
  const auto before = all_results();
  const RereadFigures figures = reread(maestro_engine(), {.all = true});
  EXPECT_EQ(figures.read, 150);
  EXPECT_EQ(figures.same, 150) << "each had the company that it has now";
  EXPECT_EQ(figures.stale, 0);
  EXPECT_EQ(all_results(), before) << "to the time at which it was said";
  EXPECT_EQ(changed_, 0);
  EXPECT_EQ(results_of(ids_[0]), 1);
}

TEST_F(RereadingTest, WhatIsUpToDateIsNotRead) {
  send_many(5);
  interpret_all();
  EXPECT_EQ(reread(maestro_engine()).read, 0);
  EXPECT_EQ(reread(engine_of("2", Verdict::failed, 1), {.stale = true}).read, 0);
}

TEST_F(RereadingTest, AStaleResultIsReadWithTheCompanyItLacked) {
  ids_.push_back(send(agent_.key, booking(1)));
  ASSERT_EQ(store_->claim_pending(1)->size(), 1u);  // in hand when the process ends
  ids_.push_back(send(agent_.key, booking(1)));
  ids_.push_back(send(agent_.key, booking(2)));
  interpret_all(2, maestro_engine(), 1);
  open();
  interpret_all();
  ASSERT_TRUE(store_->find_trace({}, ids_[1])->stale);
  const RereadFigures figures = reread(maestro_engine(), {.stale = true});
  EXPECT_EQ(figures.stale, 1);
  EXPECT_EQ(figures.read, 1);
  EXPECT_FALSE(store_->find_trace({}, ids_[1])->stale);
  EXPECT_THAT(siblings_of(ids_[1]), ElementsAre(ids_[0].to_string()));
  EXPECT_EQ(sample_size_of(ids_[1]), 1);
  EXPECT_EQ(results_of(ids_[1]), 2);
  EXPECT_EQ(reread(maestro_engine()).read, 0);
}

TEST_F(RereadingTest, AStoreWithoutContributionsGetsItsCompany) {
  send_many(9);
  const auto claims = *store_->claim_pending(9);
  std::vector<store::NewResult> old;
  for (const auto& claim : claims) {  // as a program before the company left them
    old.push_back({claim.seq, "{}", Verdict::undetermined, 50, "0.0.1"});
  }
  std::promise<void> saved;
  ASSERT_TRUE(store_->save_results(old, [&](const Status&) { saved.set_value(); }));
  saved.get_future().get();
  const RereadFigures figures = reread(maestro_engine());
  EXPECT_EQ(figures.read, 9);
  EXPECT_EQ(changed_, 1);
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    EXPECT_EQ(sample_size_of(ids_[i]), static_cast<std::int64_t>(i));
    EXPECT_EQ(siblings_of(ids_[i]).size(), i / 3);
  }
  EXPECT_EQ(reread(maestro_engine()).read, 0);
}

TEST_F(RereadingTest, StoppedAnywhereItGoesOnWhereItEnded) {
  send_many(300);
  interpret_all(3);
  const auto live = all_results();
  const Engine second = engine_of("2", Verdict::failed, 10);
  std::int64_t read = 0;
  int runs = 0;
  while (read < 300 && runs < 20) {
    std::atomic<int> asked = 0;
    const RereadFigures figures =
        reread(second, {.abandoned = [&] { return ++asked > 2 + 2 * runs; }});
    read += figures.read;
    ++runs;
    EXPECT_LT(figures.read, 300);
  }
  EXPECT_EQ(read, 300) << "none twice";
  EXPECT_GT(runs, 2);
  const RereadFigures back = reread(maestro_engine());
  EXPECT_EQ(back.read, 300);
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    EXPECT_EQ(results_of(ids_[i]), 3);
    const auto at = live[i].find("\"engine\"");
    EXPECT_EQ(store_->find_result({}, ids_[i])->json.substr(at), live[i].substr(at));
  }
}

TEST_F(RereadingTest, ATraceThatTheEngineCannotReadStopsNothing) {
  ids_.push_back(send(agent_.key, "no JSON"));
  ids_.push_back(send(agent_.key, booking(1)));
  interpret_all(1, engine_of("1", Verdict::succeeded, 80));
  Engine throwing = engine_of("2", Verdict::failed, 10);
  throwing.interpret = [](const TaskData&, const maestro::Company&) -> Interpretation {
    throw std::bad_alloc();
  };
  const RereadFigures figures = reread(throwing);
  EXPECT_EQ(figures.read, 2);
  EXPECT_EQ(figures.failed, 2);
  EXPECT_EQ(store_->find_result({}, ids_[1])->verdict, Verdict::undetermined);
  EXPECT_EQ(reread(engine_of("3", Verdict::failed, 10)).failed, 1);
}

TEST_F(RereadingTest, LiveTracesGoOnMeanwhileAndNothingIsStaleAfterIt) {
  send_many(60);
  interpret_all(2, engine_of("1", Verdict::succeeded, 80));
  {
    Pipeline pipeline(*store_, hub_, system_clock_, log_, {.threads = 2});
    Rereading rereading(*store_, maestro_engine(), system_clock_, log_, [&](store::AgentKey agent) {
      pipeline.forget_company(agent);
    });
    std::thread job([&] {
      EXPECT_TRUE(rereading.run({.agents = {agent_.key}, .threads = 2, .yielding = true}));
    });
    send_many(40);
    job.join();
    while (store_->stats().pending > 0) {
      ASSERT_TRUE(store_->check());
    }
    pipeline.stop();
  }
  (void)reread(maestro_engine());
  const RereadFigures again = reread(maestro_engine(), {.all = true});
  EXPECT_EQ(again.read, 100);
  EXPECT_EQ(again.stale, 0);
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    EXPECT_EQ(sample_size_of(ids_[i]), static_cast<std::int64_t>(i));
  }
}

TEST_F(RereadingTest, AJobTellsHowItStandsAndEndsWhenNobodyAsks) {
  send_many(200);
  interpret_all(2, engine_of("1", Verdict::succeeded, 80));
  RereadJob job(
      *store_,
      [] { return engine_of("2", Verdict::failed, 10); },
      system_clock_,
      log_,
      [](store::AgentKey) {},
      std::chrono::seconds(0));
  EXPECT_EQ(job.status().state, RereadStatus::State::none);
  ASSERT_TRUE(job.start({.agents = {agent_.key}}));
  while (job.status().state == RereadStatus::State::running) {
    std::this_thread::yield();
  }
  const RereadStatus status = job.status();
  EXPECT_EQ(status.state, RereadStatus::State::done);
  EXPECT_EQ(status.figures.read, 200);
  EXPECT_GT(status.seconds, 0);
  ASSERT_TRUE(job.start({.agents = {agent_.key}, .all = true}));
  const Status second = job.start({.agents = {agent_.key}});
  if (!second) {  // unless the first is over already
    EXPECT_EQ(second.error().code, Code::conflict);
  }
  job.stop();
}

}  // namespace
}  // namespace infinium::pipeline
