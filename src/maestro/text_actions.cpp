#include "maestro/text_actions.h"

#include <algorithm>
#include <array>
#include <span>

#include "maestro/text.h"
#include "maestro/text_action_senses.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kWordsMax = 2'000;

// Words that carry no meaning of their own; sorted when compiled.
constexpr auto kEmptyWords = [] {
  auto words = std::to_array<std::string_view>({"exists",     "exist",     "works",
                                                "fits",       "comes",     "come",
                                                "happens",    "occurs",    "whether",
                                                "a",          "an",        "the",
                                                "and",        "or",        "of",
                                                "to",         "in",        "on",
                                                "at",         "by",        "for",
                                                "from",       "with",      "without",
                                                "into",       "as",        "is",
                                                "are",        "was",       "were",
                                                "be",         "been",      "being",
                                                "has",        "have",      "had",
                                                "do",         "does",      "did",
                                                "not",        "no",        "never",
                                                "must",       "may",       "can",
                                                "could",      "should",    "shall",
                                                "will",       "would",     "might",
                                                "need",       "needs",     "it",
                                                "its",        "this",      "that",
                                                "these",      "those",     "there",
                                                "they",       "them",      "their",
                                                "he",         "she",       "his",
                                                "her",        "him",       "you",
                                                "your",       "we",        "our",
                                                "us",         "i",         "my",
                                                "me",         "any",       "all",
                                                "each",       "every",     "both",
                                                "some",       "only",      "also",
                                                "first",      "then",      "again",
                                                "back",       "out",       "up",
                                                "off",        "down",      "over",
                                                "before",     "after",     "until",
                                                "unless",     "if",        "when",
                                                "once",       "always",    "please",
                                                "agent",      "assistant", "tool",
                                                "tools",      "call",      "called",
                                                "calls",      "calling",   "use",
                                                "used",       "using",     "uses",
                                                "take",       "taken",     "taking",
                                                "new",        "valid",     "correct",
                                                "right",      "definite",  "explicit",
                                                "explicitly", "express",   "whole",
                                                "final",      "finally",   "run",
                                                "runs",       "running",   "ran",
                                                "than",       "more",      "most",
                                                "least",      "less",      "who",
                                                "what",       "which",     "whose",
                                                "where",      "how",       "so",
                                                "such",       "too",       "very",
                                                "just",       "about",     "above",
                                                "below",      "under",     "between",
                                                "per",        "via",       "its",
                                                "own",        "other",     "others",
                                                "one",        "two",       "three",
                                                "perform",    "performed", "proceed",
                                                "done",       "doing",     "kept",
                                                "keep",       "that's",    "against",
                                                "however",    "given",     "made",
                                                "having",     "obtain",    "obtained",
                                                "second",     "same",      "actually",
                                                "step",       "steps",     "successfully",
                                                "successful", "der",       "die",
                                                "das",        "den",       "dem",
                                                "des",        "ein",       "eine",
                                                "einen",      "einem",     "einer",
                                                "eines",      "und",       "oder",
                                                "von",        "vom",       "zu",
                                                "zum",        "zur",       "im",
                                                "am",         "an",        "auf",
                                                "aus",        "bei",       "beim",
                                                "mit",        "nach",      "vor",
                                                "für",        "ohne",      "über",
                                                "ist",        "sind",      "war",
                                                "waren",      "wird",      "werden",
                                                "wurde",      "wurden",    "worden",
                                                "hat",        "haben",     "hatte",
                                                "muss",       "müssen",    "soll",
                                                "sollen",     "darf",      "dürfen",
                                                "kann",       "lässt",     "sich",
                                                "nicht",      "kein",      "keine",
                                                "keinen",     "keiner",    "keinem",
                                                "nie",        "niemals",   "nur",
                                                "erst",       "bevor",     "ehe",
                                                "nachdem",    "wenn",      "falls",
                                                "bis",        "dass",      "er",
                                                "sie",        "es",        "ihr",
                                                "ihre",       "seine",     "ausdrücklich",
                                                "erneut",     "noch",      "schon",
                                                "bereits",    "immer",     "alle",
                                                "jede",       "jeder",     "jedes",
                                                "vorher",     "zuvor",     "assistent",
                                                "el",         "la",        "los",
                                                "las",        "un",        "una",
                                                "unos",       "unas",      "lo",
                                                "al",         "del",       "de",
                                                "en",         "con",       "sin",
                                                "por",        "para",      "y",
                                                "o",          "e",         "que",
                                                "se",         "su",        "sus",
                                                "ser",        "es",        "son",
                                                "fue",        "ha",        "han",
                                                "haber",      "haya",      "hayan",
                                                "sido",       "debe",      "deben",
                                                "puede",      "antes",     "después",
                                                "despues",    "tras",      "solo",
                                                "sólo",       "ni",        "nunca",
                                                "expreso",    "expresa",   "cada",
                                                "todo",       "todos",     "toda",
                                                "todas",      "si",        "salvo",
                                                "le",         "les",       "du",
                                                "et",         "ou",        "est",
                                                "sont",       "été",       "avoir",
                                                "être",       "avant",     "après",
                                                "sans",       "ne",        "pas",
                                                "jamais",     "une",       "dans",
                                                "sur",        "pour",      "par",
                                                "avec",       "qui",       "sa",
                                                "son",        "il",        "elle",
                                                "os",         "um",        "uma",
                                                "do",         "da",        "dos",
                                                "das",        "no",        "na",
                                                "nos",        "nas",       "não",
                                                "em",         "com",       "sem",
                                                "ao",         "depois",    "ter",
                                                "sido"});
  std::sort(words.begin(), words.end());
  return words;
}();

