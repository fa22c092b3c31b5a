#include "server/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cctype>
#include <string>
#include <utility>

#include "base/limits.h"

namespace infinium::server {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

/// The most that may wait unused inside a body: a chunk's header line or the trailer.
constexpr std::size_t kChunkLineBytesMax = limits::kHeaderBytesMax;
/// Room for a method and the version around the longest target.
constexpr std::size_t kRequestLineBytesMax = limits::kTargetBytesMax + 64;

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

Problem bad_request(std::string message) {
  return {.status = 400, .code = "bad_request", .message = std::move(message)};
}

Problem uri_too_long() {
  return {.status = 414,
          .code = "uri_too_long",
          .message = "The request target is longer than " +
                     std::to_string(limits::kTargetBytesMax) + " bytes."};
}

Problem header_too_large() {
  return {.status = 431,
          .code = "header_too_large",
          .message = "The request header is larger than " +
                     std::to_string(limits::kHeaderBytesMax) + " bytes or has more than " +
                     std::to_string(limits::kHeaderFieldsMax) + " fields."};
}

Problem problem_of_parser(const error_code& ec) {
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    return header_too_large();
  }
  if (ec == http::error::bad_content_length || ec == http::error::multiple_content_length) {
    return bad_request("The request's Content-Length is wrong or contradicts another header.");
  }
  if (ec == http::error::bad_transfer_encoding) {
    return bad_request("The request's Transfer-Encoding is wrong or contradicts another header.");
  }
  if (ec == http::error::bad_version) {
    return bad_request("Only HTTP/1.0 and HTTP/1.1 are spoken here.");
  }
  return bad_request("This is not a valid HTTP request (" + ec.message() + ").");
}

}  // namespace

/// Beast's parser, filling a Request of ours.
class RequestParser::Reader final : public http::basic_parser<true> {
 public:
  Reader() {
    header_limit(static_cast<std::uint32_t>(limits::kHeaderBytesMax));
    body_limit(boost::none);  // the limit depends on the route; on_bytes() keeps it
  }

  [[nodiscard]] Progress feed(std::string_view bytes);

  Request request;
  Problem problem;
  std::size_t body_bytes_max = 0;

 private:
  [[nodiscard]] Progress refuse(Problem why, std::size_t used) {
    problem = std::move(why);
    return {Step::refused, used};
  }
  [[nodiscard]] Progress wait_or_refuse(std::string_view rest, std::size_t used);
  [[nodiscard]] bool finish_head();
  void stop(Problem why, error_code& ec) {
    problem = std::move(why);
    ec = http::error::bad_value;
  }
  std::size_t on_bytes(beast::string_view bytes, error_code& ec) {
    if (request.body.size() + bytes.size() > body_bytes_max) {
      stop({.status = 413,
            .code = "payload_too_large",
            .message =
                "The request body is larger than " + std::to_string(body_bytes_max) + " bytes."},
           ec);
      return 0;
    }
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_request_impl(http::verb,
                       beast::string_view method,
                       beast::string_view target,
                       int version,
                       error_code& ec) override {
    request.method = view(method);
    request.target = view(target);
    request.http11 = version >= 11;
    if (target.size() > limits::kTargetBytesMax) {
      stop(uri_too_long(), ec);
    }
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_field_impl(http::field,
                     beast::string_view name,
                     beast::string_view value,
                     error_code& ec) override {
    if (head_reported_) {
      return;  // a trailer says nothing that we want to know
    }
    if (request.headers.size() == limits::kHeaderFieldsMax) {
      stop(header_too_large(), ec);
      return;
    }
    request.headers.push_back({lower_case(view(name)), std::string(view(value))});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, error_code& ec) override {
    return on_bytes(body, ec);
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& ec) override {
    return on_bytes(body, ec);
  }
  void on_finish_impl(error_code&) override {}

  bool head_reported_ = false;
  std::size_t head_bytes_ = 0;
};

RequestParser::Progress RequestParser::Reader::feed(std::string_view bytes) {
  std::size_t used = 0;
  if (!got_some()) {  // empty lines before a request are harmless (RFC 9112, 2.2)
    while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) {
      ++used;
    }
  }
  while (!is_done() && used < bytes.size()) {
    error_code ec;
    const std::size_t n =
        put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), ec);
    used += n;
    if (!is_header_done() || !head_reported_) {
      head_bytes_ += n;
    }
    // A line that never ends is judged by which line it is.
    if (ec == http::error::need_more || (ec == http::error::header_limit && !head_reported_)) {
      return wait_or_refuse(bytes.substr(used), used);
    }
    if (ec) {
      return refuse(problem.message.empty() ? problem_of_parser(ec) : problem, used);
    }
    if (is_header_done() && !head_reported_) {
      head_reported_ = true;
      return finish_head() ? Progress{Step::head, used} : Progress{Step::refused, used};
    }
  }
  return {is_done() ? Step::done : Step::need_more, used};
}

/// Bytes that wait for their line to end must not wait without limit.
RequestParser::Progress RequestParser::Reader::wait_or_refuse(std::string_view rest,
                                                              std::size_t used) {
  if (head_reported_) {
    return rest.size() > kChunkLineBytesMax
               ? refuse(bad_request("A chunk's header or the trailer is too long."), used)
               : Progress{Step::need_more, used};
  }
  if (request.method.empty() && rest.size() > kRequestLineBytesMax) {
    return refuse(uri_too_long(), used);
  }
  if (head_bytes_ + rest.size() > limits::kHeaderBytesMax) {
    return refuse(header_too_large(), used);
  }
  return {Step::need_more, used};
}

/// What Beast does not check of a complete header. False: refused.
bool RequestParser::Reader::finish_head() {
  if (head_bytes_ > limits::kHeaderBytesMax) {
    problem = header_too_large();
    return false;
  }
  const std::size_t hosts = request.count("host");
  if (hosts > 1 || (hosts == 0 && request.http11)) {
    problem = bad_request("A request of HTTP/1.1 has exactly one Host header.");
    return false;
  }
  if (request.count("transfer-encoding") > 0 &&
      (request.count("transfer-encoding") > 1 || !request.http11 ||
       lower_case(request.header("transfer-encoding")) != "chunked")) {
    problem = bad_request("The only Transfer-Encoding understood here is chunked.");
    return false;
  }
  request.chunked = chunked();
  if (const auto length = content_length(); length && !request.chunked) {
    request.content_length = *length;
  }
  request.keep_alive = keep_alive();
  return true;
}

RequestParser::RequestParser() : reader_(std::make_unique<Reader>()) {}
RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::feed(std::string_view bytes) { return reader_->feed(bytes); }
void RequestParser::allow_body(std::size_t bytes_max) { reader_->body_bytes_max = bytes_max; }
void RequestParser::reset() { reader_ = std::make_unique<Reader>(); }
bool RequestParser::idle() const { return !reader_->got_some(); }
Request& RequestParser::request() { return reader_->request; }
const Problem& RequestParser::problem() const { return reader_->problem; }

}  // namespace infinium::server
