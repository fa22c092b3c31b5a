#include "judge/chat_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>

#include "client/io_thread.h"
#include "client/test_server.h"
#include "judge/test_trace.h"

namespace infinium::judge {
namespace {

using client::answer_text;
using client::read_request;
using client::send_text;
using client::TestServer;
using client::wait_for_close;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using Socket = TestServer::Socket;

constexpr const char* kKey = "sk-very-secret";

/// Keeps records by their trace's seq; a test waits for them.
class KeptOpinions final : public OpinionSink {
 public:
  void save(const TraceRef& trace, const OpinionRecord& record) override {
    const std::scoped_lock lock(mutex_);
    EXPECT_TRUE(records_.emplace(trace.seq, record).second) << "a second record of one trace";
    changed_.notify_all();
  }
  OpinionRecord wait_for(std::int64_t seq) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, seconds(20), [&] { return records_.contains(seq); }));
    return records_[seq];
  }
  std::size_t size() {
    const std::scoped_lock lock(mutex_);
    return records_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, OpinionRecord> records_;
};

class KeptLedger final : public LedgerStore {
 public:
  Result<std::string> load() override { return state; }
  Status save(const std::string& now) override {
    state = now;
    ++saves;
    return {};
  }
  std::string state;
  int saves = 0;
};

class ChatJudgeTest : public testing::Test {
 protected:
  static ChatOptions options(std::uint16_t port) {
    ChatOptions options;
    options.url = *parse_endpoint("http://127.0.0.1:" + std::to_string(port));
    options.key = kKey;
    options.model = "test-model";
    options.timeout = seconds(20);
    options.retry_wait_first = milliseconds(1);
    return options;
  }
  ChatJudge::Surroundings around() { return {io_, sink_, &ledger_, clock_, random_, log_}; }
  static Case one(std::int64_t seq = 1, std::string body = small_body()) {
    return {{seq, {}}, std::move(body), small_result()};
  }
  /// What becomes of one trace at a server that does so.
  OpinionRecord judged(std::vector<TestServer::Script> scripts, ChatOptions changed = {}) {
    TestServer server(std::move(scripts));
    ChatOptions now = options(server.port());
    now.timeout = changed.timeout == ChatOptions().timeout ? now.timeout : changed.timeout;
    now.attempts_max = changed.attempts_max;
    ChatJudge judge(now, around());
    judge.judge(one());
    return sink_.wait_for(1);
  }
  static TestServer::Script answers(const std::string& answer) {
    return [answer](Socket& socket) {
      read_request(socket);
      send_text(socket, answer);
      wait_for_close(socket);
    };
  }
  static std::string good() { return answer_text(200, completion_of(good_content())); }

  client::IoRuntime io_;
  KeptOpinions sink_;
  KeptLedger ledger_;
  SystemClock clock_;
  SystemRandom random_;
  Log log_{clock_, LogLevel::error, -1};
};

TEST_F(ChatJudgeTest, AsksAndGivesTheOpinion) {
  std::string seen;
  const OpinionRecord record = judged({[&](Socket& socket) {
    seen = read_request(socket);
    send_text(socket, good());
  }});
  EXPECT_EQ(record.status, OpinionStatus::given);
  ASSERT_TRUE(record.opinion);
  EXPECT_EQ(record.opinion->verdict, Verdict::failed);
  EXPECT_EQ(record.model, "test-model");
  EXPECT_TRUE(parse_iso8601(record.judged_at));
  EXPECT_THAT(seen, HasSubstr("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Bearer sk-very-secret\r\n"));
  EXPECT_EQ(seen.substr(seen.find("\r\n\r\n") + 4), small_request().body);
}

TEST_F(ChatJudgeTest, WithoutAKeyNoneIsSent) {
  std::string seen;
  TestServer server({[&](Socket& socket) {
    seen = read_request(socket);
    send_text(socket, good());
  }});
  ChatOptions keyless = options(server.port());
  keyless.key.clear();
  ChatJudge judge(keyless, around());
  judge.judge(one());
  EXPECT_EQ(sink_.wait_for(1).status, OpinionStatus::given);
  EXPECT_THAT(seen, Not(HasSubstr("Authorization")));
}

