#include "client/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>

#include "client/io_thread.h"
#include "client/test_server.h"

namespace infinium::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using Socket = TestServer::Socket;

/// The port of no server.
std::uint16_t closed_port() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

class TransportTest : public testing::Test {
 protected:
  static TransportOptions options(std::uint16_t port) {
    TransportOptions options;
    options.url = *BaseUrl::parse("http://127.0.0.1:" + std::to_string(port));
    options.user_agent = "test/1";
    options.retry.wait_first = milliseconds(1);
    options.requests_per_second.reset();
    return options;
  }

  static Request request(std::string path = "/thing") {
    Request request;
    request.path = std::move(path);
    request.timeout = seconds(20);
    return request;
  }

  static std::future<Answer> submit(Transport& transport, Request request) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto future = promise->get_future();
    const auto call = transport.submit(std::move(request), [promise](Answer answer) {
      promise->set_value(std::move(answer));  // a second call would throw and end the test
    });
    EXPECT_TRUE(call);
    return future;
  }

  static Response answered(Transport& transport, Request request) {
    const Answer answer = submit(transport, std::move(request)).get();
    const auto* const failure = std::get_if<Failure>(&answer);
    EXPECT_EQ(failure, nullptr) << failure->message;
    return failure == nullptr ? std::get<Response>(answer) : Response{};
  }

  static Failure failed(Transport& transport, Request request) {
    const Answer answer = submit(transport, std::move(request)).get();
    EXPECT_TRUE(std::holds_alternative<Failure>(answer));
    const auto* const failure = std::get_if<Failure>(&answer);
    return failure == nullptr ? Failure{} : *failure;
  }

  IoRuntime io_;
};

TEST_F(TransportTest, SendsTheRequestAndReadsTheAnswer) {
  std::string seen;
  TestServer server({[&](Socket& socket) {
    seen = read_request(socket);
    send_text(socket, answer_text(201, "{}", "X-Thing: a\r\nSet-Thing: 1\r\nset-thing: 2\r\n"));
  }});
  Transport transport(io_, options(server.port()));
  Request post = request();
  post.method = "POST";
  post.headers = {{"x-agent-id", "7"}};
  post.body = "body";
  const Response response = answered(transport, std::move(post));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(response.headers,
            (Headers{{"x-thing", "a"}, {"set-thing", "1, 2"}, {"content-length", "2"}}));
  EXPECT_EQ(seen,
            "POST /api/v1/thing HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nUser-Agent: test/1\r\nx-agent-id: 7\r\nContent-Length: 4\r\n\r\nbody");
}

TEST_F(TransportTest, APathFromTheRootLeavesTheApiPathOut) {
  std::string seen;
  TestServer server({[&](Socket& socket) {
    seen = read_request(socket);
    send_text(socket, answer_text(200, ""));
  }});
  Transport transport(io_, options(server.port()));
  Request health = request("/healthz");
  health.from_root = true;
  EXPECT_EQ(answered(transport, std::move(health)).status, 200);
  EXPECT_THAT(seen, HasSubstr("GET /healthz HTTP/1.1\r\n"));
}

TEST_F(TransportTest, KeepsTheConnection) {
  TestServer server({[](Socket& socket) {
    for (int i = 0; i < 3; ++i) {
      read_request(socket);
      send_text(socket, answer_text(200, std::to_string(i)));
    }
  }});
  Transport transport(io_, options(server.port()));
  EXPECT_EQ(answered(transport, request()).body, "0");
  EXPECT_EQ(answered(transport, request()).body, "1");
  EXPECT_EQ(answered(transport, request()).body, "2");
}

TEST_F(TransportTest, ReplacesAKeptConnectionThatTheServerDropped) {
  TestServer server({[](Socket& socket) {
                       read_request(socket);
                       send_text(socket, answer_text(200, "first"));
                       read_request(socket);  // and closes instead of answering
                     },
                     [](Socket& socket) {
                       read_request(socket);
                       send_text(socket, answer_text(200, "second"));
                     }});
  Transport transport(io_, options(server.port()));
  Request once = request();
  once.retries = 0;
  EXPECT_EQ(answered(transport, once).body, "first");
  EXPECT_EQ(answered(transport, once).body, "second");
}

TEST_F(TransportTest, DoesNotKeepWhatTheServerCloses) {
  const auto script = [](Socket& socket) {
    read_request(socket);
    send_text(socket, answer_text(200, "x", "Connection: close\r\n"));
  };
  TestServer server({script, script});
  Transport transport(io_, options(server.port()));
  EXPECT_EQ(answered(transport, request()).body, "x");
  EXPECT_EQ(answered(transport, request()).body, "x");
}

TEST_F(TransportTest, AnAnswerWithoutALengthEndsWithTheConnection) {
  TestServer server({[](Socket& socket) {
    read_request(socket);
    send_text(socket, "HTTP/1.1 200 OK\r\n\r\nall of it");
  }});
  Transport transport(io_, options(server.port()));
  EXPECT_EQ(answered(transport, request()).body, "all of it");
}

