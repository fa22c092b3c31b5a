#include <algorithm>
#include <array>
#include <utility>

#include "maestro/text.h"
#include "maestro/text_values.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

struct UnitWord {
  std::string_view word;
  Unit unit;
};

constexpr WordTable kUnitWords(std::array{
    UnitWord{"%", Unit::percent},
    UnitWord{"percent", Unit::percent},
    UnitWord{"pct", Unit::percent},
    UnitWord{"prozent", Unit::percent},
    UnitWord{"€", Unit::money},
    UnitWord{"$", Unit::money},
    UnitWord{"£", Unit::money},
    UnitWord{"¥", Unit::money},
    UnitWord{"円", Unit::money},
    UnitWord{"eur", Unit::money},
    UnitWord{"euro", Unit::money},
    UnitWord{"euros", Unit::money},
    UnitWord{"usd", Unit::money},
    UnitWord{"dollar", Unit::money},
    UnitWord{"dollars", Unit::money},
    UnitWord{"gbp", Unit::money},
    UnitWord{"chf", Unit::money},
    UnitWord{"jpy", Unit::money},
    UnitWord{"yen", Unit::money},
    UnitWord{"cent", Unit::money_minor},
    UnitWord{"cents", Unit::money_minor},
    UnitWord{"ct", Unit::money_minor},
    UnitWord{"pence", Unit::money_minor},
    UnitWord{"céntimos", Unit::money_minor},
    UnitWord{"centimes", Unit::money_minor},
    UnitWord{"rappen", Unit::money_minor},
    UnitWord{"ms", Unit::milliseconds},
    UnitWord{"msec", Unit::milliseconds},
    UnitWord{"millis", Unit::milliseconds},
    UnitWord{"milliseconds", Unit::milliseconds},
    UnitWord{"sec", Unit::seconds},
    UnitWord{"secs", Unit::seconds},
    UnitWord{"second", Unit::seconds},
    UnitWord{"seconds", Unit::seconds},
    UnitWord{"sekunden", Unit::seconds},
    UnitWord{"segundos", Unit::seconds},
    UnitWord{"min", Unit::minutes},
    UnitWord{"mins", Unit::minutes},
    UnitWord{"minute", Unit::minutes},
    UnitWord{"minutes", Unit::minutes},
    UnitWord{"minuten", Unit::minutes},
    UnitWord{"minutos", Unit::minutes},
    UnitWord{"分", Unit::minutes},
    UnitWord{"秒", Unit::seconds},
    UnitWord{"segundo", Unit::seconds},
    UnitWord{"sekunde", Unit::seconds},
    UnitWord{"minuto", Unit::minutes},
    UnitWord{"hr", Unit::hours},
    UnitWord{"hrs", Unit::hours},
    UnitWord{"hour", Unit::hours},
    UnitWord{"hours", Unit::hours},
    UnitWord{"stunden", Unit::hours},
    UnitWord{"horas", Unit::hours},
    UnitWord{"hora", Unit::hours},
    UnitWord{"stunde", Unit::hours},
    UnitWord{"day", Unit::days},
    UnitWord{"days", Unit::days},
    UnitWord{"tage", Unit::days},
    UnitWord{"tagen", Unit::days},
    UnitWord{"tag", Unit::days},
    UnitWord{"día", Unit::days},
    UnitWord{"días", Unit::days},
    UnitWord{"gram", Unit::grams},
    UnitWord{"grams", Unit::grams},
    UnitWord{"gramm", Unit::grams},
    UnitWord{"g", Unit::grams},
    UnitWord{"kg", Unit::kilograms},
    UnitWord{"kilogram", Unit::kilograms},
    UnitWord{"kilograms", Unit::kilograms},
    UnitWord{"tonne", Unit::tonnes},
    UnitWord{"tonnes", Unit::tonnes},
    UnitWord{"tonnen", Unit::tonnes},
    UnitWord{"mm", Unit::millimetres},
    UnitWord{"cm", Unit::centimetres},
    UnitWord{"metre", Unit::metres},
    UnitWord{"metres", Unit::metres},
    UnitWord{"meter", Unit::metres},
    UnitWord{"meters", Unit::metres},
    UnitWord{"km", Unit::kilometres},
    UnitWord{"kilometres", Unit::kilometres},
    UnitWord{"kilometers", Unit::kilometres},
    UnitWord{"kilometer", Unit::kilometres},
    UnitWord{"kilómetros", Unit::kilometres},
    UnitWord{"mile", Unit::miles},
    UnitWord{"miles", Unit::miles},
    UnitWord{"mi", Unit::miles},
    UnitWord{"fraction", Unit::ratio},
    UnitWord{"lb", Unit::pounds},
    UnitWord{"lbs", Unit::pounds},
    UnitWord{"byte", Unit::bytes},
    UnitWord{"bytes", Unit::bytes},
    UnitWord{"kb", Unit::kilobytes},
    UnitWord{"mb", Unit::megabytes},
    UnitWord{"gb", Unit::gigabytes},
    UnitWord{"wh", Unit::watt_hours},
    UnitWord{"kwh", Unit::kilowatt_hours},
    UnitWord{"mwh", Unit::megawatt_hours},
    UnitWord{"celsius", Unit::celsius},
    UnitWord{"°c", Unit::celsius},
    UnitWord{"fahrenheit", Unit::fahrenheit},
    UnitWord{"°f", Unit::fahrenheit},
});

