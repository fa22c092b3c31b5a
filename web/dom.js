// Elements, texts and the API. Whatever a trace says is set as text, never as markup.

/** An element with attributes (`class`, `href`, `onclick`, …) and children; text stays text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replaces what the page shows. */
export function show(...children) {
  document.getElementById("main").replaceChildren(...children.flat().filter(Boolean));
}

/** Says in the header where one is. */
export function here(...children) {
  document.getElementById("where").replaceChildren(...children);
}

/** GET of the API; an error carries the server's own sentence and the status. */
export async function get(path) {
  const response = await fetch(`/api/v1${path}`, { headers: { Accept: "application/json" } });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const error = new Error(body.error || `the server answered ${response.status}`);
    error.status = response.status;
    throw error;
  }
  return { status: response.status, body };
}

const SIGNS = {
  succeeded: "✓", met: "✓", partially_succeeded: "◐", failed: "✕", unmet: "✕",
  undetermined: "?", unclear: "?", pending: "…", critical: "✕", warning: "!", info: "i",
};

/** A status word with its sign and colour. */
export function badge(status) {
  return el("span", { class: `verdict ${status}` }, `${SIGNS[status] ?? ""} ${status.replaceAll("_", " ")}`);
}

/** A time in the viewer's zone. */
export function when(iso) {
  const date = new Date(iso);
  return el("time", { datetime: iso, title: iso }, date.toLocaleString());
}

/** Seconds in the unit a person would use. */
export function took(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
