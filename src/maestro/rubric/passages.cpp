#include <algorithm>
#include <array>
#include <bit>

#include "base/hash.h"
#include "maestro/rubric/retrieve.h"
#include "maestro/text.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPassagesAWordMax = 64;
constexpr std::size_t kTermsMax = 200;

// Words that say how to work or bind a sentence, not what the work is about.
constexpr auto kEmptyWords =
    word_set({"a",        "about",     "above",    "accurate", "after",     "all",     "also",
              "am",       "an",        "and",      "any",      "are",       "as",      "at",
              "back",     "be",        "been",     "before",   "being",     "both",    "but",
              "by",       "calculate", "can",      "clear",    "clearly",   "compute", "contain",
              "contains", "correct",   "could",    "create",   "determine", "did",     "do",
              "does",     "each",      "every",    "find",     "following", "for",     "from",
              "generate", "get",       "give",     "given",    "gives",     "had",     "has",
              "have",     "he",        "her",      "his",      "how",       "i",       "if",
              "in",       "include",   "included", "includes", "into",      "is",      "it",
              "its",      "list",      "lists",    "make",     "me",        "must",    "my",
              "no",       "not",       "of",       "on",       "one",       "only",    "or",
              "our",      "out",       "per",      "please",   "prepare",   "produce", "provide",
              "report",   "reported",  "return",   "shall",    "she",       "should",  "show",
              "so",       "some",      "state",    "states",   "such",      "tell",    "than",
              "that",     "the",       "their",    "them",     "then",      "there",   "these",
              "they",     "this",      "those",    "to",       "under",     "up",      "us",
              "use",      "used",      "user",     "using",    "was",       "we",      "well",
              "were",     "what",      "when",     "where",    "which",     "who",     "will",
              "with",     "without",   "would",    "write",    "written",   "you",     "your",
              "aus",      "bei",       "das",      "dem",      "den",       "der",     "des",
              "die",      "ein",       "eine",     "einen",    "er",        "für",     "im",
              "ist",      "mit",       "muss",     "nicht",    "oder",      "sie",     "sind",
              "soll",     "und",       "von",      "wird",     "zu",        "zum",     "zur",
              "al",       "con",       "de",       "del",      "debe",      "el",      "en",
              "es",       "la",        "las",      "los",      "para",      "por",     "que",
              "se",       "un",        "una",      "y",        "au",        "avec",    "dans",
              "doit",     "du",        "et",       "est",      "le",        "les",     "pour",
              "sur",      "une"});

// Words that only frame what is asked for: the document, its reader, the telling; sorted.
constexpr auto kFrameWords = word_set({"answer",
                                       "answers",
                                       "asked",
                                       "client",
                                       "closing",
                                       "confirmation",
                                       "correctly",
                                       "customer",
                                       "exactly",
                                       "final",
                                       "finished",
                                       "guest",
                                       "informed",
                                       "mention",
                                       "mentioned",
                                       "mentions",
                                       "message",
                                       "name",
                                       "named",
                                       "names",
                                       "note",
                                       "output",
                                       "passed",
                                       "patient",
                                       "recipient",
                                       "reminded",
                                       "reply",
                                       "response",
                                       "right",
                                       "said",
                                       "say",
                                       "says",
                                       "stated",
                                       "summary",
                                       "text",
                                       "tells",
                                       "told",
                                       "tenant",
                                       "advised",
                                       "bullet",
                                       "bullets",
                                       "point",
                                       "points",
                                       "words",
                                       "sentences",
                                       "paragraphs",
                                       "antwort",
                                       "nachricht",
                                       "schlussnachricht",
                                       "zusammenfassung",
                                       "kunde",
                                       "kunden",
                                       "genannt",
                                       "angegeben",
                                       "bestätigung",
                                       "bericht",
                                       "respuesta",
                                       "resumen",
                                       "mensaje",
                                       "cliente",
                                       "clienta",
                                       "indica",
                                       "indican",
                                       "incluye",
                                       "menciona",
                                       "informe",
                                       "réponse",
                                       "résumé",
                                       "indique",
                                       "mentionne",
                                       "resposta",
                                       "resumo",
                                       "mensagem"});

constexpr auto kRefusals = std::to_array<std::string_view>(
    {"could not",         "couldn't",     "unable to",    "was not able",   "were not able",
     "not been able",     "failed to",    "cannot",       "can't",          "not possible",
     "don't have access", "no access to", "konnte nicht", "konnte leider",  "konnten nicht",
     "nicht möglich",     "no pude",      "no he podido", "no fue posible", "n'ai pas pu",
     "impossible de",     "できません",   "できなかった"});

