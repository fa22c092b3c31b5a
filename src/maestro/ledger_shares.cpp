#include <algorithm>

#include "maestro/ledger.h"

/// The part of the ledger that knows what was taken off and what is a share.
namespace infinium::maestro {

/// Whether a source has it with a minus: "less £4.10" of {"pence": -410}.
bool Ledger::is_turned(const StatedValue& claim) const {
  const ValueToken& token = claim.token;
  const double minor = matter_of(token.unit) == Matter::money ? 100 : 1;
  return grounds_.find(-token.number, token.precision, before(claim)) != nullptr ||
         grounds_.find(-token.number * minor, token.precision, before(claim)) != nullptr;
}

/// Whether it is the share of a given amount that its own sentence states: "28.35, that is 15 %".
bool Ledger::is_stated_share(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const ValueToken& token = claim.token;
  const auto numbers = numbers_of(statements_.all()[claim.statement]);
  return std::any_of(numbers.begin(), numbers.end(), [&](std::uint32_t i) {
    const StatedValue& share = statements_.claims()[i];
    if (share.sentence != claim.sentence || share.token.unit != Unit::percent ||
        share.token.number <= 0 || token.unit == Unit::percent) {
      return false;
    }
    const double scale = 100 / share.token.number;
    const double slack = token.precision * std::min(scale, 10.0);
    return grounds_.find(token.number * scale, slack, before(claim)) != nullptr;
  });
}

}  // namespace infinium::maestro
