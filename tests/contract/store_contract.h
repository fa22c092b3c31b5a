#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "store/store.h"

/// The conformance suite of store.h: what every store must do. A store takes part by naming a
/// StoreFactory in INSTANTIATE_TEST_SUITE_P(…, StoreContract, …), and for HistoryContract and
/// ReviewingContract.
namespace infinium::store {

/// How one kind of store is opened on a folder. It is opened again on the same folder to show what
/// outlives a process.
struct StoreFactory {
  const char* name = "";
  std::function<Result<std::unique_ptr<Store>>(
      const std::filesystem::path&, const Clock&, Random&, Log&)>
      open;
};

inline void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }

class StoreContract : public testing::TestWithParam<StoreFactory> {
 protected:
  static constexpr std::chrono::seconds kDeadline{20};
  static constexpr std::int64_t kMsPerHour = 3'600'000;

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "infinium-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    open();
  }

  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    auto opened = GetParam().open(folder_, clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }

  void reopen() {
    store_.reset();
    open();
  }

  Agent agent(std::string name = "agent") {
    auto made = store_->create_agent(std::move(name), sha256("secret"));
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : Agent{};
  }

  NewTrace trace(const Agent& of, std::string body, std::optional<Uuid> key = std::nullopt) {
    NewTrace made;
    made.agent = of.key;
    made.trace_id = id();
    made.idempotency_key = key;
    made.received_at_ms = clock_.now_ms();
    made.body_hash = sha256(body);
    made.body = std::move(body);
    made.name = "a name";
    made.current_datetime_ms = made.received_at_ms - 5;
    made.duration = 1.5;
    return made;
  }

  Uuid id() { return make_uuid_v7(clock_, random_); }

  /// A random id of version 4.
  Uuid random_key() {
    Uuid key = id();
    key.bytes[6] = static_cast<std::uint8_t>(0x40 | (key.bytes[6] & 0x0f));
    return key;
  }

  Result<std::vector<Appended>> append(std::vector<NewTrace> traces) {
    auto promise = std::make_shared<std::promise<Result<std::vector<Appended>>>>();
    auto future = promise->get_future();
    const Status queued = store_->append(
        std::move(traces), [promise](auto outcome) { promise->set_value(std::move(outcome)); });
    if (!queued) {
      return queued.error();
    }
    if (future.wait_for(kDeadline) != std::future_status::ready) {
      return Error{Code::timeout, "no answer"};
    }
    return future.get();
  }

  Appended append_one(NewTrace one) {
    std::vector<NewTrace> traces;
    traces.push_back(std::move(one));
    auto outcome = append(std::move(traces));
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome && outcome->size() == 1 ? outcome->front() : Appended{};
  }

  Status save(std::vector<NewResult> results) {
    auto promise = std::make_shared<std::promise<Status>>();
    auto future = promise->get_future();
    const Status queued = store_->save_results(
        std::move(results), [promise](Status saved) { promise->set_value(std::move(saved)); });
    if (!queued) {
      return queued;
    }
    if (future.wait_for(kDeadline) != std::future_status::ready) {
      return Error{Code::timeout, "no answer"};
    }
    return future.get();
  }

  static NewResult result(std::int64_t seq, Verdict verdict = Verdict::succeeded) {
    return {seq,
            R"({"verdict":"x"})",
            verdict,
            80.0,
            "0.1.0",
            {{"loop.repeated_call", "00ff"}, {"output.empty", "11ee"}}};
  }

  /// Traces t0 … t(n-1) in one batch, received an hour apart.
  void fill(const Agent& owner, int count, std::int64_t start_ms) {
    std::vector<NewTrace> batch;
    for (int i = 0; i < count; ++i) {
      NewTrace one = trace(owner, "{\"n\":\"Body " + std::to_string(i) + "\"}");
      one.name = "t" + std::to_string(i);
      one.received_at_ms = start_ms + i * kMsPerHour;
      batch.push_back(std::move(one));
    }
    ASSERT_TRUE(append(std::move(batch)));
  }

  /// The names on a page, in its order.
  std::vector<std::string> list(const ListQuery& query) {
    const auto page = store_->list_traces(query);
    EXPECT_TRUE(page) << page.error().message;
    std::vector<std::string> names;
    for (const TraceRow& row : page ? page->rows : std::vector<TraceRow>{}) {
      names.push_back(row.name);
    }
    return names;
  }

  SystemClock clock_;
  SystemRandom random_;
  Log log_{clock_, LogLevel::error};
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace infinium::store
