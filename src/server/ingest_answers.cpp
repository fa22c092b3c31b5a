#include "server/ingest_answers.h"

#include "codec/json_text.h"
#include "server/page_guard.h"

namespace infinium::server {
namespace {

constexpr std::string_view kConflict =
    "This idempotency key belongs to a trace with another body; nothing was stored.";

std::string page_url(std::string_view host, bool tls, const Uuid& trace_id) {
  std::string url;
  if (is_plain_host(host)) {
    url = (tls ? "https://" : "http://") + std::string(host);
  }
  return url + "/#/traces/" + trace_id.to_string();
}

}  // namespace

Response trace_answer(const store::Appended& appended, std::string_view host, bool tls) {
  if (appended.kind == store::Appended::Kind::conflict) {
    return to_response(problem_of({Code::conflict, std::string(kConflict)}));
  }
  const bool stored = appended.kind == store::Appended::Kind::stored;
  Response response;
  response.status = stored ? 201 : 200;
  response.body = "{\"success\":true,\"message\":\"";
  response.body += stored ? "The trace is stored; Maestro will interpret it."
                          : "This trace was stored before; nothing was added.";
  response.body += "\",\"traceId\":\"" + appended.trace_id.to_string() + "\",\"url\":";
  codec::append_json_string(response.body, page_url(host, tls, appended.trace_id));
  response.body += '}';
  return response;
}

void append_item(std::string& out, const Problem& problem) {
  out += "{\"status\":" + std::to_string(problem.status) + ',';
  append_problem_members(out, problem);
  if (problem.retry_after_s > 0) {
    out += ",\"Retry-After\":" + std::to_string(problem.retry_after_s);
  }
  out += '}';
}

bool append_item(std::string& out, const store::Appended& appended) {
  if (appended.kind == store::Appended::Kind::conflict) {
    Problem problem = problem_of({Code::conflict, std::string(kConflict), "idempotency_key"});
    append_item(out, problem);
    return false;
  }
  const bool stored = appended.kind == store::Appended::Kind::stored;
  out += stored ? "{\"status\":201" : "{\"status\":200";
  out += ",\"traceId\":\"" + appended.trace_id.to_string() + "\"}";
  return true;
}

}  // namespace infinium::server
