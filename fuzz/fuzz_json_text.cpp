#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codec/json_reader.h"
#include "codec/json_text.h"
#include "codec/utf8.h"
#include "require.h"

using infinium::codec::encode_json;
using infinium::codec::JsonReader;
using infinium::codec::parse_json;
using infinium::fuzz::require;

/// Any text: what is read comes back equal, skipping agrees with reading, and what is written is
/// UTF-8 again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto json = parse_json(text);
  JsonReader skipping(text, infinium::limits::kDepthMax);
  require((skipping.skip() && skipping.finish()) == json.has_value());
  if (!json) {
    require(json.error() == skipping.error());
    return 0;
  }
  const std::string written = encode_json(*json);
  require(infinium::codec::is_valid_utf8(written));
  const auto again = parse_json(written);
  require(again.has_value());
  require(*again == *json);
  require(encode_json(*again) == written);
  return 0;
}
