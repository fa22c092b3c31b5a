#include "maestro/rubric/actions.h"

#include <algorithm>
#include <array>
#include <bit>

#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPhraseWordsMax = 60;
constexpr std::size_t kValueBytesMax = 300;
constexpr std::size_t kValueWordsMax = 60;

/// A token with a digit and a letter, or joined by a mark that no plain word has inside.
bool is_name(std::string_view token) {
  bool digit = false;
  bool letter = false;
  bool mark = false;
  for (std::size_t i = 0; i < token.size(); ++i) {
    digit = digit || is_digit(token[i]);
    letter = letter || is_letter(token[i]);
    mark = mark || (i > 0 && i + 1 < token.size() &&
                    (token[i] == '_' || token[i] == '/' || token[i] == '@' || token[i] == '.'));
  }
  return (digit && letter) || (mark && letter) || (letter && token.ends_with('/'));
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  constexpr std::string_view kInside = "_-./@#:";
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() &&
           (is_alnum(text[end]) || kInside.find(text[end]) != std::string_view::npos)) {
      ++end;
    }
    std::string_view token = text.substr(at, end - at);
    while (!token.empty() && std::string_view("-.:").find(token.back()) != std::string_view::npos) {
      token.remove_suffix(1);
    }
    constexpr std::size_t kNameMin = 3;
    if (token.size() >= kNameMin && is_name(token) && token != "e.g" && token != "i.e") {
      names.push_back(fold_case(token));
    }
    at = std::max(end, at + 1);
  }
  return names;
}

/// Whether the word says what is done, not what it is done to.
bool is_deed_only(const ActionWord& word) {
  const Meaning& meaning = word.meaning;
  return is_look(meaning) || is_any_change(meaning) || meaning.deed == Deed::speak ||
         meaning.deed == Deed::ask || meaning.deed == Deed::wait || is_result(meaning) ||
         is_consent(meaning);
}

/// "cancelled", "paying": a word that is also a thing in the form of a verb.
bool has_form_of_verb(std::string_view word) {
  const bool noun = word == "booking" || word == "billing" || word == "mailing";
  return (word.ends_with("ed") || (word.ends_with("ing") && !noun) || word == "paid" ||
          word == "sent" || word == "bought" || (word.starts_with("ge") && word.ends_with("t")) ||
          word.ends_with("iert") || word.ends_with("ado") || word.ends_with("ada"));
}

/// Testing, computing: looks that are made by tools of that name.
bool is_specific_look(const Meaning& meaning) {
  return meaning.deed == Deed::observe && !is_look(meaning) && !is_consent(meaning);
}

bool is_command_key(std::string_view key) {
  return key == "cmd" || key == "command" || key == "commands" || key == "script";
}

/// A tool that runs what it is given: the given text names the action.
bool runs_commands(std::string_view tool) {
  // Package managers and build tools run what they are given too: `npm`, "run build".
  constexpr auto kShells = std::to_array<std::string_view>(
      {"npm",  "pnpm",       "yarn",   "make",      "cargo",       "gradle",
       "mvn",  "kubectl",    "docker", "terraform", "helm",        "poetry",
       "pip",  "sh",         "bash",   "zsh",       "shell",       "terminal",
       "exec", "powershell", "cmd",    "console",   "run_command", "execute_command"});
  return std::find(kShells.begin(), kShells.end(), fold_case(tool)) != kShells.end();
}

