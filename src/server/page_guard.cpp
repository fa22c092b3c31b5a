#include "server/page_guard.h"

#include <algorithm>

namespace infinium::server {
namespace {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_forwarding(std::string_view header) {
  return header == "forwarded" || header == "via" || header == "x-real-ip" ||
         header.starts_with("x-forwarded");
}

bool is_host_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '-' || c == ':' || c == '[' || c == ']';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [lower](char x, char y) {
    return lower(x) == lower(y);
  });
}

}  // namespace

bool is_local_host(std::string_view host) {
  for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
    if (!equal_ignoring_case(host.substr(0, name.size()), name)) {
      continue;
    }
    const std::string_view rest = host.substr(name.size());
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  }
  return false;
}

bool is_plain_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), is_host_char);
}

std::optional<Problem> refuse_page(const Request& request, bool on_loopback) {
  const bool forwarded =
      std::any_of(request.headers.begin(), request.headers.end(), [](const Request::Header& h) {
        return is_forwarding(h.name);
      });
  if (on_loopback && !forwarded && is_local_host(request.header("host"))) {
    return std::nullopt;
  }
  return Problem{
      .status = 421,
      .code = "misdirected_request",
      .message =
          "Pages without sign-in are served only to a browser on the same machine, under "
          "localhost, 127.0.0.1 or [::1], and not through a proxy."};
}

}  // namespace infinium::server
