#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace infinium::server {

/// One HTTP answer. A plain value; Content-Length, Date, Connection, X-Request-Id and the headers
/// that every answer carries are added when it is written.
struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Bytes that outlive every connection (embedded files), sent instead of `body`.
  std::string_view fixed_body;

  [[nodiscard]] std::string_view payload() const {
    return fixed_body.empty() ? std::string_view(body) : fixed_body;
  }
};

/// What the connection knows of an answer and its handler does not.
struct Framing {
  std::string_view request_id;
  std::string_view date;  ///< of http_date()
  bool keep_alive = true;
};

/// The status line and all headers, with the empty line that ends them.
[[nodiscard]] std::string encode_head(const Response& response, const Framing& framing);

/// "Sun, 06 Nov 1994 08:49:37 GMT" from milliseconds since the epoch.
[[nodiscard]] std::string http_date(std::int64_t epoch_ms);

}  // namespace infinium::server
