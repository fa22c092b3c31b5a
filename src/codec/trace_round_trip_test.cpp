#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "codec/generated_trace.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"

namespace infinium::codec {
namespace {

TEST(TraceRoundTrip, AnyValidTraceComesBackEqual) {
  EXPECT_TRUE(rc::check("parse(encode(t)) == t", [](std::uint64_t seed) {
    TraceGenerator generator(seed);
    for (int i = 0; i < 20; ++i) {
      const TaskData trace = generator.trace();
      RC_ASSERT(validate_trace(trace).has_value());
      const std::string payload = encode_trace(trace);
      const auto parsed = parse_trace(payload);
      RC_ASSERT(parsed.has_value());
      RC_ASSERT(parsed->trace == trace);
      RC_ASSERT(encode_trace(parsed->trace) == payload);
      RC_ASSERT(parsed->lone_surrogates.empty());
    }
  }));
}

TEST(TraceRoundTrip, AnyJsonComesBackEqual) {
  EXPECT_TRUE(rc::check("parse(encode(j)) == j", [](std::uint64_t seed) {
    const Json json = TraceGenerator(seed).json();
    const auto parsed = parse_json(encode_json(json));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == json);
  }));
}

TEST(TraceRoundTrip, AnyStringSurvivesAsAJsonString) {
  EXPECT_TRUE(rc::check("any code points", [](const std::vector<std::uint32_t>& raw) {
    std::string text;
    for (const std::uint32_t value : raw) {
      const char32_t code = value % 0xD800;
      if (code < 0x80) {
        text += static_cast<char>(code);
      } else if (code < 0x800) {
        text += static_cast<char>(0xC0u | code >> 6u);
        text += static_cast<char>(0x80u | (code & 0x3Fu));
      } else {
        text += static_cast<char>(0xE0u | code >> 12u);
        text += static_cast<char>(0x80u | (code >> 6u & 0x3Fu));
        text += static_cast<char>(0x80u | (code & 0x3Fu));
      }
    }
    std::string written;
    append_json_string(written, text);
    const auto read = parse_json(written);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read->if_string() == text);
  }));
}

}  // namespace
}  // namespace infinium::codec
