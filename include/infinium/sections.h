#pragma once

#include <vector>

#include "infinium/field.h"
#include "infinium/step.h"

/// The eleven domain sections of a trace. Every field is optional.
namespace infinium {

/// When the work started and ended.
struct TimeTracking {
  Text start_time;
  Text end_time;
  Json::Object extra;

  bool operator==(const TimeTracking&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("start_time", &TimeTracking::start_time, kOptional);
    v("end_time", &TimeTracking::end_time, kOptional);
  }
};

/// Customer context.
struct Customer {
  Text customer_name;
  Text customer_email;
  Text customer_phone;
  Text customer_address;
  Text client_company;
  Text client_industry;
  Json::Object extra;

  bool operator==(const Customer&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("customer_name", &Customer::customer_name, kOptional);
    v("customer_email", &Customer::customer_email, kOptional);
    v("customer_phone", &Customer::customer_phone, kOptional);
    v("customer_address", &Customer::customer_address, kOptional);
    v("client_company", &Customer::client_company, kOptional);
    v("client_industry", &Customer::client_industry, kOptional);
  }
};

/// Support ticket context.
struct Support {
  Text call_id;
  Text issue_description;
  Text issue_type;
  Text resolution;
  Text priority;
  Bool follow_up_required;
  Text agent_notes;
  Json::Object extra;

  bool operator==(const Support&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("call_id", &Support::call_id, kOptional);
    v("issue_description", &Support::issue_description, kOptional);
    v("issue_type", &Support::issue_type, kOptional);
    v("resolution", &Support::resolution, kOptional);
    v("priority", &Support::priority, kOptional);
    v("follow_up_required", &Support::follow_up_required, kOptional);
    v("agent_notes", &Support::agent_notes, kOptional);
  }
};

/// Sales pipeline context.
struct Sales {
  Text lead_source;
  Text sales_stage;
  Real deal_value;
  Real conversion_rate;
  Text sales_notes;
  Json::Object extra;

  bool operator==(const Sales&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("lead_source", &Sales::lead_source, kOptional);
    v("sales_stage", &Sales::sales_stage, kOptional);
    v("deal_value", &Sales::deal_value, kOptional);
    v("conversion_rate", &Sales::conversion_rate, kOptional);
    v("sales_notes", &Sales::sales_notes, kOptional);
  }
};

/// Marketing campaign context.
struct Marketing {
  Text campaign_name;
  Text campaign_type;
  Text target_audience;
  Text marketing_channel;
  Text engagement_metrics;
  Text conversion_metrics;
  Json::Object extra;

  bool operator==(const Marketing&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("campaign_name", &Marketing::campaign_name, kOptional);
    v("campaign_type", &Marketing::campaign_type, kOptional);
    v("target_audience", &Marketing::target_audience, kOptional);
    v("marketing_channel", &Marketing::marketing_channel, kOptional);
    v("engagement_metrics", &Marketing::engagement_metrics, kOptional);
    v("conversion_metrics", &Marketing::conversion_metrics, kOptional);
  }
};

/// Content creation context.
struct Content {
  Text content_type;
  Text content_format;
  Int content_length;
  Text content_topic;
  Text target_platform;
  Json::Object extra;

  bool operator==(const Content&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("content_type", &Content::content_type, kOptional);
    v("content_format", &Content::content_format, kOptional);
    v("content_length", &Content::content_length, kOptional);
    v("content_topic", &Content::content_topic, kOptional);
    v("target_platform", &Content::target_platform, kOptional);
  }
};

/// Research task context.
struct Research {
  Text research_topic;
  Text research_method;
  AnyJson data_sources;
  Text research_findings;
  Text analysis_type;
  Int sources_consulted;
  AnyList key_findings;
  Text confidence_level;
  Text data_quality;
  Json::Object extra;

