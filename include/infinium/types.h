#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "infinium/field.h"
#include "infinium/sections.h"
#include "infinium/step.h"

/// TaskData, the complete trace, and the types that only it holds.
namespace infinium {

/// Maestro's grading rubric.
struct ExpectedOutcome {
  std::string task_objective;
  Strings required_deliverables;
  Strings constraints;
  Strings acceptance_criteria;
  Json::Object extra;

  bool operator==(const ExpectedOutcome&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("task_objective", &ExpectedOutcome::task_objective, kRequired);
    v("required_deliverables", &ExpectedOutcome::required_deliverables, kOptional);
    v("constraints", &ExpectedOutcome::constraints, kOptional);
    v("acceptance_criteria", &ExpectedOutcome::acceptance_criteria, kOptional);
  }
};

/// Runtime metadata about the execution environment.
struct EnvironmentContext {
  Text framework;
  Text framework_version;
  Text python_version;
  Text sdk_version;
  Text runtime;
  Text region;
  std::map<std::string, std::string> custom_tags;
  Json::Object extra;

  bool operator==(const EnvironmentContext&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("framework", &EnvironmentContext::framework, kOptional);
    v("framework_version", &EnvironmentContext::framework_version, kOptional);
    v("python_version", &EnvironmentContext::python_version, kOptional);
    v("sdk_version", &EnvironmentContext::sdk_version, kOptional);
    v("runtime", &EnvironmentContext::runtime, kOptional);
    v("region", &EnvironmentContext::region, kOptional);
    v("custom_tags", &EnvironmentContext::custom_tags, kOptional);
  }
};

/// One use of a prompt kept in the Prompt Studio.
struct PromptUse {
  Text prompt_id;
  Text prompt_name;
  Int version;
  Text source;  ///< "prompt_studio"
  Strings variables_used;
  Text fetched_at;
  Json::Object extra;

  bool operator==(const PromptUse&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("prompt_id", &PromptUse::prompt_id, kOptional);
    v("prompt_name", &PromptUse::prompt_name, kOptional);
    v("version", &PromptUse::version, kOptional);
    v("source", &PromptUse::source, kOptional);
    v("variables_used", &PromptUse::variables_used, kOptional);
    v("fetched_at", &PromptUse::fetched_at, kOptional);
  }
};

/// The prompts that the SDK recorded for this trace.
struct PromptStudio {
  std::vector<PromptUse> prompts_used;
  Json::Object extra;

  bool operator==(const PromptStudio&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("prompts_used", &PromptStudio::prompts_used, kOptional);
  }
};

/// Where the run stands among others: session, user, deployment, release.
struct RunContext {
  Text session_id;
  Text user_id;
  Text deployment_environment;
  Text release;
  Strings tags;
  Text parent_trace_id;
  Json::Object extra;

  bool operator==(const RunContext&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("session_id", &RunContext::session_id, kOptional);
    v("user_id", &RunContext::user_id, kOptional);
    v("deployment_environment", &RunContext::deployment_environment, kOptional);
    v("release", &RunContext::release, kOptional);
    v("tags", &RunContext::tags, kOptional);
    v("parent_trace_id", &RunContext::parent_trace_id, kOptional);
  }
};

/// A complete trace of an agent's work.
struct TaskData {
  std::string name;              ///< 1–500 characters
  std::string description;       ///< 1–10,000 characters
  std::string current_datetime;  ///< ISO 8601; no offset means UTC
  double duration = 0.0;         ///< wall-clock seconds, 0–86,400
  std::optional<TimeTracking> time_tracking;
  std::optional<Customer> customer;
  std::optional<Support> support;
  std::optional<Sales> sales;
  std::optional<Marketing> marketing;
  std::optional<Content> content;
  std::optional<Research> research;
  std::optional<Project> project;
  std::optional<Development> development;
  std::optional<Executive> executive;
  std::optional<General> general;
  std::optional<LlmUsage> llm_usage;
  Text input_summary;
  Text output_summary;
  std::vector<ExecutionStep> steps;
  std::optional<ExpectedOutcome> expected_outcome;
  std::optional<EnvironmentContext> environment;
  std::vector<ErrorDetail> errors;
  std::optional<RunContext> context;
  std::optional<PromptStudio> prompt_studio;  ///< filled in by the SDK
  Json::Object sections_extra;                ///< unknown keys under `sections`
  Json::Object extra;

  bool operator==(const TaskData&) const = default;

  /// The eleven domain sections: they travel under `sections`.
  template <class V>
  static void describe_sections(V&& v) {
    v("time_tracking", &TaskData::time_tracking, kOptional);
    v("customer", &TaskData::customer, kOptional);
    v("support", &TaskData::support, kOptional);
    v("sales", &TaskData::sales, kOptional);
    v("marketing", &TaskData::marketing, kOptional);
    v("content", &TaskData::content, kOptional);
    v("research", &TaskData::research, kOptional);
    v("project", &TaskData::project, kOptional);
    v("development", &TaskData::development, kOptional);
    v("executive", &TaskData::executive, kOptional);
    v("general", &TaskData::general, kOptional);
  }

  /// All other fields, in wire order; `sections` is announced in its place by `v.sections()`.
  template <class V>
  static void describe(V&& v) {
    v("name", &TaskData::name, FieldRule{.required = true, .chars_min = 1, .chars_max = 500});
    v("description",
      &TaskData::description,
      FieldRule{.required = true, .chars_min = 1, .chars_max = 10'000});
    v("current_datetime",
      &TaskData::current_datetime,
      FieldRule{.required = true, .iso_datetime = true});
    v("duration", &TaskData::duration, FieldRule{.required = true, .min = 0, .max = 86'400});
    v("input_summary", &TaskData::input_summary, kOptional);
    v("output_summary", &TaskData::output_summary, kOptional);
    v("expected_outcome", &TaskData::expected_outcome, kOptional);
    v("steps", &TaskData::steps, kOptional);
    v("errors", &TaskData::errors, kOptional);
    v("llm_usage", &TaskData::llm_usage, kOptional);
    v.sections();
    v("environment", &TaskData::environment, kOptional);
    v("prompt_studio", &TaskData::prompt_studio, kOptional);
    v("context", &TaskData::context, kOptional);
  }
};

}  // namespace infinium
