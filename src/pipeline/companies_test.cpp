#include "pipeline/companies.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "pipeline/judging.h"
#include "pipeline/store_bed.h"

namespace infinium::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CompaniesTest : public StoreBed {
 protected:
  void SetUp() override {
    StoreBed::SetUp();
    agent_ = *store_->create_agent("agent", {});
    other_ = *store_->create_agent("other", {});
  }

  struct Sent {
    Uuid id;
    store::AgentKey agent = 0;
    int task = 0;
  };

  /// Traces of two agents and three tasks, in turn.
  std::vector<Sent> send_many(int count) {
    std::vector<Sent> sent;
    for (int i = 0; i < count; ++i) {
      Sent one{{}, i % 4 == 0 ? other_.key : agent_.key, i % 3};
      one.id = send(one.agent, booking(one.task, "blue", 1 + i % 9));
      sent.push_back(one);
    }
    return sent;
  }

  /// Each result knows all traces that its agent sent before it, and no others.
  void expect_all_before(const std::vector<Sent>& sent) {
    std::map<store::AgentKey, std::int64_t> counts;
    std::map<std::pair<store::AgentKey, int>, std::vector<std::string>> siblings;
    for (const Sent& one : sent) {
      std::vector<std::string>& before = siblings[{one.agent, one.task}];
      EXPECT_EQ(sample_size_of(one.id), counts[one.agent]++);
      const std::size_t shown = std::min(before.size(), maestro::Company::kSiblingsMax);
      EXPECT_EQ(siblings_of(one.id),
                std::vector(before.end() - static_cast<int>(shown), before.end()));
      EXPECT_FALSE(store_->find_trace(one.agent, one.id)->stale);
      before.push_back(one.id.to_string());
    }
  }

  static std::vector<std::string> names(const Known& known) {
    std::vector<std::string> names;
    for (const auto& sibling : known.company.runs_of(known.contribution.task)) {
      names.push_back(sibling.trace_id);
    }
    return names;
  }

  store::ClaimedTrace claim_one(Companies& companies) {
    auto claims = companies.claim(1);
    EXPECT_TRUE(claims && claims->size() == 1);
    return claims && !claims->empty() ? claims->front() : store::ClaimedTrace();
  }

  maestro::Contribution publish(Companies& companies, const store::ClaimedTrace& claim) {
    const ReadTrace read = read_trace(claim, log_);
    companies.publish(claim, read.contribution);
    EXPECT_TRUE(read.contribution);
    return read.contribution.value_or(maestro::Contribution());
  }

  store::Agent agent_;
  store::Agent other_;
};

TEST_F(CompaniesTest, ABurstOnManyThreadsKnowsExactlyWhatCameBefore) {
  const auto sent = send_many(400);
  interpret_all(4);
  expect_all_before(sent);
}

TEST_F(CompaniesTest, ARestartForgetsNothing) {
  std::vector<Sent> sent;
  for (int round = 0; round < 4; ++round) {
    const auto more = send_many(9);
    sent.insert(sent.end(), more.begin(), more.end());
    interpret_all();
    open();
  }
  expect_all_before(sent);
}

TEST_F(CompaniesTest, SaysUntilWhenItKnows) {
  const Uuid first = send(agent_.key, booking(1));
  const Uuid second = send(agent_.key, booking(1));
  interpret_all();
  EXPECT_TRUE(result_of(first).find("baseline")->find("asOf")->is_null());
  const Json baseline = *result_of(second).find("baseline");
  EXPECT_EQ(*baseline.find("asOf")->if_string(),
            format_iso8601(store_->find_trace(agent_.key, first)->received_at_ms));
  EXPECT_EQ(baseline.find("digest")->if_string()->size(), 16u);
}

TEST_F(CompaniesTest, ATraceThatComesLateIsInNobodysWayAndSaysWhoMissedIt) {
  const Uuid first = send(agent_.key, booking(1));
  const Uuid second = send(agent_.key, booking(1));
  (void)send(agent_.key, booking(1));
  Companies companies(*store_, log_, {.patience = std::chrono::milliseconds(1)});
  const auto one = claim_one(companies);
  const auto two = claim_one(companies);
  const auto three = claim_one(companies);
  const auto of_two = publish(companies, two);
  const Known early = companies.company_of(two, of_two);
  EXPECT_THAT(names(early), IsEmpty());
  EXPECT_EQ(early.late_through, 0);
  EXPECT_EQ(early.company.sample_size(), 0);
  const auto of_one = publish(companies, one);
  const auto of_three = publish(companies, three);
  const Known late = companies.company_of(one, of_one);
  EXPECT_THAT(names(late), IsEmpty()) << "what came later is no company";
  EXPECT_EQ(late.company.sample_size(), 0);
  EXPECT_EQ(late.late_through, two.seq);
  const Known last = companies.company_of(three, of_three);
  EXPECT_THAT(names(last), ElementsAre(first.to_string(), second.to_string()));
  EXPECT_EQ(last.company.sample_size(), 2);
  EXPECT_EQ(last.late_through, 0);
}

TEST_F(CompaniesTest, WhatWasLeftPendingIsLateForWhatIsStored) {
  const Uuid left = send(agent_.key, booking(1));
  ASSERT_EQ(store_->claim_pending(1)->size(), 1u);  // in hand, and then the process ends
  const Uuid later = send(agent_.key, booking(1));
  interpret_all(2, maestro_engine(), 1);
  EXPECT_THAT(siblings_of(later), IsEmpty());
  open();
  interpret_all();
  EXPECT_THAT(siblings_of(left), IsEmpty());
  EXPECT_EQ(sample_size_of(left), 0) << "its company is what came before it";
  EXPECT_TRUE(store_->find_trace(agent_.key, later)->stale);
  EXPECT_FALSE(store_->find_trace(agent_.key, left)->stale);
}

TEST_F(CompaniesTest, ForgettingAndLittleRoomChangeNothing) {
  std::vector<Uuid> ids;
  Companies companies(*store_, log_, {.agents_max = 1});
  for (int i = 0; i < 12; ++i) {
    const store::AgentKey agent = i % 2 == 0 ? agent_.key : other_.key;
    ids.push_back(send(agent, booking(1)));
    const auto claim = claim_one(companies);
    const auto contribution = publish(companies, claim);
    if (i % 5 == 4) {
      companies.forget(agent);
    }
    const Known known = companies.company_of(claim, contribution);
    EXPECT_EQ(known.company.sample_size(), i / 2);
    EXPECT_EQ(names(known).size(), static_cast<std::size_t>(i / 2));
    store::NewResult result;
    result.seq = claim.seq;
    result.json = "{}";
    result.contribution = known.contribution;
    std::promise<void> saved;
    std::vector<store::NewResult> one{result};
    ASSERT_TRUE(store_->save_results(one, [&](const Status&) { saved.set_value(); }));
    saved.get_future().get();
    if (i % 3 != 0) {  // durable, but not yet known to be
      companies.landed(agent, claim.seq);
    }
  }
}

}  // namespace
}  // namespace infinium::pipeline
