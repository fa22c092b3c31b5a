#pragma once

#include <cstdint>
#include <string_view>

/// Where a step, or one step after another, is counted: places in a table of fixed size, made of
/// the names of path_name().
namespace infinium::maestro {

[[nodiscard]] std::uint16_t pair_slot(std::string_view from, std::string_view to);
[[nodiscard]] std::uint16_t leave_slot(std::string_view from);

}  // namespace infinium::maestro
