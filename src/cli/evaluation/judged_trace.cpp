#include "cli/evaluation/judged_trace.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "codec/json_text.h"
#include "infinium/maestro.h"
#include "maestro/beside.h"
#include "maestro/evidence.h"
#include "maestro/trace_view.h"

namespace infinium::cli::evaluation {
namespace {

Result<std::string> text_under(const Json& object, const char* key) {
  const Json* value = object.find(key);
  if (value == nullptr || value->is_null()) {
    return std::string();
  }
  if (value->if_string() == nullptr) {
    return Error{Code::invalid_argument, std::string(key) + " must be a text", key};
  }
  return *value->if_string();
}

void count_claim(const std::vector<Evidence>& evidence,
                 const maestro::Beside& beside,
                 EvidenceCount& count) {
  const auto hold =
      std::count_if(evidence.begin(), evidence.end(), [&beside](const Evidence& piece) {
        return maestro::check(piece, beside);
      });
  count.pieces += evidence.size();
  count.hold += static_cast<std::size_t>(hold);
  ++count.claims;
  count.proven += !evidence.empty() && static_cast<std::size_t>(hold) == evidence.size() ? 1 : 0;
}

EvidenceCount count_evidence(const Interpretation& said, const maestro::Beside& beside) {
  EvidenceCount count;
  for (const Finding& finding : said.findings) {
    count_claim(finding.evidence, beside, count);
  }
  for (const RubricItem& item : said.rubric) {
    if (item.status != RubricStatus::unclear) {
      count_claim(item.evidence, beside, count);
    }
  }
  if (said.root_cause) {
    count_claim(said.root_cause->evidence, beside, count);
  }
  return count;
}

/// A large file would otherwise be held in memory as quotes of itself.
void drop_evidence(Interpretation& said) {
  for (Finding& finding : said.findings) {
    finding.evidence.clear();
  }
  for (RubricItem& item : said.rubric) {
    item.evidence.clear();
  }
  if (said.root_cause) {
    said.root_cause->evidence.clear();
  }
}

bool is_at(const Finding& finding, const Place& place, std::int64_t step_count) {
  if (!place.step) {
    return finding.step_indices.empty() || finding.step_indices.front() + 1 >= step_count;
  }
  return std::any_of(finding.steps.begin(), finding.steps.end(), [&place](std::int64_t step) {
    return std::abs(step - *place.step) <= 1;
  });
}

}  // namespace

Result<LabelledLine> parse_labelled_line(std::string_view text) {
  LabelledLine read;
  TRY(read.line, parse_trace_line(text));
  read.bytes = text.size();
  TRY(const Json json, codec::parse_json(text, limits::kDepthMax + 1));
  if (json.find("trace") == nullptr || json.find("name") != nullptr) {
    return read;  // a payload by itself
  }
  TRY(read.scenario, text_under(json, "scenario"));
  TRY(read.kind, text_under(json, "kind"));
  TRY(read.task, text_under(json, "task_key"));
  if (read.task.empty()) {
    read.task = read.scenario;
  }
  const Json* label = json.find("label");
  TRY(read.label, parse_label(label == nullptr ? Json() : *label));
  return read;
}

JudgedTrace judge(const LabelledLine& line, const maestro::Company& company, const Clock& clock) {
  JudgedTrace judged;
  judged.agent = line.line.agent;
  judged.task = line.task;
  judged.scenario = line.scenario;
  judged.kind = line.kind;
  judged.label = line.label;
  judged.bytes = line.bytes;
  const auto start = clock.steady_now();
  judged.said = maestro::interpret(line.line.trace, company);
  const std::chrono::duration<double, std::milli> took = clock.steady_now() - start;
  judged.ms = took.count();
  const maestro::TraceView view(line.line.trace);
  judged.evidence = count_evidence(
      judged.said, maestro::Beside(view, company, maestro::sibling_of(line.line.trace)));
  judged.simple = simple_ranker(view);
  drop_evidence(judged.said);
  return judged;
}

void pair_with_clean_twins(std::vector<JudgedTrace>& traces) {
  std::map<std::string, CleanTwin> twins;
  for (const JudgedTrace& trace : traces) {
    if (trace.kind == "clean" && !trace.scenario.empty()) {
      CleanTwin& twin = twins[trace.scenario];
      twin = {{}, trace.said.score};
      for (const Finding& finding : trace.said.findings) {
        twin.fingerprints.push_back(finding.fingerprint);
      }
    }
  }
  for (JudgedTrace& trace : traces) {
    const auto twin = twins.find(trace.scenario);
    if (twin != twins.end() && trace.kind != "clean") {
      trace.clean = twin->second;
    }
  }
}

bool has_finding_at(const JudgedTrace& trace, const std::vector<Place>& places, bool specific) {
  const auto on_twin = [&trace](const Finding& finding) {
    return trace.clean && std::find(trace.clean->fingerprints.begin(),
                                    trace.clean->fingerprints.end(),
                                    finding.fingerprint) != trace.clean->fingerprints.end();
  };
  for (const Finding& finding : trace.said.findings) {
    if (finding.severity == Severity::info || (specific && on_twin(finding))) {
      continue;
    }
    for (const Place& place : places) {
      if (is_at(finding, place, trace.said.behavior.step_count)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace infinium::cli::evaluation
