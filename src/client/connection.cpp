#include "client/connection.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace infinium::client {
namespace {

namespace asio = boost::asio;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

bool is_address(const std::string& host) {
  boost::system::error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

Connection::Connection(Socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
  if (tls != nullptr) {
    tls_.emplace(socket_, *tls);
  }
}

asio::awaitable<Connection::ErrorCode> Connection::handshake(std::string host) {
  if (!tls_) {
    co_return ErrorCode{};
  }
  // RFC 6066: the server name is a name, never an address.
  if (!is_address(host)) {
    SSL_ctrl(tls_->native_handle(),
             SSL_CTRL_SET_TLSEXT_HOSTNAME,
             TLSEXT_NAMETYPE_host_name,
             host.data());
  }
  if ((SSL_get_verify_mode(tls_->native_handle()) & SSL_VERIFY_PEER) != 0) {
    ErrorCode ignored;
    tls_->set_verify_callback(asio::ssl::host_name_verification(host), ignored);
  }
  auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kAwait);
  co_return error;
}

asio::awaitable<Connection::ErrorCode> Connection::write(std::string_view head,
                                                         std::string_view body) {
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
  if (tls_) {
    auto [error, count] = co_await asio::async_write(*tls_, buffers, kAwait);
    co_return error;
  }
  auto [error, count] = co_await asio::async_write(socket_, buffers, kAwait);
  co_return error;
}

asio::awaitable<std::pair<Connection::ErrorCode, std::size_t>> Connection::read_some(
    asio::mutable_buffer into) {
  if (!tls_) {
    auto [error, count] = co_await socket_.async_read_some(into, kAwait);
    co_return std::pair(error, count);
  }
  auto [error, count] = co_await tls_->async_read_some(into, kAwait);
  if (error == asio::ssl::error::stream_truncated) {
    error = asio::error::connection_reset;
  }
  co_return std::pair(error, count);
}

std::string Connection::certificate_problem() {
  if (!tls_) {
    return {};
  }
  const long result = SSL_get_verify_result(tls_->native_handle());
  return result == X509_V_OK ? std::string{} : X509_verify_cert_error_string(result);
}

bool Connection::is_stale() {
  char byte = 0;
  const ssize_t n = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n > 0) {
    return !tls_;  // a TLS peer may send session tickets unasked
  }
  return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

}  // namespace infinium::client
