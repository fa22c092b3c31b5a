#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/json_text.h"
#include "codec/trace_json.h"
#include "require.h"

using namespace infinium;
using infinium::fuzz::require;

/// What is written may be nested one level deeper and be a little longer than what was read: a
/// section at top level moves under `sections`, and 1e9 may be written in full.
constexpr codec::ReadLimits kWrittenLimits{.bytes_max = std::size_t{16} << 20u,
                                           .depth_max = limits::kDepthMax + 1};

/// Any payload: malformed exactly when it is not JSON, and a valid one comes back equal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = codec::parse_trace(text);
  const bool malformed = !parsed && parsed.error().code == Code::malformed;
  require(malformed == !codec::parse_json(text).has_value());
  if (!parsed) {
    require(!parsed.error().message.empty());
    return 0;
  }
  require(codec::validate_trace(parsed->trace, kWrittenLimits).has_value());
  const auto again = codec::parse_trace(codec::encode_trace(parsed->trace), kWrittenLimits);
  require(again.has_value());
  require(again->trace == parsed->trace);

  std::string stored(text);
  codec::replace_lone_surrogates(stored, parsed->lone_surrogates);
  const auto reread = codec::parse_trace(stored);
  require(reread.has_value());
  require(reread->lone_surrogates.empty());
  require(reread->trace == parsed->trace);
  return 0;
}
