#include "maestro/findings/unfinished_text.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/text.h"

/// A text stops in the middle if
/// - a code fence, or the bracket of a text that is all JSON, stays open;
/// - it ends with a comma or an opening bracket, with a word that never ends a sentence (an
/// article,
///   a conjunction), or, where it closes its other sentences, with one that seldom does ("to");
/// - its last word is the beginning of a longer one of the run, which it follows in the same words
///   there or which is no mere inflection of it, and stands nowhere itself;
/// - in Japanese and Chinese, all its lines but the last close with 。.
namespace infinium::maestro {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words that end no sentence in any of the languages.
bool never_ends(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"the",   "a",     "an",   "and",  "or",    "but",   "because", "whose", "your", "our", "my",
       "their", "every", "than", "und",  "oder",  "weil",  "dass",    "der",   "die",  "das", "dem",
       "den",   "des",   "ein",  "eine", "einen", "einem", "einer",   "im",    "vom",  "zum", "zur",
       "mit",   "für",   "y",    "el",   "los",   "las",   "un",      "una",   "de",   "del", "al",
       "que",   "con",   "le",   "les",  "une",   "et",    "du",      "aux",   "avec", "e",   "os",
       "um",    "uma",   "do",   "da",   "dos",   "das",   "com"});
  return is_one_of(word, kWords);
}

/// Words that may end a sentence, but seldom do.
bool seldom_ends(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"to",   "of",   "with",  "for",  "from", "at",   "by",  "in",     "on",   "is",
       "are",  "was",  "were",  "has",  "have", "been", "be",  "will",   "just", "about",
       "if",   "when", "which", "this", "von",  "bei",  "auf", "an",     "für",  "ist",
       "sind", "wird", "la",    "en",   "por",  "para", "su",  "se",     "ha",   "lo",
       "pour", "dans", "ce",    "se",   "not",  "also", "can", "should", "must"});
  return is_one_of(word, kWords);
}

/// "the one you asked for", "it is taken care of": an ending that only looks open.
bool may_end_before(std::string_view before, std::string_view word) {
  constexpr auto kPrepositions = std::to_array<std::string_view>(
      {"to", "of", "with", "for", "from", "at", "by", "in", "on", "about"});
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"look", "care", "need", "want", "wait", "ask", "pay",  "work", "deal", "is",
       "are",  "it",   "came", "come", "goes", "go",  "live", "lie",  "rely", "depend"});
  return is_one_of(word, kPrepositions) &&
         (before.ends_with("ed") || before.ends_with("ing") || is_one_of(before, kVerbs));
}

/// Whether a mark at `at` ends a sentence; the dot of "1." that opens a line does not.
bool ends_sentence(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c != '.' && c != '!' && c != '?') {
    return text.substr(at).starts_with("\u3002");
  }
  std::size_t number = at;
  while (number > 0 && is_digit(text[number - 1])) {
    --number;
  }
  const bool opens_line = number < at && (number == 0 || text[number - 1] == '\n');
  return !opens_line && at + 1 < text.size() && is_space(text[at + 1]);
}

/// Whether sentences before the last are closed with a mark.
bool closes_sentences(std::string_view body) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (ends_sentence(body, i)) {
      return true;
    }
  }
  return false;
}

/// Where the outermost bracket that stays open begins, if the text is all JSON.
std::optional<std::size_t> open_bracket(std::string_view body) {
  constexpr std::size_t kDepthMax = 1'000;
  const std::size_t next = body.find_first_not_of(" \n\t\r", 1);
  if (body.size() < 2 || next == std::string_view::npos ||
      !((body[0] == '{' && body[next] == '"') ||
        (body[0] == '[' && (body[next] == '{' || body[next] == '"' || body[next] == '[')))) {
    return std::nullopt;
  }
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (quoted) {
      i += c == '\\' ? 1u : 0u;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
      if (depth == 0 || depth > kDepthMax) {
        return std::nullopt;
      }
    }
  }
  return body.find_last_of("{[,\"");
}

/// A particle of Japanese that something must follow.
bool is_open_particle(std::string_view body) {
  constexpr auto kParticles = std::to_array<std::string_view>(
      {"に", "を", "は", "が", "で", "と", "の", "へ", "も", "や", "、"});
  return body.size() > 3 && is_one_of(body.substr(body.size() - 3), kParticles);
}

/// Whether a text closes each of its lines with 。, two at least, but not the last, which is longer
/// than a closing word (以上).
bool breaks_off_in_cjk(std::string_view body) {
  constexpr std::size_t kLineMin = 8;
  constexpr std::string_view kStop = "。";
  std::size_t closed = 0;
  std::size_t open = 0;
  std::string_view last;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = trim(body.substr(at, end - at));
    if (!line.empty()) {
      closed += line.ends_with(kStop) ? 1u : 0u;
      open += line.ends_with(kStop) ? 0u : 1u;
      last = line;
    }
    at = end + 1;
  }
  if (closed < 2 || open != 1 || last.ends_with(kStop)) {
    return false;
  }
  const std::size_t stop = last.rfind(kStop);
  last = stop == std::string_view::npos ? last : last.substr(stop + kStop.size());
  std::size_t at = last.size();
  while (at > 0 && (static_cast<unsigned char>(last[--at]) & 0xC0u) == 0x80u) {
  }
  const char32_t end = next_code_point(last, at);
  return count_code_points(last) >= kLineMin && is_cjk(end) && is_word_code_point(end);
}

