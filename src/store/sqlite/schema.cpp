#include "store/sqlite/schema.h"

#include <fmt/format.h>

#include <array>

#include "base/try.h"
#include "base/uuid.h"

namespace infinium::store::sqlite {
namespace {

/// The whole schema of kSchemaVersion, for a new store. docs/adr/001-store-layout.md
/// 015-verdicts-of-people.md and 010-company.md say why each table is as it is. Times are
/// milliseconds since the epoch, ids and digests are blobs. An index entry ends with its row's
/// `seq` by itself.
///
/// Whoever adds to it adds the same to kMigrations: a test (upgrade_test.cpp) fails unless a store
/// that was migrated and one that is new have the same schema.
constexpr const char* kSchema = R"sql(
CREATE TABLE meta(
  key TEXT PRIMARY KEY, value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE project(
  key INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE agent(
  key INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL, secret_hash BLOB NOT NULL, disabled INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE trace(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, agent INTEGER NOT NULL, trace_id BLOB NOT NULL,
  received_at_ms INTEGER NOT NULL, name TEXT NOT NULL, current_datetime_ms INTEGER NOT NULL,
  duration REAL NOT NULL, body_hash BLOB NOT NULL, state INTEGER NOT NULL,
  interpretation_count INTEGER NOT NULL, verdict INTEGER, score REAL, idempotency_key BLOB,
  stale INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX trace_by_id ON trace(trace_id, agent);
CREATE UNIQUE INDEX trace_by_key ON trace(agent, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX trace_by_agent ON trace(agent) WHERE state = 1;
CREATE INDEX trace_by_verdict ON trace(verdict) WHERE state = 1;
CREATE INDEX trace_by_agent_verdict ON trace(agent, verdict) WHERE state = 1;

CREATE TABLE body(
  seq INTEGER PRIMARY KEY, dict_id INTEGER NOT NULL, raw_bytes INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE hour(
  hour INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
  traces INTEGER NOT NULL
) STRICT;

CREATE TABLE pending(
  seq INTEGER PRIMARY KEY, agent INTEGER NOT NULL, attempts INTEGER NOT NULL
) STRICT;

CREATE TABLE result(
  seq INTEGER PRIMARY KEY, number INTEGER NOT NULL, engine_version TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, dict_id INTEGER NOT NULL, raw_bytes INTEGER NOT NULL,
  data BLOB NOT NULL, engine_model TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE finding(
  seq INTEGER NOT NULL, ordinal INTEGER NOT NULL, code TEXT NOT NULL, fingerprint TEXT NOT NULL,
  PRIMARY KEY(seq, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_by_code ON finding(code, seq);
CREATE INDEX finding_by_fingerprint ON finding(fingerprint, seq);

CREATE TABLE dictionary(
  dict_id INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;

CREATE TABLE prompt(
  key INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL, key_hash BLOB NOT NULL, latest_version INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE prompt_version(
  key INTEGER PRIMARY KEY, prompt INTEGER NOT NULL, version INTEGER NOT NULL,
  content TEXT NOT NULL, created_at_ms INTEGER NOT NULL, UNIQUE(prompt, version)
) STRICT;

CREATE TABLE reviewer(
  key INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL, secret_hash BLOB NOT NULL, disabled INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE opinion(
  key INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL, source INTEGER NOT NULL,
  reviewer INTEGER NOT NULL, model TEXT NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
  verdict INTEGER, confidence REAL, decides INTEGER NOT NULL, note TEXT NOT NULL,
  rubric TEXT NOT NULL, root_step INTEGER, created_at_ms INTEGER NOT NULL,
  standing INTEGER NOT NULL, ended_at_ms INTEGER, record TEXT NOT NULL
) STRICT;
CREATE INDEX opinion_by_trace ON opinion(seq);
CREATE UNIQUE INDEX opinion_current ON opinion(seq, source, reviewer) WHERE standing = 0;
CREATE INDEX opinion_of_people ON opinion(seq) WHERE standing = 0 AND source = 0;

CREATE TABLE calibration(
  version INTEGER PRIMARY KEY AUTOINCREMENT, created_at_ms INTEGER NOT NULL, note TEXT NOT NULL,
  dict_id INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;

CREATE TABLE calibration_choice(
  key INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL, chosen_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE result_history(
  key INTEGER PRIMARY KEY, seq INTEGER NOT NULL, number INTEGER NOT NULL,
  engine_version TEXT NOT NULL, engine_model TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
  verdict INTEGER NOT NULL, score REAL NOT NULL, dict_id INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX result_history_by_trace ON result_history(seq, number);

CREATE TABLE contribution(
  agent INTEGER NOT NULL, seq INTEGER NOT NULL, task INTEGER NOT NULL, known INTEGER NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY(agent, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX contribution_by_task ON contribution(agent, task, seq) WHERE task <> 0;
)sql";

/// What makes a schema of the one before it. Tables and columns are only added, so that it takes
/// milliseconds whatever the store holds. What was released is not changed any more.
struct Migration {
  std::int64_t to;
  const char* sql;
};

constexpr std::array kMigrations{
    Migration{2, R"sql(
CREATE TABLE reviewer(
  key INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL, secret_hash BLOB NOT NULL, disabled INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE opinion(
  key INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL, source INTEGER NOT NULL,
  reviewer INTEGER NOT NULL, model TEXT NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
  verdict INTEGER, confidence REAL, decides INTEGER NOT NULL, note TEXT NOT NULL,
  rubric TEXT NOT NULL, root_step INTEGER, created_at_ms INTEGER NOT NULL,
  standing INTEGER NOT NULL, ended_at_ms INTEGER, record TEXT NOT NULL
) STRICT;
CREATE INDEX opinion_by_trace ON opinion(seq);
CREATE UNIQUE INDEX opinion_current ON opinion(seq, source, reviewer) WHERE standing = 0;
CREATE INDEX opinion_of_people ON opinion(seq) WHERE standing = 0 AND source = 0;

CREATE TABLE calibration(
  version INTEGER PRIMARY KEY AUTOINCREMENT, created_at_ms INTEGER NOT NULL, note TEXT NOT NULL,
  dict_id INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;

CREATE TABLE calibration_choice(
  key INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL, chosen_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE result_history(
  key INTEGER PRIMARY KEY, seq INTEGER NOT NULL, number INTEGER NOT NULL,
  engine_version TEXT NOT NULL, engine_model TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
  verdict INTEGER NOT NULL, score REAL NOT NULL, dict_id INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX result_history_by_trace ON result_history(seq, number);

CREATE TABLE contribution(
  agent INTEGER NOT NULL, seq INTEGER NOT NULL, task INTEGER NOT NULL, known INTEGER NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY(agent, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX contribution_by_task ON contribution(agent, task, seq) WHERE task <> 0;

ALTER TABLE trace ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
ALTER TABLE result ADD COLUMN engine_model TEXT NOT NULL DEFAULT '';
)sql"},
};
static_assert(kMigrations.back().to == kSchemaVersion);

Result<std::int64_t> read_integer(Connection& connection, std::string_view sql) {
  Query query = connection.query(sql);
  TRY(const bool found, query.step());
  return found ? query.integer(0) : 0;
}

Status make_schema(Connection& connection, const Clock& clock, Random& random) {
  // These two can only be set while the file is empty.
  TRY_VOID(connection.exec(
      fmt::format("PRAGMA page_size={}; PRAGMA auto_vacuum=INCREMENTAL;", kPageBytes)));
  TRY_VOID(connection.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"));
  TRY_VOID(connection.exec("BEGIN IMMEDIATE"));
  TRY_VOID(connection.exec(kSchema));
  TRY_VOID(
      connection.query("INSERT INTO meta VALUES('created_at_ms', ?)").bind(clock.now_ms()).run());
  const Uuid id = make_uuid_v7(clock, random);
  TRY_VOID(connection.query("INSERT INTO project VALUES(?, ?, 'default', ?)")
               .bind(kDefaultProject, id, clock.now_ms())
               .run());
  return connection.exec(fmt::format(
      "PRAGMA application_id={}; PRAGMA user_version={}; COMMIT", kApplicationId, kSchemaVersion));
}

Status run_migrations(Connection& connection, std::int64_t from) {
  TRY_VOID(connection.exec("BEGIN IMMEDIATE"));
  for (const Migration& migration : kMigrations) {
    if (migration.to > from) {
      TRY_VOID(connection.exec(migration.sql));
    }
  }
  return connection.exec(fmt::format("PRAGMA user_version={}; COMMIT", kSchemaVersion));
}

/// All of it or nothing.
Status migrate(Connection& connection, std::int64_t from) {
  Status done = run_migrations(connection, from);
  if (!done) {
    connection.rollback();
  }
  return done;
}

}  // namespace

Result<bool> prepare_schema(Connection& connection,
                            const Clock& clock,
                            Random& random,
                            const BeforeMigration& before) {
  TRY(const std::int64_t objects, read_integer(connection, "SELECT count(*) FROM sqlite_schema"));
  TRY(const std::int64_t application, read_integer(connection, "PRAGMA application_id"));
  TRY(const std::int64_t version, read_integer(connection, "PRAGMA user_version"));
  const bool empty = objects == 0 && application == 0 && version == 0;
  if (!empty && application != kApplicationId) {
    return Error{Code::invalid_argument, "the database in this folder is not an Infinium store"};
  }
  if (version > kSchemaVersion) {
    return Error{Code::invalid_argument,
                 fmt::format("this store was written by a newer version of Infinium (its schema "
                             "is {}, this program knows up to {}); nothing was changed",
                             version,
                             kSchemaVersion)};
  }
  if (empty) {
    TRY_VOID(make_schema(connection, clock, random));
  }
  TRY_VOID(connection.exec(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "PRAGMA journal_size_limit=268435456; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;"
      "PRAGMA trusted_schema=OFF;"));
  if (!empty && version < kSchemaVersion) {
    TRY_VOID(before(version));
    TRY_VOID(migrate(connection, version));
  }
  return empty;
}

}  // namespace infinium::store::sqlite
