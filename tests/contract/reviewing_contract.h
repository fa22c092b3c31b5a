#pragma once

#include <string>
#include <utility>

#include "store_contract.h"

namespace infinium::store {

/// The part of the suite about people and the judge: one trace, and what is said of it.
class ReviewingContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    owner_ = agent();
    trace_id_ = append_one(trace(owner_, "{}")).trace_id;
    seq_ = store_->find_trace(owner_.key, trace_id_)->seq;
  }

  Reviewer reviewer(std::string name = "reviewer") {
    auto made = store_->create_reviewer(std::move(name), sha256("key"));
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : Reviewer{};
  }

  [[nodiscard]] NewOpinion of(const Reviewer& who, Verdict verdict) const {
    NewOpinion opinion;
    opinion.seq = seq_;
    opinion.reviewer = who.key;
    opinion.verdict = verdict;
    return opinion;
  }

  [[nodiscard]] NewOpinion of_judge(OpinionStatus status = OpinionStatus::ok) const {
    NewOpinion opinion;
    opinion.seq = seq_;
    opinion.by = VerdictBy::judge;
    opinion.model = "model-a";
    opinion.status = status;
    if (status == OpinionStatus::ok) {
      opinion.verdict = Verdict::failed;
      opinion.confidence = 0.75;
    } else {
      opinion.reason = "no budget";
    }
    return opinion;
  }

  Opinion say(const NewOpinion& opinion) {
    auto saved = store_->save_opinion(opinion);
    EXPECT_TRUE(saved) << saved.error().message;
    return saved ? saved->opinion : Opinion{};
  }

  [[nodiscard]] TraceOpinions said() {
    auto all = store_->opinions_of(owner_.key, trace_id_);
    EXPECT_TRUE(all) << all.error().message;
    return all ? *all : TraceOpinions{};
  }

  Agent owner_;
  Uuid trace_id_;
  std::int64_t seq_ = 0;
};

}  // namespace infinium::store