struct CurrencyWord {
  std::string_view word;
  Currency currency;
};

constexpr WordTable kCurrencyWords(std::array{
    CurrencyWord{"€", Currency::eur},      CurrencyWord{"eur", Currency::eur},
    CurrencyWord{"euro", Currency::eur},   CurrencyWord{"euros", Currency::eur},
    CurrencyWord{"$", Currency::usd},      CurrencyWord{"usd", Currency::usd},
    CurrencyWord{"dollar", Currency::usd}, CurrencyWord{"dollars", Currency::usd},
    CurrencyWord{"£", Currency::gbp},      CurrencyWord{"gbp", Currency::gbp},
    CurrencyWord{"pence", Currency::gbp},  CurrencyWord{"¥", Currency::jpy},
    CurrencyWord{"円", Currency::jpy},     CurrencyWord{"jpy", Currency::jpy},
    CurrencyWord{"yen", Currency::jpy},    CurrencyWord{"chf", Currency::chf},
    CurrencyWord{"rappen", Currency::chf}, CurrencyWord{"zł", Currency::pln},
    CurrencyWord{"złoty", Currency::pln},  CurrencyWord{"zloty", Currency::pln},
    CurrencyWord{"kč", Currency::czk},     CurrencyWord{"₹", Currency::inr},
    CurrencyWord{"₩", Currency::krw},      CurrencyWord{"元", Currency::cny},
    CurrencyWord{"r$", Currency::brl},     CurrencyWord{"us$", Currency::usd},
    CurrencyWord{"c$", Currency::cad},     CurrencyWord{"a$", Currency::aud},
    CurrencyWord{"hk$", Currency::hkd},    CurrencyWord{"s$", Currency::sgd},
});

/// Codes that are money only in capitals: in small letters some are words of a language.
constexpr WordTable kCurrencyCodes(std::array{
    CurrencyWord{"PLN", Currency::pln},
    CurrencyWord{"SEK", Currency::sek},
    CurrencyWord{"NOK", Currency::nok},
    CurrencyWord{"DKK", Currency::dkk},
    CurrencyWord{"CZK", Currency::czk},
    CurrencyWord{"HUF", Currency::huf},
    CurrencyWord{"CAD", Currency::cad},
    CurrencyWord{"AUD", Currency::aud},
    CurrencyWord{"NZD", Currency::nzd},
    CurrencyWord{"INR", Currency::inr},
    CurrencyWord{"CNY", Currency::cny},
    CurrencyWord{"HKD", Currency::hkd},
    CurrencyWord{"SGD", Currency::sgd},
    CurrencyWord{"KRW", Currency::krw},
    CurrencyWord{"BRL", Currency::brl},
    CurrencyWord{"MXN", Currency::mxn},
    CurrencyWord{"ZAR", Currency::zar},
});

Currency currency_of_code(std::string_view code) {
  const CurrencyWord* entry = kCurrencyCodes.find(code);
  return entry == nullptr ? Currency::any : entry->currency;
}

std::string upper_case(std::string_view word) {
  std::string upper(word);
  for (char& c : upper) {
    c = is_lower(c) ? static_cast<char>(c - 32) : c;
  }
  return upper;
}

