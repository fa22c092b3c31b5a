#pragma once

#include <cstddef>
#include <string>

namespace infinium::bench {

/// A payload of an order agent with that many tool steps; eight make about 5.5 KB. `number` makes
/// traces differ in their values, so that nothing is answered from a cache.
[[nodiscard]] std::string sample_trace(std::size_t steps, std::size_t number);

}  // namespace infinium::bench
