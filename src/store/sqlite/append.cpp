#include <algorithm>
#include <map>

#include "base/try.h"
#include "store/sqlite/packed.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace infinium::store::sqlite {
namespace {

constexpr std::size_t kRowBytes = 256;  ///< what a waiting trace takes beside its body and name
constexpr int kUuidVersionOfIds = 7;

/// A trace whose body is packed. The body as received is gone.
struct PackedTrace {
  NewTrace trace;
  Packed body;
};

/// Traces received within one hour.
struct HourRange {
  std::int64_t first_seq = 0;
  std::int64_t last_seq = 0;
  std::int64_t traces = 0;
};

class AppendJob final : public Job {
 public:
  AppendJob(std::vector<PackedTrace> packed, AppendDone done, Tally& tally)
      : packed_(std::move(packed)), done_(std::move(done)), tally_(tally) {
    traces = static_cast<std::int64_t>(packed_.size());
    for (const PackedTrace& one : packed_) {
      bytes += kRowBytes + one.trace.name.size() + one.body.data.size();
    }
  }

  Status apply(Connection& connection) override {
    outcomes_.clear();
    hours_.clear();
    for (const PackedTrace& one : packed_) {
      TRY(Appended outcome, append_one(connection, one));
      outcomes_.push_back(outcome);
    }
    return count_hours(connection);
  }

  void finish(const Status& committed) override {
    if (!committed) {
      done_(committed.error());
      return;
    }
    const std::int64_t stored =
        std::ranges::count(outcomes_, Appended::Kind::stored, &Appended::kind);
    tally_.traces += stored;
    tally_.pending += stored;
    done_(std::move(outcomes_));
  }

 private:
  Result<Appended> append_one(Connection& connection, const PackedTrace& one);
  static Result<Appended> decide_duplicate(Connection& connection, const NewTrace& trace);
  Status count_hours(Connection& connection) const;

  std::vector<PackedTrace> packed_;
  AppendDone done_;
  Tally& tally_;
  std::vector<Appended> outcomes_;
  std::map<std::int64_t, HourRange> hours_;
};

Result<Appended> AppendJob::append_one(Connection& connection, const PackedTrace& one) {
  const NewTrace& trace = one.trace;
  TRY_VOID(connection
               .query("INSERT INTO trace(agent, trace_id, received_at_ms, name,"
                      " current_datetime_ms, duration, body_hash, state, interpretation_count,"
                      " idempotency_key) VALUES(?, ?, ?, ?, ?, ?, ?, 0, 0, ?)"
                      " ON CONFLICT DO NOTHING")
               .bind(trace.agent,
                     trace.trace_id,
                     trace.received_at_ms,
                     trace.name,
                     trace.current_datetime_ms,
                     trace.duration,
                     Blob(trace.body_hash),
                     trace.idempotency_key)
               .run());
  if (connection.changes() == 0) {
    return decide_duplicate(connection, trace);
  }
  const std::int64_t seq = connection.last_insert_rowid();
  TRY_VOID(connection.query("INSERT INTO body(seq, dict_id, raw_bytes, data) VALUES(?, ?, ?, ?)")
               .bind(seq, one.body.dict_id, one.body.raw_bytes, Blob(one.body.data))
               .run());
  TRY_VOID(connection.query("INSERT INTO pending(seq, agent, attempts) VALUES(?, ?, 0)")
               .bind(seq, trace.agent)
               .run());
  HourRange& hour = hours_[hour_of(trace.received_at_ms)];
  hour.first_seq = hour.traces == 0 ? seq : hour.first_seq;
  hour.last_seq = seq;
  ++hour.traces;
  return Appended{Appended::Kind::stored, trace.trace_id};
}

Result<Appended> AppendJob::decide_duplicate(Connection& connection, const NewTrace& trace) {
  Query query = connection.query(
      "SELECT trace_id, body_hash FROM trace WHERE agent = ?1 AND idempotency_key = ?2"
      " UNION ALL SELECT trace_id, body_hash FROM trace WHERE trace_id = ?3 AND agent = ?1"
      " LIMIT 1");
  query.bind(trace.agent, trace.idempotency_key, trace.trace_id);
  TRY(const bool found, query.step());
  if (!found) {
    return Error{Code::internal, "the store refused a trace as a duplicate of none"};
  }
  const bool same = query.sha256(1) == trace.body_hash;
  return Appended{same ? Appended::Kind::repeated : Appended::Kind::conflict, query.uuid(0)};
}

Status AppendJob::count_hours(Connection& connection) const {
  for (const auto& [hour, range] : hours_) {
    TRY_VOID(connection
                 .query("INSERT INTO hour(hour, first_seq, last_seq, traces) VALUES(?, ?, ?, ?)"
                        " ON CONFLICT(hour) DO UPDATE SET last_seq = excluded.last_seq,"
                        " traces = traces + excluded.traces")
                 .bind(hour, range.first_seq, range.last_seq, range.traces)
                 .run());
  }
  return {};
}

}  // namespace

Status SqliteStore::append(std::vector<NewTrace> traces, AppendDone done) {
  TRY_VOID(writer_->room_for(traces.size(), 0));
  std::vector<PackedTrace> packed;
  packed.reserve(traces.size());
  for (NewTrace& trace : traces) {
    if (trace.idempotency_key && trace.idempotency_key->version() == kUuidVersionOfIds) {
      // Such a key is the trace's id, and the unique id decides; no second entry is needed.
      trace.trace_id = *trace.idempotency_key;
      trace.idempotency_key.reset();
    }
    TRY(Packed body, pack(trace.body));
    trace.body = {};
    packed.push_back({std::move(trace), std::move(body)});
  }
  return writer_->submit(std::make_unique<AppendJob>(std::move(packed), std::move(done), *tally_));
}

}  // namespace infinium::store::sqlite
