#include "maestro/rubric/reword.h"

#include <algorithm>
#include <array>
#include <optional>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kBytesMax = 300;

struct Turn {
  std::string_view words;  ///< folded, as they stand between the two parts
  std::string_view link;   ///< what they come to
  bool swapped = false;    ///< the second part comes first
};

/// The parts on both sides of the words, if both are there. Case is kept.
struct Parts {
  std::string left;
  std::string right;
};

std::optional<Parts> parts_at(std::string_view text,
                              std::string_view folded,
                              std::string_view turn) {
  const std::size_t at = folded.find(turn);
  if (at == std::string_view::npos || folded.size() != text.size()) {
    return std::nullopt;
  }
  std::string_view left = trim(text.substr(0, at));
  std::string_view right = trim(text.substr(at + turn.size()));
  while (right.ends_with('.') || right.ends_with(',')) {
    right.remove_suffix(1);
  }
  if (left.empty() || right.empty()) {
    return std::nullopt;
  }
  return Parts{std::string(left), std::string(right)};
}

bool holds(std::string_view folded, std::string_view words) {
  return folded.find(words) != std::string_view::npos;
}

template <std::size_t N>
bool holds_any(std::string_view folded, const std::array<std::string_view, N>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [folded](std::string_view phrase) {
    return holds(folded, phrase);
  });
}

/// A condition of its own: then the order holds for some cases only.
bool is_conditional(std::string_view folded) {
  constexpr auto kConditions = std::to_array<std::string_view>({"if ",
                                                                " if ",
                                                                "unless",
                                                                "for ",
                                                                "in case",
                                                                "when ",
                                                                "wenn ",
                                                                "falls ",
                                                                "bei ",
                                                                "si ",
                                                                "cuando ",
                                                                "para ",
                                                                "en caso",
                                                                "quand ",
                                                                "pour ",
                                                                "where ",
                                                                "whenever "});
  return std::any_of(kConditions.begin(), kConditions.end(), [folded](std::string_view word) {
    return word.front() == ' ' ? holds(folded, word) : folded.starts_with(word);
  });
}

/// "Backup first, migration second": without the words that only count.
std::string without_counting(std::string text) {
  for (const std::string_view end :
       {" second", " next", " afterwards", " after that", " later", " danach", " después"}) {
    if (fold_case(text).ends_with(end)) {
      text.resize(text.size() - end.size());
    }
  }
  for (const std::string_view start : {"then ",
                                       "and then ",
                                       "only then ",
                                       "first ",
                                       "zuerst ",
                                       "erst ",
                                       "dann ",
                                       "primero ",
                                       "luego ",
                                       "d'abord ",
                                       "ensuite ",
                                       "puis "}) {
    if (fold_case(prefix_of(text, start.size())) == start) {
      text.erase(0, start.size());
    }
  }
  return text;
}

std::optional<std::string> reword_order(std::string_view text, std::string_view folded) {
  constexpr auto kTurns = std::to_array<Turn>({
      {" is preceded by ", " before ", true},
      {" are preceded by ", " before ", true},
      {" must be preceded by ", " before ", true},
      {" has to be preceded by ", " before ", true},
      {" va precedida de ", " antes de ", true},
      {" va precedido de ", " antes de ", true},
      {" est précédée de ", " avant ", true},
      {" est précédé de ", " avant ", true},
      {" precedes ", " before ", false},
      {" precede ", " before ", false},
      {" must precede ", " before ", false},
      {" comes before ", " before ", false},
      {" come before ", " before ", false},
      {" goes before ", " before ", false},
      {" happens before ", " before ", false},
      {" takes place before ", " before ", false},
      {" précède ", " avant ", false},
      {" precede a ", " antes de ", false},
      {" va antes de ", " antes de ", false},
      {" comes after ", " before ", true},
      {" follows only after ", " only after ", false},
      {" first, ", " before ", false},
      {", and only then ", " before ", false},
      {", only then ", " before ", false},
  });
  for (const Turn& turn : kTurns) {
    if (auto parts = parts_at(text, folded, turn.words)) {
      std::string first = without_counting(turn.swapped ? parts->right : parts->left);
      std::string second = without_counting(turn.swapped ? parts->left : parts->right);
      return first + std::string(turn.link) + second;
    }
  }
  return std::nullopt;
}

/// "Run the tests, then commit": orders, one after the other.
std::optional<std::string> reword_then(std::string_view text, std::string_view folded) {
  constexpr auto kFirst = std::to_array<std::string_view>(
      {"first", "zuerst", "erst ", "primero", "d'abord", "primeiro"});
  if (holds_any(folded, kFirst) || folded.starts_with("to ")) {
    return std::nullopt;  // has a reader of its own
  }
  for (const Turn& turn : std::to_array<Turn>({{", then ", " before "},
                                               {", dann ", " before "},
                                               {", danach ", " before "},
                                               {", luego ", " before "},
                                               {", ensuite ", " before "},
                                               {", puis ", " before "}})) {
    if (auto parts = parts_at(text, folded, turn.words)) {
      return parts->left + std::string(turn.link) + parts->right;
    }
  }
  return std::nullopt;
}

