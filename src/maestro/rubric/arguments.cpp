#include "maestro/rubric/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/process_text.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

template <std::size_t N>
bool among(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Arguments that hold prose, in which an option may be spoken of.
bool holds_prose(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"message",
                                                          "body",
                                                          "text",
                                                          "comment",
                                                          "comments",
                                                          "description",
                                                          "title",
                                                          "content",
                                                          "reason",
                                                          "note",
                                                          "notes",
                                                          "subject",
                                                          "summary",
                                                          "question",
                                                          "query",
                                                          "q",
                                                          "prompt"});
  return among(key, kKeys);
}

/// Where an option stands by itself: "--force", not "--force-with-lease".
std::optional<Match> find_option(std::string_view text, std::string_view option) {
  for (std::size_t at = text.find(option); at != std::string_view::npos;
       at = text.find(option, at + 1)) {
    const std::size_t end = at + option.size();
    const bool opens = at == 0 || is_space(text[at - 1]) || text[at - 1] == '"' ||
                       text[at - 1] == '\'' || text[at - 1] == ',';
    const bool closes = end == text.size() || (!is_alnum(text[end]) && text[end] != '-');
    if (opens && closes) {
      return Match{at, end};
    }
  }
  return std::nullopt;
}

/// The options that a sentence forbids by themselves, without the command they belong to.
std::vector<std::string> forbidden_options(std::span<const RuleToken> tokens) {
  constexpr auto kBefore = std::to_array<std::string_view>(
      {"neither", "nor",  "no",   "never", "without", "use",   "using",  "of",  "or",    "and",
       "not",     "with", "kein", "keine", "ohne",    "weder", "noch",   "sin", "ni",    "sans",
       "nunca",   "oder", "und",  "pass",  "the",     "flag",  "option", "add", "either"});
  std::vector<std::string> options;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const std::string& word = tokens[i].text;
    const bool option = word.size() >= 4 && word.starts_with("--") && is_alnum(word[2]);
    if (option && among(tokens[i - 1].text, kBefore)) {
      options.push_back(word);
    }
  }
  return options;
}

bool says_no(std::span<const RuleToken> tokens) {
  constexpr auto kWords = std::to_array<std::string_view>({"neither",
                                                           "no",
                                                           "never",
                                                           "not",
                                                           "without",
                                                           "kein",
                                                           "keine",
                                                           "ohne",
                                                           "weder",
                                                           "nie",
                                                           "sin",
                                                           "ni",
                                                           "nunca",
                                                           "sans",
                                                           "ne",
                                                           "jamais"});
  constexpr auto kTurns = std::to_array<std::string_view>({"unless",
                                                           "if",
                                                           "except",
                                                           "until",
                                                           "before",
                                                           "wenn",
                                                           "außer",
                                                           "si",
                                                           "salvo",
                                                           "sauf",
                                                           "when"});
  const auto has = [&tokens](const auto& words) {
    return std::any_of(tokens.begin(), tokens.end(), [&](const RuleToken& token) {
      return among(token.text, words);
    });
  };
  return has(kWords) && !has(kTurns);
}

/// Where a call was given one of the options: in an argument that is no prose, or in a command.
std::optional<Span> given_option(const TraceView& view,
                                 const StepView& step,
                                 std::span<const std::string> options) {
  for (const std::string& option : options) {
    for (const Argument& argument : step.arguments) {
      if (const auto at =
              holds_prose(argument.key) ? std::nullopt : find_option(argument.value, option)) {
        const std::size_t start = argument.at.start + at->start;
        const bool same = view.field(argument.at.field).text.substr(start, option.size()) == option;
        return same ? Span{argument.at.field, start, start + option.size()} : argument.at;
      }
    }
    constexpr std::size_t kCommandMax = 400;
    const std::string_view text = view.field(*step.input).text;
    const bool prose =
        std::any_of(step.arguments.begin(), step.arguments.end(), [](const Argument& argument) {
          return holds_prose(argument.key);
        });
    const auto at = !prose && text.size() <= kCommandMax ? find_option(text, option) : std::nullopt;
    if (at) {
      return Span{*step.input, at->start, at->end};
    }
  }
  return std::nullopt;
}

std::optional<Ruling> judge_options(const TraceView& view, std::span<const RuleToken> tokens) {
  const std::vector<std::string> options = forbidden_options(tokens);
  if (options.empty() || !says_no(tokens)) {
    return std::nullopt;
  }
  std::vector<FieldId> searched;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || !step.input) {
      continue;
    }
    searched.push_back(*step.input);
    if (const auto found = given_option(view, step, options)) {
      Ruling ruling = decided(
          false,
          fmt::format("`{}` (step {}) was given {}.", step.tool, step.number, view.text(*found)),
          quote(view, *found));
      ruling.add(quote_step(view, step));
      ruling.steps.push_back(step.index);
      ruling.code = "policy.breached";
      return ruling;
    }
  }
  if (searched.empty()) {
    return std::nullopt;
  }
  return decided(
      true, "No call was given such an option.", absence(view, options.front(), searched));
}

