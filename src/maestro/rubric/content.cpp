#include "maestro/rubric/content.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "maestro/text.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPartsMax = 12;
constexpr std::size_t kPartWordsMax = 12;

struct Spelling {
  std::string_view word;
  std::string_view means;
};
// Short forms and other names under which tools file the same thing.
constexpr WordTable kSpellings(std::to_array<Spelling>({
    {"no", "number"},
    {"nr", "number"},
    {"num", "number"},
    {"nummer", "number"},
    {"numero", "number"},
    {"qty", "quantity"},
    {"pieces", "quantity"},
    {"amt", "amount"},
    {"ref", "reference"},
    {"referencia", "reference"},
    {"tel", "phone"},
    {"mobile", "phone"},
    {"msisdn", "phone"},
    {"telephone", "phone"},
    {"telefon", "phone"},
    {"telefono", "phone"},
    {"dep", "departure"},
    {"arr", "arrival"},
    {"eta", "arrival"},
    {"dob", "birth"},
    {"born", "birth"},
    {"identifier", "id"},
    {"ids", "id"},
    {"addr", "address"},
    {"url", "link"},
    {"po", "purchase"},
    {"pr", "pull"},
    {"expires", "expiry"},
    {"expiration", "expiry"},
    {"mail", "email"},
    {"correo", "email"},
    {"until", "deadline"},
    {"due", "deadline"},
    {"renews", "renewal"},
    {"start", "begin"},
    {"pct", "percent"},
    {"hash", "commit"},
    {"sha", "commit"},
    {"firm", "company"},
    {"bis", "enddatum"},
}));

constexpr auto kArticles = std::to_array<std::string_view>(
    {"the", "a",   "an",   "its", "their", "his", "her",  "your", "our",   "any", "all",  "of",
     "der", "die", "das",  "den", "dem",   "des", "ein",  "eine", "einen", "von", "el",   "la",
     "los", "las", "un",   "una", "de",    "del", "su",   "sus",  "le",    "les", "une",  "du",
     "d",   "l",   "o",    "os",  "as",    "um",  "uma",  "do",   "da",    "in",  "en",   "im",
     "lo",  "que", "ella", "el",  "they",  "he",  "she",  "is",   "are",   "was", "were", "each",
     "for", "to",  "on",   "at",  "by",    "fur", "para", "por",  "with"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

char32_t without_accent(char32_t code) {
  // Latin-1, folded: àáâãäå ç èéêë ìíîï ñ òóôõö ø ùúûü ý ÿ
  constexpr std::string_view kLetters = "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
  return code >= 0xE0 && code <= 0xFF ? static_cast<char32_t>(kLetters[code - 0xE0]) : code;
}

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  const std::string folded = plain(text);
  std::size_t last = std::string::npos;
  for (const Word& word : find_words(folded)) {
    const std::string_view spelled =
        std::string_view(folded).substr(word.start, word.end - word.start);
    // A run of Chinese or Japanese letters is one word here: 電話番号.
    const bool wide = static_cast<unsigned char>(spelled.front()) >= 0xE3;
    if (wide && last == word.start) {
      words.back() += spelled;
    } else {
      words.emplace_back(spelled);
    }
    last = wide ? word.end : std::string::npos;
  }
  return words;
}

/// Words after which a noun is only further described: "the number of the invoice".
bool ends_head(std::string_view word) {
  constexpr auto kTurns = std::to_array<std::string_view>(
      {"of",   "for",  "in",  "to",  "from", "per", "that",  "which", "by",   "on",  "at",
       "with", "von",  "der", "des", "fur",  "im",  "bei",   "mit",   "de",   "del", "en",
       "por",  "para", "du",  "des", "da",   "do",  "after", "until", "since"});
  return among(kTurns, word);
}

/// The kind of a noun phrase: that of its head, the last known noun before "of", "in", "that". "A
/// hand-over for the day shift" has a head of no known kind, whatever nouns come behind it.
Content content_of(const std::vector<std::string>& words) {
  std::optional<Content> head;
  std::optional<Content> strong;  // a noun that names its kind wherever it stands
  std::size_t length = 1;
  bool described = false;  // a noun came before, so that what comes now only describes it
  bool any_noun = false;
  for (std::size_t i = 0; i < words.size(); i += length) {
    const auto noun = noun_content(words, i, length);
    if (noun && is_sensitive(*noun) && *noun != Content::person) {
      strong = strong ? strong : noun;
    }
    if (ends_head(words[i]) && head) {
      break;
    }
    described = described || (any_noun && ends_head(words[i]));
    any_noun = any_noun || !among(kArticles, std::string_view(words[i]));
    // A difference, total or number of money is money.
    const bool of_money = head == Content::money && noun == Content::number;
    head = noun && !of_money && !described ? noun : head;
  }
  // "number of working days" counts; "number of the new invoice" names one.
  if (head == Content::identifier && words.size() >= 3) {
    const auto of = std::find(words.begin(), words.end(), "of");
    const bool counts = of != words.end() && of + 1 != words.end() && of != words.begin() &&
                        *(of - 1) == "number" && *(of + 1) != "the" && words.back().ends_with('s');
    head = counts ? Content::number : head;
  }
  if (strong && (!head || *head == Content::identifier || *head == Content::number ||
                 *head == Content::date || is_sensitive(*head))) {
    return *strong;
  }
  return head.value_or(Content::words);
}

bool weighs(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "weight" || word == "mass" || word == "load";
  });
}

