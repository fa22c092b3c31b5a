#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/uuid.h"
#include "server/body_decode.h"
#include "server/error_response.h"
#include "server/request.h"
#include "server/router.h"
#include "server/target.h"
#include "store/store.h"

namespace infinium::server {

/// A request and what was found out about it from its header alone. A plain value.
struct Exchange {
  Request request;
  Target target;
  Route route = Route::none;
  std::vector<std::string> arguments;       ///< the ids in the path, in order
  std::optional<Problem> refusal;           ///< set: the body is not even read
  std::optional<store::Agent> agent;        ///< on an agent's routes: whose traces are meant
  std::optional<store::Reviewer> reviewer;  ///< who asks, unless the agent itself does
  Uuid prompt_id;                           ///< on the prompt's route
  std::optional<Uuid> idempotency_key;
  Encoding encoding = Encoding::identity;
  /// A GET has no use for a body, but one that comes with it is read and ignored.
  std::size_t body_bytes_max = limits::kHeaderBytesMax;
};

}  // namespace infinium::server
