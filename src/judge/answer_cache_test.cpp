#include "judge/answer_cache.h"

#include <gtest/gtest.h>

namespace infinium::judge {
namespace {

Opinion opinion(const char* rationale) {
  Opinion one;
  one.rationale = rationale;
  return one;
}

TEST(AnswerCache, DropsWhatWasNotAskedForLongest) {
  AnswerCache cache(2);
  cache.put(sha256("a"), opinion("a"));
  cache.put(sha256("b"), opinion("b"));
  EXPECT_EQ(cache.find(sha256("a"))->rationale, "a");
  cache.put(sha256("c"), opinion("c"));
  EXPECT_TRUE(cache.find(sha256("a")));
  EXPECT_FALSE(cache.find(sha256("b")));
  EXPECT_TRUE(cache.find(sha256("c")));
  EXPECT_EQ(cache.size(), 2u);
}

TEST(AnswerCache, ASecondAnswerReplacesTheFirst) {
  AnswerCache cache(2);
  cache.put(sha256("a"), opinion("first"));
  cache.put(sha256("a"), opinion("second"));
  EXPECT_EQ(cache.find(sha256("a"))->rationale, "second");
  EXPECT_EQ(cache.size(), 1u);
}

TEST(AnswerCache, NoRoomKeepsNothing) {
  AnswerCache cache(0);
  cache.put(sha256("a"), opinion("a"));
  EXPECT_FALSE(cache.find(sha256("a")));
}

}  // namespace
}  // namespace infinium::judge
