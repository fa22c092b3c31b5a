#include <fmt/format.h>

#include "maestro/findings/arithmetic_reader.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// The part of arithmetic.cpp that adds up and takes away.
namespace infinium::maestro {
namespace {

// Rows that are taken off, or that stand for others.
constexpr auto kTakenOff = std::to_array<std::string_view>({"discount",
                                                            "less",
                                                            "minus",
                                                            "deposit",
                                                            "credit",
                                                            "refund",
                                                            "rabatt",
                                                            "abzug",
                                                            "skonto",
                                                            "anzahlung",
                                                            "descuento",
                                                            "anticipo",
                                                            "remise",
                                                            "割引",
                                                            "…",
                                                            "...",
                                                            "balance",
                                                            "box"});

class TotalsCheck : ArithmeticReader {
 public:
  using ArithmeticReader::ArithmeticReader;

  void run() {
    check_remainder();
    check_table();
  }

 private:
  // --- "had 10 days, 6 working days, 5 left"

  void check_remainder() {
    constexpr auto kHad = std::to_array<std::string_view>(
        {"had ", "available", "verfügbar", "hatte", "tenía", "disponible", "started with"});
    constexpr auto kLeft = std::to_array<std::string_view>(
        {" left", " remaining", " remain", "übrig", "verbleib", "quedan", "restan", "残り"});
    for (std::size_t i = 0; i + 1 < numbers_.size(); ++i) {
      const ValueToken& had = token(i);
      const ValueToken& left = token(i + 1);
      if (claim(i).sentence != claim(i + 1).sentence || had.unit == Unit::none ||
          is_stated_left(left)) {
        continue;
      }
      const Match sentence = Statements::sentence_at(statement_, had.start);
      const std::string around =
          fold_case(text_.substr(sentence.start, left.start - sentence.start));
      const std::string after = fold_case(text_.substr(left.end, 16));
      if (!holds_any(around, kHad) || !holds_any(after, kLeft) || left.number > had.number) {
        continue;
      }
      if (const std::optional<std::size_t> taken = taken_from(i)) {
        const double due = had.number - token(*taken).number;
        if (due >= 0 && std::abs(due - left.number) > 1e-9 && !takes_more(due - left.number)) {
          push(numbers_[i + 1],
               span(sentence.start, std::max<std::size_t>(left.end, sentence.end)),
               fmt::format("{} left should be {}", left.number, due),
               fmt::format("{} less {} is {}", had.number, token(*taken).number, due));
        }
      }
    }
  }

  /// Whether something that a source counts was taken, too, or given back: days taken before.
  [[nodiscard]] bool takes_more(double amount) const {
    const double size = std::abs(amount);
    for (const Ground& ground : facts_.grounds().range(size, size)) {
      if (ground.in_result && !ground.in_words && !ground.key.empty()) {
        return true;
      }
    }
    return false;
  }

  /// Whether a source gives what is left: then it may be right for reasons not told here.
  [[nodiscard]] bool is_stated_left(const ValueToken& left) const {
    constexpr auto kKeys = std::to_array<std::string_view>(
        {"left", "remain", "available", "balance", "rest", "disponible", "saldo"});
    for (const Ground& ground : facts_.grounds().range(left.number, left.number)) {
      if (holds_any(ground.key, kKeys)) {
        return true;
      }
    }
    return false;
  }

  /// The one other number of the statement that counts the same.
  [[nodiscard]] std::optional<std::size_t> taken_from(std::size_t had) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      const std::string after = fold_case(text_.substr(token(i).end, 24));
      const bool counts = token(i).unit == token(had).unit ||
                          (token(had).unit == Unit::days &&
                           (after.starts_with(" working day") || after.starts_with(" arbeitstag") ||
                            after.starts_with(" leave day") || after.starts_with(" días lab")));
      if (i == had || i == had + 1 || !counts) {
        continue;
      }
      if (found && token(*found).number != token(i).number) {
        return std::nullopt;
      }
      found = i;
    }
    return found;
  }

  // --- the total row of a table

  void check_table() {
    if (statement_.speaker == Speaker::thought || text_.find('|') == std::string_view::npos) {
      return;
    }
    constexpr std::size_t kTableMax = 40'000;
    const std::string_view part = text_.substr(
        statement_.at.start, std::min(kTableMax, statement_.at.end - statement_.at.start));
    const Records records = read_records(part);
    if (!records.structured) {
      return;
    }
    for (const std::vector<std::uint32_t>& list : records.lists) {
      check_total_row(records, list);
    }
  }

