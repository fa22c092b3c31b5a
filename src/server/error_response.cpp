#include "server/error_response.h"

#include <string_view>

#include "codec/json_text.h"

namespace infinium::server {
namespace {

struct Row {
  int status;
  std::string_view code;
};

Row row_of(Code code) {
  switch (code) {
    case Code::invalid_argument:
      return {422, "validation_error"};
    case Code::malformed:
      return {400, "bad_request"};
    case Code::unauthenticated:
      return {401, "unauthenticated"};
    case Code::forbidden:
      return {403, "forbidden"};
    case Code::not_found:
      return {404, "not_found"};
    case Code::conflict:
      return {409, "idempotency_conflict"};
    case Code::too_large:
      return {413, "payload_too_large"};
    case Code::exhausted:
      return {429, "rate_limited"};
    case Code::unavailable:
      return {503, "unavailable"};
    case Code::timeout:
      return {408, "request_timeout"};
    case Code::corrupt:
    case Code::internal:
      break;
  }
  return {500, "internal"};
}

}  // namespace

Problem problem_of(const Error& error) {
  const Row row = row_of(error.code);
  Problem problem{.status = row.status,
                  .code = std::string(row.code),
                  .message = error.message,
                  .field = error.where};
  if (row.status == 429 || row.status == 503) {
    problem.retry_after_s = 1;
  }
  return problem;
}

void append_problem_members(std::string& out, const Problem& problem) {
  out += "\"error\":";
  codec::append_json_string(out, problem.message);
  out += ",\"code\":";
  codec::append_json_string(out, problem.code);
  if (!problem.field.empty()) {
    out += ",\"field\":";
    codec::append_json_string(out, problem.field);
  }
}

Response to_response(const Problem& problem) {
  Response response;
  response.status = problem.status;
  response.body = "{\"success\":false,";
  append_problem_members(response.body, problem);
  response.body += '}';
  if (problem.retry_after_s > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after_s));
  }
  if (!problem.allow.empty()) {
    response.headers.emplace_back("Allow", problem.allow);
  }
  return response;
}

}  // namespace infinium::server
