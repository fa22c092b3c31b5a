#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "client/session.h"

namespace infinium::client {
namespace {

double seconds(std::chrono::duration<double> time) { return time.count(); }

}  // namespace

Call::Call(boost::asio::io_context& io,
           Request request_in,
           std::string head_in,
           Transport::Done done)
    : request(std::move(request_in)),
      head(std::move(head_in)),
      done_(std::move(done)),
      timer_(io),
      watchdog_(io) {}

Call::~Call() { finish(Failure{Failure::Kind::cancelled, "the client was closed"}); }

void Call::finish(Answer answer) {
  if (!done_) {
    return;
  }
  if (auto* const response = std::get_if<Response>(&answer)) {
    response->elapsed = Clock::now() - submitted;
  }
  std::exchange(done_, nullptr)(std::move(answer));
}

void Call::stop(Failure::Kind reason) {
  if (!stopped_ || *stopped_ == Failure::Kind::timeout) {
    stopped_ = reason;
  }
  timer_.cancel();
  if (socket != nullptr) {
    boost::system::error_code ignored;
    socket->close(ignored);
  }
}

void Call::begin_attempt() {
  if (stopped_ == Failure::Kind::timeout) {
    stopped_.reset();
  }
}

std::optional<Failure> Call::stopped() const {
  if (!stopped_) {
    return std::nullopt;
  }
  switch (*stopped_) {
    case Failure::Kind::timeout:
      return Failure{*stopped_, fmt::format("no answer within {} s", seconds(request.timeout))};
    case Failure::Kind::deadline:
      return Failure{*stopped_, fmt::format("no answer within {} s", seconds(*request.deadline))};
    default:
      return Failure{*stopped_, "the call was cancelled"};
  }
}

std::optional<Call::Clock::time_point> Call::deadline() const {
  return request.deadline ? std::optional(submitted + *request.deadline) : std::nullopt;
}

void Call::watch(std::optional<Clock::time_point> limit) {
  const auto last = deadline();
  if (!limit && !last) {
    watchdog_.cancel();
    return;
  }
  const bool deadline_first = last && (!limit || *last < *limit);
  watchdog_.expires_at(deadline_first ? *last : *limit);
  watchdog_.async_wait(
      [weak = weak_from_this(), deadline_first](const boost::system::error_code& error) {
        const auto call = error ? nullptr : weak.lock();
        // An expired wait may be queued already when the watchdog is set anew.
        if (call && call->watchdog_.expiry() <= Clock::now()) {
          call->stop(deadline_first ? Failure::Kind::deadline : Failure::Kind::timeout);
        }
      });
}

boost::asio::awaitable<bool> Call::sleep(Clock::duration time) {
  if (stopped_) {
    co_return false;
  }
  timer_.expires_after(time);
  co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  co_return !stopped_;
}

}  // namespace infinium::client
