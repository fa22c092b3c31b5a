#include <array>
#include <boost/asio/write.hpp>
#include <utility>

#include "server/transport.h"

namespace infinium::server {
namespace {

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {}

  Task<bool> handshake() override { co_return true; }

  Task<std::size_t> read_some(asio::mutable_buffer into) override {
    const auto [ec, n] = co_await socket_.async_read_some(into, kNoThrow);
    co_return ec ? 0 : n;
  }

  Task<bool> write(std::string_view first, std::string_view second) override {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(first), asio::buffer(second)};
    const auto [ec, n] = co_await asio::async_write(socket_, parts, kNoThrow);
    co_return !ec;
  }

  Task<void> end_writing() override {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    co_return;
  }

  void cancel() override {
    error_code ignored;
    socket_.cancel(ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(Socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

}  // namespace infinium::server
