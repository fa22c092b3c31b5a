"""The example agent: it plans, calls real tools, and writes a report, and traces what it does.

`run(task, workspace, fault=…)` does the whole task. A fault is one silent mistake of the kind that
agents make: every call still answers OK and no exception is raised.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from infinium import LlmUsage, TaskData, TraceBuilder

import model
from tasks import MONTHS, Task
from tools import Workspace

FAULTS = (
    "wrong_row",
    "wrong_unit",
    "stale_file",
    "wrong_filter",
    "dropped_item",
    "wrong_column",
)


class Analyst:
    """One run of the agent over one task. `fault_step` tells, after run(), where the fault went in."""

    def __init__(self, task: Task, workspace: Workspace, random: Random, fault: str | None) -> None:
        self.task = task
        self.workspace = workspace
        self.random = random
        self.fault = fault
        self.fault_step: int | None = None
        self.trace = TraceBuilder(task.name, f"An analyst agent worked on: {task.objective}")
        self.steps = 0
        self.usage: LlmUsage | None = None

    def run(self) -> TaskData:
        """Does the task and returns its trace."""
        task = self.task
        self.trace.set_input_summary(task.request)
        self.trace.set_expected_outcome(
            task_objective=task.objective,
            required_deliverables=task.deliverables,
            constraints=task.constraints,
            acceptance_criteria=task.criteria,
        )
        self._plan()
        factor = self._read_factor()
        rows = self._read_rows()
        amounts, total = self._add_up(rows)
        product = self.call(
            "calculate",
            f"Compute the {task.product}",
            operation="product",
            values=[total, factor],
        )["result"]
        owner = self._look_up_owner()
        report = self._report(amounts, total, factor, product, owner)
        self.call("write_file", "Write the report", path="report.md", content=report)
        written = self.call("read_file", "Read the report back", path="report.md")
        if written != report:
            raise RuntimeError("the report on disk differs from what was written")
        self.trace.set_output_summary(self._answer(len(amounts), total, product, owner, report))
        if self.usage is not None:
            self.trace.set_llm_usage(self.usage)
        return self.trace.build()

    def call(self, tool: str, description: str, **arguments: Any) -> Any:
        """Runs one tool inside one traced step."""
        with self.trace.step("tool_use", description) as step:
            self.steps += 1
            sent = json.dumps(arguments, ensure_ascii=False)
            result = self.workspace.tools[tool](**arguments)
            got = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
            step.set_input(sent)
            step.set_output(got)
            step.record_tool_call(tool, input_summary=sent, output_summary=got, http_status=200)
        return result

    def _faulty(self, kind: str) -> bool:
        """Whether this run makes that mistake; the next step is then the one at fault."""
        if self.fault == kind:
            self.fault_step = self.steps + 1
            return True
        return False

    def _plan(self) -> None:
        with self.trace.step("decision", "Plan the work") as step:
            self.steps += 1
            step.set_input(self.task.request)
            step.set_output(
                f"1. Find the factor file in {self.task.folder}. 2. Look at the table "
                f"{self.task.table} and select the rows. 3. Add up and multiply. 4. Look up the "
                f"{self.task.person}. 5. Write report.md and read it back."
            )

    def _read_factor(self) -> float:
        task = self.task
        self.call("list_files", "See which factor files there are", folder=task.folder)
        month = task.month
        if self._faulty("stale_file"):
            month = MONTHS[MONTHS.index(task.month) - 1]
        path = f"{task.folder}/{task.factor_file.format(month=month)}"
        text = self.call("read_file", "Read the factor", path=path)
        return float(json.loads(text)[task.factor_key])

    def _read_rows(self) -> list[dict[str, Any]]:
        task = self.task
        self.call("describe_table", f"Look at the columns of {task.table}", table=task.table)
        column, group = task.column, task.group
        if self._faulty("wrong_column"):
            column = task.twin_column
        if self._faulty("wrong_filter"):
            group = self.random.choice(task.other_groups)
        sql = (
            f"SELECT {task.id_column}, {column} FROM {task.table} WHERE {task.group_column} = "
            f"'{group}' AND month = '{task.month}' AND status = '{task.state}' "
            f"ORDER BY {task.id_column}"
        )
        rows = self.call("query_database", f"Select the {task.state} rows", sql=sql)
        return [{"id": row[task.id_column], "raw": row[column]} for row in rows]

    def _add_up(self, rows: list[dict[str, Any]]) -> tuple[dict[int, float], float]:
        task = self.task
        divisor = task.divisor
        if self._faulty("dropped_item"):
            rows = rows[:-1]
        if self._faulty("wrong_unit"):
            divisor = 1
        total = self.call(
            "calculate",
            f"Add up the {task.measure} in {task.unit}",
            operation="sum",
            values=[row["raw"] for row in rows],
            divide_by=divisor,
        )["result"]
        return {row["id"]: round(row["raw"] / divisor, 2) for row in rows}, total

    def _look_up_owner(self) -> dict[str, Any]:
        task = self.task
        wanted = task.lookup_id
        if self._faulty("wrong_row"):
            wanted = self._another_id(wanted)
        sql = task.lookup_sql.format(id=wanted)
        return self.call("query_database", f"Look up the {task.person}", sql=sql)[0]

    def _another_id(self, wanted: int) -> int:
        sql = f"SELECT {self.task.id_column} AS id FROM {self.task.table}"
        ids = [row["id"] for row in self.workspace.query_database(sql)]
        return min((i for i in ids if i != wanted), key=lambda i: abs(i - wanted))

    def _report(
        self,
        amounts: dict[int, float],
        total: float,
        factor: float,
        product: float,
        owner: dict[str, Any],
    ) -> str:
        task = self.task
        lines = [f"# {task.name}: {task.group}, {task.month}", "", *self._opening(total)]
        lines += [f"| {task.id_column} | {task.measure} ({task.unit}) |", "| --- | --- |"]
        lines += [f"| {row_id} | {amount:.2f} |" for row_id, amount in amounts.items()]
        lines += [
            "",
            f"Total {task.measure}: {total:.2f} {task.unit}",
            f"{task.product.capitalize()}: {product:.2f} {task.product_unit} (factor {factor})",
            f"{task.person.capitalize()} of {task.lookup_id}: {owner['name']}, {owner['email']}",
            "",
        ]
        return "\n".join(lines)

    def _opening(self, total: float) -> list[str]:
        """One sentence by the language model, where the environment names one."""
        if not model.available():
            return []
        prompt = (
            f"Write one plain sentence that opens a report. It must name {self.task.group}, "
            f"{self.task.month} and the total {self.task.measure} of {total:.2f} {self.task.unit}."
        )
        with self.trace.step("llm_inference", "Draft the opening sentence") as step:
            self.steps += 1
            step.set_input(prompt)
            try:
                answer = model.complete(prompt)
            except (OSError, ValueError) as error:
                step.set_error(error, recoverable=True)  # the report goes without it
                return []
            step.set_output(answer.text)
            step.record_llm_call(
                answer.model,
                provider="openai",
                prompt_tokens=answer.prompt_tokens,
                completion_tokens=answer.completion_tokens,
                latency_ms=answer.latency_ms,
                temperature=0.0,
                purpose="opening sentence",
            )
        self.usage = LlmUsage(
            model=answer.model,
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
            api_calls_count=1,
            total_latency_ms=answer.latency_ms,
        )
        return [answer.text, ""]

    def _answer(
        self, count: int, total: float, product: float, owner: dict[str, Any], report: str
    ) -> str:
        task = self.task
        return (
            f"Done: report.md covers {count} {task.table} of {task.group} for {task.month}. "
            f"Total {task.measure} {total:.2f} {task.unit}, {task.product} {product:.2f} "
            f"{task.product_unit}. {task.person.capitalize()} of {task.lookup_id}: "
            f"{owner['name']}, {owner['email']}.\n\n{report}"
        )
