#include "judge/chat_judge.h"

#include <fmt/format.h>
#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <typeinfo>
#include <utility>
#include <vector>

#include "base/try.h"
#include "client/transport.h"
#include "codec/json_text.h"
#include "judge/hearing.h"
#include "judge/request.h"

namespace infinium::judge {
namespace {

constexpr std::string_view kPath = "/chat/completions";
/// Imported traces may be larger; to read them for a prompt of 100 KB is not worth it.
constexpr std::size_t kTraceBytesMax = std::size_t{8} << 20u;
constexpr std::string_view kQueueFull = "It came with the judge's queue full.";
constexpr std::string_view kNotKept =
    "The trace could not be kept for the judge until its result was saved.";
constexpr std::string_view kStopped = "The program was stopped before the judge came to it.";

/// Where the transport leaves the answer for the thread that waits. Shared with the callback.
struct Mailbox {
  std::mutex mutex;
  std::condition_variable filled;
  std::optional<client::Answer> answer;
};

Hearing::Input input_of(client::Answer answer) {
  if (auto* const response = std::get_if<client::Response>(&answer)) {
    Hearing::Answered answered{response->status, {}, std::move(response->body)};
    for (const auto& [name, value] : response->headers) {
      if (name == "retry-after") {
        answered.retry_after = client::parse_retry_after(value);
      }
    }
    return answered;
  }
  const auto& failure = std::get<client::Failure>(answer);
  Hearing::Lost lost;
  lost.reached = failure.reached;
  switch (failure.kind) {
    case client::Failure::Kind::connect:
      lost.kind = Hearing::Lost::Kind::broken;
      break;
    case client::Failure::Kind::timeout:
    case client::Failure::Kind::deadline:
      lost.kind = Hearing::Lost::Kind::timed_out;
      break;
    case client::Failure::Kind::tls:
    case client::Failure::Kind::protocol:
      lost.kind = Hearing::Lost::Kind::refused;
      break;
    case client::Failure::Kind::cancelled:
      lost.kind = Hearing::Lost::Kind::cancelled;
      break;
  }
  return lost;
}

client::TransportOptions transport_options(const ChatOptions& options) {
  client::TransportOptions out;
  out.url = options.url;
  out.user_agent = options.user_agent;
  out.retry.retries_max = 0;  // a hearing tries again itself: each attempt costs
  out.requests_per_second.reset();
  return out;
}

}  // namespace

struct ChatJudge::Impl {
  Impl(ChatOptions options_in, const Surroundings& surroundings);
  ~Impl() { stop(); }

  void judge(Case one);
  void stop();
  void work(int number);
  std::optional<Case> next();
  void hear(const Case& one);
  OpinionRecord ask(const Case& one);
  Hearing::Action step(Hearing& hearing, const Hearing::Input& input);
  Hearing::Input send(const Request& request);
  bool wait(std::chrono::milliseconds time);
  void save_ledger();
  void restore_ledger();
  void record(const TraceRef& trace, OpinionRecord opinion);
  void skip(const TraceRef& trace, std::string_view why);

  const ChatOptions options_;
  const Surroundings around_;
  client::Transport transport_;
  Hearing::Options hearing_options_;

  std::mutex bench_mutex_;
  Bench bench_;
  std::mutex ledger_store_mutex_;

  std::mutex mutex_;  ///< of what follows
  std::condition_variable queued_;
  std::condition_variable stopped_;
  std::deque<Case> queue_;
  std::size_t queued_bytes_ = 0;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

ChatJudge::Impl::Impl(ChatOptions options_in, const Surroundings& surroundings)
    : options_(std::move(options_in)),
      around_(surroundings),
      transport_(around_.io, transport_options(options_)),
      bench_{Ledger(options_.prices, options_.budget),
             AnswerCache(options_.cache_entries_max),
             Breaker(options_.breaker)} {
  hearing_options_.completion_tokens_max = options_.completion_tokens_max;
  hearing_options_.retry.retries_max = options_.attempts_max - 1;
  hearing_options_.retry.wait_first = options_.retry_wait_first;
  restore_ledger();
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this, i] { work(i); });
  }
}