/// "Migrate once the backup has completed".
std::optional<std::string> reword_once(std::string_view text, std::string_view folded) {
  auto parts = parts_at(text, folded, " once ");
  if (!parts || holds(folded, "only once") || holds(folded, "at once") ||
      holds(folded, "more than once")) {
    return std::nullopt;
  }
  const std::string right = " " + fold_case(parts->right) + " ";
  constexpr auto kFinite = std::to_array<std::string_view>(
      {" has ", " have ", " is ", " are ", " was ", " were ", " had "});
  constexpr auto kOpens = std::to_array<std::string_view>({" per ", " a day", " only ", " every "});
  if (!holds_any(right, kFinite) || holds_any(right, kOpens)) {
    return std::nullopt;
  }
  return parts->left + " only after " + parts->right;
}

/// "Only after the customer says yes is the card charged".
std::optional<std::string> reword_inversion(std::string_view text, std::string_view folded) {
  struct Opening {
    std::string_view words;
    std::string_view link;
  };
  constexpr auto kOpenings = std::to_array<Opening>({{"only after ", " only after "},
                                                     {"only once ", " only after "},
                                                     {"only when ", " only if "},
                                                     {"only if ", " only if "}});
  for (const Opening& opening : kOpenings) {
    if (!folded.starts_with(opening.words) || holds(folded, ",")) {
      continue;
    }
    std::size_t last = std::string_view::npos;
    std::size_t length = 0;
    for (const std::string_view verb : {" is ", " are ", " may ", " can ", " must "}) {
      const std::size_t at = folded.rfind(verb);
      if (at != std::string_view::npos && (last == std::string_view::npos || at > last)) {
        last = at;
        length = verb.size();
      }
    }
    if (last == std::string_view::npos || last <= opening.words.size()) {
      return std::nullopt;
    }
    return std::string(text.substr(last + length)) + std::string(opening.link) +
           std::string(text.substr(opening.words.size(), last - opening.words.size()));
  }
  return std::nullopt;
}

/// "Antes de reservar hay que pedir confirmación": a comma sets the clauses apart.
std::optional<std::string> reword_duty(std::string_view text, std::string_view folded) {
  constexpr auto kOpenings =
      std::to_array<std::string_view>({"antes de ", "después de ", "tras ", "avant ", "après "});
  if (std::none_of(kOpenings.begin(), kOpenings.end(), [folded](std::string_view opening) {
        return folded.starts_with(opening);
      })) {
    return std::nullopt;
  }
  for (const std::string_view duty : {" hay que ",
                                      " se debe ",
                                      " es necesario ",
                                      " debe ",
                                      " se tiene que ",
                                      " il faut ",
                                      " on doit "}) {
    if (auto parts = parts_at(text, folded, duty); parts && !holds(folded, ",")) {
      return parts->left + ", " + parts->right;
    }
  }
  return std::nullopt;
}

/// "The invoice is never sent", "the agent does not file it", "deleting is off limits".
std::optional<std::string> reword_ban(std::string_view text, std::string_view folded) {
  for (const std::string_view ban : {" is off limits",
                                     " are off limits",
                                     " is forbidden",
                                     " are forbidden",
                                     " is prohibited",
                                     " are prohibited",
                                     " is not allowed",
                                     " are not allowed",
                                     " is not permitted",
                                     " are not permitted",
                                     " ist verboten",
                                     " sind verboten",
                                     " ist nicht erlaubt",
                                     " está prohibido",
                                     " está prohibida",
                                     " est interdit",
                                     " est interdite"}) {
    if (folded.ends_with(ban) && folded.size() == text.size()) {
      return "never " + std::string(trim(text.substr(0, text.size() - ban.size())));
    }
  }
  for (const std::string_view agent : {"the agent does not ",
                                       "the assistant does not ",
                                       "the bot does not ",
                                       "agents do not ",
                                       "the agent must not ",
                                       "the agent never ",
                                       "the assistant never "}) {
    if (folded.starts_with(agent) && folded.size() == text.size()) {
      return "do not " + std::string(text.substr(agent.size()));
    }
  }
  for (const std::string_view passive :
       {" is never ", " are never ", " must never be ", " is at no point ", " are at no point "}) {
    // "Never taken as an order", "never used for training": how it is seen, not what is done.
    if (auto parts = parts_at(text, folded, passive); parts &&
                                                      !holds(fold_case(parts->right), " as ") &&
                                                      !holds(fold_case(parts->right), " for ")) {
      return "never " + parts->left + " is " + parts->right;
    }
  }
  return std::nullopt;
}

