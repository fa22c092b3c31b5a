#pragma once

#include <string_view>

/// What words of agreeing and declining say. English, German, Spanish, French, Portuguese,
/// Japanese, Chinese.
namespace infinium::maestro {

enum class Stance { none, agrees, declines, mixed };

/// Of a person's turn: "yes, go ahead", "I still have to ask".
[[nodiscard]] Stance stance_of(std::string_view turn);

/// Of a value in a result: "approved", "erteilt"; "pending", "waiting_for_approval".
[[nodiscard]] Stance stance_of_value(std::string_view value);

}  // namespace infinium::maestro
