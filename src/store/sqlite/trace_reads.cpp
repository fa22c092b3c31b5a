#include <algorithm>
#include <chrono>
#include <limits>

#include "base/try.h"
#include "store/sqlite/list_sql.h"
#include "store/sqlite/opinion_rows.h"
#include "store/sqlite/packed.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/text_search.h"

namespace infinium::store::sqlite {
namespace {

constexpr std::int64_t kSeqMax = std::numeric_limits<std::int64_t>::max();
constexpr std::chrono::milliseconds kScanMax{200};
constexpr int kBodiesMax = 20'000;
constexpr std::size_t kPageMax = 1'000;
constexpr int kClockEvery = 64;  ///< rows between two looks at the clock

Error no_such_trace() { return {Code::not_found, "there is no such trace"}; }

/// Half-open: first <= seq < end.
struct SeqRange {
  std::int64_t first = 0;
  std::int64_t end = kSeqMax;
};

/// The rows that may lie in the asked time, by the hours they were received in.
Result<SeqRange> seq_range(Connection& connection, const ListQuery& asked) {
  SeqRange range;
  if (asked.before_seq) {
    range.end = *asked.before_seq;
  }
  if (asked.since_ms) {
    Query query = connection.query("SELECT min(first_seq) FROM hour WHERE hour >= ?");
    query.bind(hour_of(*asked.since_ms));
    TRY_VOID(query.step());
    range.first = query.is_null(0) ? kSeqMax : query.integer(0);
  }
  if (asked.until_ms) {
    Query query = connection.query("SELECT max(last_seq) FROM hour WHERE hour <= ?");
    query.bind(hour_of(*asked.until_ms));
    TRY_VOID(query.step());
    range.end = std::min(range.end, query.is_null(0) ? 0 : query.integer(0) + 1);
  }
  return range;
}

Query list_query(Connection& connection, const ListQuery& asked) {
  if (asked.verdict) {
    return connection.query(asked.agent ? kListAgentVerdict : kListVerdict);
  }
  return connection.query(asked.agent ? kListAgent : kListAll);
}

/// Maestro's verdict and, in the next column, its score.
void read_verdict(const Query& query,
                  int column,
                  std::optional<Verdict>& verdict,
                  std::optional<double>& score) {
  if (!query.is_null(column)) {
    verdict = static_cast<Verdict>(query.integer(column));
  }
  if (!query.is_null(column + 1)) {
    score = query.real(column + 1);
  }
}

TraceRow row_of(const Query& query) {
  TraceRow row;
  row.seq = query.integer(0);
  row.agent = query.integer(1);
  row.agent_id = query.uuid(2);
  row.agent_name = query.text(3);
  row.trace_id = query.uuid(4);
  row.name = query.text(5);
  row.received_at_ms = query.integer(6);
  row.current_datetime_ms = query.integer(7);
  row.duration = query.real(8);
  row.state = query.integer(9) == 0 ? TraceState::pending : TraceState::completed;
  read_verdict(query, 10, row.verdict, row.score);
  row.stale = query.integer(13) != 0;
  return row;
}

/// Decides row by row what belongs on a page, and when it has looked at enough.
class PageScan {
 public:
  PageScan(Connection& connection, const ListQuery& asked, const Clock& clock)
      : connection_(connection),
        asked_(asked),
        clock_(clock),
        filter_(asked.text),
        started_(clock.steady_now()) {}

  /// Fills in the row's opinions, if it has any, unless the row is too old or too new.
  [[nodiscard]] Result<bool> belongs(TraceRow& row, bool has_opinions) {
    ++rows_;
    if ((asked_.since_ms && row.received_at_ms < *asked_.since_ms) ||
        (asked_.until_ms && row.received_at_ms >= *asked_.until_ms)) {
      return false;
    }
    if (has_opinions) {
      TRY(row.opinions, current_opinions(connection_, row.seq));
    }
    if (asked_.deciding_verdict &&
        decide(row.verdict, row.opinions).verdict != asked_.deciding_verdict) {
      return false;
    }
    if (asked_.text.empty() || filter_.in_text(row.name)) {
      return true;
    }
    ++bodies_;
    Query query = connection_.query("SELECT dict_id, raw_bytes, data FROM body WHERE seq = ?");
    query.bind(row.seq);
    TRY(const bool found, query.step());
    if (!found) {
      return false;
    }
    const auto body = unpack(query.integer(0), query.integer(1), query.blob(2));
    return body && filter_.in_json(*body);  // one that does not read back contains nothing
  }

