#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "maestro/derivation.h"
#include "maestro/facts_grounds.h"
#include "maestro/facts_mentions.h"
#include "maestro/facts_statements.h"
#include "maestro/text_expressions.h"

namespace infinium::maestro {

/// Where a number that the agent states comes from.
enum class Footing : std::uint8_t {
  open,         ///< not looked into: too small or too vague to tell, or a source is cut
  given,        ///< stands in what the agent had been given
  repeated,     ///< said before; see the first place
  derived,      ///< follows from what it had been given or had said
  unexplained,  ///< none of these
};

struct Standing {
  Footing footing = Footing::open;
  const Ground* ground = nullptr;  ///< set if given
  std::uint32_t first = 0;         ///< the claim that said it first; itself if none did
};

class PoolBuilder;

/// The footing of every number that the agent states, judged in the order of the trace: what is
/// given or derived may be computed with from then on. Built once; borrows all it is given. The
/// work is bounded: at most 64 numbers are searched for.
class Ledger {
 public:
  Ledger(const TraceView& view,
         const Grounds& grounds,
         const Statements& statements,
         const Mentions& mentions);

  /// One a claim of Statements::claims().
  [[nodiscard]] std::span<const Standing> standings() const noexcept { return standings_; }
  [[nodiscard]] std::span<const Aggregate> aggregates() const noexcept { return aggregates_; }
  /// Numbers that may have gone into a claim, the likeliest first: those beside it, then what the
  /// agent said before, then the request's and the results', latest first. At most 400.
  [[nodiscard]] std::vector<Operand> pool_for(std::uint32_t claim) const;
  /// The same, of its sentence and the sentence before alone.
  [[nodiscard]] std::vector<Operand> near_pool(std::uint32_t claim) const;
  /// The arithmetic of a statement; its operands are places among the statement's numbers().
  [[nodiscard]] std::span<const Expression> expressions_of(const Statement& statement) const;
  /// Claims of a statement that are numbers, in order.
  [[nodiscard]] std::span<const std::uint32_t> numbers_of(const Statement& statement) const;
  /// What a statement adds up, in order: its numbers, with a product as one item and without the
  /// operands of what it works out.
  struct Item {
    double value = 0;
    Matter matter = Matter::plain;
    std::uint32_t claim = 0;  ///< the number, or the last operand
  };
  [[nodiscard]] std::vector<Item> items_of(const Statement& statement) const;
  /// What the neighbours of a number make that it seems to have been meant to be: the sum of a run
  /// of items, the sum or difference of two of the four numbers before it.
  struct Meant {
    double number = 0;
    std::uint32_t first = 0;  ///< the first claim that it is made of
  };
  [[nodiscard]] std::optional<Meant> near_slip(std::uint32_t claim) const;
  /// A number of a result, of the same matter and five digits, that differs as slips do and that
  /// the agent never says: it was meant.
  [[nodiscard]] const Ground* given_slip(std::uint32_t claim) const;
  /// An aggregate of a result before the claim within half a unit of its last place.
  [[nodiscard]] const Aggregate* aggregate_near(double number,
                                                double precision,
                                                Grounds::Before before) const;

 private:
  void read_expressions();
  void read_columns();
  void look_up(std::uint32_t claim);
  void judge(std::uint32_t claim);
  [[nodiscard]] double number_of(std::uint32_t claim) const;
  [[nodiscard]] bool is_sound(std::uint32_t claim) const;
  [[nodiscard]] bool is_explained(std::uint32_t claim) const;
  [[nodiscard]] std::vector<std::vector<double>> records_for(std::uint32_t claim) const;
  [[nodiscard]] bool is_difference_in_column(const StatedValue& claim) const;
  [[nodiscard]] bool is_turned(const StatedValue& claim) const;
  [[nodiscard]] bool is_stated_share(std::uint32_t claim) const;
  [[nodiscard]] bool is_of_record(std::uint32_t claim) const;
  [[nodiscard]] bool is_checked(const StatedValue& claim) const;
  [[nodiscard]] bool is_shown_work(std::uint32_t claim) const;
  [[nodiscard]] bool is_rounded(std::uint32_t claim) const;
  [[nodiscard]] bool is_run_sum(std::uint32_t claim) const;
  [[nodiscard]] Grounds::Before before(const StatedValue& claim) const;

  const TraceView& view_;
  const Grounds& grounds_;
  const Statements& statements_;
  const Mentions& mentions_;
  struct Arithmetic {
    std::vector<std::uint32_t> numbers;
    std::vector<Expression> expressions;
  };
  std::vector<Arithmetic> arithmetic_;  ///< by statement
  std::vector<std::vector<double>> columns_;
  std::vector<Aggregate> aggregates_;
  std::vector<Standing> standings_;
  std::unordered_set<std::uint64_t> said_;  ///< keys of all numbers that the agent states
  std::vector<const Ground*> recent_;       ///< numbers of request and results, latest first
  std::size_t searched_ = 0;
};

/// Whether the words around a number say that it is a total ("together", "insgesamt", "合わせて").
[[nodiscard]] bool is_said_total(std::string_view text, std::size_t start, std::size_t end);

/// Whether the words before a number say that it is rounded ("about", "etwa", "unos", "約").
[[nodiscard]] bool is_approximate(std::string_view text, std::size_t start);

}  // namespace infinium::maestro
