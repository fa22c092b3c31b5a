#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "maestro/rubric/grammar_content.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kBytesMax = 300;

template <std::size_t N>
std::optional<Match> first_of(const std::array<std::string_view, N>& phrases,
                              std::string_view folded) {
  std::optional<Match> first;
  for (const std::string_view phrase : phrases) {
    const std::size_t at = folded.find(phrase);
    const bool earlier =
        at != std::string_view::npos &&
        (!first || at < first->start || (at == first->start && at + phrase.size() > first->end));
    first = earlier ? Match{at, at + phrase.size()} : first;
  }
  return first;
}

/// What stands between a document's noun and the list of what it has to tell.
constexpr auto kOpenings = std::to_array<std::string_view>(
    {" that names ",    " that gives ",     " that lists ",    " that states ",
     " that shows ",    " that contains ",  " that includes ", " that says ",
     " that mentions ", " which names ",    " which gives ",   " which states ",
     " which lists ",   " which contains ", " naming ",        " giving ",
     " stating ",       " listing ",        " showing ",       " containing ",
     " including ",     " with ",           " names ",         " gives ",
     " states ",        " lists ",          " says ",          " mentions ",
     " contains ",      " includes ",       " shows ",         " reports ",
     " tells ",         " must name ",      " must state ",    " must give ",
     " must mention ",  " must contain ",   " must include ",  " must list ",
     " que incluye ",   " que indica ",     " que menciona ",  " que contiene ",
     " que nombra ",    " que da ",         " indica ",        " incluye ",
     " menciona ",      " contiene ",       " con ",           " mit ",
     " nennt ",         " enthält ",        " zeigt ",         " qui indique ",
     " qui contient ",  " qui mentionne ",  " indique ",       " contient ",
     " mentionne ",     " avec ",           " que inclui ",    " com ",
     " indica "});

/// "… is stated": what ends a list that comes first.
constexpr auto kClosings = std::to_array<std::string_view>({" is stated",
                                                            " are stated",
                                                            " is given",
                                                            " are given",
                                                            " is named",
                                                            " are named",
                                                            " is shown",
                                                            " are shown",
                                                            " is mentioned",
                                                            " are mentioned",
                                                            " is included",
                                                            " are included",
                                                            " is reported",
                                                            " are reported",
                                                            " is listed",
                                                            " are listed",
                                                            " is indicated",
                                                            " are indicated",
                                                            " is stated correctly",
                                                            " must be stated",
                                                            " must be given",
                                                            " must be named",
                                                            " wird genannt",
                                                            " werden genannt",
                                                            " ist angegeben",
                                                            " sind angegeben",
                                                            " wird angegeben",
                                                            " werden angegeben",
                                                            " ist genannt",
                                                            " sind genannt",
                                                            " stehen",
                                                            " se indica",
                                                            " se indican",
                                                            " se menciona",
                                                            " se mencionan",
                                                            " est indiqué",
                                                            " sont indiqués",
                                                            " é indicado",
                                                            " is written correctly"});

constexpr auto kBeginnings = std::to_array<std::string_view>({"se indica ",
                                                              "se indican ",
                                                              "se menciona ",
                                                              "se mencionan ",
                                                              "names ",
                                                              "gives ",
                                                              "states ",
                                                              "lists ",
                                                              "mentions ",
                                                              "includes ",
                                                              "name ",
                                                              "give ",
                                                              "state ",
                                                              "nennt ",
                                                              "es wird genannt "});

// clang-format off
constexpr auto kDocuments = std::to_array<std::string_view>(
    {"answer", "report", "summary", "note", "message", "confirmation", "reply", "response",
     "output", "list", "comparison", "text", "e-mail", "email", "letter", "overview", "result",
     "table", "post", "document", "mail", "itinerary", "proposal", "protocol", "antwort",
     "nachricht", "schlussnachricht", "bestätigung", "zusammenfassung", "bericht", "liste",
     "übersicht", "notiz", "mitteilung", "resumen", "respuesta", "informe", "mensaje",
     "confirmación", "lista", "nota", "résumé", "réponse", "rapport", "resumo", "resposta",
     "relatório", "confirmação", "newsletter", "review", "bullets", "bullet", "viñetas",
     "stichpunkte"});
// clang-format on

// Nouns by which the final output itself is meant.
constexpr auto kClosingNouns = std::to_array<std::string_view>(
    {"closing",         "final",       "last",        "answer",           "summary",
     "reply",           "response",    "output",      "schlussnachricht", "antwort",
     "zusammenfassung", "respuesta",   "resumen",     "résumé",           "réponse",
     "resposta",        "resumo",      "report",      "bericht",          "informe",
     "confirmation",    "bestätigung", "confirmación"});

