// What the agent's other runs say of one: the fault, its clean twin, and what looks like it.

#include "maestro/findings/company_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "infinium/maestro.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

TaskData export_run(double seconds = 2, std::int64_t tokens = 500) {
  TraceSketch sketch("Export the orders of the day.");
  sketch.tool("read_orders", "{}", "[]").tool("write_file", "{}", "{}").output("Exported.");
  sketch.trace().duration = seconds;
  sketch.trace().llm_usage.emplace().total_tokens = tokens;
  return std::move(sketch.trace());
}

/// The number counts from 1; `make` says what that run was like.
Company company_of(int runs, const std::function<TaskData(int)>& make) {
  Company company;
  for (int i = 1; i <= runs; ++i) {
    company.add(make(i), "t" + std::to_string(i), i);
  }
  return company;
}

Company usual(int runs) {
  return company_of(runs, [](int i) { return export_run(2 + 0.1 * (i % 5), 500 + i % 7); });
}

const Finding* find(const Interpretation& result, std::string_view code) {
  for (const Finding& finding : result.findings) {
    if (finding.code == code) {
      return &finding;
    }
  }
  return nullptr;
}

bool raises(const TaskData& trace, const Company& company, std::string_view code) {
  return find(interpret(trace, company), code) != nullptr;
}

void expect_evidence_holds(const Interpretation& result,
                           const TaskData& trace,
                           const Company& company) {
  const TraceView view(trace);
  const Beside beside(view, company, sibling_of(trace));
  for (const Finding& finding : result.findings) {
    for (const Evidence& piece : finding.evidence) {
      EXPECT_TRUE(check(piece, beside)) << finding.code;
      if (const auto* compared = std::get_if<ComparisonEvidence>(&piece)) {
        EXPECT_FALSE(check(piece, view));
        ComparisonEvidence forged = *compared;
        forged.value_here += "0";
        EXPECT_FALSE(check(forged, beside));
        forged = *compared;
        forged.trace_ids.front() += "0";
        EXPECT_FALSE(check(forged, beside));
        forged = *compared;
        forged.values_there.front() += "0";
        EXPECT_FALSE(check(forged, beside));
      }
    }
  }
}

TEST(CompanyOutlier, IsARunFarAboveAllOthersAndNamesTheStepThatTookMost) {
  TaskData slow = export_run(61.2, 2'000);
  slow.steps[1].duration_ms = 58'000;
  const Company company = usual(40);
  const Interpretation result = interpret(slow, company);
  const Finding* finding = find(result, "company.outlier");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::warning);
  EXPECT_THAT(finding->steps, testing::ElementsAre(2));
  EXPECT_THAT(finding->explanation, testing::HasSubstr("61.2 s"));
  EXPECT_THAT(finding->explanation, testing::HasSubstr("2000 tokens"));
  EXPECT_EQ(finding->evidence.size(), 2u);
  EXPECT_EQ(find(interpret(export_run(3.6), company), "company.outlier")->severity, Severity::info);
  expect_evidence_holds(result, slow, company);
}

TEST(CompanyOutlier, IsNoneOf) {
  const TaskData slow = export_run(61.2);
  EXPECT_FALSE(raises(export_run(2.4), usual(40), "company.outlier")) << "the clean twin";
  EXPECT_FALSE(raises(export_run(2.6), usual(40), "company.outlier")) << "the highest by a little";
  EXPECT_FALSE(raises(slow, usual(19), "company.outlier")) << "too few to know";
  const auto lately_slow = [](int i) { return export_run(i > 195 ? 60 : 2); };
  EXPECT_FALSE(raises(slow, company_of(200, lately_slow), "company.outlier")) << "a drift";
  const auto of_other_prompts = [](int) {
    TaskData run = export_run();
    run.prompt_studio.emplace().prompts_used.emplace_back().version = 1;
    return run;
  };
  EXPECT_FALSE(raises(slow, company_of(40, of_other_prompts), "company.outlier"));
  Company nameless;
  for (int i = 0; i < 40; ++i) {
    nameless.add(export_run());
  }
  EXPECT_FALSE(raises(slow, nameless, "company.outlier")) << "no trace to show";
}

TEST(CompanyUnusualPath, IsAStepWhereItNeverWas) {
  TaskData odd = export_run();
  odd.steps.insert(odd.steps.begin() + 1, odd.steps[0]);
  odd.steps[1].step_number = 7;
  odd.steps[1].tool_call->tool_name = "delete_orders";
  const Company company = usual(40);
  const Interpretation result = interpret(odd, company);
  const Finding* finding = find(result, "company.unusual_path");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::info);
  EXPECT_THAT(finding->steps, testing::ElementsAre(7));
  EXPECT_THAT(finding->explanation, testing::HasSubstr("`delete_orders` after `read_orders`"));
  expect_evidence_holds(result, odd, company);
}

TEST(CompanyUnusualPath, IsNoneOf) {
  TaskData odd = export_run();
  odd.steps[1].tool_call->tool_name = "delete_orders";
  EXPECT_FALSE(raises(export_run(), usual(40), "company.unusual_path")) << "the clean twin";
  EXPECT_FALSE(raises(odd, usual(10), "company.unusual_path")) << "too few to know";
  const auto ever_other = [](int i) {
    TaskData run = export_run();
    run.steps[0].tool_call->tool_name = "read_" + std::to_string(i % 9);
    run.steps[1].tool_call->tool_name = "write_" + std::to_string(i % 7);
    return run;
  };
  TaskData another = export_run();
  another.steps[0].tool_call->tool_name = "read_3";
  EXPECT_FALSE(raises(another, company_of(300, ever_other), "company.unusual_path"))
      << "no usual path";
}