/// By its first words, up to the first path: "git commit -m", "cat /etc/legal_hold".
Deed deed_of_command(std::string_view command) {
  constexpr std::array<std::string_view, 13> kReaders = {
      "cat", "ls", "head", "tail", "df", "du", "ps", "grep", "find", "less", "stat", "which", "wc"};
  command = trim(command);
  const std::string_view program = command.substr(0, command.find(' '));
  if (std::find(kReaders.begin(), kReaders.end(), program) != kReaders.end()) {
    return Deed::observe;
  }
  constexpr auto kChangers = std::to_array<std::string_view>(
      {"rm", "rmdir", "mv", "truncate", "mkfs", "dd", "reboot", "shutdown", "kill", "pkill"});
  if (std::find(kChangers.begin(), kChangers.end(), program) != kChangers.end()) {
    return Deed::change;
  }
  constexpr std::size_t kWordsMax = 4;
  Deed deed = Deed::none;
  std::size_t count = 0;
  for (const ActionWord& word : action_words(command.substr(0, command.find_first_of("/.\n")))) {
    if (++count > kWordsMax) {
      break;
    }
    if (word.meaning.deed == Deed::change) {
      return Deed::change;
    }
    deed = word.meaning.deed == Deed::observe ? Deed::observe : deed;
  }
  return deed;
}

}  // namespace

std::vector<const ActionWord*> ActionPhrase::things() const {
  std::vector<const ActionWord*> out;
  for (const ActionWord& word : words) {
    if (!is_deed_only(word) && !is_person(word.meaning)) {
      out.push_back(&word);
    }
  }
  if (out.empty()) {
    for (const ActionWord& word : words) {
      if (!is_deed_only(word)) {
        out.push_back(&word);
      }
    }
  }
  return out;
}

bool ActionPhrase::is_verb(const ActionWord& word) const {
  const auto plain = [](const ActionWord& other) {
    const Meaning& meaning = other.meaning;
    return meaning.deed == Deed::change && !is_any_change(meaning) &&
           (!is_also_a_thing(meaning) || has_form_of_verb(other.text));
  };
  if (word.meaning.deed != Deed::change || is_any_change(word.meaning)) {
    return false;
  }
  if (plain(word)) {
    return true;
  }
  if (any_change || std::any_of(words.begin(), words.end(), plain)) {
    return false;
  }
  // "Cancel the order": the first such word; "the refund": the only one.
  const auto first = std::find_if(words.begin(), words.end(), [](const ActionWord& other) {
    return other.meaning.deed == Deed::change && !is_any_change(other.meaning);
  });
  return first->meaning.sense == word.meaning.sense;
}

bool ActionPhrase::names_deed() const {
  bool looks = false;
  bool specific = false;
  for (const ActionWord& word : words) {
    const Meaning& meaning = word.meaning;
    looks = looks || is_look(meaning);
    specific = specific || is_specific_look(meaning) || is_verb(word);
  }
  return specific && !looks;
}

ActionPhrase read_phrase(std::string_view text) {
  ActionPhrase phrase;
  phrase.text = std::string(trim(text));
  phrase.words = action_words(phrase.text);
  if (phrase.words.size() > kPhraseWordsMax) {
    phrase.words.resize(kPhraseWordsMax);
  }
  phrase.names = names_in(phrase.text);
  for (const ActionWord& word : phrase.words) {
    const Meaning& meaning = word.meaning;
    phrase.any_change = phrase.any_change || (is_any_change(meaning) && !is_whatever(meaning));
    phrase.whatever = phrase.whatever || is_whatever(meaning);
    phrase.observes = phrase.observes || meaning.deed == Deed::observe;
    phrase.speaks = phrase.speaks || meaning.deed == Deed::speak;
    phrase.consents = phrase.consents || is_consent(meaning);
    phrase.person = phrase.person || is_person(meaning);
    phrase.result = phrase.result || is_result(meaning);
  }
  static constexpr auto kConsents = std::to_array<std::string_view>({"sign off",
                                                                     "signs off",
                                                                     "signed off",
                                                                     "sign-off",
                                                                     "signs it off",
                                                                     "go-ahead",
                                                                     "go ahead",
                                                                     "green light",
                                                                     "thumbs up",
                                                                     "visto bueno",
                                                                     "luz verde",
                                                                     "feu vert",
                                                                     "grünes licht"});
  const std::string folded = fold_case(phrase.text);
  phrase.consents =
      phrase.consents ||
      std::any_of(kConsents.begin(), kConsents.end(), [&folded](std::string_view words) {
        return folded.find(words) != std::string::npos;
      });
  const bool named =
      std::any_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
        return word.meaning.deed == Deed::change && !is_any_change(word.meaning);
      });
  phrase.any_change = phrase.any_change || (phrase.whatever && !named);
  phrase.changes = std::any_of(phrase.words.begin(),
                               phrase.words.end(),
                               [&phrase](const ActionWord& word) { return phrase.is_verb(word); });
  return phrase;
}