TEST_F(ChatJudgeTest, TriesAgainAfter429AndAfter5xx) {
  const OpinionRecord record = judged({[](Socket& socket) {
    read_request(socket);
    send_text(socket, answer_text(429, "slow down", "Retry-After: 0\r\n"));
    read_request(socket);
    send_text(socket, answer_text(503, "<html>overloaded</html>"));
    read_request(socket);
    send_text(socket, good());
  }});
  EXPECT_EQ(record.status, OpinionStatus::given);
  EXPECT_EQ(record.attempts, 3);
}

TEST_F(ChatJudgeTest, TriesAgainAfterAConnectionThatBreaksMidway) {
  const OpinionRecord record = judged({[](Socket& socket) {
                                         read_request(socket);
                                         send_text(socket, good().substr(0, 300));
                                       },
                                       [](Socket& socket) { read_request(socket); },
                                       answers(good())});
  EXPECT_EQ(record.status, OpinionStatus::given);
  EXPECT_EQ(record.attempts, 3);
  // Both may have been worked on, and are charged in full.
  EXPECT_GT(record.completion_tokens, 8'000);
}

TEST_F(ChatJudgeTest, ASlowAnswerIsGivenUp) {
  ChatOptions hasty;
  hasty.timeout = milliseconds(50);
  hasty.attempts_max = 1;
  const OpinionRecord record = judged({[](Socket& socket) {
                                        read_request(socket);
                                        send_text(socket, good().substr(0, 100));
                                        wait_for_close(socket);
                                      }},
                                      hasty);
  EXPECT_EQ(record.status, OpinionStatus::failed);
  EXPECT_EQ(record.reason, "The endpoint gave no answer in time.");
  EXPECT_GT(record.prompt_tokens, 0);
}

TEST_F(ChatJudgeTest, HostileAnswersFailInASentenceThatRepeatsNothing) {
  const std::string deep(500'000, '[');
  const std::vector<std::pair<std::string, std::string>> answers_and_reasons{
      {answer_text(200, "hostile <script>"), "The endpoint's answer is no JSON."},
      {answer_text(200, "{\"choices\":\"hostile \xff\"}"), "The endpoint's answer is no JSON."},
      {answer_text(200, deep), "The endpoint's answer is no JSON."},
      {answer_text(200, std::string(50u << 20u, 'x')),
       "The endpoint's answer is larger than 1 MiB."},
      {answer_text(200, R"({"error":{"message":"hostile"}})"),
       "The endpoint's answer is no chat completion."},
      {answer_text(200, completion_of("hostile: answer succeeded")),
       "The model's answer is no JSON."},
      {answer_text(200, completion_of(R"({"verdict":"succeeded","hostile":1})")),
       "The model's answer lacks members of the schema or has others."},
      {answer_text(401, R"({"error":"sk-very-secret is hostile"})"),
       "The endpoint refused the judge's key (status 401)."},
      {answer_text(302, "", "Location: http://127.0.0.1:1/hostile\r\n"),
       "The endpoint answered with status 302."},
      {"SSH-2.0-hostile\r\n\r\n", "The endpoint gave no secure connection or no valid HTTP."}};
  std::int64_t seq = 0;
  for (const auto& [answer, reason] : answers_and_reasons) {
    TestServer server({answers(answer)});
    ChatJudge judge(options(server.port()), around());
    judge.judge(one(++seq));
    const OpinionRecord record = sink_.wait_for(seq);
    judge.stop();
    EXPECT_EQ(record.status, OpinionStatus::failed);
    EXPECT_EQ(record.reason, reason);
    const std::string stored = encode_opinion_record(record);
    EXPECT_THAT(stored, Not(HasSubstr("hostile")));
    EXPECT_THAT(stored, Not(HasSubstr("secret")));
  }
}

TEST_F(ChatJudgeTest, AnEndpointThatIsNotThereFails) {
  std::uint16_t port = 0;
  {
    port = TestServer({}).port();
  }
  ChatOptions gone = options(port);
  ChatJudge judge(gone, around());
  judge.judge(one());
  const OpinionRecord record = sink_.wait_for(1);
  EXPECT_EQ(record.status, OpinionStatus::failed);
  EXPECT_THAT(record.reason, HasSubstr("was not reached"));
  EXPECT_EQ(record.attempts, 3);
  EXPECT_EQ(record.prompt_tokens, 0);
}

TEST_F(ChatJudgeTest, AFullQueueSkipsAtOnce) {
  std::promise<void> asked;
  std::promise<void> go_on;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    asked.set_value();
    go_on.get_future().wait();
    for (int i = 0; i < 2; ++i) {
      send_text(socket, good());
      read_request(socket);
    }
  }});
  ChatOptions narrow = options(server.port());
  narrow.queue_max = 1;
  narrow.cache_entries_max = 0;
  ChatJudge judge(narrow, around());
  judge.judge(one(1));
  asked.get_future().wait();  // the first is under way, the queue is empty
  judge.judge(one(2));
  judge.judge(one(3));
  EXPECT_EQ(sink_.size(), 1u);
  const OpinionRecord record = sink_.wait_for(3);
  EXPECT_EQ(record.status, OpinionStatus::skipped);
  EXPECT_THAT(record.reason, HasSubstr("queue full"));
  go_on.set_value();
  EXPECT_EQ(sink_.wait_for(1).status, OpinionStatus::given);
  EXPECT_EQ(sink_.wait_for(2).status, OpinionStatus::given);
}

