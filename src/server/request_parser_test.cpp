#include "server/request_parser.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace infinium::server {
namespace {

using Step = RequestParser::Step;

/// Feeds a text in pieces of that size, allowing bodies of `body_max`, to the last step.
Step feed(RequestParser& parser, std::string text, std::size_t piece, std::size_t body_max = 100) {
  std::string waiting;
  Step step = Step::need_more;
  while (step == Step::need_more && !text.empty()) {
    waiting += text.substr(0, piece);
    text.erase(0, piece);
    do {
      const auto progress = parser.feed(waiting);
      waiting.erase(0, progress.used);
      step = progress.step;
      if (step == Step::head) {
        parser.allow_body(body_max);
      }
    } while (step == Step::head);
  }
  return step;
}

int status_of(const std::string& text, std::size_t body_max = 100) {
  RequestParser parser;
  const Step step = feed(parser, text, text.size(), body_max);
  return step == Step::refused ? parser.problem().status : step == Step::done ? 200 : 0;
}

TEST(RequestParser, ReadsWhateverThePieces) {
  const std::string text =
      "\r\nPOST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Key:  v w \r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestParser parser;
    ASSERT_EQ(feed(parser, text, piece), Step::done) << piece;
    EXPECT_EQ(parser.request().method, "POST");
    EXPECT_EQ(parser.request().target, "/a?b=c");
    EXPECT_EQ(parser.request().header("x-key"), "v w");
    EXPECT_EQ(parser.request().body, "hello");
    EXPECT_TRUE(parser.request().keep_alive);
  }
}

TEST(RequestParser, ReadsChunksAndIgnoresTrailers) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nx-agent-key: stolen\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestParser parser;
    ASSERT_EQ(feed(parser, text, piece), Step::done) << piece;
    EXPECT_EQ(parser.request().body, "hello world");
    EXPECT_TRUE(parser.request().header("x-agent-key").empty());
  }
}

TEST(RequestParser, LeavesThePipelinedRequestAlone) {
  RequestParser parser;
  const std::string one = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto progress = parser.feed(one + one);
  EXPECT_EQ(progress.step, Step::head);
  EXPECT_EQ(progress.used, one.size());
}

TEST(RequestParser, RefusesAmbiguousLengths) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), 400);
  EXPECT_EQ(status_of(head + "Content-Length: 5, 6\r\n\r\nhello!"), 400);
  EXPECT_EQ(status_of(head + "Content-Length: -5\r\n\r\nhello"), 400);
  EXPECT_EQ(status_of(head + "Content-Length: 99999999999999999999999\r\n\r\n"), 400);
  EXPECT_EQ(status_of(head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: identity\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesWhatIsNotHttp) {
  EXPECT_EQ(status_of("hello\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nBad Name: v\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            400);
  EXPECT_EQ(status_of("\x16\x03\x01\x02"), 400) << "TLS on a plain port";
}

TEST(RequestParser, KeepsTheLimitsOfTheHeader) {
  const std::string end = " HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string longest = "/" + std::string(limits::kTargetBytesMax - 1, 'a');
  EXPECT_EQ(status_of("GET " + longest + end), 200);
  EXPECT_EQ(status_of("GET " + longest + "a" + end), 414);
  for (const std::size_t piece : {1'000u, 8'000u, 16'384u, 20'000u, 100'000u}) {
    RequestParser parser;
    ASSERT_EQ(feed(parser, "GET /" + std::string(100'000, 'a'), piece), Step::refused);
    EXPECT_EQ(parser.problem().status, 414) << "a line that never ends, in pieces of " << piece;
  }
  std::string fields = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (std::size_t i = 1; i < limits::kHeaderFieldsMax; ++i) {
    fields += "A: b\r\n";
  }
  EXPECT_EQ(status_of(fields + "\r\n"), 200);
  EXPECT_EQ(status_of(fields + "A: b\r\n\r\n"), 431);
  const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
  EXPECT_EQ(status_of(start + std::string(limits::kHeaderBytesMax, 'b') + "\r\n\r\n"), 431);
  EXPECT_EQ(status_of(start + std::string(100'000, 'b')), 431) << "the field never ends";
}

TEST(RequestParser, KeepsTheLimitOfTheBody) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(head + "Content-Length: 5\r\n\r\nhello", 5), 200);
  EXPECT_EQ(status_of(head + "Content-Length: 6\r\n\r\nhello!", 5), 413);
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(chunked + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 5), 200);
  EXPECT_EQ(status_of(chunked + "3\r\nabc\r\n3\r\ndef", 5), 413) << "before the end is there";
  EXPECT_EQ(status_of(chunked + "1;" + std::string(100'000, 'x')), 400);
}

}  // namespace
}  // namespace infinium::server
