#include "pipeline/current_calibration.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "store/sqlite/open.h"

namespace infinium::pipeline {
namespace {

class CurrentCalibrationTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "infinium-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened =
        store::sqlite::open({.folder = folder_, .disk_reserve_bytes = 0}, clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened->store);
  }

  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static maestro::Calibration taught(double offset) {
    maestro::Calibration made;
    made.outside.emplace().offset = offset;
    return made;
  }

  SystemClock clock_;
  SystemRandom random_;
  Log log_{clock_, LogLevel::error, -1};
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(CurrentCalibrationTest, FollowsTheStoreBackAndForth) {
  CurrentCalibration current;
  current.load(*store_, log_);
  EXPECT_TRUE(current.get()->empty());
  const std::string first = taught(1).encode();
  ASSERT_TRUE(store_->save_calibration(first, ""));
  ASSERT_TRUE(store_->save_calibration(taught(2).encode(), ""));
  current.load(*store_, log_);
  const auto in_hand = current.get();
  EXPECT_EQ(*in_hand, taught(2));
  ASSERT_TRUE(store_->rollback_calibration(1));
  EXPECT_EQ(store_->load_calibration()->bytes, first) << "the same bytes";
  current.load(*store_, log_);
  EXPECT_EQ(*current.get(), taught(1));
  EXPECT_EQ(*in_hand, taught(2)) << "a trace in hand keeps the one it began with";
}

TEST_F(CurrentCalibrationTest, BytesThatDoNotReadBackLeaveEverythingAsShipped) {
  ASSERT_TRUE(store_->save_calibration(taught(1).encode(), ""));
  CurrentCalibration current;
  current.load(*store_, log_);
  ASSERT_FALSE(current.get()->empty());
  ASSERT_TRUE(store_->save_calibration("from another planet", ""));
  current.load(*store_, log_);
  EXPECT_TRUE(current.get()->empty());
}

}  // namespace
}  // namespace infinium::pipeline
