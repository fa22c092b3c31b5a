#include "server/listener.h"

#include <sys/socket.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <string>
#include <utility>

#include "server/error_response.h"

namespace infinium::server {
namespace {

using asio::ip::tcp;

/// After a failed accept (no descriptors left): time for connections to end.
constexpr std::chrono::milliseconds kAcceptPause{50};

/// What a connection beyond the limit is told.
std::string too_many_connections(std::int64_t now_ms) {
  const Response response = to_response(
      problem_of({Code::unavailable, "The server has no room for another connection."}));
  const std::string date = http_date(now_ms);
  return encode_head(response, {.request_id = "none", .date = date, .keep_alive = false}) +
         response.body;
}

Error cannot_listen(const tcp::endpoint& endpoint, const error_code& ec) {
  const std::string port = std::to_string(endpoint.port());
  if (ec == asio::error::address_in_use) {
    return {Code::unavailable,
            "Port " + port + " on " + endpoint.address().to_string() +
                " is in use by another program; choose another with --listen HOST:PORT."};
  }
  return {Code::unavailable,
          "Cannot listen on port " + port + " of " + endpoint.address().to_string() + ": " +
              ec.message() + "."};
}

}  // namespace

Result<tcp::endpoint> Listener::resolve(std::string host, std::uint16_t port) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  asio::io_context context;
  tcp::resolver resolver(context);
  error_code ec;
  const auto found =
      resolver.resolve(host, std::to_string(port), tcp::resolver::numeric_service, ec);
  if (ec || found.empty()) {
    return Error{Code::invalid_argument, "There is no address `" + host + "` to listen on."};
  }
  for (const auto& entry : found) {
    if (entry.endpoint().address().is_v4()) {
      return entry.endpoint();
    }
  }
  return found.begin()->endpoint();
}

Listener::Listener(std::vector<std::unique_ptr<Worker>>& workers,
                   Services& services,
                   ConnectionCount& count,
                   Tls* tls)
    : workers_(workers),
      services_(services),
      count_(count),
      tls_(tls),
      acceptor_(workers.front()->executor()) {}

Result<std::uint16_t> Listener::listen(const tcp::endpoint& endpoint) {
  error_code ec;
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) {
    acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  }
  if (!ec) {
    acceptor_.bind(endpoint, ec);
  }
  if (!ec) {
    acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  }
  if (ec) {
    return cannot_listen(endpoint, ec);
  }
  return acceptor_.local_endpoint().port();
}

void Listener::start() {
  accepting_ = asio::co_spawn(workers_.front()->executor(), accept(), asio::use_future);
}

void Listener::stop() {
  if (accepting_.valid()) {
    asio::post(workers_.front()->executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    accepting_.get();
  }
}

Task<void> Listener::accept() {
  Timer pause(workers_.front()->executor());
  std::size_t turn = 0;
  while (acceptor_.is_open()) {
    Worker& worker = *workers_[turn++ % workers_.size()];
    auto [ec, socket] = co_await acceptor_.async_accept(worker.executor(), kNoThrow);
    if (!ec) {
      deal(std::move(socket), worker);
    } else if (acceptor_.is_open()) {
      services_.log.warning("accept_failed", {{"what", ec.message()}});
      pause.expires_after(kAcceptPause);
      (void)co_await pause.async_wait(kNoThrow);
    }
  }
}

void Listener::deal(Socket socket, Worker& worker) {
  error_code ec;
  const auto peer = socket.remote_endpoint(ec);
  if (ec) {
    return;  // it is gone already
  }
  if (!count_.add()) {
    // One attempt, without waiting: who comes in numbers gets no coroutine each.
    const std::string text = too_many_connections(services_.clock.now_ms());
    (void)::send(socket.native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return;
  }
  socket.set_option(tcp::no_delay(true), ec);
  auto transport =
      tls_ != nullptr ? tls_->wrap(std::move(socket)) : make_plain_transport(std::move(socket));
  worker.adopt(std::move(transport), peer.address().to_string());
}

}  // namespace infinium::server
