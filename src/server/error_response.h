#pragma once

#include <string>

#include "infinium/result.h"
#include "server/response.h"

namespace infinium::server {

/// Why a request is not answered as asked: one row of the protocol's error table.
struct Problem {
  int status = 500;
  std::string code = "internal";  ///< the machine code of the wire protocol
  std::string message;            ///< a sentence for a person
  std::string field{};            ///< the path at fault, or empty
  int retry_after_s = 0;          ///< sent if above zero
  std::string allow{};            ///< of a 405: the methods that would do

  bool operator==(const Problem&) const = default;
};

/// The one place where a Code becomes an HTTP status and a code of the wire protocol.
[[nodiscard]] Problem problem_of(const Error& error);

/// `{"success":false,"error":…,"code":…,"field":…}` and the headers that go with it.
[[nodiscard]] Response to_response(const Problem& problem);

/// Appends `"error":…,"code":…` and, where it is known, `,"field":…`: what the answer to a request
/// and to an item of a batch have in common.
void append_problem_members(std::string& out, const Problem& problem);

}  // namespace infinium::server
