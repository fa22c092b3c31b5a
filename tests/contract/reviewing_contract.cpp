#include "reviewing_contract.h"

#include <gmock/gmock.h>

namespace infinium::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(ReviewingContract, ReviewersAreKeptWithTheirState) {
  const Reviewer first = reviewer("first");
  const Reviewer second = reviewer("second");
  EXPECT_NE(first.key, 0);
  ASSERT_TRUE(store_->set_reviewer_secret(first.id, sha256("other")));
  ASSERT_TRUE(store_->set_reviewer_disabled(second.id, true));
  reopen();
  EXPECT_EQ(store_->find_reviewer(first.id)->secret_hash, sha256("other"));
  EXPECT_EQ(store_->find_reviewer(first.id)->name, "first");
  EXPECT_FALSE(store_->find_reviewer(first.id)->disabled);
  EXPECT_TRUE(store_->find_reviewer(second.id)->disabled);
  EXPECT_EQ(store_->list_reviewers()->size(), 2u);
  EXPECT_EQ(store_->list_reviewers()->at(1).id, second.id);
  ASSERT_TRUE(store_->set_reviewer_disabled(second.id, false));
  EXPECT_FALSE(store_->find_reviewer(second.id)->disabled);
}

TEST_P(ReviewingContract, AnUnknownReviewerIsNotFound) {
  EXPECT_EQ(store_->find_reviewer(id()).error().code, Code::not_found);
  EXPECT_EQ(store_->find_reviewer(owner_.id).error().code, Code::not_found);
  EXPECT_EQ(store_->set_reviewer_secret(id(), {}).error().code, Code::not_found);
  EXPECT_EQ(store_->set_reviewer_disabled(id(), true).error().code, Code::not_found);
}

TEST_P(ReviewingContract, AnOpinionIsGivenBackWithAllItHas) {
  const Reviewer who = reviewer("Ada");
  NewOpinion opinion = of(who, Verdict::partially_succeeded);
  opinion.note = "Half of it — 半分";
  opinion.rubric = R"({"r1":"met","r2":"unclear"})";
  opinion.root_step = 3;
  EXPECT_EQ(say(opinion).reviewer_name, "Ada");
  reopen();
  ASSERT_EQ(said().opinions.size(), 1u);
  const Opinion found = said().opinions.front();
  EXPECT_EQ(said().seq, seq_);
  EXPECT_EQ(found.by, VerdictBy::person);
  EXPECT_EQ(found.reviewer_id, who.id);
  EXPECT_EQ(found.verdict, Verdict::partially_succeeded);
  EXPECT_EQ(found.note, opinion.note);
  EXPECT_EQ(found.rubric, opinion.rubric);
  EXPECT_EQ(found.root_step, 3);
  EXPECT_EQ(found.confidence, std::nullopt);
  EXPECT_TRUE(found.decides);
  EXPECT_EQ(found.standing, Standing::current);
  EXPECT_GT(found.created_at_ms, 0);
}

TEST_P(ReviewingContract, ASecondVerdictReplacesTheFirstAndBothAreKept) {
  const Reviewer who = reviewer();
  const Reviewer other = reviewer();
  say(of(who, Verdict::failed));
  say(of(other, Verdict::failed));
  say(of(who, Verdict::succeeded));
  ASSERT_EQ(said().opinions.size(), 2u);
  EXPECT_EQ(said().opinions.at(0).reviewer, other.key);
  EXPECT_EQ(said().opinions.at(1).verdict, Verdict::succeeded);
  ASSERT_EQ(said().ended.size(), 1u);
  EXPECT_EQ(said().ended.front().verdict, Verdict::failed);
  EXPECT_EQ(said().ended.front().reviewer, who.key);
  EXPECT_EQ(said().ended.front().standing, Standing::replaced);
  EXPECT_TRUE(said().ended.front().ended_at_ms);
}

TEST_P(ReviewingContract, TheSameAgainStoresNothing) {
  const Reviewer who = reviewer();
  const Opinion first = say(of(who, Verdict::failed));
  const auto again = store_->save_opinion(of(who, Verdict::failed));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kind, SavedOpinion::Kind::repeated);
  EXPECT_EQ(again->opinion.key, first.key);
  EXPECT_THAT(said().ended, IsEmpty());
  say(of(who, Verdict::succeeded));
  EXPECT_EQ(store_->save_opinion(of(who, Verdict::failed))->kind, SavedOpinion::Kind::stored);
  EXPECT_EQ(said().ended.size(), 2u);
}

