#include "server/server.h"

#include <thread>

#include "server/test_bed.h"

namespace infinium::server::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ServerTest : public TestBed {
 protected:
  Uuid store_one() {
    const Reply reply = post_as_agent("/trace", kTrace);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return Uuid::parse(text_member(reply.body, "traceId")).value_or(Uuid{});
  }
};

TEST_F(ServerTest, TraceIsStoredAndReadBackByteForByte) {
  start();
  const Reply sent = post_as_agent("/trace", kTrace);
  EXPECT_EQ(sent.status, 201);
  EXPECT_EQ(sent.headers.at("content-type"), "application/json");
  EXPECT_FALSE(sent.headers.at("x-request-id").empty());
  const std::string id = text_member(sent.body, "traceId");
  EXPECT_EQ(text_member(sent.body, "url"), "http://localhost/#/traces/" + id);

  const Reply read = get_as_agent("/traces/" + id);
  EXPECT_EQ(read.status, 200);
  EXPECT_NE(read.body.find("\"trace\":" + std::string(kTrace) + "}"), std::string::npos);
  EXPECT_NE(read.body.find("\"interpretationCount\":0"), std::string::npos);
}

TEST_F(ServerTest, ResultIsPendingThenThere) {
  start();
  const Uuid id = store_one();
  const std::string path = "/interpreted-result/" + id.to_string();
  const Reply pending = get_as_agent(path);
  EXPECT_EQ(pending.status, 202);
  EXPECT_EQ(pending.headers.at("retry-after"), "1");
  EXPECT_EQ(pending.body.find("interpretedTraceResult"), std::string::npos);

  Wire waiting(port_);
  waiting.send(get(agent_path(path + "?wait=30"), proof()));
  complete(id, R"({"verdict":"succeeded"})");
  const Reply reply = waiting.receive();
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find(R"("interpretedTraceResult":{"verdict":"succeeded"}})"),
            std::string::npos);
  EXPECT_EQ(get_as_agent("/interpreted-result/" + agent_.id.to_string()).status, 404);
}

TEST_F(ServerTest, ListPagesNewestFirst) {
  start();
  const Uuid first = store_one();
  const Uuid second = store_one();
  const Reply page = get_as_agent("/traces?limit=1");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(text_member(page.body, "traceId"), second.to_string());
  const std::string cursor = text_member(page.body, "nextCursor");
  const Reply next = get_as_agent("/traces?limit=1&cursor=" + cursor);
  EXPECT_EQ(text_member(next.body, "traceId"), first.to_string());
  EXPECT_NE(next.body.find("\"nextCursor\":null"), std::string::npos);
  EXPECT_EQ(text_member(get_as_agent("/traces?limit=201").body, "field"), "limit");
  EXPECT_EQ(get_as_agent("/traces?verdict=good").status, 422);
  EXPECT_EQ(get_as_agent("/traces?since=yesterday").status, 422);
  EXPECT_NE(get_as_agent("/traces?q=nothing-like-it").body.find("\"traces\":[]"),
            std::string::npos);
}

TEST_F(ServerTest, IdempotencyKeyDecides) {
  start();
  const std::string key = "Idempotency-Key: 01926e9c-0000-7000-8000-0000000000aa\r\n";
  const Reply first = post_as_agent("/trace", kTrace, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(text_member(first.body, "traceId"), "01926e9c-0000-7000-8000-0000000000aa");
  const Reply again = post_as_agent("/trace", kTrace, key);
  EXPECT_EQ(again.status, 200);
  const Reply other = post_as_agent("/trace", std::string(kTrace) + " ", key);
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(text_member(other.body, "code"), "idempotency_conflict");
  const Reply wrong = post_as_agent("/trace", kTrace, "Idempotency-Key: mine\r\n");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(text_member(wrong.body, "field"), "Idempotency-Key");
}

TEST_F(ServerTest, BatchAnswersEachItemInOrder) {
  start();
  const std::string trace(kTrace);
  const std::string keyed =
      R"({"idempotency_key":"01926e9c-0000-7000-8000-0000000000bb","trace":)" + trace + "}";
  const Reply reply =
      post_as_agent("/traces", "[" + trace + R"(, {"name":7}, nonsense, )" + keyed + "]");
  EXPECT_EQ(reply.status, 207);
  const std::string start_text = R"({"success":false,"results":[{"status":201,"traceId":")";
  EXPECT_EQ(reply.body.substr(0, start_text.size()), start_text);
  const std::size_t bad = reply.body.find(R"(},{"status":422,)");
  const std::size_t worse = reply.body.find(R"(},{"status":400,)");
  const std::size_t good =
      reply.body.find(R"(},{"status":201,"traceId":"01926e9c-0000-7000-8000-0000000000bb"})");
  EXPECT_LT(bad, worse);
  EXPECT_LT(worse, good);
  EXPECT_NE(good, std::string::npos) << reply.body;
  const Reply read = get_as_agent("/traces/01926e9c-0000-7000-8000-0000000000bb");
  EXPECT_NE(read.body.find("\"trace\":" + trace + "}"), std::string::npos);

  const Reply lines = post_as_agent("/traces", trace + "\n\r\n" + trace + "\n");
  EXPECT_EQ(lines.body.substr(0, 16), R"({"success":true,)") << lines.body;
}