/// "in MWh", "in euros", "en kilómetros": the unit that is asked for.
void read_unit(const std::vector<std::string>& words, Wanted& wanted) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != "in" && words[i] != "en" && words[i] != "em") {
      continue;
    }
    const bool sterling = words[i + 1] == "pounds" && !weighs(words);
    const Unit unit = sterling ? Unit::money : unit_of_word(words[i + 1]);
    if (unit == Unit::none) {
      continue;
    }
    if (unit == Unit::money) {
      wanted.currency = sterling ? Currency::gbp : currency_of_word(words[i + 1]);
      wanted.content = Content::money;
    } else {
      wanted.unit = unit;
      wanted.content = unit == Unit::percent ? Content::percent : Content::measure;
    }
  }
}

/// Words that make a part more than a noun phrase.
bool breaks_list(std::string_view word) {
  constexpr auto kBreaks = std::to_array<std::string_view>(
      {"if", "unless", "when", "because", "wenn", "falls", "si", "cuando", "must", "or", "not"});
  return among(kBreaks, word);
}

bool says_many(const std::vector<std::string>& words) {
  static constexpr auto kEach = std::to_array<std::string_view>({"each",
                                                                 "every",
                                                                 "all",
                                                                 "cada",
                                                                 "jede",
                                                                 "jeder",
                                                                 "jedes",
                                                                 "alle",
                                                                 "chaque",
                                                                 "todas",
                                                                 "todos",
                                                                 "both"});
  return std::any_of(
      words.begin(), words.end(), [](const std::string& word) { return among(kEach, word); });
}

/// "the short SKUs", "the ids"
bool names_several(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::size_t length = 1;
    if (words[i].ends_with('s') && noun_content(words, i, length) == Content::identifier) {
      return true;
    }
  }
  return false;
}

/// "(ws_, sub_, in_)": parts of a bracket that end in a joint.
std::vector<std::string> prefixes_in(std::string_view bracket) {
  std::vector<std::string> prefixes;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= bracket.size(); ++i) {
    if (i < bracket.size() && bracket[i] != ',' && bracket[i] != ' ') {
      continue;
    }
    const std::string_view part = bracket.substr(start, i - start);
    if (part.size() >= 2 && (part.back() == '_' || part.back() == '-') && prefixes.size() < 8) {
      prefixes.emplace_back(part);
    }
    start = i + 1;
  }
  return prefixes;
}

