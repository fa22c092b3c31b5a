#include "store/sqlite/text_search.h"

#include <gtest/gtest.h>

namespace infinium::store::sqlite {
namespace {

std::string unescaped(std::string_view json) {
  std::string out;
  unescape_json(json, out);
  return out;
}

TEST(UnescapeJson, UndoesEveryEscape) {
  EXPECT_EQ(unescaped(R"(a\"b\\c\/d\n\t\r\b\f)"), "a\"b\\c/d\n\t\r\b\f");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u20ac)"), "A\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(unescaped(R"(x\ud83d\ude00y)"), "x\xF0\x9F\x98\x80y");
}

TEST(UnescapeJson, EndsWellOnBrokenEscapes) {
  for (const char* broken : {"\\",
                             "a\\",
                             "\\u",
                             "\\u12",
                             "\\uzzzz",
                             "\\ud83d\\u",
                             "\\ud83d\\u0041",
                             "\\udc00",
                             "\\u+123"}) {
    unescaped(broken);
  }
  EXPECT_EQ(unescaped("\\uzzzz!"), "zzzz!");
}

TEST(TextFilter, IgnoresAsciiCaseOnly) {
  TextFilter filter("WeEk");
  EXPECT_TRUE(filter.in_text("the WEEKLY report"));
  EXPECT_FALSE(filter.in_text("the wee report"));
  TextFilter accent("\xC3\xA9");
  EXPECT_TRUE(accent.in_json("{\"a\":\"caf\\u00E9\"}"));
  EXPECT_FALSE(accent.in_json("{\"a\":\"caf\\u00C9\"}"));
}

TEST(TextFilter, AnEmptyTextIsEverywhere) {
  TextFilter filter("");
  EXPECT_TRUE(filter.in_text(""));
  EXPECT_TRUE(filter.in_json("{}"));
}

TEST(TextFilter, FindsAtTheEdges) {
  EXPECT_TRUE(TextFilter("ab").in_text("ab"));
  EXPECT_TRUE(TextFilter("b").in_text("ab"));
  EXPECT_FALSE(TextFilter("abc").in_text("ab"));
}

}  // namespace
}  // namespace infinium::store::sqlite
