#include "maestro/findings/row_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kCellBytesMax = 60;
constexpr std::size_t kCellsMax = 60;

bool is_switch(std::string_view value, bool on) {
  const std::string folded = fold_case(value);
  constexpr std::array<std::string_view, 7> kOn = {"true", "yes", "ja", "sí", "si", "oui", "sim"};
  constexpr std::array<std::string_view, 8> kOff = {
      "false", "no", "nein", "non", "não", "null", "none", "0"};
  return on ? std::find(kOn.begin(), kOn.end(), folded) != kOn.end()
            : std::find(kOff.begin(), kOff.end(), folded) != kOff.end();
}

bool is_wide(std::string_view text) {
  std::size_t pos = 0;
  return !text.empty() && static_cast<unsigned char>(text.front()) >= 0x80 &&
         is_cjk(next_code_point(text, pos));
}

bool is_end_of_sentence(char c) {
  return std::string_view(".!?:;,\n").find(c) != std::string_view::npos;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const Word& word : find_words(text)) {
    words.push_back(fold_case(text.substr(word.start, word.end - word.start)));
  }
  return words;
}

/// Words of `text` that `other` lacks and that say something: three letters, no number.
std::vector<std::string> own_words(std::string_view text, std::string_view other) {
  const std::vector<std::string> theirs = words_of(other);
  std::vector<std::string> own;
  for (std::string& word : words_of(text)) {
    const bool says_something =
        word.size() >= 3 && std::none_of(word.begin(), word.end(), is_digit);
    if (says_something && std::find(theirs.begin(), theirs.end(), word) == theirs.end()) {
      own.push_back(std::move(word));
    }
  }
  return own;
}

/// Whether a value can be named at all, and whether its looks alone make a chance hit unlikely.
struct Looks {
  bool nameable = false;
  bool strong = false;
};

Looks looks_of(const Cell& cell) {
  const std::string_view value = trim(cell.value);
  const std::size_t letters = count_code_points(value);
  if (value.empty() || value.size() > kCellBytesMax || is_switch(value, true) ||
      is_switch(value, false)) {
    return {};
  }
  const std::size_t digits =
      static_cast<std::size_t>(std::count_if(value.begin(), value.end(), is_digit));
  if (unit_of_word(value) != Unit::none || currency_of_word(value) != Currency::any) {
    return {};
  }
  if (cell.is_number) {
    const bool id = digits == value.size() && digits >= 3 && is_id_key(cell.key);
    const bool exact = digits >= 4 && digits < value.size();  // 305.45
    return {id || exact, id || exact};
  }
  if (is_wide(value)) {
    return {letters >= 2, letters >= 2};
  }
  if (day_of(value)) {
    return {true, false};
  }
  if (digits > 0) {
    const bool id = digits >= 3 && value.find(' ') == std::string_view::npos;
    return {letters >= 3, id || !phone_digits(value).empty() || is_upper(value.front())};
  }
  const std::size_t words = find_words(value).size();
  return {letters >= 3, is_upper(value.front()) || words >= 2};
}

}  // namespace

bool is_id_key(std::string_view key) {
  constexpr std::array<std::string_view, 12> kWords = {"id",
                                                       "no",
                                                       "number",
                                                       "nr",
                                                       "code",
                                                       "sku",
                                                       "ref",
                                                       "reference",
                                                       "key",
                                                       "num",
                                                       "numero",
                                                       "kennung"};
  const std::vector<std::string> words = name_words(key);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  });
}

std::vector<RowFit> RowWords::better(std::uint32_t row,
                                     std::uint32_t other,
                                     std::size_t before) const {
  std::vector<RowFit> fits;
  const Row& mine = facts_.rows().rows()[row];
  for (std::size_t i = 0; i < std::min(mine.cells.size(), kCellsMax); ++i) {
    const Rows::Place place{row, mine.cells[i]};
    const Cell& cell = facts_.rows().cell(place);
    if (cell.value.size() > kCellBytesMax) {
      continue;
    }
    const std::optional<Rows::Place> rival = facts_.rows().find(other, cell.key);
    if (!rival || value_key(facts_.rows().cell(*rival).value) == value_key(cell.value)) {
      continue;
    }
    if (auto found = fit(place, *rival, before)) {
      fits.push_back(std::move(*found));
    }
  }
  return fits;
}

std::optional<RowFit> RowWords::fit(const Rows::Place& place,
                                    const Rows::Place& rival,
                                    std::size_t before) const {
  for (const auto find :
       {&RowWords::named_in_full, &RowWords::named_in_part, &RowWords::switched_on}) {
    auto found = (this->*find)(place, rival, before);
    if (found && !is_left_aside(found->asked)) {
      return found;
    }
  }
  return std::nullopt;
}

