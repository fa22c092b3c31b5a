#pragma once

#include <span>
#include <vector>

#include "maestro/evidence.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Deliverables and criteria that ask for just what a finding shows to be wrong become unmet, with
/// the finding's evidence:
/// - the finding is about a value ("193.00 should be 183.00"), and the item asks for a thing of
/// that
///   kind ("the total in pounds") which stands there with that value: the only one of its kind in
///   the text, or one in whose sentence the thing is named;
/// - the finding is about a call that changed nothing though it was to (refused, failed, called
///   wrongly), and the item asks for the number of what that call was to bring about ("the id of
///   the scheduled post" after a refused `schedule_post`), or speaks of it by two of the tool's
///   words.
/// - the finding holds a call against the request, and what should have been taken is spelled out
/// in
///   the item ("at the rate of 30 April 2026"): here constraints too, if they are open.
/// - the output breaks off, and the item asks for things of which some were not found in it, or for
///   one of each of many.
/// Items that were unmet or about something else stay as they are.
void link_findings(const TraceView& view,
                   std::span<const ProvenFinding> findings,
                   std::vector<Proven<RubricItem>>& items);

}  // namespace infinium::maestro
