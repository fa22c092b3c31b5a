#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"
#include "golden_case.h"
#include "infinium/maestro.h"
#include "maestro/evidence.h"

/// Evidence that a claim does not need is decoration. Here the words that a claim quotes are taken
/// out of the trace, and what it missed is put in: the claim must fall, or rest on other words, and
/// it must fall with those.
namespace infinium::golden {
namespace {

/// A finding, or a rubric item with its status.
struct Claim {
  std::string name;  ///< the finding's code, or "r2 met"
  std::string text;  ///< the rubric item's
  std::vector<std::int64_t> steps;
  std::vector<Evidence> evidence;
};

std::vector<Claim> claims_of(const Interpretation& result) {
  std::vector<Claim> claims;
  for (const Finding& finding : result.findings) {
    claims.push_back({finding.code, "", finding.steps, finding.evidence});
  }
  for (const RubricItem& item : result.rubric) {
    if (item.status != RubricStatus::unclear) {
      claims.push_back({item.id + " " + std::string(codec::to_string(item.status)),
                        item.text,
                        {},
                        item.evidence});
    }
  }
  return claims;
}

/// The claim as it is made of a changed trace, if it is.
std::optional<Claim> again(const Claim& claim, const Interpretation& result) {
  for (Claim& other : claims_of(result)) {
    const bool overlaps =
        claim.steps.empty()
            ? other.steps.empty()
            : std::any_of(claim.steps.begin(), claim.steps.end(), [&](auto step) {
                return std::find(other.steps.begin(), other.steps.end(), step) != other.steps.end();
              });
    if (other.name == claim.name && other.text == claim.text && overlaps) {
      return std::move(other);
    }
  }
  return std::nullopt;
}

bool starts_with_any(std::string_view path, std::initializer_list<std::string_view> heads) {
  return std::any_of(
      heads.begin(), heads.end(), [path](auto head) { return path.starts_with(head); });
}

/// Calls `leaf(value, path)` for every text and number of a payload.
void each_leaf(Json& json,
               const std::string& path,
               const std::function<void(Json&, const std::string&)>& leaf) {
  if (Json::Object* object = json.if_object()) {
    for (JsonMember& member : *object) {
      each_leaf(member.value, path.empty() ? member.key : path + "." + member.key, leaf);
    }
  } else if (Json::Array* array = json.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      each_leaf((*array)[i], path + "[" + std::to_string(i) + "]", leaf);
    }
  } else {
    leaf(json, path);
  }
}

/// Takes the quoted words out of the trace: from the field itself and wherever else the agent's run
/// says them (a preview, its full text, the final message). What the user asked and the rubric stay
/// as they are unless the quote is from there.
void take_out(Json& trace, const QuoteEvidence& shown) {
  QuoteEvidence quote = shown;
  each_leaf(trace, "", [&](Json& value, const std::string& path) {
    const std::string* text = value.if_string();
    if (path == shown.field && text != nullptr && shown.end <= text->size()) {
      quote.text = text->substr(shown.start, shown.end - shown.start);  // a secret is not shown
    }
  });
  const auto asked = {std::string_view("input_summary"), std::string_view("expected_outcome")};
  const bool of_request = starts_with_any(quote.field, asked);
  each_leaf(trace, "", [&](Json& value, const std::string& path) {
    const bool of_other = path != quote.field && (of_request || starts_with_any(path, asked));
    if (of_other || path == "current_datetime") {
      return;
    }
    if (value.if_number() != nullptr && path == quote.field) {
      value = Json();
    }
    if (value.if_string() == nullptr) {
      return;
    }
    std::string text = *value.if_string();
    for (std::size_t at = text.find(quote.text); at != text.npos; at = text.find(quote.text)) {
      text.erase(at, quote.text.size());
    }
    const bool may_be_empty = path != "name" && path != "description";
    value = Json(text.empty() && !may_be_empty ? "-" : text);
  });
}

/// Puts what was looked for at the end of every field where it was looked for.
void put_in(Json& trace, const AbsenceEvidence& absence) {
  each_leaf(trace, "", [&](Json& value, const std::string& path) {
    const auto& fields = absence.searched;
    if (value.if_string() != nullptr &&
        std::find(fields.begin(), fields.end(), path) != fields.end()) {
      value = Json(*value.if_string() + "\n" + absence.looked_for + "\n");
    }
  });
}

const MeasureEvidence* count_of(const Claim& claim) {
  for (const Evidence& piece : claim.evidence) {
    if (const auto* measure = std::get_if<MeasureEvidence>(&piece)) {
      return measure;
    }
  }
  return nullptr;
}

/// The trace without what could be counted: its steps, its usage, the text of its output.
void take_out_all(Json& trace) {
  Json::Object left;
  for (JsonMember& member : *trace.if_object()) {
    if (member.key == "output_summary") {
      member.value = Json("-");
    }
    if (member.key == "duration") {
      member.value = Json(0);
    }
    if (member.key != "steps" && member.key != "errors" && member.key != "llm_usage") {
      left.push_back(std::move(member));
    }
  }
  trace = Json(std::move(left));
}

/// What the engine says of a changed payload; nothing if it is no payload any more.
std::optional<Interpretation> interpret_json(const Json& json) {
  const auto parsed = codec::parse_trace(codec::encode_json(json));
  return parsed ? std::optional(maestro::interpret(parsed->trace)) : std::nullopt;
}

Json json_of(const TaskData& trace) {
  return codec::parse_json(codec::encode_trace(trace)).value();
}

/// How often the claim comes again before it falls, when its quoted words are taken out and what it
/// missed is put in, and then the words that it rests on instead; nothing if it never falls.
std::optional<std::size_t> comes_again(const TaskData& trace, Claim claim) {
  constexpr std::size_t kRoundsMax = 80;  // the same may be said that often
  Json json = json_of(trace);
  for (std::size_t round = 0; round < kRoundsMax; ++round) {
    for (const Evidence& piece : claim.evidence) {
      if (const auto* quote = std::get_if<QuoteEvidence>(&piece)) {
        take_out(json, *quote);
      } else if (const auto* absence = std::get_if<AbsenceEvidence>(&piece)) {
        put_in(json, *absence);
      }
    }
    const std::optional<Interpretation> result = interpret_json(json);
    std::optional<Claim> next = result ? again(claim, *result) : std::nullopt;
    // What is counted now is another reason: there is nothing left to quote.
    if (!next || count_of(*next) != nullptr) {
      return round;
    }
    if (count_of(*next) != nullptr) {
      return round + 1;  // an output that was taken out whole is an empty one: a count, see there
    }
    claim = *std::move(next);
  }
  return std::nullopt;
}

/// Whether a claim that rests on a count goes, or counts anew, when there is nothing to count.
bool follows_its_count(const TaskData& trace, const Claim& claim) {
  Json json = json_of(trace);
  take_out_all(json);
  const std::optional<Interpretation> result = interpret_json(json);
  const std::optional<Claim> next = result ? again(claim, *result) : std::nullopt;
  return !next || count_of(*next) == nullptr || count_of(*next)->value != count_of(claim)->value;
}

std::vector<TaskData> golden_traces() {
  std::vector<TaskData> traces;
  for (const Case& golden : all_cases()) {
    traces.push_back(read_trace(golden));
  }
  return traces;
}

/// The half of the planted corpus that may be looked at; empty without Python and its YAML.
std::vector<TaskData> planted_traces() {
  std::vector<TaskData> traces;
  std::FILE* pipe =
      ::popen("for python in python3 " INFINIUM_CORPUS_DIR
              "/../../.venv/bin/python; do"
              "  $python -c 'import yaml' 2>/dev/null &&"
              "  exec $python " INFINIUM_CORPUS_DIR "/expand.py --half look; done; exit 1",
              "r");
  std::string text;
  char buffer[65'536];
  for (std::size_t got = 1; pipe != nullptr && got > 0;) {
    got = std::fread(buffer, 1, sizeof buffer, pipe);
    text.append(buffer, got);
  }
  if (pipe == nullptr || ::pclose(pipe) != 0) {
    return {};
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto row = codec::parse_json(std::string_view(text).substr(at, end - at));
    auto parsed = codec::parse_trace(codec::encode_json(*row.value().find("trace")));
    traces.push_back(std::move(parsed).value().trace);
    at = end + 1;
  }
  return traces;
}

void expect_claims_fall(const std::vector<TaskData>& traces) {
  std::size_t quoted = 0;
  std::size_t fell_at_once = 0;
  for (const TaskData& trace : traces) {
    for (const Claim& claim : claims_of(maestro::interpret(trace))) {
      if (const MeasureEvidence* count = count_of(claim)) {
        // 0 and 1 may be what is left: a call never made, the "-"
        EXPECT_TRUE(count->value <= 1 || follows_its_count(trace, claim))
            << trace.name << ": " << claim.name;
        continue;
      }
      const std::optional<std::size_t> times = comes_again(trace, claim);
      EXPECT_TRUE(times) << trace.name << ": " << claim.name;
      // A met objective rests on the whole of the output, of which the beginning is quoted.
      const bool whole = claim.name == "r1 met";
      quoted += whole ? 0 : 1;
      fell_at_once += !whole && times == std::size_t{0} ? 1 : 0;
    }
  }
  // Most claims have one place to rest on (a value may stand in the message that was sent and in
  // the output); if few fell at once, quotes would be decoration.
  EXPECT_GT(quoted, traces.size() / 2);
  EXPECT_GT(static_cast<double>(fell_at_once), 0.5 * static_cast<double>(quoted));
}

void expect_evidence_holds(const std::vector<TaskData>& traces) {
  for (const TaskData& trace : traces) {
    const maestro::TraceView view(trace);
    const Interpretation result = maestro::interpret(trace);
    std::vector<Claim> claims = claims_of(result);
    if (result.root_cause) {
      claims.push_back({"root cause", "", {}, result.root_cause->evidence});
    }
    for (const Claim& claim : claims) {
      EXPECT_FALSE(claim.evidence.empty()) << trace.name << ": " << claim.name;
      for (const Evidence& piece : claim.evidence) {
        EXPECT_TRUE(maestro::check(piece, view)) << trace.name << ": " << claim.name;
      }
    }
  }
}

TEST(Mutation, NoClaimOfAGoldenCaseOutlivesItsEvidence) { expect_claims_fall(golden_traces()); }

TEST(Mutation, NoClaimOfAPlantedRunOutlivesItsEvidence) {
  const std::vector<TaskData> traces = planted_traces();
  if (traces.empty()) {
    GTEST_SKIP() << "needs python3 with PyYAML";
  }
  expect_claims_fall(traces);
  expect_evidence_holds(traces);
}

}  // namespace
}  // namespace infinium::golden
