#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/figures.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: an amount is stated or paid in another currency than its source gives it in, or
/// prices in several currencies are ranked as if they were in one. Source: labelled failures of
/// purchasing, travel and finance agents.
/// How: a stated amount, or the amount and `currency` of a call, whose number stands in a source
/// (or in what the agent said before) with other currencies only; a ranking that names records of
/// one list with different `currency` fields while no rate is known.
/// Blind spots: an amount that was converted and happens to have the source's number; $ for any
/// dollar.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "figure.wrong_unit",
    "Give amounts in the currency of their source, or convert them with a rate and say so.",
};

std::string_view code_of(Currency currency) {
  constexpr auto kCodes = std::to_array<std::string_view>(
      {"",    "EUR", "USD", "GBP", "JPY", "CHF", "PLN", "SEK", "NOK", "DKK", "CZK", "HUF",
       "CAD", "AUD", "NZD", "INR", "CNY", "HKD", "SGD", "KRW", "BRL", "MXN", "ZAR"});
  return kCodes[static_cast<std::size_t>(currency)];
}

/// Whether a sign may stand for both: "$" for the dollars of many countries, "¥" for yen and yuan.
bool may_be_same(Currency a, Currency b) {
  if (a == b) {
    return true;
  }
  const auto is_dollar = [](Currency c) {
    return c == Currency::usd || c == Currency::cad || c == Currency::aud || c == Currency::nzd ||
           c == Currency::hkd || c == Currency::sgd || c == Currency::mxn;
  };
  const auto is_yen = [](Currency c) { return c == Currency::jpy || c == Currency::cny; };
  return (is_dollar(a) && is_dollar(b) && (a == Currency::usd || b == Currency::usd)) ||
         (is_yen(a) && is_yen(b));
}

/// An amount of money somewhere in the trace.
struct Amount {
  double number = 0;  ///< in whole units
  double precision = 1;
  Currency currency = Currency::any;
  Span at;
  std::optional<std::size_t> step;
};

