#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infinium/types.h"

namespace infinium::maestro {

/// What one run amounts to, in whole units; the six metrics of the baseline.
enum class Metric : std::uint8_t { duration, steps, tool_calls, errors, tokens, cost };
inline constexpr std::size_t kMetricCount = 6;
using MetricValues = std::array<std::int64_t, kMetricCount>;

/// How often each of some small keys was met, sorted by key. Bounded by the number of keys; exact
/// under adding and subtracting.
class Counts {
 public:
  using Entry = std::pair<std::uint16_t, std::int64_t>;

  void add(std::uint16_t key, std::int64_t times);
  void add(const Counts& other, std::int64_t times = 1);
  [[nodiscard]] std::int64_t at(std::uint16_t key) const;
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }  ///< none of them 0
  bool operator==(const Counts&) const = default;

 private:
  std::vector<Entry> entries_;
};

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
  [[nodiscard]] std::span<const Counts::Entry> buckets() const { return buckets_.entries(); }
  [[nodiscard]] std::int64_t total() const { return total_; }
  /// The greatest value of a bucket.
  [[nodiscard]] static std::int64_t upper_end(std::uint16_t bucket);
  bool operator==(const Histogram&) const = default;

 private:
  Counts buckets_;
  std::int64_t total_ = 0;
};

/// What one run of a task did, to compare other runs of the same task with: hashes only, no text.
struct Sibling {
  static constexpr std::size_t kInputsMax = 16;
  static constexpr std::size_t kWritesMax = 32;
  static constexpr std::size_t kFinalsMax = 16;

  std::int64_t order = 0;             ///< grows with the order of acceptance; 0 if nobody says
  std::string trace_id;               ///< may be empty
  std::uint64_t task = 0;             ///< equal for the same objective, input and prompt version
  std::uint64_t input = 0;            ///< equal for the same words of the input; 0 for none
  std::vector<std::uint64_t> inputs;  ///< telling values of the input, sorted; the least ones
  std::vector<std::uint64_t> writes;  ///< state-changing actions that succeeded, sorted; likewise
  /// Telling values of the final output with their kind (`final_kind`), sorted; the least ones.
  /// None where the output is cut.
  std::vector<std::uint64_t> finals;
  auto operator<=>(const Sibling&) const = default;
};

/// Of one of Sibling::finals: values of other kinds never stand for each other.
[[nodiscard]] constexpr unsigned final_kind(std::uint64_t value) { return value & 7u; }

/// The digest of a trace for comparison. `task` is 0 where no objective says what the task was.
[[nodiscard]] Sibling sibling_of(const TaskData& trace, std::string_view trace_id = {});

/// The same for equal sets of siblings, in whatever order; 0 for none.
[[nodiscard]] std::uint64_t digest_of(std::span<const Sibling> siblings);

/// Everything that one trace adds to the company of those after it. Some 300 bytes when encoded;
/// holds no text of the trace.
struct Contribution {
  std::uint64_t version = 0;  ///< of the prompts, see prompt_version_of
  MetricValues values{};
  Counts pairs;   ///< hashed: how often a step followed another
  Counts leaves;  ///< hashed: how often a step was left
  Sibling run;
  bool operator==(const Contribution&) const = default;
};

/// Pure, linear in the trace's size; never throws but bad_alloc.
[[nodiscard]] Contribution contribution_of(const TaskData& trace, std::string_view trace_id = {});

/// Equal for the same prompts in the same versions; 0 where the trace names none.
[[nodiscard]] std::uint64_t prompt_version_of(const TaskData& trace);

/// A compact form to keep, without `trace_id` and `order`, which whoever keeps it knows.
[[nodiscard]] std::string encode_contribution(const Contribution& contribution);
/// Nothing if the bytes are not such a form.
[[nodiscard]] std::optional<Contribution> decode_contribution(std::string_view bytes);

/// One of an agent's latest runs.
struct LatestRun {
  std::int64_t order = 0;
  std::string trace_id;
  MetricValues values{};
  auto operator<=>(const LatestRun&) const = default;
};

/// The runs with one version of the prompts: all of them counted, the latest by themselves.
struct VersionRuns {
  std::int64_t count = 0;
  std::array<Histogram, kMetricCount> histograms;
  std::vector<LatestRun> latest;  ///< in order; at most Company::kLatestMax
  bool operator==(const VersionRuns&) const = default;

