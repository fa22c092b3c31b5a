#pragma once

#include <vector>

#include "maestro/evidence.h"
#include "maestro/facts.h"

/// The ways in which a call can act on something else than was asked for.
namespace infinium::maestro {

/// Another filter value or id than the user named.
[[nodiscard]] std::vector<ProvenFinding> find_slot_mismatches(const Facts& facts);
/// Another month, day or file than the user named, or one that a listing shows to be outdated.
[[nodiscard]] std::vector<ProvenFinding> find_stale_resources(const Facts& facts);
/// A row that its list shows to be outdated or out of its time.
[[nodiscard]] std::vector<ProvenFinding> find_stale_rows(const Facts& facts);
/// A figure that was read again, and reported as it was before.
[[nodiscard]] std::vector<ProvenFinding> find_stale_outputs(const Facts& facts);
/// Another column than the user named.
[[nodiscard]] std::vector<ProvenFinding> find_column_mismatches(const Facts& facts);
/// Another row than the cheapest, nearest, earliest, … that was asked for.
[[nodiscard]] std::vector<ProvenFinding> find_worse_rows(const Facts& facts);
/// Another value than was settled before the call that acts on it.
[[nodiscard]] std::vector<ProvenFinding> find_drifted_arguments(const Facts& facts);
/// The neighbour of the thing that the run is about.
[[nodiscard]] std::vector<ProvenFinding> find_strayed_targets(const Facts& facts);
/// Another row of an earlier result than the one that was asked for.
[[nodiscard]] std::vector<ProvenFinding> find_wrong_rows(const Facts& facts);

}  // namespace infinium::maestro
