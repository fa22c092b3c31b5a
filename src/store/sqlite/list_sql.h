#pragma once

#include <string_view>

/// The queries of a page of traces, newest first: ?1 <= seq < ?2, then the agent, then the verdict.
/// None of them sorts: each reads its rows in order, only as far as the page goes.
namespace infinium::store::sqlite {

#define INFINIUM_LIST_COLUMNS                                        \
  " t.agent, a.id, a.name, t.trace_id, t.name, t.received_at_ms,"    \
  " t.current_datetime_ms, t.duration, t.state, t.verdict, t.score," \
  " EXISTS(SELECT 1 FROM opinion o WHERE o.seq = t.seq AND o.standing = 0), t.stale FROM "
#define INFINIUM_LIST_TRACES \
  "SELECT t.seq," INFINIUM_LIST_COLUMNS "trace t LEFT JOIN agent a ON a.key = t.agent WHERE "
#define INFINIUM_LIST_RANGE "t.seq >= ?1 AND t.seq < ?2"

inline constexpr std::string_view kListAll =
    INFINIUM_LIST_TRACES INFINIUM_LIST_RANGE " ORDER BY t.seq DESC";

/// The index holds only what is completed; the short tail of pending ones is merged in.
inline constexpr std::string_view kListAgent = INFINIUM_LIST_TRACES
    "t.state = 1 AND t.agent = ?3 AND " INFINIUM_LIST_RANGE
    " UNION ALL SELECT p.seq," INFINIUM_LIST_COLUMNS
    "pending p CROSS JOIN trace t ON t.seq = p.seq LEFT JOIN agent a ON a.key = t.agent"
    " WHERE p.agent = ?3 AND t.state = 0 AND p.seq >= ?1 AND p.seq < ?2 ORDER BY 1 DESC";

inline constexpr std::string_view kListVerdict = INFINIUM_LIST_TRACES
    "t.state = 1 AND t.verdict = ?3 AND " INFINIUM_LIST_RANGE " ORDER BY t.seq DESC";

inline constexpr std::string_view kListAgentVerdict =
    INFINIUM_LIST_TRACES "t.state = 1 AND t.agent = ?3 AND t.verdict = ?4 AND " INFINIUM_LIST_RANGE
                         " ORDER BY t.seq DESC";

#undef INFINIUM_LIST_COLUMNS
#undef INFINIUM_LIST_TRACES
#undef INFINIUM_LIST_RANGE

}  // namespace infinium::store::sqlite
