#include <gtest/gtest.h>

#include <set>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/uuid.h"

namespace infinium {
namespace {

TEST(Clock, ParsesIso8601) {
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:01Z"), 1000);
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:01"), 1000);
  EXPECT_EQ(parse_iso8601("1970-01-01 00:00:01.5"), 1500);
  EXPECT_EQ(parse_iso8601("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_EQ(parse_iso8601("1970-01-01T02:00:00.123456+0200"), 123);
  EXPECT_EQ(parse_iso8601("19700102T000000Z"), 86'400'000);
  EXPECT_EQ(parse_iso8601("1970-01-02"), 86'400'000);
  EXPECT_EQ(parse_iso8601("2024-02-29T00:00Z"), 1709164800000);
}

TEST(Clock, RefusesWhatIsNoDate) {
  for (const char* text : {"",
                           "yesterday",
                           "1970-13-01",
                           "2023-02-29",
                           "1899-12-31",
                           "2101-01-01",
                           "1970-01-01T",
                           "1970-01-01T25:00",
                           "1970-01-01T24:01",
                           "1970-01-01T00:00:00.",
                           "1970-01-01T00:00:00Zx",
                           "1970-01-01T00:00:00+99:00"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

TEST(Clock, FormatsWhatItParses) {
  EXPECT_EQ(format_iso8601(1709164800123), "2024-02-29T00:00:00.123Z");
  EXPECT_EQ(parse_iso8601(format_iso8601(1709164800123)), 1709164800123);
}

TEST(Uuid, RoundTripsAndRefuses) {
  const std::string text = "0190a6e0-7b3c-7def-8123-456789abcdef";
  ASSERT_TRUE(Uuid::parse(text));
  EXPECT_EQ(Uuid::parse(text)->to_string(), text);
  EXPECT_EQ(Uuid::parse(text)->version(), 7);
  EXPECT_FALSE(Uuid::parse("0190a6e0-7b3c-7def-8123-456789abcdeg"));
  EXPECT_FALSE(Uuid::parse("0190a6e07b3c7def8123456789abcdef"));
  EXPECT_FALSE(Uuid::parse("0190a6e0-7b3c-7def-8123+456789abcdef"));
}

TEST(Uuid, Version7CarriesTheTime) {
  const SystemClock clock;
  SystemRandom random;
  std::set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = make_uuid_v7(clock, random);
    EXPECT_EQ(id.version(), 7);
    EXPECT_EQ(id.bytes[8] & 0xc0, 0x80);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Hash, KnownAnswers) {
  const Sha256 digest = sha256("abc");
  const std::string bytes(digest.begin(), digest.end());
  EXPECT_EQ(to_hex(bytes), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TRUE(equal_in_constant_time(digest, sha256("abc")));
  EXPECT_FALSE(equal_in_constant_time(digest, sha256("abd")));
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cull);
}

TEST(Random, SecretsAreLongAndDiffer) {
  SystemRandom random;
  const std::string a = make_secret(random, "ifs_");
  EXPECT_EQ(a.size(), 4u + 43u);
  EXPECT_NE(a, make_secret(random, "ifs_"));
}

}  // namespace
}  // namespace infinium
