#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "infinium/result.h"
#include "judge/answer.h"

namespace infinium::judge {

/// US dollars for a million tokens.
struct Prices {
  double prompt_usd = 0;
  double completion_usd = 0;
};

/// What may be spent in a UTC day.
struct DayBudget {
  double usd = 1.0;
  std::int64_t tokens = 1'000'000;  ///< of prompts and completions together
};

/// What was spent in one UTC day, what is promised to requests under way included.
struct Spending {
  std::int64_t day = 0;  ///< days since 1970-01-01
  std::int64_t requests = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t nano_usd = 0;  ///< billionths of a dollar: sums are exact
  bool operator==(const Spending&) const = default;
};

/// The judge's cost ledger: a request reserves the most it may cost before it is sent, and settles
/// for what it did cost. So the budget of the day holds with many under way, and a process that
/// dies has counted too much, never too little. A value type, not thread-safe.
class Ledger {
 public:
  /// A reservation, of the day it was made on.
  struct Ticket {
    std::int64_t day = 0;
    Usage usage;
  };

  /// Prices and limits are not negative.
  Ledger(const Prices& prices, const DayBudget& budget) : prices_(prices), budget_(budget) {}

  /// Error: `exhausted`, with the sentence for the record, if the day's budget does not hold it.
  [[nodiscard]] Result<Ticket> reserve(const Usage& most, std::int64_t now_ms);
  /// Replaces the reservation by what was used; zeros where nothing was. A reservation of a day
  /// that is over stays in that day.
  void settle(const Ticket& ticket, const Usage& used);

  [[nodiscard]] double cost_usd(const Usage& usage) const;
  [[nodiscard]] const Spending& spending() const { return spending_; }

  /// The state as JSON, for persistence.
  [[nodiscard]] std::string encode() const;
  /// Takes over an encoded state. Error: `corrupt`; the ledger is unchanged then.
  [[nodiscard]] Status restore(std::string_view state);

 private:
  [[nodiscard]] std::int64_t nano_usd(const Usage& usage) const;
  void turn_to(std::int64_t now_ms);
  void add(const Usage& usage, std::int64_t times);

  Prices prices_;
  DayBudget budget_;
  Spending spending_;
};

/// Where the ledger's state is kept between two runs of the program. Called from the judge's
/// threads, one at a time; may wait for a disk. Borrowed by the judge.
class LedgerStore {
 public:
  virtual ~LedgerStore() = default;
  /// The state that was saved last, or an empty text if there is none.
  [[nodiscard]] virtual Result<std::string> load() = 0;
  [[nodiscard]] virtual Status save(const std::string& state) = 0;
};

}  // namespace infinium::judge
