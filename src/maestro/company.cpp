#include "infinium/company.h"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "maestro/contribution.h"

namespace infinium::maestro {
namespace {

constexpr unsigned kFineBits = 5;  // 32 buckets from one power of two to the next
constexpr std::uint64_t kFine = 1u << kFineBits;

std::uint16_t bucket_of(std::int64_t value) {
  const auto v = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
  if (v < 2 * kFine) {
    return static_cast<std::uint16_t>(v);
  }
  const auto shift = static_cast<unsigned>(std::bit_width(v)) - kFineBits - 1;
  return static_cast<std::uint16_t>(((shift + 1) << kFineBits) + ((v >> shift) & (kFine - 1)));
}

std::int64_t end_of_bucket(std::uint16_t bucket) {
  if (bucket < 2 * kFine) {
    return bucket;
  }
  const unsigned shift = (bucket >> kFineBits) - 1;
  const std::uint64_t low = (kFine + (bucket & (kFine - 1))) << shift;
  return static_cast<std::int64_t>(low + (std::uint64_t{1} << shift) - 1);
}

/// Spreads the bits of a hash, so that sums of them tell sets apart (the finaliser of splitmix64).
std::uint64_t spread(std::uint64_t x) {
  x = (x ^ (x >> 30u)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27u)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31u);
}

std::uint64_t hash_of(const Contribution& contribution) {
  return spread(fnv1a(encode_contribution(contribution), fnv1a(contribution.run.trace_id)));
}

template <class T>
void insert_sorted(std::vector<T>& sorted, const T& value) {
  sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), value), value);
}

/// Takes out one equal element, if there is one.
template <class T>
void erase_sorted(std::vector<T>& sorted, const T& value) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (at != sorted.end() && *at == value) {
    sorted.erase(at);
  }
}

template <class T>
void keep_last(std::vector<T>& sorted, std::size_t most) {
  if (sorted.size() > most) {
    sorted.erase(sorted.begin(), sorted.end() - static_cast<std::ptrdiff_t>(most));
  }
}

bool contradict(const Sibling& a, const Sibling& b) {
  return !a.inputs.empty() && !b.inputs.empty() &&
         std::none_of(a.inputs.begin(), a.inputs.end(), [&](std::uint64_t value) {
           return std::binary_search(b.inputs.begin(), b.inputs.end(), value);
         });
}

}  // namespace

void Counts::add(std::uint16_t key, std::int64_t times) {
  auto at = std::lower_bound(
      entries_.begin(), entries_.end(), key, [](const Entry& entry, std::uint16_t k) {
        return entry.first < k;
      });
  if (at == entries_.end() || at->first != key) {
    at = entries_.insert(at, {key, 0});
  }
  at->second += times;
  if (at->second == 0) {
    entries_.erase(at);
  }
}

void Counts::add(const Counts& other, std::int64_t times) {
  for (const auto& [key, count] : other.entries_) {
    add(key, count * times);
  }
}

std::int64_t Counts::at(std::uint16_t key) const {
  const auto at = std::lower_bound(
      entries_.begin(), entries_.end(), key, [](const Entry& entry, std::uint16_t k) {
        return entry.first < k;
      });
  return at == entries_.end() || at->first != key ? 0 : at->second;
}

void Histogram::add(std::int64_t value, std::int64_t times) {
  buckets_.add(bucket_of(value), times);
  total_ += times;
}

void Histogram::merge(const Histogram& other, std::int64_t times) {
  buckets_.add(other.buckets_, times);
  total_ += other.total_ * times;
}

double Histogram::percentile_of(std::int64_t value) const {
  if (total_ <= 0) {
    return 0.5;
  }
  const std::uint16_t own = bucket_of(value);
  double below = 0;
  for (const auto& [bucket, count] : buckets()) {
    if (bucket > own) {
      break;
    }
    below += static_cast<double>(count) / (bucket == own ? 2 : 1);
  }
  return below / static_cast<double>(total_);
}

std::int64_t Histogram::upper_end(std::uint16_t bucket) { return end_of_bucket(bucket); }

std::int64_t Histogram::value_at(double percentile) const {
  double seen = 0;
  for (const auto& [bucket, count] : buckets()) {
    seen += static_cast<double>(count);
    if (seen >= percentile * static_cast<double>(total_)) {
      return end_of_bucket(bucket);
    }
  }
  return buckets().empty() ? 0 : end_of_bucket(buckets().back().first);
}

std::uint64_t digest_of(std::span<const Sibling> siblings) {
  std::uint64_t sum = 0;
  for (const Sibling& run : siblings) {
    Contribution of_run;
    of_run.run = run;
    sum += hash_of(of_run);
  }
  return sum;
}

void Company::add(const Contribution& contribution) {
  count(contribution);
  keep(contribution.run);
}

void Company::add(const TaskData& trace, std::string_view trace_id, std::int64_t order) {
  Contribution contribution = contribution_of(trace, trace_id);
  contribution.run.order = order;
  add(contribution);
}

void Company::subtract(const Contribution& contribution) {
  count(contribution, -1);
  const auto task = tasks_.find(contribution.run.task);
  if (task == tasks_.end()) {
    return;
  }
  Runs& runs = task->second;
  tasks_by_age_.erase({runs.back().order, task->first});
  erase_sorted(runs, contribution.run);
  if (runs.empty()) {
    tasks_.erase(task);
  } else {
    tasks_by_age_.emplace(runs.back().order, task->first);
  }
}

void Company::subtract(const TaskData& trace, std::string_view trace_id, std::int64_t order) {
  Contribution contribution = contribution_of(trace, trace_id);
  contribution.run.order = order;
  subtract(contribution);
}

void Company::count(const Contribution& contribution) { count(contribution, 1); }