TEST_F(ServerTest, OneAnswerForEveryBadCredential) {
  start();
  const auto ask = [this](const std::string& id, std::string_view key) {
    return exchange(get(agent_path("/traces"),
                        "x-agent-id: " + id + "\r\nx-agent-key: " + std::string(key) + "\r\n"));
  };
  const Reply wrong = ask(agent_.id.to_string(), "wrong");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(ask("01926e9c-0000-7000-8000-0000000000cc", kSecret).body, wrong.body);
  EXPECT_EQ(ask("nobody", kSecret).body, wrong.body);
  EXPECT_EQ(exchange(get(agent_path("/traces"))).body, wrong.body);
  EXPECT_EQ(get_as_agent("/traces").status, 200);

  ASSERT_TRUE(store_->set_agent_disabled(agent_.id, true));
  server_->invalidate_credentials();
  EXPECT_EQ(get_as_agent("/traces").body, wrong.body);
  ASSERT_TRUE(store_->set_agent_disabled(agent_.id, false));
  server_->invalidate_credentials();
  EXPECT_EQ(get_as_agent("/traces").status, 200);
}

TEST_F(ServerTest, ManyFailuresOfOneAddressWait) {
  start();
  int refused = 0;
  int throttled = 0;
  for (int i = 0; i < 30; ++i) {
    const int status = exchange(get(agent_path("/traces"))).status;
    refused += status == 401 ? 1 : 0;
    throttled += status == 429 ? 1 : 0;
  }
  EXPECT_GE(refused, 20);
  EXPECT_GE(throttled, 1);
  EXPECT_EQ(refused + throttled, 30);
  clock_.step(seconds(2));
  EXPECT_EQ(get_as_agent("/traces").status, 200);
}

TEST_F(ServerTest, RateLimitCountsTraces) {
  start({.rate_limit = 2});
  const std::string trace(kTrace);
  const Reply batch = post_as_agent(
      "/traces", "[" + trace + "," + trace + "," + trace + "," + trace + "," + trace + "]");
  EXPECT_EQ(batch.status, 207);
  EXPECT_NE(batch.body.find(R"({"status":429,)"), std::string::npos);
  EXPECT_NE(batch.body.find(R"("Retry-After":1)"), std::string::npos);
  const Reply single = post_as_agent("/trace", kTrace);
  EXPECT_EQ(single.status, 429);
  EXPECT_EQ(single.headers.at("retry-after"), "1");
  EXPECT_EQ(get_as_agent("/traces").status, 200) << "reading has its own bucket";
  clock_.step(seconds(2));
  EXPECT_EQ(post_as_agent("/trace", kTrace).status, 201);
}

