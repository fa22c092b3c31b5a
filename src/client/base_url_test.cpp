#include "client/base_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace infinium::client {
namespace {

std::string normal(std::string_view text) {
  const auto url = BaseUrl::parse(text);
  return url ? url->to_string() : "error: " + url.error().message;
}

TEST(BaseUrl, AUrlWithoutAPathGetsTheApiPath) {
  EXPECT_EQ(normal("http://127.0.0.1:8400"), "http://127.0.0.1:8400/api/v1");
  EXPECT_EQ(normal("http://127.0.0.1:8400/"), "http://127.0.0.1:8400/api/v1");
  EXPECT_EQ(normal("https://example.com"), "https://example.com/api/v1");
}

TEST(BaseUrl, APathIsKeptWithoutItsTrailingSlash) {
  EXPECT_EQ(normal("https://example.com/api/v1/"), "https://example.com/api/v1");
  EXPECT_EQ(normal("https://example.com/a/b%20c//"), "https://example.com/a/b%20c");
}

TEST(BaseUrl, SchemeAndHostHaveOneSpelling) {
  EXPECT_EQ(normal("HTTPS://Example.COM:443/X"), "https://example.com/X");
  EXPECT_EQ(normal("http://example.com:80"), "http://example.com/api/v1");
  EXPECT_EQ(normal("http://example.com:443"), "http://example.com:443/api/v1");
}

TEST(BaseUrl, ReadsIpv6Addresses) {
  const auto url = BaseUrl::parse("http://[::1]:8400");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 8400);
  EXPECT_EQ(url->authority(), "[::1]:8400");
  EXPECT_EQ(normal("https://[2001:db8::7]/x"), "https://[2001:db8::7]/x");
}

TEST(BaseUrl, SaysWhatIsWrongAndWhatIsWanted) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "does not start with"},
      {"localhost:8400", "does not start with"},
      {"ftp://example.com", "does not start with"},
      {"http://", "names no host"},
      {"http://:8400", "names no host"},
      {"http://user:secret@example.com", "holds a user name"},
      {"http://[::1", "closing bracket"},
      {"http://[nonsense]", "no valid IPv6"},
      {"http://[::1]8400", "no valid port"},
      {"http://a:b", "no valid port"},
      {"http://a:0", "no valid port"},
      {"http://a:65536", "no valid port"},
      {"http://a:", "no valid port"},
      {"http://a b", "characters that host names do not have"},
      {"http://ex\r\nample", "characters that host names do not have"},
      {"http://a/b?c=d", "query or a fragment"},
      {"http://a#b", "query or a fragment"},
      {"http://a/b c", "percent-encoded"},
      {"http://a/\r\nX: y", "percent-encoded"},
  };
  for (const auto& [text, why] : cases) {
    const auto url = BaseUrl::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, Code::invalid_argument) << text;
    EXPECT_THAT(url.error().message, testing::HasSubstr(why)) << text;
    EXPECT_THAT(url.error().message, testing::HasSubstr("http://127.0.0.1:8400")) << text;
    EXPECT_THAT(url.error().message, testing::Not(testing::HasSubstr("secret"))) << text;
  }
}

}  // namespace
}  // namespace infinium::client
