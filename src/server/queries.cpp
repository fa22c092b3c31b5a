#include "server/queries.h"

#include <charconv>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/limits.h"
#include "base/try.h"
#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "server/opinion_json.h"

namespace infinium::server {
namespace {

constexpr std::int64_t kPageRowsMax = 200;

Error wrong(std::string name, std::string_view rule) {
  return {Code::invalid_argument,
          "The parameter " + name + " must be " + std::string(rule) + '.',
          name};
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(value) : std::nullopt;
}

Result<std::optional<std::int64_t>> parse_integer(const Target& target,
                                                  std::string name,
                                                  std::int64_t max,
                                                  std::string_view rule) {
  const std::string* text = target.find(name);
  if (text == nullptr || text->empty()) {
    return std::optional<std::int64_t>();
  }
  const auto value = parse_number<std::int64_t>(*text);
  if (!value || *value < 1 || *value > max) {
    return wrong(std::move(name), rule);
  }
  return value;
}

Result<std::optional<std::int64_t>> parse_time(const Target& target, std::string name) {
  const std::string* text = target.find(name);
  if (text == nullptr || text->empty()) {
    return std::optional<std::int64_t>();
  }
  const auto value = parse_iso8601(*text);
  if (!value) {
    return wrong(std::move(name), "an ISO 8601 time (a plus sign is written %2B in a URL)");
  }
  return value;
}

Result<std::optional<Verdict>> parse_verdict(const Target& target, std::string name) {
  const std::string* text = target.find(name);
  if (text == nullptr || text->empty()) {
    return std::optional<Verdict>();
  }
  if (const auto verdict = verdict_named(*text)) {
    return verdict;
  }
  return wrong(std::move(name), "succeeded, partially_succeeded, failed or undetermined");
}

void append_row(std::string& out, const store::TraceRow& row) {
  out += "{\"traceId\":\"" + row.trace_id.to_string() + "\",\"name\":";
  codec::append_json_string(out, row.name);
  out += ",\"receivedAt\":\"" + format_iso8601(row.received_at_ms) + "\",\"status\":";
  out += row.state == store::TraceState::completed ? "\"completed\"" : "\"pending\"";
  out += ",\"verdict\":";
  if (row.verdict) {
    codec::append_json_string(out, codec::to_string(*row.verdict));
  } else {
    out += "null";
  }
  out += ",\"score\":" + codec::encode_json(row.score ? Json(*row.score) : Json());
  out += row.stale ? ",\"stale\":true" : ",\"stale\":false";
  out += ",\"duration\":" + codec::encode_json(Json(row.duration));
  out += ",\"agentId\":\"" + row.agent_id.to_string() + "\",\"agentName\":";
  codec::append_json_string(out, row.agent_name);
  out += ',';
  append_verdicts(out, row.verdict, row.score, row.opinions, Detail::brief);
  out += '}';
}

}  // namespace

std::optional<Verdict> verdict_named(std::string_view name) {
  for (const Verdict verdict :
       {Verdict::succeeded, Verdict::partially_succeeded, Verdict::failed, Verdict::undetermined}) {
    if (name == codec::to_string(verdict)) {
      return verdict;
    }
  }
  return std::nullopt;
}

Result<store::ListQuery> parse_list_query(const Target& target) {
  store::ListQuery query;
  TRY(const auto limit, parse_integer(target, "limit", kPageRowsMax, "a number from 1 to 200"));
  query.limit = static_cast<std::size_t>(limit.value_or(50));
  TRY(query.before_seq,
      parse_integer(target, "cursor", INT64_MAX, "the nextCursor of the page before"));
  TRY(query.since_ms, parse_time(target, "since"));
  TRY(query.until_ms, parse_time(target, "until"));
  TRY(query.verdict, parse_verdict(target, "verdict"));
  TRY(query.deciding_verdict, parse_verdict(target, "decidingVerdict"));
  if (const std::string* text = target.find("q")) {
    query.text = *text;
  }
  return query;
}

Result<std::chrono::milliseconds> parse_wait(const Target& target) {
  const std::string* text = target.find("wait");
  if (text == nullptr) {
    return std::chrono::milliseconds(0);
  }
  const auto seconds = parse_number<double>(*text);
  const auto max = static_cast<double>(limits::kWaitMax.count());
  if (!seconds || !(*seconds >= 0 && *seconds <= max)) {
    return wrong("wait", "a number of seconds from 0 to 60");
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
}

Result<Uuid> parse_path_id(std::string_view text, std::string field) {
  if (const auto id = Uuid::parse(text)) {
    return *id;
  }
  return Error{Code::invalid_argument, "The id in the path is not a UUID.", std::move(field)};
}

std::string encode_page(const store::TracePage& page) {
  std::string out = "{\"traces\":[";
  for (const store::TraceRow& row : page.rows) {
    out += out.back() == '[' ? "" : ",";
    append_row(out, row);
  }
  out += "],\"nextCursor\":";
  out += page.next_before ? '"' + std::to_string(*page.next_before) + '"' : "null";
  return out + '}';
}

}  // namespace infinium::server
