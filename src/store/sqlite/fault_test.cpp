#include <gtest/gtest.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/store_fixture.h"

namespace infinium::store::sqlite {
namespace {

/// What was acknowledged and what was refused of one run.
struct Told {
  std::vector<Uuid> stored;
  std::vector<Uuid> refused;
};

class FaultTest : public StoreTest {
 protected:
  /// Appends, claims and saves, as a server does; faults may strike anywhere.
  void work(Told& told) {
    for (int i = 0; i < 6; ++i) {
      NewTrace one = trace(std::string(2000, static_cast<char>('a' + i)));
      const Uuid id = one.trace_id;
      const auto outcome = append(std::move(one));
      (outcome ? told.stored : told.refused).push_back(id);
      if (!outcome) {
        EXPECT_EQ(outcome.error().code, Code::unavailable);
      }
      if (const auto claims = store_->claim_pending(1); claims && !claims->empty()) {
        (void)save(claims->front().seq);
      }
    }
  }

  void expect_kept(const Told& told) {
    for (const Uuid& id : told.stored) {
      const auto found = store_->find_trace(std::nullopt, id);
      ASSERT_TRUE(found) << "acknowledged, then lost";
      EXPECT_EQ(found->body.size(), 2000u);
    }
    for (const Uuid& id : told.refused) {
      EXPECT_FALSE(store_->find_trace(std::nullopt, id)) << "refused, but stored";
    }
    EXPECT_EQ(store_->stats().traces, static_cast<std::int64_t>(told.stored.size()));
  }

  void expect_sound() {
    const auto connection = Connection::open(file());
    ASSERT_TRUE(connection);
    Query query = (*connection)->query("PRAGMA integrity_check");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.text(0), "ok");
  }

  void run_with_fault_at_each_step(bool lasting) {
    FaultVfs faults;
    bool fired = true;
    int n = 0;
    while (fired && n < 400) {
      SCOPED_TRACE("fault at " + std::to_string(++n));
      std::filesystem::remove_all(options_.folder);
      open();
      ASSERT_TRUE(store_->create_agent("agent", {}));
      faults.arm(n, lasting);
      Told told;
      work(told);
      fired = faults.fired();
      faults.disarm();
      work(told);  // the writer has recovered by itself
      EXPECT_GE(told.stored.size(), 6u);
      expect_kept(told);
      open();
      expect_kept(told);
      store_.reset();
      expect_sound();
    }
    EXPECT_GT(n, 20) << "the faults struck nowhere";
    EXPECT_FALSE(fired);
  }
};

TEST_F(FaultTest, AnyOneFailingWriteLosesNothingThatWasAcknowledged) {
  run_with_fault_at_each_step(false);
}

TEST_F(FaultTest, AFullDiskLosesNothingThatWasAcknowledged) { run_with_fault_at_each_step(true); }

TEST_F(FaultTest, AFaultWhileOpeningIsAnErrorAndTheNextTryWorks) {
  FaultVfs faults;
  bool fired = true;
  for (int n = 1; fired; ++n) {
    SCOPED_TRACE("fault at " + std::to_string(n));
    std::filesystem::remove_all(options_.folder);
    faults.arm(n, false);
    const auto opened = try_open();
    fired = faults.fired();
    faults.disarm();
    if (!opened) {
      EXPECT_EQ(opened.error().code, Code::unavailable);
      open();
      EXPECT_TRUE(store_->check());
      store_.reset();
      expect_sound();
    }
  }
}

TEST_F(FaultTest, ACheckFailsWhileTheDiskDoes) {
  FaultVfs faults;
  open();
  EXPECT_TRUE(store_->check());
  faults.arm(1, true);
  EXPECT_FALSE(store_->check());
  faults.disarm();
  EXPECT_TRUE(store_->check());
  store_.reset();  // its files belong to `faults`
}

}  // namespace
}  // namespace infinium::store::sqlite
