#include "server/target.h"

namespace infinium::server {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `form`: a plus sign stands for a space, as forms send it.
std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0 || (high == 0 && low == 0)) {
        return std::nullopt;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// The part before `separator`, which is taken off the front of `rest` with it.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

bool parse_query(std::string_view rest, Target& target) {
  while (!rest.empty()) {
    std::string_view pair = next_part(rest, '&');
    if (pair.empty()) {
      continue;
    }
    auto name = percent_decode(next_part(pair, '='), true);
    auto value = percent_decode(pair, true);
    if (!name || !value) {
      return false;
    }
    target.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

/// A client may send the whole URL (RFC 9112, 3.2.2); only its path concerns us.
std::string_view without_authority(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) {
      const std::size_t path = text.find_first_of("/?", scheme.size());
      return path == std::string_view::npos ? "/" : text.substr(path);
    }
  }
  return text;
}

}  // namespace

const std::string* Target::find(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

std::optional<Target> parse_target(std::string_view text) {
  text = without_authority(text);
  if (!text.starts_with('/')) {
    return std::nullopt;
  }
  text = text.substr(0, text.find('#'));
  Target target;
  std::string_view path = next_part(text, '?').substr(1);
  if (!parse_query(text, target)) {
    return std::nullopt;
  }
  do {
    const bool last = path.find('/') == std::string_view::npos;
    auto segment = percent_decode(next_part(path, '/'), false);
    if (!segment) {
      return std::nullopt;
    }
    target.segments.push_back(std::move(*segment));
    if (last) {
      return target;
    }
  } while (true);
}

}  // namespace infinium::server