bool is_empty_word(std::string_view word) {
  return std::binary_search(kEmptyWords.begin(), kEmptyWords.end(), word);
}

struct Entry {
  std::string_view word;
  std::uint16_t sense = 0;
  bool prefix = false;
  bool cjk = false;
};

/// The vocabulary, sorted by word. Built once, at the first use; never changed.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries = [] {
    std::vector<Entry> all;
    const auto list = senses();
    for (std::size_t sense = 1; sense < list.size(); ++sense) {
      std::string_view rest = list[sense].words;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word.empty()) {
          continue;
        }
        Entry entry;
        entry.sense = static_cast<std::uint16_t>(sense);
        entry.prefix = word.ends_with('*');
        entry.word = entry.prefix ? word.substr(0, word.size() - 1) : word;
        std::size_t pos = 0;
        entry.cjk = next_code_point(entry.word, pos) >= 0x3040;
        all.push_back(entry);
      }
    }
    std::stable_sort(
        all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.word < b.word; });
    return all;
  }();
  return kEntries;
}

std::size_t bucket_of(std::string_view word) {
  return static_cast<unsigned char>(word[0]) * std::size_t{256} +
         static_cast<unsigned char>(word[1]);
}

/// The entries that begin with the same two bytes as `text`; most words have none.
std::span<const Entry> entries_like(std::string_view text) {
  constexpr std::size_t kBuckets = 65'537;
  static const std::vector<std::uint32_t> kStarts = [] {
    std::vector<std::uint32_t> starts(kBuckets, 0);
    for (const Entry& entry : entries()) {
      ++starts[bucket_of(entry.word) + 1];
    }
    for (std::size_t i = 1; i < kBuckets; ++i) {
      starts[i] += starts[i - 1];
    }
    return starts;
  }();
  if (text.size() < 2) {
    return {};
  }
  const std::size_t bucket = bucket_of(text);
  return std::span(entries()).subspan(kStarts[bucket], kStarts[bucket + 1] - kStarts[bucket]);
}

/// The longest entry that the word is, or begins with; of at least `least` bytes, and at most
/// `ending` bytes shorter.
const Entry* find_form(std::string_view word, std::size_t least, std::size_t ending) {
  const Entry* best = nullptr;
  for (const Entry& entry : entries_like(word)) {
    const bool fits = entry.word.size() >= least && word.starts_with(entry.word) &&
                      (entry.word.size() == word.size() ||
                       (entry.prefix && word.size() - entry.word.size() <= ending));
    best = fits && (best == nullptr || entry.word.size() > best->word.size()) ? &entry : best;
  }
  return best;
}

Meaning meaning_of_sense(std::uint16_t sense) { return {sense, senses()[sense].deed}; }

bool has_mark(const Meaning& meaning, std::uint16_t mark) {
  return (senses()[meaning.sense].marks & mark) != 0;
}

/// A compound means what its head means: "Folgerezept", "Laufwerkseigners".
Meaning meaning_of_head(std::string_view word) {
  constexpr std::size_t kHeadMin = 6;
  constexpr std::size_t kEndingMax = 2;
  constexpr std::size_t kWordMax = 40;
  for (std::size_t at = 3; at + kHeadMin <= word.size() && word.size() <= kWordMax; ++at) {
    if (const Entry* entry = find_form(word.substr(at), kHeadMin, kEndingMax)) {
      return meaning_of_sense(entry->sense);
    }
  }
  return {};
}

Meaning meaning_of(std::string_view word) {
  const Entry* entry = find_form(word, 1, word.size());
  return entry != nullptr ? meaning_of_sense(entry->sense) : meaning_of_head(word);
}

enum class Script : std::uint8_t { none, latin, kanji, kana };

