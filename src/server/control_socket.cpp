#include "server/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "base/try.h"

namespace infinium::server {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

Error failed(const std::string& what, int error) {
  return Error{Code::unavailable, what + ": " + std::generic_category().message(error)};
}

/// The address of the socket; `folder` must stay open for as long as the address is used.
struct Address {
  Descriptor folder;
  sockaddr_un name{};
};

Result<Address> address_in(const std::filesystem::path& folder) {
  Address address;
  std::string path = (folder / "control.sock").string();
  if (path.size() >= sizeof(address.name.sun_path)) {
    address.folder = Descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!address.folder.valid()) {
      return Error{errno == ENOENT ? Code::not_found : Code::unavailable,
                   "cannot open the folder " + folder.string()};
    }
    path = "/proc/self/fd/" + std::to_string(address.folder.get()) + "/control.sock";
  }
  address.name.sun_family = AF_UNIX;
  std::memcpy(address.name.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* as_sockaddr(const sockaddr_un& name) {
  return reinterpret_cast<const sockaddr*>(&name);  // the form that the socket calls take
}

/// Waits until `fd` is ready for `events`. Errors: `timeout`; `unavailable` if `stop` (where it is
/// not negative) becomes readable first.
Status wait_for(int fd, short events, Deadline deadline, int stop) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched[] = {{fd, events, 0}, {stop, POLLIN, 0}};
    const int ready =
        ::poll(watched, 2, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000)));
    if (ready > 0 && watched[1].revents != 0) {
      return Error{Code::unavailable, "the server is stopping"};
    }
    if (ready > 0) {
      return {};
    }
    if (ready == 0 && std::chrono::steady_clock::now() >= deadline) {
      return Error{Code::timeout, "the other side of the control socket did not answer in time"};
    }
    if (ready < 0 && errno != EINTR) {
      return failed("the control socket cannot be waited for", errno);
    }
  }
}

/// Reads up to and without the first line end.
Result<std::string> read_line(int fd, Deadline deadline, int stop) {
  std::string line;
  char buffer[16'384];
  while (true) {
    TRY_VOID(wait_for(fd, POLLIN, deadline, stop));
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (n < 0) {
      return failed("the control socket failed", errno);
    }
    if (n == 0) {
      return Error{Code::unavailable, "the control socket was closed before a whole line"};
    }
    const std::string_view got(buffer, static_cast<std::size_t>(n));
    const std::size_t end = got.find('\n');
    line += got.substr(0, end);
    if (line.size() > kControlLineBytesMax) {
      return Error{Code::too_large, "a line of the control socket is over 8 MiB"};
    }
    if (end != std::string_view::npos) {
      return line;
    }
  }
}

Status write_line(int fd, std::string line, Deadline deadline, int stop) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    TRY_VOID(wait_for(fd, POLLOUT, deadline, stop));
    const ssize_t n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (n < 0) {
      return failed("the control socket failed", errno);
    }
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

struct ControlSocket::Impl {
  Address address;
  Descriptor listener;
  Descriptor stop;
  Answer answer;
  Log& log;
  std::chrono::milliseconds patience;
  std::thread thread{};

  void run() {
    pthread_setname_np(pthread_self(), "control");
    while (wait_for(listener.get(), POLLIN, Deadline::max() - std::chrono::hours(1), stop.get())) {
      const Descriptor peer(
          ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!peer.valid()) {
        continue;
      }
      if (const Status served = serve(peer.get()); !served) {
        log.warning("control_request_failed", {{"error", served.error().message}});
      }
    }
  }

  Status serve(int peer) {
    TRY(const std::string line,
        read_line(peer, std::chrono::steady_clock::now() + patience, stop.get()));
    return write_line(peer, answer(line), std::chrono::steady_clock::now() + patience, stop.get());
  }
};

ControlSocket::ControlSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->thread = std::thread([state = impl_.get()] { state->run(); });
}

ControlSocket::~ControlSocket() {
  ::unlink(impl_->address.name.sun_path);
  const std::uint64_t one = 1;
  if (::write(impl_->stop.get(), &one, sizeof one) == sizeof one) {
    impl_->thread.join();
  } else {
    impl_->thread.detach();  // cannot happen: the counter is far from full
  }
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::listen(const std::filesystem::path& folder,
                                                             Answer answer,
                                                             Log& log,
                                                             std::chrono::milliseconds patience) {
  TRY(Address address, address_in(folder));
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  Descriptor stop(::eventfd(0, EFD_CLOEXEC));
  if (!listener.valid() || !stop.valid()) {
    return failed("cannot create the control socket", errno);
  }
  ::unlink(address.name.sun_path);
  // The mode given before bind is the one that the socket is born with.
  if (::fchmod(listener.get(), 0600) != 0 ||
      ::bind(listener.get(), as_sockaddr(address.name), sizeof address.name) != 0 ||
      ::chmod(address.name.sun_path, 0600) != 0 || ::listen(listener.get(), 64) != 0) {
    return failed("cannot listen on " + (folder / "control.sock").string(), errno);
  }
  return std::unique_ptr<ControlSocket>(
      new ControlSocket(std::unique_ptr<Impl>(new Impl{std::move(address),
                                                       std::move(listener),
                                                       std::move(stop),
                                                       std::move(answer),
                                                       log,
                                                       patience})));
}

Result<std::string> call_control_socket(const std::filesystem::path& folder,
                                        std::string_view line,
                                        std::chrono::milliseconds patience) {
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  TRY(const Address address, address_in(folder));
  const Descriptor peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!peer.valid()) {
    return failed("cannot create a socket", errno);
  }
  if (::connect(peer.get(), as_sockaddr(address.name), sizeof address.name) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) {
      return Error{Code::not_found, "no server holds the folder " + folder.string()};
    }
    return failed("cannot reach the server through " + (folder / "control.sock").string(), errno);
  }
  TRY_VOID(write_line(peer.get(), std::string(line), deadline, -1));
  return read_line(peer.get(), deadline, -1);
}

}  // namespace infinium::server