  [[nodiscard]] const Histogram& histogram(Metric metric) const {
    return histograms[static_cast<std::size_t>(metric)];
  }
};

/// What is known of an agent's other traces: a bounded digest of counters, so that traces can be
/// added, taken out again and digests merged in any order with the same result. The siblings of a
/// task, the latest runs, and the versions of prompts are windows: what has left one does not come
/// back when a later one is taken out. A value type: no thread may write while another reads. Holds
/// no text of any trace.
class Company {
 public:
  static constexpr std::size_t kSiblingsMax = 64;   ///< of one task: the last in order
  static constexpr std::size_t kTasksMax = 10'000;  ///< those with the last siblings
  static constexpr std::size_t kVersionsMax = 8;    ///< those with the last runs
  static constexpr std::size_t kLatestMax = 32;  ///< runs of a version: drift is looked for there

  void add(const Contribution& contribution);
  /// Without an `order` nobody knows which run came last: then nothing is said of drift.
  void add(const TaskData& trace, std::string_view trace_id = {}, std::int64_t order = 0);
  /// Takes out what was added before, with the same id and order.
  void subtract(const Contribution& contribution);
  void subtract(const TaskData& trace, std::string_view trace_id = {}, std::int64_t order = 0);
  void merge(const Company& other);

  /// add() in two parts, for who keeps the siblings elsewhere.
  void count(const Contribution& contribution);
  void keep(const Sibling& sibling);

  /// What interpret() needs to know for a run with that contribution: compares as this company does
  /// and costs little to copy. For that run only.
  [[nodiscard]] Company about(const Contribution& run) const;

  /// The other runs of the same task, whose inputs do not contradict; in order.
  [[nodiscard]] std::vector<Sibling> siblings_of(const Sibling& run) const;
  /// All known runs of a task, in order; valid until the company is changed.
  [[nodiscard]] std::span<const Sibling> runs_of(std::uint64_t task) const;
  /// Whether some task was forgotten because there were more than kTasksMax.
  [[nodiscard]] bool forgot_tasks() const noexcept { return forgot_tasks_; }

  [[nodiscard]] std::int64_t sample_size() const noexcept { return sample_size_; }
  [[nodiscard]] const Histogram& histogram(Metric metric) const {
    return histograms_[static_cast<std::size_t>(metric)];
  }
  /// How often, of all times that `from` was left, `to` came next; 0 if `from` is unknown. Steps
  /// are named by `path_name`; the empty name is the begin and the end of a run.
  [[nodiscard]] double frequency(const std::string& from, const std::string& to) const;
  /// How often a step of that name was left, for whatever came next.
  [[nodiscard]] std::int64_t times_left(const std::string& from) const;
  /// Nothing if no run with that version is known; valid until the company is changed.
  [[nodiscard]] const VersionRuns* runs_with(std::uint64_t version) const;
  /// When the newest of them was received, as whoever made the company says; may be empty.
  [[nodiscard]] const std::string& as_of() const noexcept { return as_of_; }
  void set_as_of(std::string iso8601) { as_of_ = std::move(iso8601); }
  /// 16 hexadecimal digits, equal for companies of the same traces; empty without traces.
  [[nodiscard]] std::string digest() const;
  bool operator==(const Company&) const = default;

 private:
  using Runs = std::vector<Sibling>;  ///< sorted

  void count(const Contribution& contribution, std::int64_t times);
  void count_version(const Contribution& contribution, std::int64_t times);
  void forget_oldest_version();
  void forget_oldest_tasks();

  std::int64_t sample_size_ = 0;
  std::uint64_t digest_ = 0;  ///< a sum, so that it can be subtracted from
  std::array<Histogram, kMetricCount> histograms_;
  Counts pairs_;
  Counts leaves_;
  std::map<std::uint64_t, VersionRuns> versions_;
  std::map<std::uint64_t, Runs> tasks_;
  std::set<std::pair<std::int64_t, std::uint64_t>> tasks_by_age_;  ///< their last run's order
  std::string as_of_;
  bool forgot_tasks_ = false;
};

/// Milliseconds, counts, and millionths of a US dollar.
[[nodiscard]] std::int64_t value_of(const TaskData& trace, Metric metric);

/// The name of a step in a path: its tool, else its action.
[[nodiscard]] std::string path_name(const ExecutionStep& step);

}  // namespace infinium::maestro
