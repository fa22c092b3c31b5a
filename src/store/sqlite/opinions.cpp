#include <algorithm>
#include <tuple>

#include "base/try.h"
#include "store/sqlite/blocking.h"
#include "store/sqlite/opinion_rows.h"
#include "store/sqlite/packed.h"
#include "store/sqlite/sqlite_store.h"

/// What people and the judge say. docs/adr/015-verdicts-of-people.md says why it lies beside the
/// interpretation.
namespace infinium::store::sqlite {
namespace {

constexpr std::int64_t kReviewedLimitMax = 1'000;
constexpr std::int64_t kReviewedBytesMax = 16 << 20;  ///< of a page, as they are packed

Error no_such_trace() { return {Code::not_found, "there is no such trace"}; }

Status check_opinion(const NewOpinion& opinion) {
  const auto wrong = [](const char* why, const char* field) {
    return Error{Code::invalid_argument, why, field};
  };
  const bool person = opinion.by == VerdictBy::person;
  if (opinion.by == VerdictBy::maestro) {
    return wrong("Maestro's verdict is in its result, not an opinion", "by");
  }
  if (person != (opinion.reviewer != 0)) {
    return wrong("an opinion has a reviewer if a person gives it, and only then", "reviewer");
  }
  if (person == !opinion.model.empty()) {
    return wrong("an opinion has a model if the judge gives it, and only then", "model");
  }
  const bool ok = opinion.status == OpinionStatus::ok;
  if (ok != opinion.verdict.has_value() || (person && !ok)) {
    return wrong("an opinion has a verdict if it is ok, and a person's is", "verdict");
  }
  if (opinion.confidence && !(*opinion.confidence >= 0 && *opinion.confidence <= 1)) {
    return wrong("a confidence is a number from 0 to 1", "confidence");
  }
  return {};
}

Result<bool> has_row(Connection& connection, std::string_view sql, std::int64_t key) {
  Query query = connection.query(sql);
  query.bind(key);
  return query.step();
}

/// The record is left out: it has the time and the cost of this answer.
bool same(const NewOpinion& a, const NewOpinion& b) {
  const auto what = [](const NewOpinion& o) {
    return std::tie(o.model,
                    o.status,
                    o.reason,
                    o.verdict,
                    o.confidence,
                    o.decides,
                    o.note,
                    o.rubric,
                    o.root_step);
  };
  return what(a) == what(b);
}

Status insert_opinion(Connection& connection, Opinion& opinion) {
  TRY_VOID(
      connection
          .query("INSERT INTO opinion(seq, source, reviewer, model, status, reason, verdict,"
                 " confidence, decides, note, rubric, root_step, created_at_ms, standing,"
                 " ended_at_ms, record) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .bind(opinion.seq,
                static_cast<std::int64_t>(opinion.by),
                opinion.reviewer,
                opinion.model,
                static_cast<std::int64_t>(opinion.status),
                opinion.reason,
                opinion.verdict ? std::optional(static_cast<std::int64_t>(*opinion.verdict))
                                : std::nullopt,
                opinion.confidence,
                opinion.decides,
                opinion.note,
                opinion.rubric,
                opinion.root_step,
                opinion.created_at_ms,
                static_cast<std::int64_t>(opinion.standing),
                opinion.ended_at_ms,
                opinion.record)
          .run());
  opinion.key = connection.last_insert_rowid();
  return {};
}

Status end_opinion(Connection& connection, std::int64_t key, Standing how, std::int64_t now_ms) {
  return connection.query("UPDATE opinion SET standing = ?, ended_at_ms = ? WHERE key = ?")
      .bind(static_cast<std::int64_t>(how), now_ms, key)
      .run();
}

/// The current opinion of the same voice, if there is one.
Result<std::optional<Opinion>> current_of(Connection& connection, const NewOpinion& opinion) {
  TRY(const std::vector<Opinion> all, current_opinions(connection, opinion.seq));
  for (const Opinion& one : all) {
    if (one.by == opinion.by && one.reviewer == opinion.reviewer) {
      return std::optional(one);
    }
  }
  return std::optional<Opinion>();
}

Result<SavedOpinion> save(Connection& connection, const NewOpinion& given, std::int64_t now_ms) {
  TRY(const bool trace, has_row(connection, "SELECT 1 FROM trace WHERE seq = ?", given.seq));
  if (!trace) {
    return no_such_trace();
  }
  Opinion opinion{given};
  if (given.by == VerdictBy::person) {
    opinion.decides = true;
    Query query = connection.query("SELECT id, name FROM reviewer WHERE key = ?");
    query.bind(given.reviewer);
    TRY(const bool reviewer, query.step());
    if (!reviewer) {
      return Error{Code::not_found, "there is no such reviewer"};
    }
    opinion.reviewer_id = query.uuid(0);
    opinion.reviewer_name = query.text(1);
  }
  opinion.created_at_ms = now_ms;
  TRY(const std::optional<Opinion> before, current_of(connection, opinion));
  if (before && same(*before, opinion)) {
    return SavedOpinion{SavedOpinion::Kind::repeated, *before};
  }
  if (before && before->status == OpinionStatus::ok && opinion.status != OpinionStatus::ok) {
    opinion.standing = Standing::replaced;  // what was said stays better than nothing
    opinion.ended_at_ms = now_ms;
  } else if (before) {
    TRY_VOID(end_opinion(connection, before->key, Standing::replaced, now_ms));
  }
  TRY_VOID(insert_opinion(connection, opinion));
  return SavedOpinion{SavedOpinion::Kind::stored, std::move(opinion)};
}

/// A trace as it lies in the file; nothing if it does not read back.
std::optional<ReviewedTrace> reviewed_of(const Query& row) {
  ReviewedTrace trace;
  trace.seq = row.integer(0);
  trace.agent = row.integer(1);
  trace.trace_id = row.uuid(2);
  auto body = unpack(row.integer(3), row.integer(4), row.blob(5));
  auto result = row.is_null(8) ? Result<std::string>(std::string())
                               : unpack(row.integer(6), row.integer(7), row.blob(8));
  if (!body || !result) {
    return std::nullopt;
  }
  trace.body = *std::move(body);
  trace.result_json = *std::move(result);
  return trace;
}

}  // namespace

Result<SavedOpinion> SqliteStore::save_opinion(NewOpinion opinion) {
  TRY_VOID(check_opinion(opinion));
  const std::int64_t now_ms = clock_.now_ms();
  return write_and_wait<SavedOpinion>(
      *writer_, [opinion = std::move(opinion), now_ms](Connection& connection) {
        return save(connection, opinion, now_ms);
      });
}

Status SqliteStore::queue_opinion(NewOpinion opinion, OpinionDone done) {
  TRY_VOID(check_opinion(opinion));
  auto work = [opinion = std::move(opinion), now_ms = clock_.now_ms()](Connection& connection) {
    return save(connection, opinion, now_ms);
  };
  return writer_->submit(
      std::make_unique<ValueJob<SavedOpinion>>(std::move(work), std::move(done)));
}

Result<bool> SqliteStore::withdraw_opinion(std::int64_t seq, ReviewerKey reviewer) {
  const std::int64_t now_ms = clock_.now_ms();
  return write_and_wait<bool>(
      *writer_, [seq, reviewer, now_ms](Connection& connection) -> Result<bool> {
        TRY(const bool trace, has_row(connection, "SELECT 1 FROM trace WHERE seq = ?", seq));
        if (!trace) {
          return no_such_trace();
        }
        NewOpinion voice;
        voice.seq = seq;
        voice.reviewer = reviewer;
        TRY(const std::optional<Opinion> before, current_of(connection, voice));
        if (before) {
          TRY_VOID(end_opinion(connection, before->key, Standing::withdrawn, now_ms));
        }
        return before.has_value();
      });
}

Result<TraceOpinions> SqliteStore::opinions_of(std::optional<AgentKey> agent,
                                               const Uuid& trace_id) {
  TRY(const Readers::Loan reader, readers_->borrow());
  TraceOpinions said;
  {
    Query query = reader->query(
        "SELECT seq, verdict, score FROM trace WHERE trace_id = ?1 AND (?2 IS NULL OR agent = ?2)"
        " LIMIT 1");
    query.bind(trace_id, agent);
    TRY(const bool found, query.step());
    if (!found) {
      return no_such_trace();
    }
    said.seq = query.integer(0);
    if (!query.is_null(1)) {
      said.verdict = static_cast<Verdict>(query.integer(1));
      said.score = query.real(2);
    }
  }
  TRY(said.opinions, current_opinions(*reader, said.seq));
  TRY(said.ended, ended_opinions(*reader, said.seq));
  return said;
}

Result<ReviewedPage> SqliteStore::reviewed_traces(std::int64_t after_seq, std::size_t limit) {
  const std::size_t rows_max = std::clamp(limit, std::size_t{1}, std::size_t{kReviewedLimitMax});
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT t.seq, t.agent, t.trace_id, b.dict_id, b.raw_bytes, b.data, r.dict_id, r.raw_bytes,"
      " r.data FROM (SELECT DISTINCT seq FROM opinion INDEXED BY opinion_of_people"
      " WHERE standing = 0 AND source = 0 AND seq > ?1 ORDER BY seq) o"
      " CROSS JOIN trace t ON t.seq = o.seq CROSS JOIN body b ON b.seq = o.seq"
      " LEFT JOIN result r ON r.seq = o.seq");
  query.bind(after_seq);
  ReviewedPage page;
  std::int64_t bytes = 0;
  std::int64_t last = 0;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return page;
    }
    if (page.traces.size() == rows_max || bytes > kReviewedBytesMax) {
      page.next_after = last;
      return page;
    }
    last = query.integer(0);
    std::optional<ReviewedTrace> trace = reviewed_of(query);
    if (!trace) {
      continue;
    }
    bytes += query.integer(4) + query.integer(7);
    TRY(trace->verdicts, verdicts_of_people(*reader, last));
    page.traces.push_back(*std::move(trace));
  }
}

}  // namespace infinium::store::sqlite
