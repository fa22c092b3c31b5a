#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace infinium::client {

/// A byte stream to the server, plain or TLS. Owned by the call that uses it or by the pool of idle
/// ones; used on the I/O thread only.
class Connection {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using ErrorCode = boost::system::error_code;

  /// Takes over a connected socket; `tls` is borrowed, null for plain.
  Connection(Socket socket, boost::asio::ssl::context* tls);

  /// Does nothing on a plain connection. `host` is the name or address the certificate must have.
  boost::asio::awaitable<ErrorCode> handshake(std::string host);
  boost::asio::awaitable<ErrorCode> write(std::string_view head, std::string_view body);
  /// At least one byte, or an error; `eof` where the peer closed in good order.
  boost::asio::awaitable<std::pair<ErrorCode, std::size_t>> read_some(
      boost::asio::mutable_buffer into);

  /// Why the peer's certificate was refused, or empty.
  [[nodiscard]] std::string certificate_problem();
  /// Whether the peer has closed an idle connection (or sent what nobody asked for).
  [[nodiscard]] bool is_stale();
  /// The socket: closing it ends whatever waits on this connection.
  [[nodiscard]] Socket& socket() { return socket_; }

  std::chrono::steady_clock::time_point idle_since;  ///< kept by the pool

 private:
  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace infinium::client
