#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace infinium::maestro {

/// What a way of speaking tells of the speaker. English words; German and Spanish for the first
/// ones.
enum class Cue : std::uint8_t {
  yes,       ///< agrees to what was proposed
  refuse,    ///< says that it cannot or may not
  hedge,     ///< is not sure
  assume,    ///< works with assumed, example or placeholder data
  verify,    ///< checks, or says that it does
  plan,      ///< lays out steps
  conclude,  ///< gives a result
  correct,   ///< mends something that went wrong
  know,      ///< appeals to what is known or was given
  ask,
  agree,  ///< agrees with another agent
  future,
  past,
  contrast,
  negation,
  condition,
  also,         ///< one thing more
  money,        ///< speaks of prices
  superlative,  ///< the cheapest, all, the total: has to be computed
  thanks,
  sorry,
  count_
};
inline constexpr std::size_t kCueCount = static_cast<std::size_t>(Cue::count_);

/// A text, read once for the features of the models.
struct TextCues {
  std::size_t words = 0;
  std::array<std::uint16_t, kCueCount> cues{};
  std::vector<std::uint64_t> stems;  ///< of its content words, sorted, each once; at most 4,096
  std::size_t questions = 0;         ///< question marks
  std::size_t list_lines = 0;        ///< lines that open with a dash, star or digit
  bool code = false;                 ///< holds a fenced block
  bool link = false;

  [[nodiscard]] int operator[](Cue cue) const { return cues[static_cast<std::size_t>(cue)]; }
  [[nodiscard]] bool has(Cue cue) const { return (*this)[cue] > 0; }
};

/// Reads the first 20,000 bytes. Linear.
[[nodiscard]] TextCues read_cues(std::string_view text);

/// Adds the counts of `more`; its stems are merged.
void merge(TextCues& cues, const TextCues& more);

/// How many stems two sorted lists share.
[[nodiscard]] std::size_t shared_stems(const std::vector<std::uint64_t>& a,
                                       const std::vector<std::uint64_t>& b);
/// Shared over all stems of both; 0 if neither has any.
[[nodiscard]] double likeness(const TextCues& a, const TextCues& b);

}  // namespace infinium::maestro
