#pragma once

#include <cstdlib>

namespace infinium::fuzz {

/// Stops the fuzzer, which then keeps the input, if a property does not hold.
inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace infinium::fuzz
