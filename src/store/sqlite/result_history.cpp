#include <algorithm>
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/try.h"
#include "store/sqlite/packed.h"
#include "store/sqlite/result_rows.h"
#include "store/sqlite/sqlite_store.h"

/// Results that take the place of earlier ones, and those that were replaced.
namespace infinium::store::sqlite {
namespace {

constexpr std::size_t kPageMax = 10'000;
/// A commit adds its sync to this: together below 10 ms.
constexpr std::chrono::milliseconds kApplyMax{5};

Error no_such_trace() { return {Code::not_found, "there is no such trace"}; }

/// Replaces as many results as fit into one transaction, and leaves the rest to another job.
class ReplaceJob final : public Job {
 public:
  /// The writer runs this job and the next one; it outlives both.
  ReplaceJob(std::vector<PackedResult> results,
             SaveDone done,
             const Clock& clock,
             Writer& writer,
             std::size_t first = 0)
      : results_(std::move(results)),
        done_(std::move(done)),
        clock_(clock),
        writer_(writer),
        first_(first) {
    lengthy = true;
    for (std::size_t i = first_; i < results_.size(); ++i) {
      bytes += results_[i].json.data.size();
    }
  }

  Status apply(Connection& connection) override {
    const auto start = clock_.steady_now();
    next_ = first_;
    do {
      TRY_VOID(replace(connection, results_[next_]));
      ++next_;
    } while (next_ < results_.size() && clock_.steady_now() - start < kApplyMax);
    return {};
  }

  void finish(const Status& committed) override {
    if (!committed || next_ == results_.size()) {
      done_(committed);
      return;
    }
    auto rest = std::make_unique<ReplaceJob>(std::move(results_), done_, clock_, writer_, next_);
    if (const Status queued = writer_.submit(std::move(rest)); !queued) {
      done_(queued);
    }
  }

 private:
  Status replace(Connection& connection, const PackedResult& one);

  std::vector<PackedResult> results_;
  SaveDone done_;
  const Clock& clock_;
  Writer& writer_;
  std::size_t first_;
  std::size_t next_ = 0;
};

Status ReplaceJob::replace(Connection& connection, const PackedResult& one) {
  const NewResult& result = one.result;
  if (one.json.raw_bytes == 0) {
    TRY_VOID(connection.query("UPDATE trace SET stale = 0 WHERE seq = ? AND state = 1")
                 .bind(result.seq)
                 .run());
    return connection.changes() == 0 ? Status() : put_contribution(connection, result);
  }
  TRY_VOID(connection
               .query("INSERT INTO result_history(seq, number, engine_version, engine_model,"
                      " created_at_ms, verdict, score, dict_id, raw_bytes, data)"
                      " SELECT r.seq, r.number, r.engine_version, r.engine_model, r.created_at_ms,"
                      " t.verdict, t.score, r.dict_id, r.raw_bytes, r.data FROM trace t"
                      " CROSS JOIN result r ON r.seq = t.seq WHERE t.seq = ? AND t.state = 1")
               .bind(result.seq)
               .run());
  if (connection.changes() == 0) {
    return {};  // pending, or gone
  }
  TRY_VOID(put_result(connection, one, clock_.now_ms()));
  return {};
}

CompletedTrace completed_of(const Query& row) {
  CompletedTrace trace;
  trace.seq = row.integer(0);
  trace.trace_id = row.uuid(1);
  trace.received_at_ms = row.integer(2);
  trace.verdict = static_cast<Verdict>(row.integer(3));
  trace.score = row.real(4);
  trace.stale = row.integer(5) != 0;
  trace.engine_version = row.text(6);
  trace.engine_model = row.text(7);
  if (!row.is_null(10)) {
    trace.contribution = NewContribution{static_cast<std::uint64_t>(row.integer(8)),
                                         static_cast<std::uint64_t>(row.integer(9)),
                                         std::string(row.text(10))};
  }
  return trace;
}

}  // namespace

Status SqliteStore::replace_results(std::vector<NewResult> results, SaveDone done) {
  if (results.empty()) {
    done({});
    return {};
  }
  TRY(std::vector<PackedResult> packed, pack_all(std::move(results)));
  return writer_->submit(
      std::make_unique<ReplaceJob>(std::move(packed), std::move(done), clock_, *writer_));
}

Result<std::vector<CompletedTrace>> SqliteStore::completed_traces(AgentKey agent,
                                                                  std::int64_t after_seq,
                                                                  std::size_t limit) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT t.seq, t.trace_id, t.received_at_ms, t.verdict, t.score, t.stale, r.engine_version,"
      " r.engine_model, c.task, c.known, c.data FROM trace t INDEXED BY trace_by_agent"
      " CROSS JOIN result r ON r.seq = t.seq"
      " LEFT JOIN contribution c ON c.agent = t.agent AND c.seq = t.seq"
      " WHERE t.agent = ?1 AND t.state = 1 AND t.seq > ?2 ORDER BY t.seq LIMIT ?3");
  query.bind(agent, after_seq, static_cast<std::int64_t>(std::min(limit, kPageMax)));
  std::vector<CompletedTrace> page;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return page;
    }
    page.push_back(completed_of(query));
  }
}

