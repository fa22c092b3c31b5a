#pragma once

#include <string_view>

/// Words by which a row says of itself that it does not count any more, or that it does.
namespace infinium::maestro {

/// superseded, void, preliminary, expired, abgesetzt, anulado, 旧, …; `folded` is in lower case.
[[nodiscard]] bool says_outdated(std::string_view folded);
/// current, final, latest, aktuell, definitiva, 最新, …
[[nodiscard]] bool says_current(std::string_view folded);
/// false, no, null, taken, sold out, unavailable, belegt, ocupado, 満室, …: not to be had.
[[nodiscard]] bool is_off(std::string_view value);

}  // namespace infinium::maestro