/// A refund with a receipt of its own; the amount and the day are what may be disputed.
TaskData refund(const std::string& amount,
                const std::string& receipt = "RF-1",
                const std::string& note = "") {
  TraceSketch sketch("Refund order A-4711 of 2026-05-02.");
  sketch.objective("Refund the order of the customer in full and tell the amount")
      .tool("get_order", R"({"id": "A-4711"})", R"({"id": "A-4711", "total_eur": 59.90})")
      .tool("refund_order",
            R"({"id": "A-4711", "eur": )" + amount + note + "}",
            R"({"receipt": ")" + receipt + "\"}")
      .output("Refunded EUR " + amount + ", receipt " + receipt + ".");
  return std::move(sketch.trace());
}

std::string receipt_of(int i) { return "RF-" + std::to_string(8'000 + i); }

TEST(CompanyDisagrees, WithOtherChangesAndAnotherValue) {
  const Company company = company_of(5, [](int i) { return refund("59.90", receipt_of(i)); });
  const TaskData run = refund("95.90", receipt_of(6));
  const Interpretation result = interpret(run, company);
  std::vector<std::string> titles;
  for (const Finding& finding : result.findings) {
    if (finding.code == "company.disagrees") {
      EXPECT_EQ(finding.severity, Severity::warning);
      titles.push_back(finding.title);
    }
  }
  EXPECT_EQ(titles.size(), 2u);
  EXPECT_THAT(find(result, "company.disagrees")->steps, testing::ElementsAre(2));
  expect_evidence_holds(result, run, company);
}

TEST(CompanyDisagrees, IsNoneOf) {
  const auto among = [](int runs, const std::function<TaskData(int)>& make, const TaskData& run) {
    return raises(run, company_of(runs, make), "company.disagrees");
  };
  const auto same = [](int i) { return refund("59.90", receipt_of(i)); };
  const TaskData other = refund("95.90");
  EXPECT_FALSE(among(5, same, refund("59.90", "RF-9999"))) << "the clean twin: its own receipt";
  EXPECT_FALSE(among(2, same, other)) << "two are no majority";
  const auto split = [](int i) { return refund(i % 2 == 0 ? "59.90" : "49.90", receipt_of(i)); };
  EXPECT_FALSE(among(8, split, other)) << "the others do not agree";
  const auto with_notes = [](int i) {
    const std::string note = R"(, "note": "Parcel came late, case )" + std::to_string(i) + "\"";
    return refund("59.90", receipt_of(i), note);
  };
  EXPECT_FALSE(among(5, with_notes, refund("59.90", "RF-1", R"(, "note": "so sorry")")))
      << "each has words of its own";
  TaskData of_other_input = other;
  of_other_input.input_summary = "Refund order A-4712 of 2026-05-02.";
  EXPECT_FALSE(among(5, same, of_other_input)) << "another order of the same day";
  TaskData cut = refund("59.90");
  cut.output_summary = "Refunded " + std::string(480, '.') + "\u2026";
  EXPECT_FALSE(among(5, same, cut)) << "what it states was not sent";
}

TEST(Drift, IsSeenInTheLatestRunsAndComesFromAnOrder) {
  const auto drift_of = [](const Company& company) {
    return interpret(export_run(), company).baseline.metrics.at(0).drift;
  };
  const auto at = [](int since) {
    return [since](int i) { return export_run((i > since ? 3.0 : 2.0) + 0.1 * (i % 4)); };
  };
  const auto drifting = drift_of(company_of(120, at(88)));
  ASSERT_TRUE(drifting);
  EXPECT_TRUE(drifting->drifting);
  EXPECT_GT(drifting->shift, 0.9);
  EXPECT_NEAR(drifting->past, 2.1, 0.1);
  EXPECT_NEAR(drifting->recent, 3.1, 0.15);
  const auto steady = drift_of(company_of(120, at(1'000)));
  ASSERT_TRUE(steady);
  EXPECT_FALSE(steady->drifting);
  EXPECT_NEAR(steady->shift, 0.5, 0.05);
  EXPECT_FALSE(drift_of(company_of(120, at(114)))->drifting) << "six slow runs are no drift";
  EXPECT_FALSE(drift_of(company_of(40, at(20)))) << "too few to know";
  Company unordered;
  for (int i = 1; i <= 120; ++i) {
    unordered.add(at(88)(i), "t" + std::to_string(i));
  }
  EXPECT_FALSE(drift_of(unordered)) << "nobody says which came last";
}

TEST(Drift, IsOfTheRunsWithTheSamePrompts) {
  const auto with_version = [](TaskData run, std::int64_t version) {
    run.prompt_studio.emplace().prompts_used.emplace_back().version = version;
    return run;
  };
  Company company;
  for (int i = 1; i <= 200; ++i) {
    company.add(with_version(export_run(i > 100 ? 9 : 2), i > 100 ? 2 : 1), "t", i);
  }
  const auto drift = interpret(with_version(export_run(), 2), company).baseline.metrics[0].drift;
  ASSERT_TRUE(drift);
  EXPECT_FALSE(drift->drifting) << "the second version was always so";
}

TEST(Drift, OfWhatIsMostlyNoneIsTheMean) {
  const auto failing = [](int i) {
    TaskData run = export_run();
    if (i > 88 && i % 2 == 0) {
      run.steps[0].error.emplace().message = "timeout";
    }
    return run;
  };
  const auto drift = interpret(export_run(), company_of(120, failing)).baseline.metrics.at(3).drift;
  ASSERT_TRUE(drift);
  EXPECT_TRUE(drift->drifting);
  EXPECT_NEAR(drift->recent, 0.5, 0.01);
  EXPECT_EQ(drift->past, 0);
}

}  // namespace
}  // namespace infinium::maestro
