#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "maestro/rubric/content.h"

/// What a rubric text can be compiled to: checks that a trace passes or fails exactly.
namespace infinium::maestro {

/// A range of a counted or measured amount. `open` ends exclude the limit itself.
struct Bound {
  std::optional<double> least;
  std::optional<double> most;
  bool least_open = false;
  bool most_open = false;

  [[nodiscard]] bool holds(double value) const {
    const bool enough = !least || (least_open ? value > *least : value >= *least);
    const bool few = !most || (most_open ? value < *most : value <= *most);
    return enough && few;
  }
  bool operator==(const Bound&) const = default;
};

enum class TextUnit {
  words,
  sentences,
  characters,
  lines,
  paragraphs,
  bullets,
  items,
  rows,
  hashtags,
  emojis,
  exclamation_marks,
};
enum class TextFormat {
  json,
  json_object,
  json_array,
  markdown_table,
  markdown_heading,
  bullet_list,
  csv_header,
  iso_dates,
  plain_text,
};
enum class Quantity { milliseconds, usd, tokens, steps };

/// How much text stands in the output, or in the document that `document` names ("report").
struct TextCountCheck {
  TextUnit unit = TextUnit::words;
  Bound bound;
  std::string document;
  bool operator==(const TextCountCheck&) const = default;
};

struct FormatCheck {
  TextFormat format = TextFormat::json;
  std::vector<std::string> keys;  ///< keys that the JSON object must have
  std::string document;
  bool alone = false;  ///< with nothing around it
  bool operator==(const FormatCheck&) const = default;
};

/// Terms that must stand in the output (all of them, or any), or none of which may.
struct MentionCheck {
  enum class Mode { all, any, none };
  Mode mode = Mode::all;
  std::vector<std::string> terms;
  std::string document;
  bool operator==(const MentionCheck&) const = default;
};

struct LanguageCheck {
  std::string code;  ///< ISO 639-1: en, de, es, fr, ja, zh
  std::string document;
  bool operator==(const LanguageCheck&) const = default;
};

/// Calls of one tool, or of all tools where `tool` is empty.
struct CallCountCheck {
  std::string tool;
  Bound bound;
  bool operator==(const CallCountCheck&) const = default;
};

/// Time, money, tokens or steps of the whole run.
struct BudgetCheck {
  Quantity quantity = Quantity::milliseconds;
  Bound bound;
  bool operator==(const BudgetCheck&) const = default;
};

/// Every call of `second` comes after a call of `first`. `required`: both have to be called.
struct OrderCheck {
  std::string first;
  std::string second;
  bool required = false;
  bool operator==(const OrderCheck&) const = default;
};

/// Tools that may never be called, or the only ones that may.
struct ToolRuleCheck {
  bool only = false;
  std::vector<std::string> tools;
  bool operator==(const ToolRuleCheck&) const = default;
};

/// The output names at least so many sources that a step has seen.
struct SourceCheck {
  int least = 1;
  bool operator==(const SourceCheck&) const = default;
};

struct FileCheck {
  std::string name;
  bool operator==(const FileCheck&) const = default;
};

/// The user agrees before each state-changing call (of `tool`, if it is named).
struct ConfirmCheck {
  std::string tool;
  bool operator==(const ConfirmCheck&) const = default;
};

struct DecimalsCheck {
  int decimals = 2;
  bool money = false;  ///< only amounts of money are meant, where there are any
  bool operator==(const DecimalsCheck&) const = default;
};

struct CurrencyCheck {
  std::string code;  ///< ISO 4217
  bool operator==(const CurrencyCheck&) const = default;
};

/// Where something must not stand.
enum class Place {
  everywhere,  ///< in what is handed over, said or sent
  output,      ///< in the final output, or in the document named
  messages,    ///< in what is said or sent, and in the final output
};

/// Things that must not be told: "no phone number and no internal ids in messages to the customer".
struct ForbidCheck {
  std::vector<Wanted> things;
  Place place = Place::everywhere;
  std::string document;
  bool operator==(const ForbidCheck&) const = default;
};

/// Things that must be told: "a confirmation that names the refunded amount and the refund id".
struct GiveCheck {
  std::vector<Wanted> things;
  bool closing = false;  ///< in the final output itself, not in some document of the run
  bool operator==(const GiveCheck&) const = default;
};

/// Something is sent to somebody: "the label is mailed to the customer".
struct SendCheck {
  std::string what;
  bool operator==(const SendCheck&) const = default;
};

/// How the reader is addressed in a language that tells formal from familiar address.
struct AddressCheck {
  bool formal = true;
  bool operator==(const AddressCheck&) const = default;
};

/// How amounts of money are written.
struct MoneyStyleCheck {
  char decimal_mark = 0;  ///< ',' or '.'; 0: either
  bool grouped = false;   ///< a mark between thousands
  std::string sign;       ///< "€", "円"; empty: any
  bool operator==(const MoneyStyleCheck&) const = default;
};

using Check = std::variant<TextCountCheck,
                           FormatCheck,
                           MentionCheck,
                           LanguageCheck,
                           CallCountCheck,
                           BudgetCheck,
                           OrderCheck,
                           ToolRuleCheck,
                           SourceCheck,
                           FileCheck,
                           ConfirmCheck,
                           DecimalsCheck,
                           CurrencyCheck,
                           ForbidCheck,
                           GiveCheck,
                           SendCheck,
                           AddressCheck,
                           MoneyStyleCheck>;

/// How a check was understood, in words: "at most 3 calls of `search`".
[[nodiscard]] std::string read_as(const Check& check);

/// "words", "list items", …
[[nodiscard]] std::string_view unit_name(TextUnit unit);
/// "German" for "de".
[[nodiscard]] std::string language_name(std::string_view code);

/// "at most 3", "between 2 and 5", "exactly 1", "less than 0.05".
[[nodiscard]] std::string describe(const Bound& bound);

/// A number without needless digits: 3, 0.05, 1200.
[[nodiscard]] std::string plain_number(double value);

}  // namespace infinium::maestro
