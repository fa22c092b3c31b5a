#include "judge/hearing.h"

#include <fmt/format.h>

#include <utility>

namespace infinium::judge {
namespace {

/// A status that says that no request will do better for now, whatever the trace.
bool speaks_of_the_endpoint(int status) {
  return status >= 500 || status == 401 || status == 403 || status == 404 || status == 429;
}

std::string reason_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return fmt::format("The endpoint refused the judge's key (status {}).", status);
    case 404:
      return "The endpoint has no such model or path (status 404).";
    case 429:
      return "The endpoint says that there were too many requests (status 429).";
    default:
      return fmt::format("The endpoint answered with status {}.", status);
  }
}

std::string_view reason_of(Hearing::Lost::Kind kind) {
  switch (kind) {
    case Hearing::Lost::Kind::broken:
      return "The endpoint was not reached, or the connection broke before its answer was whole.";
    case Hearing::Lost::Kind::timed_out:
      return "The endpoint gave no answer in time.";
    case Hearing::Lost::Kind::refused:
      return "The endpoint gave no secure connection or no valid HTTP.";
    case Hearing::Lost::Kind::cancelled:
      break;
  }
  return "The program was stopped before the judge had answered.";
}

/// An error's message as a sentence.
std::string sentence(std::string message) {
  if (!message.empty() && message.front() >= 'a' && message.front() <= 'z') {
    message.front() = static_cast<char>(message.front() - 'a' + 'A');
  }
  return message + ".";
}

}  // namespace

Hearing::Hearing(const Request& request, const Options& options, Bench& bench, Random& random)
    : request_(request),
      bench_(bench),
      retry_(options.retry, std::nullopt, random),
      // The body, not the messages: the schema is read by the model too.
      most_{tokens_of(request.body.size()), options.completion_tokens_max} {}

Hearing::Action Hearing::step(const Input& input, const Moment& now) {
  return std::visit([&](const auto& one) { return on(one, now); }, input);
}

Hearing::Action Hearing::on(const Begin&, const Moment& now) {
  if (auto known = bench_.cache.find(request_.hash)) {
    Done done = end(OpinionStatus::given, {});
    done.record.opinion = *std::move(known);
    done.record.cached = true;
    return done;
  }
  return send(now);
}

Hearing::Action Hearing::on(const Waited&, const Moment& now) { return send(now); }

Hearing::Action Hearing::send(const Moment& now) {
  const auto ticket = bench_.ledger.reserve(most_, now.epoch_ms);
  if (!ticket) {
    return end(OpinionStatus::skipped, ticket.error().message);
  }
  if (!bench_.breaker.permit(now.steady)) {
    bench_.ledger.settle(*ticket, {});
    if (attempts_ > 0) {
      return end(OpinionStatus::failed, last_reason_);
    }
    return end(OpinionStatus::skipped,
               "The endpoint failed several times in a row and is left alone for a while.");
  }
  ticket_ = *ticket;
  ++attempts_;
  return Send{};
}

Hearing::Action Hearing::on(const Answered& answered, const Moment& now) {
  if (answered.status == 200) {
    return read_answer(answered.body, now);
  }
  settle({});
  if (speaks_of_the_endpoint(answered.status)) {
    bench_.breaker.failed(now.steady);
  } else {
    bench_.breaker.succeeded();
  }
  return again({.kind = client::Outcome::Kind::answered,
                .status = answered.status,
                .retry_after = answered.retry_after},
               reason_of(answered.status),
               now);
}

Hearing::Action Hearing::on(const Lost& lost, const Moment& now) {
  if (lost.kind == Lost::Kind::cancelled) {
    if (ticket_) {  // else it was stopped between two attempts
      settle(lost.reached ? most_ : Usage{});
      bench_.breaker.abandoned();
    }
    return end(OpinionStatus::skipped, std::string(reason_of(lost.kind)));
  }
  settle(lost.reached ? most_ : Usage{});
  bench_.breaker.failed(now.steady);
  client::Outcome outcome;
  outcome.kind = lost.kind == Lost::Kind::broken      ? client::Outcome::Kind::broken
                 : lost.kind == Lost::Kind::timed_out ? client::Outcome::Kind::timed_out
                                                      : client::Outcome::Kind::final;
  return again(outcome, std::string(reason_of(lost.kind)), now);
}

/// A model that misreads the schema says nothing of its endpoint, and a trace may have made it do
/// so: only an answer that is no chat completion counts as a failure of the endpoint.
Hearing::Action Hearing::read_answer(const std::string& body, const Moment& now) {
  const auto completion = parse_completion(body);
  if (!completion) {
    settle(most_);
    bench_.breaker.failed(now.steady);
    return end(OpinionStatus::failed, sentence(completion.error().message));
  }
  settle(completion->usage.value_or(most_));
  bench_.breaker.succeeded();
  auto opinion = parse_opinion(*completion, request_.question);
  if (!opinion) {
    return end(OpinionStatus::failed, sentence(opinion.error().message));
  }
  bench_.cache.put(request_.hash, *opinion);
  Done done = end(OpinionStatus::given, {});
  done.record.opinion = *std::move(opinion);
  return done;
}

Hearing::Action Hearing::again(const client::Outcome& outcome,
                               std::string reason,
                               const Moment& now) {
  const auto wait = retry_.step(outcome, now.steady);
  if (!wait) {
    return end(OpinionStatus::failed, std::move(reason));
  }
  last_reason_ = std::move(reason);
  return Wait{*wait};
}

void Hearing::settle(const Usage& used) {
  bench_.ledger.settle(*std::exchange(ticket_, std::nullopt), used);
  used_.prompt_tokens += used.prompt_tokens;
  used_.completion_tokens += used.completion_tokens;
}

Hearing::Done Hearing::end(OpinionStatus status, std::string reason) const {
  OpinionRecord record;
  record.status = status;
  record.reason = std::move(reason);
  record.trace_cut = request_.trace_cut;
  record.attempts = attempts_;
  record.prompt_tokens = used_.prompt_tokens;
  record.completion_tokens = used_.completion_tokens;
  record.cost_usd = bench_.ledger.cost_usd(used_);
  return {std::move(record)};
}

}  // namespace infinium::judge
