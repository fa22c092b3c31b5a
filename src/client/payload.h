#pragma once

#include <cstddef>
#include <string>

#include "base/limits.h"
#include "infinium/result.h"
#include "infinium/types.h"

namespace infinium::client {

/// The payload of a trace as it is posted: validated, with step previews of at most 500 code
/// points.
///
/// A longer preview is cut at a code point and ends with `…`; its whole text goes to the step's
/// `metadata.full_input` / `metadata.full_output`, unless the caller has set that key. Where the
/// payload would pass `bytes_max`, the longest whole texts are left out until it fits, and
/// `metadata.input_truncated_chars` / `output_truncated_chars` says how many code points of the
/// text the preview lacks. Errors: as codec::validate_trace; `too_large` if it does not fit even
/// so.
[[nodiscard]] Result<std::string> encode_payload(TaskData trace,
                                                 std::size_t bytes_max = limits::kPayloadBytesMax);

}  // namespace infinium::client
