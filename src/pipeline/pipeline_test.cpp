#include "pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <stdexcept>

#include "codec/json_text.h"
#include "store/sqlite/open.h"

namespace infinium::pipeline {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kDeadline{20};

/// A clock whose steady time a test moves.
class HandClock final : public Clock {
 public:
  std::int64_t now_ms() const override { return 1'800'000'000'000; }
  std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(1000 + seconds));
  }
  std::atomic<int> seconds = 0;
};

std::string payload(const std::string& name) {
  return R"({"name":")" + name +
         R"(","description":"d","current_datetime":"2026-01-31T12:00:00Z","duration":1})";
}

Interpretation judge_by_name(const TaskData& trace, const maestro::Company&) {
  Interpretation result;
  result.verdict = trace.name == "good" ? Verdict::succeeded : Verdict::failed;
  result.score = 50;
  result.engine_version = "9.9.9";
  result.summary = "of " + trace.name;
  return result;
}

class PipelineTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "infinium-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    open();
    agent_ = *store_->create_agent("agent", {});
  }

  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    store_.reset();
    auto opened = store::sqlite::open(
        {.folder = folder_, .disk_reserve_bytes = 0}, system_clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened->store);
  }

  Uuid send(const std::string& body) {
    store::NewTrace trace;
    trace.agent = agent_.key;
    trace.trace_id = make_uuid_v7(system_clock_, random_);
    trace.received_at_ms = system_clock_.now_ms();
    trace.body = body;
    trace.body_hash = sha256(body);
    trace.name = "name";
    const Uuid id = trace.trace_id;
    std::vector<store::NewTrace> one;
    one.push_back(std::move(trace));
    std::promise<bool> stored;
    EXPECT_TRUE(store_->append(std::move(one),
                               [&](auto outcome) { stored.set_value(outcome.has_value()); }));
    EXPECT_TRUE(stored.get_future().get());
    return id;
  }

  /// The result's JSON, as someone who waits for it sees it.
  std::string wait_for(const Uuid& id) {
    std::promise<void> woken;
    const auto waiting = hub_.subscribe(id, [&] { woken.set_value(); });
    auto result = store_->find_result(agent_.key, id);
    if (result && result->state == store::TraceState::pending) {
      EXPECT_EQ(woken.get_future().wait_for(kDeadline), std::future_status::ready);
      result = store_->find_result(agent_.key, id);
    }
    return result ? result->json : result.error().message;
  }

  SystemClock system_clock_;
  SystemRandom random_;
  Log log_{system_clock_, LogLevel::error, -1};
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  store::Agent agent_;
  ResultHub hub_;
};

TEST_F(PipelineTest, InterpretsWhatComesIn) {
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {.threads = 2}, {judge_by_name, "9.9.9"});
  const Uuid good = send(payload("good"));
  const Uuid bad = send(payload("bad"));
  const std::string json = wait_for(good);
  EXPECT_THAT(json, HasSubstr(R"("verdict":"succeeded")"));
  EXPECT_THAT(json, HasSubstr(R"("traceId":")" + good.to_string() + '"'));
  EXPECT_THAT(json, HasSubstr(R"("summary":"of good")"));
  EXPECT_THAT(json, testing::Not(HasSubstr(R"("interpretedAt":"")")));
  EXPECT_THAT(wait_for(bad), HasSubstr(R"("verdict":"failed")"));
  pipeline.stop();
  EXPECT_EQ(pipeline.stats().interpreted, 2);
  EXPECT_EQ(pipeline.stats().failed, 0);
  EXPECT_TRUE(pipeline.healthy());
  EXPECT_EQ(store_->find_trace(agent_.key, good)->interpretation_count, 1);
}

/// Keeps what it is handed, and can be waited for.
class KeepingJudge final : public judge::Judge {
 public:
  explicit KeepingJudge(store::Store& store) : store_(store) {}
  void judge(judge::Case one) override {
    saved_before =
        store_.find_result({}, one.trace.trace_id)->state == store::TraceState::completed;
    handed.set_value(std::move(one));  // a second one would throw and end the test
  }
  bool saved_before = false;
  std::promise<judge::Case> handed;

 private:
  store::Store& store_;
};

TEST_F(PipelineTest, HandsASavedTraceToTheJudgeButNotWhatTheEngineFailedAt) {
  KeepingJudge judge(*store_);
  Pipeline pipeline(
      *store_, hub_, system_clock_, log_, {.judge = &judge}, {judge_by_name, "9.9.9"});
  const Uuid broken = send("this was never JSON");
  wait_for(broken);
  const Uuid good = send(payload("good"));
  const judge::Case one = judge.handed.get_future().get();
  EXPECT_TRUE(judge.saved_before);
  EXPECT_EQ(one.trace.trace_id, good);
  EXPECT_GT(one.trace.seq, 0);
  EXPECT_EQ(one.body, payload("good"));
  EXPECT_EQ(one.interpretation.verdict, Verdict::succeeded);
  pipeline.stop();
}

TEST_F(PipelineTest, InterpretsWhatWasLeftFromBefore) {
  std::vector<Uuid> ids;
  for (int i = 0; i < 300; ++i) {
    ids.push_back(send(payload("n" + std::to_string(i))));
  }
  open();
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {.threads = 2}, {judge_by_name, "9.9.9"});
  for (const Uuid& id : ids) {
    EXPECT_THAT(wait_for(id), HasSubstr(R"("verdict":"failed")"));
  }
  pipeline.stop();
  EXPECT_EQ(pipeline.stats().interpreted, 300);
  EXPECT_EQ(store_->stats().pending, 0);
}

