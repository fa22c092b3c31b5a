#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "infinium/result.h"
#include "infinium/types.h"

/// TaskData ↔ the payload of the wire protocol.
namespace infinium::codec {

/// A payload that was read in full, and where its lone surrogate escapes stand.
struct ParsedTrace {
  TaskData trace;
  /// Byte offsets of each lone `\uD8xx` escape in the input; in `trace` they are U+FFFD.
  std::vector<std::size_t> lone_surrogates;
};

struct ReadLimits {
  std::size_t bytes_max = limits::kPayloadBytesMax;
  std::size_t depth_max = limits::kDepthMax;
  std::size_t steps_max = limits::kStepsMax;
};

/// Reads and validates one payload in one pass. Strict JSON, to the end of the input. Thread-safe.
/// Errors: `malformed` (not JSON, invalid UTF-8, a duplicate key, NaN, trailing bytes, too deep;
/// the message gives the byte offset), `invalid_argument` (a limit or type is broken; `where` is a
/// path such as `steps[3].duration_ms`), `too_large`. What is malformed wins over what is invalid.
[[nodiscard]] Result<ParsedTrace> parse_trace(std::string_view json, const ReadLimits& limits = {});

/// Overwrites the escapes at `offsets` with `\uFFFD`, in place: what is stored of such a body.
void replace_lone_surrogates(std::string& json, const std::vector<std::size_t>& offsets);

/// The payload in wire order, without nulls, empty objects and empty lists; unknown keys follow the
/// known ones of their object. `parse_trace(encode_trace(t)) == t` for every valid t whose optional
/// parts are not empty ones: an empty section or list is the same as none.
[[nodiscard]] std::string encode_trace(const TaskData& trace);

/// Checks a trace that was built in memory: the rules of parse_trace, and what only memory can hold
/// (invalid UTF-8, not finite numbers, unknown keys that repeat or have a known name).
/// Errors: `invalid_argument` with the path, `too_large` for the size of its payload or of a list.
[[nodiscard]] Status validate_trace(const TaskData& trace, const ReadLimits& limits = {});

}  // namespace infinium::codec
