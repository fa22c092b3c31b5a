#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/api.h"
#include "server/request_parser.h"
#include "server/transport.h"

namespace infinium::server {

/// One connection: reads requests, has them answered, writes the answers, one after the other.
/// Owned by its worker, and used on that worker's thread only.
class Connection {
 public:
  Connection(std::unique_ptr<Transport> transport, std::string peer, Api& api, Services& services);

  /// Serves until either side ends it.
  [[nodiscard]] Task<void> run();

  /// Ends what has taken too long. Called by the worker several times a second.
  void check_deadline(TimePoint now);
  /// Ends after the request in flight, or at once if there is none.
  void finish();
  /// Ends now.
  void abort();

 private:
  using Step = RequestParser::Step;

  /// How an answer leaves.
  struct Manner {
    bool keep_alive = true;
    bool head_only = false;
    bool linger = false;  ///< the client may still be sending: read on for a while before closing
  };

  [[nodiscard]] Task<bool> serve_one();
  [[nodiscard]] Task<bool> serve_admitted(Exchange exchange);
  [[nodiscard]] Task<Response> answer(Exchange exchange);
  [[nodiscard]] Task<Step> read_head();
  [[nodiscard]] Task<Step> read_body();
  [[nodiscard]] Task<bool> send_continue(std::string_view expectation);
  [[nodiscard]] Task<std::size_t> fill();
  [[nodiscard]] Task<bool> send(Response response, Manner manner);
  [[nodiscard]] Task<void> linger();
  [[nodiscard]] Step fail_reading();
  [[nodiscard]] std::string_view date();
  [[nodiscard]] std::string next_request_id();
  void expire_in(std::chrono::milliseconds from_now) {
    deadline_ = services_.clock.steady_now() + from_now;
  }
  void expire_never() { deadline_ = TimePoint::max(); }

  std::unique_ptr<Transport> transport_;
  std::string peer_;
  Api& api_;
  Services& services_;
  const Timeouts& timeouts_;
  RequestParser parser_;
  boost::beast::flat_buffer buffer_;
  std::optional<Problem> failure_;  ///< why reading came to nothing, if the client is to be told
  TimePoint deadline_ = TimePoint::max();
  TimePoint began_;  ///< when the request in hand did
  Route route_ = Route::none;
  bool idle_ = false;  ///< between two requests
  bool timed_out_ = false;
  bool finishing_ = false;
  std::string id_prefix_;
  std::uint64_t requests_ = 0;
  std::int64_t date_second_ = -1;
  std::string date_;
};

}  // namespace infinium::server
