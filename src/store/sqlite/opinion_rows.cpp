#include "store/sqlite/opinion_rows.h"

#include "base/try.h"

namespace infinium::store::sqlite {
namespace {

// The index is named: the planner would take opinion_by_trace, which walks the whole history.
#define INFINIUM_OPINIONS(index)                                                          \
  "SELECT o.key, o.seq, o.source, o.reviewer, o.model, o.status, o.reason, o.verdict,"    \
  " o.confidence, o.decides, o.note, o.rubric, o.root_step, o.created_at_ms, o.standing," \
  " o.ended_at_ms, r.id, r.name, o.record FROM opinion o INDEXED BY " index               \
  " LEFT JOIN reviewer r ON r.key = o.reviewer WHERE o.seq = ?1 AND "

constexpr std::string_view kCurrent =
    INFINIUM_OPINIONS("opinion_current") "o.standing = 0 ORDER BY o.key";
constexpr std::string_view kEnded =
    INFINIUM_OPINIONS("opinion_by_trace") "o.standing <> 0 ORDER BY o.key DESC LIMIT ?2";
constexpr std::string_view kOfPeople =
    INFINIUM_OPINIONS("opinion_of_people") "o.standing = 0 AND o.source = 0 ORDER BY o.key";

#undef INFINIUM_OPINIONS

template <class T, class Read>
std::optional<T> unless_null(const Query& row, int column, Read read) {
  return row.is_null(column) ? std::nullopt : std::optional<T>(read());
}

Opinion opinion_of(const Query& row) {
  Opinion opinion;
  opinion.key = row.integer(0);
  opinion.seq = row.integer(1);
  opinion.by = static_cast<VerdictBy>(row.integer(2));
  opinion.reviewer = row.integer(3);
  opinion.model = row.text(4);
  opinion.status = static_cast<OpinionStatus>(row.integer(5));
  opinion.reason = row.text(6);
  opinion.verdict =
      unless_null<Verdict>(row, 7, [&] { return static_cast<Verdict>(row.integer(7)); });
  opinion.confidence = unless_null<double>(row, 8, [&] { return row.real(8); });
  opinion.decides = row.integer(9) != 0;
  opinion.note = row.text(10);
  opinion.rubric = row.text(11);
  opinion.root_step = unless_null<std::int64_t>(row, 12, [&] { return row.integer(12); });
  opinion.created_at_ms = row.integer(13);
  opinion.standing = static_cast<Standing>(row.integer(14));
  opinion.ended_at_ms = unless_null<std::int64_t>(row, 15, [&] { return row.integer(15); });
  opinion.reviewer_id = row.uuid(16);
  opinion.reviewer_name = row.text(17);
  opinion.record = row.text(18);
  return opinion;
}

Result<std::vector<Opinion>> read_all(Query& query) {
  std::vector<Opinion> opinions;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return opinions;
    }
    opinions.push_back(opinion_of(query));
  }
}

}  // namespace

Result<std::vector<Opinion>> current_opinions(Connection& connection, std::int64_t seq) {
  Query query = connection.query(kCurrent);
  query.bind(seq);
  return read_all(query);
}

Result<std::vector<Opinion>> ended_opinions(Connection& connection, std::int64_t seq) {
  Query query = connection.query(kEnded);
  query.bind(seq, static_cast<std::int64_t>(kEndedOpinionsMax));
  return read_all(query);
}

Result<std::vector<Opinion>> verdicts_of_people(Connection& connection, std::int64_t seq) {
  Query query = connection.query(kOfPeople);
  query.bind(seq);
  return read_all(query);
}

}  // namespace infinium::store::sqlite
