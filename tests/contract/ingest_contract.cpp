#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "store_contract.h"

namespace infinium::store {
namespace {

using Kind = Appended::Kind;

TEST_P(StoreContract, KeepsATraceByteForByteOverAReopen) {
  const Agent owner = agent();
  const std::string body = "{\"name\":\"caf\\u00e9 \xF0\x9F\x98\x80\",\"x\": 1.50 }\n";
  const Appended stored = append_one(trace(owner, body));
  EXPECT_EQ(stored.kind, Kind::stored);
  reopen();
  const auto found = store_->find_trace(owner.key, stored.trace_id);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->body, body);
  EXPECT_EQ(found->agent_id, owner.id);
  EXPECT_EQ(found->trace_id, stored.trace_id);
  EXPECT_EQ(found->state, TraceState::pending);
  EXPECT_EQ(found->interpretation_count, 0);
}

TEST_P(StoreContract, ATraceOfAnotherAgentIsNotFound) {
  const Agent owner = agent();
  const Agent other = agent("other");
  const Appended stored = append_one(trace(owner, "{}"));
  EXPECT_EQ(store_->find_trace(other.key, stored.trace_id).error().code, Code::not_found);
  EXPECT_EQ(store_->find_result(other.key, stored.trace_id).error().code, Code::not_found);
  EXPECT_TRUE(store_->find_trace(std::nullopt, stored.trace_id));
}

TEST_P(StoreContract, AVersion7KeyIsTheTraceId) {
  const Agent owner = agent();
  const Uuid key = id();
  const Appended first = append_one(trace(owner, "{\"a\":1}", key));
  EXPECT_EQ(first.kind, Kind::stored);
  EXPECT_EQ(first.trace_id, key);
  const Appended again = append_one(trace(owner, "{\"a\":1}", key));
  EXPECT_EQ(again.kind, Kind::repeated);
  EXPECT_EQ(again.trace_id, key);
  EXPECT_EQ(append_one(trace(owner, "{\"a\":2}", key)).kind, Kind::conflict);
  EXPECT_EQ(store_->find_trace(owner.key, key)->body, "{\"a\":1}");
  EXPECT_EQ(store_->stats().traces, 1);
}

TEST_P(StoreContract, AnyOtherKeyLeadsToTheIdThatWasStoredFirst) {
  const Agent owner = agent();
  const Uuid key = random_key();
  const Appended first = append_one(trace(owner, "{\"a\":1}", key));
  EXPECT_EQ(first.kind, Kind::stored);
  EXPECT_NE(first.trace_id, key);
  reopen();
  const Appended again = append_one(trace(owner, "{\"a\":1}", key));
  EXPECT_EQ(again.kind, Kind::repeated);
  EXPECT_EQ(again.trace_id, first.trace_id);
  EXPECT_EQ(append_one(trace(owner, "{\"a\":2}", key)).kind, Kind::conflict);
}

TEST_P(StoreContract, KeysOfDifferentAgentsDoNotMeet) {
  const Agent one = agent("one");
  const Agent two = agent("two");
  for (const Uuid& key : {id(), random_key()}) {
    EXPECT_EQ(append_one(trace(one, "{\"a\":1}", key)).kind, Kind::stored);
    EXPECT_EQ(append_one(trace(two, "{\"a\":2}", key)).kind, Kind::stored);
  }
  EXPECT_EQ(store_->stats().traces, 4);
}

TEST_P(StoreContract, DuplicatesWithinABatchTouchNoNeighbour) {
  const Agent owner = agent();
  const Uuid key = random_key();
  const Uuid seven = id();
  std::vector<NewTrace> batch;
  batch.push_back(trace(owner, "{\"a\":1}", key));
  batch.push_back(trace(owner, "{\"a\":1}", key));
  batch.push_back(trace(owner, "{\"a\":2}", key));
  batch.push_back(trace(owner, "{\"b\":1}"));
  batch.push_back(trace(owner, "{\"c\":1}", seven));
  batch.push_back(trace(owner, "{\"c\":2}", seven));
  batch.push_back(trace(owner, "{\"d\":1}"));
  const auto outcome = append(std::move(batch));
  ASSERT_TRUE(outcome);
  std::vector<Kind> kinds;
  for (const Appended& one : *outcome) {
    kinds.push_back(one.kind);
  }
  EXPECT_THAT(kinds,
              testing::ElementsAre(Kind::stored,
                                   Kind::repeated,
                                   Kind::conflict,
                                   Kind::stored,
                                   Kind::stored,
                                   Kind::conflict,
                                   Kind::stored));
  EXPECT_EQ((*outcome)[1].trace_id, (*outcome)[0].trace_id);
  EXPECT_EQ(store_->stats().traces, 4);
  EXPECT_EQ(store_->stats().pending, 4);
}

TEST_P(StoreContract, OneKeyFromManyThreadsIsStoredOnce) {
  const Agent owner = agent();
  const Uuid key = random_key();
  std::atomic<int> stored = 0;
  std::atomic<int> repeated = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const Appended one = append_one(trace(owner, "{\"a\":1}", key));
        ++(one.kind == Kind::stored ? stored : repeated);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(repeated, 79);
  EXPECT_EQ(store_->list_traces({})->rows.size(), 1u);
}

TEST_P(StoreContract, ClosingCommitsWhatIsQueued) {
  const Agent owner = agent();
  std::atomic<int> acknowledged = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<NewTrace> one;
    one.push_back(trace(owner, "{\"i\":" + std::to_string(i) + "}"));
    ASSERT_TRUE(store_->append(std::move(one),
                               [&](auto outcome) { acknowledged += outcome.has_value() ? 1 : 0; }));
  }
  reopen();
  EXPECT_EQ(acknowledged, 200);
  EXPECT_EQ(store_->stats().traces, 200);
}

TEST_P(StoreContract, AnEmptyBatchIsAnswered) {
  const auto outcome = append({});
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->empty());
}

}  // namespace
}  // namespace infinium::store