/// "search is called no more than five times".
std::optional<std::string> reword_calls(std::string_view text, std::string_view folded) {
  for (const std::string_view verb : {" is called ",
                                      " is used ",
                                      " is run ",
                                      " may be called ",
                                      " may be used ",
                                      " is invoked ",
                                      " must be called "}) {
    auto parts = parts_at(text, folded, verb);
    const std::string right = parts ? fold_case(parts->right) : std::string();
    if (!parts || !right.ends_with(" times") || find_words(parts->left).size() > 3) {
      continue;
    }
    const bool most = right.starts_with("no more than ") || right.starts_with("at most ") ||
                      right.starts_with("not more than ") || right.starts_with("up to ");
    if (most) {
      return right.substr(0, right.size() - 6) + " calls of " + parts->left;
    }
  }
  return std::nullopt;
}

std::string replace_first(std::string text, std::string_view what, std::string_view by) {
  const std::string folded = fold_case(text);
  const std::size_t at = folded.size() == text.size() ? folded.find(what) : std::string::npos;
  if (at != std::string::npos) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// "The note holds no IP addresses", "the reply is free of names", "names stay out of the reply".
std::optional<std::string> reword_absence(std::string_view text, std::string_view folded) {
  constexpr std::size_t kPlaceWordsMax = 4;
  constexpr std::size_t kThingWordsMax = 4;
  const auto build = [](const std::string& things,
                        const std::string& place) -> std::optional<std::string> {
    if (find_words(place).size() > kPlaceWordsMax || find_words(things).size() > kThingWordsMax) {
      return std::nullopt;
    }
    std::string where = place;
    if (fold_case(prefix_of(where, 4)) == "the ") {
      where.erase(0, 4);
    }
    return "No " + things + " in the " + where;
  };
  for (const std::string_view holding : {" holds no ",
                                         " hold no ",
                                         " carries no ",
                                         " carry no ",
                                         " has no ",
                                         " have no ",
                                         " is free of ",
                                         " are free of ",
                                         " bears no ",
                                         " shall be free of ",
                                         " must be free of "}) {
    if (auto parts = parts_at(text, folded, holding)) {
      return build(parts->right, parts->left);
    }
  }
  for (const std::string_view neither : {" are quoted neither in ",
                                         " is quoted neither in ",
                                         " appear neither in ",
                                         " appears neither in ",
                                         " are shown neither in ",
                                         " stand neither in ",
                                         " are mentioned neither in ",
                                         " stehen weder in ",
                                         " stehen weder im "}) {
    if (auto parts = parts_at(text, folded, neither)) {
      std::string place = parts->right;
      for (const std::string_view nor : {" nor in ", " noch in ", " noch im "}) {
        place = replace_first(std::move(place), nor, " or in ");
      }
      if (find_words(parts->left).size() <= kThingWordsMax) {
        return "No " + parts->left + " in " + place;
      }
    }
  }
  for (const std::string_view out : {" stay out of ",
                                     " stays out of ",
                                     " remain out of ",
                                     " must stay out of ",
                                     " are kept out of ",
                                     " is kept out of ",
                                     " have no place in ",
                                     " has no place in ",
                                     " do not belong in ",
                                     " does not belong in "}) {
    if (auto parts = parts_at(text, folded, out)) {
      return build(parts->left, parts->right);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string reword_process(std::string_view sentence) {
  const std::string folded = fold_case(sentence);
  if (sentence.size() > kBytesMax || is_conditional(folded)) {
    return std::string(sentence);
  }
  for (const auto reader : {reword_order,
                            reword_then,
                            reword_once,
                            reword_inversion,
                            reword_duty,
                            reword_calls,
                            reword_ban}) {
    if (auto said = reader(sentence, folded)) {
      return std::move(*said);
    }
  }
  return std::string(sentence);
}

std::string reword_output(std::string_view sentence) {
  if (sentence.size() > kBytesMax) {
    return std::string(sentence);
  }
  const std::string folded = fold_case(sentence);
  if (auto said = reword_absence(sentence, folded)) {
    return std::move(*said);
  }
  std::string text(sentence);
  for (const std::string_view stays : {" stays ", " remains ", " keeps ", " is kept "}) {
    for (const std::string_view bound : {"below ", "under ", "within "}) {
      text = replace_first(std::move(text),
                           std::string(stays) + std::string(bound),
                           bound == "within " ? " is at most " : " is under ");
    }
  }
  text = replace_first(std::move(text), " bleibt unter ", " hat weniger als ");
  text = replace_first(std::move(text), " queda por debajo de ", " tiene menos de ");
  text = replace_first(std::move(text), " is a single ", " is exactly 1 ");
  if (folded.starts_with("dernier message ") || folded.starts_with("message final ")) {
    text = replace_first(std::move(text), "dernier message ", "réponse ");
    text = replace_first(std::move(text), "message final ", "réponse ");
  }
  // "Limit the reply to 5 bullets": no more.
  for (const std::string_view opening : {"limit the ", "keep the ", "restrict the "}) {
    const std::size_t to = folded.find(" to ");
    if (folded.starts_with(opening) && folded.size() == sentence.size() &&
        to != std::string::npos && to + 4 < folded.size() && is_digit(folded[to + 4])) {
      return "The " + std::string(sentence.substr(opening.size(), to - opening.size())) +
             " has at most " + std::string(sentence.substr(to + 4));
    }
  }
  return text;
}

}  // namespace infinium::maestro
