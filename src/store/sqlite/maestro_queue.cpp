#include <algorithm>
#include <future>

#include "base/try.h"
#include "store/sqlite/packed.h"
#include "store/sqlite/result_rows.h"
#include "store/sqlite/sqlite_store.h"

/// Maestro's queue: the rows of `pending`. docs/adr/002-maestro-queue.md says why it is no queue
/// beside the store.
namespace infinium::store::sqlite {
namespace {

using Claims = std::vector<ClaimedTrace>;

/// Marks the oldest pending traces that nobody holds as in hand, in the file and in the tally. The
/// bodies are read later, off the writer's thread.
class ClaimJob final : public Job {
 public:
  ClaimJob(std::size_t max, Tally& tally, std::promise<Result<Claims>> promise)
      : max_(max), tally_(tally), promise_(std::move(promise)) {}

  Status apply(Connection& connection) override {
    release();  // of a run that was rolled back
    TRY_VOID(choose(connection));
    for (const ClaimedTrace& claim : claims_) {
      TRY_VOID(connection.query("UPDATE pending SET attempts = attempts + 1 WHERE seq = ?")
                   .bind(claim.seq)
                   .run());
    }
    return {};
  }

  void finish(const Status& committed) override {
    if (committed) {
      promise_.set_value(std::move(claims_));
    } else {
      release();
      promise_.set_value(committed.error());
    }
  }

 private:
  Status choose(Connection& connection);
  void release() {
    for (const ClaimedTrace& claim : claims_) {
      tally_.release(claim.seq);
    }
    claims_.clear();
  }

  std::size_t max_;
  Tally& tally_;
  std::promise<Result<Claims>> promise_;
  Claims claims_;
};

Status ClaimJob::choose(Connection& connection) {
  Query query = connection.query(
      "SELECT p.seq, p.agent, p.attempts, t.trace_id, a.id, t.received_at_ms FROM pending p"
      " CROSS JOIN trace t ON t.seq = p.seq LEFT JOIN agent a ON a.key = p.agent"
      " ORDER BY p.seq");
  while (claims_.size() < max_) {
    TRY(const bool found, query.step());
    if (!found) {
      break;
    }
    ClaimedTrace claim;
    claim.seq = query.integer(0);
    claim.attempts = static_cast<int>(query.integer(2)) + 1;
    const bool suspect = claim.attempts > 1;
    if (tally_.claimed.contains(claim.seq) || (suspect && tally_.suspect)) {
      continue;
    }
    if (suspect && !claims_.empty()) {
      break;
    }
    claim.agent = query.integer(1);
    claim.trace_id = query.uuid(3);
    claim.agent_id = query.uuid(4);
    claim.received_at_ms = query.integer(5);
    tally_.claimed.insert(claim.seq);
    claims_.push_back(std::move(claim));
    if (suspect) {
      tally_.suspect = claims_.back().seq;
      break;
    }
  }
  return {};
}

/// Gives claims back that could not be handed out.
class ReleaseJob final : public Job {
 public:
  ReleaseJob(Claims claims, Tally& tally) : claims_(std::move(claims)), tally_(tally) {}
  Status apply(Connection&) override { return {}; }
  void finish(const Status&) override {
    for (const ClaimedTrace& claim : claims_) {
      tally_.release(claim.seq);
    }
  }

 private:
  Claims claims_;
  Tally& tally_;
};

class SaveJob final : public Job {
 public:
  SaveJob(std::vector<PackedResult> results, SaveDone done, std::int64_t now_ms, Tally& tally)
      : results_(std::move(results)), done_(std::move(done)), now_ms_(now_ms), tally_(tally) {
    for (const PackedResult& one : results_) {
      bytes += one.json.data.size();
    }
  }

  Status apply(Connection& connection) override {
    saved_ = 0;
    for (const PackedResult& one : results_) {
      TRY_VOID(save(connection, one));
    }
    return {};
  }

  void finish(const Status& committed) override {
    if (committed) {
      for (const PackedResult& one : results_) {
        tally_.release(one.result.seq);
      }
      tally_.pending -= saved_;
    }
    done_(committed);
  }

 private:
  Status save(Connection& connection, const PackedResult& one);

  std::vector<PackedResult> results_;
  SaveDone done_;
  std::int64_t now_ms_;
  Tally& tally_;
  std::int64_t saved_ = 0;
};

Status SaveJob::save(Connection& connection, const PackedResult& one) {
  // The row of `pending` is the right to save: without it this result is already there.
  TRY_VOID(connection.query("DELETE FROM pending WHERE seq = ?").bind(one.result.seq).run());
  if (connection.changes() > 0) {
    ++saved_;
    TRY_VOID(put_result(connection, one, now_ms_));  // unless it was taken out meanwhile
  }
  return {};
}

/// Fills in the bodies. One that does not read back stays empty: whoever claimed it must still be
/// able to complete it.
Status read_bodies(Readers& readers, Claims& claims) {
  TRY(const Readers::Loan reader, readers.borrow());
  for (ClaimedTrace& claim : claims) {
    Query query = reader->query("SELECT dict_id, raw_bytes, data FROM body WHERE seq = ?");
    query.bind(claim.seq);
    const Result<bool> found = query.step();
    if (!found && found.error().code != Code::corrupt) {
      return found.error();
    }
    if (found && *found) {
      claim.body = unpack(query.integer(0), query.integer(1), query.blob(2)).value_or({});
    }
  }
  return {};
}

}  // namespace

Result<Claims> SqliteStore::claim_pending(std::size_t max) {
  std::promise<Result<Claims>> promise;
  std::future<Result<Claims>> future = promise.get_future();
  TRY_VOID(writer_->submit(std::make_unique<ClaimJob>(max, *tally_, std::move(promise))));
  // No deadline: whoever gave up would leave traces in nobody's hand; the writer always answers.
  TRY(Claims claims, future.get());
  if (const Status read = read_bodies(*readers_, claims); !read) {
    // Refused only while closing, when claims end anyway.
    (void)writer_->submit(std::make_unique<ReleaseJob>(std::move(claims), *tally_));
    return read.error();
  }
  return claims;
}

Status SqliteStore::save_results(std::vector<NewResult> results, SaveDone done) {
  TRY(std::vector<PackedResult> packed, pack_all(std::move(results)));
  return writer_->submit(
      std::make_unique<SaveJob>(std::move(packed), std::move(done), clock_.now_ms(), *tally_));
}

void SqliteStore::on_new_pending(std::function<void()> notify) {
  writer_->on_new_pending(std::move(notify));
}

}  // namespace infinium::store::sqlite