constexpr auto kHedges = std::to_array<std::string_view>({"simulated",
                                                          "hypothetical",
                                                          "placeholder",
                                                          "i assume",
                                                          "i assumed",
                                                          "assuming",
                                                          "i believe",
                                                          "it appears",
                                                          "it seems",
                                                          "probably",
                                                          "presumably",
                                                          "vermutlich",
                                                          "wahrscheinlich",
                                                          "probablemente",
                                                          "supongo",
                                                          "sans doute",
                                                          "おそらく"});

constexpr std::size_t kUsesAKeyMax = 64;

std::string_view without_suffix(std::string_view word) {
  for (const std::string_view suffix : {"ing", "ed", "es", "s"}) {
    if (word.size() > suffix.size() + 3 && word.ends_with(suffix)) {
      word.remove_suffix(suffix.size());
      break;
    }
  }
  if (word.size() > 4 && (word.back() == 'e' || word.back() == 'y' || word.back() == 'i')) {
    word.remove_suffix(1);
  }
  return word;
}

bool is_frame(std::string_view folded) { return kFrameWords.find(folded) != nullptr; }

bool has_meaning(char32_t code) {  // kanji and katakana; hiragana binds
  return (code >= 0x30A0 && code <= 0x30FF) || (code >= 0x3400 && code <= 0x9FFF);
}

/// Calls `use(word)` for each word, folded; of Chinese and Japanese for each pair of letters that
/// stand together, as words are not set apart there.
template <class F>
void for_each_term(std::string_view text, F use) {
  char32_t before = 0;
  std::size_t before_start = 0;
  std::size_t before_end = 0;
  for (const Word& word : find_words(text)) {
    std::size_t at = word.start;
    const char32_t code = next_code_point(text, at);
    if (!is_cjk(code)) {
      use(fold_case(text.substr(word.start, word.end - word.start)));
      before = 0;
      continue;
    }
    if (before != 0 && before_end == word.start && has_meaning(code)) {
      use(std::string(text.substr(before_start, word.end - before_start)));
    }
    before = has_meaning(code) ? code : 0;
    before_start = word.start;
    before_end = word.end;
  }
}

/// What words of one stem begin with: four letters, or two of Chinese and Japanese.
std::string_view opening_of(std::string_view folded) {
  const bool wide = !folded.empty() && static_cast<unsigned char>(folded.front()) >= 0xE3;
  return prefix_of(folded, wide ? 6 : 4);
}

bool ends_passage(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\n') {
    return true;
  }
  const bool mark = c == '.' || c == '!' || c == '?';
  const bool wide = c == '\x82' && at >= 2 && text.substr(at - 2, 3) == "。";
  return wide || (mark && (at + 1 == text.size() || is_space(text[at + 1])));
}

}  // namespace

std::uint64_t stem_of(std::string_view word) {
  if (word.size() < 2 || kEmptyWords.find(word) != nullptr) {
    return 0;
  }
  return fnv1a(without_suffix(word));
}

Passages::Passages(const TraceView& view) : view_(view) {
  for (const FieldId field : view.delivered()) {
    add_field(field, true);
  }
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && step.input) {
      add_field(*step.input, false);
    }
    if (step.kind == StepKind::tool && !step.failed && !step.changes_state) {
      add_look_up(step);
    }
  }
  refusal_ = find_sentence_with(view, kRefusals);
  hedge_ = find_sentence_with(view, kHedges);
}

void Passages::add_look_up(const StepView& step) {
  constexpr std::size_t kShortMax = 60;
  for (const Argument& argument : step.arguments) {
    const std::string folded = fold_case(argument.value);
    for (std::size_t at = 0; at < folded.size();) {
      std::size_t end = at;
      while (end < folded.size() && (is_letter(folded[end]) || (folded[end] & 0x80) != 0)) {
        ++end;
      }
      if (end > at) {
        parts_.try_emplace(fnv1a(std::string_view(folded).substr(at, end - at)),
                           Use{&step, &argument});
      }
      at = end + 1;
    }
    const std::uint64_t key = argument.key.size() >= 3 ? stem_of(argument.key) : 0;
    if (key != 0 && !argument.value.empty() && argument.value.size() <= kShortMax) {
      auto& uses = by_key_[key];
      if (uses.size() < kUsesAKeyMax) {
        uses.push_back({&step, &argument});
      }
    }
  }
}

