#include "server/page_guard.h"

#include <gtest/gtest.h>

namespace infinium::server {
namespace {

Request from(std::string host, std::string extra = {}) {
  Request request;
  request.headers.push_back({"host", std::move(host)});
  if (!extra.empty()) {
    request.headers.push_back({std::move(extra), "x"});
  }
  return request;
}

TEST(PageGuard, KnowsLocalHosts) {
  for (const std::string_view host :
       {"localhost", "LocalHost:8400", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535"}) {
    EXPECT_TRUE(is_local_host(host)) << host;
  }
  for (const std::string_view host : {"",
                                      "localhost.evil.example",
                                      "localhost:",
                                      "localhost:80a",
                                      "127.0.0.1.evil.example",
                                      "127.0.0.10",
                                      "::1",
                                      "evil.example:8400"}) {
    EXPECT_FALSE(is_local_host(host)) << host;
  }
}

TEST(PageGuard, WantsLoopbackNoProxyAndALocalHost) {
  EXPECT_FALSE(refuse_page(from("localhost:8400"), true));
  EXPECT_EQ(refuse_page(from("localhost:8400"), false)->status, 421);
  EXPECT_EQ(refuse_page(from("evil.example"), true)->status, 421);
  for (const char* header :
       {"forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-proto"}) {
    EXPECT_EQ(refuse_page(from("localhost", header), true)->status, 421) << header;
  }
}

TEST(PageGuard, KnowsHostsFitForALink) {
  EXPECT_TRUE(is_plain_host("traces.example:8400"));
  EXPECT_TRUE(is_plain_host("[::1]:8400"));
  EXPECT_FALSE(is_plain_host(""));
  EXPECT_FALSE(is_plain_host("a/b"));
  EXPECT_FALSE(is_plain_host("a@b"));
}

}  // namespace
}  // namespace infinium::server
