#include <fmt/format.h>

#include "maestro/findings/arithmetic_reader.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// The part of arithmetic.cpp that looks at differences in per cent ("31,872 - 38,400 = -6,528,
/// which is -17.0 %"), at what a number is broken down into ("1,147 (400, 400 and 247)") and at
/// lists with a line for the total. A number is wrong only if it is off by a slip, by the base of
/// the percentage or by one item: what differs in any other way may count something else.
namespace infinium::maestro {
namespace {

class BreakdownCheck : ArithmeticReader {
 public:
  using ArithmeticReader::ArithmeticReader;

  void run() {
    for (std::size_t i = 0; i + 2 < numbers_.size(); ++i) {
      if (claim(i).sentence == claim(i + 2).sentence) {
        check_breakdown(i);
      }
    }
    check_differences();
    check_list();
  }

 private:
  static bool is_slip(double said, double due, double precision) {
    const Slip slip = slip_between(said, due, precision);
    return slip == Slip::digit || slip == Slip::order;
  }

  /// The percentage of a change is taken of where it began.
  void check_share_of_change(std::size_t first, double from, double to, std::size_t share) {
    const ValueToken& said = token(share);
    if (from == 0 || to == 0 || is_given(share) || is_approximate(text_, said.start)) {
      return;
    }
    const double size = std::abs(said.number);
    const double due = std::abs(100 * (to - from) / from);
    const double of_the_end = std::abs(100 * (to - from) / to);
    const bool right =
        is_close(size, due, said, 0) || is_close(size, std::abs(100 * to / from), said, 0);
    const bool wrong = is_close(size, of_the_end, said, 0) || is_slip(size, due, said.precision);
    if (!right && wrong) {
      push(numbers_[share],
           span(token(first).start, said.end),
           fmt::format("{} should be {} %",
                       shown(view_.text(claim(share).at)),
                       said::as_written(100 * (to - from) / from, said.precision)),
           fmt::format("a change from {} to {} is {} %",
                       from,
                       to,
                       said::as_written(100 * (to - from) / from, said.precision)));
    }
  }

  /// "31,872 - 38,400 = -6,528, which is -20.5 %"
  void check_differences() {
    constexpr auto kLinks = std::to_array<std::string_view>(
        {"which is", "that is", "i.e.", "das sind", "also", "es decir", "soit", "or ", "("});
    for (const Expression& expression : ledger_.expressions_of(statement_)) {
      const bool pair = expression.last == expression.first + 1 && !expression.has_product;
      const std::size_t share = expression.last + 2;
      if (!pair || share >= numbers_.size() || token(share).unit != Unit::percent) {
        continue;
      }
      const std::string link = fold_case(gap(share - 1, share));
      const bool minus =
          gap(expression.first, expression.last).find_first_of("-") != std::string_view::npos ||
          gap(expression.first, expression.last).find("−") != std::string_view::npos;
      if (minus && link.size() <= 20 && holds_any(link, kLinks)) {
        check_share_of_change(
            expression.first, token(expression.last).number, token(expression.first).number, share);
      }
    }
  }

  // --- "1,147 messages (batches of 400, 400 and 247)"

  void check_breakdown(std::size_t i) {
    constexpr double kNumberMin = 1'000;
    constexpr std::size_t kReach = 70;
    const ValueToken& whole = token(i);
    const std::string_view between = gap(i, i + 1);
    const std::size_t open = between.find('(');
    if (whole.number < kNumberMin * whole.precision || between.size() > kReach ||
        open == std::string_view::npos || between.find(')') != std::string_view::npos ||
        between.substr(open).size() > 24) {
      return;
    }
    double sum = 0;
    std::size_t last = i;
    for (std::size_t k = i + 1; k < numbers_.size() && token(k).unit == token(i + 1).unit; ++k) {
      sum += token(k).number;
      last = k;
      if (k + 1 == numbers_.size() || !joins(gap(k, k + 1))) {
        break;
      }
    }
    const bool closed = trim(text_.substr(token(last).end, 3)).starts_with(")");
    if (last >= i + 2 && closed && token(i + 1).unit == Unit::none &&
        is_slip(whole.number, sum, whole.precision)) {
      push(numbers_[i],
           span(whole.start, token(last).end),
           fmt::format("{} should be {}",
                       shown(view_.text(claim(i).at)),
                       said::as_written(sum, whole.precision)),
           fmt::format("its parts make {}", said::as_written(sum, whole.precision)));
    }
  }

  static bool joins(std::string_view gap) {
    constexpr auto kLinks = std::to_array<std::string_view>(
        {",", "and", ", and", "+", "und", "y", "et", "e", "、", "&"});
    const std::string link = fold_case(trim(gap));
    return std::find(kLinks.begin(), kLinks.end(), link) != kLinks.end();
  }

  // --- "- total: 71.0 GB"

  /// The one number of a line that has a unit; nothing if it has none or several.
  [[nodiscard]] std::optional<std::size_t> number_of_line(const Match& line) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      const ValueToken& number = token(i);
      if (number.start < line.start || number.end > line.end || number.unit == Unit::none ||
          number.unit == Unit::percent || scale_of(number.unit).dimension == 0 ||
          number.unit == Unit::days) {
        continue;
      }
      if (found) {
        return std::nullopt;
      }
      found = i;
    }
    return found;
  }

  static bool is_item(std::string_view line) {
    line = trim(line);
    return line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ");
  }

  void check_list() {
    if (statement_.speaker == Speaker::thought || numbers_.size() > 200) {
      return;
    }
    std::vector<std::size_t> items;
    for (std::size_t at = statement_.at.start; at < statement_.at.end;) {
      const std::size_t end = std::min(text_.find('\n', at), statement_.at.end);
      const Match line{at, end};
      const std::optional<std::size_t> number = number_of_line(line);
      const bool total = number && is_said_total(text_, token(*number).start, token(*number).end);
      if (total && items.size() >= 2) {
        check_total(items, *number);
      }
      if (total || !number || !is_item(text_.substr(at, end - at))) {
        items.clear();
      } else {
        items.push_back(*number);
      }
      at = end + 1;
    }
  }

  void check_total(const std::vector<std::size_t>& items, std::size_t total) {
    const ValueToken& said = token(total);
    double sum = 0;
    double slack = 0;
    for (const std::size_t i : items) {
      if (token(i).unit != said.unit || token(i).currency != said.currency) {
        return;
      }
      sum += token(i).number;
      slack += token(i).precision / 2;
    }
    const bool off_by_one_item = std::any_of(items.begin(), items.end(), [&](std::size_t i) {
      return std::abs(sum - token(i).number - said.number) <= said.precision / 2;
    });
    if (is_close(said.number, sum, said, slack) || is_given(total) ||
        !(is_slip(said.number, sum, said.precision) || off_by_one_item)) {
      return;
    }
    push(numbers_[total],
         span(token(items.front()).start, said.end),
         fmt::format("{} should be {}",
                     shown(view_.text(claim(total).at)),
                     said::as_written(sum, said.precision)),
         fmt::format("the items above it make {}", said::as_written(sum, said.precision)));
  }
};

}  // namespace

void check_breakdowns(const Facts& facts,
                      std::uint32_t statement,
                      std::vector<ArithmeticSlip>& slips) {
  BreakdownCheck(facts, statement, slips).run();
}

}  // namespace infinium::maestro
