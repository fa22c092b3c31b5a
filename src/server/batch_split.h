#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "infinium/result.h"

/// Where the items of a batch begin and end. What is inside an item is not judged here: each slice
/// goes through the codec on its own, so that one bad item never touches its neighbours.
namespace infinium::server {

enum class BatchForm { array, lines };

/// What a body is: the content type decides, or else its first byte.
[[nodiscard]] BatchForm batch_form(std::string_view content_type, std::string_view body);

/// The exact bytes of each item, borrowed from `body`. Errors: `malformed` with the byte offset (no
/// array, no way to tell where an item ends, bytes after the array, no item at all in lines),
/// `too_large` (more than `items_max`).
[[nodiscard]] Result<std::vector<std::string_view>> split_batch(std::string_view body,
                                                                BatchForm form,
                                                                std::size_t items_max);

/// The two members of `{"idempotency_key":…,"trace":…}`, as they stand there.
struct Envelope {
  std::string_view idempotency_key;  ///< JSON; empty if absent
  std::string_view trace;
};

/// Nothing: the item is a payload itself (it has no member `trace`, or other members beside it).
/// Error: `malformed` (one of the two members stands there twice).
[[nodiscard]] Result<std::optional<Envelope>> open_envelope(std::string_view item);

}  // namespace infinium::server
