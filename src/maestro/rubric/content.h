#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/text_values.h"

/// Kinds of things that a rubric text asks for or forbids by a noun: "the refund id", "no phone
/// numbers", "su fecha de nacimiento".
namespace infinium::maestro {

enum class Content : std::uint8_t {
  words,  ///< no known kind: a thing known by its name, and by the columns of the run
  money,
  number,
  percent,
  date,
  time,
  moment,    ///< a date or a time of day: "the deadline"
  measure,   ///< a number with the unit that the text names
  duration,  ///< "in how much time"
  identifier,
  url,
  file,
  quotation,
  email,
  phone,
  postal_address,
  birth_date,
  ip_address,
  card_number,
  bank_account,
  secret,  ///< password, token, key
  person,
};

/// One thing that a text names.
struct Wanted {
  std::string phrase;  ///< as written, without an article
  Content content = Content::words;
  Unit unit = Unit::none;             ///< "in MWh"
  Currency currency = Currency::any;  ///< "in euros"
  std::vector<std::string> words;     ///< plain(word) of the phrase, without articles and units
  std::vector<std::string> prefixes;  ///< "ids (ws_, sub_)": how such values begin
  bool many = false;                  ///< "each …", "the … of every …", a plural
  bool operator==(const Wanted&) const = default;
};

/// The things of a list such as "the booking number, the carrier and the arrival date". Empty if it
/// is no list of nouns: a verb, a condition or an overlong part in it.
[[nodiscard]] std::vector<Wanted> read_wanted(std::string_view list);

/// The kind of thing that the noun at `words[at]` (plain words) names, alone or with the next two;
/// `length` becomes how many words it takes.
[[nodiscard]] std::optional<Content> noun_content(const std::vector<std::string>& words,
                                                  std::size_t at,
                                                  std::size_t& length);

/// Lower case without accents: "número" and "Numero" give "numero".
[[nodiscard]] std::string plain(std::string_view text);

/// Whether two plain words are forms of one: "refund" and "refunded", "matricula" and "matriculas".
[[nodiscard]] bool alike(std::string_view a, std::string_view b);

/// A plain word, or what it is short for: "nr" gives "number", "tel" gives "phone".
[[nodiscard]] std::string_view canonical(std::string_view plain_word);

/// "an amount of money", "a phone number"; for readers.
[[nodiscard]] std::string_view content_name(Content content);

/// A value that tells who somebody is or gives access: looked for wherever the text is silent about
/// the place.
[[nodiscard]] bool is_sensitive(Content content);

}  // namespace infinium::maestro
