#include "store/sqlite/backup.h"

#include <system_error>

#include "base/try.h"

namespace infinium::store::sqlite {

Status back_up(Connection& connection, const Folder& folder, const std::filesystem::path& target) {
  std::filesystem::path part = target;
  part += ".part";
  std::error_code ignored;
  for (const char* end : {"", "-journal"}) {  // what an end in the middle left
    std::filesystem::remove(part.string() + end, ignored);
  }
  TRY_VOID(folder.make_file(part));
  if (Status copied = connection.copy_to(part); !copied) {
    std::filesystem::remove(part, ignored);
    return copied;
  }
  return folder.rename_file(part, target);
}

}  // namespace infinium::store::sqlite
