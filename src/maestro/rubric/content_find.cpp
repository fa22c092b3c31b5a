#include "maestro/rubric/content_find.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "maestro/text.h"
#include "maestro/text_days.h"
#include "maestro/text_numbers.h"

namespace infinium::maestro {
namespace {

std::string_view slice(std::string_view text, std::size_t start, std::size_t end) {
  return text.substr(start, end - start);
}

// More places than any rule asks for; the rest of a text is not searched then.
constexpr std::size_t kFoundMax = 256;

bool overlaps(const std::vector<ContentAt>& found, std::size_t start, std::size_t end) {
  return found.size() >= kFoundMax ||
         std::any_of(found.begin(), found.end(), [&](const ContentAt& at) {
           return start < at.end && at.start < end;
         });
}

/// "tomorrow", "on Monday", "the 8th": a day that the text does not date.
void add_named_days(std::string_view text, std::vector<ContentAt>& found) {
  constexpr auto kNamed = std::to_array<std::string_view>(
      {"today",    "tomorrow", "yesterday",  "monday",  "tuesday",     "wednesday", "thursday",
       "friday",   "saturday", "sunday",     "heute",   "morgen",      "gestern",   "montag",
       "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",     "sonntag",   "hoy",
       "mañana",   "ayer",     "lunes",      "martes",  "miércoles",   "jueves",    "viernes",
       "sábado",   "domingo",  "demain",     "hier",    "immediately", "now",       "week",
       "month",    "year"});
  for (const Word& word : find_words(text)) {
    const std::string folded = fold_case(slice(text, word.start, word.end));
    const bool ordinal =
        is_digit(folded.front()) && (folded.ends_with("th") || folded.ends_with("st") ||
                                     folded.ends_with("nd") || folded.ends_with("rd"));
    if ((ordinal || std::find(kNamed.begin(), kNamed.end(), folded) != kNamed.end()) &&
        !overlaps(found, word.start, word.end)) {
      found.push_back({word.start, word.end, false});
    }
  }
}

/// "3 pm", "15 Uhr", "15h", "14時30分", "noon".
void add_hours(std::string_view text, std::vector<ContentAt>& found) {
  const auto words = find_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = fold_case(slice(text, words[i].start, words[i].end));
    const bool marks =
        word == "pm" || word == "am" || word == "uhr" || word == "時" || word == "点";
    const bool numbered =
        i > 0 && is_digit(text[words[i - 1].start]) && words[i - 1].end - words[i - 1].start <= 2;
    const bool glued = (word.ends_with("pm") || word.ends_with("am") || word.ends_with("h")) &&
                       is_digit(word.front()) && word.size() <= 4;
    const bool named = word == "noon" || word == "midnight" || word == "mittag" ||
                       word == "mediodía" || word == "midi";
    if ((marks && numbered) || glued || named) {
      const std::size_t start = marks ? words[i - 1].start : words[i].start;
      if (!overlaps(found, start, words[i].end)) {
        found.push_back({start, words[i].end});
      }
    }
  }
}

/// "WELCOME": a code without a digit.
void add_capitals(std::string_view text, std::vector<ContentAt>& found) {
  constexpr std::size_t kLettersMin = 4;
  for (const Word& word : find_words(text)) {
    const std::string_view spelled = slice(text, word.start, word.end);
    if (spelled.size() >= kLettersMin && std::all_of(spelled.begin(), spelled.end(), is_upper) &&
        !overlaps(found, word.start, word.end)) {
      found.push_back({word.start, word.end, false});
    }
  }
}

/// Numbers that are spelled out could be what is asked for.
void add_number_words(std::string_view text, std::vector<ContentAt>& found) {
  constexpr auto kNumbers = std::to_array<std::string_view>(
      {"no",    "none",  "zero",  "one",   "two",     "three",   "four",   "five",   "six",
       "seven", "eight", "nine",  "ten",   "eleven",  "twelve",  "once",   "twice",  "all",
       "keine", "kein",  "zwei",  "drei",  "vier",    "fünf",    "sechs",  "sieben", "acht",
       "neun",  "zehn",  "elf",   "zwölf", "dos",     "tres",    "cuatro", "cinco",  "seis",
       "siete", "ocho",  "nueve", "diez",  "ninguno", "ninguna", "deux",   "trois",  "quatre"});
  for (const Word& word : find_words(text)) {
    const std::string folded = fold_case(slice(text, word.start, word.end));
    if (found.size() < kFoundMax &&
        std::find(kNumbers.begin(), kNumbers.end(), folded) != kNumbers.end()) {
      found.push_back({word.start, word.end, false});
    }
  }
}

ContentAt place_of(const ValueToken& value, bool sure) { return {value.start, value.end, sure}; }

std::optional<bool> is_money(const ValueToken& value, std::string_view text, Currency currency) {
  if (value.kind != ValueKind::number) {
    return std::nullopt;
  }
  if (value.unit == Unit::money || value.unit == Unit::money_minor) {
    const bool other =
        currency != Currency::any && value.currency != Currency::any && value.currency != currency;
    return other ? std::nullopt : std::optional(true);
  }
  // Without a sign it may be money, unless it is a small whole number of something else.
  const std::string_view written = slice(text, value.start, value.end);
  const bool decimals = value.precision < 1;
  const bool grouped = written.find_first_of(".,") != std::string_view::npos;
  return value.unit == Unit::none && (decimals || grouped || value.number >= 100)
             ? std::optional(false)
             : std::nullopt;
}

std::optional<bool> is_identifier(const ValueToken& value) {
  if (value.kind == ValueKind::identifier) {
    return true;
  }
  const bool bare = value.kind == ValueKind::number && value.unit == Unit::none &&
                    value.precision == 1 && value.number >= 0;
  return bare || value.kind == ValueKind::time ? std::optional(false) : std::nullopt;
}

std::optional<bool> is_wanted(const ValueToken& value,
                              std::string_view text,
                              const Wanted& wanted) {
  const bool number = value.kind == ValueKind::number;
  const bool counted = number && value.unit == wanted.unit;
  switch (wanted.content) {
    case Content::money:
      return is_money(value, text, wanted.currency);
    case Content::number:
      return number ? std::optional(true) : std::nullopt;
    case Content::percent:
      return counted || (number && value.unit == Unit::percent) ? std::optional(true)
             : number && value.unit == Unit::none               ? std::optional(false)
                                                                : std::nullopt;
    case Content::measure:
      return counted                              ? std::optional(true)
             : number && value.unit == Unit::none ? std::optional(false)
                                                  : std::nullopt;
    case Content::duration:
      return number && value.unit >= Unit::milliseconds && value.unit <= Unit::days
                 ? std::optional(true)
                 : std::nullopt;
    case Content::date:
      return value.kind == ValueKind::date ? std::optional(true) : std::nullopt;
    case Content::moment:
      return value.kind == ValueKind::date || value.kind == ValueKind::time ? std::optional(true)
                                                                            : std::nullopt;
    case Content::time: {
      const bool stamp =
          value.kind == ValueKind::date && value.end < text.size() && text[value.end] == 'T';
      return value.kind == ValueKind::time || stamp ? std::optional(true) : std::nullopt;
    }
    case Content::identifier:
      return is_identifier(value);
    case Content::url:
      return value.kind == ValueKind::url    ? std::optional(true)
             : value.kind == ValueKind::file ? std::optional(false)
                                             : std::nullopt;
    case Content::file:
      return value.kind == ValueKind::file ? std::optional(true) : std::nullopt;
    case Content::email:
      return value.kind == ValueKind::email ? std::optional(true) : std::nullopt;
    case Content::quotation:
      return value.kind == ValueKind::quoted && count_words(slice(text, value.start, value.end)) > 2
                 ? std::optional(true)
                 : std::nullopt;
    default:
      return std::nullopt;
  }
}

bool is_ip(std::string_view chunk) {
  std::size_t parts = 0;
  while (!chunk.empty()) {
    const std::size_t digits = digits_at(chunk, 0);
    if (digits == 0 || digits > 3 || to_int(chunk.substr(0, digits)) > 255) {
      return false;
    }
    ++parts;
    chunk.remove_prefix(digits);
    if (!chunk.empty() && (chunk.front() != '.' || chunk.size() == 1)) {
      return false;
    }
    chunk.remove_prefix(chunk.empty() ? 0 : 1);
  }
  return parts == 4;
}

/// Runs of digits with single blanks or dashes inside.
template <class F>
void for_each_digit_run(std::string_view text, F use) {
  for (std::size_t at = 0; at < text.size();) {
    const bool opens =
        is_digit(text[at]) || (text[at] == '+' && at + 1 < text.size() && is_digit(text[at + 1]));
    const bool inside = at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '_');
    if (!opens || inside) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size()) {
      const bool gap = (text[end] == ' ' || text[end] == '-' || text[end] == '(' ||
                        text[end] == ')' || text[end] == '/') &&
                       end + 1 < text.size() &&
                       (is_digit(text[end + 1]) || text[end + 1] == '(' || text[end + 1] == ' ');
      if (!is_digit(text[end]) && !gap) {
        break;
      }
      ++end;
    }
    while (end > at && !is_digit(text[end - 1])) {
      --end;
    }
    use(at, end);
    at = end;
  }
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  return digits;
}