  void check_total_row(const Records& records, const std::vector<std::uint32_t>& list) {
    static constexpr auto kTotal = std::to_array<std::string_view>(
        {"total", "sum", "summe", "gesamt", "suma", "somme", "合計", "計", "net", "brut", "gross"});
    std::vector<std::vector<const Cell*>> rows(list.size());
    for (const Cell& cell : records.cells) {
      const auto row = std::find(list.begin(), list.end(), cell.record);
      if (row != list.end()) {
        rows[static_cast<std::size_t>(row - list.begin())].push_back(&cell);
      }
    }
    const auto is_total = [&](const std::vector<const Cell*>& row) {
      return !row.empty() && holds_any(fold_case(row.front()->value), kTotal);
    };
    const auto totals = std::count_if(rows.begin(), rows.end(), is_total);
    const auto changes = std::any_of(rows.begin(), rows.end(), [](const auto& row) {
      return !row.empty() && holds_any(fold_case(row.front()->value), kTakenOff);
    });
    if (rows.size() < 3 || !is_total(rows.back()) || totals != 1 || changes) {
      return;
    }
    for (std::size_t column = 1; column < rows.back().size(); ++column) {
      const std::optional<ValueToken> stated = number_in(*rows.back()[column]);
      double total = 0;
      double slack = 0;
      bool whole = stated.has_value() && !is_known(*rows.back()[column], *stated);
      for (std::size_t row = 0; row + 1 < rows.size() && whole; ++row) {
        const auto number =
            column < rows[row].size() ? number_in(*rows[row][column]) : std::nullopt;
        whole = number.has_value() && number->unit != Unit::percent;
        total += whole ? number->number : 0;
        const bool rounded = whole && (number->precision != 1 || std::abs(number->number) >= 100) &&
                             !stands_in_source(*number);
        slack += rounded ? number->precision / 2 : 0;
      }
      if (!whole || rows.size() < 3 || is_close(stated->number, total, *stated, slack)) {
        continue;
      }
      // A mean, a maximum, a share in the last row is no sum.
      const double mean = total / static_cast<double>(rows.size() - 1);
      if (std::abs(stated->number - mean) <= std::abs(mean) * 0.02 ||
          slip_between(stated->number, total, stated->precision) == Slip::power) {
        continue;
      }
      const Cell& cell = *rows.back()[column];
      push({},
           span(statement_.at.start + rows.back().front()->start, statement_.at.start + cell.end),
           fmt::format("The total row gives {}, its column adds up to {}",
                       stated->number,
                       said::as_written(total, stated->precision)),
           fmt::format("the column {} adds up to {}",
                       shown(cell.key),
                       said::as_written(total, stated->precision)));
    }
  }

  [[nodiscard]] bool stands_in_source(const ValueToken& number) const {
    return facts_.grounds().find(number.number, number.precision / 100, statement_.step) != nullptr;
  }

  /// Whether a source gives the total, of more rows perhaps than the table shows, or it follows
  /// from other numbers than the column's.
  [[nodiscard]] bool is_known(const Cell& cell, const ValueToken& stated) const {
    if (stands_in_source(stated) ||
        ledger_.aggregate_near(stated.number, stated.precision / 100, statement_.step) != nullptr) {
      return true;
    }
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      const Span& at = claim(i).at;
      const std::size_t start = statement_.at.start + cell.start;
      if (at.start >= start && at.end <= statement_.at.start + cell.end) {
        const Footing footing = ledger_.standings()[numbers_[i]].footing;
        return footing == Footing::given;
      }
    }
    return false;
  }

  /// The number of a cell that holds nothing else but marks and a unit.
  static std::optional<ValueToken> number_in(const Cell& cell) {
    if (cell.value.size() > 40) {
      return std::nullopt;
    }
    std::optional<ValueToken> found;
    for (const ValueToken& token : find_values(cell.value)) {
      if (token.kind != ValueKind::number || found) {
        return std::nullopt;
      }
      found = token;
    }
    return found;
  }
};

}  // namespace

void check_totals(const Facts& facts, std::uint32_t statement, std::vector<ArithmeticSlip>& slips) {
  TotalsCheck(facts, statement, slips).run();
}

}  // namespace infinium::maestro