/// "each with its size": the size is what is wanted.
std::string_view without_opening(std::string_view part) {
  for (const std::string_view opening : {"each with ",
                                         "with ",
                                         "jeweils mit ",
                                         "each one with ",
                                         "cada una con ",
                                         "cada uno con ",
                                         "chacun avec "}) {
    if (fold_case(prefix_of(part, opening.size())) == opening) {
      return trim(part.substr(opening.size()));
    }
  }
  return part;
}

std::optional<Wanted> read_part(std::string_view part) {
  Wanted wanted;
  part = without_opening(part);
  if (const auto open = part.find('('); open != std::string_view::npos) {
    const auto close = std::min(part.find(')', open), part.size());
    wanted.prefixes = prefixes_in(part.substr(open + 1, close - open - 1));
    part = trim(part.substr(0, open));
  }
  // "订单号的确认信息": what follows 的 is the document.
  if (const auto of = part.rfind("的"); of != std::string_view::npos && of > 0) {
    const std::string_view tail = part.substr(of + 3);
    const bool document = tail.find("信息") != std::string_view::npos ||
                          tail.find("消息") != std::string_view::npos ||
                          tail.find("回复") != std::string_view::npos ||
                          tail.find("邮件") != std::string_view::npos;
    part = document ? part.substr(0, of) : part;
  }
  const std::vector<std::string> words = plain_words(part);
  if (words.empty() || words.size() > kPartWordsMax ||
      std::any_of(words.begin(), words.end(), breaks_list)) {
    return std::nullopt;
  }
  wanted.content = content_of(words);
  read_unit(words, wanted);
  wanted.many = says_many(words) || names_several(words);
  for (const std::string& word : words) {
    if (!among(kArticles, std::string_view(word)) && unit_of_word(word) == Unit::none) {
      wanted.words.push_back(word);
    }
  }
  const auto first = find_words(part);
  const std::string opening =
      fold_case(part.substr(first.front().start, first.front().end - first.front().start));
  const bool article = among(kArticles, std::string_view(opening)) && first.size() > 1;
  wanted.phrase = std::string(trim(part.substr(article ? first[1].start : 0)));
  return wanted.words.empty() ? std::nullopt : std::optional(wanted);
}

bool is_hiragana(std::string_view text, std::size_t at) {
  if (at >= text.size() || static_cast<unsigned char>(text[at]) < 0xE3) {
    return false;
  }
  const char32_t code = next_code_point(text, at);
  return code >= 0x3040 && code <= 0x309F;
}

/// "と" and "や" stand in words too: "ごとに", "こと".
bool joins_here(std::string_view list, std::size_t at, std::string_view mark) {
  if (mark != "と" && mark != "や" && mark != "和") {
    return true;
  }
  constexpr std::size_t kWideBytes = 3;
  return (at < kWideBytes || !is_hiragana(list, at - kWideBytes)) &&
         !is_hiragana(list, at + mark.size());
}

/// A part that only says which one of what follows: "departure and arrival time".
bool only_describes(const Wanted& wanted) {
  constexpr auto kDescribing = std::to_array<std::string_view>(
      {"departure", "arrival", "card",   "account", "mobile",  "start",   "end",     "begin",
       "old",       "new",     "first",  "after",   "before",  "last",    "opening", "closing",
       "net",       "gross",   "order",  "claim",   "booking", "invoice", "beginn",  "ende",
       "salida",    "llegada", "inicio", "fin",     "customer"});
  return wanted.content == Content::words && wanted.words.size() == 1 &&
         among(kDescribing, std::string_view(wanted.words.front()));
}

}  // namespace

std::string plain(std::string_view text) {
  std::string folded = fold_case(text);
  if (std::none_of(folded.begin(), folded.end(), [](char c) { return (c & 0x80) != 0; })) {
    return folded;
  }
  std::string out;
  out.reserve(folded.size());
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t code = next_code_point(folded, at);
    if (code == 0xDF) {
      out += "ss";
    } else {
      append_code_point(out, without_accent(code));
    }
  }
  return out;
}

