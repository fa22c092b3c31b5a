#include "maestro/derivation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace infinium::maestro {
namespace {

/// Factors between units that people convert by heart, periods of a year among them.
constexpr std::array kConversions = {
    100.0,   1000.0,  60.0,      3600.0,       24.0,       12.0, 7.0,    52.0, 365.0,
    1024.0,  1e6,     4.0,       1.60934,      0.45359237, 2.54, 30.0,   0.5,  0.25,
    86400.0, 30.4375, 1048576.0, 1073741824.0, 1e9,        3.6,  10000.0};
constexpr std::array kMultiples = {1.0, 12.0, 52.0, 100.0, 2.0};

struct Search {
  double number = 0;
  double slack = 0;
  [[nodiscard]] bool hit(double value) const { return std::abs(value - number) <= slack; }
};

/// How many operands may be tried so that chance explains less than a tenth of all numbers: with n
/// operands about 9 n² results lie over 15 powers of e.
std::size_t pool_size(double relative, double ways, int operands) {
  const double allowed = 0.1 * 15.0 / (ways * std::max(relative, 1e-9));
  const double size = operands == 2 ? std::sqrt(allowed) : std::cbrt(allowed);
  constexpr double kLeast = 14;
  constexpr double kMost = 140;
  const double least = operands == 2 ? kLeast : 7;
  return static_cast<std::size_t>(std::clamp(size, least, operands == 2 ? kMost : 26));
}

bool by_conversion(const Search& search, std::span<const Operand> pool) {
  return std::any_of(pool.begin(), pool.end(), [&](const Operand& a) {
    return search.hit(a.value) ||
           std::any_of(kConversions.begin(), kConversions.end(), [&](double factor) {
             return search.hit(a.value * factor) || search.hit(a.value / factor);
           });
  });
}

/// Calls `use(value)` for what two operands give.
template <class F>
bool any_result(const Operand& a, const Operand& b, Matter wanted, F use) {
  const bool mixed = (a.matter == Matter::percent) != (b.matter == Matter::percent);
  if (!mixed && (use(a.value + b.value) || use(a.value - b.value))) {
    return true;
  }
  const bool both_money = a.matter == Matter::money && b.matter == Matter::money;
  if (wanted != Matter::percent && !both_money && use(a.value * b.value)) {
    return true;
  }
  const bool may_divide = b.value != 0 && !(wanted == Matter::money && both_money);
  if (may_divide && use(a.value / b.value)) {
    return true;
  }
  const bool share = b.matter == Matter::percent || (b.matter == Matter::plain && b.value <= 100);
  if (wanted != Matter::percent && share && b.value > 0 &&
      (use(a.value * b.value / 100) || use(a.value * (1 + b.value / 100)) ||
       use(a.value * (1 - b.value / 100)))) {
    return true;
  }
  return wanted != Matter::money && b.value != 0 &&
         (use(100 * a.value / b.value) || use(100 * (a.value - b.value) / b.value) ||
          (wanted == Matter::percent && use(100 - 100 * a.value / b.value)));
}

bool by_pair(const Search& search, std::span<const Operand> pool, Matter wanted) {
  const bool counts_fit = wanted != Matter::money || search.slack >= 0.4;
  for (const Operand& a : pool) {
    for (const Operand& b : pool) {
      if (&a != &b && (counts_fit || !a.count || !b.count) &&
          any_result(a, b, wanted, [&](double value) { return search.hit(value); })) {
        return true;
      }
    }
  }
  return false;
}

bool by_triple(const Search& search, std::span<const Operand> pool, Matter wanted) {
  const bool counts_fit = wanted != Matter::money || search.slack >= 0.4;
  for (const Operand& a : pool) {
    for (const Operand& b : pool) {
      if (&a == &b) {
        continue;
      }
      const bool found = any_result(a, b, wanted, [&](double ab) {
        return std::any_of(pool.begin(), pool.end(), [&](const Operand& c) {
          if (&c == &a || &c == &b || (!counts_fit && a.count && b.count && c.count)) {
            return false;
          }
          return search.hit(ab + c.value) || search.hit(ab * c.value) ||
                 (c.value != 0 && search.hit(ab / c.value)) ||
                 std::any_of(kMultiples.begin(), kMultiples.end(), [&](double k) {
                   return search.hit(ab * k - c.value) || search.hit(c.value - ab * k);
                 });
        });
      });
      if (found) {
        return true;
      }
    }
  }
  return false;
}

std::string digits_of(double number, double precision) {
  const double units = std::round(std::abs(number) / precision);
  return units < 1e15 ? fmt::format("{:.0f}", units) : std::string();
}

}  // namespace

