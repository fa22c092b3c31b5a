#include "cli/trace_lines.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "cli/files.h"
#include "cli/program.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"

namespace infinium::cli {
namespace {

/// Room on a line for what stands around a trace.
constexpr std::size_t kWrapperBytesMax = 65'536;

constexpr codec::ReadLimits kImported{.bytes_max = limits::kLongPayloadBytesMax};

/// The text under `key`, empty where it is absent. A number is taken as it was written.
Result<std::string> optional_text(const Json& object, const char* key) {
  const Json* value = object.find(key);
  if (value == nullptr || value->is_null()) {
    return std::string();
  }
  if (value->if_string() != nullptr) {
    return *value->if_string();
  }
  if (value->if_number() != nullptr) {
    return value->if_number()->text;
  }
  return Error{Code::invalid_argument, std::string(key) + " must be a text", key};
}

}  // namespace

std::string name_of_line(const TraceLine& line, std::int64_t number) {
  return line.id.empty() ? "line " + std::to_string(number) : line.id;
}

Result<TraceLine> parse_trace_line(std::string_view line) {
  if (line.size() > limits::kLongPayloadBytesMax) {
    return Error{Code::too_large, "a trace has at most 64 MiB"};
  }
  TRY(const Json json, codec::parse_json(line, limits::kDepthMax + 1));
  const Json* inner = json.find("trace");
  if (inner == nullptr || json.find("name") != nullptr) {
    TRY(codec::ParsedTrace parsed, codec::parse_trace(line, kImported));
    return TraceLine{{}, {}, std::move(parsed.trace)};
  }
  TraceLine read;
  TRY(read.id, optional_text(json, "id"));
  TRY(read.agent, optional_text(json, "agent"));
  if (read.agent.empty()) {
    TRY(read.agent, optional_text(json, "source"));
  }
  TRY(codec::ParsedTrace parsed, codec::parse_trace(codec::encode_json(*inner), kImported));
  read.trace = std::move(parsed.trace);
  return read;
}

Result<LinesRead> read_lines(const std::string& file,
                             const std::function<Status(std::string_view)>& take) {
  TRY(LineReader lines, LineReader::open(file, limits::kLongPayloadBytesMax + kWrapperBytesMax));
  LinesRead count;
  while (const std::optional<Result<std::string>> line = lines.next()) {
    if (*line && is_blank(**line)) {
      continue;
    }
    ++count.read;
    const Status taken = *line ? take(**line) : Status(line->error());
    if (taken) {
      continue;
    }
    count.first = count.refused++ == 0 ? taken.error().code : count.first;
    Error error = taken.error();
    error.message = fmt::format("line {}: {}", lines.line_number(), error.message);
    report(error);
  }
  return count;
}

Status each_trace(const std::string& file, const std::function<void(TraceLine)>& take) {
  TRY(const LinesRead count, read_lines(file, [&take](std::string_view line) -> Status {
        TRY(TraceLine trace, parse_trace_line(line));
        take(std::move(trace));
        return {};
      }));
  if (count.refused > 0) {
    return Error{count.first,
                 fmt::format("{} of {} traces could not be read", count.refused, count.read)};
  }
  return {};
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

}  // namespace infinium::cli
