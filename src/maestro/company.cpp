#include "infinium/company.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/hash.h"

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

std::int64_t upper_end(std::uint16_t bucket) {
  if (bucket < 2 * kFine) {
    return bucket;
  }
  const unsigned shift = (bucket >> kFineBits) - 1;
  const std::uint64_t low = (kFine + (bucket & (kFine - 1))) << shift;
  return static_cast<std::int64_t>(low + (std::uint64_t{1} << shift) - 1);
}

void bump(std::map<std::uint16_t, std::int64_t>& counts, std::uint16_t key, std::int64_t by) {
  const auto at = counts.try_emplace(key, 0).first;
  at->second += by;
  if (at->second == 0) {
    counts.erase(at);
  }
}

std::uint16_t slot_of(std::string_view from, std::string_view to, std::size_t slots) {
  const std::uint64_t hash = fnv1a(to, fnv1a(std::string_view("\0", 1), fnv1a(from)));
  return static_cast<std::uint16_t>((hash ^ (hash >> 32u)) % slots);
}

std::int64_t rounded(double value) {
  constexpr double kLargest = 9e15;
  return value > 0 ? static_cast<std::int64_t>(std::min(value, kLargest) + 0.5) : 0;
}

std::int64_t tokens_of(const LlmCall& call) {
  return call.prompt_tokens.value_or(0) + call.completion_tokens.value_or(0);
}

std::int64_t tokens_of(const TaskData& trace) {
  if (trace.llm_usage && trace.llm_usage->total_tokens) {
    return *trace.llm_usage->total_tokens;
  }
  if (trace.llm_usage && (trace.llm_usage->prompt_tokens || trace.llm_usage->completion_tokens)) {
    return trace.llm_usage->prompt_tokens.value_or(0) +
           trace.llm_usage->completion_tokens.value_or(0);
  }
  std::int64_t tokens = 0;
  for (const ExecutionStep& step : trace.steps) {
    tokens += step.llm_call ? tokens_of(*step.llm_call) : 0;
  }
  return tokens;
}

bool has_error(const ExecutionStep& step) {
  return step.error || (step.tool_call && step.tool_call->error);
}

void fold(std::uint64_t& hash, std::int64_t value) {
  for (int byte = 0; byte < 8; ++byte) {
    const char c = static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * byte)) & 0xffu);
    hash = fnv1a(std::string_view(&c, 1), hash);
  }
}

void fold(std::uint64_t& hash, const std::map<std::uint16_t, std::int64_t>& counts) {
  fold(hash, static_cast<std::int64_t>(counts.size()));
  for (const auto& [key, count] : counts) {
    fold(hash, key);
    fold(hash, count);
  }
}

void fold(std::uint64_t& hash, const Sibling& run) {
  hash = fnv1a(run.trace_id, hash);
  for (const auto* values : {&run.inputs, &run.writes}) {
    fold(hash, static_cast<std::int64_t>(values->size()));
    for (const std::uint64_t value : *values) {
      fold(hash, static_cast<std::int64_t>(value));
    }
  }
}

}  // namespace

void Histogram::add(std::int64_t value, std::int64_t times) {
  bump(buckets_, bucket_of(value), times);
  total_ += times;
}

void Histogram::merge(const Histogram& other, std::int64_t times) {
  for (const auto& [bucket, count] : other.buckets_) {
    bump(buckets_, bucket, count * times);
  }
  total_ += other.total_ * times;
}

double Histogram::percentile_of(std::int64_t value) const {
  if (total_ <= 0) {
    return 0.5;
  }
  const std::uint16_t own = bucket_of(value);
  double below = 0;
  for (const auto& [bucket, count] : buckets_) {
    below += bucket < own    ? static_cast<double>(count)
             : bucket == own ? static_cast<double>(count) / 2
                             : 0;
  }
  return below / static_cast<double>(total_);
}

std::int64_t Histogram::value_at(double percentile) const {
  double seen = 0;
  for (const auto& [bucket, count] : buckets_) {
    seen += static_cast<double>(count);
    if (seen >= percentile * static_cast<double>(total_)) {
      return upper_end(bucket);
    }
  }
  return buckets_.empty() ? 0 : upper_end(buckets_.rbegin()->first);
}

void Company::add(const TaskData& trace, std::string_view trace_id) {
  count(trace, 1);
  if (Sibling sibling = sibling_of(trace, trace_id); sibling.task != 0) {
    keep(sibling);
  }
}

