#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "codec/trace_json.h"
#include "infinium/company.h"
#include "infinium/maestro.h"
#include "maestro/beside.h"
#include "maestro/evidence.h"

/// Tasks that most runs get wrong (tests/corpus/majority): what the others did is shown, and
/// decides nothing.
namespace infinium::golden {
namespace {

struct Task {
  std::string name;
  TaskData right;
  TaskData wrong;
};

void PrintTo(const Task& task, std::ostream* out) { *out << task.name; }

TaskData trace_in(const Json& json, const char* key) {
  auto parsed = codec::parse_trace(codec::encode_json(*json.find(key)));
  return std::move(parsed).value().trace;
}

std::vector<Task> all_tasks() {
  std::vector<Task> tasks;
  for (const auto& entry : std::filesystem::directory_iterator(INFINIUM_CORPUS_DIR "/majority")) {
    if (entry.path().extension() != ".json") {
      continue;
    }
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    const auto json = codec::parse_json(text.str());
    tasks.push_back({entry.path().stem().string(),
                     trace_in(json.value(), "right"),
                     trace_in(json.value(), "wrong")});
  }
  std::sort(
      tasks.begin(), tasks.end(), [](const Task& a, const Task& b) { return a.name < b.name; });
  return tasks;
}

maestro::Company company_of(const TaskData& trace, int runs) {
  maestro::Company company;
  for (int i = 1; i <= runs; ++i) {
    company.add(trace, "t" + std::to_string(i), i);
  }
  return company;
}

bool is_of_company(const Finding& finding) { return finding.code.starts_with("company."); }

const Finding* disagreement(const Interpretation& result) {
  const auto found =
      std::find_if(result.findings.begin(), result.findings.end(), [](const Finding& finding) {
        return finding.code == "company.disagrees";
      });
  return found == result.findings.end() ? nullptr : &*found;
}

/// All that company has no part in.
std::string decided(Interpretation result) {
  result.baseline = {};
  result.success_probability.reset();
  result.confidence.reset();
  result.summary.clear();
  std::erase_if(result.findings, is_of_company);
  return codec::encode_interpretation(result);
}

class Majority : public testing::TestWithParam<Task> {};

TEST_P(Majority, DecidesNothing) {
  const Task& task = GetParam();
  for (const TaskData* run : {&task.right, &task.wrong}) {
    const Interpretation alone = maestro::interpret(*run);
    for (const TaskData* others : {&task.right, &task.wrong}) {
      for (const int count : {1, 3, 8, 70}) {
        const Interpretation among = maestro::interpret(*run, company_of(*others, count));
        EXPECT_EQ(among.verdict, alone.verdict) << count;
        EXPECT_EQ(decided(among), decided(alone)) << count;
      }
    }
  }
}

TEST_P(Majority, ShowsThatTheOneWhoIsRightDisagrees) {
  const Task& task = GetParam();
  const maestro::Company company = company_of(task.wrong, 8);
  const Interpretation result = maestro::interpret(task.right, company);
  EXPECT_EQ(result.baseline.siblings.size(), 8u);
  const Finding* finding = disagreement(result);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::warning);
  const maestro::TraceView view(task.right);
  const maestro::Beside beside(view, company, maestro::sibling_of(task.right));
  const maestro::Company nobody;
  const maestro::Beside alone(view, nobody, maestro::sibling_of(task.right));
  std::size_t compared = 0;
  for (const Evidence& piece : finding->evidence) {
    EXPECT_TRUE(maestro::check(piece, beside));
    if (const auto* comparison = std::get_if<ComparisonEvidence>(&piece)) {
      ++compared;
      EXPECT_EQ(comparison->trace_ids.size(), 8u);
      EXPECT_FALSE(maestro::check(piece, view)) << "not without the others";
      EXPECT_FALSE(maestro::check(piece, alone)) << "not beside none";
    }
  }
  EXPECT_EQ(compared, 1u);
}

TEST_P(Majority, AgreesWithItself) {
  const Task& task = GetParam();
  maestro::Company company = company_of(task.wrong, 8);
  company.add(task.right, "right", 9);
  EXPECT_EQ(disagreement(maestro::interpret(task.wrong, company)), nullptr);
  EXPECT_EQ(disagreement(maestro::interpret(task.right, company_of(task.right, 8))), nullptr);
  EXPECT_EQ(disagreement(maestro::interpret(task.right, company_of(task.wrong, 2))), nullptr)
      << "two are no majority";
}

INSTANTIATE_TEST_SUITE_P(Tasks, Majority, testing::ValuesIn(all_tasks()), [](const auto& one) {
  return one.param.name;
});

TEST(MajoritySet, HoldsRunsThatAreRightAndAConversationWhoseProbabilityMoves) {
  std::size_t right_and_succeeded = 0;
  std::size_t moved = 0;
  const std::vector<Task> tasks = all_tasks();
  EXPECT_GE(tasks.size(), 8u);
  for (const Task& task : tasks) {
    const Interpretation alone = maestro::interpret(task.right);
    const Interpretation among = maestro::interpret(task.right, company_of(task.wrong, 8));
    right_and_succeeded += alone.verdict == Verdict::succeeded ? 1u : 0u;
    moved += alone.success_probability != among.success_probability ? 1u : 0u;
  }
  EXPECT_GE(right_and_succeeded, tasks.size() / 2);
  EXPECT_GE(moved, 1u);
}

}  // namespace
}  // namespace infinium::golden
