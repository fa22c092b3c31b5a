#include "server/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace infinium::server {
namespace {

class ControlSocketTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "infinium-ctl-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<ControlSocket> listen(
      const std::filesystem::path& folder,
      std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    auto socket = ControlSocket::listen(
        folder, [](std::string_view line) { return "heard " + std::string(line); }, log_, patience);
    EXPECT_TRUE(socket) << socket.error().message;
    return socket ? *std::move(socket) : nullptr;
  }

  SystemClock clock_;
  Log log_{clock_, LogLevel::error};
  std::filesystem::path folder_;
};

TEST_F(ControlSocketTest, CarriesALineEachWay) {
  const auto socket = listen(folder_);
  EXPECT_EQ(call_control_socket(folder_, "one").value(), "heard one");
  EXPECT_EQ(call_control_socket(folder_, "two").value(), "heard two");
}

TEST_F(ControlSocketTest, IsForTheOwnerOnlyAndGoesWithTheServer) {
  auto socket = listen(folder_);
  struct stat what{};
  ASSERT_EQ(::stat((folder_ / "control.sock").c_str(), &what), 0);
  EXPECT_EQ(what.st_mode & 0777u, 0600u);
  socket.reset();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "control.sock"));
  EXPECT_EQ(call_control_socket(folder_, "x").error().code, Code::not_found);
}

TEST_F(ControlSocketTest, NoFolderIsNoServer) {
  EXPECT_EQ(call_control_socket(folder_ / "none", "x").error().code, Code::not_found);
}

TEST_F(ControlSocketTest, TakesThePlaceOfADeadServersSocket) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, (folder_ / "control.sock").c_str());
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  ::close(dead);
  EXPECT_EQ(call_control_socket(folder_, "x").error().code, Code::not_found);
  const auto socket = listen(folder_);
  EXPECT_EQ(call_control_socket(folder_, "x").value(), "heard x");
}

TEST_F(ControlSocketTest, ReachesAFolderWhosePathIsLongerThanAnAddress) {
  const std::filesystem::path deep = folder_ / std::string(100, 'a') / std::string(100, 'b');
  std::filesystem::create_directories(deep);
  const auto socket = listen(deep);
  EXPECT_TRUE(std::filesystem::exists(deep / "control.sock"));
  EXPECT_EQ(call_control_socket(deep, "x").value(), "heard x");
}

TEST_F(ControlSocketTest, CarriesALongLineAndRefusesALongerOne) {
  const auto socket = listen(folder_);
  const std::string line(2u << 20u, 'x');
  EXPECT_EQ(call_control_socket(folder_, line).value(), "heard " + line);
  EXPECT_FALSE(call_control_socket(folder_, std::string(kControlLineBytesMax + 1, 'x')));
  EXPECT_EQ(call_control_socket(folder_, "still there").value(), "heard still there");
}

TEST_F(ControlSocketTest, SomebodyWhoSaysNothingIsLeftAlone) {
  const auto socket = listen(folder_, std::chrono::milliseconds(50));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, (folder_ / "control.sock").c_str());
  const int silent = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::connect(silent, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  EXPECT_EQ(call_control_socket(folder_, "next").value(), "heard next");
  char byte = 0;
  EXPECT_EQ(::read(silent, &byte, 1), 0) << "the connection was closed";
  ::close(silent);
}

TEST_F(ControlSocketTest, StopsWhileSomebodySaysNothing) {
  auto socket = listen(folder_, std::chrono::hours(1));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, (folder_ / "control.sock").c_str());
  const int silent = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::connect(silent, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  socket.reset();
  char byte = 0;
  EXPECT_LE(::read(silent, &byte, 1), 0);
  ::close(silent);
}

}  // namespace
}  // namespace infinium::server
