#include "store/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>

#include "base/try.h"

namespace infinium::store::sqlite {
namespace {

constexpr int kBusyMaxMs = 2'500;     ///< longer than any read lasts (Readers::kReadMax)
constexpr int kProgressEvery = 4096;  ///< virtual-machine steps between two looks at the clock

std::int64_t monotonic_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

Code code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    case SQLITE_INTERRUPT:
      return Code::timeout;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Code::unavailable;
    default:
      return Code::internal;
  }
}

}  // namespace

Query::Query(Connection* connection, sqlite3_stmt* statement, int prepare_code)
    : connection_(connection), statement_(statement), code_(prepare_code) {}

Query::~Query() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

Result<bool> Query::step() {
  if (code_ == SQLITE_OK) {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
      return true;
    }
    if (code == SQLITE_DONE) {
      return false;
    }
    code_ = code;
  }
  return connection_->error(code_, "the store's database could not be used");
}

Status Query::run() {
  TRY([[maybe_unused]] const bool row, step());
  return {};
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Query::real(int column) const { return sqlite3_column_double(statement_, column); }

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Query::text(int column) const {
  const Blob bytes = blob(column);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Blob Query::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return {static_cast<const std::uint8_t*>(data), data == nullptr ? 0 : size};
}

Uuid Query::uuid(int column) const {
  Uuid id;
  if (const Blob bytes = blob(column); bytes.size() == id.bytes.size()) {
    std::ranges::copy(bytes, id.bytes.begin());
  }
  return id;
}

Sha256 Query::sha256(int column) const {
  Sha256 digest{};
  if (const Blob bytes = blob(column); bytes.size() == digest.size()) {
    std::ranges::copy(bytes, digest.begin());
  }
  return digest;
}

void Query::put(std::int64_t value) {
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_int64(statement_, ++bound_, value);
  }
}

void Query::put(double value) {
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_double(statement_, ++bound_, value);
  }
}

void Query::put(std::string_view value) {
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_text64(statement_,
                                ++bound_,
                                value.empty() ? "" : value.data(),
                                value.size(),
                                SQLITE_STATIC,
                                SQLITE_UTF8);
  }
}

void Query::put(Blob value) {
  if (code_ == SQLITE_OK) {
    const void* data = value.empty() ? static_cast<const void*>("") : value.data();
    code_ = sqlite3_bind_blob64(statement_, ++bound_, data, value.size(), SQLITE_STATIC);
  }
}

void Query::put(std::nullptr_t) {
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_null(statement_, ++bound_);
  }
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Connection::Connection(sqlite3* handle) : handle_(handle) {
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMaxMs);  // one writer: met only when the log is cut
  // Only the writer checkpoints, and only when it says so; this also stops the one at close.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_wal_hook(handle_, on_wal, this);
  sqlite3_progress_handler(handle_, kProgressEvery, on_progress, this);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, 256 << 20);
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close_v2(handle_);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (handle == nullptr) {
    return Error{Code::unavailable, "no memory to open the store"};
  }
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) {
    return connection->error(code, fmt::format("{} could not be opened", file.string()));
  }
  return connection;
}

Status Connection::exec(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return error(code, "the store's database could not be used");
  }
  return {};
}

Query Connection::query(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_,
                                        sql.data(),
                                        static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT,
                                        &statement,
                                        nullptr);
    if (code != SQLITE_OK) {
      return {this, nullptr, code};
    }
    found = statements_.emplace(sql, statement).first;
  }
  return {this, found->second.get(), SQLITE_OK};
}

std::int64_t Connection::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle_); }

std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void Connection::rollback() {
  if (in_transaction()) {
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Status Connection::checkpoint(bool truncate) {
  int log_pages = 0;
  int moved_pages = 0;
  const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &log_pages, &moved_pages);
  if (code != SQLITE_OK && code != SQLITE_BUSY) {
    return error(code, "the store's log could not be moved into its database");
  }
  if (code == SQLITE_OK && log_pages == moved_pages) {
    wal_pages_ = 0;  // the next commit starts the log from its beginning
  }
  return {};
}

Status Connection::copy_to(const std::filesystem::path& file) {
  TRY(const std::unique_ptr<Connection> target, open(file));
  sqlite3_backup* copy = sqlite3_backup_init(target->handle_, "main", handle_, "main");
  if (copy == nullptr) {
    return target->error(sqlite3_errcode(target->handle_), "the store could not be copied");
  }
  constexpr int kAllPages = -1;
  const int stepped = sqlite3_backup_step(copy, kAllPages);
  const int finished = sqlite3_backup_finish(copy);  // SQLITE_OK after a step that was done
  if (finished != SQLITE_OK || stepped != SQLITE_DONE) {
    return error(finished != SQLITE_OK ? finished : stepped, "the store could not be copied");
  }
  return {};
}

void Connection::set_deadline_ms(std::int64_t from_now) {
  deadline_ns_ = from_now > 0 ? monotonic_ns() + from_now * 1'000'000 : 0;
}

Error Connection::error(int code, std::string_view action) const {
  // Only the constant text of the code: sqlite3_errmsg may repeat a stored value.
  return {code_of(code), fmt::format("{}: {}", action, sqlite3_errstr(code))};
}

int Connection::on_progress(void* self) {
  const auto* connection = static_cast<const Connection*>(self);
  return connection->deadline_ns_ != 0 && monotonic_ns() > connection->deadline_ns_ ? 1 : 0;
}

int Connection::on_wal(void* self, sqlite3*, const char*, int pages) {
  static_cast<Connection*>(self)->wal_pages_ = pages;
  return SQLITE_OK;
}

}  // namespace infinium::store::sqlite
