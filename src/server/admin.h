#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "infinium/json.h"
#include "infinium/result.h"
#include "pipeline/reread_job.h"
#include "store/store.h"

/// What an operator does to a store: create agents and reviewers, push prompts, … Written once, for
/// the control socket of a running server and for the program that opened the store itself.
namespace infinium::server::admin {

/// What requests are carried out with. Borrowed.
struct Powers {
  store::Store& store;
  Random& random;
  pipeline::RereadJob& rereading;
  int reread_threads = 1;
  bool yielding = false;  ///< a server goes on meanwhile
};

/// Carries out one request, an object with `op` and what that operation needs:
///
///     agent.create {name}           → {agent_id, agent_secret}
///     agent.list {}                 → {agents: [{agent_id, name, disabled, created_at}]}
///     agent.rotate {agent}          → {agent_id, agent_secret}
///     agent.disable|enable {agent}  → {agent_id, disabled}
///     reviewer.create {name}        → {reviewer_id, reviewer_key}
///     reviewer.list {}              → {reviewers: [{reviewer_id, name, disabled, created_at}]}
///     reviewer.rotate {reviewer}    → {reviewer_id, reviewer_key}
///     reviewer.disable|enable {reviewer} → {reviewer_id, disabled}
///     prompt.create {name, content} → {prompt_id, prompt_key, version}
///     prompt.push {prompt, content} → {prompt_id, version}
///     prompt.list {}                → {prompts: [{prompt_id, name, version, created_at}]}
///     prompt.show {prompt, version?} → {prompt_id, name, version, content, created_at}
///     calibration.learn {save?, force?} → {report: {…}, saved}; see calibrating.h
///     calibration.list {}           → {calibrations: [{version, created_at, note, size_bytes,
///                                     current}]}, newest first
///     calibration.rollback {version} → {version}
///     reinterpret.start {agent?, all?, stale?, dry_run?} → as reinterpret.status
///     reinterpret.status {}         → {state, dry_run, seconds, total, seen, read, …}
///     reinterpret.stop {}           → as reinterpret.status
///
/// `agent` is an id, or a name that one agent alone has; `reviewer` likewise. A secret is answered
/// once and kept as its hash only. May be called from any thread. Errors: `invalid_argument` with
/// the field, `not_found`, `conflict` (a name that several have), `too_large`, and those of the
/// store.
[[nodiscard]] Result<Json> execute(const Powers& powers, const Json& request);

/// The same as text: one line of JSON in, one line (without its end) out, which is
/// `{"ok":true,"result":{…},"server":"…"}` or `{"ok":false,"code","error","field"}`. `server` is
/// the URL of the server that answers, empty where none runs.
[[nodiscard]] std::string answer_line(const Powers& powers,
                                      std::string_view line,
                                      std::string_view server);

struct Answer {
  Json result;
  std::string server;
};

/// What answer_line() said: the result, or the error as execute() gave it.
[[nodiscard]] Result<Answer> read_answer(std::string_view line);

}  // namespace infinium::server::admin
