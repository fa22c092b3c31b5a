#include "maestro/ledger.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "maestro/number_words.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kSearchedMax = 64;
constexpr std::size_t kPoolMax = 400;
constexpr std::size_t kRunMax = 40;  ///< numbers that a sum in words may have

bool is_year(const ValueToken& token) {
  return token.unit == Unit::none && token.precision == 1 && token.number >= 1900 &&
         token.number <= 2100;
}

/// Money in cents as whole units, so that both can be computed with.
Operand operand_of(double number, Unit unit) {
  return {unit == Unit::money_minor ? number / 100 : number, matter_of(unit)};
}

}  // namespace

/// Gathers operands without doubles and without the number in question.
class PoolBuilder {
 public:
  explicit PoolBuilder(double without) : without_(without) {}

  void add(const Operand& operand) {
    const bool same = std::abs(operand.value - without_) <= std::abs(without_) * 1e-9;
    if (pool_.size() < kPoolMax && operand.value != 0 && !same && std::isfinite(operand.value) &&
        seen_.insert(number_key(operand.value) + static_cast<std::uint64_t>(operand.matter))
            .second) {
      pool_.push_back(operand);
    }
  }
  [[nodiscard]] bool is_full() const { return pool_.size() >= kPoolMax; }
  std::vector<Operand> take() { return std::move(pool_); }

 private:
  double without_;
  std::vector<Operand> pool_;
  std::unordered_set<std::uint64_t> seen_;
};

Ledger::Ledger(const TraceView& view,
               const Grounds& grounds,
               const Statements& statements,
               const Mentions& mentions)
    : view_(view),
      grounds_(grounds),
      statements_(statements),
      mentions_(mentions),
      aggregates_(aggregates_of(view, grounds)),
      standings_{std::vector<Standing>(statements.claims().size())} {
  read_expressions();
  read_columns();
  for (const Ground& ground : grounds.numbers()) {
    recent_.push_back(&ground);
  }
  std::stable_sort(recent_.begin(), recent_.end(), [](const Ground* a, const Ground* b) {
    return a->step != b->step ? a->step > b->step : a->at.start < b->at.start;
  });
  const auto& claims = statements.claims();
  std::unordered_map<std::uint64_t, std::uint32_t> first;
  for (std::uint32_t i = 0; i < standings_.size(); ++i) {
    standings_[i].first = first.emplace(claims[i].token.key, i).first->second;
    if (claims[i].token.kind == ValueKind::number) {
      said_.insert(claims[i].token.key);
      look_up(i);
    }
  }
  std::vector<std::uint32_t> unexplained;
  for (std::uint32_t i = 0; i < standings_.size(); ++i) {
    Standing& standing = standings_[i];
    const Footing before = standings_[standing.first].footing;
    if (standing.first != i && before != Footing::open) {
      standing.footing = Footing::repeated;
    } else if (claims[i].token.kind == ValueKind::number) {
      judge(i);
    }
    if (standing.footing == Footing::unexplained) {
      unexplained.push_back(i);
    }
  }
  // A total may be given before the parts that it is made of.
  for (const std::uint32_t i : unexplained) {
    standings_[i].footing = is_explained(i) ? Footing::derived : Footing::unexplained;
  }
}

/// The number as its source has it: "1.150" may be a thousand.
double Ledger::number_of(std::uint32_t claim) const {
  const Standing& first = standings_[standings_[claim].first];
  const ValueToken& token = statements_.claims()[claim].token;
  return token.ambiguous && first.ground != nullptr ? first.ground->number : token.number;
}

/// Whether a number may be computed with: what is not yet judged may itself be wrong.
bool Ledger::is_sound(std::uint32_t claim) const {
  const Standing& first = standings_[standings_[claim].first];
  return first.footing == Footing::given || first.footing == Footing::derived ||
         (first.footing == Footing::open && !is_checked(statements_.claims()[claim]));
}

Grounds::Before Ledger::before(const StatedValue& claim) const {
  return statements_.all()[claim.statement].step;
}

bool Ledger::is_checked(const StatedValue& claim) const {
  const ValueToken& token = claim.token;
  const double size = std::abs(token.number);
  if (size == 0 || is_year(token)) {
    return false;
  }
  const double relative = token.precision / size;
  const bool measured = token.unit != Unit::none && token.precision < 1;
  return relative <= 0.01 && (size >= 100 || measured);
}

