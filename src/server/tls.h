#pragma once

#include <filesystem>
#include <memory>

#include "infinium/result.h"
#include "server/transport.h"

namespace infinium::server {

/// A certificate and its key, as every encrypted connection needs them. Owned by the server and
/// outliving its connections; may be used by any thread.
class Tls {
 public:
  /// Reads both PEM files. Error: `invalid_argument` (unreadable, or they do not belong together).
  [[nodiscard]] static Result<std::unique_ptr<Tls>> load(const std::filesystem::path& cert,
                                                         const std::filesystem::path& key);
  ~Tls();

  [[nodiscard]] std::unique_ptr<Transport> wrap(Socket socket);

 private:
  struct Impl;
  explicit Tls(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace infinium::server