std::vector<ActionPhrase> parts_of(const ActionPhrase& phrase) {
  constexpr auto kJoints = std::to_array<std::string_view>({" and ",
                                                            ", ",
                                                            " to ",
                                                            " against ",
                                                            " with ",
                                                            " und ",
                                                            " sowie ",
                                                            " gegen ",
                                                            " mit ",
                                                            " y ",
                                                            " con ",
                                                            " contra ",
                                                            " et ",
                                                            " avec ",
                                                            " e ",
                                                            "と",
                                                            "、",
                                                            "および"});
  const std::string_view text = phrase.text;
  std::vector<ActionPhrase> parts;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t skip = at == text.size() ? 1 : 0;
    for (const std::string_view joint : kJoints) {
      skip = skip == 0 && text.substr(at).starts_with(joint) ? joint.size() : skip;
    }
    if (skip == 0) {
      ++at;
      continue;
    }
    ActionPhrase part = read_phrase(text.substr(start, at - start));
    if (!part.things().empty() || !part.names.empty()) {
      parts.push_back(std::move(part));
    }
    at += skip;
    start = at;
  }
  return parts;
}

Actions::Actions(const TraceView& view) : view_(view), steps_(view.steps().size()) {
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool) {
      add(step);
    }
  }
}

std::uint32_t Actions::id_of(const ActionWord& word) {
  const auto [at, added] = ids_.try_emplace(word.text, static_cast<std::uint32_t>(words_.size()));
  if (added) {
    words_.push_back(word);
  }
  return at->second;
}

void Actions::add_words(std::string_view text, std::vector<std::uint32_t>& out, std::size_t most) {
  for (const ActionWord& word : action_words(text)) {
    if (out.size() >= most || words_left_ == 0) {
      return;
    }
    --words_left_;
    out.push_back(id_of(word));
  }
}

void Actions::add(const StepView& step) {
  const auto [known, fresh] = by_tool_.try_emplace(step.tool);
  if (fresh) {
    known->second.deed = deed_of_tool(step.tool);
    add_words(step.tool, known->second.name, kPhraseWordsMax);
  }
  Entry entry = known->second;
  if (entry.deed == Deed::none && step.changes_state) {
    entry.deed = Deed::change;
  }
  const std::string& told = view_.trace().steps[step.index].description;
  if (fold_case(told).find(fold_case(step.tool)) == std::string::npos) {
    add_words(prefix_of(told, kValueBytesMax), entry.keys, kValueWordsMax);
  }
  add_arguments(step, entry);
  steps_[step.index] = std::move(entry);
}

void Actions::add_arguments(const StepView& step, Entry& entry) {
  const bool shell = runs_commands(step.tool);
  for (const Argument& argument : step.arguments) {
    if (!argument.op.empty()) {
      continue;  // the parts of a query; its text is read whole
    }
    const std::string_view value = prefix_of(argument.value, kValueBytesMax);
    if (is_command_key(argument.key)) {
      const std::size_t before = entry.name.size();
      add_words(value, entry.name, before + kValueWordsMax);
      entry.deed = deed_of_command(value);
      continue;
    }
    add_words(argument.key, entry.keys, kValueWordsMax);
    add_words(value, entry.values, kValueWordsMax);
  }
  const bool keyed =
      std::any_of(step.arguments.begin(), step.arguments.end(), [](const Argument& argument) {
        return is_command_key(argument.key);
      });
  if (shell && !keyed && step.input) {
    const std::string_view command = prefix_of(view_.field(*step.input).text, kValueBytesMax);
    add_words(command, entry.name, kValueWordsMax);
    entry.deed = deed_of_command(command);
  }
}

