#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "maestro/text_values.h"

namespace infinium::maestro {

/// A piece of arithmetic in running text: "12 x 14.60 = EUR 175.20", "1.68 x 178 plus 110 is USD
/// 409.04", "(70,0 + 45,0 + 54,7) / 3", "500円×2名×3泊で3,000円".
struct Expression {
  double value = 0;                   ///< of what stands before the equals sign
  double slack = 0;                   ///< how far rounded operands may have moved it
  std::optional<std::size_t> stated;  ///< the number that it is said to make
  std::size_t first = 0;              ///< first and last operand: places in `numbers`
  std::size_t last = 0;
  std::uint32_t start = 0;  ///< bytes of the text, [start, end), the stated number included
  std::uint32_t end = 0;
  bool has_product = false;
  /// The value if the other of two readings of ambiguous numbers ("1.150") was meant.
  std::optional<double> other_value;
  /// How far whole-number operands that were rounded themselves may have moved it, by operand.
  std::vector<double> moves;
};

/// Reads the arithmetic between numbers of a text; `numbers` are its number tokens in order. Words
/// for operations in English, German, Spanish, French, Japanese. At most 500; linear. Nothing is
/// said to be made of a piece that goes on to its left or right in words that are not understood
/// ("(half of 96.00) + 263.45 = …"), or that adds unlike units or a percentage.
[[nodiscard]] std::vector<Expression> find_expressions(std::string_view text,
                                                       std::span<const ValueToken> numbers);

}  // namespace infinium::maestro