Result<std::int64_t> SqliteStore::count_completed(AgentKey agent) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query("SELECT count(*) FROM trace WHERE agent = ? AND state = 1");
  query.bind(agent);
  TRY_VOID(query.step());
  return query.integer(0);
}

Result<TraceAndResult> SqliteStore::read_completed(std::int64_t seq) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT b.dict_id, b.raw_bytes, b.data, r.dict_id, r.raw_bytes, r.data FROM body b"
      " LEFT JOIN result r ON r.seq = b.seq WHERE b.seq = ?");
  query.bind(seq);
  TRY(const bool found, query.step());
  if (!found) {
    return no_such_trace();
  }
  return TraceAndResult{unpack(query.integer(0), query.integer(1), query.blob(2)).value_or({}),
                        unpack(query.integer(3), query.integer(4), query.blob(5)).value_or({})};
}

Result<std::vector<ResultInfo>> SqliteStore::results_of(std::optional<AgentKey> agent,
                                                        const Uuid& trace_id) {
  TRY(const Readers::Loan reader, readers_->borrow());
  std::int64_t seq = 0;
  {
    Query trace = reader->query(
        "SELECT seq FROM trace WHERE trace_id = ?1 AND (?2 IS NULL OR agent = ?2) LIMIT 1");
    trace.bind(trace_id, agent);
    TRY(const bool found, trace.step());
    if (!found) {
      return no_such_trace();
    }
    seq = trace.integer(0);
  }
  Query query = reader->query(
      "SELECT r.number, r.engine_version, r.engine_model, r.created_at_ms, t.verdict, t.score, 1"
      " FROM result r CROSS JOIN trace t ON t.seq = r.seq WHERE r.seq = ?1 AND t.state = 1"
      " UNION ALL SELECT number, engine_version, engine_model, created_at_ms, verdict, score, 0"
      " FROM result_history WHERE seq = ?1 ORDER BY 1 DESC LIMIT ?2");
  query.bind(seq, static_cast<std::int64_t>(kResultsShownMax));
  std::vector<ResultInfo> results;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return results;
    }
    results.push_back({query.integer(0),
                       std::string(query.text(1)),
                       std::string(query.text(2)),
                       query.integer(3),
                       static_cast<Verdict>(query.integer(4)),
                       query.real(5),
                       query.integer(6) != 0});
  }
}

Result<std::string> SqliteStore::find_numbered_result(std::optional<AgentKey> agent,
                                                      const Uuid& trace_id,
                                                      std::int64_t number) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT r.dict_id, r.raw_bytes, r.data FROM trace t CROSS JOIN result r ON r.seq = t.seq"
      " WHERE t.trace_id = ?1 AND (?2 IS NULL OR t.agent = ?2) AND r.number = ?3"
      " UNION ALL SELECT h.dict_id, h.raw_bytes, h.data FROM trace t"
      " CROSS JOIN result_history h ON h.seq = t.seq"
      " WHERE t.trace_id = ?1 AND (?2 IS NULL OR t.agent = ?2) AND h.number = ?3 LIMIT 1");
  query.bind(trace_id, agent, number);
  TRY(const bool found, query.step());
  if (!found) {
    return Error{Code::not_found, "there is no such result"};
  }
  return unpack(query.integer(0), query.integer(1), query.blob(2));
}

}  // namespace infinium::store::sqlite
