// One trace: Maestro's summary, rubric and findings with evidence that leads to the steps.

import { badge, el, get, here, show, took, when } from "./dom.js";

const POLL_MS = 1000;

/** The text of a field named by a path such as `steps[3].metadata.full_output`. */
function textAt(trace, path) {
  const keys = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const value = keys.reduce((at, key) => (at === null || at === undefined ? at : at[key]), trace);
  return typeof value === "string" ? value : null;
}

/** [before, quoted, after] by byte offsets into the UTF-8 text. */
function cutAt(text, start, end) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  return [bytes.slice(0, start), bytes.slice(start, end), bytes.slice(end)].map((part) => decoder.decode(part));
}

/** Scrolls to the place a quote comes from and marks its words there. */
function jump(trace, quote) {
  const place = document.querySelector(`[data-field="${CSS.escape(quote.field)}"]`);
  const text = textAt(trace, quote.field);
  if (!place || text === null) return;
  const [before, words, after] = cutAt(text, quote.start, quote.end);
  const mark = el("mark", {}, words);
  place.replaceChildren(before, mark, after);
  for (const shown of document.querySelectorAll(".step.shown")) shown.classList.remove("shown");
  place.closest(".step")?.classList.add("shown");
  mark.scrollIntoView({ block: "center" });
}

function evidenceLine(trace, evidence) {
  if (evidence.kind === "quote") {
    const label = evidence.step === null || evidence.step === undefined ? evidence.field : `step ${evidence.step}`;
    return el(
      "li", { class: "evidence" },
      el("button", { onclick: () => jump(trace, evidence) }, label),
      el("blockquote", {}, `“${evidence.text}”`),
    );
  }
  if (evidence.kind === "absence") {
    return el("li", {}, `Looked for ${evidence.lookedFor} in ${evidence.searched.join(", ")}: not there.`);
  }
  if (evidence.kind === "measure") {
    const limit = evidence.limit === null || evidence.limit === undefined ? "" : ` (limit ${evidence.limit})`;
    return el("li", {}, `${evidence.what}: ${evidence.value}${limit}; ${evidence.counted}`);
  }
  const others = `${evidence.traceIds.length} other trace(s)`;
  return el("li", {}, `${evidence.what}: here ${evidence.valueHere}; in ${others} ${[...new Set(evidence.valuesThere)].join(", ")}`);
}

function evidenceList(trace, evidence) {
  return evidence?.length ? el("ul", { class: "plain" }, evidence.map((item) => evidenceLine(trace, item))) : null;
}

function rubricCard(trace, item) {
  return el(
    "div", { class: "card" },
    el("p", {}, badge(item.status), " ", el("span", { class: "quiet" }, `${item.kind}: `), item.text),
    item.readAs ? el("p", { class: "quiet" }, "read as: ", el("code", {}, item.readAs)) : null,
    item.rationale ? el("p", {}, item.rationale) : null,
    item.wouldSettle ? el("p", { class: "quiet" }, `Would settle it: ${item.wouldSettle}`) : null,
    evidenceList(trace, item.evidence),
  );
}

function findingCard(trace, finding) {
  return el(
    "div", { class: "card" },
    el("p", {}, badge(finding.severity), " ", el("strong", {}, finding.title), " ", el("code", { class: "quiet" }, finding.code)),
    el("p", {}, finding.explanation),
    evidenceList(trace, finding.evidence),
    finding.recommendation ? el("p", { class: "quiet" }, finding.recommendation) : null,
  );
}

function rootCauseCard(trace, cause) {
  const where = cause.step === null ? "In the output itself: " : "";
  const spread = cause.affectedSteps.length ? `Spread to step${cause.affectedSteps.length > 1 ? "s" : ""} ${cause.affectedSteps.join(", ")}.` : null;
  return el(
    "div", { class: "card" },
    el("p", {}, el("strong", {}, where), cause.reason),
    spread ? el("p", {}, spread) : null,
    el("p", { class: "quiet" }, cause.kind.replaceAll("_", " ")),
    evidenceList(trace, cause.evidence),
  );
}

function field(label, path, text) {
  if (text === null || text === undefined || text === "") return null;
  return el("div", {}, el("div", { class: "quiet" }, label), el("pre", { "data-field": path, tabindex: "0" }, text));
}

