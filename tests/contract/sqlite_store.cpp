#include "store/sqlite/open.h"
#include "store_contract.h"

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

INSTANTIATE_TEST_SUITE_P(Sqlite,
                         StoreContract,
                         testing::Values(StoreFactory{"sqlite", open_sqlite}));

}  // namespace
}  // namespace infinium::store
