#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "server/error_response.h"
#include "server/request.h"

namespace infinium::server {

/// Reads one HTTP/1.x request out of bytes as they arrive: a state machine that does no I/O. It
/// keeps every limit on header and body itself, so that no input makes it hold more than they
/// allow. Owned by one connection and used by its thread.
class RequestParser {
 public:
  enum class Step {
    need_more,  ///< all that can be used was used; more bytes are needed
    head,       ///< the header is complete: decide, then allow_body()
    done,       ///< the request is complete
    refused,    ///< see problem(); the connection cannot go on
  };
  struct Progress {
    Step step = Step::need_more;
    std::size_t used = 0;  ///< bytes consumed from the front of what was given
  };

  RequestParser();
  ~RequestParser();

  /// Takes what it can from the front of `bytes`: what was not used last time, and what came since.
  [[nodiscard]] Progress feed(std::string_view bytes);
  /// After `head`: the body may have at most this many bytes.
  void allow_body(std::size_t bytes_max);
  /// Forgets all and begins the next request.
  void reset();

  /// Whether nothing of a request has arrived yet.
  [[nodiscard]] bool idle() const;
  /// The request so far: complete but for the body after `head`, complete after `done`.
  [[nodiscard]] Request& request();
  [[nodiscard]] const Problem& problem() const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace infinium::server