Script script_of(char32_t code) {
  if (code == '\'' || code == 0x2019) {
    return Script::none;
  }
  if (code < 0x2E80) {
    return is_word_code_point(code) && code != '_' ? Script::latin : Script::none;
  }
  if (code >= 0x3040 && code <= 0x309F) {
    return Script::kana;
  }
  return is_word_code_point(code) ? Script::kanji : Script::none;  // katakana goes with it
}

/// Reads the words of a text, one run of letters after the other.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  std::vector<ActionWord> run() {
    while (pos_ < text_.size() && out_.size() < kWordsMax) {
      const std::size_t start = pos_;
      std::size_t next = pos_;
      const Script script = script_of(next_code_point(text_, next));
      if (script == Script::none) {
        pos_ = next;
      } else if (script == Script::latin) {
        take_latin(start);
      } else {
        take_cjk(start);
      }
    }
    return std::move(out_);
  }

 private:
  /// A run of letters and digits; breaks at a hump of camel case.
  void take_latin(std::size_t start) {
    char32_t before = 0;
    while (pos_ < text_.size()) {
      std::size_t next = pos_;
      const char32_t code = next_code_point(text_, next);
      const bool hump = before >= 'a' && before <= 'z' && code >= 'A' && code <= 'Z';
      if (script_of(code) != Script::latin || hump) {
        break;
      }
      before = code;
      pos_ = next;
    }
    const std::string folded = fold_case(text_.substr(start, pos_ - start));
    const bool digits = std::all_of(folded.begin(), folded.end(), is_digit);
    if (digits || folded.size() < 2) {
      return;
    }
    const Meaning meaning = meaning_of(folded);
    if (meaning.sense != 0 || !is_empty_word(folded)) {
      push(folded, start, meaning);
    }
  }

  /// Where a word of the vocabulary stands, that; else the letters up to the next such word, where
  /// they are no mere endings.
  void take_cjk(std::size_t start) {
    if (const Entry* entry = entry_at(start)) {
      pos_ = start + entry->word.size();
      push(std::string(entry->word), start, meaning_of_sense(entry->sense));
      return;
    }
    std::size_t kanji = 0;
    while (pos_ < text_.size()) {
      std::size_t next = pos_;
      const Script script = script_of(next_code_point(text_, next));
      if (script != Script::kanji || (pos_ > start && entry_at(pos_) != nullptr)) {
        break;
      }
      ++kanji;
      pos_ = next;
    }
    if (kanji == 0) {  // an ending in kana
      static_cast<void>(next_code_point(text_, pos_));
    } else if (kanji >= 2) {
      push(std::string(text_.substr(start, pos_ - start)), start, {});
    }
  }

  [[nodiscard]] const Entry* entry_at(std::size_t start) const {
    const std::string_view rest = text_.substr(start);
    const Entry* best = nullptr;
    for (const Entry& entry : entries_like(rest)) {
      const bool fits = entry.cjk && rest.starts_with(entry.word);
      best = fits && (best == nullptr || entry.word.size() > best->word.size()) ? &entry : best;
    }
    return best;
  }

  void push(std::string text, std::size_t start, Meaning meaning) {
    ActionWord word;
    word.start = static_cast<std::uint32_t>(start);
    word.end = static_cast<std::uint32_t>(pos_);
    word.meaning = meaning;
    word.plural = meaning.sense != 0 && text.size() > 3 && text.ends_with('s') &&
                  !text.ends_with("ss") && has_mark(meaning, sense_mark::thing);
    word.text = std::move(text);
    out_.push_back(std::move(word));
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::vector<ActionWord> out_;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0x80u) == 0;
  });
}

/// Forms of one stem: "partition", "partitions"; "verordnen", "verordnung".
bool same_stem_of_text(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  const std::size_t longer = std::max(a.size(), b.size());
  std::size_t common = 0;
  while (common < shorter && a[common] == b[common]) {
    ++common;
  }
  constexpr std::size_t kEndingMax = 3;
  if (common == shorter && shorter >= 3) {
    return longer - shorter <= (shorter >= 4 ? kEndingMax : 1);
  }
  constexpr std::size_t kStemMin = 5;
  return common >= kStemMin && longer - common <= kEndingMax;
}

/// "Folgerezept" and "Rezept", "verordnungsregeln" and "regeln".
bool is_compound(std::string_view longer, std::string_view shorter) {
  constexpr std::size_t kPartMin = 5;
  if (!is_ascii(longer) && longer.size() > shorter.size() && shorter.size() >= 6 &&
      !is_ascii(shorter)) {
    return longer.find(shorter) != std::string_view::npos;  // 教材検索, 教材
  }
  return shorter.size() >= kPartMin && longer.size() >= shorter.size() + 3 &&
         (longer.ends_with(shorter) || longer.starts_with(shorter));
}

}  // namespace

