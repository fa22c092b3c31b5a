#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "codec/json_text.h"
#include "infinium/json.h"
#include "pipeline/pipeline.h"
#include "pipeline/result_hub.h"
#include "store/sqlite/open.h"

namespace infinium::pipeline {

/// A store of a test's own, with Maestro behind it where a test wants.
class StoreBed : public testing::Test {
 protected:
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
    store_.reset();
    auto opened = store::sqlite::open(
        {.folder = folder_, .disk_reserve_bytes = 0}, system_clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened->store);
  }

  /// A run that books a room. Runs of the same `task` are siblings.
  static std::string booking(int task, const std::string& room = "blue", int seconds = 1) {
    return R"({"name":"book","description":"d","current_datetime":"2026-01-31T12:00:00Z",)"
           R"("duration":)" +
           std::to_string(seconds) +
           R"(,"input_summary":"Book a room for order A-4711.","expected_outcome":)"
           R"({"task_objective":"Book the meeting room of floor )" +
           std::to_string(task) +
           R"( for the planning session of the sales team on the requested day in May"},)"
           R"("steps":[{"step_number":1,"action":"tool_use","description":"d","tool_call":{"tool_name":"book_room",)"
           R"("input_summary":"{\"room\":\")" +
           room +
           R"(\"}","output_summary":"{\"ok\":true}"}}],"output_summary":"Booked the meeting room )"
           R"(of floor )" +
           std::to_string(task) + R"( for the planning session of the sales team."})";
  }

  Uuid send(store::AgentKey agent, std::string body) {
    store::NewTrace trace;
    trace.agent = agent;
    trace.trace_id = make_uuid_v7(system_clock_, random_);
    trace.received_at_ms = system_clock_.now_ms();
    trace.body_hash = sha256(body);
    trace.body = std::move(body);
    trace.name = "name";
    const Uuid id = trace.trace_id;
    std::vector<store::NewTrace> one;
    one.push_back(std::move(trace));
    std::promise<bool> stored;
    EXPECT_TRUE(store_->append(std::move(one),
                               [&](auto outcome) { stored.set_value(outcome.has_value()); }));
    EXPECT_TRUE(stored.get_future().get());
    return id;
  }

  /// Lets an engine interpret all that is pending, but what someone else has in hand.
  void interpret_all(int threads = 2, Engine engine = maestro_engine(), std::int64_t but = 0) {
    Pipeline pipeline(*store_,
                      hub_,
                      system_clock_,
                      log_,
                      {.threads = threads, .claim_max = 7},
                      std::move(engine));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (store_->stats().pending > but && std::chrono::steady_clock::now() < deadline) {
      ASSERT_TRUE(store_->check());  // one more commit
    }
    pipeline.stop();
    ASSERT_EQ(store_->stats().pending, but);
  }

  Json result_of(const Uuid& id) {
    const auto found = store_->find_result(std::nullopt, id);
    EXPECT_TRUE(found);
    auto json = codec::parse_json(found ? found->json : "null");
    EXPECT_TRUE(json);
    return json ? *std::move(json) : Json();
  }

  std::vector<std::string> siblings_of(const Uuid& id) {
    const Json result = result_of(id);
    std::vector<std::string> names;
    for (const Json& name : *result.find("baseline")->find("siblings")->if_array()) {
      names.push_back(*name.if_string());
    }
    return names;
  }

  std::int64_t sample_size_of(const Uuid& id) {
    const Json result = result_of(id);
    return *result.find("baseline")->find("sampleSize")->if_number()->as_int64();
  }

  SystemClock system_clock_;
  SystemRandom random_;
  Log log_{system_clock_, LogLevel::error, -1};
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  ResultHub hub_;
};

}  // namespace infinium::pipeline