TEST_F(ChatJudgeTest, TheQueueIsBoundedInBytesToo) {
  ChatOptions narrow = options(1);
  narrow.threads = 0;
  narrow.queue_bytes_max = small_body().size();
  ChatJudge judge(narrow, around());
  judge.judge(one(1));
  judge.judge(one(2));
  EXPECT_THAT(sink_.wait_for(2).reason, HasSubstr("queue full"));
  judge.judge(one(3, std::string(9u << 20u, 'x')));
  EXPECT_THAT(sink_.wait_for(3).reason, HasSubstr("too large"));
  judge.judge(one(4, ""));
  EXPECT_THAT(sink_.wait_for(4).reason, HasSubstr("could not be kept"));
}

TEST_F(ChatJudgeTest, StoppingRecordsWhatIsUnderWayAndWhatWaits) {
  std::promise<void> asked;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    asked.set_value();
    wait_for_close(socket);
  }});
  ChatJudge judge(options(server.port()), around());
  judge.judge(one(1));
  judge.judge(one(2));
  asked.get_future().wait();
  judge.stop();
  for (const std::int64_t seq : {1, 2}) {
    EXPECT_EQ(sink_.wait_for(seq).status, OpinionStatus::skipped);
    EXPECT_THAT(sink_.wait_for(seq).reason, HasSubstr("was stopped"));
  }
  judge.judge(one(3));
  EXPECT_THAT(sink_.wait_for(3).reason, HasSubstr("was stopped"));
}

TEST_F(ChatJudgeTest, StoppingEndsAWaitBetweenTwoAttempts) {
  std::promise<void> answered;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    send_text(socket, answer_text(503, "", "Retry-After: 50\r\n"));
    answered.set_value();
    wait_for_close(socket);
  }});
  ChatJudge judge(options(server.port()), around());
  judge.judge(one());
  answered.get_future().wait();
  judge.stop();
  EXPECT_EQ(sink_.wait_for(1).status, OpinionStatus::skipped);
}

