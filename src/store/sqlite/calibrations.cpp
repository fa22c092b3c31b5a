#include <fmt/format.h>

#include "base/try.h"
#include "store/sqlite/blocking.h"
#include "store/sqlite/packed.h"
#include "store/sqlite/sqlite_store.h"

/// Versions are only added; the newest row of `calibration_choice` says which one is current, so
/// that the table is also the history of choices.
namespace infinium::store::sqlite {
namespace {

constexpr std::string_view kCurrentVersion =
    "SELECT version FROM calibration_choice ORDER BY key DESC LIMIT 1";

Status choose(Connection& connection, std::int64_t version, std::int64_t now_ms) {
  return connection.query("INSERT INTO calibration_choice(version, chosen_at_ms) VALUES(?, ?)")
      .bind(version, now_ms)
      .run();
}

Result<std::int64_t> current_version(Connection& connection) {
  Query query = connection.query(kCurrentVersion);
  TRY(const bool found, query.step());
  return found ? query.integer(0) : 0;
}

}  // namespace

Result<std::int64_t> SqliteStore::save_calibration(std::string bytes, std::string note) {
  if (bytes.size() > kCalibrationBytesMax) {
    return Error{Code::too_large,
                 fmt::format("a calibration has at most {} bytes; this one has {}",
                             kCalibrationBytesMax,
                             bytes.size())};
  }
  TRY(Packed packed, pack(bytes));
  const std::int64_t now_ms = clock_.now_ms();
  return write_and_wait<std::int64_t>(
      *writer_,
      [packed = std::move(packed), note = std::move(note), now_ms](
          Connection& connection) -> Result<std::int64_t> {
        TRY_VOID(connection
                     .query("INSERT INTO calibration(created_at_ms, note, dict_id, raw_bytes, data)"
                            " VALUES(?, ?, ?, ?, ?)")
                     .bind(now_ms, note, packed.dict_id, packed.raw_bytes, Blob(packed.data))
                     .run());
        const std::int64_t version = connection.last_insert_rowid();
        TRY_VOID(choose(connection, version, now_ms));
        return version;
      });
}

Result<Calibration> SqliteStore::load_calibration() {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT c.version, c.created_at_ms, c.note, c.dict_id, c.raw_bytes, c.data FROM calibration c"
      " WHERE c.version = (SELECT version FROM calibration_choice ORDER BY key DESC LIMIT 1)");
  TRY(const bool found, query.step());
  if (!found) {
    return Error{Code::not_found, "there is no calibration yet"};
  }
  Calibration calibration;
  calibration.version = query.integer(0);
  calibration.created_at_ms = query.integer(1);
  calibration.note = query.text(2);
  TRY(calibration.bytes, unpack(query.integer(3), query.integer(4), query.blob(5)));
  return calibration;
}

Result<std::vector<CalibrationInfo>> SqliteStore::list_calibrations() {
  TRY(const Readers::Loan reader, readers_->borrow());
  TRY(const std::int64_t current, current_version(*reader));
  Query query = reader->query(
      "SELECT version, created_at_ms, note, raw_bytes FROM calibration ORDER BY version DESC");
  std::vector<CalibrationInfo> versions;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return versions;
    }
    CalibrationInfo info;
    info.version = query.integer(0);
    info.created_at_ms = query.integer(1);
    info.note = query.text(2);
    info.size_bytes = query.integer(3);
    info.current = info.version == current;
    versions.push_back(std::move(info));
  }
}

Status SqliteStore::rollback_calibration(std::int64_t version) {
  const std::int64_t now_ms = clock_.now_ms();
  return write_and_wait<void>(*writer_, [version, now_ms](Connection& connection) -> Status {
    {
      Query query = connection.query("SELECT 1 FROM calibration WHERE version = ?");
      query.bind(version);
      TRY(const bool found, query.step());
      if (!found) {
        return Error{Code::not_found, "there is no calibration of this version"};
      }
    }
    TRY(const std::int64_t current, current_version(connection));
    return current == version ? Status{} : choose(connection, version, now_ms);
  });
}

}  // namespace infinium::store::sqlite
