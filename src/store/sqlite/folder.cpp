#include "store/sqlite/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/try.h"

namespace infinium::store::sqlite {
namespace {

constexpr mode_t kFileMode = S_IRUSR | S_IWUSR;

Error failed(int why, std::string_view action, const std::filesystem::path& path) {
  return {Code::unavailable,
          fmt::format(
              "{} cannot be {}: {}", path.string(), action, std::generic_category().message(why))};
}

/// Makes the names in a folder durable.
Status sync_folder(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return failed(errno, "opened", path);
  }
  const int code = ::fsync(fd);
  const int why = errno;
  ::close(fd);
  if (code != 0) {
    return failed(why, "synced", path);
  }
  return {};
}

/// Makes a folder and those above it, each 0700.
Status make_folder(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), S_IRWXU) == 0) {
    return path.has_parent_path() ? sync_folder(path.parent_path()) : Status{};
  }
  if (errno == EEXIST) {
    return {};
  }
  if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
    TRY_VOID(make_folder(path.parent_path()));
    if (::mkdir(path.c_str(), S_IRWXU) == 0) {
      return sync_folder(path.parent_path());
    }
  }
  return failed(errno, "made", path);
}

Error held(int lock, const std::filesystem::path& folder) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size() - 1, 0);
  std::string holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  holder.erase(std::min(holder.find_first_not_of("0123456789"), holder.size()));
  return {Code::conflict,
          fmt::format("{} is held by process {}; stop it or use another --data",
                      folder.string(),
                      holder.empty() ? "(unknown)" : holder)};
}

}  // namespace

Result<Folder> Folder::hold(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  TRY_VOID(make_folder(absolute));
  const std::filesystem::path file = absolute / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (lock < 0) {
    return failed(errno, "written", file);
  }
  Folder folder(absolute, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? held(lock, absolute) : failed(errno, "locked", file);
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock, 0) != 0 ||
      ::pwrite(lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return failed(errno, "written", file);
  }
  return folder;
}

Folder::Folder(Folder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

Folder::~Folder() {
  if (lock_ >= 0) {
    ::close(lock_);  // ends the flock too; the file stays, so that no two can hold two files
  }
}

Result<bool> Folder::make_file(const std::filesystem::path& file) const {
  int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  const bool made = fd < 0 && errno == ENOENT;
  if (made) {
    fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
  }
  if (fd < 0) {
    return failed(errno, "opened for writing", file);
  }
  // Before SQLite opens it: closing a second descriptor later would drop its POSIX locks.
  ::close(fd);
  if (made) {
    TRY_VOID(sync_folder(path_));
  }
  return made;
}

Status Folder::rename_file(const std::filesystem::path& from,
                           const std::filesystem::path& to) const {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return failed(errno, "renamed", from);
  }
  return sync_folder(path_);
}

}  // namespace infinium::store::sqlite
