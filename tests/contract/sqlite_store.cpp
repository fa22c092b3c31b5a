#include "history_contract.h"
#include "reviewing_contract.h"
#include "store/sqlite/open.h"

namespace infinium::store {
namespace {

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& folder,
                                           const Clock& clock,
                                           Random& random,
                                           Log& log) {
  sqlite::Options options;
  options.folder = folder;
  options.disk_reserve_bytes = 0;
  auto opened = sqlite::open(options, clock, random, log);
  if (!opened) {
    return opened.error();
  }
  return std::move(opened->store);
}

const StoreFactory kSqlite{"sqlite", open_sqlite};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(kSqlite));
INSTANTIATE_TEST_SUITE_P(Sqlite, HistoryContract, testing::Values(kSqlite));
INSTANTIATE_TEST_SUITE_P(Sqlite, ReviewingContract, testing::Values(kSqlite));

}  // namespace
}  // namespace infinium::store
