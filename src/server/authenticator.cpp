#include "server/authenticator.h"

#include <utility>

#include "base/try.h"

namespace infinium::server {
namespace {

Error too_many_failures() {
  return {Code::exhausted, "Too many failed sign-ins from this address; try again in a second."};
}

Error not_signed_in() {
  return {Code::unauthenticated,
          "The agent id and key are not those of an active agent: send x-agent-id and x-agent-key, "
          "with the same id as in the path."};
}

Error no_such_reviewer() {
  return {Code::unauthenticated,
          "The reviewer id and key are not those of an active reviewer: send x-reviewer-id and "
          "x-reviewer-key, which `infinium reviewer create NAME` prints."};
}

/// Asks the cache, else `find`, which asks the store; "there is none" is an answer too.
template <class Holder, class Find>
Task<Result<std::optional<Holder>>> look_up(HolderCache<Holder>* cache,
                                            ReadPool* pool,
                                            Uuid id,
                                            Find find) {
  if (auto known = cache->find(id)) {
    co_return std::move(*known);
  }
  const std::uint64_t generation = cache->generation();
  auto found = co_await pool->run(std::move(find));
  if (!found && found.error().code != Code::not_found) {
    co_return std::move(found).error();
  }
  std::optional<Holder> known;
  if (found) {
    known = std::move(*found);
  }
  cache->remember(id, known, generation);
  co_return known;
}

}  // namespace

Authenticator::Claim Authenticator::agent_claim(const Request& request, std::string path_id) {
  return {std::move(path_id),
          std::string(request.header("x-agent-id")),
          std::string(request.header("x-agent-key")),
          request.peer};
}

Authenticator::Claim Authenticator::reviewer_claim(const Request& request) {
  return {{},
          std::string(request.header("x-reviewer-id")),
          std::string(request.header("x-reviewer-key")),
          request.peer};
}

Authenticator::Claim Authenticator::prompt_claim(const Request& request, std::string path_id) {
  return {std::move(path_id),
          std::string(request.header("x-prompt-id")),
          std::string(request.header("x-prompt-key")),
          request.peer};
}

Task<Result<store::Agent>> Authenticator::agent(Claim claim) {
  if (!throttle_.may_try(claim.peer, clock_.steady_now())) {
    co_return too_many_failures();
  }
  const auto header_id = Uuid::parse(claim.header_id);
  const bool ids_agree = header_id && Uuid::parse(claim.path_id) == header_id;
  CO_TRY(CredentialCache::Known known, co_await look_up_agent(header_id.value_or(Uuid{})));
  const bool accepted = accepts(known, claim.secret);
  if (!accepted || !ids_agree) {
    throttle_.record_failure(claim.peer, clock_.steady_now());
    co_return not_signed_in();
  }
  co_return std::move(*known);
}

Task<Result<store::Reviewer>> Authenticator::reviewer(Claim claim) {
  if (!throttle_.may_try(claim.peer, clock_.steady_now())) {
    co_return too_many_failures();
  }
  const auto id = Uuid::parse(claim.header_id);
  CO_TRY(ReviewerCache::Known known, co_await look_up_reviewer(id.value_or(Uuid{})));
  if (!accepts(known, claim.secret)) {
    throttle_.record_failure(claim.peer, clock_.steady_now());
    co_return no_such_reviewer();
  }
  co_return std::move(*known);
}

Task<Result<store::Agent>> Authenticator::agent_in_path(std::string path_id) {
  const auto id = Uuid::parse(path_id);
  CO_TRY(CredentialCache::Known known, co_await look_up_agent(id.value_or(Uuid{})));
  if (!known) {
    co_return Error{Code::not_found, "There is no such agent, and so no trace of it."};
  }
  co_return std::move(*known);
}

Task<Result<CredentialCache::Known>> Authenticator::look_up_agent(Uuid id) {
  return look_up(&agents_, &pool_, id, [this, id] { return store_.find_agent(id); });
}

Task<Result<ReviewerCache::Known>> Authenticator::look_up_reviewer(Uuid id) {
  return look_up(&reviewers_, &pool_, id, [this, id] { return store_.find_reviewer(id); });
}

Task<Result<Uuid>> Authenticator::prompt(Claim claim) {
  if (!throttle_.may_try(claim.peer, clock_.steady_now())) {
    co_return too_many_failures();
  }
  const auto id = Uuid::parse(claim.path_id);
  if (!id) {
    co_return Error{Code::not_found, "There is no such prompt: its id is not a UUID."};
  }
  const auto hash =
      co_await pool_.run([this, id = *id] { return store_.find_prompt_key_hash(id); });
  if (!hash && hash.error().code != Code::not_found) {
    co_return hash.error();
  }
  const bool right = hash && equal_in_constant_time(sha256(claim.secret), *hash);
  if (right && Uuid::parse(claim.header_id) == id) {
    co_return *id;
  }
  throttle_.record_failure(claim.peer, clock_.steady_now());
  if (!hash) {
    co_return Error{Code::not_found, "There is no such prompt."};
  }
  co_return Error{
      Code::forbidden,
      "The prompt key is not the key of this prompt: send x-prompt-id and x-prompt-key, "
      "with the same id as in the path."};
}

}  // namespace infinium::server
