#include "server/batch_split.h"

#include <gtest/gtest.h>

#include <string>

namespace infinium::server {
namespace {

using Items = std::vector<std::string_view>;

Items array(std::string_view body) {
  auto items = split_batch(body, BatchForm::array, 10);
  EXPECT_TRUE(items) << items.error().message;
  return items ? *items : Items{};
}

TEST(BatchSplit, GivesTheExactBytesOfEachItem) {
  EXPECT_EQ(array("[]"), Items{});
  EXPECT_EQ(array(" [ \n ] "), Items{});
  EXPECT_EQ(array(R"([{"a": [1, {"b":2}]} , {"c":"]},\"["}])"),
            (Items{R"({"a": [1, {"b":2}]})", R"({"c":"]},\"["})"}));
  EXPECT_EQ(array("[1,nonsense, \"s\" ,{}]"), (Items{"1", "nonsense", "\"s\"", "{}"}));
}

TEST(BatchSplit, LeavesTheInsideOfAnItemToTheCodec) {
  EXPECT_EQ(array(R"([{"a" 1,,}, {"b":1}{}])"), (Items{R"({"a" 1,,})", R"({"b":1}{})"}));
}

TEST(BatchSplit, RefusesWhatHasNoBoundaries) {
  for (const std::string_view body : {"",
                                      "{}",
                                      "[",
                                      "[{}",
                                      "[{},",
                                      "[{},]",
                                      "[,{}]",
                                      "[{} {}]",
                                      "[{]}",
                                      "[\"a]",
                                      "[\"a\\\"]",
                                      "[\"a\\",
                                      "[{}] x",
                                      "[{}}"}) {
    const auto items = split_batch(body, BatchForm::array, 10);
    ASSERT_FALSE(items) << body;
    EXPECT_EQ(items.error().code, Code::malformed);
    EXPECT_NE(items.error().message.find("at byte "), std::string::npos) << items.error().message;
  }
}

TEST(BatchSplit, CountsItems) {
  EXPECT_EQ(split_batch("[1,2]", BatchForm::array, 2)->size(), 2u);
  EXPECT_EQ(split_batch("[1,2,3]", BatchForm::array, 2).error().code, Code::too_large);
  EXPECT_EQ(split_batch("1\n2\n3", BatchForm::lines, 2).error().code, Code::too_large);
}

TEST(BatchSplit, TakesLines) {
  const auto items = split_batch("\n{\"a\":1}\r\n\n  {\"b\":2}", BatchForm::lines, 10);
  ASSERT_TRUE(items);
  EXPECT_EQ(*items, (Items{"{\"a\":1}", "{\"b\":2}"}));
  EXPECT_FALSE(split_batch(" \n ", BatchForm::lines, 10));
}

TEST(BatchSplit, KnowsTheForm) {
  EXPECT_EQ(batch_form("application/json", " [1]"), BatchForm::array);
  EXPECT_EQ(batch_form("application/json", "{}\n{}"), BatchForm::lines);
  EXPECT_EQ(batch_form("application/x-ndjson", "[1]"), BatchForm::lines);
  EXPECT_EQ(batch_form("", "[1]"), BatchForm::array);
}

TEST(Envelope, IsOpenedOnlyIfItIsOne) {
  const auto both = open_envelope(R"({ "idempotency_key" : "k", "trace" : {"a":1} })");
  ASSERT_TRUE(both && *both);
  EXPECT_EQ((*both)->idempotency_key, "\"k\"");
  EXPECT_EQ((*both)->trace, "{\"a\":1}");
  const auto bare = open_envelope(R"({"trace":{}})");
  ASSERT_TRUE(bare && *bare);
  EXPECT_TRUE((*bare)->idempotency_key.empty());
  for (const std::string_view item : {R"({"name":"n","trace":{}})",
                                      R"({"idempotency_key":"k"})",
                                      R"({"trace":{}})"
                                      "x",
                                      "{}",
                                      "[]",
                                      "7",
                                      R"({"trace")",
                                      R"({"trace":)"}) {
    const auto opened = open_envelope(item);
    ASSERT_TRUE(opened) << item;
    EXPECT_FALSE(opened->has_value()) << item;
  }
  EXPECT_FALSE(open_envelope(R"({"trace":{},"trace":{}})"));
}

}  // namespace
}  // namespace infinium::server