/// Whether the user's sentence sets things aside or against each other: "Sol's stays", "not the one
/// with the pass", "the medium is too small", "instead of the blue one". Which one of those it
/// names is wanted cannot be read from its words.
bool RowWords::is_left_aside(const Mention& mention) const {
  constexpr auto kBeforeNouns = std::to_array<std::string_view>(
      {"my", "the", "your", "his", "her", "their", "our", "a", "this", "that", "extend", "of"});
  constexpr auto kStay = std::to_array<std::string_view>({"stays",
                                                          "remain",
                                                          "remains",
                                                          "keep",
                                                          "keeps",
                                                          "except",
                                                          "untouched",
                                                          "unchanged",
                                                          "bleibt",
                                                          "bleiben",
                                                          "außer",
                                                          "salvo",
                                                          "excepto",
                                                          "sauf",
                                                          "quedan",
                                                          "queda"});
  constexpr auto kWords = std::to_array<std::string_view>(
      {"not",       "no",      "never",   "don't",     "doesn't", "can't",   "without", "except",
       "but",       "keeps",   "leave",   "instead",   "rather",  "too",     "other",   "another",
       "different", "replace", "swap",    "than",      "wrong",   "already", "unless",  "besides",
       "nicht",     "kein",    "keine",   "ohne",      "außer",   "bleibt",  "statt",   "anstatt",
       "andere",    "anderen", "anderer", "falsch",    "schon",   "sondern", "sin",     "salvo",
       "excepto",   "otro",    "otra",    "demasiado", "pas",     "sauf",    "autre",   "trop",
       "não",       "sem",     "outro",   "outra"});
  constexpr auto kParts = std::to_array<std::string_view>(
      {"ない", "以外", "代わり", "ではなく", "別の", "en vez", "en lugar", "au lieu"});
  const bool by_user = mention.in == AskedIn::user;
  const std::string_view text = facts_.view().field(mention.at.field).text;
  const auto is_end = [text](std::size_t i) {
    return text[i] == '\n' || (std::string_view(".!?;").find(text[i]) != std::string_view::npos &&
                               (i + 1 == text.size() || is_space(text[i + 1])));
  };
  std::size_t from = mention.at.start;
  while (from > 0 && !is_end(from - 1)) {
    --from;
  }
  std::size_t to = mention.at.end;
  while (to < text.size() && !is_end(to)) {
    ++to;
  }
  const std::string sentence = fold_case(text.substr(from, to - from));
  const std::vector<std::string> words = words_of(sentence);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool verb = words[i] == "stay" && i > 0 && !is_one_of(words[i - 1], kBeforeNouns);
    if (verb || is_one_of(words[i], kStay) || (by_user && is_one_of(words[i], kWords))) {
      return true;
    }
  }
  return std::any_of(kParts.begin(), kParts.end(), [&sentence](std::string_view part) {
    return sentence.find(part) != std::string::npos;
  });
}

std::optional<RowFit> RowWords::named_in_full(const Rows::Place& place,
                                              const Rows::Place& rival,
                                              std::size_t before) const {
  const Cell& cell = facts_.rows().cell(place);
  const Looks looks = looks_of(cell);
  if (!looks.nameable) {
    return std::nullopt;
  }
  const std::optional<Mention> mention = facts_.asked().find(cell.value, before);
  if (!mention) {
    return std::nullopt;
  }
  const std::string& theirs = facts_.rows().cell(rival).value;
  const std::optional<Mention> other = facts_.asked().find(theirs, before);
  const bool decided = mention->in == AskedIn::objective && other &&
                       !facts_.asked().find(theirs, before, AskedIn::objective);
  if (other && !decided) {
    return std::nullopt;
  }
  return RowFit{place, rival, *mention, looks.strong || beside_its_key(*mention, cell)};
}