/// A call that is not known to only look.
bool may_act(const StepView& step) {
  return step.kind == StepKind::tool && !step.failed && (step.changes_state || !step.looks);
}

/// A value as rules write one: capitals or digits, or what "set to" and "=" precede.
struct Setting {
  std::string key;
  std::string value;
};

std::vector<Setting> settings_of(std::string_view text, std::span<const RuleToken> tokens) {
  constexpr auto kSets = std::to_array<std::string_view>({"to", "=", "as", "auf", "a", "à"});
  constexpr auto kSetting =
      std::to_array<std::string_view>({"set", "gesetzt", "fijado", "fijada", "réglé", "réglée"});
  std::vector<Setting> settings;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const RuleToken& key = tokens[i];
    if (key.comma || key.text.size() < 4) {
      continue;
    }
    const RuleToken& next = tokens[i + 1];
    const std::string_view written = text.substr(next.start, next.end - next.start);
    const bool capitals =
        written.size() >= 3 &&
        std::all_of(written.begin(), written.end(), [](char c) { return is_upper(c) || c == '_'; });
    if (capitals) {
      settings.push_back({key.text, next.text});
    }
    // "priority is set to high"
    const bool set = i + 4 < tokens.size() && among(tokens[i + 2].text, kSetting) &&
                     among(tokens[i + 3].text, kSets);
    if (set && (i + 5 == tokens.size() || tokens[i + 4].comma)) {
      settings.push_back({key.text, tokens[i + 4].text});
    }
  }
  return settings;
}

std::optional<Ruling> judge_settings(const TraceView& view,
                                     std::string_view text,
                                     std::span<const RuleToken> tokens) {
  for (const Setting& setting : settings_of(text, tokens)) {
    const Argument* right = nullptr;
    const Argument* wrong = nullptr;
    const StepView* at_fault = nullptr;
    for (const StepView& step : view.steps()) {
      if (!may_act(step)) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        constexpr std::size_t kValueMax = 40;
        if (argument.key != setting.key || argument.value.size() > kValueMax) {
          continue;
        }
        const bool same = fold_case(argument.value) == setting.value;
        right = same ? &argument : right;
        wrong = same ? wrong : &argument;
        at_fault = same ? at_fault : &step;
      }
    }
    if (wrong != nullptr && right == nullptr) {
      Ruling ruling = decided(false,
                              fmt::format("`{}` (step {}) was given `{}` = \"{}\".",
                                          at_fault->tool,
                                          at_fault->number,
                                          wrong->key,
                                          wrong->value),
                              quote(view, wrong->at));
      ruling.steps.push_back(at_fault->index);
      ruling.code = "policy.breached";
      return ruling;
    }
    if (right != nullptr && wrong == nullptr) {
      return decided(true,
                     fmt::format("`{}` = \"{}\" was given.", right->key, right->value),
                     quote(view, right->at));
    }
  }
  return std::nullopt;
}

/// The elements of the list that opens at `at` ("["), if it is closed.
std::optional<std::size_t> count_elements(std::string_view text, std::size_t at) {
  int depth = 0;
  char quoted = 0;
  std::size_t commas = 0;
  bool any = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted != 0) {
      at += c == '\\' ? 1 : 0;
      quoted = c == quoted ? '\0' : quoted;
      continue;
    }
    if (c == '"') {
      quoted = c;
      any = true;
    } else if (c == '[' || c == '{') {
      any = any || depth > 0;
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
      if (depth == 0) {
        return any ? commas + 1 : 0;
      }
    } else if (c == ',' && depth == 1) {
      ++commas;
    } else if (!is_space(c)) {
      any = true;
    }
  }
  return std::nullopt;
}

struct Most {
  double number = 0;
  std::string noun;
  bool last = false;  ///< nothing but a comma follows
};

std::optional<Most> most_of(std::span<const RuleToken> tokens) {
  constexpr auto kPairs = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"more", "than"}, {"at", "most"}, {"up", "to"}, {"maximum", "of"}});
  for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
    for (const auto& [first, second] : kPairs) {
      const bool negated = i > 0 && is_negation(tokens[i - 1].text);
      if (tokens[i].text != first || tokens[i + 1].text != second ||
          (first == "more" && !negated)) {
        continue;
      }
      if (const auto number = number_of_word(tokens[i + 2].text)) {
        return Most{*number, tokens[i + 3].text, tokens[i + 3].comma || i + 4 == tokens.size()};
      }
    }
  }
  return std::nullopt;
}

