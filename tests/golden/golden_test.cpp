#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"
#include "golden_case.h"
#include "infinium/maestro.h"
#include "maestro/evidence.h"

namespace infinium::golden {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void indent(std::string& out, const Json& json, const std::string& margin) {
  const std::string inner = margin + "  ";
  const auto* object = json.if_object();
  const auto* array = json.if_array();
  if (object != nullptr && !object->empty()) {
    for (std::size_t i = 0; i < object->size(); ++i) {
      out += (i == 0 ? "{\n" : ",\n") + inner;
      codec::append_json_string(out, (*object)[i].key);
      out += ": ";
      indent(out, (*object)[i].value, inner);
    }
    out += "\n" + margin + "}";
  } else if (array != nullptr && !array->empty()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      out += (i == 0 ? "[\n" : ",\n") + inner;
      indent(out, (*array)[i], inner);
    }
    out += "\n" + margin + "]";
  } else {
    out += codec::encode_json(json);
  }
}

/// A case's name is CODE__WHAT: `__faulty…` must raise the code, `__clean…` nothing at all, and
/// `__hard…`, which looks like the fault and is none, not the code.
struct Role {
  std::string code;
  std::string what;
};

Role role_of(const Case& golden) {
  const auto at = golden.name.find("__");
  return at == std::string::npos ? Role{golden.name, ""}
                                 : Role{golden.name.substr(0, at), golden.name.substr(at + 2)};
}

bool raises(const Interpretation& result, const std::string& code) {
  return std::any_of(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
    return finding.code == code && finding.severity != Severity::info;
  });
}

}  // namespace

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(INFINIUM_GOLDEN_DIR)) {
    if (std::filesystem::exists(entry.path() / "trace.json")) {
      cases.push_back({entry.path().filename().string(), entry.path()});
    }
  }
  std::sort(
      cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

TaskData read_trace(const Case& golden) {
  auto parsed = codec::parse_trace(read_file(golden.folder / "trace.json"));
  if (!parsed) {
    ADD_FAILURE() << golden.name << ": " << parsed.error().message << " at "
                  << parsed.error().where;
    return {};
  }
  return std::move(*parsed).trace;
}

std::string pretty(const Interpretation& result) {
  const auto json = codec::parse_json(codec::encode_interpretation(result));
  std::string out;
  indent(out, json.value(), "");
  return out + "\n";
}

namespace {

class Golden : public testing::TestWithParam<Case> {};

TEST_P(Golden, SaysWhatAPersonAgreedTo) {
  Interpretation result = maestro::interpret(read_trace(GetParam()));
  result.engine_model.clear();  // changes with every training; what is said does not have to
  const std::string said = pretty(result);
  const auto path = GetParam().folder / "expected.json";
  const char* const update = std::getenv("INFINIUM_GOLDEN_UPDATE");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path, std::ios::binary) << said;
  }
  EXPECT_EQ(said, read_file(path)) << "INFINIUM_GOLDEN_UPDATE=1 rewrites it; read the diff";
}

TEST_P(Golden, RaisesItsFaultAndNothingOnItsTwin) {
  const Role role = role_of(GetParam());
  const Interpretation result = maestro::interpret(read_trace(GetParam()));
  if (role.what.starts_with("faulty")) {
    EXPECT_TRUE(raises(result, role.code)) << pretty(result);
  } else if (role.what.starts_with("hard")) {
    EXPECT_FALSE(raises(result, role.code)) << pretty(result);
  } else if (role.what.starts_with("clean")) {
    for (const Finding& finding : result.findings) {
      EXPECT_EQ(finding.severity, Severity::info) << finding.code << ": " << finding.explanation;
    }
    EXPECT_NE(result.verdict, Verdict::failed) << result.summary;
  }
}

TEST_P(Golden, EveryClaimHasEvidenceThatHolds) {
  const TaskData trace = read_trace(GetParam());
  const maestro::TraceView view(trace);
  const Interpretation result = maestro::interpret(trace);
  const auto holds = [&](const std::vector<Evidence>& evidence, const std::string& claim) {
    for (const Evidence& piece : evidence) {
      EXPECT_TRUE(maestro::check(piece, view)) << claim;
    }
  };
  for (const Finding& finding : result.findings) {
    EXPECT_FALSE(finding.evidence.empty()) << finding.code;
    holds(finding.evidence, finding.code);
  }
  for (const RubricItem& item : result.rubric) {
    EXPECT_EQ(item.evidence.empty(), item.status == RubricStatus::unclear) << item.text;
    EXPECT_EQ(item.would_settle.has_value(), item.status == RubricStatus::unclear) << item.text;
    holds(item.evidence, item.text);
  }
  if (result.root_cause) {
    EXPECT_FALSE(result.root_cause->evidence.empty());
    holds(result.root_cause->evidence, "root cause");
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(all_cases()), [](const auto& one) {
  std::string name = one.param.name;
  std::replace_if(
      name.begin(),
      name.end(),
      [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); },
      '_');
  return name;
});

TEST(GoldenSuite, CoversEveryCodeWithAFaultAndACleanTwin) {
  std::map<std::string, std::set<std::string>> seen;
  std::set<std::string> raised;
  for (const Case& golden : all_cases()) {
    const Role role = role_of(golden);
    seen[role.code].insert(role.what.substr(0, role.what.find('_')));
    for (const Finding& finding : maestro::interpret(read_trace(golden)).findings) {
      if (finding.severity != Severity::info) {
        raised.insert(finding.code);
      }
    }
  }
  EXPECT_GE(all_cases().size(), 40u);
  for (const std::string& code : raised) {
    EXPECT_THAT(seen[code], testing::IsSupersetOf({"faulty", "clean"})) << code;
  }
}

TEST(GoldenSuite, GivesTheSameBytesFromAnyThread) {
  const auto read_all = [] {
    std::string all;
    for (const Case& golden : all_cases()) {
      all += codec::encode_interpretation(maestro::interpret(read_trace(golden)));
    }
    return all;
  };
  const std::string here = read_all();
  std::vector<std::string> there(3);
  std::vector<std::thread> threads;
  for (std::string& slot : there) {
    threads.emplace_back([&] { slot = read_all(); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(there, testing::Each(here));
}

}  // namespace
}  // namespace infinium::golden
