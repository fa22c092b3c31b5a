#pragma once

#include <string>

#include "infinium/interpretation.h"
#include "infinium/types.h"

namespace infinium::maestro {

/// What is known of the agent's other traces: a bounded, mergeable digest. A value type; empty
/// until traces are added.
class Company;

/// Judges one trace. Pure and deterministic: the same arguments give the same result on any
/// machine and from any number of threads; no I/O, no clock. Never throws but bad_alloc; work is
/// linear in the size of the trace. `trace_id` and `interpreted_at` are left empty.
[[nodiscard]] Interpretation interpret(const TaskData& trace, const Company& company);

/// The same without company.
[[nodiscard]] Interpretation interpret(const TaskData& trace);

/// "0.1.0": the version of the rules, changed whenever a result can change.
[[nodiscard]] const char* engine_version();

/// The hash of the rules and weights that are compiled in; stands in every result.
[[nodiscard]] std::string engine_model();

}  // namespace infinium::maestro