std::optional<Ruling> judge_length(const TraceView& view, std::span<const RuleToken> tokens) {
  const auto most = most_of(tokens);
  if (!most || !most->last || !most->noun.ends_with('s')) {
    return std::nullopt;
  }
  const bool whole = tokens.back().text == most->noun;
  std::optional<Ruling> kept;
  for (const StepView& step : view.steps()) {
    if (!may_act(step) || !step.input) {
      continue;
    }
    const std::string_view text = view.field(*step.input).text;
    for (const std::string& opening :
         {"\"" + most->noun + "\": [", "\"" + most->noun + "\":[", most->noun + "=["}) {
      const std::size_t at = text.find(opening);
      const auto count = at == std::string_view::npos
                             ? std::nullopt
                             : count_elements(text, at + opening.size() - 1);
      if (!count) {
        continue;
      }
      const bool met = static_cast<double>(*count) <= most->number;
      Ruling ruling = decided(met,
                              fmt::format("`{}` (step {}) was given {} {}; the rule is at most {}.",
                                          step.tool,
                                          step.number,
                                          *count,
                                          most->noun,
                                          plain_number(most->number)),
                              quote(view, {*step.input, at, at + opening.size()}));
      ruling.add(quote_step(view, step));
      if (!met) {
        ruling.steps.push_back(step.index);
        return ruling;
      }
      kept = std::move(ruling);
    }
  }
  return whole ? kept : std::nullopt;
}

/// "Title of the pull request no longer than 60 characters": the text that was given under that
/// name.
std::optional<Ruling> judge_text_length(const TraceView& view, std::span<const RuleToken> tokens) {
  constexpr auto kBounds = std::to_array<std::string_view>(
      {"longer", "most", "to", "under", "below", "of", "within", "than", "max", "maximum"});
  constexpr auto kCharacters = std::to_array<std::string_view>(
      {"characters", "chars", "zeichen", "caracteres", "caractères"});
  constexpr auto kNames = std::to_array<std::string_view>({"title",
                                                           "subject",
                                                           "headline",
                                                           "name",
                                                           "description",
                                                           "message",
                                                           "betreff",
                                                           "titel",
                                                           "asunto",
                                                           "título",
                                                           "titre",
                                                           "objet"});
  if (tokens.size() < 4 || tokens.size() > 14 || !among(tokens.back().text, kCharacters)) {
    return std::nullopt;
  }
  const std::size_t article = tokens.front().text == "the" ? 1 : 0;
  const std::string& name = tokens[article].text;
  const RuleToken& before = tokens[tokens.size() - 3];
  const auto most = number_of_word(tokens[tokens.size() - 2].text);
  if (!most || !among(before.text, kBounds) || !among(name, kNames)) {
    return std::nullopt;
  }
  std::optional<Ruling> kept;
  for (const StepView& step : view.steps()) {
    if (!may_act(step)) {
      continue;
    }
    for (const Argument& argument : step.arguments) {
      const std::size_t length = count_code_points(argument.value);
      if (argument.key != name || length == 0 || view.field(argument.at.field).cut) {
        continue;
      }
      const bool met = static_cast<double>(length) <= *most;
      Ruling ruling =
          decided(met,
                  fmt::format("`{}` (step {}) was given a {} of {} characters; the rule "
                              "is at most {}.",
                              step.tool,
                              step.number,
                              name,
                              length,
                              plain_number(*most)),
                  quote(view, argument.at));
      if (!met) {
        ruling.steps.push_back(step.index);
        return ruling;
      }
      kept = std::move(ruling);
    }
  }
  return kept;
}

}  // namespace

std::optional<Ruling> judge_arguments(const TraceView& view, std::string_view text) {
  constexpr std::size_t kBytesMax = 300;
  if (text.size() > kBytesMax) {
    return std::nullopt;
  }
  const std::vector<RuleToken> tokens = rule_tokens(text);
  if (auto options = judge_options(view, tokens)) {
    return options;
  }
  if (auto length = judge_length(view, tokens)) {
    return length;
  }
  if (auto length = judge_text_length(view, tokens)) {
    return length;
  }
  // "With the event COMMENT, neither approval nor …": the first clause says it.
  const auto comma = std::find_if(
      tokens.begin(), tokens.end(), [](const RuleToken& token) { return token.comma; });
  const std::span<const RuleToken> first(tokens.begin(),
                                         comma == tokens.end() ? tokens.end() : comma + 1);
  return says_no(first) ? std::nullopt : judge_settings(view, text, first);
}

}  // namespace infinium::maestro