bool names_document(std::string_view head) {
  const auto words = find_words(head);
  return words.size() <= 12 && std::any_of(words.begin(), words.end(), [&](const Word& word) {
           const std::string_view spelled = head.substr(word.start, word.end - word.start);
           return std::find(kDocuments.begin(), kDocuments.end(), spelled) != kDocuments.end();
         });
}

/// "A comparison table of prices" is a document; "the id of the scheduled post" is none.
bool is_document(std::string_view head) {
  for (const std::string_view of :
       {" of ", " to ", " over ", " von ", " zu ", " zum ", " de ", " der "}) {
    const std::size_t at = head.find(of);
    head = at == std::string_view::npos ? head : head.substr(0, at);
  }
  const auto words = find_words(head);
  if (words.empty()) {
    return false;
  }
  const std::string_view last =
      head.substr(words.back().start, words.back().end - words.back().start);
  return last != "list" && last != "liste" && last != "lista" &&
         std::find(kDocuments.begin(), kDocuments.end(), last) != kDocuments.end();
}

bool closes(std::string_view head) {
  return std::any_of(kClosingNouns.begin(), kClosingNouns.end(), [&](std::string_view noun) {
    return find_folded(head, noun).has_value();
  });
}

/// A condition or a negation: the list is then no mere list.
bool is_turned(std::string_view folded) {
  constexpr auto kTurns = std::to_array<std::string_view>(
      {"if",        "unless", "except",     "when",    "not",         "no",     "never",
       "without",   "only",   "at most",    "may",     "wenn",        "falls",  "nicht",
       "kein",      "keine",  "ohne",       "nur",     "si",          "sin",    "sauf",
       "sans",      "ne",     "pas",        "não",     "sem",         "nobody", "none",
       "nothing",   "than",   "at least",   "exactly", "exactamente", "genau",  "json",
       "höchstens", "máximo", "at the most"});
  return std::any_of(kTurns.begin(), kTurns.end(), [&](std::string_view word) {
    return find_folded(folded, word).has_value();
  });
}

/// "A list of the short SKUs with the missing quantities": what is listed is wanted too.
std::string_view listed_in(std::string_view head) {
  for (const std::string_view noun : {"list of ", "liste der ", "liste von ", "lista de "}) {
    if (const std::size_t at = head.find(noun); at != std::string_view::npos) {
      std::string_view listed = head.substr(at + noun.size());
      listed = listed.ends_with(" each") ? listed.substr(0, listed.size() - 5) : listed;
      listed = trim(listed);
      return listed.ends_with(',') ? listed.substr(0, listed.size() - 1) : listed;
    }
  }
  return {};
}

void drop_marks(std::string& folded) {
  while (!folded.empty() && (folded.back() == '.' || folded.back() == ' ')) {
    folded.pop_back();
  }
}

/// "in which account, group and end date stand"
std::optional<std::string_view> verb_last(std::string_view folded) {
  constexpr auto kRelative =
      std::to_array<std::string_view>({", in der ", ", in dem ", ", die ", ", der ", ", das "});
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {" stehen", " steht", " nennt", " enthält", " angibt", " nennen", " enthalten", " aufführt"});
  const auto relative = first_of(kRelative, folded);
  if (!relative) {
    return std::nullopt;
  }
  for (const std::string_view verb : kVerbs) {
    if (folded.ends_with(verb)) {
      return folded.substr(relative->end, folded.size() - verb.size() - relative->end);
    }
  }
  return std::nullopt;
}

/// "The total is stated in GBP", as "the total in GBP"; `folded` is changed to say so.
std::optional<std::string_view> with_unit_behind(std::string& folded) {
  for (const std::string_view closing : kClosings) {
    const std::size_t at = folded.find(std::string(closing) + " in ");
    if (at != std::string::npos) {
      folded.erase(at, closing.size());
      return folded;
    }
  }
  return std::nullopt;
}

struct GivenList {
  std::string_view list;
  std::string_view more;  ///< wanted too
  std::string_view head;
};

