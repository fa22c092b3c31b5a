#pragma once

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace infinium::client {

/// A server on a free loopback port for one test: each connection, in the order it is accepted, is
/// one script that reads and writes as it likes, on the server's thread. The destructor waits for
/// the scripts; a script whose connection never comes is skipped.
class TestServer {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Script = std::function<void(Socket&)>;

  explicit TestServer(std::vector<Script> scripts)
      : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}), scripts_(std::move(scripts)) {
    thread_ = std::thread([this] { run(); });
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer() {
    // A connection of our own ends a wait in accept; closing from another thread would not.
    boost::system::error_code ignored;
    Socket last(io_);
    stopping_ = true;
    last.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void run() {
    for (const Script& script : scripts_) {
      Socket socket(io_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (stopping_ || error) {
        return;
      }
      script(socket);
    }
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<Script> scripts_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

/// Reads one request, head and Content-Length body; what was read, or less at the end of stream.
template <class Stream>
std::string read_request(Stream& stream) {
  std::string text;
  boost::system::error_code error;
  std::size_t wanted = std::string::npos;
  while (!error && text.size() < wanted) {
    char buffer[4096];
    const std::size_t n = stream.read_some(boost::asio::buffer(buffer), error);
    text.append(buffer, n);
    const auto head_end = text.find("\r\n\r\n");
    if (wanted == std::string::npos && head_end != std::string::npos) {
      const auto length = text.find("Content-Length: ");
      wanted = head_end + 4 + (length < head_end ? std::stoul(text.substr(length + 16)) : 0);
    }
  }
  return text;
}

template <class Stream>
void send_text(Stream& stream, const std::string& text) {
  boost::system::error_code ignored;
  boost::asio::write(stream, boost::asio::buffer(text), ignored);
}

/// A complete answer; `headers` are whole lines.
inline std::string answer_text(int status,
                               const std::string& body,
                               const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Waits until the client closes.
template <class Stream>
void wait_for_close(Stream& stream) {
  boost::system::error_code error;
  std::vector<char> buffer(64u << 10u);
  while (!error) {
    stream.read_some(boost::asio::buffer(buffer), error);
  }
}

}  // namespace infinium::client