TEST_F(TransportTest, ReadsChunksAndSkipsInterimAnswers) {
  TestServer server({[](Socket& socket) {
    read_request(socket);
    send_text(socket,
              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  }});
  Transport transport(io_, options(server.port()));
  EXPECT_EQ(answered(transport, request()).body, "abcde");
}

TEST_F(TransportTest, ACutAnswerIsABrokenConnection) {
  TestServer server({[](Socket& socket) {
    read_request(socket);
    send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  }});
  Transport transport(io_, options(server.port()));
  Request once = request();
  once.retries = 0;
  const Failure failure = failed(transport, once);
  EXPECT_EQ(failure.kind, Failure::Kind::connect);
  EXPECT_TRUE(failure.reached);
}

TEST_F(TransportTest, TriesAgainAfterACutAnswerAndA503) {
  TestServer server({[](Socket& socket) {
                       read_request(socket);
                       send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut");
                     },
                     [](Socket& socket) {
                       read_request(socket);
                       send_text(socket, answer_text(503, "", "Retry-After: 0\r\n"));
                       read_request(socket);
                       send_text(socket, answer_text(200, "done"));
                     }});
  Transport transport(io_, options(server.port()));
  EXPECT_EQ(answered(transport, request()).body, "done");
}

TEST_F(TransportTest, TheLastAnswerIsGivenWhenTheRetriesAreUsedUp) {
  int requests = 0;
  {
    TestServer server({[&](Socket& socket) {
      for (; !read_request(socket).empty(); ++requests) {
        send_text(socket, answer_text(500, "no", "Retry-After: 0\r\n"));
      }
    }});
    TransportOptions twice = options(server.port());
    twice.retry.retries_max = 2;
    Transport transport(io_, twice);
    EXPECT_EQ(answered(transport, request()).status, 500);
  }
  EXPECT_EQ(requests, 3);
}

TEST_F(TransportTest, ARefusalIsNotTriedAgain) {
  int requests = 0;
  {
    TestServer server({[&](Socket& socket) {
      for (; !read_request(socket).empty(); ++requests) {
        send_text(socket, answer_text(422, "{}", "Retry-After: 0\r\n"));
      }
    }});
    Transport transport(io_, options(server.port()));
    EXPECT_EQ(answered(transport, request()).status, 422);
  }
  EXPECT_EQ(requests, 1);
}

TEST_F(TransportTest, AnEarlyRefusalArrivesThoughTheBodyIsNotRead) {
  TestServer server({[](Socket& socket) {
    char head[1024];
    boost::system::error_code ignored;
    socket.read_some(boost::asio::buffer(head), ignored);
    send_text(socket, answer_text(413, "too large", "Connection: close\r\n"));
    socket.shutdown(Socket::shutdown_send, ignored);
    wait_for_close(socket);
  }});
  Transport transport(io_, options(server.port()));
  Request large = request();
  large.method = "POST";
  large.body.assign(8u << 20u, 'x');
  EXPECT_EQ(answered(transport, std::move(large)).status, 413);
}

TEST_F(TransportTest, RefusesAnswersThatAreTooLargeOrNotHttp) {
  TestServer server({[](Socket& socket) {
                       read_request(socket);
                       send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n");
                     },
                     [](Socket& socket) {
                       read_request(socket);
                       send_text(socket, "SSH-2.0-OpenSSH_9.2p1\r\n\r\n");
                     },
                     [](Socket& socket) {
                       read_request(socket);
                       send_text(socket, "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'));
                     }});
  Transport transport(io_, options(server.port()));
  const Failure large = failed(transport, request());
  EXPECT_EQ(large.kind, Failure::Kind::protocol);
  EXPECT_THAT(large.message, HasSubstr("64 MiB"));
  EXPECT_EQ(failed(transport, request()).kind, Failure::Kind::protocol);
  EXPECT_EQ(failed(transport, request()).kind, Failure::Kind::protocol);
}

TEST_F(TransportTest, ASlowAnswerTimesOut) {
  TestServer server({[](Socket& socket) { wait_for_close(socket); }});
  Transport transport(io_, options(server.port()));
  Request hasty = request();
  hasty.timeout = milliseconds(50);
  hasty.retries = 0;
  const Failure failure = failed(transport, hasty);
  EXPECT_EQ(failure.kind, Failure::Kind::timeout);
  EXPECT_THAT(failure.message, HasSubstr("0.05 s"));
  EXPECT_TRUE(failure.reached);
}

TEST_F(TransportTest, ATimeOutIsTriedAgain) {
  TestServer server({[](Socket& socket) { wait_for_close(socket); },
                     [](Socket& socket) {
                       read_request(socket);
                       send_text(socket, answer_text(200, "late"));
                     }});
  Transport transport(io_, options(server.port()));
  Request hasty = request();
  hasty.timeout = milliseconds(200);
  EXPECT_EQ(answered(transport, hasty).body, "late");
}

TEST_F(TransportTest, TheDeadlineCutsAnAttemptOff) {
  TestServer server({[](Socket& socket) { wait_for_close(socket); }});
  Transport transport(io_, options(server.port()));
  Request hasty = request();
  hasty.deadline = milliseconds(50);
  EXPECT_EQ(failed(transport, hasty).kind, Failure::Kind::deadline);
}

TEST_F(TransportTest, TheDeadlineCutsTheWaitForTheRateLimitOff) {
  TestServer server({[](Socket& socket) {
    read_request(socket);
    send_text(socket, answer_text(200, ""));
    wait_for_close(socket);
  }});
  TransportOptions slow = options(server.port());
  slow.requests_per_second = 0.001;
  slow.burst = 1;
  Transport transport(io_, slow);
  EXPECT_EQ(answered(transport, request()).status, 200);
  Request hasty = request();
  hasty.deadline = milliseconds(20);
  EXPECT_EQ(failed(transport, hasty).kind, Failure::Kind::deadline);
  transport.close();
}

TEST_F(TransportTest, NoServerIsAConnectFailure) {
  Transport transport(io_, options(closed_port()));
  const Failure failure = failed(transport, request());
  EXPECT_EQ(failure.kind, Failure::Kind::connect);
  EXPECT_THAT(failure.message, HasSubstr("cannot reach 127.0.0.1:"));
  EXPECT_FALSE(failure.reached);
}

TEST_F(TransportTest, ANameIsLookedUp) {
  TestServer server({[](Socket& socket) {
    read_request(socket);
    send_text(socket, answer_text(200, "by name"));
  }});
  TransportOptions by_name = options(server.port());
  by_name.url.host = "localhost";
  Transport transport(io_, by_name);
  EXPECT_EQ(answered(transport, request()).body, "by name");
}

TEST_F(TransportTest, CancelEndsACall) {
  std::promise<void> received;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    received.set_value();
    wait_for_close(socket);
  }});
  Transport transport(io_, options(server.port()));
  std::promise<Answer> promise;
  const auto call =
      transport.submit(request(), [&](Answer answer) { promise.set_value(std::move(answer)); });
  ASSERT_TRUE(call);
  received.get_future().wait();
  call->cancel();
  call->cancel();
  const Answer answer = promise.get_future().get();
  ASSERT_TRUE(std::holds_alternative<Failure>(answer));
  EXPECT_EQ(std::get<Failure>(answer).kind, Failure::Kind::cancelled);
}