void Company::count(const Contribution& contribution, std::int64_t times) {
  sample_size_ += times;
  digest_ += static_cast<std::uint64_t>(times) * hash_of(contribution);
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    histograms_[i].add(contribution.values[i], times);
  }
  pairs_.add(contribution.pairs, times);
  leaves_.add(contribution.leaves, times);
  count_version(contribution, times);
}

void Company::count_version(const Contribution& contribution, std::int64_t times) {
  if (times < 0 && !versions_.contains(contribution.version)) {
    return;  // it was forgotten
  }
  VersionRuns& runs = versions_[contribution.version];
  runs.count += times;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    runs.histograms[i].add(contribution.values[i], times);
  }
  const LatestRun run{contribution.run.order, contribution.run.trace_id, contribution.values};
  if (times < 0) {
    erase_sorted(runs.latest, run);
  } else {
    insert_sorted(runs.latest, run);
    keep_last(runs.latest, kLatestMax);
  }
  if (runs.count == 0) {
    versions_.erase(contribution.version);
  }
  forget_oldest_version();
}

void Company::forget_oldest_version() {
  const auto age = [](const auto& entry) {
    return std::pair(entry.second.latest.empty() ? 0 : entry.second.latest.back().order,
                     entry.first);
  };
  while (versions_.size() > kVersionsMax) {
    versions_.erase(std::ranges::min_element(versions_, {}, age));
  }
}

void Company::keep(const Sibling& sibling) {
  if (sibling.task == 0) {
    return;
  }
  Runs& runs = tasks_[sibling.task];
  if (!runs.empty()) {
    tasks_by_age_.erase({runs.back().order, sibling.task});
  }
  insert_sorted(runs, sibling);
  keep_last(runs, kSiblingsMax);
  tasks_by_age_.emplace(runs.back().order, sibling.task);
  forget_oldest_tasks();
}

void Company::forget_oldest_tasks() {
  while (tasks_.size() > kTasksMax) {
    tasks_.erase(tasks_by_age_.begin()->second);
    tasks_by_age_.erase(tasks_by_age_.begin());
    forgot_tasks_ = true;
  }
}

void Company::merge(const Company& other) {
  sample_size_ += other.sample_size_;
  digest_ += other.digest_;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    histograms_[i].merge(other.histograms_[i]);
  }
  pairs_.add(other.pairs_);
  leaves_.add(other.leaves_);
  for (const auto& [version, more] : other.versions_) {
    VersionRuns& runs = versions_[version];
    runs.count += more.count;
    for (std::size_t i = 0; i < kMetricCount; ++i) {
      runs.histograms[i].merge(more.histograms[i]);
    }
    for (const LatestRun& run : more.latest) {
      insert_sorted(runs.latest, run);
    }
    keep_last(runs.latest, kLatestMax);
  }
  forget_oldest_version();
  // A task is taken over as a whole before one is forgotten, so that it makes no difference which
  // of two companies is merged into the other.
  for (const auto& [task, more] : other.tasks_) {
    Runs& runs = tasks_[task];
    if (!runs.empty()) {
      tasks_by_age_.erase({runs.back().order, task});
    }
    for (const Sibling& run : more) {
      insert_sorted(runs, run);
    }
    keep_last(runs, kSiblingsMax);
    tasks_by_age_.emplace(runs.back().order, task);
  }
  forget_oldest_tasks();
  as_of_ = std::max(as_of_, other.as_of_);  // of one form, so the later is the greater
  forgot_tasks_ = forgot_tasks_ || other.forgot_tasks_;
}

Company Company::about(const Contribution& run) const {
  Company part;
  part.sample_size_ = sample_size_;
  part.digest_ = digest_;
  part.histograms_ = histograms_;
  if (const VersionRuns* runs = runs_with(run.version)) {
    part.versions_.emplace(run.version, *runs);
  }
  part.as_of_ = as_of_;
  for (const auto& [slot, times] : run.pairs.entries()) {
    part.pairs_.add(slot, pairs_.at(slot));
  }
  for (const auto& [slot, times] : run.leaves.entries()) {
    part.leaves_.add(slot, leaves_.at(slot));
  }
  for (const Sibling& sibling : runs_of(run.run.task)) {
    part.keep(sibling);
  }
  return part;
}

std::span<const Sibling> Company::runs_of(std::uint64_t task) const {
  const auto found = tasks_.find(task);
  return found == tasks_.end() ? std::span<const Sibling>() : std::span(found->second);
}

std::vector<Sibling> Company::siblings_of(const Sibling& run) const {
  std::vector<Sibling> siblings;
  for (const Sibling& other : runs_of(run.task)) {
    if (!contradict(run, other)) {
      siblings.push_back(other);
    }
  }
  return siblings;
}

const VersionRuns* Company::runs_with(std::uint64_t version) const {
  const auto found = versions_.find(version);
  return found == versions_.end() ? nullptr : &found->second;
}

std::int64_t Company::times_left(const std::string& from) const {
  return std::max<std::int64_t>(0, leaves_.at(leave_slot(from)));
}

double Company::frequency(const std::string& from, const std::string& to) const {
  const std::int64_t left = leaves_.at(leave_slot(from));
  const std::int64_t passed = pairs_.at(pair_slot(from, to));
  return left <= 0 ? 0 : std::min(1.0, static_cast<double>(passed) / static_cast<double>(left));
}

std::string Company::digest() const {
  if (sample_size_ == 0) {
    return {};
  }
  const std::uint64_t hash = spread(digest_ ^ static_cast<std::uint64_t>(sample_size_));
  std::string bytes;
  for (int byte = 7; byte >= 0; --byte) {
    bytes += static_cast<char>((hash >> (8 * byte)) & 0xffu);
  }
  return to_hex(bytes);
}

}  // namespace infinium::maestro
