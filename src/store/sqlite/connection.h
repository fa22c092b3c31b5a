#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/uuid.h"
#include "infinium/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace infinium::store::sqlite {

/// The page size of every store; fixed when the file is made (docs/adr/001-store-layout.md).
inline constexpr int kPageBytes = 8192;

/// Bytes that are bound or read as a BLOB; borrowed.
using Blob = std::span<const std::uint8_t>;

class Connection;

/// One run of a prepared statement that the connection keeps. Resets the statement when destroyed,
/// which also ends its read transaction. At most one Query per SQL text may live at a time.
/// Failures of bind() are reported by the next step().
class Query {
 public:
  Query(Connection* connection, sqlite3_stmt* statement, int prepare_code);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Binds the parameters in order. Texts and blobs are borrowed until the Query dies.
  template <class... Args>
  Query& bind(const Args&... args) {
    (put(args), ...);
    return *this;
  }

  /// Moves to the next row: true, or false at the end.
  [[nodiscard]] Result<bool> step();
  /// Runs a statement that gives no rows (more are ignored).
  [[nodiscard]] Status run();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  /// Valid until the next step().
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] Blob blob(int column) const;
  /// Zeroes if the stored blob has another size.
  [[nodiscard]] Uuid uuid(int column) const;
  [[nodiscard]] Sha256 sha256(int column) const;

 private:
  void put(std::int64_t value);
  void put(int value) { put(std::int64_t{value}); }
  void put(bool value) { put(std::int64_t{value ? 1 : 0}); }
  void put(double value);
  void put(std::string_view value);
  void put(const char* value) { put(std::string_view(value)); }
  void put(Blob value);
  void put(const Uuid& value) { put(Blob(value.bytes)); }
  void put(std::nullptr_t);
  template <class T>
  void put(const std::optional<T>& value) {
    value ? put(*value) : put(nullptr);
  }

  Connection* connection_;
  sqlite3_stmt* statement_;
  int code_;
  int bound_ = 0;
};

/// One connection to the database file, with its prepared statements. Not thread-safe: whoever
/// holds it is its only user.
class Connection {
 public:
  /// Opens a file. The file must exist. Errors: `unavailable`, `corrupt`.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs statements that take no parameters, without keeping them.
  [[nodiscard]] Status exec(const std::string& sql);
  /// A kept statement. `sql` must be a literal (or live as long as the connection).
  [[nodiscard]] Query query(std::string_view sql);

  [[nodiscard]] std::int64_t last_insert_rowid() const;
  /// Rows changed by the last statement that ended.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] bool in_transaction() const;
  /// Ends an open transaction without effect; nothing to do if there is none.
  void rollback();

  /// Bytes in the write-ahead log after this connection's last commit.
  [[nodiscard]] std::int64_t wal_bytes() const { return wal_pages_ * (kPageBytes + 24); }
  /// Moves the log into the database file: without waiting, or (`truncate`) waiting a moment for
  /// readers and cutting the log to nothing.
  [[nodiscard]] Status checkpoint(bool truncate);

  /// Copies the database as it is now into `file`, which must exist and be empty; the copy is
  /// durable when this returns. Others may read meanwhile. Errors: `unavailable`, `corrupt`.
  [[nodiscard]] Status copy_to(const std::filesystem::path& file);

  /// Statements that still run this many milliseconds from now fail with `timeout`; 0: no limit.
  void set_deadline_ms(std::int64_t from_now);

  /// What SQLite's result code means to us; `action` starts the sentence.
  [[nodiscard]] Error error(int code, std::string_view action) const;

 private:
  explicit Connection(sqlite3* handle);
  static int on_progress(void* self);
  static int on_wal(void* self, sqlite3*, const char*, int pages);

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* handle_;
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
  std::int64_t wal_pages_ = 0;
  std::int64_t deadline_ns_ = 0;
};

}  // namespace infinium::store::sqlite