/// The check digit of card numbers.
bool passes_luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    digit *= i % 2 == 1 ? 2 : 1;
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

std::vector<ContentAt> find_cards(std::string_view text) {
  std::vector<ContentAt> found;
  for_each_digit_run(text, [&](std::size_t start, std::size_t end) {
    const std::string digits = digits_of(slice(text, start, end));
    if (digits.size() >= 13 && digits.size() <= 19 && passes_luhn(digits)) {
      found.push_back({start, end});
    }
  });
  return found;
}

/// An IBAN: two letters, two digits, and eleven to thirty letters and digits, in groups or not.
std::vector<ContentAt> find_ibans(std::string_view text) {
  std::vector<ContentAt> found;
  for (std::size_t at = 0; at + 15 <= text.size(); ++at) {
    const bool opens = is_upper(text[at]) && is_upper(text[at + 1]) && is_digit(text[at + 2]) &&
                       is_digit(text[at + 3]) && (at == 0 || !is_alnum(text[at - 1]));
    if (!opens) {
      continue;
    }
    std::size_t end = at;
    std::size_t letters = 0;
    std::size_t digits = 0;
    while (end < text.size() && letters < 34 &&
           (is_digit(text[end]) || is_upper(text[end]) ||
            (text[end] == ' ' && end + 1 < text.size() &&
             (is_digit(text[end + 1]) || is_upper(text[end + 1]))))) {
      letters += text[end] == ' ' ? 0 : 1;
      digits += is_digit(text[end]) ? 1 : 0;
      ++end;
    }
    if (letters >= 15 && digits >= 10) {
      found.push_back({at, end});
      at = end;
    }
  }
  return found;
}