void ChatJudge::Impl::judge(Case one) {
  const TraceRef trace = one.trace;
  std::string_view why;
  if (one.body.empty()) {
    why = kNotKept;
  } else if (one.body.size() > kTraceBytesMax) {
    why = "The trace is too large for the judge.";
  } else {
    const std::scoped_lock lock(mutex_);
    if (stopping_) {
      why = kStopped;
    } else if (queue_.size() >= options_.queue_max ||
               queued_bytes_ + one.body.size() > options_.queue_bytes_max) {
      why = kQueueFull;
    } else {
      queued_bytes_ += one.body.size();
      queue_.push_back(std::move(one));
    }
  }
  if (why.empty()) {
    queued_.notify_one();
  } else {
    skip(trace, why);
  }
}

void ChatJudge::Impl::stop() {
  std::deque<Case> left;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    left.swap(queue_);
  }
  queued_.notify_all();
  stopped_.notify_all();
  transport_.close();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
  for (const Case& one : left) {
    skip(one.trace, kStopped);
  }
}

void ChatJudge::Impl::work(int number) {
  pthread_setname_np(pthread_self(), fmt::format("judge-{}", number).c_str());
  while (const std::optional<Case> one = next()) {
    hear(*one);
  }
}

std::optional<Case> ChatJudge::Impl::next() {
  std::unique_lock lock(mutex_);
  queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  if (stopping_) {
    return std::nullopt;
  }
  Case one = std::move(queue_.front());
  queue_.pop_front();
  queued_bytes_ -= one.body.size();
  return one;
}

/// The thread's border: what throws here is memory that is short, or a bug.
void ChatJudge::Impl::hear(const Case& one) {
  OpinionRecord opinion;
  try {
    opinion = ask(one);
  } catch (const std::exception& bug) {
    around_.log.error("judge_threw",
                      {{"trace_id", one.trace.trace_id.to_string()}, {"what", typeid(bug).name()}});
    opinion.status = OpinionStatus::failed;
    opinion.reason = "The judge stopped with an internal error.";
  }
  record(one.trace, std::move(opinion));
}

OpinionRecord ChatJudge::Impl::ask(const Case& one) {
  auto trace = codec::parse_json(one.body);
  auto request = trace ? build_request(*std::move(trace),
                                       one.interpretation,
                                       {.model = options_.model,
                                        .prompt_bytes_max = options_.prompt_bytes_max,
                                        .completion_tokens_max = options_.completion_tokens_max})
                       : Result<Request>(trace.error());
  if (!request) {
    OpinionRecord record;
    record.status = OpinionStatus::failed;
    record.reason = "No question could be made of the stored trace.";
    return record;
  }
  Hearing hearing(*request, hearing_options_, bench_, around_.random);
  Hearing::Action action = step(hearing, Hearing::Begin{});
  while (true) {
    if (auto* const done = std::get_if<Hearing::Done>(&action)) {
      return std::move(done->record);
    }
    if (const auto* const pause = std::get_if<Hearing::Wait>(&action)) {
      action = wait(pause->time)
                   ? step(hearing, Hearing::Waited{})
                   : step(hearing, Hearing::Lost{Hearing::Lost::Kind::cancelled, false});
    } else {
      action = step(hearing, send(*request));
    }
  }
}

/// What the step has changed in the ledger is on disk before its action is carried out.
Hearing::Action ChatJudge::Impl::step(Hearing& hearing, const Hearing::Input& input) {
  bool spent = false;
  Hearing::Action action;
  {
    const std::scoped_lock lock(bench_mutex_);
    const Spending before = bench_.ledger.spending();
    action = hearing.step(input, {around_.clock.now_ms(), around_.clock.steady_now()});
    spent = bench_.ledger.spending() != before;
  }
  if (spent) {
    save_ledger();
  }
  return action;
}

