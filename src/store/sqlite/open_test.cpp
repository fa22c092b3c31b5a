#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/store_fixture.h"

namespace infinium::store::sqlite {
namespace {

using testing::HasSubstr;

class OpenTest : public StoreTest {
 protected:
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat facts{};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 0777;
  }

  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::int64_t pragma(const std::string& name) {
    const auto connection = Connection::open(file());
    EXPECT_TRUE(connection);
    const std::string sql = "PRAGMA " + name;
    Query query = (*connection)->query(sql);
    EXPECT_TRUE(query.step());
    return query.integer(0);
  }

  void run_sql(const std::string& sql) {
    const auto connection = Connection::open(file());
    ASSERT_TRUE(connection);
    ASSERT_TRUE((*connection)->exec(sql));
  }
};

TEST_F(OpenTest, MakesFolderAndStoreForItsOwnerOnly) {
  options_.folder /= "a/b";
  auto first = try_open();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->created);
  EXPECT_EQ(mode_of(options_.folder), 0700u);
  EXPECT_EQ(mode_of(options_.folder.parent_path()), 0700u);
  for (const char* name : {"infinium.db", "infinium.db-wal", "infinium.db-shm", "lock"}) {
    EXPECT_EQ(mode_of(options_.folder / name), 0600u) << name;
  }
  first->store.reset();
  const auto second = try_open();
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->created);
}

TEST_F(OpenTest, FixesWhatCannotBeChangedLater) {
  open();
  EXPECT_EQ(pragma("page_size"), kPageBytes);
  EXPECT_EQ(pragma("auto_vacuum"), 2);  // incremental
  EXPECT_EQ(pragma("application_id"), kApplicationId);
  EXPECT_EQ(pragma("user_version"), kSchemaVersion);
}

TEST_F(OpenTest, ClosingLeavesAnEmptyLog) {
  open();
  ASSERT_TRUE(append(trace("{}")));
  store_.reset();
  EXPECT_EQ(std::filesystem::file_size(options_.folder / "infinium.db-wal"), 0u);
}

TEST_F(OpenTest, RefusesAFolderThatIsHeldAndNamesTheHolder) {
  open();
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().message,
              HasSubstr("is held by process " + std::to_string(::getpid()) +
                        "; stop it or use another --data"));
  EXPECT_TRUE(store_->check());
  store_.reset();
  EXPECT_TRUE(try_open());
}

TEST_F(OpenTest, RefusesAFolderThatCannotBe) {
  options_.folder = "/dev/null/infinium";
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::unavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("/dev/null"));
}

TEST_F(OpenTest, RefusesAFolderThatMayOnlyBeRead) {
  std::filesystem::permissions(options_.folder, std::filesystem::perms(0500));
  // The superuser may write anywhere, so the trial runs in a child with another user.
  const pid_t child = ::fork();
  if (child == 0) {
    const bool dropped = ::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0);
    const auto opened = try_open();
    const bool refused = !opened && opened.error().code == Code::unavailable;
    ::_exit(dropped && refused ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  std::filesystem::permissions(options_.folder, std::filesystem::perms(0700));
}

TEST_F(OpenTest, NeverTouchesANewerStore) {
  open();
  store_.reset();
  run_sql("PRAGMA user_version=" + std::to_string(kSchemaVersion + 1));
  // Into the database file: what is compared below is all there is.
  run_sql("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = bytes_of(file());
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::invalid_argument);
  EXPECT_THAT(opened.error().message, HasSubstr("newer version of Infinium"));
  EXPECT_EQ(bytes_of(file()), before);
}

TEST_F(OpenTest, NeverTouchesADatabaseOfAnotherProgram) {
  std::ofstream(file()).flush();
  run_sql("CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)");
  const std::string before = bytes_of(file());
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::invalid_argument);
  EXPECT_EQ(bytes_of(file()), before);
}

TEST_F(OpenTest, AFileThatIsNoDatabaseIsCorrupt) {
  std::ofstream(file()) << std::string(10'000, 'x');
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::corrupt);
}

}  // namespace
}  // namespace infinium::store::sqlite
