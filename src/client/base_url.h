#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "infinium/result.h"

namespace infinium::client {

/// Where a server's API stands, taken apart. A value type.
struct BaseUrl {
  bool tls = false;
  std::string host;  ///< a name or an address; an IPv6 address without its brackets
  std::uint16_t port = 80;
  std::string path;  ///< no trailing slash; empty for the root

  /// Reads `http(s)://HOST[:PORT][/PATH]`. A URL without a path gets `/api/v1`; a trailing slash is
  /// dropped. Error: `invalid_argument` with a sentence that says what is wrong and what is wanted.
  [[nodiscard]] static Result<BaseUrl> parse(std::string_view text);

  /// `HOST[:PORT]` as the Host header has it: the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] std::string to_string() const;

  bool operator==(const BaseUrl&) const = default;
};

}  // namespace infinium::client
