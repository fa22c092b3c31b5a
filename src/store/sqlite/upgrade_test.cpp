#include <gmock/gmock.h>
#include <sys/stat.h>
#include <zstd.h>

#include <fstream>
#include <iterator>

#include "codec/json_text.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/store_fixture.h"

/// Stores of earlier programs, as they made them (tests/upgrade/make_store.py), opened by this one.
namespace infinium::store::sqlite {
namespace {

using testing::ElementsAreArray;

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string text_at(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

class UpgradeTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    const std::filesystem::path source = INFINIUM_UPGRADE_DIR;
    const std::string packed = bytes_of(source / "v1.db.zst");
    v1_.resize(ZSTD_getFrameContentSize(packed.data(), packed.size()));
    ASSERT_EQ(ZSTD_decompress(v1_.data(), v1_.size(), packed.data(), packed.size()), v1_.size());
    auto told = codec::parse_json(bytes_of(source / "v1.json"));
    ASSERT_TRUE(told) << told.error().message;
    told_ = *std::move(told);
    put_v1();
  }

  void put_v1() {
    std::filesystem::remove_all(options_.folder);
    std::filesystem::create_directories(options_.folder);
    std::ofstream(file(), std::ios::binary) << v1_;
  }

  [[nodiscard]] std::filesystem::path backup() const {
    return options_.folder / "infinium.db.v1-backup";
  }

  static std::int64_t version_of(const std::filesystem::path& path) {
    const auto connection = Connection::open(path);
    EXPECT_TRUE(connection);
    Query query = (*connection)->query("PRAGMA user_version");
    EXPECT_TRUE(query.step().value_or(false));
    return query.integer(0);
  }

  static std::vector<std::string> rows_of(Connection& connection, const std::string& sql) {
    Query query = connection.query(sql);
    std::vector<std::string> rows;
    while (query.step().value_or(false)) {
      rows.emplace_back(query.text(0));
    }
    return rows;
  }

  /// Every table with each of its columns, and every index with its definition, however spaced.
  [[nodiscard]] std::vector<std::string> schema() const {
    const auto connection = Connection::open(file());
    EXPECT_TRUE(connection);
    auto rows = rows_of(**connection,
                        "SELECT s.name || '.' || c.cid || ' ' || c.name || ' ' || c.type || ' ' ||"
                        " c.\"notnull\" || c.pk || c.hidden || ifnull(c.dflt_value, '') || l.wr ||"
                        " l.strict FROM sqlite_schema s, pragma_table_xinfo(s.name) c,"
                        " pragma_table_list(s.name) l WHERE s.type = 'table' ORDER BY 1");
    const auto others = rows_of(**connection,
                                "SELECT type || ' ' || name || ' ' || tbl_name || ' ' ||"
                                " replace(replace(ifnull(sql, ''), char(10), ''), ' ', '')"
                                " FROM sqlite_schema WHERE type <> 'table' ORDER BY 1");
    rows.insert(rows.end(), others.begin(), others.end());
    return rows;
  }

  /// Everything that version 1 gave back, this program gives back too, byte for byte.
  void expect_all_there() {
    const Json::Array& traces = *told_.find("traces")->if_array();
    ASSERT_GE(traces.size(), 15u);
    for (const Json& told : traces) {
      const Uuid trace_id = *Uuid::parse(text_at(told, "traceId"));
      const auto agent = store_->find_agent(*Uuid::parse(text_at(told, "agentId")));
      ASSERT_TRUE(agent);
      const auto trace = store_->find_trace(agent->key, trace_id);
      ASSERT_TRUE(trace) << trace.error().message;
      EXPECT_EQ(trace->body, text_at(told, "body"));
      EXPECT_EQ(format_iso8601(trace->received_at_ms), text_at(told, "receivedAt"));
      const auto result = store_->find_result(agent->key, trace_id);
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(result->json, text_at(told, "result"));
    }
    EXPECT_EQ(store_->list_traces({})->rows.size(), traces.size());
    EXPECT_EQ(store_->stats().traces, static_cast<std::int64_t>(traces.size()));
    for (const Json& told : *told_.find("agents")->if_array()) {
      const auto agent = store_->find_agent(*Uuid::parse(text_at(told, "id")));
      ASSERT_TRUE(agent);
      EXPECT_EQ(agent->secret_hash, sha256(text_at(told, "secret")));
    }
  }

  std::string v1_;
  Json told_;
};

TEST_F(UpgradeTest, AStoreOfVersion1IsReadWhole) {
  open();
  expect_all_there();
  EXPECT_EQ(store_->claim_pending(100)->size(), 3u);
  open();
  expect_all_there();
  EXPECT_EQ(version_of(file()), kSchemaVersion);
}

TEST_F(UpgradeTest, AMigratedStoreHasTheSchemaOfANewOne) {
  open();
  store_.reset();
  const std::vector<std::string> migrated = schema();
  EXPECT_GE(migrated.size(), 80u);
  std::filesystem::remove_all(options_.folder);
  open();
  store_.reset();
  EXPECT_THAT(migrated, ElementsAreArray(schema()));
}

TEST_F(UpgradeTest, TheBackupIsTheStoreAsItWas) {
  open();
  store_.reset();
  struct stat facts{};
  ASSERT_EQ(::stat(backup().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777u, 0600u);
  const std::string before = bytes_of(backup());
  open();
  store_.reset();
  EXPECT_EQ(bytes_of(backup()), before) << "made once only";
  EXPECT_EQ(version_of(backup()), 1);
  std::filesystem::rename(backup(), file());
  open();
  expect_all_there();
}

TEST_F(UpgradeTest, ANewStoreNeedsNoBackup) {
  std::filesystem::remove(file());
  open();
  EXPECT_FALSE(std::filesystem::exists(backup()));
}

TEST_F(UpgradeTest, WithoutABackupNothingIsChanged) {
  std::filesystem::create_directories(backup() / "in the way");
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::unavailable);
  EXPECT_EQ(version_of(file()), 1);
  std::filesystem::remove_all(backup());
  open();
  expect_all_there();
}

TEST_F(UpgradeTest, AFaultAtAnyStepLeavesAWholeStore) {
  FaultVfs faults;
  bool fired = true;
  int n = 0;
  while (fired && n < 400) {
    SCOPED_TRACE("fault at " + std::to_string(++n));
    put_v1();
    faults.arm(n, true);
    const bool opened = try_open().has_value();
    fired = faults.fired();
    faults.disarm();
    EXPECT_TRUE(opened || fired);
    open();
    expect_all_there();
    EXPECT_EQ(version_of(backup()), 1);
    store_.reset();
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(n, 10);
}

}  // namespace
}  // namespace infinium::store::sqlite
