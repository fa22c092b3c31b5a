#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace infinium::server {

/// One HTTP request, as far as it was read. A plain value.
struct Request {
  struct Header {
    std::string name;  ///< in lower case
    std::string value;
  };

  std::string method;
  std::string target;
  std::vector<Header> headers;
  std::string body;  ///< as it came over the wire, still encoded
  std::string peer;  ///< the address at the other end, without the port
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool http11 = true;
  bool keep_alive = true;

  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }

  /// The first header of that lower-case name; empty if there is none. Borrowed.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const Header& h : headers) {
      if (h.name == name) {
        return h.value;
      }
    }
    return {};
  }

  [[nodiscard]] std::size_t count(std::string_view name) const {
    std::size_t n = 0;
    for (const Header& h : headers) {
      n += h.name == name ? 1u : 0u;
    }
    return n;
  }
};

}  // namespace infinium::server