bool is_any_change(const Meaning& meaning) { return has_mark(meaning, sense_mark::any); }
bool is_whatever(const Meaning& meaning) { return has_mark(meaning, sense_mark::whatever); }
bool is_also_a_thing(const Meaning& meaning) { return has_mark(meaning, sense_mark::thing); }
bool is_handling(const Meaning& meaning) { return has_mark(meaning, sense_mark::crud); }
bool is_consent(const Meaning& meaning) { return has_mark(meaning, sense_mark::consent); }
bool is_person(const Meaning& meaning) { return has_mark(meaning, sense_mark::person); }
bool is_result(const Meaning& meaning) { return has_mark(meaning, sense_mark::result); }
bool is_amount(const Meaning& meaning) { return has_mark(meaning, sense_mark::amount); }
bool is_looked_up(const Meaning& meaning) { return has_mark(meaning, sense_mark::facts); }
bool is_time_slot(const Meaning& meaning) { return has_mark(meaning, sense_mark::time_slot); }
bool is_look(const Meaning& meaning) { return has_mark(meaning, sense_mark::look); }

std::vector<ActionWord> action_words(std::string_view text) { return WordReader(text).run(); }

bool same_action_word(const ActionWord& a, const ActionWord& b) {
  if (a.meaning.sense != 0 && b.meaning.sense != 0) {
    return a.meaning.sense == b.meaning.sense;
  }
  if (a.text == b.text || same_stem_of_text(a.text, b.text)) {
    return true;
  }
  return a.text.size() >= b.text.size() ? is_compound(a.text, b.text) : is_compound(b.text, a.text);
}

Deed deed_of_tool(std::string_view name) {
  const std::size_t dot = name.find_last_of(".:/");  // "stock.reserve", "coupons.issue"
  if (dot != std::string_view::npos && dot + 1 < name.size()) {
    if (const Deed deed = deed_of_tool(name.substr(dot + 1)); deed != Deed::none) {
      return deed;
    }
  }
  const std::string folded = fold_case(name);
  for (const std::string_view person : {"human", "handoff", "hand_off", "live_agent", "operator"}) {
    if (folded.find(person) != std::string::npos) {
      return Deed::speak;  // hands the conversation over; nothing outside changes
    }
  }
  std::vector<ActionWord> words = action_words(name);
  constexpr std::array<std::string_view, 4> kServices = {"git", "gh", "github", "gitlab"};
  if (words.size() > 1 &&
      std::find(kServices.begin(), kServices.end(), words.front().text) != kServices.end()) {
    words.erase(words.begin());  // "git_commit"
  }
  if (words.empty()) {
    return Deed::none;
  }
  const auto is_verb = [](const ActionWord& word) {
    return word.meaning.deed != Deed::none && !has_mark(word.meaning, sense_mark::thing);
  };
  const ActionWord& first = words.front();
  const ActionWord& last = words.back();
  const bool crud = has_mark(first.meaning, sense_mark::crud);
  if (words.size() > 1 && has_mark(last.meaning, sense_mark::facts) && !crud) {
    return Deed::observe;  // "cancel_policy", "refund_status"
  }
  if (first.meaning.deed == Deed::observe && is_consent(first.meaning)) {
    return Deed::change;  // "confirm_booking"
  }
  const bool opens = first.text == "open" && words.size() > 1;
  constexpr std::array<std::string_view, 9> kOpened = {
      "page", "url", "file", "doc", "document", "session", "link", "site", "website"};
  if (opens && std::find(kOpened.begin(), kOpened.end(), last.text) != kOpened.end()) {
    return Deed::observe;
  }
  if (is_verb(first) || (crud && !first.plural && words.size() > 1)) {
    const bool searched = is_verb(last) && last.meaning.deed == Deed::observe;
    return crud && !is_verb(first) && searched ? Deed::observe : first.meaning.deed;
  }
  if (words.size() > 1 && has_mark(last.meaning, sense_mark::crud) && !last.plural) {
    return last.meaning.deed;  // "an_apotheke_senden"
  }
  if (words.size() > 1 && is_verb(last)) {
    return last.meaning.deed;
  }
  if (first.meaning.deed != Deed::none && !first.plural) {
    return first.meaning.deed;
  }
  const auto verb = std::find_if(words.begin(), words.end(), is_verb);
  if (verb != words.end()) {
    return verb->meaning.deed;
  }
  return last.meaning.deed == Deed::observe ? Deed::observe : Deed::none;
}

}  // namespace infinium::maestro
