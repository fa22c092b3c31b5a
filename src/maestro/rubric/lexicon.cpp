#include "maestro/rubric/lexicon.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "maestro/rubric/phrases.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

struct Quotes {
  std::string_view open;
  std::string_view close;
};
constexpr auto kQuotes = std::to_array<Quotes>({{"\"", "\""},
                                                {"`", "`"},
                                                {"'", "'"},
                                                {"“", "”"},
                                                {"‘", "’"},
                                                {"„", "“"},
                                                {"«", "»"},
                                                {"「", "」"}});

/// Letters and digits of any script, and what joins them inside one word.
bool in_word(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (is_alnum(c) || c == '_') {
    return true;
  }
  if ((static_cast<unsigned char>(c) & 0x80u) != 0) {
    const std::string_view rest = text.substr(at);
    constexpr auto kMarks = std::to_array<std::string_view>(
        {"“", "”", "‘", "„", "«", "»", "「", "」", "€", "–", "—", "。", "、", "，", "…", " "});
    return std::none_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
      return rest.starts_with(mark);
    });
  }
  const bool joins =
      c == '.' || c == '-' || c == '/' || c == '@' || c == ':' || c == '\'' || c == ',' || c == '#';
  if (!joins || at + 1 >= text.size()) {
    return false;
  }
  const bool before = at > 0 && !is_space(text[at - 1]);
  const char next = text[at + 1];
  if (c == ',') {
    return before && is_digit(text[at - 1]) && is_digit(next);
  }
  if (c == ':') {
    return before && (next == '/' || is_digit(next));
  }
  if (c == '#') {
    return !before && is_alnum(next);
  }
  if (c == '/' && at > 0 && (text[at - 1] == ':' || text[at - 1] == '/')) {
    return true;
  }
  return before && (is_alnum(next) || (static_cast<unsigned char>(next) & 0x80u) != 0);
}

/// "1,200", "0.05", "3": the number, if the whole token is one.
std::optional<double> read_number(std::string_view token) {
  std::string digits;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    if (is_digit(c) || c == '.') {
      digits += c;
    } else if (c == ',') {
      const bool groups = token.size() - i > 3 &&
                          (token.size() - i == 4 || token[i + 4] == ',' || token[i + 4] == '.');
      if (!groups) {
        digits += '.';
      }
    } else {
      return std::nullopt;
    }
  }
  double value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  const bool whole = error == std::errc{} && end == last && !digits.empty();
  return whole ? std::optional(value) : std::nullopt;
}

bool has_known_extension(std::string_view folded) {
  constexpr auto kExtensions = std::to_array<std::string_view>(
      {"csv",  "md",   "json", "jsonl", "txt",     "pdf", "html", "htm", "xlsx",
       "xls",  "docx", "doc",  "pptx",  "png",     "jpg", "jpeg", "svg", "xml",
       "yaml", "yml",  "toml", "py",    "js",      "ts",  "cpp",  "h",   "sql",
       "db",   "log",  "tsv",  "zip",   "parquet", "ics", "eml",  "sh",  "rs"});
  const auto dot = folded.rfind('.');
  if (dot == std::string_view::npos || dot == 0) {
    return false;
  }
  const std::string_view extension = folded.substr(dot + 1);
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool looks_like_identifier(std::string_view word) {
  bool camel = false;
  bool digit = false;
  bool letter = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    camel = camel || (i > 0 && is_upper(word[i]) && is_lower(word[i - 1]));
    digit = digit || is_digit(word[i]);
    letter = letter || is_upper(word[i]) || is_lower(word[i]);
  }
  const bool joined = word.find_first_of("_@/") != std::string_view::npos ||
                      (word.find('.') != std::string_view::npos && letter);
  return camel || joined || (digit && letter) || word.starts_with('#');
}

