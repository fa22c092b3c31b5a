#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "cli/program.h"
#include "infinium/json.h"
#include "server/admin.h"

namespace infinium::cli {

/// Carries out one request of server/admin.h on the store in a folder: through the server that
/// holds the folder, so that it takes effect there at once, else on the store itself, which is
/// created where there is none. Names the folder on stderr. A folder that another command holds is
/// waited for, up to 5 s; an answer of the server for `patience`. Errors: those of
/// admin::execute(), store::sqlite::open() and server::call_control_socket().
[[nodiscard]] Result<server::admin::Answer> administer(
    const Program& program,
    const std::filesystem::path& folder,
    const Json& request,
    std::chrono::seconds patience = std::chrono::seconds(30));

}  // namespace infinium::cli
