#include "server/ingest.h"

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cctype>
#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "codec/trace_json.h"
#include "server/batch_split.h"
#include "server/ingest_answers.h"

namespace infinium::server {
namespace {

/// A body that takes longer to read than a hand-off to another thread costs.
constexpr std::size_t kInlineBytesMax = 64u << 10u;

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

/// Whether the type is JSON (or, for a batch, JSON lines) in UTF-8; no type at all is taken as
/// such.
bool is_json_type(std::string_view header, bool batch) {
  const std::string text = lower_case(header);
  const std::size_t charset = text.find("charset=");
  const bool is_utf8 = charset == std::string::npos ||
                       text.find("utf-8", charset) != std::string::npos ||
                       text.find("utf8", charset) != std::string::npos;
  if (!is_utf8) {
    return false;
  }
  const std::string type = text.substr(0, text.find_first_of("; \t"));
  if (type.empty() || type == "application/json" || type.ends_with("+json")) {
    return true;
  }
  return batch &&
         (type.find("ndjson") != std::string::npos || type.find("jsonl") != std::string::npos);
}

/// Of a body, as it comes and when it is unpacked.
std::size_t bytes_max(Route route) {
  switch (route) {
    case Route::post_traces:
      return limits::kBatchBytesMax;
    case Route::give_verdict:
      return limits::kVerdictBytesMax;
    default:
      return limits::kPayloadBytesMax;
  }
}

Result<Uuid> parse_key(std::string_view text, std::string field) {
  if (const auto key = Uuid::parse(text)) {
    return *key;
  }
  return Error{Code::invalid_argument, "An idempotency key is a UUID.", std::move(field)};
}

/// Reads a payload into `trace`, which owns its bytes from then on.
Status fill(store::NewTrace& trace, std::string body) {
  TRY(codec::ParsedTrace parsed, codec::parse_trace(body));
  trace.body_hash = sha256(body);
  codec::replace_lone_surrogates(body, parsed.lone_surrogates);
  trace.body = std::move(body);
  trace.name = std::move(parsed.trace.name);
  trace.current_datetime_ms = parse_iso8601(parsed.trace.current_datetime).value_or(0);
  trace.duration = parsed.trace.duration;
  return {};
}

}  // namespace

std::optional<Problem> admit_body(Exchange& exchange) {
  const Request& request = exchange.request;
  const bool batch = exchange.route == Route::post_traces;
  exchange.body_bytes_max = bytes_max(exchange.route);
  const auto encoding = parse_encoding(request.header("content-encoding"));
  if (!encoding || request.count("content-encoding") > 1) {
    return Problem{.status = 415,
                   .code = "unsupported_encoding",
                   .message = "The Content-Encoding of a body is gzip, zstd or none."};
  }
  exchange.encoding = *encoding;
  if (!is_json_type(request.header("content-type"), batch)) {
    return Problem{.status = 400,
                   .code = "bad_request",
                   .message = batch ? "The Content-Type must be application/json or "
                                      "application/x-ndjson, in UTF-8."
                                    : "The Content-Type must be application/json, in UTF-8."};
  }
  if (request.content_length.value_or(0) > exchange.body_bytes_max) {
    return problem_of({Code::too_large,
                       "The body has " + std::to_string(*request.content_length) +
                           " bytes; the limit is " + std::to_string(exchange.body_bytes_max) +
                           "."});
  }
  if (exchange.route == Route::post_trace && request.count("idempotency-key") > 0) {
    const auto key = parse_key(request.header("idempotency-key"), "Idempotency-Key");
    if (!key) {
      return problem_of(key.error());
    }
    exchange.idempotency_key = *key;
  }
  return std::nullopt;
}

store::NewTrace Ingest::blank(store::AgentKey agent, std::optional<Uuid> key) const {
  store::NewTrace trace;
  trace.agent = agent;
  trace.trace_id = make_uuid_v7(services_.clock, services_.random);
  trace.idempotency_key = key;
  trace.received_at_ms = services_.clock.now_ms();
  return trace;
}

Result<Ingest::Prepared> Ingest::read_trace(const Exchange& exchange, std::string body) const {
  TRY(std::string text, decode_body(exchange.encoding, std::move(body), limits::kPayloadBytesMax));
  auto trace =
      std::make_unique<store::NewTrace>(blank(exchange.agent->key, exchange.idempotency_key));
  TRY_VOID(fill(*trace, std::move(text)));
  return trace;
}

Task<Response> Ingest::post_trace(Exchange exchange) {
  std::string body = std::move(exchange.request.body);
  const bool is_small = body.size() <= kInlineBytesMax && exchange.encoding == Encoding::identity;
  Result<Prepared> prepared = Prepared();
  if (is_small) {
    prepared = read_trace(exchange, std::move(body));
  } else {
    const Exchange* const seen = &exchange;  // this frame waits until the work is done
    auto work = [this, seen, body = std::move(body)]() mutable {
      return read_trace(*seen, std::move(body));
    };
    prepared = co_await services_.pool.run(std::move(work));
  }
  if (!prepared) {
    ++services_.metrics.traces_refused;
    co_return to_response(problem_of(prepared.error()));
  }
  std::vector<store::NewTrace> traces;
  traces.push_back(std::move(**prepared));
  const auto appended = co_await append(std::move(traces));
  if (!appended) {
    co_return to_response(problem_of(appended.error()));
  }
  const bool tls = !services_.options.tls_cert.empty();
  count(appended->front());
  co_return trace_answer(appended->front(), exchange.request.header("host"), tls);
}

Result<store::NewTrace> Ingest::read_item(store::AgentKey agent, std::string_view item) const {
  TRY(const std::optional<Envelope> envelope, open_envelope(item));
  const std::string_view payload = envelope ? envelope->trace : item;
  std::optional<Uuid> key;
  if (envelope && !envelope->idempotency_key.empty() && envelope->idempotency_key != "null") {
    const std::string_view quoted = envelope->idempotency_key;
    const bool is_string = quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"';
    TRY(key,
        parse_key(is_string ? quoted.substr(1, quoted.size() - 2) : std::string_view(),
                  "idempotency_key"));
  }
  if (payload.size() > limits::kPayloadBytesMax) {
    return Error{Code::too_large,
                 "The trace has " + std::to_string(payload.size()) + " bytes; the limit is " +
                     std::to_string(limits::kPayloadBytesMax) + "."};
  }
  store::NewTrace trace = blank(agent, key);
  TRY_VOID(fill(trace, std::string(payload)));
  return trace;
}

Result<std::vector<Ingest::Item>> Ingest::read_batch(const Exchange& exchange,
                                                     std::string body) const {
  TRY(const std::string text,
      decode_body(exchange.encoding, std::move(body), limits::kBatchBytesMax));
  const BatchForm form = batch_form(lower_case(exchange.request.header("content-type")), text);
  TRY(const std::vector<std::string_view> slices, split_batch(text, form, limits::kBatchItemsMax));
  std::vector<Item> items;
  items.reserve(slices.size());
  for (const std::string_view slice : slices) {
    auto trace = read_item(exchange.agent->key, slice);
    if (trace) {
      items.emplace_back(std::move(*trace));
    } else {
      items.emplace_back(problem_of(trace.error()));
    }
  }
  return items;
}

void Ingest::apply_rate_limit(const Uuid& agent, std::vector<Item>& items) const {
  const auto is_trace = [](const Item& item) {
    return std::holds_alternative<store::NewTrace>(item);
  };
  const auto wanted = static_cast<std::size_t>(std::count_if(items.begin(), items.end(), is_trace));
  auto grant = services_.trace_limiter.take(agent, wanted, services_.clock.steady_now());
  for (Item& item : items) {
    if (!is_trace(item)) {
      continue;
    }
    if (grant.granted > 0) {
      --grant.granted;
      continue;
    }
    Problem problem = problem_of({Code::exhausted, "This agent's rate limit is reached."});
    problem.retry_after_s = grant.retry_after_s;
    item = std::move(problem);
  }
}

Task<Response> Ingest::post_traces(Exchange exchange) {
  const Exchange* const seen = &exchange;  // this frame waits until the work is done
  auto work = [this, seen, body = std::move(exchange.request.body)]() mutable {
    return read_batch(*seen, std::move(body));
  };
  auto items = co_await services_.pool.run(std::move(work));
  if (!items) {
    co_return to_response(problem_of(items.error()));
  }
  apply_rate_limit(exchange.agent->id, *items);
  std::vector<store::NewTrace> traces;
  for (Item& item : *items) {
    if (auto* trace = std::get_if<store::NewTrace>(&item)) {
      traces.push_back(std::move(*trace));
    }
  }
  std::vector<store::Appended> stored;
  if (!traces.empty()) {
    auto appended = co_await append(std::move(traces));
    if (!appended) {
      co_return to_response(problem_of(appended.error()));
    }
    stored = std::move(*appended);
  }
  co_return batch_response(*items, stored);
}

Response Ingest::batch_response(const std::vector<Item>& items,
                                const std::vector<store::Appended>& stored) {
  Response response;
  response.status = 207;
  std::string results;
  bool success = true;
  auto next = stored.begin();
  for (const Item& item : items) {
    results += results.empty() ? "" : ",";
    if (const auto* problem = std::get_if<Problem>(&item)) {
      append_item(results, *problem);
      ++services_.metrics.traces_refused;
      success = false;
      continue;
    }
    count(*next);
    success = append_item(results, *next) && success;
    ++next;
  }
  response.body = success ? "{\"success\":true,\"results\":[" : "{\"success\":false,\"results\":[";
  response.body += results + "]}";
  return response;
}

Task<Result<std::vector<store::Appended>>> Ingest::append(std::vector<store::NewTrace> traces) {
  using Outcome = Result<std::vector<store::Appended>>;
  return asio::async_initiate<const UseTask, void(Outcome)>(
      [this](auto handler, std::vector<store::NewTrace> batch) {
        struct Waiting {
          decltype(handler) resume;
          decltype(asio::make_work_guard(asio::get_associated_executor(handler))) home;
        };
        auto home = asio::make_work_guard(asio::get_associated_executor(handler));
        const auto waiting =
            std::make_shared<Waiting>(Waiting{std::move(handler), std::move(home)});
        const auto done = [waiting](Outcome outcome) {
          const Executor executor = waiting->home.get_executor();
          asio::post(executor, [waiting, outcome = std::move(outcome)]() mutable {
            waiting->home.reset();
            std::move(waiting->resume)(std::move(outcome));
          });
        };
        if (auto queued = services_.store.append(std::move(batch), done); !queued) {
          done(std::move(queued).error());
        }
      },
      kUseTask,
      std::move(traces));
}

void Ingest::count(const store::Appended& appended) {
  switch (appended.kind) {
    case store::Appended::Kind::stored:
      ++services_.metrics.traces_stored;
      break;
    case store::Appended::Kind::repeated:
      ++services_.metrics.traces_repeated;
      break;
    case store::Appended::Kind::conflict:
      ++services_.metrics.traces_in_conflict;
      break;
  }
}

}  // namespace infinium::server