TEST_F(TransportTest, CloseCancelsWhatIsUnderWayAndWhatComesLater) {
  std::promise<void> received;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    received.set_value();
    wait_for_close(socket);
  }});
  Transport transport(io_, options(server.port()));
  auto waiting = submit(transport, request());
  received.get_future().wait();
  transport.close();
  EXPECT_EQ(std::get<Failure>(waiting.get()).kind, Failure::Kind::cancelled);
  EXPECT_EQ(failed(transport, request()).kind, Failure::Kind::cancelled);
}

TEST_F(TransportTest, TheEndOfTheRuntimeCancelsAndDoesNotHang) {
  std::promise<void> received;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    received.set_value();
    wait_for_close(socket);
  }});
  Transport transport(io_, options(server.port()));
  auto waiting = submit(transport, request());
  received.get_future().wait();
  io_.stop();
  EXPECT_EQ(std::get<Failure>(waiting.get()).kind, Failure::Kind::cancelled);
  EXPECT_EQ(failed(transport, request()).kind, Failure::Kind::cancelled);
}

TEST_F(TransportTest, MoreCallsThanConnectionsAllGetTheirAnswer) {
  const TestServer::Script one = [](Socket& socket) {
    read_request(socket);
    send_text(socket, answer_text(200, "x", "Connection: close\r\n"));
  };
  TestServer server(std::vector<TestServer::Script>(150, one));
  Transport transport(io_, options(server.port()));
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 150; ++i) {
    answers.push_back(submit(transport, request()));
  }
  for (auto& answer : answers) {
    EXPECT_TRUE(std::holds_alternative<Response>(answer.get()));
  }
}

TEST_F(TransportTest, RefusesWhatWouldBreakTheHttpMessage) {
  Transport transport(io_, options(closed_port()));
  const auto refused = [&](auto change) {
    Request bad = request();
    change(bad);
    const auto call = transport.submit(std::move(bad), [](Answer) { FAIL(); });
    return call ? "" : call.error().where;
  };
  EXPECT_EQ(refused([](Request& r) { r.method = "GET /"; }), "method");
  EXPECT_EQ(refused([](Request& r) { r.path = "thing"; }), "path");
  EXPECT_EQ(refused([](Request& r) { r.path = "/a b"; }), "path");
  EXPECT_EQ(refused([](Request& r) { r.path = "/a\r\nX: y"; }), "path");
  EXPECT_EQ(refused([](Request& r) { r.headers = {{"x", "a\r\nY: b"}}; }), "headers.x");
  EXPECT_EQ(refused([](Request& r) { r.headers = {{"x y", "a"}}; }), "headers.?");
}

}  // namespace
}  // namespace infinium::client
