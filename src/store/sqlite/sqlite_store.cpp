#include "store/sqlite/sqlite_store.h"

#include <fmt/format.h>

#include "base/try.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/blocking.h"
#include "store/sqlite/open.h"
#include "store/sqlite/schema.h"

namespace infinium::store::sqlite {
namespace {

/// What is stored already, for the gauges.
Result<std::unique_ptr<Tally>> count_stored(Connection& connection) {
  auto tally = std::make_unique<Tally>();
  Query query = connection.query(
      "SELECT (SELECT ifnull(sum(traces), 0) FROM hour), (SELECT count(*) FROM pending)");
  TRY_VOID(query.step());
  tally->traces = query.integer(0);
  tally->pending = query.integer(1);
  return tally;
}

}  // namespace

SqliteStore::SqliteStore(Folder folder,
                         std::unique_ptr<Tally> tally,
                         std::unique_ptr<Writer> writer,
                         std::unique_ptr<Readers> readers,
                         const Clock& clock,
                         Random& random)
    : folder_(std::move(folder)),
      tally_(std::move(tally)),
      clock_(clock),
      random_(random),
      writer_(std::move(writer)),
      readers_(std::move(readers)) {}

Status SqliteStore::check() {
  const std::int64_t now_ms = clock_.now_ms();
  TRY_VOID(write_and_wait<void>(*writer_, [now_ms](Connection& connection) {
    return connection.query("INSERT OR REPLACE INTO meta VALUES('checked_at_ms', ?)")
        .bind(now_ms)
        .run();
  }));
  TRY(const Readers::Loan reader, readers_->borrow());
  return reader->query("SELECT value FROM meta WHERE key = 'checked_at_ms'").run();
}

StoreStats SqliteStore::stats() {
  StoreStats stats = writer_->stats();
  stats.traces = tally_->traces;
  stats.pending = tally_->pending;
  return stats;
}

Result<Opened> open(const Options& options, const Clock& clock, Random& random, Log& log) {
  TRY(Folder folder, Folder::hold(options.folder));
  const std::filesystem::path file = options.folder / "infinium.db";
  TRY_VOID(folder.make_file(file));
  TRY(auto connection, Connection::open(file));
  const auto before_migration = [&](std::int64_t from) -> Status {
    const std::filesystem::path backup = fmt::format("{}.v{}-backup", file.string(), from);
    TRY_VOID(back_up(*connection, folder, backup));
    // A warning, so that commands say it too: the file stays until somebody removes it.
    log.warning("store_migrates",
                {{"from", std::to_string(from)},
                 {"to", std::to_string(kSchemaVersion)},
                 {"backup", backup.string()}});
    return {};
  };
  TRY(const bool created, prepare_schema(*connection, clock, random, before_migration));
  TRY(auto tally, count_stored(*connection));
  TRY(auto readers, Readers::open(file, options.readers));
  DiskReserve disk(options.disk_reserve_bytes, DiskReserve::free_bytes_of(options.folder), clock);
  auto writer =
      std::make_unique<Writer>(std::move(connection),
                               Writer::Limits{options.queue_traces_max, options.queue_bytes_max},
                               std::move(disk),
                               clock,
                               log);
  return Opened{std::make_unique<SqliteStore>(std::move(folder),
                                              std::move(tally),
                                              std::move(writer),
                                              std::move(readers),
                                              clock,
                                              random),
                created};
}

}  // namespace infinium::store::sqlite
