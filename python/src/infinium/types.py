"""The types of a trace and of the answers to it: plain dataclasses, all importable from `infinium`.

Wherever the SDK takes one of these, a plain dict is accepted too and becomes the dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .sections import (
    Content,
    Customer,
    Development,
    Executive,
    General,
    Marketing,
    Project,
    Research,
    Sales,
    Support,
    TimeTracking,
)
from .steps import ErrorDetail, ExecutionStep, LlmCall, LlmUsage, ToolCall

__all__ = [
    "ApiResponse",
    "BatchResult",
    "Content",
    "Customer",
    "Development",
    "EnvironmentContext",
    "ErrorDetail",
    "ExecutionStep",
    "Executive",
    "ExpectedOutcome",
    "General",
    "LlmCall",
    "LlmUsage",
    "Marketing",
    "Project",
    "PromptContent",
    "PromptStudio",
    "PromptUse",
    "Research",
    "RunContext",
    "Sales",
    "Support",
    "TaskData",
    "TimeTracking",
    "ToolCall",
]


@dataclass
class ExpectedOutcome:
    """What Maestro evaluates the trace against: its grading rubric.

    Attributes:
        task_objective: The goal of the task.
        required_deliverables: What the agent should produce.
        constraints: Rules the agent should follow.
        acceptance_criteria: How to judge success.
    """

    task_objective: str
    required_deliverables: list[str] | None = None
    constraints: list[str] | None = None
    acceptance_criteria: list[str] | None = None


@dataclass
class EnvironmentContext:
    """Runtime metadata about the execution environment.

    Attributes:
        framework: Framework name (e.g. "langchain", "crewai").
        framework_version: Framework version.
        python_version: Python version.
        sdk_version: Version of this SDK; filled in by the SDK in the copy it sends.
        runtime: Runtime environment.
        region: Deployment region.
        custom_tags: Custom key-value tags.
    """

    framework: str | None = None
    framework_version: str | None = None
    python_version: str | None = None
    sdk_version: str | None = None
    runtime: str | None = None
    region: str | None = None
    custom_tags: dict[str, str] | None = None


@dataclass
class RunContext:
    """Where the run stands among others.

    Attributes:
        session_id: The conversation or session that the run belongs to.
        user_id: Whom the run was for.
        deployment_environment: Such as "production" or "staging".
        release: The version of the agent.
        tags: Free words to find the run by.
        parent_trace_id: The trace of the run that started this one.
    """

    session_id: str | None = None
    user_id: str | None = None
    deployment_environment: str | None = None
    release: str | None = None
    tags: list[str] | None = None
    parent_trace_id: str | None = None


@dataclass
class PromptUse:
    """One prompt of the Prompt Studio that the run fetched; recorded by `get_prompt()`.

    Attributes:
        prompt_id: Prompt UUID.
        prompt_name: Display name.
        version: Version number that was served.
        source: Where it came from: "prompt_studio".
        variables_used: Names of the variables that were filled in; never their values.
        fetched_at: When it was fetched, ISO 8601.
    """

    prompt_id: str | None = None
    prompt_name: str | None = None
    version: int | None = None
    source: str | None = None
    variables_used: list[str] | None = None
    fetched_at: str | None = None


@dataclass
class PromptStudio:
    """The prompts that the SDK recorded for a trace.

    Attributes:
        prompts_used: One entry a fetch, in order.
    """

    prompts_used: list[PromptUse] | None = None


@dataclass
class TaskData:
    """The central data structure: a complete trace of an agent's work.

    Attributes:
        name: Short task name, 1 to 500 characters.
        description: What the agent did, 1 to 10,000 characters.
        current_datetime: ISO 8601 timestamp in the years 1900 to 2100; no offset means UTC.
        duration: Wall-clock time in seconds, 0 to 86,400.
        time_tracking: Start and end timestamps.
        customer: Customer context.
        support: Support ticket context.
        sales: Sales pipeline context.
        marketing: Marketing campaign context.
        content: Content creation context.
        research: Research task context.
        project: Project management context.
        development: Software development context.
        executive: Executive and meeting context.
        general: General-purpose context.
        llm_usage: Aggregate token and cost statistics.
        input_summary: Summary of the agent's input.
        output_summary: Summary of the agent's output.
        steps: Ordered execution steps.
        expected_outcome: Maestro's grading rubric.
        environment: Runtime metadata.
        errors: Errors encountered.
        context: Session, user, deployment and release of the run.
        prompt_studio: The prompts used; filled in by the SDK.
    """

    name: str
    description: str
    current_datetime: str
    duration: float
    time_tracking: TimeTracking | None = None
    customer: Customer | None = None
    support: Support | None = None
    sales: Sales | None = None
    marketing: Marketing | None = None
    content: Content | None = None
    research: Research | None = None
    project: Project | None = None
    development: Development | None = None
    executive: Executive | None = None
    general: General | None = None
    llm_usage: LlmUsage | None = None
    input_summary: str | None = None
    output_summary: str | None = None
    steps: list[ExecutionStep] | None = None
    expected_outcome: ExpectedOutcome | None = None
    environment: EnvironmentContext | None = None
    errors: list[ErrorDetail] | None = None
    context: RunContext | None = None
    prompt_studio: PromptStudio | None = None


@dataclass
class ApiResponse:
    """What the server answered.

    Attributes:
        success: Whether the request succeeded.
        status_code: HTTP status code; None where no answer came.
        message: Response message.
        data: Response payload: the whole body (includes `traceId` on success).
    """

    success: bool
    status_code: int | None = None
    message: str = ""
    data: dict[str, Any] | None = None


@dataclass
class BatchResult:
    """What became of each trace of a batch.

    Attributes:
        successful: Number of traces sent successfully.
        failed: Number of traces that failed.
        results: Individual response per task, in the order of the tasks.
        errors: Error messages for failures.
    """

    successful: int
    failed: int
    results: list[ApiResponse]
    errors: list[str]


@dataclass
class PromptContent:
    """One version of a prompt.

    Attributes:
        prompt_id: Prompt UUID.
        name: Display name.
        version: Version number.
        content: Raw template content.
        created_at: ISO timestamp of the version's creation.
        rendered_content: Content with variables substituted; None where none were given.
    """

    prompt_id: str
    name: str
    version: int
    content: str
    created_at: str
    rendered_content: str | None = None
