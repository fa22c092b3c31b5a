#include "codec/json_text.h"

#include "codec/json_reader.h"
#include "codec/json_writer.h"
#include "codec/plain_run.h"

namespace infinium::codec {

Result<Json> parse_json(std::string_view text, std::size_t depth_max) {
  JsonReader reader(text, depth_max);
  Json json;
  if (!reader.read_any(json) || !reader.finish()) {
    return reader.error();
  }
  return json;
}

std::string encode_json(const Json& json) {
  JsonWriter writer;
  writer.value(json);
  return std::move(writer).take();
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const char* run = text.data();
  const char* at = run;
  const char* const end = at + text.size();
  out += '"';
  while ((at = plain_run_end(at, end)) != end) {
    const auto byte = static_cast<unsigned char>(*at++);
    if (byte >= 0x80) {
      continue;
    }
    out.append(run, at - 1);
    run = at;
    out += '\\';
    if (const std::size_t which = kShort.find(at[-1]); which != std::string_view::npos) {
      out += kLetters[which];
    } else {
      out += "u00";
      out += kHex[byte >> 4u];
      out += kHex[byte & 0xFu];
    }
  }
  out.append(run, end);
  out += '"';
}

}  // namespace infinium::codec
