#include "maestro/contribution.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"
#include "infinium/company.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kSlots = 4096;  ///< of hashed steps and pairs of steps
/// The first byte of an encoded contribution.
constexpr char kFormat = 2;
constexpr char kFirstFormat =
    1;  ///< without version, input and finals; still stored here and there

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

/// The form's numbers: varints of seven bits a byte, and hashes of eight bytes.
class Writer {
 public:
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80u);
      value >>= 7u;
    }
    bytes_ += static_cast<char>(value);
  }
  void hash(std::uint64_t value) {
    for (unsigned byte = 0; byte < 8; ++byte) {
      bytes_ += static_cast<char>(value >> (8 * byte));
    }
  }
  void hashes(const std::vector<std::uint64_t>& values) {
    number(values.size());
    for (const std::uint64_t value : values) {
      hash(value);
    }
  }
  void counts(const Counts& counts) {
    number(counts.entries().size());
    std::uint16_t last = 0;
    for (const auto& [key, count] : counts.entries()) {
      number(key - last);
      number(static_cast<std::uint64_t>(count));
      last = key;
    }
  }
  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_{kFormat};
};

/// Reads what Writer wrote; after a fault everything is 0 and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes), ok_(!bytes.empty()), format_(byte()) {
    ok_ = ok_ && (format_ == kFormat || format_ == kFirstFormat);
  }
  [[nodiscard]] std::uint8_t format() const { return format_; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const std::uint64_t part = byte();
      value |= (part & 0x7fu) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    ok_ = false;
    return 0;
  }
  std::uint64_t number(std::uint64_t most) {
    const std::uint64_t value = number();
    ok_ = ok_ && value <= most;
    return ok_ ? value : 0;
  }
  std::uint64_t hash() {
    std::uint64_t value = 0;
    for (unsigned at = 0; at < 8; ++at) {
      value |= static_cast<std::uint64_t>(byte()) << (8 * at);
    }
    return value;
  }
  std::vector<std::uint64_t> hashes(std::size_t most) {
    std::vector<std::uint64_t> values(number(most));
    for (std::uint64_t& value : values) {
      value = hash();
    }
    return values;
  }
  Counts counts() {
    Counts counts;
    std::uint64_t key = 0;
    for (std::uint64_t left = number(kSlots); left > 0 && ok_; --left) {
      key += number(kSlots);
      counts.add(static_cast<std::uint16_t>(std::min<std::uint64_t>(key, kSlots)),
                 static_cast<std::int64_t>(number()));
    }
    return counts;
  }
  [[nodiscard]] bool ended_well() const { return ok_ && rest_.empty(); }

 private:
  std::uint8_t byte() {
    if (rest_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }

  std::string_view rest_;
  bool ok_;
  std::uint8_t format_;
};

}  // namespace

std::uint16_t pair_slot(std::string_view from, std::string_view to) {
  const std::uint64_t hash = fnv1a(to, fnv1a(std::string_view("\0", 1), fnv1a(from)));
  return static_cast<std::uint16_t>((hash ^ (hash >> 32u)) % kSlots);
}

std::uint16_t leave_slot(std::string_view from) { return pair_slot(from, "leave"); }

Contribution contribution_of(const TaskData& trace, std::string_view trace_id) {
  Contribution contribution;
  contribution.version = prompt_version_of(trace);
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    contribution.values[i] = value_of(trace, static_cast<Metric>(i));
  }
  std::string from;
  const auto pass = [&](std::string to) {
    contribution.pairs.add(pair_slot(from, to), 1);
    contribution.leaves.add(leave_slot(from), 1);
    from = std::move(to);
  };
  for (const ExecutionStep& step : trace.steps) {
    pass(path_name(step));
  }
  pass({});
  contribution.run = sibling_of(trace, trace_id);
  return contribution;
}

std::string encode_contribution(const Contribution& contribution) {
  Writer out;
  out.hash(contribution.run.task);
  out.hash(contribution.version);
  out.hash(contribution.run.input);
  out.hashes(contribution.run.inputs);
  out.hashes(contribution.run.writes);
  out.hashes(contribution.run.finals);
  for (const std::int64_t value : contribution.values) {
    out.number(static_cast<std::uint64_t>(value));
  }
  out.counts(contribution.pairs);
  out.counts(contribution.leaves);
  return std::move(out).take();
}

std::optional<Contribution> decode_contribution(std::string_view bytes) {
  Reader in(bytes);
  Contribution contribution;
  contribution.run.task = in.hash();
  const bool whole = in.format() != kFirstFormat;
  contribution.version = whole ? in.hash() : 0;
  contribution.run.input = whole ? in.hash() : 0;
  contribution.run.inputs = in.hashes(Sibling::kInputsMax);
  contribution.run.writes = in.hashes(Sibling::kWritesMax);
  if (whole) {
    contribution.run.finals = in.hashes(Sibling::kFinalsMax);
  }
  for (std::int64_t& value : contribution.values) {
    value = static_cast<std::int64_t>(in.number());
  }
  contribution.pairs = in.counts();
  contribution.leaves = in.counts();
  return in.ended_well() ? std::optional(std::move(contribution)) : std::nullopt;
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
