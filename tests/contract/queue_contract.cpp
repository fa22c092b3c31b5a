#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "store_contract.h"

namespace infinium::store {
namespace {

TEST_P(StoreContract, ClaimsOldestFirstAndNothingTwice) {
  const Agent owner = agent();
  std::vector<Uuid> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(append_one(trace(owner, "{\"i\":" + std::to_string(i) + "}")).trace_id);
  }
  const auto first = store_->claim_pending(2);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 2u);
  EXPECT_EQ(first->at(0).trace_id, ids[0]);
  EXPECT_EQ(first->at(0).body, "{\"i\":0}");
  EXPECT_EQ(first->at(0).agent_id, owner.id);
  EXPECT_EQ(first->at(0).attempts, 1);
  EXPECT_EQ(first->at(1).trace_id, ids[1]);
  const auto rest = store_->claim_pending(10);
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->size(), 3u);
  EXPECT_EQ(rest->at(0).trace_id, ids[2]);
  EXPECT_TRUE(store_->claim_pending(10)->empty());
}

TEST_P(StoreContract, AClaimThatEndsWithTheProcessIsGivenAgainWithItsAttempts) {
  const Agent owner = agent();
  append_one(trace(owner, "{}"));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto claims = store_->claim_pending(10);
    ASSERT_TRUE(claims);
    ASSERT_EQ(claims->size(), 1u);
    EXPECT_EQ(claims->front().attempts, attempt);
    reopen();
  }
}

TEST_P(StoreContract, WhatWasInHandAtADeathIsGivenAloneAndOneAtATime) {
  const Agent owner = agent();
  for (int i = 0; i < 2; ++i) {
    append_one(trace(owner, "{\"i\":" + std::to_string(i) + "}"));
  }
  ASSERT_EQ(store_->claim_pending(10)->size(), 2u);
  reopen();
  append_one(trace(owner, "{\"i\":2}"));
  const auto suspect = store_->claim_pending(10);
  ASSERT_EQ(suspect->size(), 1u);
  EXPECT_EQ(suspect->front().body, "{\"i\":0}");
  const auto fresh = store_->claim_pending(10);
  ASSERT_EQ(fresh->size(), 1u);
  EXPECT_EQ(fresh->front().body, "{\"i\":2}");
  EXPECT_TRUE(store_->claim_pending(10)->empty());
  ASSERT_TRUE(save({result(suspect->front().seq)}));
  const auto next = store_->claim_pending(10);
  ASSERT_EQ(next->size(), 1u);
  EXPECT_EQ(next->front().body, "{\"i\":1}");
}

TEST_P(StoreContract, ManyClaimersShareTheQueue) {
  const Agent owner = agent();
  std::vector<NewTrace> batch;
  for (int i = 0; i < 100; ++i) {
    batch.push_back(trace(owner, "{\"i\":" + std::to_string(i) + "}"));
  }
  ASSERT_TRUE(append(std::move(batch)));
  std::mutex mutex;
  std::multiset<std::int64_t> seqs;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      while (true) {
        const auto claims = store_->claim_pending(7);
        if (!claims || claims->empty()) {
          return;
        }
        const std::scoped_lock lock(mutex);
        for (const ClaimedTrace& claim : *claims) {
          seqs.insert(claim.seq);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(seqs.size(), 100u);
  EXPECT_EQ(std::set<std::int64_t>(seqs.begin(), seqs.end()).size(), 100u);
}

TEST_P(StoreContract, ASavedResultCompletesTheTrace) {
  const Agent owner = agent();
  const Uuid trace_id = append_one(trace(owner, "{}")).trace_id;
  EXPECT_EQ(store_->find_result(owner.key, trace_id)->state, TraceState::pending);
  EXPECT_EQ(store_->find_result(owner.key, trace_id)->json, "");
  const auto claims = store_->claim_pending(1);
  ASSERT_TRUE(claims);
  ASSERT_TRUE(save({result(claims->front().seq)}));
  reopen();
  const auto found = store_->find_result(owner.key, trace_id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, TraceState::completed);
  EXPECT_EQ(found->json, R"({"verdict":"x"})");
  EXPECT_EQ(store_->find_trace(owner.key, trace_id)->interpretation_count, 1);
  EXPECT_EQ(store_->find_trace(owner.key, trace_id)->state, TraceState::completed);
  EXPECT_TRUE(store_->claim_pending(10)->empty());
  EXPECT_EQ(store_->stats().pending, 0);
}

TEST_P(StoreContract, SavingAgainOrForNoTraceChangesNothing) {
  const Agent owner = agent();
  const Uuid trace_id = append_one(trace(owner, "{}")).trace_id;
  const std::int64_t seq = store_->claim_pending(1)->front().seq;
  ASSERT_TRUE(save({result(seq), result(seq, Verdict::failed), result(seq + 1000)}));
  NewResult later = result(seq, Verdict::failed);
  later.json = "{}";
  ASSERT_TRUE(save({later}));
  EXPECT_EQ(store_->find_trace(owner.key, trace_id)->interpretation_count, 1);
  EXPECT_EQ(store_->find_result(owner.key, trace_id)->json, R"({"verdict":"x"})");
  EXPECT_EQ(store_->list_traces({})->rows.at(0).verdict, Verdict::succeeded);
  EXPECT_EQ(store_->stats().pending, 0);
}

TEST_P(StoreContract, TellsOfNewTraces) {
  store_.reset();
  open();
  std::atomic<int> told = 0;
  store_->on_new_pending([&told] { ++told; });
  const Agent owner = agent();
  EXPECT_EQ(told, 0);
  append_one(trace(owner, "{}"));
  ASSERT_TRUE(store_->check());  // a later commit: the notice of the first one has run
  EXPECT_EQ(told, 1);
}

TEST_P(StoreContract, ASavedResultIsSeenWhenItsDoneRuns) {
  const Agent owner = agent();
  for (int i = 0; i < 20; ++i) {
    const Uuid trace_id = append_one(trace(owner, "{\"i\":" + std::to_string(i) + "}")).trace_id;
    const std::int64_t seq = store_->claim_pending(1)->front().seq;
    ASSERT_TRUE(save({result(seq)}));
    EXPECT_EQ(store_->find_result(std::nullopt, trace_id)->state, TraceState::completed);
  }
}

}  // namespace
}  // namespace infinium::store
