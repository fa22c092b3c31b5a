#include "cli/results.h"

#include <algorithm>

#include "base/limits.h"
#include "base/try.h"
#include "base/uuid.h"
#include "cli/render.h"
#include "codec/json_text.h"

namespace infinium::cli {

Result<Json> fetch_interpretation(Api& api,
                                  const Clock& clock,
                                  const std::string& trace_id,
                                  std::chrono::milliseconds wait) {
  const auto deadline = clock.steady_now() + wait;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - clock.steady_now());
    const auto held =
        std::clamp<std::chrono::seconds>(left, std::chrono::seconds(0), limits::kWaitMax);
    TRY(const ApiAnswer answer,
        api.get("/interpreted-result/" + trace_id + "?wait=" + std::to_string(held.count()),
                Api::kPatience + held));
    const Json* result = answer.body.find("interpretedTraceResult");
    if (answer.status == 200 && result != nullptr) {
      return *result;
    }
    if (clock.steady_now() >= deadline) {
      return Error{Code::timeout,
                   "Maestro is still at work on " + trace_id + "; `infinium wait " + trace_id +
                       "` waits for it"};
    }
  }
}

void show_interpretation(const Program& program, const Json& interpretation, bool as_json) {
  print(as_json ? codec::encode_json(interpretation) + "\n"
                : render_interpretation(interpretation,
                                        {program.terminal.width, program.terminal.color}));
}

Status check_trace_id(const std::string& trace_id) {
  if (!Uuid::parse(trace_id)) {
    return Error{Code::invalid_argument, "a trace's id is a UUID", "ID"};
  }
  return {};
}

}  // namespace infinium::cli
