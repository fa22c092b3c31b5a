#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace infinium::server {

/// A request target, taken apart and percent-decoded.
struct Target {
  std::vector<std::string> segments;  ///< "/a/b" gives a, b; "/" gives one empty segment
  std::vector<std::pair<std::string, std::string>> query;

  /// The first value of that name, or null. Borrowed.
  [[nodiscard]] const std::string* find(std::string_view name) const;
};

/// Reads "/path?query" or "http://host/path?query". Nothing if it is neither, or a percent escape
/// is broken or stands for a NUL.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

}  // namespace infinium::server
