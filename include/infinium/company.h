#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/types.h"

namespace infinium::maestro {

/// What one run amounts to, in whole units; the six metrics of the baseline.
enum class Metric : std::uint8_t { duration, steps, tool_calls, errors, tokens, cost };
inline constexpr std::size_t kMetricCount = 6;

/// Counts of values in buckets that grow with the value: each is at most 3.2 % wide. Bounded (2,000
/// buckets), exact under adding and subtracting.
class Histogram {
 public:
  void add(std::int64_t value, std::int64_t times = 1);
  void merge(const Histogram& other, std::int64_t times = 1);
  /// The share of values below that of `value`, half of those in its own bucket counted; 0.5 if
  /// empty.
  [[nodiscard]] double percentile_of(std::int64_t value) const;
  /// The upper end of the bucket that holds the value of that percentile (0–1); 0 if empty.
  [[nodiscard]] std::int64_t value_at(double percentile) const;
  [[nodiscard]] const std::map<std::uint16_t, std::int64_t>& buckets() const { return buckets_; }
  bool operator==(const Histogram&) const = default;

 private:
  std::map<std::uint16_t, std::int64_t> buckets_;
  std::int64_t total_ = 0;
};

/// What one run of a task did, to compare other runs of the same task with: hashes only, no text.
struct Sibling {
  std::string trace_id;               ///< may be empty
  std::uint64_t task = 0;             ///< equal for the same objective, input and prompt version
  std::vector<std::uint64_t> inputs;  ///< telling values of the input, sorted; at most 16
  std::vector<std::uint64_t> writes;  ///< state-changing actions that succeeded, sorted; at most 32
  auto operator<=>(const Sibling&) const = default;
};

/// The digest of a trace for comparison. `task` is 0 where no objective says what the task was.
[[nodiscard]] Sibling sibling_of(const TaskData& trace, std::string_view trace_id = {});

/// What is known of an agent's other traces: a bounded digest of counters, so that traces can be
/// added, taken out again and digests merged in any order with the same result. A value type: no
/// thread may write while another reads. Holds no text of any trace.
class Company {
 public:
  static constexpr std::size_t kSiblingsMax = 64;   ///< of one task; the first in order are kept
  static constexpr std::size_t kTasksMax = 10'000;  ///< further ones are not compared

  void add(const TaskData& trace, std::string_view trace_id = {});
  /// Takes out a trace that was added before under the same id.
  void subtract(const TaskData& trace, std::string_view trace_id = {});
  void merge(const Company& other);

  /// The other runs of the same task, whose inputs do not contradict; in a fixed order.
  [[nodiscard]] std::vector<Sibling> siblings_of(const Sibling& run) const;

  [[nodiscard]] std::int64_t sample_size() const noexcept { return sample_size_; }
  [[nodiscard]] const Histogram& histogram(Metric metric) const {
    return histograms_[static_cast<std::size_t>(metric)];
  }
  /// How often, of all times that `from` was left, `to` came next; 0 if `from` is unknown. Steps
  /// are named by `path_of`; the empty name is the begin and the end of a run.
  [[nodiscard]] double frequency(const std::string& from, const std::string& to) const;
  /// 16 hexadecimal digits, equal for equal digests; empty without traces.
  [[nodiscard]] std::string digest() const;
  bool operator==(const Company&) const = default;

 private:
  static constexpr std::size_t kSlots = 4096;  ///< of hashed steps and pairs of steps

  void count(const TaskData& trace, std::int64_t times);
  void keep(const Sibling& sibling);

  std::int64_t sample_size_ = 0;
  std::array<Histogram, kMetricCount> histograms_;
  std::map<std::uint16_t, std::int64_t> pairs_;
  std::map<std::uint16_t, std::int64_t> leaves_;
  std::map<std::uint64_t, std::vector<Sibling>> tasks_;  ///< sorted within a task
};

/// Milliseconds, counts, and millionths of a US dollar.
[[nodiscard]] std::int64_t value_of(const TaskData& trace, Metric metric);

/// The name of a step in a path: its tool, else its action.
[[nodiscard]] std::string path_name(const ExecutionStep& step);

}  // namespace infinium::maestro
