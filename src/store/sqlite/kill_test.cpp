#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "store/sqlite/connection.h"
#include "store/sqlite/store_fixture.h"

namespace infinium::store::sqlite {
namespace {

constexpr int kRounds = 20;
constexpr int kOnWay = 16;   ///< appends that wait at a time
constexpr int kResent = 40;  ///< traces of the round before that are sent again
constexpr int kAcksMax = 300;

/// A process that stores traces until it is killed, and reports each acknowledgement.
class KillTest : public StoreTest {
 protected:
  /// The key of the i-th trace: every other one is a UUIDv7.
  static Uuid key_of(std::uint32_t i) {
    Uuid key;
    key.bytes[6] = i % 2 == 0 ? 0x70 : 0x40;
    key.bytes[8] = 0x80;
    for (std::size_t b = 0; b < 4; ++b) {
      key.bytes[12 + b] = static_cast<std::uint8_t>(i >> (8 * b));
    }
    return key;
  }
  static std::string body_of(std::uint32_t i) {
    return "{\"i\":" + std::to_string(i) + ",\"text\":\"" + std::string(i % 3000, 'x') + "\"}";
  }

  /// In the child: never returns.
  [[noreturn]] void store_until_killed(std::uint32_t from, int pipe) {
    auto opened = try_open();
    if (!opened) {
      ::_exit(2);
    }
    store_ = std::move(opened->store);
    std::thread maestro([this] { interpret_for_ever(); });
    std::mutex mutex;
    std::condition_variable room;
    int on_way = 0;
    for (std::uint32_t i = from;; ++i) {
      std::unique_lock lock(mutex);
      room.wait(lock, [&] { return on_way < kOnWay; });
      ++on_way;
      lock.unlock();
      const Status queued = store_->append(only(trace(body_of(i), key_of(i))), [&, i](auto told) {
        if (!told || told->front().kind == Appended::Kind::conflict ||
            ::write(pipe, &i, sizeof i) != sizeof i) {
          ::_exit(3);
        }
        const std::scoped_lock done(mutex);
        --on_way;
        room.notify_one();
      });
      if (!queued) {
        ::_exit(4);
      }
    }
  }

  void interpret_for_ever() {
    while (true) {
      const auto claims = store_->claim_pending(8);
      if (!claims) {
        ::_exit(5);
      }
      for (const ClaimedTrace& claim : *claims) {
        if (!save(claim.seq)) {
          ::_exit(6);
        }
      }
    }
  }

  /// Runs a child and kills it after that many acknowledgements; adds them to `acked`.
  void run_and_kill(std::uint32_t from, int acks, std::set<std::uint32_t>& acked) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      store_until_killed(from, ends[1]);
    }
    ::close(ends[1]);
    std::uint32_t i = 0;
    int seen = 0;
    while (::read(ends[0], &i, sizeof i) == sizeof i) {  // to the end: what came before the kill
      acked.insert(i);
      if (++seen == acks) {
        ::kill(child, SIGKILL);
      }
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
  }

  /// How often each body is stored.
  std::map<std::string, int> stored_bodies() {
    std::map<std::string, int> bodies;
    ListQuery query;
    query.limit = 1000;
    do {
      const auto page = store_->list_traces(query);
      EXPECT_TRUE(page);
      for (const TraceRow& row : page->rows) {
        const auto found = store_->find_trace(row.agent, row.trace_id);
        EXPECT_TRUE(found);
        EXPECT_LE(found->interpretation_count, 1);
        ++bodies[found->body];
      }
      query.before_seq = page->next_before;
    } while (query.before_seq);
    return bodies;
  }
};

TEST_F(KillTest, WhatWasAcknowledgedIsThereOnceAfterAKillAtAnyMoment) {
  std::mt19937 random(20260131);
  std::set<std::uint32_t> acked;
  open();
  ASSERT_TRUE(store_->create_agent("agent", {}));
  store_.reset();
  for (int round = 0; round < kRounds; ++round) {
    const std::uint32_t last = acked.empty() ? 0 : *acked.rbegin();
    const std::uint32_t from = last < kResent ? 0 : last - kResent;
    const int acks = 1 + static_cast<int>(random() % kAcksMax);
    ASSERT_NO_FATAL_FAILURE(run_and_kill(from, acks, acked));
  }
  open();
  const std::map<std::string, int> bodies = stored_bodies();
  for (const std::uint32_t i : acked) {
    const auto found = bodies.find(body_of(i));
    ASSERT_NE(found, bodies.end()) << "acknowledged, then lost: " << i;
    EXPECT_EQ(found->second, 1) << "stored twice: " << i;
  }
  EXPECT_GE(acked.size(), 100u);
  EXPECT_EQ(store_->stats().traces, static_cast<std::int64_t>(bodies.size()));
  store_.reset();
  const auto connection = Connection::open(file());
  ASSERT_TRUE(connection);
  Query query = (*connection)->query("PRAGMA integrity_check");
  ASSERT_TRUE(query.step());
  EXPECT_EQ(query.text(0), "ok");
}

}  // namespace
}  // namespace infinium::store::sqlite
