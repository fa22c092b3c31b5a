#include "store/sqlite/list_sql.h"

#include <gmock/gmock.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/store_fixture.h"

namespace infinium::store::sqlite {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ListPlanTest : public StoreTest {
 protected:
  /// SQLite's plan for a query, one step a line.
  std::string plan(std::string_view sql) {
    open();
    const auto connection = Connection::open(file());
    EXPECT_TRUE(connection);
    const std::string explain = "EXPLAIN QUERY PLAN " + std::string(sql);
    Query query = (*connection)->query(explain);
    std::string steps;
    while (query.step().value_or(false)) {
      steps += std::string(query.text(3)) + '\n';
    }
    return steps;
  }
};

TEST_F(ListPlanTest, EachUsesItsIndexAndNoneSorts) {
  const auto no_sort_nor_scan = AllOf(Not(HasSubstr("TEMP B-TREE")), Not(HasSubstr("SCAN")));
  EXPECT_THAT(plan(kListAll), AllOf(no_sort_nor_scan, HasSubstr("t USING INTEGER PRIMARY KEY")));
  EXPECT_THAT(
      plan(kListAgent),
      AllOf(no_sort_nor_scan, HasSubstr("trace_by_agent (agent=? AND rowid>? AND rowid<?)")));
  EXPECT_THAT(
      plan(kListVerdict),
      AllOf(no_sort_nor_scan, HasSubstr("trace_by_verdict (verdict=? AND rowid>? AND rowid<?)")));
  EXPECT_THAT(plan(kListAgentVerdict),
              AllOf(no_sort_nor_scan,
                    HasSubstr("trace_by_agent_verdict "
                              "(agent=? AND verdict=? AND rowid>? AND rowid<?)")));
}

}  // namespace
}  // namespace infinium::store::sqlite
