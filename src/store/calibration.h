#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace infinium::store {

/// What was learned from people's verdicts, as bytes that only Maestro reads. Versions are never
/// changed nor deleted; one of them is current.
struct Calibration {
  std::int64_t version = 0;  ///< from 1 on
  std::int64_t created_at_ms = 0;
  std::string note;   ///< for people: what it was learned from
  std::string bytes;  ///< as they were saved
};

/// A version without its bytes.
struct CalibrationInfo {
  std::int64_t version = 0;
  std::int64_t created_at_ms = 0;
  std::string note;
  std::int64_t size_bytes = 0;
  bool current = false;
};

inline constexpr std::size_t kCalibrationBytesMax = 16u << 20u;

}  // namespace infinium::store
