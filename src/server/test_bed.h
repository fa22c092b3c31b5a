#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "pipeline/pipeline.h"
#include "pipeline/result_hub.h"
#include "server/server.h"
#include "store/sqlite/open.h"

/// A server on a free port with a real store in a temporary folder, and a client that sends exactly
/// the bytes it is told to.
namespace infinium::server::test {

/// The machine's clock, plus what a test adds to it.
class SteppingClock final : public Clock {
 public:
  void step(std::chrono::milliseconds by) { ahead_ms_ += by.count(); }
  [[nodiscard]] std::int64_t now_ms() const override { return clock_.now_ms() + ahead_ms_; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    return clock_.steady_now() + std::chrono::milliseconds(ahead_ms_.load());
  }

 private:
  SystemClock clock_;
  std::atomic<std::int64_t> ahead_ms_{0};
};

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// One TCP connection to the server.
class Wire {
 public:
  explicit Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Wire() { ::close(socket_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// False: the other side no longer takes bytes.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// The next answer; status 0 if the connection ended instead.
  Reply receive(bool head_only = false) {
    Reply reply;
    while (unread_.find("\r\n\r\n") == std::string::npos) {
      if (!fill()) {
        return reply;
      }
    }
    const std::size_t end = unread_.find("\r\n\r\n");
    parse_head(unread_.substr(0, end + 2), reply);
    unread_.erase(0, end + 4);
    const auto length = reply.headers.find("content-length");
    const std::size_t size =
        head_only || length == reply.headers.end() ? 0 : std::stoul(length->second);
    while (unread_.size() < size && fill()) {
    }
    reply.body = unread_.substr(0, size);
    unread_.erase(0, size);
    return reply;
  }

  /// Whether the server has closed without another byte.
  bool at_end() { return unread_.empty() && !fill(); }

 private:
  bool fill() {
    char piece[65536];
    const ssize_t n = ::recv(socket_, piece, sizeof piece, 0);
    EXPECT_FALSE(n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) << "no answer in time";
    if (n <= 0) {
      return false;
    }
    unread_.append(piece, static_cast<std::size_t>(n));
    return true;
  }

  static void parse_head(std::string_view head, Reply& reply) {
    reply.status = std::stoi(std::string(head.substr(9, 3)));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
      const std::size_t end = head.find("\r\n", at);
      const std::string_view line = head.substr(at, end - at);
      std::string name(line.substr(0, line.find(": ")));
      for (char& c : name) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      }
      reply.headers[name] = line.substr(line.find(": ") + 2);
      at = end + 2;
    }
  }

  int socket_;
  std::string unread_;
};

inline constexpr std::string_view kTrace =
    R"({"name":"Tidy up","description":"Sorted the shelf.","current_datetime":"2026-01-31T12:00:00Z",)"
    R"("duration":1.5,"of_ours":[1e400,{"kept":true}]})";

class TestBed : public ::testing::Test {
 protected:
  TestBed() {
    std::string name = (std::filesystem::temp_directory_path() / "infinium-server-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~TestBed() override {
    server_.reset();
    pipeline_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
    ::close(null_);
  }

  void start(Options options = {}) {
    auto opened =
        store::sqlite::open({.folder = folder_, .disk_reserve_bytes = 0}, clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened->store);
    auto agent = store_->create_agent("tester", sha256(kSecret));
    ASSERT_TRUE(agent) << agent.error().message;
    agent_ = *agent;
    const pipeline::Engine nothing{
        [](const TaskData&, const maestro::Company&) { return Interpretation{}; }, "test"};
    pipeline_ = std::make_unique<pipeline::Pipeline>(
        *store_, hub_, clock_, log_, pipeline::Options{.threads = 0}, nothing);
    options.port = 0;
    server_ = std::make_unique<Server>(*store_, hub_, *pipeline_, clock_, random_, log_, options);
    const auto port = server_->start();
    ASSERT_TRUE(port) << port.error().message;
    port_ = *port;
  }

  [[nodiscard]] std::string agent_path(std::string_view rest) const {
    return "/api/v1/agents/" + agent_.id.to_string() + std::string(rest);
  }
  /// The headers that prove the agent.
  [[nodiscard]] std::string proof() const {
    return "x-agent-id: " + agent_.id.to_string() + "\r\nx-agent-key: " + std::string(kSecret) +
           "\r\n";
  }
  [[nodiscard]] std::string get(std::string_view target, std::string_view headers = {}) const {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
           std::string(headers) + "\r\n";
  }
  [[nodiscard]] std::string post(std::string_view target,
                                 std::string_view body,
                                 std::string_view headers) const {
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
           std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
  }
  /// Sends a trace or a batch as the agent, on a connection of its own.
  Reply post_as_agent(std::string_view rest, std::string_view body, std::string headers = {}) {
    return exchange(
        post(agent_path(rest), body, proof() + "Content-Type: application/json\r\n" + headers));
  }
  Reply get_as_agent(std::string_view rest) { return exchange(get(agent_path(rest), proof())); }
  Reply exchange(std::string_view request) {
    Wire wire(port_);
    EXPECT_TRUE(wire.send(request));
    return wire.receive();
  }
  /// What stands behind `"name":"` in a JSON text.
  static std::string text_member(const std::string& json, const std::string& name) {
    const std::string before = '"' + name + "\":\"";
    const std::size_t begin = json.find(before);
    if (begin == std::string::npos) {
      return {};
    }
    const std::size_t value = begin + before.size();
    return json.substr(value, json.find('"', value) - value);
  }
  /// Saves a result as Maestro would, and wakes who waits.
  void complete(const Uuid& trace_id, std::string json) {
    const auto claimed = store_->claim_pending(10);
    ASSERT_TRUE(claimed);
    ASSERT_EQ(claimed->size(), 1u);
    store::NewResult result;
    result.seq = claimed->front().seq;
    result.json = std::move(json);
    result.verdict = Verdict::succeeded;
    result.score = 87.5;
    const auto queued = store_->save_results({result}, [this, trace_id](const Status& saved) {
      EXPECT_TRUE(saved);
      hub_.publish(trace_id);
    });
    ASSERT_TRUE(queued);
  }

  static constexpr std::string_view kSecret = "a secret of many characters";
  SteppingClock clock_;
  SystemRandom random_;
  int null_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Log log_{clock_, LogLevel::error, null_};
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  pipeline::ResultHub hub_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::unique_ptr<Server> server_;
  store::Agent agent_;
  std::uint16_t port_ = 0;
};

}  // namespace infinium::server::test
