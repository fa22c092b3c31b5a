#include "store/sqlite/result_rows.h"

#include <utility>

#include "base/try.h"

namespace infinium::store::sqlite {
namespace {

/// The store's integers have a sign.
std::int64_t as_stored(std::uint64_t hash) { return static_cast<std::int64_t>(hash); }

Status put_findings(Connection& connection, const NewResult& result) {
  TRY_VOID(connection.query("DELETE FROM finding WHERE seq = ?").bind(result.seq).run());
  std::int64_t ordinal = 0;
  for (const auto& [code, fingerprint] : result.findings) {
    TRY_VOID(
        connection.query("INSERT INTO finding(seq, ordinal, code, fingerprint) VALUES(?, ?, ?, ?)")
            .bind(result.seq, ordinal++, code, fingerprint)
            .run());
  }
  return {};
}

Status mark_stale(Connection& connection, const NewResult& result) {
  if (result.late_through <= result.seq || !result.contribution || result.contribution->task == 0) {
    return {};
  }
  return connection
      .query(
          "UPDATE trace SET stale = 1 WHERE seq IN (SELECT c.seq FROM contribution c"
          " WHERE c.agent = (SELECT agent FROM trace WHERE seq = ?1) AND c.task = ?2"
          " AND c.task <> 0 AND c.seq > ?1 AND c.seq <= ?3)")
      .bind(result.seq, as_stored(result.contribution->task), result.late_through)
      .run();
}

}  // namespace

Result<std::vector<PackedResult>> pack_all(std::vector<NewResult> results) {
  std::vector<PackedResult> packed;
  packed.reserve(results.size());
  for (NewResult& result : results) {
    TRY(Packed json, pack(result.json));
    result.json = {};
    packed.push_back({std::move(result), std::move(json)});
  }
  return packed;
}

Result<bool> put_result(Connection& connection, const PackedResult& one, std::int64_t now_ms) {
  const NewResult& result = one.result;
  TRY_VOID(connection
               .query("UPDATE trace SET state = 1, verdict = ?, score = ?, stale = 0,"
                      " interpretation_count = interpretation_count + 1 WHERE seq = ?")
               .bind(static_cast<std::int64_t>(result.verdict), result.score, result.seq)
               .run());
  if (connection.changes() == 0) {
    return false;
  }
  TRY_VOID(
      connection
          .query("INSERT OR REPLACE INTO result(seq, number, engine_version, created_at_ms,"
                 " dict_id, raw_bytes, data, engine_model)"
                 " SELECT seq, interpretation_count, ?, ?, ?, ?, ?, ? FROM trace WHERE seq = ?")
          .bind(result.engine_version,
                now_ms,
                one.json.dict_id,
                one.json.raw_bytes,
                Blob(one.json.data),
                result.engine_model,
                result.seq)
          .run());
  TRY_VOID(put_findings(connection, result));
  TRY_VOID(put_contribution(connection, result));
  return true;
}

Status put_contribution(Connection& connection, const NewResult& result) {
  if (!result.contribution) {
    return connection
        .query(
            "DELETE FROM contribution WHERE seq = ?1"
            " AND agent = (SELECT agent FROM trace WHERE seq = ?1)")
        .bind(result.seq)
        .run();
  }
  const NewContribution& given = *result.contribution;
  const Blob data(reinterpret_cast<const std::uint8_t*>(given.data.data()), given.data.size());
  TRY_VOID(connection
               .query("INSERT OR REPLACE INTO contribution(agent, seq, task, known, data)"
                      " SELECT agent, seq, ?, ?, ? FROM trace WHERE seq = ?")
               .bind(as_stored(given.task), as_stored(given.known), data, result.seq)
               .run());
  return mark_stale(connection, result);
}

}  // namespace infinium::store::sqlite
