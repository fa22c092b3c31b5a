#include <gmock/gmock.h>

#include "store_contract.h"

namespace infinium::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kStart = 1'800'000'000'000;

TEST_P(StoreContract, ListsNewestFirstInPages) {
  fill(agent(), 5, kStart);
  ListQuery query;
  query.limit = 2;
  std::vector<std::string> seen;
  int pages = 0;
  do {
    const auto page = store_->list_traces(query);
    ASSERT_TRUE(page);
    for (const TraceRow& row : page->rows) {
      seen.push_back(row.name);
    }
    query.before_seq = page->next_before;
    ++pages;
  } while (query.before_seq);
  EXPECT_THAT(seen, ElementsAre("t4", "t3", "t2", "t1", "t0"));
  EXPECT_EQ(pages, 3);
}

TEST_P(StoreContract, ARowHoldsWhatAListShows) {
  const Agent owner = agent("the owner");
  NewTrace one = trace(owner, "{}");
  const NewTrace sent = one;
  const Uuid trace_id = append_one(std::move(one)).trace_id;
  const TraceRow pending = store_->list_traces({})->rows.at(0);
  EXPECT_EQ(pending.trace_id, trace_id);
  EXPECT_EQ(pending.agent, owner.key);
  EXPECT_EQ(pending.agent_id, owner.id);
  EXPECT_EQ(pending.agent_name, "the owner");
  EXPECT_EQ(pending.name, sent.name);
  EXPECT_EQ(pending.received_at_ms, sent.received_at_ms);
  EXPECT_EQ(pending.current_datetime_ms, sent.current_datetime_ms);
  EXPECT_EQ(pending.duration, sent.duration);
  EXPECT_EQ(pending.state, TraceState::pending);
  EXPECT_EQ(pending.verdict, std::nullopt);
  EXPECT_EQ(pending.score, std::nullopt);
  ASSERT_TRUE(save({result(pending.seq, Verdict::partially_succeeded)}));
  const TraceRow completed = store_->list_traces({})->rows.at(0);
  EXPECT_EQ(completed.state, TraceState::completed);
  EXPECT_EQ(completed.verdict, Verdict::partially_succeeded);
  EXPECT_EQ(completed.score, 80.0);
}

TEST_P(StoreContract, ListsOneAgentsTracesPendingAndCompletedAlike) {
  const Agent one = agent("one");
  const Agent two = agent("two");
  fill(one, 3, kStart);
  fill(two, 2, kStart);
  const auto claims = store_->claim_pending(2);  // t0 and t1 of `one`
  ASSERT_TRUE(claims);
  ASSERT_TRUE(save({result(claims->at(1).seq)}));
  ListQuery query;
  query.agent = one.key;
  EXPECT_THAT(list(query), ElementsAre("t2", "t1", "t0"));
  query.limit = 1;
  query.before_seq = store_->list_traces(query)->next_before;
  EXPECT_THAT(list(query), ElementsAre("t1"));
  query.agent = two.key + 100;
  EXPECT_THAT(list(query), IsEmpty());
}

TEST_P(StoreContract, FiltersByVerdict) {
  const Agent one = agent("one");
  const Agent two = agent("two");
  fill(one, 3, kStart);
  fill(two, 1, kStart);
  const auto claims = store_->claim_pending(10);
  ASSERT_TRUE(claims);
  ASSERT_TRUE(save({result(claims->at(0).seq, Verdict::failed),
                    result(claims->at(1).seq, Verdict::succeeded),
                    result(claims->at(3).seq, Verdict::failed)}));
  ListQuery query;
  query.verdict = Verdict::failed;
  EXPECT_THAT(list(query), ElementsAre("t0", "t0"));
  query.agent = one.key;
  EXPECT_THAT(list(query), ElementsAre("t0"));
  query.verdict = Verdict::undetermined;
  EXPECT_THAT(list(query), IsEmpty());
}

TEST_P(StoreContract, FiltersByTheTimeOfReceipt) {
  const Agent owner = agent();
  fill(owner, 6, kStart);
  ListQuery query;
  query.since_ms = kStart + 2 * kMsPerHour;
  EXPECT_THAT(list(query), ElementsAre("t5", "t4", "t3", "t2"));
  query.until_ms = kStart + 4 * kMsPerHour;
  EXPECT_THAT(list(query), ElementsAre("t3", "t2"));
  query.since_ms = kStart + 2 * kMsPerHour + 1;
  EXPECT_THAT(list(query), ElementsAre("t3"));
  query = {};
  query.until_ms = kStart;
  EXPECT_THAT(list(query), IsEmpty());
  query = {};
  query.since_ms = kStart + 100 * kMsPerHour;
  EXPECT_THAT(list(query), IsEmpty());
}

