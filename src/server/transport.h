#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "server/task.h"

namespace infinium::server {

/// The bytes of one connection, plain or encrypted. Used by one coroutine at a time, on the
/// socket's thread; cancel() and close() end what that coroutine waits for.
class Transport {
 public:
  virtual ~Transport() = default;

  /// False: there is no one at the other end that speaks this.
  [[nodiscard]] virtual Task<bool> handshake() = 0;
  /// At least one byte, or 0: the other side has ended, the connection is broken, or cancel().
  /// `into` stays valid until it is done.
  [[nodiscard]] virtual Task<std::size_t> read_some(asio::mutable_buffer into) = 0;
  /// Both parts, in order; they stay valid until it is done. False: broken, or cancel().
  [[nodiscard]] virtual Task<bool> write(std::string_view first, std::string_view second) = 0;
  /// Says that nothing more will come from this side.
  [[nodiscard]] virtual Task<void> end_writing() = 0;

  virtual void cancel() = 0;
  virtual void close() = 0;
};

[[nodiscard]] std::unique_ptr<Transport> make_plain_transport(Socket socket);

}  // namespace infinium::server
