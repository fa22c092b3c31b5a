#include "store/sqlite/writer.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <limits>
#include <thread>

#include "store/sqlite/schema.h"
#include "store/sqlite/store_fixture.h"

namespace infinium::store::sqlite {
namespace {

using testing::HasSubstr;

class WriterTest : public StoreTest {
 protected:
  /// Keeps the writer busy with one append until the promise is kept.
  void occupy_writer(std::promise<void>& release) {
    std::promise<void> entered;
    const std::shared_future<void> released = release.get_future().share();
    ASSERT_TRUE(store_->append(only(trace("{}")), [&entered, released](const auto&) {
      entered.set_value();
      released.wait();
    }));
    entered.get_future().wait();
  }
};

TEST_F(WriterTest, RefusesAtOnceWhenTooManyWait) {
  options_.queue_traces_max = 3;
  open();
  std::promise<void> release;
  occupy_writer(release);
  std::atomic<int> answered = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        store_->append(only(trace("{}")), [&](const auto& told) { answered += told ? 1 : 0; }));
  }
  EXPECT_EQ(store_->stats().queued, 3u);
  const Status refused = store_->append(only(trace("{}")), [](const auto&) { FAIL(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("3 traces already wait"));
  release.set_value();
  open();  // closing commits what is queued
  EXPECT_EQ(answered, 3);
  EXPECT_EQ(store_->stats().traces, 4);
  EXPECT_TRUE(append(trace("{}")));
}

TEST_F(WriterTest, RefusesAtOnceWhenTooManyBytesWait) {
  options_.queue_bytes_max = 10'000;
  open();
  std::promise<void> release;
  occupy_writer(release);
  std::string noise(8'000, '\0');  // does not compress
  random_.fill({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
  ASSERT_TRUE(store_->append(only(trace(noise)), [](const auto&) {}));
  const Status refused = store_->append(only(trace(noise)), [](const auto&) { FAIL(); });
  EXPECT_EQ(refused.error().code, Code::unavailable);
  release.set_value();
}

TEST_F(WriterTest, KeepsAReserveOfDiskForWhatIsStored) {
  options_.disk_reserve_bytes = std::numeric_limits<std::int64_t>::max();
  open();
  const auto refused = append(trace("{}"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("MiB of disk left"));
  EXPECT_TRUE(store_->create_agent("still possible", {}));
  EXPECT_TRUE(store_->check());
}

/// A clock that a test moves.
class HandClock final : public Clock {
 public:
  std::int64_t now_ms() const override { return 0; }
  std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::time_point(now);
  }
  std::chrono::milliseconds now{1'000'000};
};

TEST(DiskReserve, LooksAgainAfterAQuarterOfASecond) {
  HandClock clock;
  std::int64_t free = 100;
  int looks = 0;
  DiskReserve disk(
      100,
      [&] {
        ++looks;
        return free;
      },
      clock);
  EXPECT_FALSE(disk.reached());
  free = 99;
  clock.now += std::chrono::milliseconds(249);
  EXPECT_FALSE(disk.reached());
  EXPECT_EQ(looks, 1);
  clock.now += std::chrono::milliseconds(1);
  EXPECT_TRUE(disk.reached());
  free = -1;  // not known: no reason to refuse
  clock.now += DiskReserve::kLookEvery;
  EXPECT_FALSE(disk.reached());
}

/// Puts one row into `meta`, then fails if told so.
class TestJob final : public Job {
 public:
  TestJob(std::string key, std::optional<Error> failure, std::promise<Status> told)
      : key_(std::move(key)), failure_(std::move(failure)), told_(std::move(told)) {}
  Status apply(Connection& connection) override {
    TRY_VOID(connection.query("INSERT INTO meta VALUES(?, 1)").bind(key_).run());
    return failure_ ? Status(*failure_) : Status();
  }
  void finish(const Status& committed) override { told_.set_value(committed); }

 private:
  std::string key_;
  std::optional<Error> failure_;
  std::promise<Status> told_;
};

/// Waits until it is released, so that the next jobs gather in one group.
class GateJob final : public Job {
 public:
  explicit GateJob(std::future<void> open) : open_(std::move(open)) {}
  Status apply(Connection&) override { return {}; }
  void finish(const Status&) override { open_.wait(); }

 private:
  std::future<void> open_;
};

class BareWriterTest : public WriterTest {
 protected:
  void SetUp() override {
    WriterTest::SetUp();
    open();  // makes the schema
    store_.reset();
    auto connection = Connection::open(file());
    ASSERT_TRUE(connection);
    ASSERT_TRUE(prepare_schema(**connection, clock_, random_, {}));
    DiskReserve disk(100, [this] { return free_.load(); }, clock_);
    writer_.emplace(
        *std::move(connection), Writer::Limits{100, 1000}, std::move(disk), clock_, log_);
  }
  void TearDown() override {
    writer_.reset();
    WriterTest::TearDown();
  }

  std::future<Status> submit(std::string key, std::optional<Error> failure = std::nullopt) {
    std::promise<Status> told;
    auto future = told.get_future();
    EXPECT_TRUE(writer_->submit(
        std::make_unique<TestJob>(std::move(key), std::move(failure), std::move(told))));
    return future;
  }

  std::atomic<std::int64_t> free_ = 1000;
  std::optional<Writer> writer_;
};

TEST_F(BareWriterTest, AJobThatFailsForItselfTakesNoNeighbourAlong) {
  std::promise<void> gate;
  ASSERT_TRUE(writer_->submit(std::make_unique<GateJob>(gate.get_future())));
  auto before = submit("before");
  auto broken = submit("broken", Error{Code::corrupt, "its page is broken"});
  auto after = submit("after");
  gate.set_value();
  EXPECT_TRUE(before.get());
  EXPECT_TRUE(after.get());
  EXPECT_EQ(broken.get().error().code, Code::corrupt);
  EXPECT_TRUE(submit("broken").get()) << "the failed job left its row behind";
}

TEST_F(BareWriterTest, AFailureOfTheMachineMeetsTheWholeGroup) {
  std::promise<void> gate;
  ASSERT_TRUE(writer_->submit(std::make_unique<GateJob>(gate.get_future())));
  auto before = submit("before");
  auto broken = submit("broken", Error{Code::unavailable, "the disk is full"});
  gate.set_value();
  EXPECT_EQ(before.get().error().code, Code::unavailable);
  EXPECT_EQ(broken.get().error().code, Code::unavailable);
  EXPECT_TRUE(submit("before").get());
}

TEST_F(BareWriterTest, TakesTracesAgainOnceTheDiskHasRoom) {
  free_ = 10;
  const auto wait_until = [this](bool has_room) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (writer_->room_for(1, 1).has_value() != has_room) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      (void)submit("tick", Error{Code::corrupt, "leaves no row"}).get();
    }
  };
  wait_until(false);
  free_ = 1000;
  // Nothing is submitted from here: the writer must look by itself.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!writer_->room_for(1, 1)) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace infinium::store::sqlite
