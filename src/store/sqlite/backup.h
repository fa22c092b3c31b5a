#pragma once

#include <filesystem>

#include "infinium/result.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/folder.h"

namespace infinium::store::sqlite {

/// Copies the store as it is now to `target`, a file of its folder, in the place of an earlier copy
/// there. The copy is durable and whole when this returns, or the earlier one is untouched; only
/// its owner may read it. It is opened like any store once it is named `infinium.db`. The writer's
/// connection only. Errors: `unavailable`, `corrupt`.
[[nodiscard]] Status back_up(Connection& connection,
                             const Folder& folder,
                             const std::filesystem::path& target);

}  // namespace infinium::store::sqlite