std::vector<std::uint64_t> Actions::masks_of(const ActionPhrase& phrase) const {
  std::vector<std::uint64_t> masks(words_.size());
  for (std::size_t id = 0; id < words_.size(); ++id) {
    for (std::size_t i = 0; i < phrase.words.size(); ++i) {
      if (same_action_word(words_[id], phrase.words[i])) {
        masks[id] |= std::uint64_t{1} << i;
      }
    }
  }
  return masks;
}

StepFit Actions::fit(const StepView& step,
                     const ActionPhrase& phrase,
                     std::span<const std::uint64_t> masks) const {
  const Entry& entry = steps_[step.index];
  const auto any_of = [&masks](const std::vector<std::uint32_t>& ids) {
    std::uint64_t mask = 0;
    for (const std::uint32_t id : ids) {
      mask |= masks[id];
    }
    return mask;
  };
  std::uint64_t verbs = 0;
  std::uint64_t things = 0;
  std::uint64_t own = 0;  // the verbs that a tool would be named for
  for (std::size_t i = 0; i < phrase.words.size(); ++i) {
    const ActionWord& word = phrase.words[i];
    const bool again = word.meaning.sense != 0 &&
                       std::any_of(phrase.words.begin(),
                                   phrase.words.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&word](const ActionWord& earlier) {
                                     return earlier.meaning.sense == word.meaning.sense;
                                   });
    if (again) {
      continue;  // "purchase order" is one thing
    }
    const std::uint64_t bit = std::uint64_t{1} << i;
    own |= phrase.is_verb(word) || is_specific_look(word.meaning) ? bit : 0;
    const bool deed = word.meaning.deed == Deed::change ||
                      (word.meaning.deed != Deed::none && !is_deed_only(word));
    verbs |= deed && !is_any_change(word.meaning) ? bit : 0;
    things |= !is_deed_only(word) && !is_person(word.meaning) ? bit : 0;
  }
  const std::uint64_t name = any_of(entry.name);
  const std::uint64_t keys = any_of(entry.keys) & things & ~name;
  const std::uint64_t values = any_of(entry.values) & things & ~name & ~keys;
  StepFit fit;
  fit.step = &step;
  fit.verb = (name & own) != 0;
  fit.score =
      3 * std::popcount(name & (verbs | things)) + 2 * std::popcount(keys) + std::popcount(values);
  fit.strong = (name & (verbs | things)) != 0 || std::popcount(keys | values) >= 2;
  for (const std::string& wanted : phrase.names) {
    if (step_names(view_, step, wanted)) {
      fit.score += 2;
    } else {
      return StepFit{.step = &step};
    }
  }
  return fit;
}

std::vector<StepFit> Actions::fitting(const ActionPhrase& phrase) const {
  const std::vector<std::uint64_t> masks = masks_of(phrase);
  std::vector<StepFit> fits;
  for (const StepView& step : view_.steps()) {
    if (step.kind != StepKind::tool) {
      continue;
    }
    if (const StepFit fits_so = fit(step, phrase, masks); fits_so.score > 0) {
      fits.push_back(fits_so);
    }
  }
  return fits;
}