TEST_F(PipelineTest, StopFinishesWhatIsInHand) {
  std::promise<void> entered;
  std::promise<void> go_on;
  const auto engine = [&](const TaskData& trace, const maestro::Company& company) {
    entered.set_value();
    go_on.get_future().wait();
    return judge_by_name(trace, company);
  };
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {}, {engine, "9.9.9"});
  const Uuid id = send(payload("good"));
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { pipeline.stop(); });
  go_on.set_value();
  stopped.get();
  EXPECT_EQ(store_->find_result(agent_.key, id)->state, store::TraceState::completed);
}

TEST_F(PipelineTest, NoThreadsLeaveAllPending) {
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {.threads = 0}, {judge_by_name, "9.9.9"});
  send(payload("good"));
  pipeline.stop();
  EXPECT_EQ(store_->stats().pending, 1);
  EXPECT_TRUE(pipeline.healthy());
}

TEST_F(PipelineTest, AnEngineThatThrowsIsTriedThreeTimesAndTheRestIsServed) {
  std::atomic<int> tries = 0;
  const auto engine = [&](const TaskData& trace, const maestro::Company& company) {
    if (trace.name == "poison") {
      ++tries;
      throw std::runtime_error("boom");
    }
    return judge_by_name(trace, company);
  };
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {}, {engine, "9.9.9"});
  const Uuid poison = send(payload("poison"));
  const Uuid good = send(payload("good"));
  const std::string json = wait_for(poison);
  EXPECT_THAT(json, HasSubstr(R"("verdict":"undetermined")"));
  EXPECT_THAT(json, HasSubstr(R"("reason":"engine_failed")"));
  EXPECT_THAT(json, HasSubstr(R"("code":"engine.failed")"));
  EXPECT_THAT(json, HasSubstr(R"("severity":"critical")"));
  EXPECT_THAT(json, HasSubstr(R"("version":"9.9.9")"));
  EXPECT_THAT(wait_for(good), HasSubstr(R"("verdict":"succeeded")"));
  pipeline.stop();
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(pipeline.stats().failed, 1);
}

TEST_F(PipelineTest, AFirstFailureThatPassesLeavesNoMark) {
  std::atomic<int> tries = 0;
  const auto engine = [&](const TaskData& trace, const maestro::Company& company) {
    if (++tries < 3) {
      throw std::bad_alloc();
    }
    return judge_by_name(trace, company);
  };
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {}, {engine, "9.9.9"});
  EXPECT_THAT(wait_for(send(payload("good"))), HasSubstr(R"("verdict":"succeeded")"));
}

TEST_F(PipelineTest, ATraceInHandAtThreeDeathsIsGivenUpAndItsNeighboursAreNot) {
  const Uuid poison = send(payload("poison"));
  const Uuid neighbour = send(payload("good"));
  ASSERT_EQ(store_->claim_pending(64)->size(), 2u);  // both were in hand at the first death
  for (int death = 2; death <= 3; ++death) {
    open();
    ASSERT_EQ(store_->claim_pending(64)->size(), 1u);
  }
  open();
  std::atomic<bool> poison_ran = false;
  const auto engine = [&](const TaskData& trace, const maestro::Company& company) {
    poison_ran = poison_ran || trace.name == "poison";
    return judge_by_name(trace, company);
  };
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {}, {engine, "9.9.9"});
  EXPECT_THAT(wait_for(poison), HasSubstr(R"("code":"engine.failed")"));
  EXPECT_THAT(wait_for(poison), HasSubstr("3"));
  EXPECT_THAT(wait_for(neighbour), HasSubstr(R"("verdict":"succeeded")"));
  EXPECT_FALSE(poison_ran);
}

TEST_F(PipelineTest, ABodyThatDoesNotReadBackIsGivenUpAndTheRestIsServed) {
  const Uuid broken = send("this was never JSON");
  const Uuid good = send(payload("good"));
  Pipeline pipeline(*store_, hub_, system_clock_, log_, {}, {judge_by_name, "9.9.9"});
  EXPECT_THAT(wait_for(broken), HasSubstr(R"("code":"engine.failed")"));
  EXPECT_THAT(wait_for(good), HasSubstr(R"("verdict":"succeeded")"));
  const std::string json = wait_for(broken);
  EXPECT_TRUE(codec::parse_json(json));
  EXPECT_THAT(json, testing::Not(HasSubstr("never JSON")));
}

TEST_F(PipelineTest, AWorkerAtOneTraceForOverAMinuteIsNotHealthy) {
  HandClock clock;
  std::promise<void> entered;
  std::promise<void> go_on;
  const auto engine = [&](const TaskData& trace, const maestro::Company& company) {
    entered.set_value();
    go_on.get_future().wait();
    return judge_by_name(trace, company);
  };
  Pipeline pipeline(*store_, hub_, clock, log_, {}, {engine, "9.9.9"});
  const Uuid id = send(payload("good"));
  entered.get_future().wait();
  clock.seconds = 59;
  EXPECT_TRUE(pipeline.healthy());
  clock.seconds = 61;
  EXPECT_FALSE(pipeline.healthy());
  go_on.set_value();
  wait_for(id);
  pipeline.stop();
  EXPECT_TRUE(pipeline.healthy());
}

}  // namespace
}  // namespace infinium::pipeline