std::vector<ContentAt> find_ips(std::string_view text) {
  std::vector<ContentAt> found;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at]) || (at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '.'))) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) {
      ++end;
    }
    while (text[end - 1] == '.') {
      --end;
    }
    if (is_ip(slice(text, at, end))) {
      found.push_back({at, end});
    }
    at = end;
  }
  return found;
}

/// Tokens that open like the keys of well-known services, or are long and mixed without sense.
std::vector<ContentAt> find_secrets(std::string_view text) {
  constexpr auto kOpenings = std::to_array<std::string_view>(
      {"sk-",         "sk_",    "pk_",   "rk_",        "ghp_",   "gho_", "ghs_",
       "github_pat_", "glpat-", "xoxb-", "xoxp-",      "xapp-",  "AKIA", "ASIA",
       "AIza",        "eyJ",    "ya29.", "-----BEGIN", "shpat_", "npm_", "whsec_"});
  std::vector<ContentAt> found;
  for (std::size_t at = 0; at < text.size();) {
    const auto in_token = [](char c) {
      return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '+' || c == '/';
    };
    if (!in_token(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && in_token(text[end])) {
      ++end;
    }
    const std::string_view token = slice(text, at, end);
    const bool known = std::any_of(kOpenings.begin(), kOpenings.end(), [&](std::string_view open) {
      return token.starts_with(open) && token.size() >= open.size() + 8;
    });
    const bool live = token.find("_live_") != std::string_view::npos ||
                      token.find("_test_") != std::string_view::npos;
    const auto count = [&](auto is) { return std::count_if(token.begin(), token.end(), is); };
    const bool mixed = token.size() >= 24 && token.find('/') == std::string_view::npos &&
                       token.find('.') == std::string_view::npos && count(is_digit) >= 4 &&
                       count(is_upper) >= 4 && count(is_lower) >= 4;
    if (known || (live && token.size() >= 14 && count(is_digit) >= 2) || mixed) {
      found.push_back({at, end});
    }
    at = end;
  }
  return found;
}

}  // namespace