/// A token of the text before its meaning is known.
struct Token {
  std::string_view text;
  std::string folded;
  char kind = 'w';  ///< w: word, q: quoted, ',': comma, '.': stop, '$': money sign, '?': other
};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (!take_quoted() && !take_word()) {
        take_mark();
      }
    }
    return std::move(tokens_);
  }

 private:
  bool take_quoted() {
    for (const Quotes& quotes : kQuotes) {
      if (!text_.substr(at_).starts_with(quotes.open)) {
        continue;
      }
      if (quotes.open == "'" && at_ > 0 && is_alnum(text_[at_ - 1])) {
        continue;
      }
      const std::size_t start = at_ + quotes.open.size();
      const std::size_t end = text_.find(quotes.close, start);
      if (end == std::string_view::npos || end == start) {
        continue;
      }
      push(text_.substr(start, end - start), 'q');
      at_ = end + quotes.close.size();
      return true;
    }
    return false;
  }

  bool take_word() {
    std::size_t end = at_;
    while (end < text_.size() && in_word(text_, end)) {
      ++end;
    }
    if (end == at_) {
      return false;
    }
    std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    if (text_.substr(at_).starts_with("()")) {
      at_ += 2;
    }
    const auto dash = word.find('-');
    if (dash != std::string_view::npos && read_number(word.substr(0, dash)) &&
        (read_number(word.substr(dash + 1)) || is_lower(word[dash + 1])) &&
        std::count(word.begin(), word.end(), '-') == 1) {
      // "100-word", "3-5"
      push(word.substr(0, dash), 'w');
      if (is_digit(word[dash + 1])) {
        push("-", '-');
      }
      word = word.substr(dash + 1);
    }
    push(word, 'w');
    return true;
  }

  void take_mark() {
    constexpr auto kStops = std::to_array<std::string_view>({".", ";", "!", "。", "\n"});
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view stop : kStops) {
      if (rest.starts_with(stop)) {
        push(rest.substr(0, stop.size()), '.');
        at_ += stop.size();
        return;
      }
    }
    std::size_t size = 1;
    while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0u) == 0x80u) {
      ++size;
    }
    const std::string_view mark = rest.substr(0, size);
    at_ += size;
    if (mark == ",") {
      push(mark, ',');
    } else if (mark == "$" || mark == "€") {
      push(mark, '$');
    } else if (mark == "–" || mark == "-") {
      push(mark, '-');
    } else {
      push(mark, '?');
    }
  }

  void push(std::string_view text, char kind) { tokens_.push_back({text, fold_case(text), kind}); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

/// The longest phrase that starts at token `at`, and how many tokens it takes.
std::pair<const Phrase*, std::size_t> find_phrase(const std::vector<Token>& tokens,
                                                  std::size_t at) {
  std::string joined;
  std::pair<const Phrase*, std::size_t> best{nullptr, 0};
  for (std::size_t n = 0; n < kPhraseWordsMax && at + n < tokens.size(); ++n) {
    if (tokens[at + n].kind != 'w' && tokens[at + n].text != "€") {
      break;
    }
    joined += (n == 0 ? "" : " ") + tokens[at + n].folded;
    const Phrase* const nearest = first_phrase_from(joined);
    if (nearest == nullptr || !nearest->words.starts_with(joined)) {
      break;
    }
    if (nearest->words == joined) {
      best = {nearest, n + 1};
    }
  }
  return best;
}

Lexeme plain_lexeme(const Token& token, bool sentence_start, std::span<const std::string> tools) {
  Lexeme out{Term::unknown, std::string(token.text), token.folded, 0};
  const bool is_tool = std::find(tools.begin(), tools.end(), token.folded) != tools.end();
  const char first = token.text.front();
  if (token.kind == 'q') {
    out.term = Term::quoted;
  } else if (token.kind == ',') {
    out.term = Term::comma;
  } else if (token.kind == '.') {
    out.term = Term::stop;
  } else if (token.kind != 'w') {
    out.term = Term::unknown;
  } else if (const auto number = read_number(token.text)) {
    out.term = Term::number;
    out.number = *number;
  } else if (has_known_extension(token.folded)) {
    out.term = Term::file_name;
  } else if (is_tool || looks_like_identifier(token.text)) {
    out.term = Term::identifier;
  } else if (is_upper(first) && !sentence_start &&
             token.text.find('\'') == std::string_view::npos) {
    out.term = Term::name;
  }
  return out;
}

/// "the keys region, total and as_of": what is listed after "keys" is named, whatever it means
/// otherwise.
void name_what_follows_keys(std::vector<Lexeme>& row) {
  for (std::size_t i = 0; i + 1 < row.size(); ++i) {
    bool listed = row[i].term == Term::keys;
    for (std::size_t at = i + 1; listed && at < row.size(); at += 2) {
      const Term term = row[at].term;
      const bool word = term != Term::comma && term != Term::stop && term != Term::conj_and &&
                        term != Term::alone && term != Term::number && term != Term::money &&
                        !row[at].text.empty() && row[at].text.find(' ') == std::string::npos;
      if (!word) {
        break;
      }
      row[at].term = term == Term::quoted ? term : Term::identifier;
      std::size_t next = at + 1;
      while (next < row.size() &&
             (row[next].term == Term::comma || row[next].term == Term::conj_and)) {
        ++next;
      }
      listed = next > at + 1;
      at = next - 2;
    }
  }
}

}  // namespace

std::vector<Lexeme> read_lexemes(std::string_view text, std::span<const std::string> tools) {
  const std::vector<Token> tokens = Tokenizer(text).run();
  std::vector<Lexeme> out;
  bool sentence_start = true;
  for (std::size_t at = 0; at < tokens.size();) {
    const Token& token = tokens[at];
    const bool money_sign = token.kind == '$' && at + 1 < tokens.size();
    if (const auto amount = money_sign ? read_number(tokens[at + 1].text) : std::nullopt) {
      out.push_back({Term::money,
                     std::string(tokens[at + 1].text),
                     token.text == "$" ? "USD" : "EUR",
                     *amount});
      at += 2;
    } else if (const auto [phrase, length] = find_phrase(tokens, at);
               phrase != nullptr && token.kind != 'q') {
      out.push_back(
          {phrase->term, std::string(token.text), std::string(phrase->value), phrase->number});
      at += length;
    } else if (token.kind == '-' && !out.empty() && out.back().term == Term::number &&
               at + 1 < tokens.size() && read_number(tokens[at + 1].text)) {
      out.push_back({Term::conj_and, "-", "range", 0});
      ++at;
    } else {
      out.push_back(plain_lexeme(token, sentence_start, tools));
      ++at;
    }
    sentence_start = out.back().term == Term::stop;
  }
  while (!out.empty() && out.back().term == Term::stop) {
    out.pop_back();
  }
  name_what_follows_keys(out);
  return out;
}

}  // namespace infinium::maestro
