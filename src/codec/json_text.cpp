#include "codec/json_text.h"

#include "codec/json_reader.h"
#include "codec/json_writer.h"

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
  out += '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') {
      continue;
    }
    out.append(text, run, i - run);
    run = i + 1;
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    out += '\\';
    if (const std::size_t which = kShort.find(text[i]); which != std::string_view::npos) {
      out += kLetters[which];
    } else {
      out += "u00";
      out += kHex[byte >> 4u];
      out += kHex[byte & 0xFu];
    }
  }
  out.append(text, run);
  out += '"';
}

}  // namespace infinium::codec
