// Routes by the part of the address after `#`: the list with its filter, or one trace.

import { listPage } from "./list.js";
import { tracePage } from "./trace.js";

let leave = () => {};

function route() {
  leave();
  const [path, search = ""] = location.hash.replace(/^#/, "").split("?");
  const trace = path.match(/^\/traces\/([0-9a-f-]{36})$/i);
  if (trace) {
    leave = tracePage(trace[1]);
    return;
  }
  const filter = Object.fromEntries(new URLSearchParams(search));
  leave = listPage(filter, (next) => {
    const kept = Object.entries(next).filter(([, value]) => value);
    location.hash = `#/?${new URLSearchParams(kept)}`;
  });
}

window.addEventListener("hashchange", route);
route();
