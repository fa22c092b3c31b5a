#include "judge/answer_cache.h"

namespace infinium::judge {

std::optional<Opinion> AnswerCache::find(const Sha256& request) {
  const auto found = by_hash_.find(request);
  if (found == by_hash_.end()) {
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->second;
}

void AnswerCache::put(const Sha256& request, const Opinion& opinion) {
  if (const auto found = by_hash_.find(request); found != by_hash_.end()) {
    entries_.erase(found->second);
    by_hash_.erase(found);
  }
  entries_.emplace_front(request, opinion);
  by_hash_.emplace(request, entries_.begin());
  while (by_hash_.size() > entries_max_) {
    by_hash_.erase(entries_.back().first);
    entries_.pop_back();
  }
}

}  // namespace infinium::judge