bool is_inflection(std::string_view rest) {
  constexpr auto kEndings = std::to_array<std::string_view>(
      {"s",    "es",   "ed",    "d",   "er",   "ers",  "ly",  "en",   "n",     "em",
       "e",    "st",   "te",    "t",   "al",   "r",    "ing", "ion",  "ions",  "est",
       "ten",  "ung",  "ungen", "os",  "as",   "o",    "a",   "ment", "ments", "ies",
       "able", "ness", "ern",   "ern", "chen", "lich", "isch"});
  return is_one_of(rest, kEndings);
}

/// A run of letters, digits and marks that identifiers hold, at the end of a text.
std::string_view last_token(std::string_view body) {
  std::size_t start = body.size();
  while (start > 0 && (is_alnum(body[start - 1]) || body[start - 1] == '_' ||
                       static_cast<unsigned char>(body[start - 1]) >= 0x80)) {
    --start;
  }
  return body.substr(start);
}

/// Whether the last word of `body` is the beginning of a longer one of the run.
bool is_fragment(const TraceView& view, FieldId output, std::string_view body) {
  constexpr std::size_t kBytesMin = 2;
  constexpr std::size_t kBytesMax = 60;
  const std::string last = fold_case(last_token(body));
  if (last.size() < kBytesMin || last.size() > kBytesMax) {
    return false;
  }
  const std::string_view rest = trim(body.substr(0, body.size() - last_token(body).size()));
  const std::string before = fold_case(last_token(rest));
  bool longer = false;
  for (FieldId id = 0; id < view.fields().size(); ++id) {
    const TextField& field = view.field(id);
    if (id == output || field.superseded) {
      continue;
    }
    const std::string text = fold_case(field.text);
    for (std::size_t at = text.find(last); at != std::string::npos; at = text.find(last, at + 1)) {
      const auto inside = [&text](std::size_t place) {
        return place < text.size() && (is_alnum(text[place]) || text[place] == '_' ||
                                       static_cast<unsigned char>(text[place]) >= 0x80);
      };
      if (at > 0 && inside(at - 1)) {
        continue;
      }
      std::size_t end = at + last.size();
      if (!inside(end)) {
        return false;  // it stands by itself
      }
      while (inside(end)) {
        ++end;
      }
      const std::string_view suffix(text.data() + at + last.size(), end - at - last.size());
      const bool follows = !before.empty() && at > before.size() &&
                           text.compare(at - 1 - before.size(), before.size(), before) == 0;
      longer = longer || follows || (suffix.size() >= 2 && !is_inflection(suffix));
    }
  }
  return longer;
}

}  // namespace

std::optional<Span> open_end_of(const TraceView& view, FieldId field) {
  const std::string_view text = view.field(field).text;
  const std::string_view body = trim(text);
  constexpr std::size_t kBytesMin = 16;
  if (body.size() < kBytesMin) {
    return std::nullopt;
  }
  const auto offset = static_cast<std::size_t>(body.data() - text.data());
  const auto from = [&](std::size_t at) { return Span{field, offset + at, offset + body.size()}; };
  std::size_t fences = 0;
  std::size_t last_fence = 0;
  for (std::size_t at = body.find("```"); at != std::string_view::npos;
       at = body.find("```", at + 3)) {
    ++fences;
    last_fence = at;
  }
  if (fences > 0) {
    return fences % 2 == 1 ? std::optional(from(last_fence)) : std::nullopt;
  }
  if (const auto at = open_bracket(body)) {
    return from(*at);
  }
  const char last = body.back();
  if (last == ',' || last == '(' || last == '[' || last == '{') {
    return from(body.size() - 1);
  }
  if ((is_open_particle(body) && closes_sentences(body)) || breaks_off_in_cjk(body)) {
    return from(body.size() - 3);
  }
  const std::string_view word = last_token(body);
  if (word.empty()) {
    return std::nullopt;
  }
  const std::size_t start = body.size() - word.size();
  const std::string folded = fold_case(word);
  const std::string before = fold_case(last_token(trim(body.substr(0, start))));
  const bool in_prose = start > 0 && is_space(body[start - 1]) && body.find(' ') < start;
  constexpr std::size_t kProseMin = 30;
  if (in_prose && body.size() >= kProseMin && !is_upper(word.front()) &&
      (never_ends(folded) ||
       (seldom_ends(folded) && !may_end_before(before, folded) && closes_sentences(body)))) {
    return from(start);
  }
  const bool listed =
      body.rfind("\n- ") != std::string_view::npos || body.rfind("\n* ") != std::string_view::npos;
  constexpr std::size_t kLongMin = 80;
  const bool long_prose = body.size() >= kLongMin && body.find_first_of(",:") < start;
  if ((closes_sentences(body) || listed || long_prose) && is_fragment(view, field, body)) {
    return from(start);
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
