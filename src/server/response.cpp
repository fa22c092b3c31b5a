#include "server/response.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace infinium::server {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 207:
      return "Multi-Status";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

std::string encode_head(const Response& response, const Framing& framing) {
  std::string out;
  out.reserve(384);
  fmt::format_to(std::back_inserter(out),
                 "HTTP/1.1 {} {}\r\nDate: {}\r\nX-Request-Id: {}\r\n"
                 "X-Content-Type-Options: nosniff\r\n",
                 response.status,
                 reason_phrase(response.status),
                 framing.date,
                 framing.request_id);
  if (response.status != 304) {
    fmt::format_to(std::back_inserter(out),
                   "Content-Type: {}\r\nContent-Length: {}\r\n",
                   response.content_type,
                   response.payload().size());
  }
  for (const auto& [name, value] : response.headers) {
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
  }
  out += framing.keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  return out;
}

std::string http_date(std::int64_t epoch_ms) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(static_cast<std::time_t>(epoch_ms / 1000)));
}

}  // namespace infinium::server
