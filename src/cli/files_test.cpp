#include "cli/files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "cli/serve.h"

namespace infinium::cli {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "infinium-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& text) {
    const std::filesystem::path file = folder_ / "file";
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

  std::filesystem::path folder_;
};

TEST_F(Files, ReadsAllUpToItsLimit) {
  const std::string file = write("12345");
  EXPECT_EQ(read_all(file, 5).value(), "12345");
  EXPECT_EQ(read_all(file, 4).error().code, Code::too_large);
  EXPECT_EQ(read_all((folder_ / "none").string(), 5).error().code, Code::not_found);
  EXPECT_EQ(read_all(folder_.string(), 5).error().code, Code::unavailable);
}

TEST_F(Files, ReadsLineByLineAndPassesOverLongOnes) {
  Result<LineReader> lines = LineReader::open(write("one\n\ntoolong\nlast"), 5);
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->next()->value(), "one");
  EXPECT_EQ(lines->next()->value(), "");
  EXPECT_EQ(lines->next()->error().code, Code::too_large);
  EXPECT_EQ(lines->line_number(), 3u);
  EXPECT_EQ(lines->next()->value(), "last");
  EXPECT_FALSE(lines->next());
}

TEST_F(Files, WritesWholeOrNotAtAll) {
  const std::filesystem::path file = folder_ / "ready";
  ASSERT_TRUE(write_atomically(file, "http://127.0.0.1:1\n"));
  EXPECT_EQ(read_all(file.string(), 100).value(), "http://127.0.0.1:1\n");
  EXPECT_FALSE(write_atomically(folder_ / "none" / "ready", "x"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(Files, TheDataFolderIsGivenOrInTheEnvironmentOrAtHome) {
  ::setenv("INFINIUM_DATA", "/a", 1);
  ::setenv("HOME", "/h", 1);
  EXPECT_EQ(data_folder("/b").value(), "/b");
  EXPECT_EQ(data_folder("").value(), "/a");
  ::unsetenv("INFINIUM_DATA");
  EXPECT_EQ(data_folder("").value(), "/h/.local/share/infinium");
  EXPECT_TRUE(data_folder("relative")->is_absolute());
  ::unsetenv("HOME");
  EXPECT_EQ(data_folder("").error().code, Code::invalid_argument);
}

TEST(Listen, TakesHostAndPort) {
  EXPECT_EQ(parse_listen("127.0.0.1:8400")->port, 8400);
  EXPECT_EQ(parse_listen("localhost:0")->host, "localhost");
  EXPECT_EQ(parse_listen("[::1]:8400")->host, "::1");
  for (const char* wrong :
       {"", "8400", ":8400", "h:", "h:x", "h:65536", "h:1x", "::1:8400", "h:-1"}) {
    EXPECT_FALSE(parse_listen(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace infinium::cli
