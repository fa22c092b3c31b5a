// Bad input over a socket: each row of the error table arrives as an answer, and the server goes
// on.
#include <zlib.h>

#include "base/limits.h"
#include "server/test_bed.h"

namespace infinium::server::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RefusalTest : public TestBed {
 protected:
  void expect_problem(const Reply& reply, int status, const std::string& code) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_EQ(text_member(reply.body, "code"), code);
    EXPECT_FALSE(text_member(reply.body, "error").empty());
    EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  }
  [[nodiscard]] std::string head(std::string_view rest, std::string_view headers) const {
    return "POST " + agent_path(rest) + " HTTP/1.1\r\nHost: h\r\n" + proof() +
           "Content-Type: application/json\r\n" + std::string(headers) + "\r\n";
  }
};

TEST_F(RefusalTest, Bodies) {
  start();
  expect_problem(post_as_agent("/trace", "no JSON"), 400, "bad_request");
  expect_problem(post_as_agent("/trace", ""), 400, "bad_request");
  expect_problem(post_as_agent("/trace", "{}"), 422, "validation_error");
  const Reply wrong =
      post_as_agent("/trace",
                    R"({"name":7,"description":"d","current_datetime":"2026-01-01",)"
                    R"("duration":1})");
  expect_problem(wrong, 422, "validation_error");
  EXPECT_EQ(text_member(wrong.body, "field"), "name");
  expect_problem(post_as_agent("/traces", "[{}"), 400, "bad_request");
  EXPECT_EQ(store_->stats().traces, 0);
}

TEST_F(RefusalTest, Headers) {
  start();
  const std::string path = agent_path("/trace");
  expect_problem(
      exchange(post(path, kTrace, proof() + "Content-Type: text/html\r\n")), 400, "bad_request");
  expect_problem(
      post_as_agent("/trace", kTrace, "Content-Encoding: br\r\n"), 415, "unsupported_encoding");
  expect_problem(post_as_agent("/trace", kTrace, "Content-Encoding: gzip\r\n"), 400, "bad_request");
  expect_problem(
      post_as_agent("/trace", kTrace, "Expect: the-unexpected\r\n"), 417, "expectation_failed");
  expect_problem(exchange(get("/nothing")), 404, "not_found");
  const Reply wrong_method = exchange(get(path));
  expect_problem(wrong_method, 405, "method_not_allowed");
  EXPECT_EQ(wrong_method.headers.at("allow"), "POST");
  expect_problem(exchange(get("/" + std::string(9'000, 'a'))), 414, "uri_too_long");
  expect_problem(
      exchange(get("/", "A: " + std::string(17'000, 'a') + "\r\n")), 431, "header_too_large");
  expect_problem(exchange("nonsense\r\n\r\n"), 400, "bad_request");
  expect_problem(get_as_agent("/traces/7"), 422, "validation_error");
}

TEST_F(RefusalTest, TooLargeArrivesThoughTheClientStillSends) {
  start();
  const std::size_t size = limits::kPayloadBytesMax + 1;
  Wire declared(port_);
  declared.send(head("/trace", "Content-Length: " + std::to_string(size) + "\r\n"));
  declared.send(std::string(size, 'a'));
  const Reply reply = declared.receive();
  expect_problem(reply, 413, "payload_too_large");
  EXPECT_EQ(reply.headers.at("connection"), "close");
  EXPECT_TRUE(declared.at_end());

  Wire chunked(port_);
  chunked.send(head("/trace", "Transfer-Encoding: chunked\r\n"));
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'a') + "\r\n";
  for (int i = 0; i < 20; ++i) {
    chunked.send(chunk);
  }
  expect_problem(chunked.receive(), 413, "payload_too_large");
}

TEST_F(RefusalTest, CompressedBodiesAreTakenButNoBomb) {
  start();
  const auto gzip = [](std::string text) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  };
  const std::string header = "Content-Encoding: gzip\r\n";
  EXPECT_EQ(post_as_agent("/trace", gzip(std::string(kTrace)), header).status, 201);
  EXPECT_EQ(post_as_agent("/traces", gzip(std::string(kTrace)), header).status, 207);
  expect_problem(post_as_agent("/trace", gzip(std::string(40u << 20u, ' ')), header),
                 413,
                 "payload_too_large");
}

TEST_F(RefusalTest, SlowClientsAreToldAndClosed) {
  start();
  Wire header(port_);
  header.send("GET /healthz HTTP/1.1\r\n");
  Wire body(port_);
  body.send(head("/trace", "Content-Length: 100\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(body.receive(true).status, 100);
  Wire idle(port_);
  idle.send(get("/healthz"));
  EXPECT_EQ(idle.receive().status, 200);
  clock_.step(seconds(16));
  expect_problem(header.receive(), 408, "request_timeout");
  expect_problem(body.receive(), 408, "request_timeout");
  clock_.step(seconds(46));
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
}

TEST_F(RefusalTest, ConnectionsGoOnWhereTheyCan) {
  start();
  Wire wire(port_);
  wire.send(get("/healthz") + get("/nothing") + post(agent_path("/trace"), kTrace, proof()) +
            get("/healthz", "Connection: close\r\n"));
  EXPECT_EQ(wire.receive().status, 200);
  EXPECT_EQ(wire.receive().status, 404);
  EXPECT_EQ(wire.receive().status, 201);
  EXPECT_EQ(wire.receive().headers.at("connection"), "close");
  EXPECT_TRUE(wire.at_end());

  EXPECT_EQ(exchange(get("/healthz", "Content-Length: 2\r\n") + "{}").status, 200);
  Wire head_only(port_);
  head_only.send("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n" + get("/healthz"));
  const Reply head_reply = head_only.receive(true);
  EXPECT_EQ(head_reply.status, 200);
  EXPECT_NE(head_reply.headers.at("content-length"), "0");
  EXPECT_EQ(head_only.receive().status, 200);
  EXPECT_EQ(exchange("GET /healthz HTTP/1.0\r\n\r\n").headers.at("connection"), "close");
}

TEST_F(RefusalTest, NoRoomForAnotherConnection) {
  start({.connections_max = 1});
  Wire first(port_);
  first.send(get("/healthz"));
  EXPECT_EQ(first.receive().status, 200);
  Wire second(port_);
  const Reply reply = second.receive();
  expect_problem(reply, 503, "unavailable");
  EXPECT_EQ(reply.headers.at("retry-after"), "1");
}

}  // namespace
}  // namespace infinium::server::test