void Ledger::look_up(std::uint32_t index) {
  const StatedValue& claim = statements_.claims()[index];
  const ValueToken& token = claim.token;
  Standing& standing = standings_[index];
  standing.ground = grounds_.find(token.number, token.precision, before(claim));
  if (standing.ground == nullptr && token.ambiguous) {
    const bool small = token.precision < 1;
    const double other = small ? token.number * 1000 : token.number / 1000;
    standing.ground = grounds_.find(other, small ? 1 : 0.001, before(claim));
    if (!small && standing.ground != nullptr && standing.ground->precision >= 1) {
      standing.ground = nullptr;  // "3,000" is no 3
    }
  }
  standing.footing = standing.ground != nullptr ? Footing::given : Footing::open;
}

void Ledger::judge(std::uint32_t index) {
  const StatedValue& claim = statements_.claims()[index];
  Standing& standing = standings_[index];
  if (standing.footing == Footing::given) {
    return;
  }
  if (grounds_.incomplete() || !is_checked(claim) || searched_ >= kSearchedMax) {
    return;
  }
  ++searched_;
  const std::string_view text = view_.text(claim.at);
  constexpr std::size_t kTellingBytes = 4;
  if (text.size() >= kTellingBytes && grounds_.holds_text(text, before(claim))) {
    standing.footing = Footing::given;  // "..8473" of a longer id
    return;
  }
  const bool vague = is_approximate(view_.field(claim.at.field).text, claim.token.start);
  if (vague) {
    return;  // "about 4,200"
  }
  standing.footing = is_explained(index) ? Footing::derived : Footing::unexplained;
}

bool Ledger::is_explained(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const ValueToken& token = claim.token;
  if (is_run_sum(index) || is_rounded(index) || is_shown_work(index) || is_turned(claim) ||
      is_stated_share(index)) {
    return true;
  }
  // A total that its own parts contradict is not explained by other numbers that happen to fit.
  const bool total = is_said_total(view_.field(claim.at.field).text, token.start, token.end);
  if (total && near_slip(index)) {
    return false;
  }
  if (aggregate_near(token.number, token.precision, before(claim)) != nullptr ||
      is_of_record(index)) {
    return true;
  }
  const std::vector<Operand> near = near_pool(index);
  constexpr std::size_t kNearMax = 12;
  const Question beside{token.number,
                        token.precision,
                        matter_of(token.unit),
                        std::span(near).first(std::min(near.size(), kNearMax))};
  if (is_derived_by_pair(beside)) {
    return true;
  }
  const std::vector<Operand> pool = pool_for(index);
  const Question question{token.number, token.precision, matter_of(token.unit), pool};
  if (is_sum_or_difference(question) || is_difference_in_column(claim)) {
    return true;
  }
  // What is said beside it speaks louder than far numbers that happen to fit.
  return !near_slip(index) && given_slip(index) == nullptr && is_derived(question);
}

const Ground* Ledger::given_slip(std::uint32_t index) const {
  constexpr double kFiveDigits = 10'000;
  const StatedValue& claim = statements_.claims()[index];
  const ValueToken& token = claim.token;
  const double size = std::abs(token.number);
  const Matter matter = matter_of(token.unit);
  if (size < kFiveDigits * token.precision || matter == Matter::plain) {
    return nullptr;
  }
  for (const double scale : {1.0, 100.0}) {
    for (const Ground& ground : grounds_.range(size * scale / 10, size * scale * 2)) {
      const bool fits = matter == Matter::money
                            ? ground.unit == (scale == 1 ? Unit::money : Unit::money_minor)
                            : scale == 1 && ground.unit == token.unit;
      const Slip slip = slip_between(token.number, ground.number / scale, token.precision);
      if (fits && ground.in_result && (slip == Slip::digit || slip == Slip::order) &&
          Grounds::is_before(ground.step, before(claim)) &&
          !said_.contains(number_key(ground.number / scale))) {
        return &ground;
      }
    }
  }
  return nullptr;
}

/// Whether two values of one field differ by it, or make it together.
bool Ledger::is_difference_in_column(const StatedValue& claim) const {
  const double slack = claim.token.precision / 2 + 1e-9;
  const double number = std::abs(claim.token.number);
  for (const std::vector<double>& column : columns_) {
    for (const double value : column) {
      for (const double other : {value + number, number - value}) {
        const auto at = std::lower_bound(column.begin(), column.end(), other - slack);
        if (at != column.end() && *at <= other + slack && *at != value) {
          return true;
        }
      }
    }
  }
  return false;
}