TEST_P(StoreContract, ATimeFilterHoldsWhenTheClockWentBack) {
  const Agent owner = agent();
  fill(owner, 2, kStart + 10 * kMsPerHour);
  fill(owner, 3, kStart);
  ListQuery query;
  query.since_ms = kStart + 10 * kMsPerHour;
  EXPECT_THAT(list(query), ElementsAre("t1", "t0"));
  query = {};
  query.until_ms = kStart + kMsPerHour;
  EXPECT_THAT(list(query), ElementsAre("t0"));
}

TEST_P(StoreContract, FindsTextInNamesAndPayloads) {
  const Agent owner = agent();
  NewTrace plain = trace(owner, R"({"a":"The Quick brown fox"})");
  plain.name = "plain";
  NewTrace escaped = trace(owner, R"({"a":"caf\u00e9 \"quoted\" \ud83d\ude00 a\/b"})");
  escaped.name = "Escaped";
  append_one(plain);
  append_one(escaped);
  const auto search = [this](std::string text) {
    ListQuery query;
    query.text = std::move(text);
    return list(query);
  };
  EXPECT_THAT(search("qUICK BROWN"), ElementsAre("plain"));
  EXPECT_THAT(search("ESCAPED"), ElementsAre("Escaped"));
  EXPECT_THAT(search("caf\xC3\xA9"), ElementsAre("Escaped"));
  EXPECT_THAT(search("\"quoted\""), ElementsAre("Escaped"));
  EXPECT_THAT(search("\xF0\x9F\x98\x80"), ElementsAre("Escaped"));
  EXPECT_THAT(search("a/b"), ElementsAre("Escaped"));
  EXPECT_THAT(search("nowhere"), IsEmpty());
}

TEST_P(StoreContract, KeepsAgents) {
  const Agent made = agent("first");
  agent("second");
  reopen();
  const auto found = store_->find_agent(made.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key, made.key);
  EXPECT_EQ(found->name, "first");
  EXPECT_EQ(found->secret_hash, sha256("secret"));
  EXPECT_FALSE(found->disabled);
  EXPECT_EQ(found->created_at_ms, made.created_at_ms);
  ASSERT_TRUE(store_->set_agent_secret(made.id, sha256("new")));
  ASSERT_TRUE(store_->set_agent_disabled(made.id, true));
  EXPECT_EQ(store_->find_agent(made.id)->secret_hash, sha256("new"));
  EXPECT_TRUE(store_->find_agent(made.id)->disabled);
  EXPECT_EQ(store_->list_agents()->size(), 2u);
  EXPECT_EQ(store_->list_agents()->at(1).name, "second");
}

TEST_P(StoreContract, AnUnknownAgentIsNotFound) {
  EXPECT_EQ(store_->find_agent(id()).error().code, Code::not_found);
  EXPECT_EQ(store_->set_agent_secret(id(), {}).error().code, Code::not_found);
  EXPECT_EQ(store_->set_agent_disabled(id(), true).error().code, Code::not_found);
}

TEST_P(StoreContract, KeepsPromptsAndTheirVersions) {
  const auto made = store_->create_prompt("greeting", "Hello {name}", sha256("key"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->latest_version, 1);
  const auto second = store_->push_prompt(made->id, "Good day {name}");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->version, 2);
  EXPECT_EQ(second->name, "greeting");
  reopen();
  EXPECT_EQ(store_->find_prompt(made->id, std::nullopt)->content, "Good day {name}");
  EXPECT_EQ(store_->find_prompt(made->id, 1)->content, "Hello {name}");
  EXPECT_EQ(store_->find_prompt(made->id, 1)->name, "greeting");
  EXPECT_EQ(store_->find_prompt(made->id, 3).error().code, Code::not_found);
  EXPECT_EQ(store_->find_prompt(id(), 1).error().code, Code::not_found);
  EXPECT_EQ(store_->push_prompt(id(), "x").error().code, Code::not_found);
  EXPECT_EQ(*store_->find_prompt_key_hash(made->id), sha256("key"));
  EXPECT_EQ(store_->find_prompt_key_hash(id()).error().code, Code::not_found);
  EXPECT_EQ(store_->list_prompts()->at(0).latest_version, 2);
}

TEST_P(StoreContract, CheckSucceedsAndCounts) {
  const std::int64_t before = store_->stats().commits;
  EXPECT_TRUE(store_->check());
  EXPECT_GT(store_->stats().commits, before);
  EXPECT_EQ(store_->stats().queued, 0u);
  EXPECT_EQ(store_->stats().queued_bytes, 0u);
}

}  // namespace
}  // namespace infinium::store
