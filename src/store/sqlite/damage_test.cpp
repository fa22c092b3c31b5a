#include <gtest/gtest.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/store_fixture.h"

namespace infinium::store::sqlite {
namespace {

/// Three traces; the body of the second is damaged.
class DamageTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open();
    for (const char* body : {"{\"a\":\"needle\"}", "{\"b\":\"needle\"}", "{\"c\":\"needle\"}"}) {
      NewTrace one = trace(body);
      ids_.push_back(one.trace_id);
      ASSERT_TRUE(append(std::move(one)));
    }
    store_.reset();
    {
      const auto connection = Connection::open(file());
      ASSERT_TRUE(connection);
      ASSERT_TRUE((*connection)->exec("UPDATE body SET data = x'00112233' WHERE seq = 2"));
    }
    open();
  }

  std::vector<Uuid> ids_;
};

TEST_F(DamageTest, ADamagedBodyIsSaidToBeCorrupt) {
  EXPECT_EQ(store_->find_trace(std::nullopt, ids_[1]).error().code, Code::corrupt);
  EXPECT_TRUE(store_->find_trace(std::nullopt, ids_[0]));
}

TEST_F(DamageTest, ItIsHandedToMaestroEmptySoThatItCanBeCompleted) {
  const auto claims = store_->claim_pending(10);
  ASSERT_TRUE(claims);
  ASSERT_EQ(claims->size(), 3u);
  EXPECT_EQ(claims->at(0).body, "{\"a\":\"needle\"}");
  EXPECT_EQ(claims->at(1).body, "");
  EXPECT_EQ(claims->at(2).body, "{\"c\":\"needle\"}");
  EXPECT_TRUE(save(claims->at(1).seq));
  EXPECT_EQ(store_->find_result(std::nullopt, ids_[1])->state, TraceState::completed);
}

TEST_F(DamageTest, ASearchGoesPastIt) {
  ListQuery query;
  query.text = "needle";
  EXPECT_EQ(store_->list_traces(query)->rows.size(), 2u);
  EXPECT_EQ(store_->list_traces({})->rows.size(), 3u);
}

}  // namespace
}  // namespace infinium::store::sqlite
