#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infinium/result.h"
#include "store/sqlite/connection.h"

namespace infinium::store::sqlite {

/// Bytes as they lie in the file: one zstd frame with a checksum. `dict_id` names the dictionary
/// they were packed with; 0: none.
struct Packed {
  std::int64_t dict_id = 0;
  std::int64_t raw_bytes = 0;
  std::vector<std::uint8_t> data;
};

/// Packs at level 3 with a context of the calling thread.
[[nodiscard]] Result<Packed> pack(std::string_view bytes);

/// `corrupt` if the frame, its size or its checksum is not what was packed.
[[nodiscard]] Result<std::string> unpack(std::int64_t dict_id, std::int64_t raw_bytes, Blob data);

}  // namespace infinium::store::sqlite