function stepCard(step, index, marks) {
  const path = `steps[${index}]`;
  const facts = [
    step.action,
    step.tool_call ? `tool ${step.tool_call.tool_name}` : null,
    step.llm_call ? `model ${step.llm_call.model}` : null,
    step.duration_ms !== undefined ? `${step.duration_ms} ms` : null,
    step.tool_call?.http_status !== undefined ? `HTTP ${step.tool_call.http_status}` : null,
  ].filter(Boolean);
  const error = step.error ?? step.tool_call?.error;
  const errorPath = step.error ? `${path}.error.message` : `${path}.tool_call.error.message`;
  const whole = step.metadata ?? {};
  return el(
    "div", { class: `card step ${marks}`.trim(), id: `step-${index}` },
    el("h3", {}, `${step.step_number}. `, el("span", { "data-field": `${path}.description` }, step.description)),
    el("div", { class: "quiet" }, facts.join(" · ")),
    error ? el("p", { class: "error" }, `${error.error_type}: `, el("span", { "data-field": errorPath }, error.message)) : null,
    field("input", `${path}.input_preview`, step.input_preview),
    field("input in full", `${path}.metadata.full_input`, typeof whole.full_input === "string" ? whole.full_input : null),
    field("output", `${path}.output_preview`, step.output_preview),
    field("output in full", `${path}.metadata.full_output`, typeof whole.full_output === "string" ? whole.full_output : null),
    step.tool_call && step.tool_call.input_summary !== step.input_preview
      ? field("tool input", `${path}.tool_call.input_summary`, step.tool_call.input_summary) : null,
    step.tool_call && step.tool_call.output_summary !== step.output_preview
      ? field("tool output", `${path}.tool_call.output_summary`, step.tool_call.output_summary) : null,
  );
}

function verdictSection(trace, result) {
  const parts = result.scoreParts.map((part) => el("li", {}, `${part.points >= 0 ? "+" : ""}${part.points} ${part.name}: ${part.because}`));
  return [
    el(
      "div", { class: "card" },
      el("p", {}, el("span", { class: "score" }, `${Math.round(result.score)}`), badge(result.verdict)),
      el("p", { class: "summary" }, result.summary),
      result.undetermined ? el("p", { class: "quiet" }, `Would settle it: ${result.undetermined.wouldSettle}`) : null,
      el("details", {}, el("summary", { class: "quiet" }, "How the score is made"), el("ul", { class: "plain" }, parts)),
    ),
    result.rootCause ? [el("h2", {}, "Where it went wrong"), rootCauseCard(trace, result.rootCause)] : null,
    result.rubric.length ? [el("h2", {}, "Rubric"), result.rubric.map((item) => rubricCard(trace, item))] : null,
    result.findings.length ? [el("h2", {}, "Findings"), result.findings.map((item) => findingCard(trace, item))] : null,
  ].flat(2);
}

function stepsSection(trace, cause) {
  const steps = trace.steps ?? [];
  const affected = new Set(cause?.affectedSteps ?? []);
  const marks = (step, index) => {
    if (cause && cause.stepIndex === index) return "root";
    return affected.has(step.step_number) ? "affected" : "";
  };
  return steps.length ? [el("h2", {}, `Steps (${steps.length})`), steps.map((step, index) => stepCard(step, index, marks(step, index)))].flat() : [];
}

/** Shows one trace; returns a function that ends its polling. */
export function tracePage(id) {
  let timer = null;
  let ended = false;
  here(el("a", { href: "#/" }, "Traces"), ` › ${id}`);

  async function load() {
    try {
      const [{ body: stored }, answer] = await Promise.all([get(`/traces/${id}`), get(`/traces/${id}/interpretation`)]);
      if (ended) return;
      const { trace } = stored;
      const result = answer.status === 200 ? answer.body.interpretedTraceResult : null;
      show(
        el("h1", {}, trace.name),
        el("p", { class: "quiet" }, when(stored.receivedAt), ` · took ${took(trace.duration)}`),
        result ? verdictSection(trace, result) : el("p", { class: "card" }, badge("pending"), " Maestro is reading this trace."),
        el("h2", {}, "What was asked and answered"),
        field("description", "description", trace.description),
        field("objective", "expected_outcome.task_objective", trace.expected_outcome?.task_objective),
        field("input", "input_summary", trace.input_summary),
        field("output", "output_summary", trace.output_summary),
        stepsSection(trace, result?.rootCause),
        el("details", {}, el("summary", {}, "Payload"), el("pre", {}, JSON.stringify(trace, null, 2))),
      );
      if (!result) timer = setTimeout(load, POLL_MS);
    } catch (error) {
      if (!ended) show(el("p", { class: "error" }, error.status === 404 ? "There is no such trace." : `Cannot load the trace: ${error.message}`));
    }
  }
  load();
  return () => { ended = true; clearTimeout(timer); };
}
