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

Outcome failure_before_start(const store::ClaimedTrace& claim) {
  return is_given_up(claim) ? Failure{kDied, claim.attempts - 1}
                            : Failure{kUnreadable, claim.attempts};
}

/// An exception is tried again: it may be memory that is short for a moment.
Outcome try_often(const store::ClaimedTrace& claim,
                  const TaskData& trace,
                  const maestro::Company& company,
                  const Interpret& interpret,
                  Log& log) {
  for (int attempt = 1; attempt <= limits::kInterpretAttemptsMax; ++attempt) {
    try {
      return interpret(trace, company);
    } catch (const std::exception& e) {
      log.error("interpret_threw",
                {{"trace_id", claim.trace_id.to_string()},
                 {"attempt", std::to_string(attempt)},
                 {"what", typeid(e).name()}});
    }
  }
  return Failure{kThrew, limits::kInterpretAttemptsMax};
}

store::NewResult to_result(std::int64_t seq,
                           const Interpretation& result,
                           const std::optional<Known>& known) {
  store::NewResult out;
  out.seq = seq;
  out.json = codec::encode_interpretation(result);
  out.verdict = result.verdict;
  out.score = result.score;
  out.engine_version = result.engine_version;
  out.engine_model = result.engine_model;
  for (const Finding& finding : result.findings) {
    out.findings.emplace_back(finding.code, finding.fingerprint);
  }
  if (known) {
    out.contribution = known->contribution;
    out.late_through = known->late_through;
  }
  return out;
}

}  // namespace

bool is_given_up(const store::ClaimedTrace& claim) {
  return claim.attempts > limits::kInterpretAttemptsMax;
}

ReadTrace read_trace(const store::ClaimedTrace& claim, Log& log) {
  auto parsed = codec::parse_trace(claim.body, kStoredLimits);
  if (!parsed) {
    log.error("stored_trace_unreadable",
              {{"trace_id", claim.trace_id.to_string()}, {"why", parsed.error().message}});
    return {};
  }
  ReadTrace read{std::move(parsed->trace)};
  read.contribution = maestro::contribution_of(*read.trace, claim.trace_id.to_string());
  read.contribution->run.order = claim.seq;
  return read;
}

Judged judge(const store::ClaimedTrace& claim,
             const ReadTrace& read,
             const std::optional<Known>& known,
             const Engine& engine,
             const Clock& clock,
             Log& log,
             bool for_judge) {
  const maestro::Company nobody;
  Outcome outcome =
      read.trace
          ? try_often(claim, *read.trace, known ? known->company : nobody, engine.interpret, log)
          : failure_before_start(claim);
  const auto* failure = std::get_if<Failure>(&outcome);
  Interpretation result =
      failure != nullptr
          ? engine_failed(std::string(failure->why), failure->attempts, engine.version)
          : std::get<Interpretation>(std::move(outcome));
  result.trace_id = claim.trace_id.to_string();
  result.interpreted_at = format_iso8601(clock.now_ms());
  const bool failed = failure != nullptr;
  if (failed) {
    result.engine_model = engine.model;
  }
  Finished finished;
  finished.trace_id = claim.trace_id;
  finished.agent = claim.agent;
  finished.result = to_result(claim.seq, result, known);
  if (for_judge && !failed) {
    finished.for_judge = std::make_unique<judge::Case>(
        judge::Case{{claim.seq, claim.trace_id}, claim.body, std::move(result)});
  }
  return {std::move(finished), failed};
}

}  // namespace infinium::pipeline
