#include "maestro/text_expressions.h"

#include <gtest/gtest.h>

namespace infinium::maestro {
namespace {

/// "value" or "value=stated" of each expression.
std::vector<std::pair<double, double>> read(std::string_view text) {
  std::vector<ValueToken> numbers;
  for (const ValueToken& token : find_values(text)) {
    if (token.kind == ValueKind::number) {
      numbers.push_back(token);
    }
  }
  std::vector<std::pair<double, double>> found;
  for (const Expression& expression : find_expressions(text, numbers)) {
    found.emplace_back(expression.value,
                       expression.stated ? numbers[*expression.stated].number : -1);
  }
  return found;
}

using Pairs = std::vector<std::pair<double, double>>;

void expect_near(const Pairs& got, const Pairs& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i].first, wanted[i].first, 0.005);
    EXPECT_NEAR(got[i].second, wanted[i].second, 0.005);
  }
}

TEST(TextExpressions, ReadsSignsWordsAndBrackets) {
  expect_near(read("12 x 14.60 = EUR 175.20"), {{175.2, 175.2}});
  expect_near(read("That is 860 - 240 = 620, so 3,000 - 620 = 2,380 are missing."),
              {{620, 620}, {2380, 2380}});
  expect_near(read("1.68 x 178 plus 110 is USD 409.04"), {{409.04, 409.04}});
  expect_near(read("Total: (70,0 + 45,0 + 54,7) / 3 = 56,6 %"), {{56.57, 56.6}});
  expect_near(read("500円×2名×3泊で3,000円"), {{3000, 3000}});
  expect_near(read("40 x 905 = PLN 36,200, / 4.30 = EUR 8,418.60"),
              {{36200, 36200}, {8418.6, 8418.6}});
  expect_near(read("breakfast (2 x 16.00) and tax (2 x 3.00)"), {{32, -1}, {6, -1}});
}

TEST(TextExpressions, LeavesProseAlone) {
  for (const char* text : {"9 of 12 pods",
                           "12 packs - 14 days",
                           "from 3 to 5 and 7",
                           "10, 20, 30",
                           "chapter 3. 5 pages",
                           "9 pods\n+ 3",
                           "part 77-1042 is 318",
                           "24/7 is 3"}) {
    EXPECT_TRUE(read(text).empty()) << text;
  }
}

}  // namespace
}  // namespace infinium::maestro
