#pragma once

#include <string>

#include "base/clock.h"
#include "server/credentials.h"
#include "server/read_pool.h"
#include "server/request.h"
#include "server/task.h"
#include "store/store.h"

namespace infinium::server {

/// Checks who asks. Owned by the server, like what it refers to; any thread may call.
class Authenticator {
 public:
  Authenticator(store::Store& store, ReadPool& pool, const Clock& clock)
      : store_(store), pool_(pool), clock_(clock) {}

  /// What a request brought to prove itself.
  struct Claim {
    std::string path_id;
    std::string header_id;
    std::string secret;
    std::string peer;
  };
  [[nodiscard]] static Claim agent_claim(const Request& request, std::string path_id);
  [[nodiscard]] static Claim reviewer_claim(const Request& request);
  [[nodiscard]] static Claim prompt_claim(const Request& request, std::string path_id);

  /// The agent that asks. Errors: `unauthenticated` (one answer for an unknown or disabled agent, a
  /// wrong secret, and ids that disagree), `exhausted` (too many failures from that address),
  /// `unavailable`.
  [[nodiscard]] Task<Result<store::Agent>> agent(Claim claim);

  /// The reviewer that asks; the claim has no path id. Errors as of agent().
  [[nodiscard]] Task<Result<store::Reviewer>> reviewer(Claim claim);

  /// The agent that the path names, to one who need not be it; disabled ones too. Errors:
  /// `not_found`, `unavailable`.
  [[nodiscard]] Task<Result<store::Agent>> agent_in_path(std::string path_id);

  /// The id of the prompt that is asked for. Errors: `forbidden` (wrong key), `not_found` (no such
  /// prompt), `exhausted`, `unavailable`.
  [[nodiscard]] Task<Result<Uuid>> prompt(Claim claim);

  void forget() {
    agents_.clear();
    reviewers_.clear();
  }

 private:
  [[nodiscard]] Task<Result<CredentialCache::Known>> look_up_agent(Uuid id);
  [[nodiscard]] Task<Result<ReviewerCache::Known>> look_up_reviewer(Uuid id);

  store::Store& store_;
  ReadPool& pool_;
  const Clock& clock_;
  CredentialCache agents_;
  ReviewerCache reviewers_;
  FailureThrottle throttle_;
};

}  // namespace infinium::server
