#include "server/server.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/try.h"
#include "server/api.h"
#include "server/listener.h"
#include "server/services.h"
#include "server/tls.h"
#include "server/worker.h"

namespace infinium::server {
namespace {

/// Reads and prompt fetches are no load to speak of, and a 429 ends the wait of clients in the
/// field: ten times the traces, and never under 100 a second.
double read_rate(int rate_limit) { return rate_limit > 0 ? std::max(100.0, 10.0 * rate_limit) : 0; }

}  // namespace

/// In the order of dependence: what is declared later is destroyed first.
struct Server::Impl {
  Impl(store::Store& store,
       pipeline::ResultHub& hub,
       const pipeline::Pipeline& pipeline,
       const Clock& clock,
       Random& random,
       Log& log,
       Options options_in)
      : options(std::move(options_in)),
        pool(std::max(1, options.read_threads)),
        authenticator(store, pool, clock),
        long_polls(hub),
        trace_limiter(options.rate_limit, 2.0 * options.rate_limit),
        read_limiter(read_rate(options.rate_limit), 2 * read_rate(options.rate_limit)),
        services{store,
                 pipeline,
                 clock,
                 random,
                 log,
                 options,
                 pool,
                 authenticator,
                 long_polls,
                 trace_limiter,
                 read_limiter,
                 metrics},
        api(services),
        count(options.connections_max) {}

  Result<std::uint16_t> start();
  void stop(std::chrono::milliseconds drain);

  const Options options;
  ReadPool pool;
  Authenticator authenticator;
  LongPolls long_polls;
  RateLimiter trace_limiter;
  RateLimiter read_limiter;
  Metrics metrics;
  Services services;
  Api api;
  ConnectionCount count;
  std::unique_ptr<Tls> tls;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Listener> listener;
};

Result<std::uint16_t> Server::Impl::start() {
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return Error{Code::invalid_argument, "TLS needs both a certificate and its key."};
  }
  if (!options.tls_cert.empty()) {
    TRY(tls, Tls::load(options.tls_cert, options.tls_key));
  }
  TRY(const auto endpoint, Listener::resolve(options.host, options.port));
  services.on_loopback = endpoint.address().is_loopback();
  if (!services.on_loopback && !tls && !options.insecure) {
    return Error{Code::invalid_argument,
                 "Listening beyond this machine (" + options.host +
                     ") needs --tls-cert and --tls-key, or --insecure to send secrets in clear."};
  }
  for (int i = 0; i < std::max(1, options.threads); ++i) {
    workers.push_back(std::make_unique<Worker>(i, api, services, count));
  }
  listener = std::make_unique<Listener>(workers, services, count, tls.get());
  auto port = listener->listen(endpoint);
  if (port) {
    listener->start();
  }
  return port;
}

void Server::Impl::stop(std::chrono::milliseconds drain) {
  const auto until = std::chrono::steady_clock::now() + drain;
  if (listener) {
    listener->stop();
  }
  long_polls.stop();
  for (const auto& worker : workers) {
    worker->finish();
  }
  if (!count.wait_for_none(until)) {
    services.log.warning("drain_cut_short");
    for (const auto& worker : workers) {
      worker->abort();
    }
    count.wait_for_none();
  }
  listener.reset();
  workers.clear();
}

Server::Server(store::Store& store,
               pipeline::ResultHub& hub,
               const pipeline::Pipeline& pipeline,
               const Clock& clock,
               Random& random,
               Log& log,
               Options options)
    : impl_(std::make_unique<Impl>(store, hub, pipeline, clock, random, log, std::move(options))) {}

Server::~Server() { impl_->stop(std::chrono::milliseconds(0)); }

Result<std::uint16_t> Server::start() { return impl_->start(); }

void Server::stop(std::chrono::milliseconds drain) { impl_->stop(drain); }

void Server::invalidate_credentials() { impl_->authenticator.forget(); }

}  // namespace infinium::server
