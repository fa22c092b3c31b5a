#include "pipeline/judging.h"

#include <exception>
#include <memory>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "codec/interpretation_json.h"
#include "codec/trace_json.h"
#include "pipeline/engine_failed.h"

namespace infinium::pipeline {
namespace {

/// What was accepted must be readable, so also what only long, imported traces may be.
constexpr codec::ReadLimits kStoredLimits{.bytes_max = limits::kLongPayloadBytesMax};

constexpr std::string_view kDied = "The program ended each time while this trace was in hand.";
constexpr std::string_view kUnreadable = "The stored trace does not read back.";
constexpr std::string_view kThrew = "The engine stopped with an internal error each time.";

struct Failure {
  std::string_view why;
  int attempts = 0;
};

using Outcome = std::variant<Interpretation, Failure>;

Outcome read_and_run(const store::ClaimedTrace& claim, const Interpret& interpret, Log& log) {
  const auto parsed = codec::parse_trace(claim.body, kStoredLimits);
  if (!parsed) {
    log.error("stored_trace_unreadable",
              {{"trace_id", claim.trace_id.to_string()}, {"why", parsed.error().message}});
    return Failure{kUnreadable, claim.attempts};
  }
  return interpret(parsed->trace);
}

/// An exception is tried again: it may be memory that is short for a moment.
Outcome try_often(const store::ClaimedTrace& claim, const Interpret& interpret, Log& log) {
  if (claim.attempts > limits::kInterpretAttemptsMax) {
    return Failure{kDied, claim.attempts - 1};
  }
  for (int attempt = 1; attempt <= limits::kInterpretAttemptsMax; ++attempt) {
    try {
      return read_and_run(claim, interpret, log);
    } catch (const std::exception& e) {
      log.error("interpret_threw",
                {{"trace_id", claim.trace_id.to_string()},
                 {"attempt", std::to_string(attempt)},
                 {"what", typeid(e).name()}});
    }
  }
  return Failure{kThrew, limits::kInterpretAttemptsMax};
}

}  // namespace

Judged judge(const store::ClaimedTrace& claim,
             const Interpret& interpret,
             const std::string& engine_version,
             const Clock& clock,
             Log& log,
             bool for_judge) {
  Outcome outcome = try_often(claim, interpret, log);
  const auto* failure = std::get_if<Failure>(&outcome);
  Interpretation result =
      failure != nullptr
          ? engine_failed(std::string(failure->why), failure->attempts, engine_version)
          : std::get<Interpretation>(std::move(outcome));
  result.trace_id = claim.trace_id.to_string();
  result.interpreted_at = format_iso8601(clock.now_ms());

  Finished finished;
  finished.trace_id = claim.trace_id;
  finished.result.seq = claim.seq;
  finished.result.json = codec::encode_interpretation(result);
  finished.result.verdict = result.verdict;
  finished.result.score = result.score;
  finished.result.engine_version = result.engine_version;
  for (const Finding& finding : result.findings) {
    finished.result.findings.emplace_back(finding.code, finding.fingerprint);
  }
  const bool failed = failure != nullptr;
  if (for_judge && !failed) {
    finished.for_judge = std::make_unique<judge::Case>(
        judge::Case{{claim.seq, claim.trace_id}, claim.body, std::move(result)});
  }
  return {std::move(finished), failed};
}

}  // namespace infinium::pipeline
