#include "history_contract.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace infinium::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::int64_t> seqs_of(const Result<std::vector<ContributionRow>>& rows) {
  EXPECT_TRUE(rows);
  std::vector<std::int64_t> seqs;
  for (const ContributionRow& row : *rows) {
    seqs.push_back(row.seq);
  }
  return seqs;
}

TEST_P(HistoryContract, AReplacedResultIsKeptWithItsEngine) {
  const Agent owner = agent();
  const auto seqs = complete(owner, 1);
  ASSERT_TRUE(replace({better(seqs[0])}));
  reopen();
  EXPECT_EQ(store_->find_result(owner.key, ids_[0])->json, R"({"verdict":"y"})");
  EXPECT_EQ(store_->find_result(owner.key, ids_[0])->verdict, Verdict::failed);
  EXPECT_EQ(store_->find_trace(owner.key, ids_[0])->interpretation_count, 2);
  const auto results = store_->results_of(owner.key, ids_[0]);
  ASSERT_TRUE(results);
  ASSERT_EQ(results->size(), 2u);
  const ResultInfo& now = results->at(0);
  const ResultInfo& before = results->at(1);
  EXPECT_EQ((ResultInfo{2, "0.2.0", "m2", now.created_at_ms, Verdict::failed, 10, true}), now);
  EXPECT_EQ((ResultInfo{1, "0.1.0", "m1", before.created_at_ms, Verdict::succeeded, 80, false}),
            before);
  EXPECT_EQ(*store_->find_numbered_result(owner.key, ids_[0], 1), R"({"verdict":"x"})");
  EXPECT_EQ(*store_->find_numbered_result(owner.key, ids_[0], 2), R"({"verdict":"y"})");
  EXPECT_EQ(store_->find_numbered_result(owner.key, ids_[0], 3).error().code, Code::not_found);
  EXPECT_EQ(store_->results_of(owner.key + 1, ids_[0]).error().code, Code::not_found);
  EXPECT_EQ(store_->find_numbered_result(owner.key + 1, ids_[0], 1).error().code, Code::not_found);
}

TEST_P(HistoryContract, OnlyWhatIsCompletedIsReplaced) {
  const Agent owner = agent();
  const Uuid pending = append_one(trace(owner, "{}")).trace_id;
  const std::int64_t seq = store_->find_trace(owner.key, pending)->seq;
  ASSERT_TRUE(replace({better(seq), better(seq + 100)}));
  EXPECT_EQ(store_->find_result(owner.key, pending)->state, TraceState::pending);
  EXPECT_THAT(*store_->results_of(owner.key, pending), IsEmpty());
  ASSERT_EQ(store_->claim_pending(1)->size(), 1u);
  ASSERT_TRUE(save({result(seq)}));
  EXPECT_EQ(store_->results_of(owner.key, pending)->size(), 1u);
  EXPECT_TRUE(replace({}));
}

