#include "maestro/text_days.h"

#include <algorithm>
#include <array>
#include <optional>

#include "maestro/text.h"
#include "maestro/text_numbers.h"
#include "maestro/text_values.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kDaysMax = 256;

struct MonthWord {
  std::string_view word;
  int month;
};

/// What month_of does not know: French and Portuguese.
constexpr WordTable kMoreMonths(std::array{
    MonthWord{"janvier", 1},   MonthWord{"février", 2},   MonthWord{"mars", 3},
    MonthWord{"avril", 4},     MonthWord{"juin", 6},      MonthWord{"juillet", 7},
    MonthWord{"août", 8},      MonthWord{"septembre", 9}, MonthWord{"octobre", 10},
    MonthWord{"novembre", 11}, MonthWord{"décembre", 12}, MonthWord{"janeiro", 1},
    MonthWord{"fevereiro", 2}, MonthWord{"março", 3},     MonthWord{"maio", 5},
    MonthWord{"junho", 6},     MonthWord{"julho", 7},     MonthWord{"setembro", 9},
    MonthWord{"outubro", 10},  MonthWord{"novembro", 11}, MonthWord{"dezembro", 12},
});

int month_word(std::string_view word) {
  if (const int month = month_of(word); month != 0) {
    return month;
  }
  const MonthWord* found = kMoreMonths.may_hold(word) ? kMoreMonths.find(fold_case(word)) : nullptr;
  return found == nullptr ? 0 : found->month;
}

/// A number of one or two digits that may be a day or a month; 0 if it is none.
int small_number(std::string_view text, const Word& word) {
  const std::size_t digits = digits_at(text, word.start);
  if (digits == 0 || digits > 2) {
    return 0;
  }
  const std::string_view tail = text.substr(word.start + digits, word.end - word.start - digits);
  const bool ordinal =
      tail.empty() || tail == "st" || tail == "nd" || tail == "rd" || tail == "th" || tail == "er";
  return ordinal ? to_int(text.substr(word.start, digits)) : 0;
}

class DayReader {
 public:
  explicit DayReader(std::string_view text) : text_(text), words_(find_words(text)) {}

  std::vector<DayToken> run(std::span<const ValueToken> values) {
    for (const ValueToken& token : values) {
      if (token.kind == ValueKind::date && !token.ambiguous && days_.size() < kDaysMax) {
        add_full_date(token);
      }
    }
    for (std::size_t i = 0; i < words_.size() && days_.size() < kDaysMax; ++i) {
      read_at(i);
    }
    std::stable_sort(days_.begin(), days_.end(), [](const DayToken& a, const DayToken& b) {
      return a.start < b.start;
    });
    return std::move(days_);
  }

 private:
  void add_full_date(const ValueToken& token) {
    const int date = static_cast<int>(token.number);
    if (date % 100 != 0) {
      days_.push_back({date / 10000, date / 100 % 100, date % 100, token.start, token.end});
    }
  }

  [[nodiscard]] std::string_view word(std::size_t i) const {
    return text_.substr(words_[i].start, words_[i].end - words_[i].start);
  }
  [[nodiscard]] std::string_view gap_after(std::size_t i) const {
    return i + 1 < words_.size() ? text_.substr(words_[i].end, words_[i + 1].start - words_[i].end)
                                 : text_.substr(words_[i].end);
  }

  [[nodiscard]] bool is_known(std::size_t start, std::size_t end) const {
    return std::any_of(days_.begin(), days_.end(), [&](const DayToken& day) {
      return day.start < end && start < day.end;
    });
  }

