#include "store/sqlite/readers.h"

#include <algorithm>

#include "base/try.h"

namespace infinium::store::sqlite {

Result<std::unique_ptr<Readers>> Readers::open(const std::filesystem::path& file, int count) {
  std::unique_ptr<Readers> readers(new Readers());
  for (int i = 0; i < std::max(count, 1); ++i) {
    TRY(auto connection, Connection::open(file));
    TRY_VOID(
        connection->exec("PRAGMA query_only=ON; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
                         "PRAGMA trusted_schema=OFF;"));
    readers->free_.push_back(std::move(connection));
  }
  return readers;
}

Result<Readers::Loan> Readers::borrow() {
  std::unique_lock lock(mutex_);
  if (!returned_.wait_for(lock, kWaitMax, [this] { return !free_.empty(); })) {
    return Error{Code::unavailable, "too many reads at once; try again"};
  }
  Loan loan(this, std::move(free_.back()));
  free_.pop_back();
  loan->set_deadline_ms(kReadMax.count());
  return loan;
}

Readers::Loan::~Loan() {
  if (!connection_) {
    return;
  }
  {
    const std::scoped_lock lock(readers_->mutex_);
    readers_->free_.push_back(std::move(connection_));
  }
  readers_->returned_.notify_one();
}

}  // namespace infinium::store::sqlite