void Company::subtract(const TaskData& trace, std::string_view trace_id) {
  count(trace, -1);
  const Sibling gone = sibling_of(trace, trace_id);
  const auto task = tasks_.find(gone.task);
  if (task == tasks_.end()) {
    return;
  }
  std::vector<Sibling>& runs = task->second;
  const auto at = std::lower_bound(runs.begin(), runs.end(), gone);
  if (at != runs.end() && *at == gone) {
    runs.erase(at);
  }
  if (runs.empty()) {
    tasks_.erase(task);
  }
}

void Company::keep(const Sibling& sibling) {
  if (tasks_.size() >= kTasksMax && !tasks_.contains(sibling.task)) {
    return;
  }
  std::vector<Sibling>& runs = tasks_[sibling.task];
  runs.insert(std::lower_bound(runs.begin(), runs.end(), sibling), sibling);
  runs.resize(std::min(runs.size(), kSiblingsMax));
}

std::vector<Sibling> Company::siblings_of(const Sibling& run) const {
  std::vector<Sibling> siblings;
  const auto task = tasks_.find(run.task);
  if (run.task == 0 || task == tasks_.end()) {
    return siblings;
  }
  for (const Sibling& other : task->second) {
    const bool silent = run.inputs.empty() || other.inputs.empty();
    const bool agrees =
        silent || std::any_of(run.inputs.begin(), run.inputs.end(), [&](std::uint64_t value) {
          return std::binary_search(other.inputs.begin(), other.inputs.end(), value);
        });
    if (agrees) {
      siblings.push_back(other);
    }
  }
  return siblings;
}

void Company::count(const TaskData& trace, std::int64_t times) {
  sample_size_ += times;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    histograms_[i].add(value_of(trace, static_cast<Metric>(i)), times);
  }
  std::string from;
  const auto pass = [&](const std::string& to) {
    bump(pairs_, slot_of(from, to, kSlots), times);
    bump(leaves_, slot_of(from, "leave", kSlots), times);
    from = to;
  };
  for (const ExecutionStep& step : trace.steps) {
    pass(path_name(step));
  }
  pass({});
}

void Company::merge(const Company& other) {
  sample_size_ += other.sample_size_;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    histograms_[i].merge(other.histograms_[i]);
  }
  for (const auto& [slot, count] : other.pairs_) {
    bump(pairs_, slot, count);
  }
  for (const auto& [slot, count] : other.leaves_) {
    bump(leaves_, slot, count);
  }
  for (const auto& [task, runs] : other.tasks_) {
    for (const Sibling& run : runs) {
      keep(run);
    }
  }
}

double Company::frequency(const std::string& from, const std::string& to) const {
  const auto leaves = leaves_.find(slot_of(from, "leave", kSlots));
  const auto pairs = pairs_.find(slot_of(from, to, kSlots));
  if (leaves == leaves_.end() || pairs == pairs_.end()) {
    return 0;
  }
  return std::min(1.0, static_cast<double>(pairs->second) / static_cast<double>(leaves->second));
}

std::string Company::digest() const {
  if (sample_size_ == 0) {
    return {};
  }
  std::uint64_t hash = fnv1a("company-1");
  fold(hash, sample_size_);
  for (const Histogram& histogram : histograms_) {
    fold(hash, histogram.buckets());
  }
  fold(hash, pairs_);
  fold(hash, leaves_);
  for (const auto& [task, runs] : tasks_) {
    fold(hash, static_cast<std::int64_t>(task));
    for (const Sibling& run : runs) {
      fold(hash, run);
    }
  }
  std::string bytes;
  for (int byte = 7; byte >= 0; --byte) {
    bytes += static_cast<char>((hash >> (8 * byte)) & 0xffu);
  }
  return to_hex(bytes);
}

std::int64_t value_of(const TaskData& trace, Metric metric) {
  const auto& steps = trace.steps;
  switch (metric) {
    case Metric::duration:
      return rounded(trace.duration * 1000);
    case Metric::steps:
      return static_cast<std::int64_t>(steps.size());
    case Metric::tool_calls:
      return std::count_if(
          steps.begin(), steps.end(), [](const auto& step) { return step.tool_call.has_value(); });
    case Metric::errors:
      return std::count_if(steps.begin(), steps.end(), has_error);
    case Metric::tokens:
      return tokens_of(trace);
    case Metric::cost:
      return trace.llm_usage ? rounded(trace.llm_usage->estimated_cost_usd.value_or(0) * 1e6) : 0;
  }
  return 0;
}

std::string path_name(const ExecutionStep& step) {
  return step.tool_call ? step.tool_call->tool_name : step.action;
}

}  // namespace infinium::maestro