TEST_F(ChatJudgeTest, TheLedgerIsKeptBeforeMoneyIsSpentAndReadBack) {
  std::string before_the_answer;
  TestServer server({[&](Socket& socket) {
    read_request(socket);
    before_the_answer = ledger_.state;
    send_text(socket, good());
    wait_for_close(socket);
  }});
  ChatOptions priced = options(server.port());
  priced.prices = {.prompt_usd = 2.5, .completion_usd = 10};
  {
    ChatJudge judge(priced, around());
    judge.judge(one());
    EXPECT_EQ(sink_.wait_for(1).cost_usd, 0.0045);
    EXPECT_EQ(judge.spending().nano_usd, 4'500'000);
  }
  EXPECT_THAT(before_the_answer, HasSubstr("\"completion_tokens\":4000"));
  EXPECT_THAT(ledger_.state, HasSubstr("\"nano_usd\":4500000"));
  EXPECT_EQ(ledger_.saves, 2);
  priced.budget.usd = 0.005;
  ChatJudge restarted(priced, around());
  restarted.judge(one(2));
  EXPECT_THAT(sink_.wait_for(2).reason, HasSubstr("judge budget of the day is spent"));
}

TEST_F(ChatJudgeTest, ABodyThatIsNoTraceFails) {
  ChatJudge judge(options(1), around());
  judge.judge(one(1, "never JSON"));
  const OpinionRecord record = sink_.wait_for(1);
  EXPECT_EQ(record.status, OpinionStatus::failed);
  EXPECT_EQ(record.reason, "No question could be made of the stored trace.");
}

TEST(ParseEndpoint, TakesAUrlAsItsMakersGiveIt) {
  EXPECT_EQ(parse_endpoint("https://api.example.com/v1")->to_string(),
            "https://api.example.com/v1");
  EXPECT_EQ(parse_endpoint("http://127.0.0.1:11434")->path, "/v1");
  EXPECT_EQ(parse_endpoint("http://127.0.0.1:11434/")->path, "/v1");
  EXPECT_EQ(parse_endpoint("https://x.example/openai/v1/")->path, "/openai/v1");
  EXPECT_EQ(parse_endpoint("https://x.example/v1/chat/completions")->path, "/v1");
  EXPECT_FALSE(parse_endpoint("x.example"));
  EXPECT_FALSE(parse_endpoint("https://key@x.example/v1"));
}

TEST(CheckKey, ALocalEndpointOrTlsOnly) {
  const auto check = [](const char* url, const char* key) {
    return check_key(*parse_endpoint(url), key).has_value();
  };
  EXPECT_TRUE(check("https://x.example", "k"));
  EXPECT_TRUE(check("http://127.0.0.1:1", "k"));
  EXPECT_TRUE(check("http://[::1]:1", "k"));
  EXPECT_TRUE(check("http://localhost:1", "k"));
  EXPECT_TRUE(check("http://x.example", ""));
  EXPECT_FALSE(check("http://x.example", "k"));
  EXPECT_FALSE(check("http://127.0.0.1.x.example", "k"));
  EXPECT_FALSE(check("https://x.example", "k\r\nX-Evil: 1"));
}

TEST(EncodeOpinionRecord, GivesAllOfIt) {
  OpinionRecord record;
  record.status = OpinionStatus::given;
  record.model = "m";
  record.judged_at = "2026-01-31T12:00:00.000Z";
  record.attempts = 1;
  record.cost_usd = 0.0045;
  record.opinion = *parse_answer(completion_of(good_content()), small_request().question);
  const std::string json = encode_opinion_record(record);
  EXPECT_TRUE(codec::parse_json(json));
  EXPECT_THAT(json, HasSubstr(R"("status":"given","reason":null,"model":"m")"));
  EXPECT_THAT(json,
              HasSubstr(R"("costUsd":0.0045,"opinion":{"verdict":"failed","confidence":0.9)"));
  EXPECT_THAT(json, HasSubstr(R"("rootStep":{"step":5,"stepIndex":1})"));
  EXPECT_THAT(json, HasSubstr(R"({"kind":"quote","step":5,"stepIndex":1,"field":)"));
  record = {};
  EXPECT_THAT(encode_opinion_record(record), HasSubstr(R"("status":"skipped")"));
  EXPECT_THAT(encode_opinion_record(record), HasSubstr(R"("opinion":null)"));
}

}  // namespace
}  // namespace infinium::judge