  [[nodiscard]] bool looked_enough() const {
    return bodies_ >= kBodiesMax ||
           (rows_ % kClockEvery == 0 && clock_.steady_now() - started_ > kScanMax);
  }

 private:
  Connection& connection_;
  const ListQuery& asked_;
  const Clock& clock_;
  TextFilter filter_;
  std::chrono::steady_clock::time_point started_;
  int rows_ = 0;
  int bodies_ = 0;
};

}  // namespace

Result<StoredTrace> SqliteStore::find_trace(std::optional<AgentKey> agent, const Uuid& trace_id) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT t.seq, t.agent, a.id, t.received_at_ms, t.state, t.interpretation_count,"
      " b.dict_id, b.raw_bytes, b.data, t.verdict, t.score, t.stale FROM trace t"
      " LEFT JOIN agent a ON a.key = t.agent"
      " LEFT JOIN body b ON b.seq = t.seq"
      " WHERE t.trace_id = ?1 AND (?2 IS NULL OR t.agent = ?2) LIMIT 1");
  query.bind(trace_id, agent);
  TRY(const bool found, query.step());
  if (!found) {
    return no_such_trace();
  }
  StoredTrace trace;
  trace.seq = query.integer(0);
  trace.agent = query.integer(1);
  trace.agent_id = query.uuid(2);
  trace.trace_id = trace_id;
  trace.received_at_ms = query.integer(3);
  trace.state = query.integer(4) == 0 ? TraceState::pending : TraceState::completed;
  trace.interpretation_count = query.integer(5);
  TRY(trace.body, unpack(query.integer(6), query.integer(7), query.blob(8)));
  read_verdict(query, 9, trace.verdict, trace.score);
  trace.stale = query.integer(11) != 0;
  TRY(trace.opinions, current_opinions(*reader, trace.seq));
  return trace;
}

Result<StoredResult> SqliteStore::find_result(std::optional<AgentKey> agent, const Uuid& trace_id) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT t.state, r.dict_id, r.raw_bytes, r.data, t.verdict, t.score, t.seq, t.stale FROM "
      "trace"
      " t"
      " LEFT JOIN result r ON r.seq = t.seq"
      " WHERE t.trace_id = ?1 AND (?2 IS NULL OR t.agent = ?2) LIMIT 1");
  query.bind(trace_id, agent);
  TRY(const bool found, query.step());
  if (!found) {
    return no_such_trace();
  }
  StoredResult result;
  if (query.integer(0) != 0) {
    result.state = TraceState::completed;
    TRY(result.json, unpack(query.integer(1), query.integer(2), query.blob(3)));
  }
  read_verdict(query, 4, result.verdict, result.score);
  result.stale = query.integer(7) != 0;
  TRY(result.opinions, current_opinions(*reader, query.integer(6)));
  return result;
}

Result<TracePage> SqliteStore::list_traces(const ListQuery& asked) {
  const std::size_t limit = std::clamp(asked.limit, std::size_t{1}, kPageMax);
  TRY(const Readers::Loan reader, readers_->borrow());
  TRY(const SeqRange range, seq_range(*reader, asked));
  Query query = list_query(*reader, asked);
  query.bind(range.first, range.end);
  if (asked.agent) {
    query.bind(*asked.agent);
  }
  if (asked.verdict) {
    query.bind(static_cast<std::int64_t>(*asked.verdict));
  }
  PageScan scan(*reader, asked, clock_);
  TracePage page;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return page;
    }
    if (page.rows.size() == limit) {
      page.next_before = page.rows.back().seq;
      return page;
    }
    TraceRow row = row_of(query);
    const std::int64_t seq = row.seq;
    constexpr int kHasOpinions = 12;
    TRY(const bool belongs, scan.belongs(row, query.integer(kHasOpinions) != 0));
    if (belongs) {
      page.rows.push_back(std::move(row));
    }
    if (scan.looked_enough()) {
      page.next_before = seq;
      return page;
    }
  }
}

}  // namespace infinium::store::sqlite
