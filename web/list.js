// The list of traces: newest first, filtered by verdict and text, refreshed while it is looked at.

import { badge, el, get, here, show, took, when } from "./dom.js";

const PAGE = 50;
const REFRESH_MS = 3000;

function query(filter, cursor) {
  const parameters = new URLSearchParams({ limit: PAGE });
  if (filter.verdict) parameters.set("verdict", filter.verdict);
  if (filter.q) parameters.set("q", filter.q);
  if (cursor) parameters.set("cursor", cursor);
  return `/traces?${parameters}`;
}

function row(trace) {
  const status = trace.status === "pending" ? "pending" : trace.verdict;
  return el(
    "tr", {},
    el("td", {}, badge(status)),
    el("td", { class: "number" }, trace.score === null || trace.score === undefined ? "" : `${Math.round(trace.score)}`),
    el("td", { class: "name" }, el("a", { href: `#/traces/${trace.traceId}` }, trace.name)),
    el("td", { class: "wide" }, trace.agentName ?? ""),
    el("td", { class: "number wide" }, took(trace.duration ?? 0)),
    el("td", { class: "when" }, when(trace.receivedAt)),
  );
}

function teach() {
  return el(
    "div", { class: "card" },
    el("p", {}, "No traces yet. Create an agent and send a first one:"),
    el("pre", {}, [
      "infinium agent create my-agent       # prints three export lines",
      "pip install .                        # the Python package, from the repository",
      "python -c 'from infinium import InfiniumClient as C; C().send_task(\"My first task\", \"What my agent did\", duration=1.0)'",
    ].join("\n")),
  );
}

/** Shows the list; returns a function that ends its refreshing. */
export function listPage(filter, setFilter) {
  here("Traces");
  const body = el("tbody");
  const more = el("p");
  const message = el("p", { class: "error", role: "status" });
  const verdicts = ["", "succeeded", "partially_succeeded", "failed", "undetermined"];
  const search = el("input", { type: "search", placeholder: "Search names and texts", "aria-label": "Search", value: filter.q ?? "" });
  const select = el(
    "select", { "aria-label": "Verdict" },
    verdicts.map((v) => el("option", { value: v, selected: (filter.verdict ?? "") === v ? "" : null }, v ? v.replaceAll("_", " ") : "every verdict")),
  );
  const apply = () => setFilter({ verdict: select.value, q: search.value.trim() });
  select.addEventListener("change", apply);
  search.addEventListener("change", apply);
  const heads = [["", "Verdict"], ["number", "Score"], ["", "Task"], ["wide", "Agent"], ["number wide", "Took"], ["", "Received"]];
  const table = el(
    "table", {},
    el("thead", {}, el("tr", {}, heads.map(([style, text]) => el("th", { class: style || null, scope: "col" }, text)))),
    body,
  );
  const empty = el("div");
  show(el("div", { class: "tools" }, search, select), message, table, empty, more);

  let paged = false; // once older pages are on screen, refreshing would move what is read
  async function load(cursor) {
    try {
      const { body: page } = await get(query(filter, cursor));
      const rows = page.traces.map(row);
      if (cursor) body.append(...rows);
      else body.replaceChildren(...rows);
      const nothing = !cursor && rows.length === 0;
      const filtered = filter.q || filter.verdict;
      empty.replaceChildren(...(nothing ? [filtered ? el("p", { class: "quiet" }, "Nothing matches.") : teach()] : []));
      const older = () => { paged = true; load(page.nextCursor); };
      more.replaceChildren(...(page.nextCursor ? [el("button", { onclick: older }, "Older")] : []));
      message.textContent = "";
    } catch (error) {
      message.textContent = `Cannot load traces: ${error.message}`;
    }
  }
  load();
  const timer = setInterval(() => { if (!paged && !document.hidden) load(); }, REFRESH_MS);
  return () => clearInterval(timer);
}
