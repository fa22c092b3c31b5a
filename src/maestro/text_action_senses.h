#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "maestro/text_actions.h"

namespace infinium::maestro {

/// What is peculiar to a sense, as bits.
namespace sense_mark {
inline constexpr std::uint16_t thing = 1;    ///< as often a thing as a deed: order, payment, claim
inline constexpr std::uint16_t any = 2;      ///< a change of whatever kind
inline constexpr std::uint16_t consent = 4;  ///< agreeing
inline constexpr std::uint16_t person = 8;   ///< who can agree
inline constexpr std::uint16_t result = 16;  ///< what is handed over in the end
inline constexpr std::uint16_t amount = 32;  ///< money
inline constexpr std::uint16_t facts = 64;   ///< information to be read: policy, status, history
inline constexpr std::uint16_t crud = 128;   ///< creates, changes, deletes whatever is named
inline constexpr std::uint16_t look = 256;   ///< looking without saying at what
inline constexpr std::uint16_t whatever = 512;  ///< "anything", "action": no matter what
inline constexpr std::uint16_t time_slot = 1024;
}  // namespace sense_mark

/// A sense and its words, separated by spaces; a word that ends with * stands for all that begin
/// so.
struct Sense {
  Deed deed = Deed::none;
  std::uint16_t marks = 0;
  std::string_view words;
};

/// The vocabulary; a sense's number is its place, the first (0) is no sense.
[[nodiscard]] std::span<const Sense> senses();

}  // namespace infinium::maestro
