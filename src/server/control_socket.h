#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "infinium/result.h"

/// How a command reaches the server that holds a data folder: the Unix stream socket
/// `FOLDER/control.sock`, open to the folder's owner only. A connection carries one request line
/// and one answer line. Paths longer than a socket address holds are reached through the folder's
/// descriptor.
namespace infinium::server {

/// The longest line in either direction: a prompt of the largest size with every byte escaped.
inline constexpr std::size_t kControlLineBytesMax = 8u << 20u;

/// The server's end. Owned by main(); one thread answers one connection at a time. To be made only
/// by the process that holds the folder: it takes the place of a socket that a dead server left.
class ControlSocket {
 public:
  /// Runs on the socket's thread; takes a line and gives the answer, both without line end.
  using Answer = std::function<std::string(std::string_view line)>;

  /// Binds and starts the thread. `log` must outlive the socket. A connection that sends no whole
  /// line, or does not read its answer, within `patience` is closed. Errors: `unavailable`.
  [[nodiscard]] static Result<std::unique_ptr<ControlSocket>> listen(
      const std::filesystem::path& folder,
      Answer answer,
      Log& log,
      std::chrono::milliseconds patience = std::chrono::seconds(5));
  /// Removes the socket, lets the request in hand finish, joins the thread.
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

 private:
  struct Impl;
  explicit ControlSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Sends one line to the server that holds the folder and returns its answer. Errors: `not_found`
/// (no server listens there), `unavailable` (it went away or may not be reached; the request may
/// have been carried out), `timeout`, `too_large`.
[[nodiscard]] Result<std::string> call_control_socket(
    const std::filesystem::path& folder,
    std::string_view line,
    std::chrono::milliseconds patience = std::chrono::seconds(30));

}  // namespace infinium::server