TEST_P(ReviewingContract, AWithdrawnVerdictIsKeptButDoesNotCount) {
  const Reviewer who = reviewer();
  EXPECT_FALSE(*store_->withdraw_opinion(seq_, who.key));
  say(of(who, Verdict::failed));
  say(of(reviewer(), Verdict::succeeded));
  EXPECT_TRUE(*store_->withdraw_opinion(seq_, who.key));
  EXPECT_FALSE(*store_->withdraw_opinion(seq_, who.key));
  ASSERT_EQ(said().opinions.size(), 1u);
  EXPECT_EQ(said().opinions.front().verdict, Verdict::succeeded);
  EXPECT_EQ(said().ended.front().standing, Standing::withdrawn);
  EXPECT_EQ(store_->withdraw_opinion(seq_ + 1, who.key).error().code, Code::not_found);
}

TEST_P(ReviewingContract, TheJudgeHasOneVoiceWhateverItsModel) {
  say(of_judge());
  NewOpinion other = of_judge();
  other.model = "model-b";
  other.verdict = Verdict::succeeded;
  other.decides = true;
  say(other);
  ASSERT_EQ(said().opinions.size(), 1u);
  const Opinion current = said().opinions.front();
  EXPECT_EQ(current.by, VerdictBy::judge);
  EXPECT_EQ(current.model, "model-b");
  EXPECT_EQ(current.confidence, 0.75);
  EXPECT_TRUE(current.decides);
  EXPECT_EQ(current.reviewer_id, Uuid{});
  EXPECT_EQ(said().ended.front().model, "model-a");
}

TEST_P(ReviewingContract, AJudgeThatFailedTakesTheWordFromNobody) {
  say(of_judge(OpinionStatus::skipped));
  EXPECT_EQ(said().opinions.front().reason, "no budget");
  say(of_judge());
  say(of_judge(OpinionStatus::failed));
  ASSERT_EQ(said().opinions.size(), 1u);
  EXPECT_EQ(said().opinions.front().status, OpinionStatus::ok);
  EXPECT_EQ(said().ended.size(), 2u);
  EXPECT_EQ(said().ended.front().status, OpinionStatus::failed);
}

TEST_P(ReviewingContract, AQueuedOpinionIsThereWhenItsDoneRuns) {
  NewOpinion opinion = of_judge();
  opinion.record = R"({"attempts":1})";
  std::optional<SavedOpinion::Kind> kind;
  std::size_t seen = 0;
  const auto keep = [&](const Result<SavedOpinion>& saved) {
    kind = saved ? std::optional(saved->kind) : std::nullopt;
    seen = said().opinions.size();
  };
  ASSERT_TRUE(store_->queue_opinion(opinion, keep));
  ASSERT_TRUE(store_->check());  // a later commit: the call above has run
  EXPECT_EQ(kind, SavedOpinion::Kind::stored);
  EXPECT_EQ(seen, 1u);
  EXPECT_EQ(said().opinions.front().record, R"({"attempts":1})");
  opinion.record = R"({"attempts":2})";
  ASSERT_TRUE(store_->queue_opinion(opinion, keep));
  ASSERT_TRUE(store_->check());
  EXPECT_EQ(kind, SavedOpinion::Kind::repeated) << "only its cost is another";
  opinion.seq += 1'000;
  ASSERT_TRUE(store_->queue_opinion(opinion, keep));
  ASSERT_TRUE(store_->check());
  EXPECT_EQ(kind, std::nullopt) << "no such trace";
  opinion.model = "";
  EXPECT_EQ(store_->queue_opinion(opinion, keep).error().code, Code::invalid_argument);
}