Hearing::Input ChatJudge::Impl::send(const Request& request) {
  client::Request post;
  post.method = "POST";
  post.path = kPath;
  post.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (!options_.key.empty()) {
    post.headers.emplace_back("Authorization", "Bearer " + options_.key);
  }
  post.body = request.body;
  post.timeout = options_.timeout;
  const auto mailbox = std::make_shared<Mailbox>();
  const auto call = transport_.submit(std::move(post), [mailbox](client::Answer answer) {
    {
      const std::scoped_lock lock(mailbox->mutex);
      mailbox->answer = std::move(answer);
    }
    mailbox->filled.notify_one();
  });
  if (!call) {
    return Hearing::Lost{Hearing::Lost::Kind::refused, false};
  }
  {
    const std::scoped_lock lock(mutex_);  // stop() may have closed the transport while it took this
    if (stopping_) {
      call->cancel();
    }
  }
  std::unique_lock lock(mailbox->mutex);
  // The transport answers within the request's time limit; close() ends it sooner.
  mailbox->filled.wait(lock, [&] { return mailbox->answer.has_value(); });
  return input_of(*std::move(mailbox->answer));
}

/// False where the judge was stopped meanwhile.
bool ChatJudge::Impl::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stopping_; });
}

void ChatJudge::Impl::restore_ledger() {
  if (around_.ledger_store == nullptr) {
    return;
  }
  const auto state = around_.ledger_store->load();
  Status restored = state ? Status() : Status(state.error());
  if (state && !state->empty()) {
    restored = bench_.ledger.restore(*state);
  }
  if (!restored) {
    around_.log.warning("judge_ledger_lost", {{"why", restored.error().message}});
  }
}

/// What is written last is never older than what was written before.
void ChatJudge::Impl::save_ledger() {
  if (around_.ledger_store == nullptr) {
    return;
  }
  const std::scoped_lock lock(ledger_store_mutex_);
  std::string state;
  {
    const std::scoped_lock bench_lock(bench_mutex_);
    state = bench_.ledger.encode();
  }
  if (const Status saved = around_.ledger_store->save(state); !saved) {
    around_.log.warning("judge_ledger_not_saved", {{"why", saved.error().message}});
  }
}

void ChatJudge::Impl::record(const TraceRef& trace, OpinionRecord opinion) {
  opinion.model = options_.model;
  opinion.judged_at = format_iso8601(around_.clock.now_ms());
  opinion.decides = options_.decides;
  around_.sink.save(trace, opinion);
}

void ChatJudge::Impl::skip(const TraceRef& trace, std::string_view why) {
  OpinionRecord record_of_none;
  record_of_none.status = OpinionStatus::skipped;
  record_of_none.reason = why;
  record(trace, std::move(record_of_none));
}

Result<client::BaseUrl> parse_endpoint(std::string_view text) {
  TRY(client::BaseUrl url, client::BaseUrl::parse(text));
  const std::size_t host = text.find("://") + 3;
  const std::size_t slash = text.find('/', host);
  if (slash == std::string_view::npos ||
      text.find_first_not_of('/', slash) == std::string_view::npos) {
    url.path = "/v1";
  }
  if (url.path.ends_with(kPath)) {
    url.path.resize(url.path.size() - kPath.size());
  }
  return url;
}

Status check_key(const client::BaseUrl& url, std::string_view key) {
  for (const char c : key) {
    if (c <= ' ' || c >= 0x7f) {
      return Error{Code::invalid_argument,
                   "the judge's key holds spaces or characters that no key has",
                   "INFINIUM_JUDGE_KEY"};
    }
  }
  const bool local = url.host == "localhost" || url.host == "::1" ||
                     (url.host.starts_with("127.") &&
                      url.host.find_first_not_of("0123456789.") == std::string::npos);
  if (!key.empty() && !url.tls && !local) {
    return Error{Code::invalid_argument,
                 "the judge's key would travel in clear; use https, or an endpoint on this machine",
                 "--judge-url"};
  }
  return {};
}

ChatJudge::ChatJudge(ChatOptions options, const Surroundings& surroundings)
    : impl_(std::make_unique<Impl>(std::move(options), surroundings)) {}

ChatJudge::~ChatJudge() = default;

void ChatJudge::judge(Case one) { impl_->judge(std::move(one)); }

void ChatJudge::stop() { impl_->stop(); }

Spending ChatJudge::spending() const {
  const std::scoped_lock lock(impl_->bench_mutex_);
  return impl_->bench_.ledger.spending();
}

}  // namespace infinium::judge
