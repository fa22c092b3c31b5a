#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "client/connection.h"
#include "client/transport.h"
#include "infinium/result.h"

/// One HTTP/1.1 request and its answer on an open connection.
namespace infinium::client {

/// What became of an exchange. Exactly one of `response` and `failure` is set.
struct Exchanged {
  std::optional<Response> response;  ///< without `elapsed`
  std::optional<Failure> failure;
  bool reusable = false;    ///< the connection may serve another request
  bool any_answer = false;  ///< at least one byte of the answer came
};

/// The request line and header fields, ready to send. Error: `invalid_argument` where a part holds
/// characters that HTTP does not allow there.
[[nodiscard]] Result<std::string> encode_head(const Request& request,
                                              const TransportOptions& options);

/// Sends and reads the whole answer; interim (1xx) answers are skipped. `head` and `body` must live
/// until the end. Time limits are the caller's: it closes the connection's socket.
boost::asio::awaitable<Exchanged> exchange(Connection& connection,
                                           const std::string& head,
                                           const std::string& body,
                                           bool answer_has_body);

}  // namespace infinium::client