bool alike(std::string_view a, std::string_view b) {
  if (a == b) {
    return true;
  }
  const std::string_view shorter_word = a.size() < b.size() ? a : b;
  const std::string_view longer_word = a.size() < b.size() ? b : a;
  if (longer_word.size() == shorter_word.size() + 1 && longer_word.back() == 's' &&
      longer_word.starts_with(shorter_word) && shorter_word.size() >= 2) {
    return true;
  }
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) {
    ++same;
  }
  return same >= 4 && same + 2 >= shorter_word.size() && longer_word.size() <= same + 5;
}

std::string_view canonical(std::string_view word) {
  const Spelling* found = kSpellings.find(word);
  return found == nullptr ? word : found->means;
}

std::vector<Wanted> read_wanted(std::string_view list) {
  constexpr auto kJoints = std::to_array<std::string_view>(
      {", and ", ", or ",    " and ", " or ", " as well as ", " und ", " sowie ", " oder ", " y ",
       " e ",    " o ",      " ni ",  " et ", " ou ",         " nem ", ", ",      ";",      "、",
       "および", "ならびに", "及び",  "以及", "和",           "と",    "や"});
  std::vector<Wanted> all;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t at = 0; at <= list.size();) {
    std::size_t joint = at == list.size() ? 1 : 0;
    if (at < list.size()) {
      depth += list[at] == '(' ? 1 : list[at] == ')' ? -1 : 0;
      for (const std::string_view mark : kJoints) {
        if (depth == 0 && joint == 0 && list.substr(at).starts_with(mark) &&
            joins_here(list, at, mark)) {
          joint = mark.size();
        }
      }
    }
    if (joint == 0) {
      ++at;
      continue;
    }
    // "the deadline, 30 days after the keys were handed over": the second part explains the first.
    const std::string_view part = trim(list.substr(start, at - start));
    const bool explains = !all.empty() && !part.empty() && is_digit(part.front());
    if (!part.empty() && !explains) {
      auto wanted = read_part(part);
      if (!wanted || all.size() == kPartsMax) {
        return {};
      }
      all.push_back(std::move(*wanted));
    }
    at += joint;
    start = at;
  }
  // "the free space before and after"
  if (all.size() >= 2 && only_describes(all.back()) &&
      all[all.size() - 2].content != Content::words) {
    all.back().content = all[all.size() - 2].content;
  }
  for (std::size_t i = all.size(); i-- > 1;) {
    if (only_describes(all[i - 1]) && all[i].content != Content::words &&
        all[i].words.size() >= 2) {
      all[i - 1].content = all[i - 1].words.front() == "card" && is_sensitive(all[i].content)
                               ? Content::card_number
                               : all[i].content;
      all[i - 1].unit = all[i].unit;
      all[i - 1].currency = all[i].currency;
    }
  }
  return all;
}

std::string_view content_name(Content content) {
  switch (content) {
    case Content::words:
      return "what it is called";
    case Content::money:
      return "an amount of money";
    case Content::number:
      return "a number";
    case Content::percent:
      return "a percentage";
    case Content::date:
      return "a date";
    case Content::time:
      return "a time of day";
    case Content::moment:
      return "a date or time";
    case Content::measure:
      return "a number in that unit";
    case Content::duration:
      return "a length of time";
    case Content::identifier:
      return "an identifier";
    case Content::url:
      return "a link";
    case Content::file:
      return "a file";
    case Content::quotation:
      return "a quotation";
    case Content::email:
      return "an e-mail address";
    case Content::phone:
      return "a phone number";
    case Content::postal_address:
      return "a postal address";
    case Content::birth_date:
      return "a date of birth";
    case Content::ip_address:
      return "an IP address";
    case Content::card_number:
      return "a card number";
    case Content::bank_account:
      return "a bank account";
    case Content::secret:
      return "a secret";
    case Content::person:
      return "a person's name";
  }
  return "a value";
}

bool is_sensitive(Content content) { return content >= Content::email; }

}  // namespace infinium::maestro
