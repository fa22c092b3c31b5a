#pragma once

#include <string>
#include <string_view>

#include "server/error_response.h"
#include "server/response.h"
#include "store/store.h"

namespace infinium::server {

/// The answer to one posted trace. Its `url` is the trace's page at `host`, the request's Host
/// header, or a path alone where that is not fit for a link.
[[nodiscard]] Response trace_answer(const store::Appended& appended,
                                    std::string_view host,
                                    bool tls);

/// Appends what a batch says of an item that was refused.
void append_item(std::string& out, const Problem& problem);
/// Appends what a batch says of an item that came to the store. True: it is stored.
bool append_item(std::string& out, const store::Appended& appended);

}  // namespace infinium::server
