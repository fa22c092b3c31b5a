#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

/// The Asio types of this layer, with the executor spelled out: type erasure would cost an
/// indirection at every step.
///
/// A coroutine takes its arguments by value, or is a member of an object that outlives it; it holds
/// no lock across co_await; a lambda that is a coroutine captures nothing.
/// What owns something is named before it is handed to a co_awaited call: gcc 12 destroys unnamed
/// closures there twice.
namespace infinium::server {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;
using UseTask = asio::use_awaitable_t<Executor>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>,
                                         Executor>;

inline constexpr UseTask kUseTask{};
/// Completes with a tuple that begins with the error code, instead of throwing.
inline constexpr asio::as_tuple_t<UseTask> kNoThrow{};

}  // namespace infinium::server
