#include "cli/evaluation/figures.h"

#include <gtest/gtest.h>

#include "cli/evaluation/layout.h"
#include "codec/json_text.h"

namespace infinium::cli::evaluation {
namespace {

Finding finding_at(std::vector<std::int64_t> steps,
                   Severity severity,
                   const char* fingerprint = "x") {
  Finding finding;
  finding.severity = severity;
  finding.fingerprint = fingerprint;
  finding.steps = steps;
  for (const std::int64_t step : steps) {
    finding.step_indices.push_back(step - 1);
  }
  return finding;
}

/// A trace of six steps with that label.
JudgedTrace trace_of(const std::string& task, const std::string& label = "{}") {
  JudgedTrace trace;
  trace.task = task;
  trace.agent = "a";
  trace.said.behavior.step_count = 6;
  trace.label = parse_label(codec::parse_json(label).value()).value();
  return trace;
}

std::vector<Figure> figures_of(std::vector<JudgedTrace>& traces, bool with_baselines = true) {
  pair_with_clean_twins(traces);
  Rows rows;
  for (const JudgedTrace& trace : traces) {
    rows.push_back(&trace);
  }
  return all_figures(rows, with_baselines);
}

std::optional<Figure> find(const std::vector<Figure>& figures, std::string_view name) {
  for (const Figure& figure : figures) {
    if (figure.name == name) {
      return figure;
    }
  }
  return std::nullopt;
}

double value_of(const std::vector<Figure>& figures, std::string_view name) {
  const std::optional<Figure> figure = find(figures, name);
  EXPECT_TRUE(figure) << name;
  return figure ? figure->value : -1;
}

TEST(Findings, CountAtThePlaceOrBesideIt) {
  JudgedTrace trace = trace_of("t");
  trace.said.findings = {finding_at({2, 5}, Severity::warning)};
  EXPECT_TRUE(has_finding_at(trace, {{1}}, false));
  EXPECT_TRUE(has_finding_at(trace, {{6}}, false));
  EXPECT_FALSE(has_finding_at(trace, {Place{}}, false)) << "the output is not the second step";
  trace.said.findings = {finding_at({}, Severity::critical)};
  EXPECT_TRUE(has_finding_at(trace, {Place{}}, false));
  EXPECT_FALSE(has_finding_at(trace, {{3}}, false));
  trace.said.findings = {finding_at({6}, Severity::warning)};
  EXPECT_TRUE(has_finding_at(trace, {Place{}}, false)) << "the last step is where the output is";
  trace.said.findings = {finding_at({3}, Severity::info)};
  EXPECT_FALSE(has_finding_at(trace, {{3}}, false)) << "a remark is no finding";
}

TEST(Findings, SpecificAreThoseThatTheCleanTwinLacks) {
  std::vector<JudgedTrace> traces = {trace_of("s", R"({"verdict":"succeeded"})"),
                                     trace_of("s", R"({"places":[2]})"),
                                     trace_of("s", R"({"places":[4]})")};
  for (JudgedTrace& trace : traces) {
    trace.scenario = "s";
    trace.kind = "wrong_row";
  }
  traces[0].kind = "clean";
  traces[0].said.findings = {finding_at({2}, Severity::info, "old")};
  traces[0].said.score = 80;
  traces[1].said.findings = {finding_at({2}, Severity::warning, "old")};
  traces[1].said.score = 80;
  traces[2].said.findings = {finding_at({4}, Severity::warning, "new")};
  traces[2].said.score = 70;
  const std::vector<Figure> figures = figures_of(traces);
  EXPECT_EQ(value_of(figures, "findings: recall"), 1.0);
  EXPECT_EQ(value_of(figures, "findings: specific recall"), 0.5);
  EXPECT_EQ(value_of(figures, "findings: faulty twin scores below its clean twin"), 0.5);
  EXPECT_EQ(value_of(figures, "findings: clean traces with a warning"), 0.0);
  EXPECT_EQ(value_of(figures, "findings: clean traces with any finding"), 1.0);
}

TEST(Rubric, CountsItemsAndNotTraces) {
  std::vector<JudgedTrace> traces = {
      trace_of("t", R"({"rubric":{"r1":"unmet","r2":"met","r3":"met","r4":"unclear"}})")};
  const auto say = [&](const char* id, RubricStatus status) {
    RubricItem item;
    item.id = id;
    item.status = status;
    traces[0].said.rubric.push_back(item);
  };
  say("r1", RubricStatus::unmet);
  say("r2", RubricStatus::unmet);
  say("r3", RubricStatus::unclear);
  say("r4", RubricStatus::unclear);
  say("r5", RubricStatus::unmet);  // of which nothing is known
  const std::vector<Figure> figures = figures_of(traces);
  EXPECT_EQ(value_of(figures, "rubric: unmet items found"), 1.0);
  EXPECT_EQ(value_of(figures, "rubric: met items called unmet"), 0.5);
  EXPECT_EQ(find(figures, "rubric: met items called unmet")->n, 2u);
  EXPECT_DOUBLE_EQ(value_of(figures, "rubric: unclear though decidable"), 1.0 / 3);
  EXPECT_EQ(value_of(figures, "rubric: unclear where nobody can say"), 1.0);
}

TEST(Success, ANullProbabilityIsAHalf) {
  std::vector<JudgedTrace> traces = {trace_of("a", R"({"success":true})"),
                                     trace_of("b", R"({"success":false})")};
  traces[0].said.success_probability = 0.8;
  const std::vector<Figure> figures = figures_of(traces);
  EXPECT_EQ(value_of(figures, "success: AUC pooled"), 1.0);
  EXPECT_EQ(value_of(figures, "success: accuracy"), 1.0);
  EXPECT_DOUBLE_EQ(value_of(figures, "success: Brier score"), (0.04 + 0.25) / 2);
  EXPECT_EQ(value_of(figures, "success: probability given"), 0.5);
  EXPECT_FALSE(find(figures, "success: AUC within one agent, mean")) << "two traces are too few";
}

TEST(Success, OneClassAloneHasNoFigures) {
  std::vector<JudgedTrace> traces = {trace_of("a", R"({"success":false})")};
  const std::vector<Figure> figures = figures_of(traces);
  EXPECT_EQ(value_of(figures, "success: base rate"), 0.0);
  EXPECT_FALSE(find(figures, "success: accuracy"));
}

TEST(Success, WithinOneAgentWhereItHasFortyTraces) {
  std::vector<JudgedTrace> traces;
  for (int i = 0; i < 80; ++i) {
    const bool success = i % 2 == 0;
    traces.push_back(
        trace_of(std::to_string(i), success ? R"({"success":true})" : R"({"success":false})"));
    // Agent a is told apart, agent b upside down; pooled it looks like chance.
    traces.back().agent = i < 40 ? "a" : "b";
    traces.back().said.success_probability = (i < 40) == success ? 0.9 : 0.1;
  }
  traces.push_back(trace_of("few", R"({"success":true})"));
  traces.back().agent = "c";
  const std::vector<Figure> figures = figures_of(traces);
  const auto within = find(figures, "success: AUC within one agent, mean");
  ASSERT_TRUE(within);
  EXPECT_EQ(within->value, 0.5);
  EXPECT_EQ(within->n, 80u);
}

TEST(Baselines, HaveNotSeenTheTask) {
  std::vector<JudgedTrace> traces = {trace_of("a", R"({"success":true})"),
                                     trace_of("a", R"({"success":true})"),
                                     trace_of("b", R"({"success":false})"),
                                     trace_of("c", R"({"success":false})")};
  traces[0].agent = "x";
  traces[3].agent = "x";
  const Rows rows = {&traces[0], &traces[1], &traces[2], &traces[3]};
  const std::vector<double> constant = success_in_other_tasks(rows, false);
  EXPECT_EQ(constant[0], 0.0) << "both others failed";
  EXPECT_DOUBLE_EQ(constant[2], 2.0 / 3);
  const std::vector<double> agent = success_in_other_tasks(rows, true);
  EXPECT_EQ(agent[0], 0.0);
  EXPECT_EQ(agent[3], 1.0) << "its agent's other run succeeded";
  EXPECT_EQ(success_in_other_tasks({&traces[0], &traces[1]}, true),
            (std::vector<double>{0.5, 0.5}));
}

TEST(Attribution, NothingSaidIsAMiss) {
  const std::string label =
      R"({"root_step_number":3,"root_agent":"Web_Surfer","root_category":"system_failure",
          "failures":[{"step_number":2,"category":"inconclusive"},{"step_number":3}]})";
  std::vector<JudgedTrace> traces = {trace_of("a", label), trace_of("b", label)};
  traces[0].said.root_cause = RootCause{};
  traces[0].said.root_cause->step = 2;
  traces[0].said.root_cause->agent = "websurfer";
  traces[0].said.root_cause->alternatives = {{3, "", {}}};
  const std::vector<Figure> figures = figures_of(traces);
  EXPECT_EQ(value_of(figures, "attribution: step exact"), 0.0);
  EXPECT_EQ(value_of(figures, "attribution: step within 1"), 0.5);
  EXPECT_EQ(value_of(figures, "attribution: step among the first 3"), 0.5);
  EXPECT_EQ(value_of(figures, "attribution: agent"), 0.5);
  EXPECT_EQ(value_of(figures, "attribution: kind"), 0.0);
  EXPECT_EQ(value_of(figures, "attribution: a root cause named"), 0.5);
  EXPECT_EQ(value_of(figures, "attribution: mean reciprocal rank of the step"), 0.25);
  EXPECT_EQ(value_of(figures, "attribution: step of any labelled failure"), 0.5);
  EXPECT_EQ(value_of(figures, "attribution: kind of any labelled failure"), 0.5);
  EXPECT_EQ(value_of(figures, "attribution: step exact (baseline: most frequent)"), 1.0);
}

