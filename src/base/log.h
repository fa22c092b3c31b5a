#pragma once

#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace infinium {

enum class LogLevel { debug, info, warning, error };

/// Structured logs: one JSON object a line on stderr (or another descriptor), with time, level,
/// event and fields. Never pass a secret or a trace's content. Any thread may call; a line is
/// written whole. Built once by main() and passed by reference.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;

  explicit Log(const Clock& clock, LogLevel least = LogLevel::info, int descriptor = 2)
      : clock_(clock), least_(least), descriptor_(descriptor) {}

  void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields = {});
  void info(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::error, event, fields);
  }

 private:
  const Clock& clock_;
  LogLevel least_;
  int descriptor_;
  std::mutex mutex_;
};

}  // namespace infinium