/// The numbers of each field of the results that has at most 400 different ones.
void Ledger::read_columns() {
  constexpr std::size_t kValuesMax = 400;
  constexpr std::size_t kColumnsMax = 60;
  std::unordered_map<std::string_view, std::size_t> by_key;
  for (const Ground& ground : grounds_.numbers()) {  // ascending
    if (ground.key.empty() || !ground.in_result) {
      continue;
    }
    const auto [known, is_new] = by_key.emplace(ground.key, columns_.size());
    if (is_new && columns_.size() < kColumnsMax) {
      columns_.emplace_back();
    }
    if (known->second >= kColumnsMax) {
      continue;
    }
    std::vector<double>& column = columns_[known->second];
    const double value = operand_of(ground.number, ground.unit).value;
    if (column.size() < kValuesMax && (column.empty() || column.back() != value)) {
      column.push_back(value);
    }
  }
}

void Ledger::read_expressions() {
  for (const Statement& statement : statements_.all()) {
    Arithmetic& arithmetic = arithmetic_.emplace_back();
    std::vector<ValueToken> tokens;
    for (std::uint32_t i = statement.first_claim; i < statement.claims_end; ++i) {
      const ValueToken& token = statements_.claims()[i].token;
      if (token.kind == ValueKind::number) {
        arithmetic.numbers.push_back(i);
        tokens.push_back(token);
      }
    }
    arithmetic.expressions = find_expressions(view_.field(statement.at.field).text, tokens);
  }
}

std::span<const Expression> Ledger::expressions_of(const Statement& statement) const {
  return arithmetic_[static_cast<std::size_t>(&statement - statements_.all().data())].expressions;
}

std::span<const std::uint32_t> Ledger::numbers_of(const Statement& statement) const {
  return arithmetic_[static_cast<std::size_t>(&statement - statements_.all().data())].numbers;
}

std::vector<Ledger::Item> Ledger::items_of(const Statement& statement) const {
  std::vector<Item> items;
  const auto numbers = numbers_of(statement);
  const auto expressions = expressions_of(statement);
  std::size_t next = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    while (next < expressions.size() && expressions[next].first < i) {
      ++next;
    }
    const ValueToken& token = statements_.claims()[numbers[i]].token;
    const bool opens = next < expressions.size() && expressions[next].first == i;
    if (!opens || (!expressions[next].stated && !expressions[next].has_product)) {
      const Operand operand = operand_of(number_of(numbers[i]), token.unit);
      items.push_back({operand.value, operand.matter, numbers[i]});
      continue;
    }
    const Expression& expression = expressions[next];
    const ValueToken& last = statements_.claims()[numbers[expression.last]].token;
    if (!expression.stated) {
      items.push_back({expression.value, matter_of(last.unit), numbers[expression.last]});
    }
    i = expression.last;  // the number that it makes comes next
  }
  return items;
}

/// Whether it stands after an equals sign. What stands before it was found right by arithmetic.cpp,
/// or found wrong and told there, or is not understood: then the agent shows where it comes from.
bool Ledger::is_shown_work(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const std::string_view text = view_.field(claim.at.field).text;
  std::size_t pos = claim.at.start;
  for (int i = 0; i < 12 && pos > 0; ++i) {
    const char c = text[pos - 1];
    if (c == '=') {
      const std::size_t from = pos < 12 ? 0 : pos - 12;
      const std::string_view before = text.substr(from, pos - 1 - from);
      return std::any_of(before.begin(), before.end(), is_digit);
    }
    if (c == '\n' || c == '.' || c == ',' || c == ';') {
      return false;
    }
    --pos;
  }
  return false;
}

/// Whether it is a finer number of its sentence, or of a source, rounded up or down: "34465.50, so
/// 34465".
bool Ledger::is_rounded(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const double precision = claim.token.precision;
  const auto rounds = [&](double number, double other) {
    return other < precision * 0.99 && std::abs(number - claim.token.number) < precision &&
           number != claim.token.number;
  };
  const auto numbers = numbers_of(statements_.all()[claim.statement]);
  const bool beside = std::any_of(numbers.begin(), numbers.end(), [&](std::uint32_t i) {
    const StatedValue& other = statements_.claims()[i];
    const bool near = claim.sentence - other.sentence <= 1;  // this one or the one before
    return near && i < index && rounds(number_of(i), other.token.precision);
  });
  const auto given = grounds_.range(claim.token.number - precision, claim.token.number + precision);
  if (beside || std::any_of(given.begin(), given.end(), [&](const Ground& ground) {
        return rounds(ground.number, ground.precision) &&
               Grounds::is_before(ground.step, before(claim));
      })) {
    return true;
  }
  // "291,000" of 290,598: zeros at the end are places that were rounded away.
  double coarse = 1;
  while (precision == 1 && std::fmod(claim.token.number, coarse * 10) == 0 &&
         coarse * 100 <= std::abs(claim.token.number)) {
    coarse *= 10;
  }
  return coarse > 10 && (grounds_.find(claim.token.number, coarse, before(claim)) != nullptr ||
                         aggregate_near(claim.token.number, coarse, before(claim)) != nullptr);
}

