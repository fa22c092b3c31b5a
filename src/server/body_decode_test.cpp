#include "server/body_decode.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

namespace infinium::server {
namespace {

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in = text;
  std::string out(deflateBound(&stream, in.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

class BodyDecode : public ::testing::TestWithParam<Encoding> {
 protected:
  static std::string encode(const std::string& text) {
    return GetParam() == Encoding::gzip ? gzip(text) : zstd(text);
  }
};

TEST_P(BodyDecode, GivesTheBytesBack) {
  for (const std::size_t size : {0u, 1u, 65'535u, 65'536u, 65'537u, 300'000u}) {
    std::string text(size, 'a');
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = static_cast<char>(i * i % 251);
    }
    const auto decoded = decode_body(GetParam(), encode(text), size);
    ASSERT_TRUE(decoded) << size << decoded.error().message;
    EXPECT_EQ(*decoded, text);
  }
}

TEST_P(BodyDecode, StopsABomb) {
  const std::string bomb = encode(std::string(50u << 20u, '0'));
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(decode_body(GetParam(), bomb, 1u << 20u).error().code, Code::too_large);
}

TEST_P(BodyDecode, RefusesBrokenInput) {
  const std::string whole = encode("some text that is long enough to be cut somewhere");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto decoded = decode_body(GetParam(), whole.substr(0, size), 1000);
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, Code::malformed);
  }
  EXPECT_FALSE(decode_body(GetParam(), whole + "tail", 1000));
  EXPECT_FALSE(decode_body(GetParam(), "plain text", 1000));
}

INSTANTIATE_TEST_SUITE_P(Encodings, BodyDecode, ::testing::Values(Encoding::gzip, Encoding::zstd));

TEST(Encoding, IsReadFromTheHeader) {
  EXPECT_EQ(parse_encoding(""), Encoding::identity);
  EXPECT_EQ(parse_encoding("GZIP"), Encoding::gzip);
  EXPECT_EQ(parse_encoding("zstd"), Encoding::zstd);
  EXPECT_EQ(parse_encoding("br"), std::nullopt);
  EXPECT_EQ(parse_encoding("gzip, gzip"), std::nullopt);
}

}  // namespace
}  // namespace infinium::server
