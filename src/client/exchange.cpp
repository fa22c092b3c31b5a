#include "client/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string_view>
#include <utility>

namespace infinium::client {
namespace {

namespace http = boost::beast::http;
using Parser = http::response_parser<http::string_body>;

constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20u;
constexpr std::uint32_t kAnswerHeaderBytesMax = 64u << 10u;
constexpr std::size_t kReadBytes = std::size_t{16} << 10u;
constexpr int kInterimAnswersMax = 10;

bool is_token(std::string_view text) {
  const auto is_token_char = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

bool is_target(std::string_view text) {
  return text.starts_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

Failure failure_of(const boost::system::error_code& error) {
  if (error == boost::asio::error::eof || error == http::error::partial_message ||
      error == http::error::end_of_stream) {
    return {Failure::Kind::connect, "the server closed the connection before its answer was whole"};
  }
  if (error == http::error::body_limit) {
    return {Failure::Kind::protocol, "the answer is larger than 64 MiB"};
  }
  if (error.category() == make_error_code(http::error::bad_status).category()) {
    return {Failure::Kind::protocol,
            fmt::format("the answer is not valid HTTP ({})", error.message())};
  }
  return {Failure::Kind::connect, fmt::format("the connection broke ({})", error.message())};
}

Response response_of(Parser::value_type&& message) {
  Response response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message.base()) {
    std::string name = lower({field.name_string().data(), field.name_string().size()});
    const std::string_view value(field.value().data(), field.value().size());
    const auto same = std::find_if(response.headers.begin(),
                                   response.headers.end(),
                                   [&](const auto& header) { return header.first == name; });
    if (same != response.headers.end()) {
      same->second.append(", ").append(value);
    } else {
      response.headers.emplace_back(std::move(name), value);
    }
  }
  response.body = std::move(message.body());
  return response;
}

/// Reads bytes into the parser until its message is complete.
class AnswerReader {
 public:
  explicit AnswerReader(Connection& connection) : connection_(connection) {}

  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] bool drained() const { return buffer_.size() == 0; }

  boost::asio::awaitable<boost::system::error_code> read(Parser& parser) {
    boost::system::error_code error;
    while (!parser.is_done()) {
      if (buffer_.size() > 0) {
        const std::size_t used = parser.put(buffer_.data(), error);
        buffer_.consume(used);
        if (error && error != http::error::need_more) {
          co_return error;
        }
        if (!error && used > 0) {
          continue;
        }
      }
      auto [read_error, count] = co_await connection_.read_some(buffer_.prepare(kReadBytes));
      if (read_error == boost::asio::error::eof && parser.got_some()) {
        parser.put_eof(error);
        if (error) {
          co_return error;
        }
        continue;
      }
      if (read_error) {
        co_return read_error;
      }
      buffer_.commit(count);
      any_ = true;
    }
    co_return boost::system::error_code{};
  }

 private:
  Connection& connection_;
  boost::beast::flat_buffer buffer_{kAnswerHeaderBytesMax + kReadBytes};
  bool any_ = false;
};

}  // namespace

Result<std::string> encode_head(const Request& request, const TransportOptions& options) {
  const std::string prefix = request.from_root ? std::string{} : options.url.path;
  if (!is_token(request.method)) {
    return Error{Code::invalid_argument, "the method is not an HTTP method", "method"};
  }
  if (!is_target(request.path)) {
    return Error{Code::invalid_argument,
                 "the path must start with / and hold no spaces or other unescaped characters",
                 "path"};
  }
  if (!is_field_value(options.user_agent)) {
    return Error{Code::invalid_argument, "the user agent holds control characters", "user_agent"};
  }
  std::string head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n",
                                 request.method,
                                 prefix,
                                 request.path,
                                 options.url.authority(),
                                 options.user_agent);
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || !is_field_value(value)) {
      return Error{Code::invalid_argument,
                   "a header holds characters that are not allowed there",
                   fmt::format("headers.{}", is_token(name) ? name : "?")};
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    head.append(fmt::format("Content-Length: {}\r\n", request.body.size()));
  }
  return head.append("\r\n");
}

boost::asio::awaitable<Exchanged> exchange(Connection& connection,
                                           const std::string& head,
                                           const std::string& body,
                                           bool answer_has_body) {
  Exchanged result;
  // A server may answer and stop reading before the body is out: the answer counts, not the error.
  const auto write_error = co_await connection.write(head, body);
  AnswerReader reader(connection);
  for (int i = 0; i < kInterimAnswersMax; ++i) {
    Parser parser;
    parser.eager(true);
    parser.body_limit(kAnswerBytesMax);
    parser.header_limit(kAnswerHeaderBytesMax);
    parser.skip(!answer_has_body);
    const auto error = co_await reader.read(parser);
    result.any_answer = reader.any();
    if (error) {
      result.failure = failure_of(write_error && !reader.any() ? write_error : error);
      co_return result;
    }
    if (parser.get().result_int() >= 200) {
      result.reusable = !write_error && parser.keep_alive() && reader.drained();
      result.response = response_of(parser.release());
      co_return result;
    }
  }
  result.failure = Failure{Failure::Kind::protocol, "the server sends interim answers without end"};
  co_return result;
}

}  // namespace infinium::client