TEST(Verdicts, AgainstSuccessOnlyWhereTheyDecide) {
  std::vector<JudgedTrace> traces = {trace_of("a", R"({"success":true})"),
                                     trace_of("b", R"({"success":false})"),
                                     trace_of("c", R"({"success":false})")};
  traces[0].said.verdict = Verdict::failed;
  traces[1].said.verdict = Verdict::failed;
  traces[1].said.confidence = 0.9;
  traces[2].said.verdict = Verdict::partially_succeeded;
  const std::vector<Figure> figures = figures_of(traces);
  EXPECT_DOUBLE_EQ(value_of(figures, "verdict: succeeded or failed, where success is known"),
                   2.0 / 3);
  EXPECT_EQ(value_of(figures, "verdict: right, of those"), 0.5);
  EXPECT_EQ(value_of(figures, "verdict: failed though the run succeeded"), 1.0);
  EXPECT_EQ(value_of(figures, "confidence: verdicts with at least 0.8 right"), 1.0);
  EXPECT_EQ(find(figures, "confidence: verdicts with at least 0.8 right")->n, 1u);
  EXPECT_FALSE(find(figures, "verdict: macro-F1"));
}

TEST(Layout, JsonLinesAndTable) {
  const std::vector<Figure> figures = {{"success: AUC", 0.5, {0.25, 0.75}, 7},
                                       {"success: AUC (baseline: agent identity)", 1, {1, 1}, 7},
                                       {"verdict: exact", 0, {0, 0}, 3}};
  EXPECT_EQ(
      as_json_lines(std::span(figures).subspan(0, 1)),
      "{\"figure\":\"success: AUC\",\"value\":0.5000,\"low\":0.2500,\"high\":0.7500,\"n\":7}\n");
  EXPECT_EQ(
      as_json_lines(std::span(figures).subspan(2), "agent", "a\"b"),
      "{\"figure\":\"verdict: exact\",\"value\":0.0000,\"low\":0.0000,\"high\":0.0000,\"n\":3,"
      "\"agent\":\"a\\\"b\"}\n");
  const std::string table = as_table(figures);
  EXPECT_TRUE(table.starts_with("success\n  AUC ")) << table;
  EXPECT_NE(table.find("\n    baseline: agent identity "), table.npos) << table;
  EXPECT_NE(table.find("\n\nverdict\n  exact "), table.npos) << table;
  EXPECT_EQ(as_square(Confusion{}), "");
}

}  // namespace
}  // namespace infinium::cli::evaluation
