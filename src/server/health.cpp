#include "server/health.h"

#include <chrono>

#include "server/error_response.h"

namespace infinium::server {

Response Health::live() const {
  Response response;
  response.body = "{\"success\":true,\"status\":\"alive\"}";
  return response;
}

std::optional<Health::Checked> Health::recent() {
  const std::lock_guard lock(mutex_);
  const bool fresh = last_ && services_.clock.steady_now() - last_->at < std::chrono::seconds(1);
  return fresh ? last_ : std::nullopt;
}

Task<Response> Health::ready() {
  auto checked = recent();
  if (!checked) {
    const auto status = co_await services_.pool.run([this] { return services_.store.check(); });
    checked = Checked{services_.clock.steady_now(),
                      status ? std::nullopt : std::optional(status.error())};
    const std::lock_guard lock(mutex_);
    last_ = checked;
  }
  if (checked->error || !services_.pipeline.healthy()) {
    co_return to_response(
        problem_of({Code::unavailable,
                    checked->error ? "Not ready: " + checked->error->message
                                   : std::string("Not ready: Maestro does not run.")}));
  }
  Response response;
  response.body = "{\"success\":true,\"status\":\"ready\"}";
  co_return response;
}

Task<Response> Health::metrics() {
  const auto stats = co_await services_.pool.run(
      [this]() -> Result<store::StoreStats> { return services_.store.stats(); });
  if (!stats) {
    co_return to_response(problem_of(stats.error()));
  }
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = services_.metrics.render(*stats, services_.pipeline.stats());
  co_return response;
}

}  // namespace infinium::server