  void push(int year, int month, int day, std::size_t start, std::size_t end) {
    if (month < 1 || month > 12 || day < 1 || day > 31 || days_.size() >= kDaysMax ||
        is_known(start, end)) {
      return;
    }
    days_.push_back(
        {year, month, day, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)});
  }

  void read_at(std::size_t i) {
    if (const int month = month_word(word(i)); month != 0) {
      read_month(i, month);
    } else if (word(i) == "月" && i > 0 && i + 2 < words_.size() && word(i + 2) == "日") {
      push(year_before_cjk(i - 1),
           small_number(text_, words_[i - 1]),
           small_number(text_, words_[i + 1]),
           words_[i - 1].start,
           words_[i + 2].end);
    } else if (i + 1 < words_.size() && gap_after(i) == "." && gap_after(i + 1).starts_with('.')) {
      // 30.04. with the year left open; a third number would make it a full date.
      const bool more =
          i + 2 < words_.size() && gap_after(i + 1) == "." && is_digit(text_[words_[i + 2].start]);
      const bool plain = word(i).size() <= 2 && word(i + 1).size() == 2;
      if (!more && plain) {
        push(0,
             small_number(text_, words_[i + 1]),
             small_number(text_, words_[i]),
             words_[i].start,
             words_[i + 1].end + 1);
      }
    }
  }

  [[nodiscard]] int year_before_cjk(std::size_t number) const {
    const bool stands = number >= 2 && word(number - 1) == "年" && word(number - 2).size() == 4;
    return stands ? to_int(word(number - 2)) : 0;
  }

  [[nodiscard]] int year_after(std::size_t i, std::size_t& end) const {
    std::size_t at = i + 1;
    if (at < words_.size() && (word(at) == "de" || word(at) == "del" || word(at) == "of")) {
      ++at;
    }
    if (at >= words_.size() || word(at).size() != 4 || digits_at(text_, words_[at].start) != 4 ||
        text_.substr(words_[i].end, words_[at].start - words_[i].end).size() > 8) {
      return 0;
    }
    const int year = to_int(word(at));
    if (!is_calendar_year(year)) {
      return 0;
    }
    end = words_[at].end;
    return year;
  }

  /// Whether a day and a month with this between them are one date: "14. Mai", "14-May", and not
  /// "0.5 (May", "in May. 14 people".
  static bool joins(std::string_view gap, bool day_first) {
    return gap == " " || gap == "-" || gap == "/" || gap == "\u00A0" ||
           (day_first && (gap == ". " || gap == "." || gap == "of "));
  }

  /// "14 May", "14th of May 2026", "14. Mai", "14 de mayo", "21 to 29 May"; else "May 14".
  void read_month(std::size_t i, int month) {
    std::size_t before = i;
    if (before > 0 && (word(before - 1) == "of" || word(before - 1) == "de")) {
      --before;
    }
    std::size_t year_end = words_[i].end;
    const bool verb = word(i) == "may" || word(i) == "march";
    const bool near =
        before > 0 && joins(gap_after(before - 1), true) && (!verb || year_after(i, year_end) != 0);
    if (const int day = near ? small_number(text_, words_[before - 1]) : 0; day != 0) {
      std::size_t end = words_[i].end;
      const int year = year_after(i, end);
      push(year, month, day, words_[before - 1].start, end);
      read_first_of_range(before - 1, year, month);
      return;
    }
    if (!verb && word(i) != "mars" && i + 1 < words_.size() && joins(gap_after(i), false)) {
      std::size_t end = words_[i + 1].end;
      const int day = small_number(text_, words_[i + 1]);
      const int year = year_after(i + 1, end);
      push(year, month, day, words_[i].start, end);
    }
  }

  /// The 21 of "21 to 29 May", whose last number stands at `last`.
  void read_first_of_range(std::size_t last, int year, int month) {
    constexpr std::array<std::string_view, 13> kLinks = {
        "to", "and", "until", "till", "through", "bis", "und", "al", "a", "y", "au", "et", "e"};
    std::size_t first = last;
    if (last > 0 && gap_after(last - 1).find_first_of("-/") != std::string_view::npos) {
      first = last - 1;
    } else if (last > 0 && gap_after(last - 1).find("\u2013") != std::string_view::npos) {
      first = last - 1;
    } else if (last > 1 &&
               std::find(kLinks.begin(), kLinks.end(), word(last - 1)) != kLinks.end()) {
      first = last - 2;
    }
    if (first != last) {
      push(year, month, small_number(text_, words_[first]), words_[first].start, words_[first].end);
    }
  }

  std::string_view text_;
  std::vector<Word> words_;
  std::vector<DayToken> days_;
};

}  // namespace

std::vector<DayToken> find_days(std::string_view text) {
  return find_days(text, find_values(text));
}

std::vector<DayToken> find_days(std::string_view text, std::span<const ValueToken> values) {
  const bool dated = std::any_of(values.begin(), values.end(), [](const ValueToken& token) {
    return token.kind == ValueKind::date;
  });
  return dated || has_digit(text) ? DayReader(text).run(values) : std::vector<DayToken>{};
}

bool same_day(const DayToken& a, const DayToken& b) {
  return a.month == b.month && a.day == b.day && (a.year == 0 || b.year == 0 || a.year == b.year);
}

}  // namespace infinium::maestro
