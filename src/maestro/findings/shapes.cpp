#include "maestro/findings/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// The digits of a number without its mark and the zeros at its end: 952.30 gives 9523.
std::string significant_digits(double number) {
  std::string digits;
  for (const char c : fmt::format("{:.6f}", number < 0 ? -number : number)) {
    if (is_digit(c)) {
      digits.push_back(c);
    }
  }
  digits.erase(0, digits.find_first_not_of('0'));
  while (digits.ends_with('0')) {
    digits.pop_back();
  }
  return digits;
}

bool differs_by_a_slip(std::string_view a, std::string_view b, bool only_swapped = false) {
  std::size_t differing = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) {
      first = differing == 0 ? i : first;
      last = i;
      ++differing;
    }
  }
  const bool swapped = differing == 2 && a[first] == b[last] && a[last] == b[first];
  return ((differing == 1 && !only_swapped) || swapped) && is_digit(a[first]) && is_digit(b[first]);
}

}  // namespace

bool same_make(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || !has_digit(a)) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool digits = is_digit(a[i]) && is_digit(b[i]);
    if (!digits && a[i] != b[i]) {
      return false;
    }
  }
  return true;
}

bool is_slip_of(std::string_view a, std::string_view b) {
  return a.size() == b.size() && a.size() >= 4 && differs_by_a_slip(a, b);
}

bool is_digit_slip(double a, double b) {
  const std::string ours = significant_digits(a);
  const std::string theirs = significant_digits(b);
  const bool same_size = ours.size() == theirs.size() && ours.size() >= 3;
  const double ratio = b != 0 ? a / b : 0;
  // Of three digits, one that differs is too often chance.
  return same_size && ratio > 0.1 && ratio < 10 &&
         differs_by_a_slip(ours, theirs, ours.size() == 3);
}

}  // namespace infinium::maestro