TEST_P(HistoryContract, ManyAreReplacedWholly) {
  const Agent owner = agent();
  std::vector<NewResult> results;
  for (const std::int64_t seq : complete(owner, 60)) {
    results.push_back(better(seq));
    results.back().json.append(100'000, ' ');
  }
  ASSERT_TRUE(replace(results));
  for (const Uuid& id : ids_) {
    EXPECT_EQ(store_->results_of(owner.key, id)->size(), 2u);
  }
}

TEST_P(HistoryContract, ListsWhatIsCompletedInOrder) {
  const Agent owner = agent();
  const Agent other = agent("other");
  const auto first = complete(owner, 2);
  complete(other, 1);
  const auto last = complete(owner, 1);
  append_one(trace(owner, "{}"));
  EXPECT_EQ(*store_->count_completed(owner.key), 3);
  const auto page = store_->completed_traces(owner.key, 0, 2);
  ASSERT_EQ(page->size(), 2u);
  const CompletedTrace& one = page->front();
  EXPECT_EQ(one.seq, first[0]);
  EXPECT_EQ(one.trace_id, ids_[0]);
  EXPECT_EQ(one.verdict, Verdict::succeeded);
  EXPECT_EQ(one.score, 80);
  EXPECT_FALSE(one.stale);
  EXPECT_EQ(one.engine_version, "0.1.0");
  EXPECT_EQ(one.engine_model, "m1");
  EXPECT_EQ(one.contribution, with_contribution(first[0], 7).contribution);
  const auto rest = store_->completed_traces(owner.key, first[1], 10);
  ASSERT_EQ(rest->size(), 1u);
  EXPECT_EQ(rest->front().seq, last[0]);
  EXPECT_THAT(*store_->completed_traces(owner.key, last[0], 10), IsEmpty());
  EXPECT_EQ(store_->read_completed(first[1])->body, "{\"i\":1}");
  EXPECT_EQ(store_->read_completed(first[1])->result_json, R"({"verdict":"x"})");
  EXPECT_EQ(store_->read_completed(last[0] + 100).error().code, Code::not_found);
}

TEST_P(HistoryContract, GivesWhatTracesAdded) {
  const Agent owner = agent();
  const Agent other = agent("other");
  const auto a = complete(owner, 3, 7);
  complete(other, 1, 7);
  const auto b = complete(owner, 1, 8);
  const auto c = complete(owner, 1, 0);
  const auto all = store_->contributions(owner.key, 0, c[0] + 1, 10);
  EXPECT_THAT(seqs_of(all), ElementsAre(a[0], a[1], a[2], b[0], c[0]));
  EXPECT_EQ(all->front().data, "data" + std::to_string(a[0]));
  EXPECT_EQ(all->front().trace_id, ids_[0]);
  EXPECT_GT(all->front().received_at_ms, 0);
  EXPECT_THAT(seqs_of(store_->contributions(owner.key, a[0], b[0], 1)), ElementsAre(a[1]));
  EXPECT_THAT(seqs_of(store_->contributions(owner.key, a[0], b[0], 9)), ElementsAre(a[1], a[2]));
  EXPECT_THAT(seqs_of(store_->task_contributions(owner.key, 7, c[0], 2)), ElementsAre(a[1], a[2]));
  EXPECT_THAT(seqs_of(store_->task_contributions(owner.key, 7, a[1], 9)), ElementsAre(a[0]));
  EXPECT_THAT(seqs_of(store_->task_contributions(owner.key, 0, c[0] + 1, 9)), IsEmpty());
}

TEST_P(HistoryContract, ATraceThatCameLateMakesLaterOnesOfItsTaskStale) {
  const Agent owner = agent();
  const Uuid late_id = append_one(trace(owner, "{\"late\":1}")).trace_id;
  const std::int64_t late = store_->claim_pending(1)->front().seq;
  complete(owner, 2, 7);
  const auto other = complete(owner, 1, 8);
  const auto beyond = complete(owner, 1, 7);
  NewResult came = with_contribution(late, 7);
  came.late_through = other[0];
  ASSERT_TRUE(save({came}));
  const auto stale = [&](const Uuid& id) { return store_->find_trace(owner.key, id)->stale; };
  EXPECT_FALSE(stale(late_id));
  EXPECT_TRUE(stale(ids_[0]));
  EXPECT_TRUE(stale(ids_[1]));
  EXPECT_FALSE(stale(ids_[2])) << "of another task";
  EXPECT_FALSE(stale(ids_[3])) << "it knew the late one";
  EXPECT_TRUE(store_->find_result(owner.key, ids_[0])->stale);
  const auto rows = store_->list_traces({})->rows;
  EXPECT_EQ(std::ranges::count_if(rows, [](const TraceRow& row) { return row.stale; }), 2);
  const std::int64_t first = store_->find_trace(owner.key, ids_[0])->seq;
  ASSERT_TRUE(replace({better(first)}));
  EXPECT_FALSE(stale(ids_[0]));
  NewResult same = with_contribution(first + 1, 9);
  same.json.clear();
  ASSERT_TRUE(replace({same}));
  EXPECT_FALSE(stale(ids_[1]));
  EXPECT_EQ(store_->results_of(owner.key, ids_[1])->size(), 1u) << "its result stayed";
  EXPECT_EQ(store_->completed_traces(owner.key, first, 1)->front().contribution->task, 9u);
  EXPECT_EQ(beyond.size(), 1u);
}

}  // namespace
}  // namespace infinium::store
