#include <algorithm>

#include "base/try.h"
#include "store/sqlite/sqlite_store.h"

/// What traces add to the company of their agent's later ones.
namespace infinium::store::sqlite {
namespace {

constexpr std::size_t kPageMax = 10'000;

Result<std::vector<ContributionRow>> read_all(Query& query) {
  std::vector<ContributionRow> rows;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return rows;
    }
    rows.push_back({query.integer(0), query.uuid(1), query.integer(2), std::string(query.text(3))});
  }
}

}  // namespace

Result<std::vector<ContributionRow>> SqliteStore::contributions(AgentKey agent,
                                                                std::int64_t after_seq,
                                                                std::int64_t before_seq,
                                                                std::size_t limit) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT c.seq, t.trace_id, t.received_at_ms, c.data FROM contribution c"
      " CROSS JOIN trace t ON t.seq = c.seq"
      " WHERE c.agent = ?1 AND c.seq > ?2 AND c.seq < ?3 ORDER BY c.seq LIMIT ?4");
  query.bind(agent, after_seq, before_seq, static_cast<std::int64_t>(std::min(limit, kPageMax)));
  return read_all(query);
}

Result<std::vector<ContributionRow>> SqliteStore::task_contributions(AgentKey agent,
                                                                     std::uint64_t task,
                                                                     std::int64_t before_seq,
                                                                     std::size_t limit) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT c.seq, t.trace_id, t.received_at_ms, c.data"
      " FROM contribution c INDEXED BY contribution_by_task CROSS JOIN trace t ON t.seq = c.seq"
      " WHERE c.agent = ?1 AND c.task = ?2 AND c.task <> 0 AND c.seq < ?3"
      " ORDER BY c.seq DESC LIMIT ?4");
  query.bind(agent,
             static_cast<std::int64_t>(task),
             before_seq,
             static_cast<std::int64_t>(std::min(limit, kPageMax)));
  TRY(std::vector<ContributionRow> rows, read_all(query));
  std::ranges::reverse(rows);
  return rows;
}

}  // namespace infinium::store::sqlite