/// "Ferrer" says which of Lucía Ferrer Soler and Lucía Herrero Sáez is meant.
std::optional<RowFit> RowWords::named_in_part(const Rows::Place& place,
                                              const Rows::Place& rival,
                                              std::size_t before) const {
  const Cell& cell = facts_.rows().cell(place);
  const std::string& theirs = facts_.rows().cell(rival).value;
  const bool name =
      !cell.is_number && !cell.value.empty() && find_words(cell.value).size() <= 6 &&
      (is_upper(cell.value.front()) || static_cast<unsigned char>(cell.value.front()) >= 0x80) &&
      !is_wide(cell.value);
  if (!name || theirs.empty() || !looks_of(cell).nameable) {
    return std::nullopt;
  }
  const std::vector<std::string> own = own_words(cell.value, theirs);
  std::optional<Mention> first;
  std::size_t named = 0;
  for (const std::string& word : own) {
    const auto mention = facts_.asked().find(word, before);
    const bool counts = mention && !is_lower(facts_.view().text(mention->at).front()) &&
                        !is_of_another_name(*mention, cell.value);
    named += counts ? 1u : 0u;
    first = !first && counts ? mention : first;
  }
  if (!first || named * 2 < own.size()) {
    return std::nullopt;
  }
  return RowFit{place, rival, *first, true};
}

/// Whether a named word is part of a longer name that is not this one: the Beltrán of "Marta
/// Beltrán" does not name the firm Cristalería Beltrán.
bool RowWords::is_of_another_name(const Mention& mention, std::string_view name) const {
  const std::string_view text = facts_.view().field(mention.at.field).text;
  const std::vector<std::string> words = words_of(name);
  const auto is_foreign = [&](std::string_view word) {
    return !word.empty() && is_upper(word.front()) && word.size() > 1 &&
           std::find(words.begin(), words.end(), fold_case(word)) == words.end();
  };
  std::size_t from = mention.at.start;
  if (from >= 2 && text[from - 1] == ' ' && !is_end_of_sentence(text[from - 2])) {
    const std::size_t blank = text.rfind(' ', from - 2);
    const std::size_t start = blank == std::string_view::npos ? 0 : blank + 1;
    const bool opens = start < 2 || is_end_of_sentence(text[start - 2]);
    if (!opens && is_foreign(text.substr(start, from - 1 - start))) {
      return true;
    }
  }
  const std::size_t to = mention.at.end;
  return to + 1 < text.size() && text[to] == ' ' &&
         is_foreign(text.substr(to + 1, text.find_first_of(" .,;:!?\n", to + 1) - to - 1));
}

/// gas_safe: true against false, where a Gas Safe engineer was asked for.
std::optional<RowFit> RowWords::switched_on(const Rows::Place& place,
                                            const Rows::Place& rival,
                                            std::size_t before) const {
  const Cell& cell = facts_.rows().cell(place);
  if (!is_switch(cell.value, true) || !is_switch(facts_.rows().cell(rival).value, false)) {
    return std::nullopt;
  }
  std::string phrase;
  for (const std::string& word : name_words(cell.key)) {
    phrase += (phrase.empty() ? "" : " ") + word;
  }
  const std::optional<Mention> mention = facts_.asked().find(phrase, before);
  if (!mention || phrase.find(' ') == std::string::npos) {
    return std::nullopt;  // "available" and the like are everyday words
  }
  return RowFit{place, rival, *mention, true};
}

/// "normal width" of a row whose `width` is normal; "healthy" under `health`.
bool RowWords::beside_its_key(const Mention& mention, const Cell& cell) const {
  constexpr std::size_t kReach = 24;
  const std::string_view text = facts_.view().field(mention.at.field).text;
  const std::size_t from = mention.at.start > kReach ? mention.at.start - kReach : 0;
  const std::string_view around =
      text.substr(from, std::min(text.size(), mention.at.end + kReach) - from);
  const std::vector<std::string> keys = name_words(cell.key);
  for (const std::string& word : words_of(around)) {
    for (const std::string& key : keys) {
      if (key.size() >= 4 && word.size() >= 4 && same_stem(word, key)) {
        return true;
      }
    }
  }
  return false;
}

/// A word or value in any of the forms that it may be spoken of ("shirt", "shirts").
std::optional<Mention> RowWords::spoken(std::string_view text,
                                        std::size_t before,
                                        bool in_objective) const {
  const auto find = [&](std::string_view form) {
    return in_objective ? facts_.asked().find(form, before, AskedIn::objective)
                        : facts_.asked().find(form, before);
  };
  if (const auto mention = find(text)) {
    return mention;
  }
  if (find_words(text).size() != 1) {
    return std::nullopt;
  }
  for (const std::string_view ending : {"s", "es", "n", "en"}) {
    const bool has_it = text.ends_with(ending) && text.size() > ending.size() + 3;
    const auto mention = has_it ? find(text.substr(0, text.size() - ending.size()))
                                : find(std::string(text) + std::string(ending));
    if (mention) {
      return mention;
    }
  }
  return std::nullopt;
}

