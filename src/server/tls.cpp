#include "server/tls.h"

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace infinium::server {
namespace {

class TlsTransport final : public Transport {
 public:
  TlsTransport(Socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  Task<bool> handshake() override {
    const auto [ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kNoThrow);
    co_return !ec;
  }

  Task<std::size_t> read_some(asio::mutable_buffer into) override {
    const auto [ec, n] = co_await stream_.async_read_some(into, kNoThrow);
    co_return ec ? 0 : n;
  }

  Task<bool> write(std::string_view first, std::string_view second) override {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(first), asio::buffer(second)};
    const auto [ec, n] = co_await asio::async_write(stream_, parts, kNoThrow);
    co_return !ec;
  }

  /// Ends the TCP stream only: waiting for the other side's close_notify would gain nothing, for
  /// every answer carries its length.
  Task<void> end_writing() override {
    error_code ignored;
    stream_.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
    co_return;
  }

  void cancel() override {
    error_code ignored;
    stream_.lowest_layer().cancel(ignored);
  }

  void close() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  asio::ssl::stream<Socket> stream_;
};

Error unusable(const std::filesystem::path& file, const error_code& ec) {
  return {Code::invalid_argument,
          "The TLS file " + file.string() + " cannot be used: " + ec.message() + "."};
}

}  // namespace

struct Tls::Impl {
  asio::ssl::context context{asio::ssl::context::tls_server};
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tls::~Tls() = default;

Result<std::unique_ptr<Tls>> Tls::load(const std::filesystem::path& cert,
                                       const std::filesystem::path& key) {
  auto impl = std::make_unique<Impl>();
  error_code ec;
  impl->context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, ec);
  impl->context.use_certificate_chain_file(cert.string(), ec);
  if (ec) {
    return unusable(cert, ec);
  }
  impl->context.use_private_key_file(key.string(), asio::ssl::context::pem, ec);
  if (ec) {
    return unusable(key, ec);
  }
  return std::unique_ptr<Tls>(new Tls(std::move(impl)));
}

std::unique_ptr<Transport> Tls::wrap(Socket socket) {
  return std::make_unique<TlsTransport>(std::move(socket), impl_->context);
}

}  // namespace infinium::server
