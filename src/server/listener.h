#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "server/tls.h"
#include "server/worker.h"

namespace infinium::server {

/// The one acceptor: it deals new connections to the workers in turn. Owned by the server; lives on
/// the first worker's thread.
class Listener {
 public:
  using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

  /// The first address that a name stands for. Error: `invalid_argument`.
  [[nodiscard]] static Result<asio::ip::tcp::endpoint> resolve(std::string host,
                                                               std::uint16_t port);

  /// `tls` null: plain connections.
  Listener(std::vector<std::unique_ptr<Worker>>& workers,
           Services& services,
           ConnectionCount& count,
           Tls* tls);

  /// Binds, listens and returns the port. Error: `unavailable`.
  [[nodiscard]] Result<std::uint16_t> listen(const asio::ip::tcp::endpoint& endpoint);
  /// Accepts from now on, until stop().
  void start();
  /// Called by another thread; returns when nothing more will be accepted.
  void stop();

 private:
  [[nodiscard]] Task<void> accept();
  void deal(Socket socket, Worker& worker);

  std::vector<std::unique_ptr<Worker>>& workers_;
  Services& services_;
  ConnectionCount& count_;
  Tls* tls_;
  Acceptor acceptor_;
  std::future<void> accepting_;  ///< done when accept() has ended
};

}  // namespace infinium::server