const Passages::Use* Passages::look_up_with(std::string_view folded_part) const {
  const auto found = parts_.find(fnv1a(folded_part));
  return found == parts_.end() ? nullptr : &found->second;
}

std::span<const Passages::Use> Passages::look_ups_by(std::uint64_t key_stem) const {
  const auto found = by_key_.find(key_stem);
  return found == by_key_.end() ? std::span<const Use>() : std::span<const Use>(found->second);
}

void Passages::add_field(FieldId field, bool delivered) {
  const std::string_view text = view_.field(field).text;
  for (const ValueToken& value : view_.values(field)) {
    (delivered ? values_ : argued_).insert(value.key);
    kinds_ |= delivered ? 1u << static_cast<unsigned>(value.kind) : 0;
  }
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (ends_passage(text, at)) {
      add_passage({field, start, at + 1}, delivered);
      start = at + 1;
    }
  }
  add_passage({field, start, text.size()}, delivered);
}

void Passages::add_passage(const Span& at, bool delivered) {
  const std::string_view text = view_.text(at);
  const auto number = static_cast<std::uint32_t>(passages_.size());
  bool any = false;
  for_each_term(text, [&](const std::string& folded) {
    any = add_word(folded, number, delivered) || any;
    // A column's name speaks of its parts: `net_eur`.
    for (std::size_t from = 0; folded.find('_') != std::string::npos && from < folded.size();) {
      const std::size_t to = std::min(folded.find('_', from), folded.size());
      any = add_word(std::string_view(folded).substr(from, to - from), number, delivered) || any;
      from = to + 1;
    }
  });
  if (any) {
    passages_.push_back({at, delivered});
  }
}

bool Passages::delivers_like(std::string_view folded) const {
  return openings_.contains(fnv1a(opening_of(folded)));
}

bool Passages::add_word(std::string_view folded, std::uint32_t passage, bool delivered) {
  if (delivered) {
    openings_.insert(fnv1a(opening_of(folded)));
  }
  const std::uint64_t stem = stem_of(folded);
  if (stem == 0) {
    return false;
  }
  const auto [at, is_new] = words_.try_emplace(stem);
  Posting& posting = at->second;
  posting.delivered = posting.delivered || delivered;
  posting.acted = posting.acted || !delivered;
  if (is_new) {
    posting.first = passage;
    posting.count = 1;
    return true;
  }
  const bool repeated =
      (posting.further.empty() ? posting.first : posting.further.back()) == passage;
  posting.count += repeated ? 0 : 1;
  if (!repeated && posting.further.size() + 1 < kPassagesAWordMax) {
    posting.further.push_back(passage);
  }
  return true;
}

std::vector<Passages::Term> Passages::terms_of(std::string_view text, bool framed) const {
  std::vector<Term> terms;
  for_each_term(text, [&](const std::string& folded) {
    const std::uint64_t stem = framed && is_frame(folded) ? 0 : stem_of(folded);
    const bool known = std::any_of(
        terms.begin(), terms.end(), [&](const Term& term) { return term.stem == stem; });
    if (stem == 0 || known || terms.size() >= kTermsMax) {
      return;
    }
    const auto found = words_.find(stem);
    if (found == words_.end()) {
      terms.push_back({stem, 5, false, false, folded});
    } else {
      const int rank = std::min(7, static_cast<int>(std::bit_width(found->second.count)));
      terms.push_back({stem, 8.0 - rank, found->second.delivered, found->second.acted, folded});
    }
  });
  return terms;
}

Passages::Best Passages::best_for(const std::vector<Term>& terms) const {
  std::unordered_map<std::uint32_t, double> shares;
  double total = 0;
  for (const Term& term : terms) {
    total += term.weight;
    const auto found = words_.find(term.stem);
    if (found != words_.end()) {
      shares[found->second.first] += term.weight;
      for (const std::uint32_t passage : found->second.further) {
        shares[passage] += term.weight;
      }
    }
  }
  Best best;
  for (const auto& [number, share] : shares) {
    // What was handed over shows more than what was asked of a tool in the same words.
    const Passage& passage = passages_[number];
    const double rank = passage.delivered ? 2 * share : share;
    if (best.passage == nullptr || rank > best.share ||
        (rank == best.share && &passage < best.passage)) {
      best = {&passage, rank};
    }
  }
  if (best.passage != nullptr && best.passage->delivered) {
    best.share /= 2;
  }
  best.share = total > 0 ? best.share / total : 0;
  return best;
}

}  // namespace infinium::maestro