TEST_P(ReviewingContract, RefusesAnOpinionThatContradictsItself) {
  const Reviewer who = reviewer();
  const auto code_of = [&](const NewOpinion& opinion) {
    const auto saved = store_->save_opinion(opinion);
    return saved ? Code::internal : saved.error().code;
  };
  NewOpinion opinion = of(who, Verdict::failed);
  opinion.verdict.reset();
  EXPECT_EQ(code_of(opinion), Code::invalid_argument);
  opinion = of(who, Verdict::failed);
  opinion.by = VerdictBy::maestro;
  EXPECT_EQ(code_of(opinion), Code::invalid_argument);
  opinion = of(who, Verdict::failed);
  opinion.confidence = 1.5;
  EXPECT_EQ(code_of(opinion), Code::invalid_argument);
  opinion = of_judge();
  opinion.reviewer = who.key;
  EXPECT_EQ(code_of(opinion), Code::invalid_argument);
  opinion = of_judge(OpinionStatus::failed);
  opinion.verdict = Verdict::failed;
  EXPECT_EQ(code_of(opinion), Code::invalid_argument);
  opinion = of(who, Verdict::failed);
  opinion.seq = seq_ + 1;
  EXPECT_EQ(code_of(opinion), Code::not_found);
  opinion = of(who, Verdict::failed);
  opinion.reviewer = who.key + 1;
  EXPECT_EQ(code_of(opinion), Code::not_found);
  EXPECT_THAT(said().opinions, IsEmpty());
  EXPECT_THAT(said().ended, IsEmpty());
}

TEST_P(ReviewingContract, OpinionsOfAnotherAgentsTraceAreNotFound) {
  EXPECT_EQ(store_->opinions_of(agent().key, trace_id_).error().code, Code::not_found);
  EXPECT_EQ(store_->opinions_of(owner_.key, id()).error().code, Code::not_found);
  EXPECT_TRUE(store_->opinions_of(std::nullopt, trace_id_));
}

TEST_P(ReviewingContract, EveryReadTellsOfTheOpinionsAndTheResultStays) {
  const Reviewer who = reviewer();
  say(of(who, Verdict::failed));
  EXPECT_EQ(store_->find_result(owner_.key, trace_id_)->opinions.size(), 1u);
  EXPECT_EQ(store_->find_result(owner_.key, trace_id_)->verdict, std::nullopt);
  EXPECT_EQ(said().verdict, std::nullopt);
  ASSERT_EQ(store_->claim_pending(1)->size(), 1u);
  ASSERT_TRUE(save({result(seq_)}));
  const auto found = store_->find_result(owner_.key, trace_id_);
  EXPECT_EQ(found->json, R"({"verdict":"x"})");
  EXPECT_EQ(found->verdict, Verdict::succeeded);
  EXPECT_EQ(found->score, 80.0);
  EXPECT_EQ(found->opinions.size(), 1u);
  EXPECT_EQ(store_->find_trace(owner_.key, trace_id_)->opinions.size(), 1u);
  EXPECT_EQ(store_->find_trace(owner_.key, trace_id_)->verdict, Verdict::succeeded);
  EXPECT_EQ(store_->list_traces({})->rows.front().opinions.size(), 1u);
  EXPECT_EQ(store_->list_traces({})->rows.front().verdict, Verdict::succeeded);
  EXPECT_EQ(said().verdict, Verdict::succeeded);
  EXPECT_EQ(said().score, 80.0);
}

TEST_P(ReviewingContract, ListsFilterByEitherVerdict) {
  fill(owner_, 2, clock_.now_ms());
  const auto claims = store_->claim_pending(10);
  ASSERT_TRUE(claims);
  for (const ClaimedTrace& claim : *claims) {
    ASSERT_TRUE(save({result(claim.seq)}));
  }
  const auto names = [&](std::optional<Verdict> maestro, std::optional<Verdict> deciding) {
    ListQuery query;
    query.verdict = maestro;
    query.deciding_verdict = deciding;
    return list(query);
  };
  say(of(reviewer(), Verdict::failed));
  EXPECT_THAT(names(Verdict::succeeded, {}), ElementsAre("t1", "t0", "a name"));
  EXPECT_THAT(names(Verdict::failed, {}), IsEmpty());
  EXPECT_THAT(names({}, Verdict::succeeded), ElementsAre("t1", "t0"));
  EXPECT_THAT(names({}, Verdict::failed), ElementsAre("a name"));
  EXPECT_THAT(names(Verdict::succeeded, Verdict::failed), ElementsAre("a name"));
}

