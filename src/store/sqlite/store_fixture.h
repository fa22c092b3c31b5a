#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/try.h"
#include "store/sqlite/open.h"

/// For tests only: a store in a folder of its own.
namespace infinium::store::sqlite {

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "infinium-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.folder = folder_;
    options_.disk_reserve_bytes = 0;
  }

  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Opens the folder, again if it is open.
  void open() {
    store_.reset();
    auto opened = sqlite::open(options_, clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened->store);
  }

  Result<Opened> try_open() { return sqlite::open(options_, clock_, random_, log_); }

  NewTrace trace(std::string body, std::optional<Uuid> key = std::nullopt) {
    NewTrace made;
    made.agent = 1;
    made.trace_id = make_uuid_v7(clock_, random_);
    made.idempotency_key = key;
    made.received_at_ms = clock_.now_ms();
    made.body_hash = sha256(body);
    made.body = std::move(body);
    made.name = "name";
    return made;
  }

  static std::vector<NewTrace> only(NewTrace trace) {
    std::vector<NewTrace> one;
    one.push_back(std::move(trace));
    return one;
  }

  /// Appends one and waits for its outcome.
  Result<Appended> append(NewTrace one) {
    std::promise<Result<Appended>> promise;
    const Status queued = store_->append(only(std::move(one)), [&](auto outcome) {
      if (outcome) {
        promise.set_value(outcome->front());
      } else {
        promise.set_value(outcome.error());
      }
    });
    if (!queued) {
      return queued.error();
    }
    return promise.get_future().get();
  }

  Status save(std::int64_t seq) {
    std::promise<Status> promise;
    TRY_VOID(store_->save_results({{seq, "{}", Verdict::failed, 1, "0", {}}},
                                  [&](Status saved) { promise.set_value(std::move(saved)); }));
    return promise.get_future().get();
  }

  [[nodiscard]] std::filesystem::path file() const { return options_.folder / "infinium.db"; }

  SystemClock clock_;
  SystemRandom random_;
  Log log_{clock_, LogLevel::error, -1};  // faults are on purpose: no lines about them
  std::filesystem::path folder_;          ///< the test's own
  Options options_;
  std::unique_ptr<Store> store_;
};

}  // namespace infinium::store::sqlite
