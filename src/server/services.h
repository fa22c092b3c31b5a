#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "pipeline/pipeline.h"
#include "server/authenticator.h"
#include "server/long_polls.h"
#include "server/metrics.h"
#include "server/rate_limit.h"
#include "server/read_pool.h"
#include "server/server.h"
#include "store/store.h"

namespace infinium::server {

/// What every route works with. Owned by the server and outliving every connection; all of it may
/// be used by any thread.
struct Services {
  store::Store& store;
  const pipeline::Pipeline& pipeline;
  const Clock& clock;
  Random& random;
  Log& log;
  const Options& options;
  ReadPool& pool;
  Authenticator& authenticator;
  LongPolls& long_polls;
  RateLimiter& trace_limiter;
  RateLimiter& read_limiter;
  Metrics& metrics;
  bool on_loopback = false;  ///< the listener cannot be reached from another machine
};

}  // namespace infinium::server