std::vector<StepFit> Actions::doing(const ActionPhrase& phrase) const {
  const bool things = !phrase.things().empty() || !phrase.names.empty();
  std::vector<StepFit> out;
  const auto all_changes = [this] {
    std::vector<StepFit> all;
    for (const StepView* step : changes()) {
      all.push_back({.step = step, .score = 1, .strong = true});
    }
    return all;
  };
  if (phrase.any_change && !things) {
    return all_changes();
  }
  std::vector<StepFit> fits = fitting(phrase);
  const std::vector<std::uint64_t> masks = masks_of(phrase);
  std::uint64_t verbs = 0;
  bool handles = false;  // "create the order": `place_order` does it too
  for (std::size_t i = 0; i < phrase.words.size(); ++i) {
    const ActionWord& word = phrase.words[i];
    verbs |= phrase.is_verb(word) ? std::uint64_t{1} << i : 0;
    handles = handles || (phrase.is_verb(word) && is_handling(word.meaning));
  }
  // The verb has to be the tool's.
  const auto says_verb = [&](const StepFit& fit) {
    const Entry& entry = steps_[fit.step->index];
    return std::any_of(entry.name.begin(), entry.name.end(), [&](std::uint32_t id) {
      const Meaning& meaning = words_[id].meaning;
      const bool noun = handles && masks[id] != 0 && meaning.deed == Deed::change;
      return (masks[id] & verbs) != 0 || noun;
    });
  };
  const auto modifies = [this](const StepFit& fit) { return this->modifies(*fit.step); };
  std::erase_if(fits, [&](const StepFit& fit) {
    const Deed deed = this->deed(*fit.step);
    const bool idle = deed == Deed::observe || deed == Deed::ask || deed == Deed::wait;
    const bool wrong_verb = phrase.changes && !phrase.any_change && !says_verb(fit);
    const bool mere = phrase.any_change && deed != Deed::change;
    return (idle && !(phrase.observes && !phrase.changes && !phrase.any_change)) || wrong_verb ||
           mere ||
           (!fit.strong && !phrase.any_change &&
            (phrase.changes || deed != Deed::change || names_a_delivery(fit.step->tool)));
  });
  const bool changing = std::any_of(
      fits.begin(), fits.end(), [&](const StepFit& f) { return deed(*f.step) == Deed::change; });
  // "The order is modified": `modify_order`, where there is such a tool, before `return_order`.
  const bool modifying = phrase.any_change && std::any_of(fits.begin(), fits.end(), modifies);
  std::erase_if(fits, [&](const StepFit& fit) { return modifying && !modifies(fit); });
  int best = 0;
  for (const StepFit& fit : fits) {
    best = !changing || deed(*fit.step) == Deed::change ? std::max(best, fit.score) : best;
  }
  std::copy_if(fits.begin(), fits.end(), std::back_inserter(out), [&](const StepFit& fit) {
    return fit.score == best && (!changing || deed(*fit.step) == Deed::change);
  });
  return out.empty() && phrase.any_change && phrase.whatever ? all_changes() : out;
}

bool Actions::modifies(const StepView& step) const {
  const Entry& entry = steps_[step.index];
  return std::any_of(entry.name.begin(), entry.name.end(), [this](std::uint32_t id) {
    return is_any_change(words_[id].meaning);
  });
}

std::vector<const StepView*> Actions::changes() const {
  std::vector<const StepView*> out;
  for (const StepView& step : view_.steps()) {
    if (step.kind == StepKind::tool && deed(step) == Deed::change) {
      out.push_back(&step);
    }
  }
  return out;
}

bool Actions::speaks_language_of(std::string_view rule) const {
  const std::vector<ActionWord> words = action_words(rule);
  const auto is_cjk_word = [](std::string_view text) {
    std::size_t pos = 0;
    return !text.empty() && next_code_point(text, pos) >= 0x3040;
  };
  for (const auto& [tool, entry] : by_tool_) {
    if (is_cjk_word(tool) && !words.empty() && is_cjk_word(words.front().text)) {
      return true;
    }
    for (const std::uint32_t id : entry.name) {
      const std::string& text = words_[id].text;
      constexpr std::size_t kTellingMin = 4;
      const bool shared = std::any_of(words.begin(), words.end(), [&](const ActionWord& word) {
        return word.text.size() >= kTellingMin && text.size() >= kTellingMin &&
               word.text.substr(0, kTellingMin) == text.substr(0, kTellingMin);
      });
      if (shared) {
        return true;
      }
    }
  }
  return false;
}

bool step_names(const TraceView& view, const StepView& step, std::string_view folded) {
  if (fold_case(step.tool) == folded) {
    return true;
  }
  return step.input && find_folded(view.field(*step.input).text, folded).has_value();
}

}  // namespace infinium::maestro
