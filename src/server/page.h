#pragma once

#include <string_view>

#include "server/response.h"

namespace infinium::server {

/// One file of web/, built into the program.
struct Asset {
  std::string_view name;
  std::string_view bytes;
};

/// The page itself (`index.html`) or one of its assets, or a 404.
[[nodiscard]] Response asset_response(std::string_view name);

}  // namespace infinium::server
