#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace infinium::bench {

/// One keep-alive HTTP/1.1 connection to loopback over a raw socket, for measuring. Aborts with a
/// sentence when anything is not as expected: a bench has no business going on then.
class Loopback {
 public:
  explicit Loopback(std::uint16_t port);
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  /// Sends a complete request and returns the response's body; `status` is checked.
  std::string exchange(std::string_view request, int status);

 private:
  int socket_ = -1;
  std::string buffer_;
};

}  // namespace infinium::bench
