#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "judge/opinion.h"

namespace infinium::judge {

/// Opinions that were given, by the hash of the request; the one that was not asked for longest
/// goes first when it is full. Not thread-safe.
class AnswerCache {
 public:
  /// `entries_max` 0: nothing is kept. An entry is at most about 100 KB, as a rule 2 KB.
  explicit AnswerCache(std::size_t entries_max) : entries_max_(entries_max) {}

  [[nodiscard]] std::optional<Opinion> find(const Sha256& request);
  void put(const Sha256& request, const Opinion& opinion);
  [[nodiscard]] std::size_t size() const { return by_hash_.size(); }

 private:
  using Entries = std::list<std::pair<Sha256, Opinion>>;

  std::size_t entries_max_;
  Entries entries_;  ///< the one asked for last is in front
  std::map<Sha256, Entries::iterator> by_hash_;
};

}  // namespace infinium::judge
