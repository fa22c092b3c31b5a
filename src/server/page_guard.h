#pragma once

#include <optional>
#include <string_view>

#include "server/error_response.h"
#include "server/request.h"

namespace infinium::server {

/// Whether a Host header names this very machine: localhost, 127.0.0.1 or [::1], with any port.
[[nodiscard]] bool is_local_host(std::string_view host);

/// Whether a Host header is fit to be repeated in a link: a name or an address, and a port.
[[nodiscard]] bool is_plain_host(std::string_view host);

/// The rule for pages before sign-in: the listener is on loopback, no proxy has forwarded the
/// request, and Host is local (a name that was rebound to 127.0.0.1 is not). The problem is a 421.
[[nodiscard]] std::optional<Problem> refuse_page(const Request& request, bool on_loopback);

}  // namespace infinium::server
