"""The eleven domain sections of a trace. Every field is optional. Import these from `infinium`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .steps import ErrorDetail


@dataclass
class TimeTracking:
    """When the work started and ended, as ISO 8601 timestamps."""

    start_time: str | None = None
    end_time: str | None = None


@dataclass
class Customer:
    """Customer context: whom the work was for."""

    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    customer_address: str | None = None
    client_company: str | None = None
    client_industry: str | None = None


@dataclass
class Support:
    """Support ticket context: the call, its issue and how it was resolved."""

    call_id: str | None = None
    issue_description: str | None = None
    issue_type: str | None = None
    resolution: str | None = None
    priority: str | None = None
    follow_up_required: bool | None = None
    agent_notes: str | None = None


@dataclass
class Sales:
    """Sales pipeline context: where the lead came from and where the deal stands."""

    lead_source: str | None = None
    sales_stage: str | None = None
    deal_value: float | None = None
    conversion_rate: float | None = None
    sales_notes: str | None = None


@dataclass
class Marketing:
    """Marketing campaign context: the campaign, its audience and what it brought."""

    campaign_name: str | None = None
    campaign_type: str | None = None
    target_audience: str | None = None
    marketing_channel: str | None = None
    engagement_metrics: str | None = None
    conversion_metrics: str | None = None


@dataclass
class Content:
    """Content creation context: what was written, how long, and for which platform."""

    content_type: str | None = None
    content_format: str | None = None
    content_length: int | None = None
    content_topic: str | None = None
    target_platform: str | None = None


@dataclass
class Research:
    """Research task context: topic, method, sources and findings."""

    research_topic: str | None = None
    research_method: str | None = None
    data_sources: str | list[Any] | None = None
    research_findings: str | None = None
    analysis_type: str | None = None
    sources_consulted: int | None = None
    key_findings: list[Any] | None = None
    confidence_level: str | None = None
    data_quality: str | None = None


@dataclass
class Project:
    """Project management context: phase, deliverables, people, risks and blockers."""

    project_name: str | None = None
    project_phase: str | None = None
    deliverables: str | list[Any] | None = None
    stakeholders: str | list[Any] | None = None
    project_status: str | None = None
    milestone_achieved: str | None = None
    task_priority: str | None = None
    resource_utilization: float | None = None
    risk_assessment: str | None = None
    blockers: list[Any] | None = None


@dataclass
class Development:
    """Software development context: languages, bugs, tests and deployment."""

    programming_language: str | None = None
    framework_used: str | None = None
    bugs_found: int | None = None
    bugs_fixed: int | None = None
    test_coverage: float | None = None
    performance_metrics: str | dict[str, Any] | None = None
    deployment_status: str | None = None
    technical_debt: str | None = None
    files_modified: list[Any] | None = None
    tests_run: int | None = None
    tests_passed: int | None = None


@dataclass
class Executive:
    """Executive and meeting context: agenda, decisions and what follows from them."""

    meeting_type: str | None = None
    attendees_count: int | None = None
    agenda_items: str | list[Any] | None = None
    action_items: str | list[Any] | None = None
    calendar_conflicts: int | None = None
    decisions_made: list[Any] | None = None


@dataclass
class General:
    """General-purpose context: tools, data and services that the agent used, and its troubles."""

    tools_used: str | list[Any] | None = None
    agent_notes: str | None = None
    errors_encountered: list[ErrorDetail] | None = None
    retries: int | None = None
    warnings: list[Any] | None = None
    external_apis_called: list[Any] | None = None
    data_sources_accessed: list[Any] | None = None
    tags: list[Any] | None = None
