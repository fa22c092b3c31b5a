#include "server/credentials.h"

#include <boost/asio/ip/address.hpp>
#include <cstring>
#include <utility>

namespace infinium::server {
namespace {

constexpr int kFailuresPerSecondMax = 20;
constexpr std::size_t kAddressesMax = 10'000;
constexpr std::size_t kStrangersMax = 10'000;

/// IPv4 addresses as they are; of an IPv6 address the /64 that one client owns.
std::string client_of(std::string_view address) {
  boost::system::error_code ec;
  const auto parsed = boost::asio::ip::make_address(std::string(address), ec);
  if (ec || !parsed.is_v6()) {
    return std::string(address);
  }
  const auto v6 = parsed.to_v6();
  const auto bytes = v6.to_bytes();
  return v6.is_v4_mapped() ? std::string(address)
                           : to_hex({reinterpret_cast<const char*>(bytes.data()), 8});
}

template <class Holder>
bool is_accepted(const std::optional<Holder>& known, std::string_view secret) {
  const Sha256 given = sha256(secret);
  const bool right = equal_in_constant_time(given, known ? known->secret_hash : Sha256{});
  const bool enabled = known && !known->disabled;
  return static_cast<bool>(static_cast<int>(right) & static_cast<int>(enabled));
}

}  // namespace

bool FailureThrottle::may_try(std::string_view address, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (windows_.empty()) {
    return true;  // nobody failed lately: the usual case costs nothing
  }
  const auto it = windows_.find(client_of(address));
  if (it == windows_.end()) {
    return true;
  }
  if (now - it->second.begin >= std::chrono::seconds(1)) {
    windows_.erase(it);
    return true;
  }
  return it->second.failures < kFailuresPerSecondMax;
}

void FailureThrottle::record_failure(std::string_view address, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (windows_.size() >= kAddressesMax) {
    std::erase_if(windows_, [now](const auto& entry) {
      return now - entry.second.begin >= std::chrono::seconds(1);
    });
    if (windows_.size() >= kAddressesMax) {
      return;  // more addresses than that fail within a second: the limit per address is no help
    }
  }
  Window& window = windows_.try_emplace(client_of(address), Window{now, 0}).first->second;
  if (now - window.begin >= std::chrono::seconds(1)) {
    window = {now, 0};
  }
  ++window.failures;
}

template <class Holder>
std::size_t HolderCache<Holder>::Hash::operator()(const Uuid& id) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, id.bytes.data() + 8, sizeof hash);
  return hash;
}

template <class Holder>
auto HolderCache<Holder>::find(const Uuid& id) -> std::optional<Known> {
  const std::lock_guard lock(mutex_);
  for (const auto* map : {&holders_, &strangers_}) {
    if (const auto it = map->find(id); it != map->end()) {
      return it->second;
    }
  }
  return std::nullopt;
}

template <class Holder>
std::uint64_t HolderCache<Holder>::generation() {
  const std::lock_guard lock(mutex_);
  return generation_;
}

template <class Holder>
void HolderCache<Holder>::remember(const Uuid& id, Known known, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_) {
    return;
  }
  if (known) {
    holders_.insert_or_assign(id, std::move(known));
    return;
  }
  if (strangers_.size() >= kStrangersMax) {
    strangers_.clear();  // whoever makes up ids must not fill the memory
  }
  strangers_.insert_or_assign(id, std::nullopt);
}

template <class Holder>
void HolderCache<Holder>::clear() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  holders_.clear();
  strangers_.clear();
}

template class HolderCache<store::Agent>;
template class HolderCache<store::Reviewer>;

bool accepts(const CredentialCache::Known& known, std::string_view secret) {
  return is_accepted(known, secret);
}

bool accepts(const ReviewerCache::Known& known, std::string_view secret) {
  return is_accepted(known, secret);
}

}  // namespace infinium::server