/// The parts of a name: "amountCents", "amount_cents" and "Amount (cents)" give amount, cents.
template <class F>
void for_each_name_part(std::string_view name, F part) {
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    if (end > begin) {
      part(fold_case(name.substr(begin, end - begin)));
    }
    begin = end;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const bool separator = byte < 0x80 && !is_alnum(name[i]) && name[i] != '%' && name[i] != '$';
    if (separator) {
      close(i);
      begin = i + 1;
    } else if (i > 0 && is_upper(name[i]) && is_lower(name[i - 1])) {
      close(i);
    }
  }
  close(name.size());
}

}  // namespace

Unit unit_of_word(std::string_view word) {
  if (word.empty()) {
    return Unit::none;
  }
  const UnitWord* entry = kUnitWords.may_hold(word) ? kUnitWords.find(fold_case(word)) : nullptr;
  if (entry != nullptr) {
    return entry->unit;
  }
  return currency_of_word(word) != Currency::any ? Unit::money : Unit::none;
}

Currency currency_of_word(std::string_view word) {
  if (const Currency coded = currency_of_code(word); coded != Currency::any) {
    return coded;
  }
  const CurrencyWord* entry =
      kCurrencyWords.may_hold(word) ? kCurrencyWords.find(fold_case(word)) : nullptr;
  return entry == nullptr ? Currency::any : entry->currency;
}

UnitScale scale_of(Unit unit) {
  switch (unit) {
    case Unit::none:
    case Unit::celsius:
    case Unit::fahrenheit:
      return {};
    case Unit::percent:
      return {1, 1};
    case Unit::ratio:
      return {1, 100};
    case Unit::money_minor:
      return {2, 1};
    case Unit::money:
      return {2, 100};
    case Unit::milliseconds:
      return {3, 1};
    case Unit::seconds:
      return {3, 1000};
    case Unit::minutes:
      return {3, 60'000};
    case Unit::hours:
      return {3, 3'600'000};
    case Unit::days:
      return {3, 86'400'000};
    case Unit::grams:
      return {4, 1};
    case Unit::pounds:
      return {4, 453.59237};
    case Unit::kilograms:
      return {4, 1000};
    case Unit::tonnes:
      return {4, 1'000'000};
    case Unit::millimetres:
      return {5, 1};
    case Unit::centimetres:
      return {5, 10};
    case Unit::metres:
      return {5, 1000};
    case Unit::kilometres:
      return {5, 1'000'000};
    case Unit::miles:
      return {5, 1'609'344};
    case Unit::bytes:
      return {6, 1};
    case Unit::kilobytes:
      return {6, 1000};
    case Unit::megabytes:
      return {6, 1'000'000};
    case Unit::gigabytes:
      return {6, 1'000'000'000};
    case Unit::watt_hours:
      return {7, 1};
    case Unit::kilowatt_hours:
      return {7, 1000};
    case Unit::megawatt_hours:
      return {7, 1'000'000};
  }
  return {};
}

Unit unit_of_name(std::string_view name) {
  Unit found = Unit::none;
  bool is_rate = false;
  for_each_name_part(name, [&](const std::string& part) {
    is_rate = is_rate || part == "per" || part == "rate" || part == "id";
    if (part == "s") {
      found = found == Unit::none ? Unit::seconds : found;
    } else if (part == "h") {
      found = found == Unit::none ? Unit::hours : found;
    } else if (currency_of_code(upper_case(part)) != Currency::any) {
      found = found == Unit::money_minor ? found : Unit::money;
    } else if (const Unit unit = unit_of_word(part); unit != Unit::none) {
      // "amount_eur_cents" is in cents: the smaller money wins.
      found = found == Unit::money_minor && unit == Unit::money ? found : unit;
    }
  });
  const bool one_word = fold_case(name) == "min" || fold_case(name) == "day";
  return is_rate || one_word ? Unit::none : found;
}

Currency currency_of_name(std::string_view name) {
  Currency found = Currency::any;
  for_each_name_part(name, [&found](const std::string& part) {
    const Currency coded = currency_of_code(upper_case(part));
    if (const Currency said = currency_of_word(part); said != Currency::any) {
      found = said;
    } else if (coded != Currency::any) {
      found = coded;
    }
  });
  return found;
}

}  // namespace infinium::maestro
