#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "infinium/result.h"
#include "infinium/types.h"

namespace infinium::cli {

/// One line of a file of traces: a payload, or an object with `trace` and what is known of it.
struct TraceLine {
  std::string id;     ///< as given, else empty
  std::string agent;  ///< `agent`, else `source`, else empty; groups traces, nothing more
  TaskData trace;
};

/// What the trace is called among the others of its file: its id, else "line 12".
[[nodiscard]] std::string name_of_line(const TraceLine& line, std::int64_t number);

/// Reads such a line; `label` and other keys beside `trace` are not looked at. Errors: those of
/// codec::parse_trace() with the limits of imported traces, and `invalid_argument` with `id`,
/// `agent` or `source` where one is no text.
[[nodiscard]] Result<TraceLine> parse_trace_line(std::string_view line);

/// How the lines of a file were taken.
struct LinesRead {
  std::size_t read = 0;  ///< lines that are not blank
  std::size_t refused = 0;
  Code first = Code::internal;  ///< why the first of those was refused
};

/// Hands each line of a file (stdin for "-") that is not blank to `take`, in order, and names those
/// that it refuses, or that are longer than a trace with what stands around it may be, on stderr.
/// Errors: those of LineReader::open().
[[nodiscard]] Result<LinesRead> read_lines(const std::string& file,
                                           const std::function<Status(std::string_view)>& take);

/// Hands each trace of a file to `take`, in order; bad lines as read_lines() does. Error: how many
/// could not be read, with the code of the first.
[[nodiscard]] Status each_trace(const std::string& file,
                                const std::function<void(TraceLine)>& take);

/// Whether this line of text holds nothing to read.
[[nodiscard]] bool is_blank(std::string_view line);

}  // namespace infinium::cli
