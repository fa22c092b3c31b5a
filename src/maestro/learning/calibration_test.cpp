#include "infinium/calibration.h"

#include <gtest/gtest.h>

#include <limits>

#include "maestro/outcome/exact_math.h"

namespace infinium::maestro {
namespace {

Calibration example() {
  Calibration made;
  made.inside.emplace().offset = -0.25;
  made.inside->weights[3] = 1.5;
  made.inside->runs = 70;
  made.rules = {{"F1", {}}, {"S1", {}}};
  made.rules[1].agreement.fill(0.9);
  made.learned_with = "0123456789abcdef";
  return made;
}

TEST(Calibration, ComesBackFromItsBytes) {
  for (const Calibration& one : {example(), Calibration{}}) {
    const auto read = Calibration::decode(one.encode());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, one);
    EXPECT_EQ(read->encode(), one.encode());
  }
  EXPECT_TRUE(Calibration{}.empty());
  EXPECT_FALSE(example().empty());
}

TEST(Calibration, IsBounded) {
  Calibration most = example();
  most.outside = most.inside;
  most.learned_with = std::string(32, 'x');
  most.rules.clear();
  for (std::size_t i = 0; i < Calibration::kRulesMax; ++i) {
    most.rules.push_back({std::string(28, 'r') + std::to_string(100 + i), {}});
  }
  EXPECT_LE(most.encode().size(), Calibration::kBytesMax);
  EXPECT_EQ(*Calibration::decode(most.encode()), most);
  EXPECT_EQ(Calibration::decode(std::string(Calibration::kBytesMax + 1, 'x')).error().code,
            Code::too_large);
}

TEST(Calibration, NoDamagedByteIsTaken) {
  const std::string bytes = example().encode();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(Calibration::decode(changed)) << i;
    EXPECT_FALSE(Calibration::decode(bytes.substr(0, i))) << i;
  }
  EXPECT_EQ(Calibration::decode(bytes + "x").error().code, Code::corrupt);
}

TEST(Calibration, NoValueOutOfBoundsIsTaken) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), 1e9}) {
    Calibration made = example();
    made.inside->offset = bad;
    EXPECT_EQ(Calibration::decode(made.encode()).error().code, Code::corrupt);
    made = example();
    made.rules[0].agreement[2] = bad;
    EXPECT_EQ(Calibration::decode(made.encode()).error().code, Code::corrupt);
  }
  Calibration unsorted = example();
  std::swap(unsorted.rules[0], unsorted.rules[1]);
  EXPECT_EQ(Calibration::decode(unsorted.encode()).error().code, Code::corrupt);
}

TEST(ExactMath, TheLogarithmUndoesTheExponential) {
  for (double x = -20; x <= 20; x += 0.37) {
    EXPECT_NEAR(exact_log(exact_exp(x)), x, 1e-11) << x;
  }
  EXPECT_NEAR(exact_logit(0.75), 1.0986122886681098, 1e-14);
  EXPECT_NEAR(logistic(exact_logit(0.2)), 0.2, 1e-12);
  EXPECT_LT(exact_logit(1), 14);
  EXPECT_GT(exact_logit(0), -14);
}

}  // namespace
}  // namespace infinium::maestro
