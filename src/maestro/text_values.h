#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The values that stand in running text: what an output can claim and a source can hold.
namespace infinium::maestro {

enum class ValueKind : std::uint8_t {
  number,      ///< 1,234.50 · 1.234,50 · 12 % · € 30 · ３５
  date,        ///< 2026-10-31 · 31.10.2026 · Oct 31, 2026 · October 2026
  time,        ///< 14:30
  identifier,  ///< #1128 · INV-2026-7 · 3RK2T9 · user_4711
  email,
  url,
  file,    ///< orders_2026-10.csv
  quoted,  ///< what stands in quotation marks or backticks, at most 120 bytes
};

/// What a number counts. `none` for a bare number.
enum class Unit : std::uint8_t {
  none,
  percent,
  ratio,
  money,
  money_minor,  ///< euros and dollars · cents
  milliseconds,
  seconds,
  minutes,
  hours,
  days,
  grams,
  kilograms,
  tonnes,
  millimetres,
  centimetres,
  metres,
  kilometres,
  miles,
  pounds,
  bytes,
  kilobytes,
  megabytes,
  gigabytes,
  watt_hours,
  kilowatt_hours,
  megawatt_hours,
  celsius,
  fahrenheit,
};

/// Whose money; `any` where it is money of no stated currency.
enum class Currency : std::uint8_t {
  any,
  eur,
  usd,
  gbp,
  jpy,
  chf,
  pln,
  sek,
  nok,
  dkk,
  czk,
  huf,
  cad,
  aud,
  nzd,
  inr,
  cny,
  hkd,
  sgd,
  krw,
  brl,
  mxn,
  zar,
};

struct ValueToken {
  ValueKind kind = ValueKind::number;
  Unit unit = Unit::none;
  Currency currency = Currency::any;
  bool ambiguous = false;  ///< 1.234 and 1,234: may be a thousand or a fraction; 05/06/2026
  std::uint32_t start =
      0;  ///< bytes of the field; [start, end); signs of currency and units excluded
  std::uint32_t end = 0;
  std::uint64_t key = 0;  ///< equal for equal values: 1,200.0 and 1200; 2026-10-31 and 31.10.2026
  double number = 0;      ///< a number's value; a date as yyyymmdd (dd 0 for a month)
  double precision = 1;   ///< the value of its last written digit: 0.01 for 12.50, 100000 for 1.2M
};

/// The key of a number, an identifier (with or without its #) or a date given as yyyymmdd.
[[nodiscard]] std::uint64_t number_key(double number);
[[nodiscard]] std::uint64_t identifier_key(std::string_view text);
[[nodiscard]] std::uint64_t date_key(double yyyymmdd);

/// All values of a text, in order, not overlapping (a quoted value and the values inside it aside).
/// Linear in the text's length.
[[nodiscard]] std::vector<ValueToken> find_values(std::string_view text);

/// The unit that a word alone states ("kWh", "cents", "€"), letter case aside; none if it is no
/// unit.
[[nodiscard]] Unit unit_of_word(std::string_view word);
[[nodiscard]] Currency currency_of_word(std::string_view word);

/// How many of the smallest unit of its dimension a unit is, and which dimension; 0 if it has none.
struct UnitScale {
  int dimension = 0;
  double factor = 1;
};
[[nodiscard]] UnitScale scale_of(Unit unit);

/// The unit that a column's or argument's name states ("amount_cents", "duration_ms", "weight kg").
[[nodiscard]] Currency currency_of_name(std::string_view name);
[[nodiscard]] Unit unit_of_name(std::string_view name);

/// The text with every number, identifier, date, quotation and URL replaced by a placeholder, in
/// lower case, at most 200 bytes: what stays the same from trace to trace.
[[nodiscard]] std::string without_values(std::string_view text);

}  // namespace infinium::maestro
