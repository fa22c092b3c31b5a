#include "client/transport.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/try.h"
#include "client/exchange.h"
#include "client/io_thread.h"
#include "client/session.h"

namespace infinium::client {

std::string_view to_string(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::connect:
      return "connect";
    case Failure::Kind::timeout:
      return "timeout";
    case Failure::Kind::deadline:
      return "deadline";
    case Failure::Kind::tls:
      return "tls";
    case Failure::Kind::protocol:
      return "protocol";
    case Failure::Kind::cancelled:
      break;
  }
  return "cancelled";
}

void CallHandle::cancel() const {
  // In a forked child even to lock the parent's context could hang.
  if (!session_ || process_ != getpid()) {
    return;
  }
  boost::asio::post(session_->io().context(), [weak = call_] {
    if (const auto call = weak.lock()) {
      call->stop(Failure::Kind::cancelled);
    }
  });
}

Transport::Transport(IoRuntime& io, TransportOptions options)
    : io_(io), options_(std::move(options)) {}

Transport::~Transport() { close(); }

Result<CallHandle> Transport::submit(Request request, Done done) {
  TRY(std::string head, encode_head(request, options_));
  const auto session =
      session_.get([this] { return std::make_shared<Session>(io_.get(), options_); });
  const auto call = std::make_shared<Call>(
      session->io().context(), std::move(request), std::move(head), std::move(done));
  CallHandle handle;
  handle.session_ = session;
  handle.call_ = call;
  handle.process_ = getpid();
  if (!closed_ && !session->io().stopped()) {
    boost::asio::post(session->io().context(), [session, call] { session->start(call); });
  }
  return handle;
}

void Transport::close() {
  closed_ = true;
  if (const auto session = session_.find(); session && !session->io().stopped()) {
    boost::asio::post(session->io().context(), [session] { session->close(); });
  }
}

}  // namespace infinium::client
