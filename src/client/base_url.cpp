#include "client/base_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>
#include <optional>

#include "base/try.h"

namespace infinium::client {
namespace {

constexpr std::string_view kDefaultPath = "/api/v1";

Error bad_url(std::string_view why) {
  return Error{Code::invalid_argument,
               fmt::format("the server's URL {}; it should look like http://127.0.0.1:8400 or "
                           "https://traces.example.com/api/v1",
                           why)};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_path_char(char c) {
  return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

/// Takes `http://` or `https://` off the front; says whether it was https.
Result<bool> take_scheme(std::string_view& rest) {
  const auto separator = rest.find("://");
  if (separator == std::string_view::npos) {
    return bad_url("does not start with http:// or https://");
  }
  std::string scheme(rest.substr(0, separator));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), lower);
  if (scheme != "http" && scheme != "https") {
    return bad_url("does not start with http:// or https://");
  }
  rest.remove_prefix(separator + 3);
  return scheme == "https";
}

Result<std::string> take_host(std::string_view& authority) {
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) {
      return bad_url("has an IPv6 address without its closing bracket");
    }
    const std::string host(authority.substr(1, close - 1));
    boost::system::error_code error;
    boost::asio::ip::make_address_v6(host, error);
    if (error) {
      return bad_url("has no valid IPv6 address in its brackets");
    }
    authority.remove_prefix(close + 1);
    return host;
  }
  std::string host(authority.substr(0, authority.find(':')));
  authority.remove_prefix(host.size());
  std::transform(host.begin(), host.end(), host.begin(), lower);
  if (host.empty()) {
    return bad_url("names no host");
  }
  if (!std::all_of(host.begin(), host.end(), is_host_char)) {
    return bad_url("has a host name with characters that host names do not have");
  }
  return host;
}

/// The port after a colon, or nothing where none is written.
Result<std::optional<std::uint16_t>> take_port(std::string_view text) {
  if (text.empty()) {
    return std::optional<std::uint16_t>{};
  }
  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + 1, last, port);
  if (text.front() != ':' || error != std::errc{} || end != last || port == 0) {
    return bad_url("has no valid port (1 to 65535) after its host");
  }
  return std::optional(port);
}

}  // namespace

Result<BaseUrl> BaseUrl::parse(std::string_view text) {
  BaseUrl url;
  TRY(url.tls, take_scheme(text));
  std::string_view authority = text.substr(0, text.find_first_of("/?#"));
  std::string_view path = text.substr(authority.size());
  if (authority.find('@') != std::string_view::npos) {
    return bad_url("holds a user name; credentials are given apart from it");
  }
  TRY(url.host, take_host(authority));
  TRY(const std::optional<std::uint16_t> port, take_port(authority));
  url.port = port.value_or(url.tls ? 443 : 80);
  if (path.find_first_of("?#") != std::string_view::npos) {
    return bad_url("has a query or a fragment, which has no meaning here");
  }
  if (!std::all_of(path.begin(), path.end(), is_path_char)) {
    return bad_url("has characters in its path that must be percent-encoded");
  }
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  url.path = path.empty() ? kDefaultPath : path;
  return url;
}

std::string BaseUrl::authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string out = ipv6 ? '[' + host + ']' : host;
  if (port != (tls ? 443 : 80)) {
    out += fmt::format(":{}", port);
  }
  return out;
}

std::string BaseUrl::to_string() const {
  return (tls ? "https://" : "http://") + authority() + path;
}

}  // namespace infinium::client
