#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/uuid.h"
#include "server/rate_limit.h"
#include "store/store.h"

namespace infinium::server {

/// Counts failed sign-ins by address: 20 a second are borne, then that address waits before anyone
/// looks anything up. An IPv6 client is its /64. Any thread may call.
class FailureThrottle {
 public:
  /// Whether this address may try now.
  [[nodiscard]] bool may_try(std::string_view address, TimePoint now);
  void record_failure(std::string_view address, TimePoint now);

 private:
  struct Window {
    TimePoint begin;
    int failures = 0;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;
};

/// What the store said of an agent or a reviewer (`Holder`), or that it knows none: remembered so
/// that a request costs no query. Any thread may call.
template <class Holder>
class HolderCache {
 public:
  /// A remembered answer, or `nullopt` for "there is none".
  using Known = std::optional<Holder>;

  /// Nothing: the store has to be asked, and `generation` handed to remember().
  [[nodiscard]] std::optional<Known> find(const Uuid& id);
  [[nodiscard]] std::uint64_t generation();
  /// Keeps an answer of the store, unless clear() was called since `generation` was read: the
  /// answer may be older than the change.
  void remember(const Uuid& id, Known known, std::uint64_t generation);
  void clear();

 private:
  struct Hash {
    std::size_t operator()(const Uuid& id) const noexcept;
  };
  std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::unordered_map<Uuid, Known, Hash> holders_;
  std::unordered_map<Uuid, Known, Hash> strangers_;
};

using CredentialCache = HolderCache<store::Agent>;
using ReviewerCache = HolderCache<store::Reviewer>;

/// Whether somebody may act with this secret: known, enabled, and the secret's hash is the stored
/// one. Takes the same time for every answer.
[[nodiscard]] bool accepts(const CredentialCache::Known& known, std::string_view secret);
[[nodiscard]] bool accepts(const ReviewerCache::Known& known, std::string_view secret);

}  // namespace infinium::server