TEST_P(ReviewingContract, ReviewedTracesAreThoseOfPeopleInOrder) {
  fill(owner_, 4, clock_.now_ms());
  const Reviewer who = reviewer();
  const Reviewer other = reviewer();
  ASSERT_TRUE(save({result(store_->claim_pending(1)->front().seq)}));
  say(of(who, Verdict::failed));
  say(of(other, Verdict::succeeded));
  NewOpinion second = of(who, Verdict::succeeded);
  second.seq = seq_ + 2;
  say(second);
  NewOpinion withdrawn = of(who, Verdict::succeeded);
  withdrawn.seq = seq_ + 3;
  say(withdrawn);
  ASSERT_TRUE(*store_->withdraw_opinion(withdrawn.seq, who.key));
  NewOpinion judged = of_judge();
  judged.seq = seq_ + 4;
  say(judged);
  say(of_judge());

  const auto first = store_->reviewed_traces(0, 1);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(first->traces.size(), 1u);
  EXPECT_EQ(first->traces.front().trace_id, trace_id_);
  EXPECT_EQ(first->traces.front().agent, owner_.key);
  EXPECT_EQ(first->traces.front().body, "{}");
  EXPECT_EQ(first->traces.front().result_json, R"({"verdict":"x"})");
  ASSERT_EQ(first->traces.front().verdicts.size(), 2u);
  EXPECT_EQ(first->traces.front().verdicts.at(0).verdict, Verdict::failed);
  EXPECT_EQ(first->traces.front().verdicts.at(1).reviewer_id, other.id);
  ASSERT_EQ(first->next_after, seq_);
  const auto rest = store_->reviewed_traces(*first->next_after, 10);
  ASSERT_EQ(rest->traces.size(), 1u);
  EXPECT_EQ(rest->traces.front().seq, second.seq);
  EXPECT_EQ(rest->traces.front().body, R"({"n":"Body 1"})");
  EXPECT_EQ(rest->traces.front().result_json, "") << "still pending";
  EXPECT_EQ(rest->next_after, std::nullopt);
  EXPECT_THAT(store_->reviewed_traces(second.seq, 10)->traces, IsEmpty());
}

TEST_P(ReviewingContract, CalibrationsAreVersionsOfWhichOneIsCurrent) {
  EXPECT_EQ(store_->load_calibration().error().code, Code::not_found);
  EXPECT_THAT(*store_->list_calibrations(), IsEmpty());
  const std::string odd("\0\xff weights", 10);
  EXPECT_EQ(*store_->save_calibration(odd, "from 20 verdicts"), 1);
  EXPECT_EQ(*store_->save_calibration("second", ""), 2);
  reopen();
  EXPECT_EQ(store_->load_calibration()->bytes, "second");
  ASSERT_TRUE(store_->rollback_calibration(1));
  reopen();
  const auto current = store_->load_calibration();
  ASSERT_TRUE(current);
  EXPECT_EQ(current->version, 1);
  EXPECT_EQ(current->bytes, odd);
  EXPECT_EQ(current->note, "from 20 verdicts");
  const auto all = store_->list_calibrations();
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).version, 2);
  EXPECT_FALSE(all->at(0).current);
  EXPECT_TRUE(all->at(1).current);
  EXPECT_EQ(all->at(1).size_bytes, 10);
  EXPECT_EQ(*store_->save_calibration("third", ""), 3);
  EXPECT_EQ(store_->load_calibration()->version, 3);
  ASSERT_TRUE(store_->rollback_calibration(2));
  EXPECT_EQ(store_->load_calibration()->bytes, "second");
}

TEST_P(ReviewingContract, ACalibrationThatIsNotThereOrTooLargeChangesNothing) {
  ASSERT_TRUE(store_->save_calibration("one", ""));
  EXPECT_EQ(store_->rollback_calibration(2).error().code, Code::not_found);
  EXPECT_EQ(store_->save_calibration(std::string(kCalibrationBytesMax + 1, 'x'), "").error().code,
            Code::too_large);
  EXPECT_EQ(store_->load_calibration()->bytes, "one");
  EXPECT_EQ(*store_->save_calibration("", ""), 2);
  EXPECT_EQ(store_->load_calibration()->bytes, "");
}

}  // namespace
}  // namespace infinium::store