Matter matter_of(Unit unit) {
  switch (unit) {
    case Unit::percent:
      return Matter::percent;
    case Unit::money:
    case Unit::money_minor:
      return Matter::money;
    default:
      return Matter::plain;
  }
}

bool is_derived(const Question& question) {
  const double size = std::abs(question.number);
  const Search search{question.number, question.precision / 2 + size * 1e-9};
  const double relative = size > 0 ? question.precision / size : 1;
  const auto first = [&](std::size_t count) {
    return question.pool.first(std::min(count, question.pool.size()));
  };
  constexpr double kWays = 9;
  constexpr double kWaysOfThree = 120;
  return by_conversion(search, question.pool) ||
         by_pair(search, first(pool_size(relative, kWays, 2)), question.matter) ||
         by_triple(search, first(pool_size(relative, kWaysOfThree, 3)), question.matter);
}

bool is_derived_by_pair(const Question& question) {
  const Search search{question.number, question.precision / 2 + std::abs(question.number) * 1e-9};
  return by_conversion(search, question.pool) || by_pair(search, question.pool, question.matter);
}

bool is_sum_or_difference(const Question& question) {
  constexpr double kWays = 2;
  const double size = std::abs(question.number);
  const Search search{question.number, question.precision / 2 + size * 1e-9};
  const double relative = size > 0 ? question.precision / size : 1;
  const auto pool =
      question.pool.first(std::min(pool_size(relative, kWays, 2), question.pool.size()));
  for (std::size_t i = 0; i < pool.size(); ++i) {
    for (std::size_t k = i + 1; k < pool.size(); ++k) {
      // Two counts make no amount with decimals.
      if (pool[i].count && pool[k].count && question.precision < 1) {
        continue;
      }
      if (search.hit(pool[i].value + pool[k].value) ||
          search.hit(std::abs(pool[i].value - pool[k].value))) {
        return true;
      }
    }
  }
  return false;
}

std::vector<double> results_of(const Operand& a, const Operand& b, Matter wanted) {
  std::vector<double> values;
  any_result(a, b, wanted, [&](double value) {
    values.push_back(value);
    return false;
  });
  return values;
}

Slip slip_between(double said, double due, double precision) {
  constexpr std::size_t kDigitsMin = 3;
  const std::string a = digits_of(said, precision);
  const std::string b = digits_of(due, precision);
  if (a.size() < kDigitsMin || b.empty() || a == b || std::abs(due) < precision) {
    return Slip::none;
  }
  if (a.size() == b.size()) {
    std::vector<std::size_t> differ;
    for (std::size_t i = 0; i < a.size() && differ.size() < 3; ++i) {
      if (a[i] != b[i]) {
        differ.push_back(i);
      }
    }
    const bool swapped =
        differ.size() == 2 && a[differ[0]] == b[differ[1]] && a[differ[1]] == b[differ[0]];
    return differ.size() == 1 ? Slip::digit : swapped ? Slip::order : Slip::none;
  }
  const std::string& longer = a.size() > b.size() ? a : b;
  const std::string& shorter = a.size() > b.size() ? b : a;
  const std::string tail(longer.size() - shorter.size(), '0');
  return shorter.size() >= kDigitsMin && longer == shorter + tail ? Slip::power : Slip::none;
}

}  // namespace infinium::maestro
