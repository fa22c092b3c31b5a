#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "client/base_url.h"
#include "infinium/result.h"
#include "judge/breaker.h"
#include "judge/judge.h"
#include "judge/ledger.h"

namespace infinium::client {
class IoRuntime;
}

namespace infinium::judge {

struct ChatOptions {
  client::BaseUrl url;  ///< `/chat/completions` follows its path
  std::string key;      ///< sent as a bearer token; empty: none is sent. Never logged
  std::string model;
  std::string user_agent = "infinium";
  bool decides = false;
  int threads = 1;  ///< questions under way at a time
  std::chrono::milliseconds timeout{120'000};
  std::size_t prompt_bytes_max = std::size_t{96} << 10u;
  std::int64_t completion_tokens_max = 4'000;
  int attempts_max = 3;
  std::chrono::milliseconds retry_wait_first{1'000};
  Prices prices;
  DayBudget budget;
  BreakerOptions breaker;
  std::size_t cache_entries_max = 512;
  std::size_t queue_max = 256;
  std::size_t queue_bytes_max = std::size_t{64} << 20u;
};

/// Reads the URL of an endpoint as its makers give it: a URL without a path gets `/v1`, and a
/// written-out `/chat/completions` at its end is dropped. Error: `invalid_argument`.
[[nodiscard]] Result<client::BaseUrl> parse_endpoint(std::string_view text);

/// Whether a key may be sent there: by TLS, or to this machine. Error: `invalid_argument`.
[[nodiscard]] Status check_key(const client::BaseUrl& url, std::string_view key);

/// A judge behind an endpoint of the OpenAI chat-completions protocol. Owned by main(); the
/// references must outlive it. The constructor starts `threads` threads named `judge-N`; they wait
/// on a bounded queue, so that judge() never blocks. stop() (or the destructor) cancels what is
/// under way and records the rest as skipped; judge() after it records at once.
class ChatJudge final : public Judge {
 public:
  /// Everything that lives outside it. `ledger_store` may be null: then a restart forgets what the
  /// day has cost.
  struct Surroundings {
    client::IoRuntime& io;
    OpinionSink& sink;
    LedgerStore* ledger_store;
    const Clock& clock;
    Random& random;
    Log& log;
  };

  ChatJudge(ChatOptions options, const Surroundings& surroundings);
  ~ChatJudge() override;
  ChatJudge(const ChatJudge&) = delete;
  ChatJudge& operator=(const ChatJudge&) = delete;

  void judge(Case one) override;
  void stop();
  /// What the day has cost so far. Any thread.
  [[nodiscard]] Spending spending() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::judge
