#include "server/reading.h"

#include <charconv>
#include <utility>

#include "base/clock.h"
#include "base/try.h"
#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "server/opinion_json.h"
#include "server/queries.h"

namespace infinium::server {
namespace {

Response problem_response(const Error& error) { return to_response(problem_of(error)); }

std::optional<store::AgentKey> key_of(const Exchange& exchange) {
  return exchange.agent ? std::optional(exchange.agent->key) : std::nullopt;
}

Response completed_response(const Uuid& trace_id, const store::StoredResult& result) {
  Response response;
  response.body =
      "{\"success\":true,\"traceId\":\"" + trace_id.to_string() + "\",\"status\":\"completed\",";
  response.body += result.stale ? "\"stale\":true," : "\"stale\":false,";
  append_verdicts(response.body, result.verdict, result.score, result.opinions, Detail::full);
  response.body += ",\"interpretedTraceResult\":" + result.json + '}';
  return response;
}

Response pending_response(const Uuid& trace_id) {
  Response response;
  response.status = 202;
  response.headers.emplace_back("Retry-After", "1");
  response.body = "{\"success\":false,\"status\":\"pending\",\"traceId\":\"" +
                  trace_id.to_string() +
                  "\",\"message\":\"Maestro is still at work on this trace; ask again.\"}";
  return response;
}

/// `latest` is nothing. Errors: `invalid_argument` (a number below 1), `not_found` (a label: none
/// is known yet).
Result<std::optional<std::int64_t>> parse_version(std::string_view text) {
  if (text == "latest") {
    return std::optional<std::int64_t>();
  }
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (end != text.data() + text.size() || text.empty()) {
    return Error{Code::not_found, "This prompt has no version of that name."};
  }
  if (error == std::errc::result_out_of_range && text.front() != '-') {
    return Error{Code::not_found, "This prompt has no such version."};
  }
  if (version < 1) {
    return Error{
        Code::invalid_argument, "A prompt's version is a positive integer or `latest`.", "version"};
  }
  return std::optional(version);
}

std::string encode_prompt(const store::PromptVersion& prompt) {
  std::string out = "{\"promptId\":\"" + prompt.prompt_id.to_string() + "\",\"name\":";
  codec::append_json_string(out, prompt.name);
  out += ",\"version\":" + std::to_string(prompt.version) + ",\"content\":";
  codec::append_json_string(out, prompt.content);
  return out + ",\"createdAt\":\"" + format_iso8601(prompt.created_at_ms) + "\"}";
}

std::string encode_result_info(const store::ResultInfo& result) {
  std::string out = "{\"number\":" + std::to_string(result.number) + ",\"engineVersion\":";
  codec::append_json_string(out, result.engine_version);
  out += ",\"engineModel\":";
  codec::append_json_string(out, result.engine_model);
  out += ",\"createdAt\":\"" + format_iso8601(result.created_at_ms) + "\",\"verdict\":\"";
  out += codec::to_string(result.verdict);
  out += "\",\"score\":" + codec::encode_json(Json(result.score));
  return out + (result.current ? ",\"current\":true}" : ",\"current\":false}");
}

/// Whether an If-None-Match header names this entity tag.
bool names_tag(std::string_view header, std::string_view tag) {
  return header == "*" || header.find(tag) != std::string_view::npos;
}

}  // namespace

Task<Response> Reading::trace(Exchange exchange) {
  const auto id = parse_path_id(exchange.arguments.back(), "trace_id");
  if (!id) {
    co_return problem_response(id.error());
  }
  const auto found = co_await services_.pool.run(
      [this, agent = key_of(exchange), id = *id] { return services_.store.find_trace(agent, id); });
  if (!found) {
    co_return problem_response(found.error());
  }
  Response response;
  response.body = "{\"traceId\":\"" + found->trace_id.to_string() + "\",\"receivedAt\":\"" +
                  format_iso8601(found->received_at_ms) + "\",\"status\":\"" +
                  (found->state == store::TraceState::completed ? "completed" : "pending") +
                  "\",\"interpretationCount\":" + std::to_string(found->interpretation_count) +
                  (found->stale ? ",\"stale\":true," : ",\"stale\":false,");
  append_verdicts(response.body, found->verdict, found->score, found->opinions, Detail::full);
  response.body += ",\"trace\":";
  response.body += found->body;
  response.body += '}';
  co_return response;
}

Task<Response> Reading::list(Exchange exchange) {
  auto query = parse_list_query(exchange.target);
  if (!query) {
    co_return problem_response(query.error());
  }
  query->agent = key_of(exchange);
  auto work = [this, query = std::move(*query)] { return services_.store.list_traces(query); };
  const auto page = co_await services_.pool.run(std::move(work));
  if (!page) {
    co_return problem_response(page.error());
  }
  Response response;
  response.body = encode_page(*page);
  co_return response;
}

Task<Result<store::StoredResult>> Reading::find_result(std::optional<store::AgentKey> agent,
                                                       Uuid trace_id) {
  return services_.pool.run(
      [this, agent, trace_id] { return services_.store.find_result(agent, trace_id); });
}

Task<Response> Reading::interpretation(Exchange exchange) {
  const auto id = parse_path_id(
      exchange.agent ? exchange.arguments.back() : exchange.arguments.front(), "trace_id");
  const auto wait = parse_wait(exchange.target);
  if (!id || !wait) {
    co_return problem_response(id ? wait.error() : id.error());
  }
  const auto agent = key_of(exchange);
  std::optional<LongPolls::Wait> news;
  if (wait->count() > 0) {
    const Executor executor = co_await asio::this_coro::executor;
    news.emplace(services_.long_polls, *id, executor);
  }
  auto found = co_await find_result(agent, *id);
  if (news && found && found->state == store::TraceState::pending) {
    co_await news->wait(*wait);
    found = co_await find_result(agent, *id);
  }
  if (!found) {
    co_return problem_response(found.error());
  }
  co_return found->state == store::TraceState::completed ? completed_response(*id, *found)
                                                         : pending_response(*id);
}

Task<Response> Reading::results(Exchange exchange) {
  const auto id = parse_path_id(exchange.arguments.back(), "trace_id");
  if (!id) {
    co_return problem_response(id.error());
  }
  const auto found = co_await services_.pool.run(
      [this, agent = key_of(exchange), id = *id] { return services_.store.results_of(agent, id); });
  if (!found) {
    co_return problem_response(found.error());
  }
  Response response;
  response.body = "{\"traceId\":\"" + id->to_string() + "\",\"results\":[";
  for (const store::ResultInfo& result : *found) {
    response.body += response.body.back() == '[' ? "" : ",";
    response.body += encode_result_info(result);
  }
  response.body += "]}";
  co_return response;
}

Task<Response> Reading::numbered_result(Exchange exchange) {
  const std::string number = exchange.arguments.back();
  exchange.arguments.pop_back();
  const auto id = parse_path_id(exchange.arguments.back(), "trace_id");
  if (!id) {
    co_return problem_response(id.error());
  }
  std::int64_t wanted = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  if (error != std::errc() || end != number.data() + number.size()) {
    co_return problem_response({Code::not_found, "This trace has no result of that number."});
  }
  auto found = co_await services_.pool.run([this, agent = key_of(exchange), id = *id, wanted] {
    return services_.store.find_numbered_result(agent, id, wanted);
  });
  if (!found) {
    co_return problem_response(found.error());
  }
  Response response;
  response.body = "{\"traceId\":\"" + id->to_string() + "\",\"number\":" + std::to_string(wanted) +
                  ",\"interpretedTraceResult\":" + *found + '}';
  co_return response;
}

Task<Response> Reading::prompt(Exchange exchange) {
  const auto version = parse_version(exchange.arguments.back());
  if (!version) {
    co_return problem_response(version.error());
  }
  const auto found =
      co_await services_.pool.run([this, id = exchange.prompt_id, version = *version] {
        return services_.store.find_prompt(id, version);
      });
  if (!found) {
    co_return problem_response(found.error());
  }
  Response response;
  const std::string tag =
      '"' + found->prompt_id.to_string() + '.' + std::to_string(found->version) + '"';
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  if (names_tag(exchange.request.header("if-none-match"), tag)) {
    response.status = 304;
    co_return response;
  }
  response.body = encode_prompt(*found);
  co_return response;
}

}  // namespace infinium::server
