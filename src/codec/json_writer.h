#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "infinium/json.h"

namespace infinium::codec {

/// Writes compact JSON piece by piece and puts the commas. The caller keeps begin and end in
/// balance and writes a key before each value of an object. A value type, for one thread.
class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { out_ += '}'; }
  void begin_array() { open('['); }
  void end_array() { out_ += ']'; }

  void key(std::string_view name);
  void null();
  void value(bool flag);
  void value(std::int64_t number);
  /// The shortest digits that read back as the same double; not finite becomes null.
  void value(double number);
  void value(std::string_view text);
  void value(const Json& json);
  void value(const Json::Array& items);
  /// At most `decimals` decimals and no trailing zeros; not finite becomes null.
  void rounded(double number, int decimals);

  /// What stands so far; the caller may cut back to an earlier size of it.
  [[nodiscard]] std::string& text() { return out_; }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void separate();
  void open(char bracket);

  std::string out_;
};

}  // namespace infinium::codec
