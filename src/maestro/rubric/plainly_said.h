#pragma once

#include "maestro/rubric/process_rule.h"

namespace infinium::maestro {

/// Whether the phrases of a rule name deeds and things in a few words and nothing else. Where one
/// holds a condition or a comparison that no part of the rule took up ("any credit above EUR 40
/// needs a supervisor"), or runs on for long, a call that seems to break the rule may well keep it.
[[nodiscard]] bool is_plainly_said(const ProcessRule& rule);

}  // namespace infinium::maestro