TEST_F(ServerTest, PromptIsGivenToItsKey) {
  start();
  const auto prompt = store_->create_prompt("Greeting", "Hello {{name}}", sha256("prompt key"));
  ASSERT_TRUE(prompt);
  const std::string path = "/api/v1/prompts/" + prompt->id.to_string() + "/v/";
  const auto ask = [&](const std::string& version, const std::string& key) {
    return exchange(
        get(path + version,
            "x-prompt-id: " + prompt->id.to_string() + "\r\nx-prompt-key: " + key + "\r\n"));
  };
  const Reply latest = ask("latest", "prompt key");
  EXPECT_EQ(latest.status, 200);
  EXPECT_EQ(text_member(latest.body, "content"), "Hello {{name}}");
  EXPECT_EQ(ask("1", "prompt key").body, latest.body);
  EXPECT_EQ(ask("2", "prompt key").status, 404);
  EXPECT_EQ(ask("0", "prompt key").status, 422);
  EXPECT_EQ(ask("1", "another").status, 403);
}

TEST_F(ServerTest, PageIsForThisMachineOnly) {
  start();
  const Reply page = exchange(get("/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.at("content-security-policy").find("unsafe"), std::string::npos);
  EXPECT_EQ(exchange(get("/assets/app.js")).status, 200);
  EXPECT_EQ(exchange(get("/assets/nothing.js")).status, 404);
  EXPECT_EQ(exchange(get("/", "X-Forwarded-For: 10.0.0.1\r\n")).status, 421);
  EXPECT_EQ(exchange("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 421);
  const Uuid id = store_one();
  const Reply list = exchange(get("/api/v1/traces"));
  EXPECT_EQ(text_member(list.body, "agentName"), "tester");
  EXPECT_EQ(exchange(get("/api/v1/traces/" + id.to_string())).status, 200);
  EXPECT_EQ(exchange(get("/api/v1/traces/" + id.to_string() + "/interpretation")).status, 202);
  EXPECT_EQ(exchange(get("/api/v1/traces", "Via: 1.1 proxy\r\n")).status, 421);
}

TEST_F(ServerTest, HealthAndMetrics) {
  start();
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
  store_one();
  const Reply metrics = exchange(get("/metrics"));
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("infinium_traces_stored_total 1\n"), std::string::npos);
  EXPECT_EQ(metrics.body.find(agent_.id.to_string()), std::string::npos);
  EXPECT_EQ(metrics.body.find("tester"), std::string::npos);
}

TEST_F(ServerTest, StopEndsIdleAndWaitingConnections) {
  start();
  const Uuid id = store_one();
  Wire idle(port_);
  idle.send(get("/healthz"));
  EXPECT_EQ(idle.receive().status, 200);
  Wire waiting(port_);
  waiting.send(get(agent_path("/interpreted-result/" + id.to_string() + "?wait=60"), proof()));
  // The wait has begun once another request on the same worker was answered after it was read.
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
  server_->stop(seconds(20));
  EXPECT_TRUE(idle.at_end());
  const Reply reply = waiting.receive();
  EXPECT_EQ(reply.status, 202);
  EXPECT_TRUE(waiting.at_end());
}

TEST_F(ServerTest, StopCutsWhatDoesNotEnd) {
  start();
  Wire stalled(port_);
  stalled.send("GET /healthz HTTP/1.1\r\n");
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
  server_->stop(milliseconds(50));
  EXPECT_TRUE(stalled.at_end());
}

TEST_F(ServerTest, SecondListenerOnThePortIsRefused) {
  start();
  Options options;
  options.port = port_;
  Server second(*store_, hub_, *pipeline_, clock_, random_, log_, options);
  const auto port = second.start();
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().code, Code::unavailable);
  EXPECT_NE(port.error().message.find(std::to_string(port_)), std::string::npos);
}

TEST_F(ServerTest, ListeningBeyondLoopbackNeedsConsent) {
  start();
  Options options;
  options.host = "0.0.0.0";
  options.port = 0;
  Server careless(*store_, hub_, *pipeline_, clock_, random_, log_, options);
  EXPECT_EQ(careless.start().error().code, Code::invalid_argument);
  options.insecure = true;
  Server deliberate(*store_, hub_, *pipeline_, clock_, random_, log_, options);
  const auto port = deliberate.start();
  ASSERT_TRUE(port);
  port_ = *port;
  EXPECT_EQ(exchange(get("/healthz")).status, 200);
  EXPECT_EQ(exchange(get("/")).status, 421);
}

}  // namespace
}  // namespace infinium::server::test
