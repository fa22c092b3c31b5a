#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "store/sqlite/connection.h"

namespace infinium::store::sqlite {

/// A fixed set of read-only connections, lent to one caller at a time. They never checkpoint. Any
/// thread.
class Readers {
 public:
  /// How long one loan may read: a read transaction keeps the log from being reused.
  static constexpr std::chrono::milliseconds kReadMax{2000};
  static constexpr std::chrono::milliseconds kWaitMax{5000};

  /// A borrowed connection; goes back when destroyed. Must not outlive the Readers.
  class Loan {
   public:
    Loan(Readers* readers, std::unique_ptr<Connection> connection)
        : readers_(readers), connection_(std::move(connection)) {}
    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Readers* readers_;
    std::unique_ptr<Connection> connection_;
  };

  /// Opens `count` connections to an existing store.
  [[nodiscard]] static Result<std::unique_ptr<Readers>> open(const std::filesystem::path& file,
                                                             int count);
  /// Waits for a free connection, at most kWaitMax: then `unavailable`.
  [[nodiscard]] Result<Loan> borrow();

 private:
  Readers() = default;

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace infinium::store::sqlite
