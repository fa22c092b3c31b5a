#include "cli/text_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace infinium::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Printable, KeepsOrdinaryTextOfAnyLanguage) {
  EXPECT_EQ(printable("Größe 漢字 🙂 “x”"), "Größe 漢字 🙂 “x”");
}

TEST(Printable, LeavesNothingThatSteersATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");  // the one-byte CSI of ISO 6429
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");  // right-to-left override
  EXPECT_EQ(printable(std::string_view("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Printable, LineEndsBecomeSpaces) { EXPECT_EQ(printable("a\r\n\tb"), "a   b"); }

TEST(Printable, BrokenUtf8IsReplacedByteByByte) {
  EXPECT_EQ(printable("a\xC3"), "a\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xFF\xFE"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Columns, WideTwoCombiningNone) {
  EXPECT_EQ(columns("abc"), 3u);
  EXPECT_EQ(columns("漢字"), 4u);
  EXPECT_EQ(columns("e\xCC\x81"), 1u);
  EXPECT_EQ(columns(""), 0u);
}

TEST(Wrap, BreaksBetweenWords) {
  EXPECT_THAT(wrap("one two three four", 9), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(wrap("one two", 7), ElementsAre("one two"));
  EXPECT_THAT(wrap("  one   two  ", 20), ElementsAre("one two"));
  EXPECT_THAT(wrap("", 10), IsEmpty());
  EXPECT_THAT(wrap("   ", 10), IsEmpty());
}

TEST(Wrap, BreaksInsideAWordThatIsLongerThanALine) {
  EXPECT_THAT(wrap("a abcdefgh", 4), ElementsAre("a", "abcd", "efgh"));
  EXPECT_THAT(wrap("漢字漢字", 5), ElementsAre("漢字", "漢字"));
}

TEST(Shorten, SaysThatSomethingIsMissing) {
  EXPECT_EQ(shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten("abcdefg", 6), "abcde…");
  EXPECT_EQ(shorten("漢字漢字", 4), "漢…");
}

}  // namespace
}  // namespace infinium::cli
