#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the product that a user can meet, in one place.
namespace infinium::limits {

inline constexpr std::size_t kNameCharsMax = 500;
inline constexpr std::size_t kDescriptionCharsMax = 10'000;
inline constexpr std::size_t kPayloadBytesMax = 1'048'576;       ///< one posted trace, decompressed
inline constexpr std::size_t kLongPayloadBytesMax = 64u << 20u;  ///< stitched or imported traces
inline constexpr std::size_t kStepsMax = 100'000;
inline constexpr std::size_t kDepthMax = 64;
inline constexpr std::size_t kBatchItemsMax = 1'000;
inline constexpr std::size_t kBatchBytesMax = 16u << 20u;
inline constexpr std::size_t kHeaderBytesMax = 16u << 10u;
inline constexpr std::size_t kHeaderFieldsMax = 100;
inline constexpr std::size_t kTargetBytesMax = 8u << 10u;
inline constexpr std::size_t kPreviewCharsMax = 500;
inline constexpr std::size_t kPromptBytesMax = 1'048'576;
inline constexpr std::size_t kVerdictBytesMax = 64u << 10u;  ///< the body of a verdict call
inline constexpr std::size_t kNoteCharsMax = 2'000;          ///< a person's note to a verdict
inline constexpr std::size_t kRubricItemsMax = 200;          ///< that one verdict marks
inline constexpr std::size_t kRubricIdCharsMax = 100;
inline constexpr std::int64_t kDiskReserveBytes = 256ll << 20;
inline constexpr int kInterpretAttemptsMax = 3;
inline constexpr std::chrono::seconds kWaitMax{60};  ///< longest `?wait=`

}  // namespace infinium::limits