  bool operator==(const Research&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("research_topic", &Research::research_topic, kOptional);
    v("research_method", &Research::research_method, kOptional);
    v("data_sources", &Research::data_sources, kTextOrList);
    v("research_findings", &Research::research_findings, kOptional);
    v("analysis_type", &Research::analysis_type, kOptional);
    v("sources_consulted", &Research::sources_consulted, kOptional);
    v("key_findings", &Research::key_findings, kOptional);
    v("confidence_level", &Research::confidence_level, kOptional);
    v("data_quality", &Research::data_quality, kOptional);
  }
};

/// Project management context.
struct Project {
  Text project_name;
  Text project_phase;
  AnyJson deliverables;
  AnyJson stakeholders;
  Text project_status;
  Text milestone_achieved;
  Text task_priority;
  Real resource_utilization;
  Text risk_assessment;
  AnyList blockers;
  Json::Object extra;

  bool operator==(const Project&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("project_name", &Project::project_name, kOptional);
    v("project_phase", &Project::project_phase, kOptional);
    v("deliverables", &Project::deliverables, kTextOrList);
    v("stakeholders", &Project::stakeholders, kTextOrList);
    v("project_status", &Project::project_status, kOptional);
    v("milestone_achieved", &Project::milestone_achieved, kOptional);
    v("task_priority", &Project::task_priority, kOptional);
    v("resource_utilization", &Project::resource_utilization, kOptional);
    v("risk_assessment", &Project::risk_assessment, kOptional);
    v("blockers", &Project::blockers, kOptional);
  }
};

/// Software development context.
struct Development {
  Text programming_language;
  Text framework_used;
  Int bugs_found;
  Int bugs_fixed;
  Real test_coverage;
  AnyJson performance_metrics;
  Text deployment_status;
  Text technical_debt;
  AnyList files_modified;
  Int tests_run;
  Int tests_passed;
  Json::Object extra;

  bool operator==(const Development&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("programming_language", &Development::programming_language, kOptional);
    v("framework_used", &Development::framework_used, kOptional);
    v("bugs_found", &Development::bugs_found, kOptional);
    v("bugs_fixed", &Development::bugs_fixed, kOptional);
    v("test_coverage", &Development::test_coverage, kOptional);
    v("performance_metrics", &Development::performance_metrics, kTextOrObject);
    v("deployment_status", &Development::deployment_status, kOptional);
    v("technical_debt", &Development::technical_debt, kOptional);
    v("files_modified", &Development::files_modified, kOptional);
    v("tests_run", &Development::tests_run, kOptional);
    v("tests_passed", &Development::tests_passed, kOptional);
  }
};

/// Executive and meeting context.
struct Executive {
  Text meeting_type;
  Int attendees_count;
  AnyJson agenda_items;
  AnyJson action_items;
  Int calendar_conflicts;
  AnyList decisions_made;
  Json::Object extra;

  bool operator==(const Executive&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("meeting_type", &Executive::meeting_type, kOptional);
    v("attendees_count", &Executive::attendees_count, kOptional);
    v("agenda_items", &Executive::agenda_items, kTextOrList);
    v("action_items", &Executive::action_items, kTextOrList);
    v("calendar_conflicts", &Executive::calendar_conflicts, kOptional);
    v("decisions_made", &Executive::decisions_made, kOptional);
  }
};

/// General-purpose context.
struct General {
  AnyJson tools_used;
  Text agent_notes;
  std::vector<ErrorDetail> errors_encountered;
  Int retries;
  AnyList warnings;
  AnyList external_apis_called;
  AnyList data_sources_accessed;
  AnyList tags;
  Json::Object extra;

  bool operator==(const General&) const = default;
  template <class V>
  static void describe(V&& v) {
    v("tools_used", &General::tools_used, kTextOrList);
    v("agent_notes", &General::agent_notes, kOptional);
    v("errors_encountered", &General::errors_encountered, kOptional);
    v("retries", &General::retries, kOptional);
    v("warnings", &General::warnings, kOptional);
    v("external_apis_called", &General::external_apis_called, kOptional);
    v("data_sources_accessed", &General::data_sources_accessed, kOptional);
    v("tags", &General::tags, kOptional);
  }
};

}  // namespace infinium