std::vector<ContentAt> find_phones(std::string_view text) {
  std::vector<ContentAt> found;
  for_each_digit_run(text, [&](std::size_t start, std::size_t end) {
    const std::string_view run = slice(text, start, end);
    const std::string digits = digits_of(run);
    const bool grouped = digits.size() < run.size() - (run.front() == '+' ? 1 : 0);
    const bool international = run.front() == '+' && digits.size() >= 8 && digits.size() <= 15;
    const bool national =
        run.front() == '0' && grouped && digits.size() >= 9 && digits.size() <= 12;
    const std::string_view before = trim(prefix_of(text.substr(0, start), start));
    const std::string label =
        fold_case(before.substr(before.size() - std::min<std::size_t>(12, before.size())));
    const bool labelled =
        digits.size() >= 6 && digits.size() <= 15 &&
        (label.ends_with("phone") || label.ends_with("tel") || label.ends_with("tel.") ||
         label.ends_with("tel:") || label.ends_with("phone:") || label.ends_with("mobile") ||
         label.ends_with("telefon") || label.ends_with("teléfono"));
    // 555-123-4567
    const bool american = digits.size() == 10 && grouped && run.size() <= 14 &&
                          run.find('/') == std::string_view::npos && run.size() >= 12 &&
                          digits_at(run, 0) == 3;
    if (international || national || labelled || american) {
      found.push_back({start, end});
    }
  });
  return found;
}

std::vector<ContentAt> find_content(std::string_view text, const Wanted& wanted) {
  switch (wanted.content) {
    case Content::phone:
      return find_phones(text);
    case Content::ip_address:
      return find_ips(text);
    case Content::card_number:
      return find_cards(text);
    case Content::bank_account:
      return find_ibans(text);
    case Content::secret:
      return find_secrets(text);
    default:
      break;
  }
  std::vector<ContentAt> found;
  for (const ValueToken& value : find_values(text)) {
    if (const auto sure = is_wanted(value, text, wanted); sure && found.size() < kFoundMax) {
      found.push_back(place_of(value, *sure));
    }
  }
  const bool day = wanted.content == Content::date || wanted.content == Content::moment;
  if (day) {
    for (const DayToken& each : find_days(text)) {
      if (!overlaps(found, each.start, each.end)) {
        found.push_back({each.start, each.end});
      }
    }
    add_named_days(text, found);
  }
  if (wanted.content == Content::time || wanted.content == Content::moment) {
    add_hours(text, found);
  }
  if (wanted.content == Content::identifier) {
    add_capitals(text, found);
  }
  if (wanted.content == Content::number || wanted.content == Content::money ||
      wanted.content == Content::measure) {
    add_number_words(text, found);
  }
  return found;
}

}  // namespace infinium::maestro
