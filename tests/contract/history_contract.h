#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "store_contract.h"

namespace infinium::store {

/// The part of the suite about results that replace others, and what traces add to a company.
class HistoryContract : public StoreContract {
 protected:
  /// `count` completed traces of one agent, of that task; their seqs.
  std::vector<std::int64_t> complete(const Agent& owner, int count, std::uint64_t task = 7) {
    for (int i = 0; i < count; ++i) {
      ids_.push_back(
          append_one(trace(owner, "{\"i\":" + std::to_string(ids_.size()) + "}")).trace_id);
    }
    const auto claims = store_->claim_pending(static_cast<std::size_t>(count));
    EXPECT_TRUE(claims);
    std::vector<std::int64_t> seqs;
    std::vector<NewResult> results;
    for (const ClaimedTrace& claim : *claims) {
      seqs.push_back(claim.seq);
      results.push_back(with_contribution(claim.seq, task));
    }
    EXPECT_TRUE(save(std::move(results)));
    return seqs;
  }

  static NewResult with_contribution(std::int64_t seq, std::uint64_t task) {
    NewResult made = result(seq);
    made.engine_model = "m1";
    made.contribution = NewContribution{task, 5, "data" + std::to_string(seq)};
    return made;
  }

  /// What a later engine says.
  static NewResult better(std::int64_t seq) {
    NewResult made = result(seq, Verdict::failed);
    made.json = R"({"verdict":"y"})";
    made.engine_version = "0.2.0";
    made.engine_model = "m2";
    made.score = 10;
    made.findings = {{"output.cut", "22dd"}};
    return made;
  }

  Status replace(std::vector<NewResult> results) {
    auto promise = std::make_shared<std::promise<Status>>();
    auto future = promise->get_future();
    const Status queued = store_->replace_results(
        std::move(results), [promise](Status saved) { promise->set_value(std::move(saved)); });
    if (!queued || future.wait_for(kDeadline) != std::future_status::ready) {
      return Error{Code::timeout, "no answer"};
    }
    return future.get();
  }

  std::vector<Uuid> ids_;
};

}  // namespace infinium::store
