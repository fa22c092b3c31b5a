#include "client/payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/try.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"

namespace infinium::client {
namespace {

constexpr codec::ReadLimits kAnySize{
    .bytes_max = SIZE_MAX, .depth_max = limits::kDepthMax, .steps_max = limits::kStepsMax};
constexpr std::string_view kEllipsis = "…";

/// The metadata keys that belong to one kind of preview.
struct PreviewKeys {
  std::string_view full;
  std::string_view truncated_chars;
};
constexpr PreviewKeys kInputKeys{"full_input", "input_truncated_chars"};
constexpr PreviewKeys kOutputKeys{"full_output", "output_truncated_chars"};

/// A whole text that was moved to the metadata of `steps[step]`.
struct KeptText {
  std::size_t step;
  PreviewKeys keys;
  std::size_t chars_cut;
  std::size_t json_bytes;
};

constexpr bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80; }

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

/// The length in bytes of the first `count` code points.
std::size_t prefix_bytes(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (starts_code_point(text[at]) && count-- == 0) {
      break;
    }
  }
  return at;
}

/// The step's metadata as an object, or null where it is something else (validation refuses it).
Json::Object* metadata_of(ExecutionStep& step) {
  if (!step.metadata || step.metadata->is_null()) {
    step.metadata = Json::Object{};
  }
  return step.metadata->if_object();
}

class PreviewCutter {
 public:
  explicit PreviewCutter(TaskData& trace) : trace_(trace) {}

  void cut_all() {
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      ExecutionStep& step = trace_.steps[i];
      cut(i, step.input_preview, kInputKeys);
      cut(i, step.output_preview, kOutputKeys);
    }
  }

  /// Replaces the longest whole texts by the count of what is cut, until `bytes` are saved.
  void drop_longest(std::size_t bytes) {
    std::sort(kept_.begin(), kept_.end(), [](const KeptText& a, const KeptText& b) {
      return std::pair(a.json_bytes, b.step) > std::pair(b.json_bytes, a.step);
    });
    std::size_t saved = 0;
    while (saved < bytes && !kept_.empty()) {
      saved += drop(kept_.front());
      kept_.erase(kept_.begin());
    }
  }

 private:
  void cut(std::size_t index, Text& preview, PreviewKeys keys) {
    // A text of at most 500 bytes has at most 500 code points.
    if (!preview || preview->size() <= limits::kPreviewCharsMax) {
      return;
    }
    const std::size_t chars = count_code_points(*preview);
    ExecutionStep& step = trace_.steps[index];
    Json::Object* const metadata = metadata_of(step);
    if (chars <= limits::kPreviewCharsMax || metadata == nullptr) {
      return;
    }
    const std::size_t chars_kept = limits::kPreviewCharsMax - 1;
    std::string whole = *std::move(preview);
    preview = whole.substr(0, prefix_bytes(whole, chars_kept)).append(kEllipsis);
    if (step.metadata->find(keys.full) != nullptr) {
      return;
    }
    std::string json;
    codec::append_json_string(json, whole);
    kept_.push_back({index, keys, chars - chars_kept, json.size()});
    metadata->push_back({std::string(keys.full), Json(std::move(whole))});
  }

  /// The bytes saved.
  std::size_t drop(const KeptText& kept) {
    const auto chars_cut = static_cast<std::int64_t>(kept.chars_cut);
    Json::Object& metadata = *trace_.steps[kept.step].metadata->if_object();
    for (JsonMember& member : metadata) {
      if (member.key == kept.keys.full) {
        member.key = kept.keys.truncated_chars;
        member.value = Json(chars_cut);
      }
    }
    const std::size_t note_bytes =
        kept.keys.truncated_chars.size() + std::to_string(chars_cut).size();
    return kept.keys.full.size() + kept.json_bytes - note_bytes;
  }

  TaskData& trace_;
  std::vector<KeptText> kept_;
};

}  // namespace

Result<std::string> encode_payload(TaskData trace, std::size_t bytes_max) {
  PreviewCutter previews(trace);
  previews.cut_all();
  // Only the size is decided here: a text that is too long may still be left out.
  TRY_VOID(codec::validate_trace(trace, kAnySize));
  std::string payload = codec::encode_trace(trace);
  if (payload.size() > bytes_max) {
    previews.drop_longest(payload.size() - bytes_max);
    payload = codec::encode_trace(trace);
  }
  if (payload.size() > bytes_max) {
    return Error{
        Code::too_large,
        fmt::format(
            "the trace is {} bytes as JSON; at most {} are accepted", payload.size(), bytes_max)};
  }
  return payload;
}

}  // namespace infinium::client