std::optional<GivenList> find_list(std::string& sentence, RubricKind kind) {
  std::string_view folded = sentence;
  if (const auto list = verb_last(folded)) {
    return GivenList{*list, {}, folded.substr(0, folded.find(','))};
  }
  for (const std::string_view closing : kClosings) {
    if (folded.ends_with(closing)) {
      return GivenList{folded.substr(0, folded.size() - closing.size()), {}, {}};
    }
  }
  if (const auto list = with_unit_behind(sentence)) {
    return GivenList{*list, {}, {}};
  }
  for (const std::string_view beginning : kBeginnings) {
    if (folded.starts_with(beginning)) {
      return GivenList{folded.substr(beginning.size()), {}, {}};
    }
  }
  const auto opening = first_of(kOpenings, folded);
  const std::string_view head = opening ? folded.substr(0, opening->start) : folded;
  if (opening && names_document(head)) {
    return GivenList{trim(folded.substr(opening->end)), listed_in(head), head};
  }
  if (kind != RubricKind::deliverable || is_document(head)) {
    return std::nullopt;
  }
  // "The new flight number with its departure and arrival time": both sides are wanted.
  const std::string_view listed = listed_in(head);
  return GivenList{opening ? trim(folded.substr(opening->end)) : std::string_view{},
                   listed.empty() ? head : listed,
                   {}};
}

/// "… in the same summary": where, not what. Whether it was there.
bool drop_place(std::string& folded) {
  for (const std::string_view place : {" in the same summary",
                                       " in the same answer",
                                       " in the same report",
                                       " in the same message",
                                       " in the answer",
                                       " in the reply",
                                       " in the summary",
                                       " in the report",
                                       " in the final answer",
                                       " in der antwort",
                                       " en la respuesta",
                                       " dans la réponse"}) {
    if (folded.ends_with(place)) {
      folded.resize(folded.size() - place.size());
      if (folded.ends_with(',')) {
        folded.pop_back();
      }
      return true;
    }
  }
  return false;
}

/// "how many files the commit changed", "in how much time": a question for a number.
std::optional<Wanted> read_question(std::string_view list) {
  constexpr auto kHowLong = std::to_array<std::string_view>({"how long ",
                                                             "in how much time ",
                                                             "how soon ",
                                                             "how much time ",
                                                             "wie lange ",
                                                             "in welcher zeit ",
                                                             "en cuánto tiempo ",
                                                             "cuánto tiempo ",
                                                             "en combien de temps "});
  if (std::any_of(kHowLong.begin(), kHowLong.end(), [&](std::string_view opening) {
        return list.starts_with(opening);
      })) {
    Wanted wanted;
    wanted.phrase = std::string(list);
    wanted.content = Content::duration;
    wanted.words = {"time"};
    return wanted;
  }
  for (const std::string_view opening : {"how many ",
                                         "in how many ",
                                         "wie viele ",
                                         "cuántos ",
                                         "cuántas ",
                                         "combien de ",
                                         "quantos ",
                                         "quantas "}) {
    if (list.starts_with(opening)) {
      auto wanted = read_wanted(list.substr(opening.size()));
      if (wanted.size() == 1) {
        wanted.front().content = Content::number;
        wanted.front().phrase = std::string(list);
        return wanted.front();
      }
    }
  }
  return std::nullopt;
}

bool opens_clause(std::string_view list) {
  constexpr auto kClauses = std::to_array<std::string_view>({"how ",
                                                             "what ",
                                                             "where ",
                                                             "whether ",
                                                             "why ",
                                                             "who ",
                                                             "that ",
                                                             "which ",
                                                             "in how ",
                                                             "wie ",
                                                             "was ",
                                                             "wo ",
                                                             "ob ",
                                                             "que ",
                                                             "cómo ",
                                                             "por qué "});
  return std::any_of(kClauses.begin(), kClauses.end(), [&](std::string_view word) {
    return list.starts_with(word);
  });
}

}  // namespace

std::optional<GiveCheck> read_given(std::string_view sentence, RubricKind kind) {
  std::string folded = fold_case(trim(sentence));
  drop_marks(folded);
  if (folded.size() > kBytesMax || is_turned(folded)) {
    return std::nullopt;
  }
  const bool placed = drop_place(folded);
  const auto found = find_list(folded, kind);
  if (!found) {
    return std::nullopt;
  }
  GiveCheck check;
  const std::string_view list = trim(found->list);
  check.closing = placed || closes(found->head);
  if (const auto question = read_question(list)) {
    check.things.push_back(*question);
    return check;
  }
  if (opens_clause(list)) {
    return std::nullopt;
  }
  for (const std::string_view part : {trim(found->more), list}) {
    if (part.empty()) {
      continue;
    }
    auto things = read_wanted(part);
    if (things.empty()) {
      return std::nullopt;
    }
    std::move(things.begin(), things.end(), std::back_inserter(check.things));
  }
  const bool any_known =
      std::any_of(check.things.begin(), check.things.end(), [](const Wanted& wanted) {
        return wanted.content != Content::words;
      });
  return any_known ? std::optional(std::move(check)) : std::nullopt;
}

}  // namespace infinium::maestro
