#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

namespace infinium {
namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      break;
  }
  return "error";
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void Log::write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < least_) {
    return;
  }
  std::string line = "{\"time\":\"" + format_iso8601(clock_.now_ms()) + "\",\"level\":\"";
  line += level_name(level);
  line += "\",\"event\":";
  append_quoted(line, event);
  for (const auto& [key, value] : fields) {
    line += ',';
    append_quoted(line, key);
    line += ':';
    append_quoted(line, value);
  }
  line += "}\n";
  const std::lock_guard lock(mutex_);
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
    if (n <= 0) {
      return;  // nowhere to say that logging failed
    }
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace infinium
