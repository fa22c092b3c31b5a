#include "loopback.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace infinium::bench {
namespace {

[[noreturn]] void die(std::string_view why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

std::size_t content_length(std::string_view head) {
  const std::size_t at = head.find("Content-Length: ");
  if (at == std::string_view::npos) {
    die("a response without Content-Length");
  }
  return std::strtoul(head.data() + at + 16, nullptr, 10);
}

}  // namespace

Loopback::Loopback(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die(fmt::format("nobody listens on 127.0.0.1:{}", port));
  }
}

Loopback::~Loopback() { close(socket_); }

std::string Loopback::exchange(std::string_view request, int status) {
  while (!request.empty()) {
    const ssize_t sent = send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      die("the connection broke while sending");
    }
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::size_t whole = std::string::npos;
  while (whole == std::string::npos || buffer_.size() < whole) {
    std::array<char, 65536> chunk{};
    const ssize_t got = recv(socket_, chunk.data(), chunk.size(), 0);
    if (got <= 0) {
      die("the connection broke while receiving");
    }
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    const std::size_t head = buffer_.find("\r\n\r\n");
    if (whole == std::string::npos && head != std::string::npos) {
      whole = head + 4 + content_length(std::string_view(buffer_).substr(0, head));
    }
  }
  if (!buffer_.starts_with(fmt::format("HTTP/1.1 {}", status))) {
    die(fmt::format("expected {}, got: {}", status, buffer_.substr(0, 400)));
  }
  const std::size_t head = buffer_.find("\r\n\r\n") + 4;
  std::string body = buffer_.substr(head, whole - head);
  buffer_.erase(0, whole);
  return body;
}

}  // namespace infinium::bench
