#include "infinium/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace infinium {
namespace {

TEST(JsonNumber, IntegersAreExact) {
  EXPECT_EQ(JsonNumber{"12"}.as_int64(), 12);
  EXPECT_EQ(JsonNumber{"12.0"}.as_int64(), 12);
  EXPECT_EQ(JsonNumber{"1.2e1"}.as_int64(), 12);
  EXPECT_EQ(JsonNumber{"12.5"}.as_int64(), std::nullopt);
  EXPECT_EQ(JsonNumber{"9223372036854775807"}.as_int64(), 9223372036854775807);
  EXPECT_EQ(JsonNumber{"9223372036854775808"}.as_int64(), std::nullopt);
}

TEST(JsonNumber, DoublesSaturate) {
  EXPECT_EQ(JsonNumber{"1e400"}.as_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(JsonNumber{"-1e400"}.as_double(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(JsonNumber{"1e-400"}.as_double(), 0.0);
}

TEST(Json, FindsMembersAndCompares) {
  const Json json(Json::Object{{"a", 1}, {"b", "x"}});
  ASSERT_NE(json.find("b"), nullptr);
  EXPECT_EQ(*json.find("b")->if_string(), "x");
  EXPECT_EQ(json.find("c"), nullptr);
  EXPECT_EQ(json, Json(Json::Object{{"a", 1}, {"b", "x"}}));
  EXPECT_TRUE(Json(std::numeric_limits<double>::quiet_NaN()).is_null());
}

}  // namespace
}  // namespace infinium
