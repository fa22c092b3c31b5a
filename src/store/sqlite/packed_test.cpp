#include "store/sqlite/packed.h"

#include <gtest/gtest.h>

namespace infinium::store::sqlite {
namespace {

TEST(Packed, GivesBackWhatWasPacked) {
  for (const std::string& bytes :
       {std::string(), std::string("{}"), std::string(1'000'000, 'a'), std::string("a\0b", 3)}) {
    const auto packed = pack(bytes);
    ASSERT_TRUE(packed);
    const auto back = unpack(packed->dict_id, packed->raw_bytes, packed->data);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, bytes);
  }
}

TEST(Packed, NoticesEveryFlippedBit) {
  const std::string bytes = R"({"name":"a trace","description":"with some text in it"})";
  const auto packed = pack(bytes);
  ASSERT_TRUE(packed);
  for (std::size_t at = 0; at < packed->data.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::uint8_t> broken = packed->data;
      broken[at] = static_cast<std::uint8_t>(broken[at] ^ (1u << bit));
      const auto back = unpack(0, packed->raw_bytes, broken);
      EXPECT_TRUE(!back || *back == bytes) << at << '/' << bit;
    }
  }
}

TEST(Packed, RefusesAnotherSizeOrDictionary) {
  const auto packed = pack("some bytes");
  ASSERT_TRUE(packed);
  EXPECT_EQ(unpack(0, packed->raw_bytes - 1, packed->data).error().code, Code::corrupt);
  EXPECT_EQ(unpack(0, packed->raw_bytes + 1, packed->data).error().code, Code::corrupt);
  EXPECT_EQ(unpack(0, -1, packed->data).error().code, Code::corrupt);
  EXPECT_EQ(unpack(7, packed->raw_bytes, packed->data).error().code, Code::corrupt);
  EXPECT_EQ(unpack(0, packed->raw_bytes, {}).error().code, Code::corrupt);
}

}  // namespace
}  // namespace infinium::store::sqlite
