#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "maestro/findings/arithmetic.h"

namespace infinium::maestro {

template <std::size_t N>
[[nodiscard]] bool holds_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

/// One statement with its numbers at hand; what the checks of arithmetic are made of.
class ArithmeticReader {
 public:
  ArithmeticReader(const Facts& facts, std::uint32_t statement, std::vector<ArithmeticSlip>& slips)
      : facts_(facts),
        view_(facts.view()),
        ledger_(facts.ledger()),
        index_(statement),
        statement_(facts.statements().all()[statement]),
        text_(view_.field(statement_.at.field).text),
        numbers_(ledger_.numbers_of(statement_)),
        slips_(slips) {}

 protected:
  [[nodiscard]] const StatedValue& claim(std::size_t number) const {
    return facts_.statements().claims()[numbers_[number]];
  }
  [[nodiscard]] const ValueToken& token(std::size_t number) const { return claim(number).token; }
  [[nodiscard]] std::string_view gap(std::size_t a, std::size_t b) const {
    const std::size_t from = token(a).end;
    return token(b).start > from ? text_.substr(from, token(b).start - from) : std::string_view{};
  }
  /// Whether a source gives the number in its unit: then the words around it are read wrongly here.
  [[nodiscard]] bool is_given(std::size_t number) const {
    const ValueToken& said = token(number);
    const auto same =
        facts_.grounds().range(said.number - said.precision / 2, said.number + said.precision / 2);
    return std::any_of(same.begin(), same.end(), [&](const Ground& ground) {
      return ground.unit == said.unit && ground.unit != Unit::none &&
             Grounds::is_before(ground.step, statement_.step);
    });
  }
  /// Whether `said`, written as `as` is, may stand for `due`: rounded, or cut off where rounding
  /// was needed at all.
  [[nodiscard]] static bool is_close(double said, double due, const ValueToken& as, double slack) {
    const double units = due / as.precision;
    const bool exact = std::abs(units - std::round(units)) < 1e-6 * std::max(1.0, std::abs(units));
    return std::abs(said - due) <=
           as.precision * (exact ? 0.51 : 1.01) + slack + std::abs(due) * 1e-9;
  }

  void push(std::optional<std::uint32_t> claim, Span at, std::string title, std::string why) {
    constexpr std::size_t kSlipsMax = 64;
    at.end = std::max(at.end, at.start);
    if (slips_.size() < kSlipsMax) {
      slips_.push_back({index_, claim, at, std::move(title), std::move(why)});
    }
  }
  [[nodiscard]] Span span(std::size_t start, std::size_t end) const {
    return {statement_.at.field, start, end};
  }

  const Facts& facts_;
  const TraceView& view_;
  const Ledger& ledger_;
  std::uint32_t index_;
  const Statement& statement_;
  std::string_view text_;
  std::span<const std::uint32_t> numbers_;

 private:
  std::vector<ArithmeticSlip>& slips_;
};

/// Durations between times of day and weekdays of dates (arithmetic_calendar.cpp).
void check_calendar(const Facts& facts,
                    std::uint32_t statement,
                    std::vector<ArithmeticSlip>& slips);
/// Breakdowns and lists with a total (arithmetic_breakdowns.cpp).
void check_breakdowns(const Facts& facts,
                      std::uint32_t statement,
                      std::vector<ArithmeticSlip>& slips);
/// Total rows of tables and what is left of an amount (arithmetic_totals.cpp).
void check_totals(const Facts& facts, std::uint32_t statement, std::vector<ArithmeticSlip>& slips);
/// Changes and shares of two figures (arithmetic_changes.cpp).
void check_changes(const Facts& facts, std::uint32_t statement, std::vector<ArithmeticSlip>& slips);

}  // namespace infinium::maestro
