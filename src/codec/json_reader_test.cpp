#include "codec/json_reader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "codec/json_text.h"
#include "codec/utf8.h"

namespace infinium::codec {
namespace {

/// The error message of a text that must not parse.
std::string refusal(std::string_view text) {
  const auto json = parse_json(text);
  if (json) {
    return "accepted";
  }
  EXPECT_EQ(json.error().code, Code::malformed);
  return json.error().message;
}

std::string reprinted(std::string_view text) {
  const auto json = parse_json(text);
  return json ? encode_json(*json) : json.error().message;
}

std::string nested(std::size_t depth, char open, char close) {
  return std::string(depth, open) + std::string(depth, close);
}

TEST(JsonReader, GivesBackWhatItReads) {
  for (const char* text : {"null",
                           "true",
                           "[false,[],{}]",
                           R"({"b":1,"a":[1.50,-0,1e999,123456789012345678901234567890]})",
                           R"("a\"\\\b\f\n\r\t\u0001/é😀")"}) {
    EXPECT_EQ(reprinted(text), text);
  }
  EXPECT_EQ(reprinted(" \t\r\n[ 1 , 2 ] \n"), "[1,2]");
  EXPECT_EQ(reprinted(R"("\u0041\/\u00e9\ud83d\ude00\u0000")"), "\"A/é😀\\u0000\"");
}

TEST(JsonReader, SaysAtWhichByteATextIsNotJson) {
  EXPECT_EQ(refusal(""), "not valid JSON: the text is empty at byte 0");
  EXPECT_EQ(refusal("[1,]"), "not valid JSON: a value was expected at byte 3");
  EXPECT_EQ(refusal("{\"a\":1,}"), "not valid JSON: a key in double quotes was expected at byte 7");
  EXPECT_EQ(refusal("[1] x"), "not valid JSON: more bytes follow the end of the value at byte 4");
  EXPECT_EQ(refusal("\xEF\xBB\xBF{}"),
            "not valid JSON: a byte order mark is not allowed at byte 0");
  EXPECT_EQ(refusal("[\"\\x\"]"),
            "not valid JSON: an escape in a string is not one of JSON's at byte 2");
}

TEST(JsonReader, RefusesWhatJsonDoesNotHave) {
  for (const char* text : {"NaN",         "Infinity",
                           "-Infinity",   "nul",
                           "truE",        "+1",
                           "01",          "-01",
                           ".5",          "1.",
                           "1e",          "1e+",
                           "-",           "0x1",
                           "'a'",         "[1 2]",
                           "{\"a\" 1}",   "{a:1}",
                           "{\"a\":}",    "[",
                           "{",           "\"",
                           "\"\\",        "\"\\u12",
                           "\"\\u12g4\"", "\"\\ud83d",
                           "\"a\nb\"",    "[1]]",
                           "// c\n1",     "\"\\U0041\"",
                           "\"\x7f",      "{\"a\":1",
                           "[1,",         "{\"a\":1 \"b\":2}",
                           "\v1"}) {
    EXPECT_TRUE(refusal(text).starts_with("not valid JSON: ")) << text;
  }
  EXPECT_NE(refusal(std::string_view("1\0", 2)), "accepted");
}

TEST(JsonReader, RefusesInvalidUtf8) {
  for (const char* bytes : {"\x80",
                            "\xC0\xAF",
                            "\xC1\xBF",
                            "\xE0\x9F\xBF",
                            "\xED\xA0\x80",
                            "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80",
                            "\xE2\x82",
                            "\xFF"}) {
    EXPECT_EQ(refusal("[\"ab" + std::string(bytes) + "\"]"),
              "not valid JSON: a string is not valid UTF-8 at byte 4");
    EXPECT_FALSE(is_valid_utf8(bytes));
  }
  const std::string edges =
      "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF";
  EXPECT_EQ(reprinted("\"" + edges + "\""), "\"" + edges + "\"");
  EXPECT_EQ(count_code_points(edges), 7U);
}

TEST(JsonReader, RefusesAKeyThatStandsTwice) {
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"),
            "not valid JSON: a key stands twice in one object at byte 13");
  EXPECT_EQ(refusal(R"([{"x":{"a":1,"\u0061":2}}])"),
            "not valid JSON: a key stands twice in one object at byte 13");
  EXPECT_EQ(reprinted(R"({"a":{"a":1},"b":{"a":2}})"), R"({"a":{"a":1},"b":{"a":2}})");
}

std::string object_of(int keys) {
  std::string text = "{";
  for (int i = 0; i < keys; ++i) {
    text += "\"key" + std::to_string(i) + "\":{\"n\":0},";
  }
  return text;
}

TEST(JsonReader, FindsRepeatedKeysAlsoInLargeObjects) {
  for (const int keys : {15, 16, 17, 500}) {
    const std::string text = object_of(keys);
    EXPECT_NE(refusal(text + "\"key3\":1}")
                  .find("stands twice in one object at byte " + std::to_string(text.size())),
              std::string::npos)
        << keys;
    EXPECT_TRUE(parse_json(text + "\"other\":1}"));
  }
}

TEST(JsonReader, ManyKeysDoNotMakeItSlow) {
  const std::string text = object_of(400'000) + "\"last\":0}";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(parse_json(text));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(JsonReader, LimitsNesting) {
  EXPECT_TRUE(parse_json(nested(64, '[', ']')));
  EXPECT_EQ(refusal(nested(65, '[', ']')),
            "not valid JSON: values are nested deeper than 64 levels at byte 64");
  EXPECT_NE(refusal(std::string(1'000'000, '[')), "accepted");
  const auto deepest = parse_json(std::string(2'000'000, '['), 1'000'000);
  ASSERT_FALSE(deepest);
  EXPECT_NE(deepest.error().message.find("1024 levels"), std::string::npos);
}

TEST(JsonReader, NotesEachLoneSurrogate) {
  const std::string_view text = R"(["\ud83d","\ude00\ud83d\ude00","\ud83dx\ud83d\ud83d\ude00"])";
  JsonReader reader(text, 64);
  Json json;
  ASSERT_TRUE(reader.read_any(json) && reader.finish());
  EXPECT_EQ(reader.lone_surrogates(), (std::vector<std::size_t>{2, 11, 32, 39}));
  EXPECT_EQ(encode_json(json), "[\"\uFFFD\",\"\uFFFD😀\",\"\uFFFDx\uFFFD😀\"]");
}

TEST(JsonReader, ChecksWhatItSkips) {
  for (const char* bad : {R"({"a":1,"a":2})", "\"\xFF\"", "[01]", "[tru]", R"("\q")"}) {
    JsonReader reader(bad, 64);
    EXPECT_FALSE(reader.skip()) << bad;
  }
  JsonReader reader(R"({"a":[1,null,true,"x"]} )", 64);
  EXPECT_TRUE(reader.skip() && reader.finish());
}

TEST(JsonReader, KnowsANumberOfJson) {
  for (const char* good : {"0", "-0", "12", "1.5e-3", "1E+9"}) {
    EXPECT_TRUE(is_json_number(good)) << good;
  }
  for (const char* bad : {"", "-", "00", "1.", "NaN", "1 ", " 1", "0x1", "1e"}) {
    EXPECT_FALSE(is_json_number(bad)) << bad;
  }
}

}  // namespace
}  // namespace infinium::codec