class CurrencyCheck {
 public:
  explicit CurrencyCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), said_(facts.statements()) {}

  std::vector<ProvenFinding> run() {
    for (const Statement& statement : said_.all()) {
      while (next_step_ < view_.steps().size() &&
             (!statement.step || next_step_ <= *statement.step)) {
        check_call(view_.steps()[next_step_++]);
      }
      check_statement(statement);
      check_conversions(statement);
      check_ranking(statement);
    }
    while (next_step_ < view_.steps().size()) {
      check_call(view_.steps()[next_step_++]);
    }
    return std::move(findings_);
  }

 private:
  static bool is_telling(double number, double precision) {
    return std::abs(number) >= 10 && precision <= std::abs(number) / 10;
  }

  void check_statement(const Statement& statement) {
    for (const StatedValue& value : said_.claims_of(statement)) {
      const ValueToken& token = value.token;
      if (token.kind != ValueKind::number || token.unit != Unit::money ||
          token.currency == Currency::any) {
        continue;
      }
      const Amount amount{token.number, token.precision, token.currency, value.at, statement.step};
      if (is_telling(token.number, token.precision)) {
        if (const std::optional<Amount> other = other_currency(amount)) {
          report(amount, *other, said::sentence_around(view_, statement, value.at));
        }
      }
      spoken_.push_back(amount);
    }
  }

  /// The same number with another currency, if it stands nowhere with this one.
  [[nodiscard]] std::optional<Amount> other_currency(const Amount& amount) const {
    std::optional<Amount> other;
    for (const double scale : {1.0, 100.0}) {
      const double slack = amount.precision * scale * 0.5 * (amount.precision < 1 ? 1 : 0.2);
      const double number = amount.number * scale;
      for (const Ground& ground : facts_.grounds().range(number - slack, number + slack)) {
        const bool fits = ground.unit == (scale == 1 ? Unit::money : Unit::money_minor);
        if (!fits || ground.currency == Currency::any ||
            !Grounds::is_before(ground.step, amount.step)) {
          continue;
        }
        if (may_be_same(ground.currency, amount.currency)) {
          return std::nullopt;
        }
        other =
            other ? other
                  : std::optional(Amount{
                        ground.number, ground.precision, ground.currency, ground.at, ground.step});
      }
    }
    for (const Amount& spoken : spoken_) {
      if (std::abs(spoken.number - amount.number) > amount.precision / 2) {
        continue;
      }
      if (may_be_same(spoken.currency, amount.currency)) {
        return std::nullopt;
      }
      other = other ? other : std::optional(spoken);
    }
    return other;
  }

  /// The currency of a call against that of its amount.
  void check_call(const StepView& step) {
    if (step.kind != StepKind::tool || step.failed) {
      return;
    }
    const Argument* currency = nullptr;
    for (const Argument& argument : step.arguments) {
      const bool named = argument.key.find("currency") != std::string::npos ||
                         argument.key == "moneda" || argument.key == "divisa" ||
                         argument.key == "währung" || argument.key == "通貨";
      if (named && argument.op.empty() && argument.value.size() == 3) {
        currency = currency == nullptr ? &argument : nullptr;
      }
    }
    if (currency == nullptr || currency_of_name(currency->value) == Currency::any) {
      return;
    }
    for (const Argument& argument : step.arguments) {
      if (!has_digit(argument.value)) {
        continue;
      }
      const auto values = find_values(prefix_of(argument.value, 40));
      if (values.size() != 1 || values.front().kind != ValueKind::number || !argument.op.empty() ||
          !is_telling(values.front().number, values.front().precision)) {
        continue;
      }
      const Amount amount{
          values.front().number, 0.01, currency_of_name(currency->value), currency->at, step.index};
      if (const std::optional<Amount> other = other_currency(amount)) {
        report(amount, *other, currency->at);
        return;
      }
    }
  }

  void report(const Amount& amount, const Amount& other, const Span& here) {
    const std::pair key{code_of(amount.currency), code_of(other.currency)};
    const bool told = std::find(told_.begin(), told_.end(), key) != told_.end();
    if (told || findings_.size() >= kFindingsOfDetectorMax) {
      return;  // repeated from where it first went wrong
    }
    told_.push_back(key);
    std::vector<std::size_t> steps;
    if (amount.step) {
      steps.push_back(*amount.step);
    }
    Finding finding = draft(view_, kKind, Severity::critical, steps, "currency");
    finding.title = fmt::format("{} is given in {} instead of {}",
                                said::as_written(amount.number, amount.precision),
                                key.first,
                                key.second);
    finding.explanation = fmt::format(
        "{} gives the amount in {}; {} gives it in {}, and no source in {}.",
        amount.step ? fmt::format("Step {}", view_.steps()[*amount.step].number) : "The output",
        key.first,
        other.step ? fmt::format("step {}", view_.steps()[*other.step].number) : "the request",
        key.second,
        key.first);
    if (const auto proof = quote(view_, here)) {
      findings_.push_back(prove(std::move(finding), Proof(*proof).add(quote(view_, other.at))));
    }
  }

  // --- a rate used the wrong way round -----------------------------------------------------------

  /// "USD 8,720 x 1.09 = EUR 9,504.80" where one EUR is 1.09 USD.
  void check_conversions(const Statement& statement) {
    const auto numbers = facts_.ledger().numbers_of(statement);
    for (const Expression& expression : facts_.ledger().expressions_of(statement)) {
      if (!expression.stated || expression.last != expression.first + 1) {
        continue;
      }
      const auto token = [&](std::size_t i) { return said_.claims()[numbers[i]].token; };
      const ValueToken from = token(expression.first);
      const ValueToken rate = token(expression.last);
      const ValueToken to = token(*expression.stated);
      const Currency source = from.currency != Currency::any
                                  ? from.currency
                                  : stated_before(statement, expression.first, from.number);
      if (source == Currency::any || to.currency == Currency::any || source == to.currency) {
        continue;
      }
      const auto base = base_of(rate.number, source, to.currency, statement.step);
      // One unit of the base is `rate` of the other: into the base one divides.
      if (base && expression.has_product == (base->first == to.currency)) {
        report_conversion(statement, expression, base->second);
      }
    }
  }

  /// The currency that the same number was given in just before: "= USD 8,720, x 1.09".
  [[nodiscard]] Currency stated_before(const Statement& statement,
                                       std::size_t number,
                                       double value) const {
    const auto numbers = facts_.ledger().numbers_of(statement);
    for (std::size_t i = 0; i <= number; ++i) {
      const ValueToken& token = said_.claims()[numbers[i]].token;
      if (token.number == value && token.currency != Currency::any) {
        return token.currency;
      }
    }
    return Currency::any;
  }

  /// The base of a table of rates that gives this rate between the two: {"base": "EUR", "rates":
  /// {"USD": 1.09}}.
  [[nodiscard]] std::optional<std::pair<Currency, Span>> base_of(double rate,
                                                                 Currency a,
                                                                 Currency b,
                                                                 Grounds::Before before) const {
    for (const Ground& ground : facts_.grounds().range(rate - 1e-9, rate + 1e-9)) {
      const Currency named = currency_of_name(ground.key);
      if (ground.key.size() != 3 || (named != a && named != b) ||
          !Grounds::is_before(ground.step, before)) {
        continue;
      }
      for (const Cell& cell : view_.records(ground.at.field).cells) {
        const Currency base = currency_of_name(cell.value);
        if (cell.key == "base" && base == (named == a ? b : a)) {
          return std::pair{base, Span{ground.at.field, cell.start, ground.at.end}};
        }
      }
    }
    return std::nullopt;
  }

  void report_conversion(const Statement& statement,
                         const Expression& expression,
                         const Span& table) {
    const Span at{statement.at.field, expression.start, expression.end};
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement, "rate the wrong way");
    finding.title = fmt::format("{} uses the rate the wrong way round", shown(view_.text(at)));
    finding.explanation = fmt::format(
        "{} {} by a rate that gives one unit of the other currency; the table of rates says which "
        "is its base.",
        said::who(view_, statement),
        expression.has_product ? "multiplies" : "divides");
    const auto here = quote(view_, at);
    if (here && findings_.size() < kFindingsOfDetectorMax) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(quote(view_, table))));
    }
  }

  // --- prices in several currencies

  void check_ranking(const Statement& statement) {
    const std::string_view text =
        view_.field(statement.at.field)
            .text.substr(statement.at.start, statement.at.end - statement.at.start);
    constexpr std::size_t kTextMax = 4'000;
    if (text.size() > kTextMax || !ranks(text) || knows_a_rate(statement)) {
      return;
    }
    std::vector<std::pair<RecordRef, Span>> named;
    std::set<std::string> currencies;
    std::uint32_t list_of = 0;
    for (const NamedCell& cell : facts_.mentions().find(text, statement.at.start)) {
      const Cell* currency = facts_.mentions().cell_of(cell.record, "currency");
      const auto list = facts_.mentions().list_of(cell.record);
      if (currency == nullptr || list.size() < 2 ||
          !Grounds::is_before(cell.record.step, statement.step) ||
          &facts_.mentions().cell(cell.record, cell.cell) == currency) {
        continue;
      }
      if (named.empty()) {
        list_of = list.front();
      }
      if (list.front() != list_of ||
          (!named.empty() && named.front().first.field != cell.record.field)) {
        continue;
      }
      currencies.insert(currency->value);
      named.emplace_back(cell.record, Span{cell.record.field, currency->start, currency->end});
    }
    if (currencies.size() >= 2 && findings_.size() < kFindingsOfDetectorMax && !ranked_) {
      report_ranking(statement, named, currencies);
    }
  }

  static bool ranks(std::string_view text) {
    constexpr auto kWords = std::to_array<std::string_view>({"cheap",
                                                             "lowest price",
                                                             "best price",
                                                             "least expensive",
                                                             "dearest",
                                                             "günstig",
                                                             "billig",
                                                             "barat",
                                                             "económic",
                                                             "moins cher",
                                                             "mais barat",
                                                             "最安",
                                                             "安い"});
    const std::string folded = fold_case(text);
    return std::any_of(kWords.begin(), kWords.end(), [&folded](std::string_view word) {
      return folded.find(word) != std::string::npos;
    });
  }

  /// Whether a rate between currencies was to be read, or somebody computed with one.
  [[nodiscard]] bool knows_a_rate(const Statement& statement) const {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"rate", "rates", "fx", "exchange", "kurs", "wechselkurs", "cambio", "tasa", "taux"});
    for (const Ground& ground : facts_.grounds().numbers()) {
      if (ground.key.empty() || !Grounds::is_before(ground.step, statement.step)) {
        continue;
      }
      const bool is_code = ground.key.size() == 3 && currency_of_name(ground.key) != Currency::any;
      const std::vector<std::string> words = name_words(ground.key);
      if (is_code || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
            return std::find(kNames.begin(), kNames.end(), word) != kNames.end();
          })) {
        return true;
      }
    }
    return facts_.grounds().holds_text("exchange rate", statement.step) ||
           facts_.grounds().holds_text("wechselkurs", statement.step) ||
           facts_.grounds().holds_text("為替", statement.step);
  }

  void report_ranking(const Statement& statement,
                      const std::vector<std::pair<RecordRef, Span>>& named,
                      const std::set<std::string>& currencies) {
    ranked_ = true;
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement, "ranked currencies");
    finding.title = "Prices in several currencies are ranked as if they were in one";
    finding.explanation = fmt::format(
        "{} ranks prices of step {} that are in {} and {}, and no exchange rate was known.",
        said::who(view_, statement),
        view_.steps()[named.front().first.step].number,
        *currencies.begin(),
        *std::next(currencies.begin()));
    const auto here = quote(view_, said::sentence_around(view_, statement, statement.at));
    if (here) {
      Proof proof(*here);
      for (std::size_t i = 0; i < std::min<std::size_t>(named.size(), 4); ++i) {
        proof.add(quote(view_, named[i].second));
      }
      findings_.push_back(prove(std::move(finding), proof));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  const Statements& said_;
  std::vector<Amount> spoken_;
  std::vector<std::pair<std::string_view, std::string_view>> told_;
  std::size_t next_step_ = 0;
  bool ranked_ = false;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_currency_slips(const Facts& facts) {
  return CurrencyCheck(facts).run();
}

}  // namespace infinium::maestro