/// Whether it is the sum of neighbouring items of its own statement.
bool Ledger::is_run_sum(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const double slack = claim.token.precision / 2 + std::abs(claim.token.number) * 1e-9;
  std::vector<Item> items = items_of(statements_.all()[claim.statement]);
  if (claim.token.precision < 1) {  // "page 2" and "on the 3rd" are no amounts
    std::erase_if(items, [&](const Item& item) {
      const ValueToken& token = statements_.claims()[item.claim].token;
      return token.unit == Unit::none && token.precision == 1 && item.value < 32;
    });
  }
  constexpr std::size_t kItemsMax = 400;
  const std::size_t count = std::min(items.size(), kItemsMax);
  for (std::size_t from = 0; from < count; ++from) {
    double total = items[from].value;
    for (std::size_t to = from + 1; to < std::min(count, from + kRunMax); ++to) {
      total += items[to].value;
      if (items[from].claim != index && items[to].claim != index &&
          std::abs(total - claim.token.number) <= slack) {
        return true;
      }
    }
  }
  return false;
}

/// The numbers of each record that its sentence names.
std::vector<std::vector<double>> Ledger::records_for(std::uint32_t index) const {
  constexpr std::size_t kRecordsMax = 8;
  constexpr std::size_t kCellsMax = 8;
  const StatedValue& claim = statements_.claims()[index];
  const Match sentence =
      Statements::sentence_at(statements_.all()[claim.statement], claim.at.start);
  const std::string_view text = view_.field(claim.at.field).text;
  std::vector<RecordRef> known;
  std::vector<std::vector<double>> records;
  for (const NamedCell& mention :
       mentions_.find(text.substr(sentence.start, sentence.end - sentence.start), sentence.start)) {
    const bool told = std::find(known.begin(), known.end(), mention.record) != known.end();
    if (told || known.size() >= kRecordsMax ||
        !Grounds::is_before(mention.record.step, before(claim))) {
      continue;
    }
    known.push_back(mention.record);
    std::vector<double>& numbers = records.emplace_back();
    for (const std::uint32_t i : mentions_.cells_of(mention.record)) {
      const Cell& cell = mentions_.cell(mention.record, i);
      if (cell.is_number && numbers.size() < kCellsMax) {
        numbers.push_back(cell.number);
      }
    }
  }
  return records;
}

/// Whether it is worked out from one record that the sentence names: a rate or the sum of two,
/// times a quantity, with a fixed amount more or less.
bool Ledger::is_of_record(std::uint32_t index) const {
  constexpr std::size_t kQuantitiesMax = 30;
  const StatedValue& claim = statements_.claims()[index];
  const double slack = claim.token.precision / 2 + std::abs(claim.token.number) * 1e-9;
  const std::vector<Operand> quantities = pool_for(index);
  for (const std::vector<double>& numbers : records_for(index)) {
    std::vector<double> rates = numbers;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      for (std::size_t k = i + 1; k < numbers.size(); ++k) {
        rates.push_back(numbers[i] + numbers[k]);
      }
    }
    for (const double rate : rates) {
      for (std::size_t i = 0; i < std::min(kQuantitiesMax, quantities.size()); ++i) {
        const double part = rate * quantities[i].value;
        const auto makes = [&](double fixed) {
          return std::abs(part + fixed - claim.token.number) <= slack ||
                 std::abs(part - fixed - claim.token.number) <= slack;
        };
        if (makes(0) || std::any_of(numbers.begin(), numbers.end(), makes)) {
          return true;
        }
      }
    }
  }
  return false;
}

