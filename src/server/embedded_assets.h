#pragma once

#include <span>

#include "server/page.h"

namespace infinium::server {

/// The files of web/, as cmake/embed_assets.cmake wrote them into the build.
[[nodiscard]] std::span<const Asset> embedded_assets();

}  // namespace infinium::server