bool RowWords::in_objective(std::string_view value,
                            std::string_view other,
                            std::size_t before) const {
  const auto named = [&](std::string_view text) { return spoken(text, before, true).has_value(); };
  const std::vector<std::string> own = own_words(value, other);
  return named(value) || std::any_of(own.begin(), own.end(), named);
}

bool RowWords::speaks_for(std::uint32_t row, std::uint32_t other, std::size_t before) const {
  const Row& mine = facts_.rows().rows()[row];
  for (std::size_t i = 0; i < std::min(mine.cells.size(), kCellsMax); ++i) {
    const Cell& cell = facts_.rows().cell({row, mine.cells[i]});
    const std::optional<Rows::Place> rival = facts_.rows().find(other, cell.key);
    const std::string theirs = rival ? facts_.rows().cell(*rival).value : std::string();
    if (cell.value.size() > kCellBytesMax || value_key(theirs) == value_key(cell.value)) {
      continue;
    }
    // Where the objective names only the other, the user's words beside it do not count.
    if (in_objective(theirs, cell.value, before) && !in_objective(cell.value, theirs, before)) {
      continue;
    }
    const auto speaks = [&](std::string_view text) {
      return spoken(text, before, false).has_value();
    };
    const std::vector<std::string> own =
        is_wide(cell.value) ? std::vector<std::string>{} : own_words(cell.value, theirs);
    const auto is_meant = [&](const std::string& word) {
      const auto mention = spoken(word, before, false);
      return mention && !is_of_another_name(*mention, cell.value);
    };
    if ((looks_of(cell).nameable && speaks(cell.value)) ||
        std::any_of(own.begin(), own.end(), is_meant)) {
      return true;
    }
  }
  return false;
}

bool RowWords::was_agreed(std::uint32_t chosen, std::uint32_t other, std::size_t before) const {
  const auto steps = facts_.view().steps();
  std::optional<std::size_t> told;
  for (std::size_t i = 0; i < before; ++i) {
    if (steps[i].kind == StepKind::user && told) {
      return true;
    }
    if (steps[i].kind == StepKind::message && !told) {
      told = told_at(chosen, other, i == 0 ? 0 : i - 1, i + 1);
    }
  }
  return false;
}

RowWords::Names RowWords::names_of(std::uint32_t row, std::uint32_t other) const {
  constexpr std::size_t kNamesMax = 12;
  constexpr std::size_t kNameBytesMax = 40;
  Names names;
  for (const std::uint32_t i : facts_.rows().rows()[row].cells) {
    const Cell& cell = facts_.rows().cell({row, i});
    const auto rival = facts_.rows().find(other, cell.key);
    const bool same = rival && value_key(facts_.rows().cell(*rival).value) == value_key(cell.value);
    if (same || cell.value.size() > kNameBytesMax || cell.value.size() < 3) {
      continue;
    }
    if (cell.is_number && is_telling(cell.value) && names.numbers.size() < kNamesMax) {
      names.numbers.push_back(value_key(cell.value));
    } else if (!cell.is_number && looks_of(cell).strong && names.texts.size() < kNamesMax) {
      names.texts.push_back(fold_case(cell.value));
    }
  }
  return names;
}

bool RowWords::names(const StepView& step, const Names& names) const {
  const bool own = step.kind == StepKind::llm || step.kind == StepKind::decision ||
                   step.kind == StepKind::message;
  if (!own || !step.output) {
    return false;
  }
  const FoldedText folded(facts_.view().field(*step.output).text);
  const auto values = facts_.view().values(*step.output);
  return std::any_of(
             names.texts.begin(),
             names.texts.end(),
             [&folded](const std::string& name) { return folded.find(name).has_value(); }) ||
         std::any_of(values.begin(), values.end(), [&names](const ValueToken& token) {
           return std::find(names.numbers.begin(), names.numbers.end(), token.key) !=
                  names.numbers.end();
         });
}

bool RowWords::speaks_of(std::uint32_t row,
                         std::uint32_t other,
                         std::size_t after,
                         std::size_t before) const {
  const Names ours = names_of(row, other);
  const auto between = facts_.view().steps().subspan(after, before - after);
  return std::any_of(
      between.begin(), between.end(), [&](const StepView& step) { return names(step, ours); });
}

std::optional<std::size_t> RowWords::told_at(std::uint32_t chosen,
                                             std::uint32_t other,
                                             std::size_t after,
                                             std::size_t before) const {
  const Names ours = names_of(chosen, other);
  const Names theirs = names_of(other, chosen);
  for (std::size_t i = after + 1; i < before; ++i) {
    const StepView& step = facts_.view().steps()[i];
    if (names(step, ours) && !names(step, theirs)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