std::optional<Ledger::Meant> Ledger::near_slip(std::uint32_t index) const {
  constexpr std::size_t kBefore = 4;
  constexpr double kFourDigits = 1'000;
  constexpr double kSixDigits = 100'000;
  const StatedValue& claim = statements_.claims()[index];
  const ValueToken& token = claim.token;
  const std::vector<Item> items = items_of(statements_.all()[claim.statement]);
  const auto slips = [&token](double due) {
    const Slip slip = slip_between(token.number, due, token.precision);
    return (due > 0) == (token.number > 0) && (slip == Slip::digit || slip == Slip::order);
  };
  const std::string_view text = view_.field(claim.at.field).text;
  const bool total = is_said_total(text, token.start, token.end);
  const double size = std::abs(token.number) / token.precision;
  if (size < (total ? kFourDigits : kSixDigits)) {
    return std::nullopt;  // too few digits: some sum is always near
  }
  const auto at = std::find_if(
      items.begin(), items.end(), [index](const Item& item) { return item.claim == index; });
  const auto count = static_cast<std::size_t>(at - items.begin());
  // What a total is made of stands right before it.
  double sum = 0;
  for (std::size_t from = count; from > 0 && count - from < kRunMax;) {
    sum += items[--from].value;
    if (count - from >= (total ? 2u : 3u) && items[from].matter == items[count - 1].matter &&
        slips(sum)) {
      return Meant{sum, items[from].claim};
    }
  }
  for (std::size_t i = count > kBefore ? count - kBefore : 0; size >= kSixDigits && i < count;
       ++i) {
    for (std::size_t k = i + 1; k < count; ++k) {
      for (const double due : {items[i].value + items[k].value, items[i].value - items[k].value}) {
        if (slips(due)) {
          return Meant{due, items[i].claim};
        }
      }
    }
  }
  return std::nullopt;
}

std::vector<Operand> Ledger::near_pool(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const Statement& statement = statements_.all()[claim.statement];
  PoolBuilder pool(claim.token.number);
  for (std::uint32_t i = statement.first_claim; i < statement.claims_end; ++i) {
    const StatedValue& other = statements_.claims()[i];
    const bool near = other.sentence == claim.sentence || other.sentence + 1 == claim.sentence;
    if (near && other.token.kind == ValueKind::number && i != index && is_sound(i)) {
      pool.add(operand_of(number_of(i), other.token.unit));
    }
  }
  return pool.take();
}

std::vector<Operand> Ledger::pool_for(std::uint32_t index) const {
  const StatedValue& claim = statements_.claims()[index];
  const Statement& statement = statements_.all()[claim.statement];
  PoolBuilder pool(claim.token.number);
  const auto add_claim = [&](std::uint32_t i) {
    const ValueToken& token = statements_.claims()[i].token;
    if (i != index && token.kind == ValueKind::number && is_sound(i)) {
      pool.add(operand_of(number_of(i), token.unit));
    }
  };
  for (const std::uint32_t distance : {0u, 1u, 1000u}) {  // the sentence, its neighbours, the rest
    for (std::uint32_t i = statement.first_claim; i < statement.claims_end; ++i) {
      const std::uint32_t other = statements_.claims()[i].sentence;
      const std::uint32_t away =
          other > claim.sentence ? other - claim.sentence : claim.sentence - other;
      if (away == distance || (distance > 1 && away > 1)) {
        add_claim(i);
      }
    }
  }
  for (const Item& item : items_of(statement)) {
    if (is_sound(item.claim)) {
      pool.add({item.value, item.matter});
    }
  }
  for (const std::vector<double>& numbers : records_for(index)) {
    for (const double number : numbers) {
      pool.add({number, Matter::plain});
    }
  }
  const std::string_view text = view_.field(claim.at.field).text;
  for (const double count :
       number_words(text.substr(statement.at.start, statement.at.end - statement.at.start))) {
    pool.add({count, Matter::plain});
  }
  constexpr std::uint32_t kSaidMax = 120;
  for (std::uint32_t i = statement.first_claim, n = 0; i-- > 0 && n < kSaidMax; ++n) {
    add_claim(i);
  }
  // A number inside a text ("level 80 cm", a telephone) is no amount.
  const bool money = matter_of(claim.token.unit) == Matter::money;
  for (const Ground* ground : recent_) {
    if (pool.is_full()) {
      break;
    }
    const bool alien = money && ground->in_words && matter_of(ground->unit) != Matter::money;
    if (!alien && Grounds::is_before(ground->step, before(claim))) {
      Operand operand = operand_of(ground->number, ground->unit);
      operand.count = operand.matter == Matter::plain && ground->precision == 1;
      pool.add(operand);
    }
  }
  return pool.take();
}

const Aggregate* Ledger::aggregate_near(double number,
                                        double precision,
                                        Grounds::Before before) const {
  const double slack = precision / 2 + std::abs(number) * 1e-9;
  auto it = std::lower_bound(
      aggregates_.begin(), aggregates_.end(), number - slack, [](const Aggregate& a, double value) {
        return a.value < value;
      });
  for (; it != aggregates_.end() && it->value <= number + slack; ++it) {
    if (!before || it->step < *before) {
      return &*it;
    }
  }
  return nullptr;
}

}  // namespace infinium::maestro
