#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>

#include "codec/generated_trace.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"

/// Our reader against another one, on generated texts and on mutations of them. They may differ
/// only where ours is stricter (repeated keys, nesting, a byte order mark, a NUL) or keeps what the
/// other refuses (lone surrogates, numbers beyond a double).
namespace infinium::codec {
namespace {

using Other = nlohmann::ordered_json;

enum class Answer { yes, no, either };

/// What the other reader says of a text, and which of our stricter rules the text breaks.
class Oracle : public nlohmann::json_sax<Other> {
 public:
  Answer ask(const std::string& text) {
    const bool strange = text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string::npos;
    const bool accepted = Other::sax_parse(text, this);
    return kept_only_by_us_ && !strange       ? Answer::either
           : accepted && !broken_ && !strange ? Answer::yes
                                              : Answer::no;
  }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return enter();
  }
  bool key(string_t& name) override {
    broken_ = broken_ || !keys_.back().insert(name).second;
    return true;
  }
  bool end_object() override {
    keys_.pop_back();
    return leave();
  }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& e) override {
    const std::string message = e.what();
    kept_only_by_us_ = message.find("surrogate") != std::string::npos || e.id == 406;
    return false;
  }

 private:
  bool enter() {
    broken_ = broken_ || ++depth_ > limits::kDepthMax;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  std::vector<std::set<std::string>> keys_;
  std::size_t depth_ = 0;
  bool broken_ = false;
  bool kept_only_by_us_ = false;
};

bool same_value(const Json& ours, const Other& other) {
  if (const bool* flag = ours.if_bool()) {
    return other.is_boolean() && *flag == other.get<bool>();
  }
  if (const JsonNumber* number = ours.if_number()) {
    if (other.is_number_integer() && !other.is_number_unsigned()) {
      return number->as_int64() == other.get<std::int64_t>();
    }
    return other.is_number() && number->as_double() == other.get<double>();
  }
  if (const std::string* text = ours.if_string()) {
    return other.is_string() && *text == other.get_ref<const std::string&>();
  }
  if (const Json::Array* items = ours.if_array()) {
    return other.is_array() &&
           std::equal(items->begin(), items->end(), other.begin(), other.end(), same_value);
  }
  if (const Json::Object* members = ours.if_object()) {
    const auto& theirs = other.items();
    return other.is_object() && members->size() == other.size() &&
           std::equal(members->begin(),
                      members->end(),
                      theirs.begin(),
                      [](const JsonMember& member, const auto& item) {
                        return member.key == item.key() && same_value(member.value, item.value());
                      });
  }
  return other.is_null();
}

/// Changes a text in a few places, mostly into something that is no longer JSON.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string mutate(std::string text) {
    static const std::vector<std::string> kPieces{"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "\\u",
                                                  "\\ud83d",
                                                  "\\ude00",
                                                  "\\u0061",
                                                  "null",
                                                  "true",
                                                  "1",
                                                  "-",
                                                  ".",
                                                  "e",
                                                  "E+",
                                                  "0",
                                                  "1e400",
                                                  " ",
                                                  "\n",
                                                  "/",
                                                  "\t",
                                                  "a",
                                                  "\xEF\xBB\xBF",
                                                  "\xC3",
                                                  "\xA9",
                                                  "\xED\xA0\x80",
                                                  "\xF4\x90\x80\x80",
                                                  "\x1F",
                                                  "NaN",
                                                  "\"a\":1,",
                                                  "[[[[[[[["};
    for (auto left = below(4); left > 0; --left) {
      const std::size_t place = below(text.size() + 1);
      const std::size_t length = std::min<std::size_t>(below(4), text.size() - place);
      switch (below(4)) {
        case 0:
          text.erase(place, length);
          break;
        case 1:
          text.insert(place, kPieces[below(kPieces.size())]);
          break;
        case 2:
          text.replace(place, length, kPieces[below(kPieces.size())]);
          break;
        default:
          text.insert(place, text.substr(below(text.size() + 1), below(40)));
      }
    }
    return text;
  }

  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  std::mt19937_64 random_;
};

TEST(JsonDifferential, AgreesWithAnotherReader) {
  TraceGenerator generator(7);
  Mutator mutator(11);
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = mutator.mutate(encode_json(generator.json()));
    const Answer wanted = Oracle().ask(text);
    const auto ours = parse_json(text);
    if (wanted == Answer::either) {
      continue;
    }
    ASSERT_EQ(ours.has_value(), wanted == Answer::yes) << text;
    if (ours) {
      ASSERT_TRUE(same_value(*ours, Other::parse(text))) << text;
      ASSERT_EQ(encode_json(*parse_json(encode_json(*ours))), encode_json(*ours)) << text;
    }
    (ours ? accepted : refused) += 1;
  }
  // The texts must not be so broken, or so whole, that nothing is compared.
  EXPECT_GT(accepted, 5'000);
  EXPECT_GT(refused, 5'000);
}

TEST(JsonDifferential, TracesAreMalformedExactlyWhenTheOtherReaderSaysSo) {
  TraceGenerator generator(13);
  Mutator mutator(17);
  int malformed = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = mutator.mutate(encode_trace(generator.trace()));
    const Answer wanted = Oracle().ask(text);
    const auto ours = parse_trace(text);
    const bool ours_malformed = !ours && ours.error().code == Code::malformed;
    if (wanted != Answer::either) {
      ASSERT_EQ(ours_malformed, wanted == Answer::no) << text;
    }
    malformed += ours_malformed ? 1 : 0;
    if (ours) {
      const auto again = parse_trace(encode_trace(ours->trace));
      ASSERT_TRUE(again) << again.error().message << '\n' << text;
      ASSERT_TRUE(again->trace == ours->trace) << text;
    }
  }
  EXPECT_GT(malformed, 500);
  EXPECT_LT(malformed, 2'500);
}

}  // namespace
}  // namespace infinium::codec
