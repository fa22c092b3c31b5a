#pragma once

#include <string>

#include "infinium/calibration.h"
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

/// The same with what a deployment's people taught, which moves `successProbability` and
/// `confidence`; the result's `engine_model` says so. An empty calibration changes nothing.
[[nodiscard]] Interpretation interpret(const TaskData& trace,
                                       const Company& company,
                                       const Calibration& calibration);

/// The same without company.
[[nodiscard]] Interpretation interpret(const TaskData& trace);

/// "0.1.0": the version of the rules, changed whenever a result can change.
[[nodiscard]] const char* engine_version();

/// 16 hexadecimal digits that stand for the shipped weights and the calibration: a result with
/// others was made by another engine.
[[nodiscard]] std::string engine_model(const Calibration& calibration = {});

}  // namespace infinium::maestro
