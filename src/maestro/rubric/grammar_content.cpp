#include "maestro/rubric/grammar_content.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view folded) {
  Words words;
  for (const Word& word : find_words(folded)) {
    words.emplace_back(folded.substr(word.start, word.end - word.start));
  }
  return words;
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

template <std::size_t N>
bool any_among(const std::array<std::string_view, N>& list, const Words& words) {
  return std::any_of(
      words.begin(), words.end(), [&](const std::string& word) { return among(list, word); });
}

/// The first of the phrases in a text, each as whole words: its place and its length.
template <std::size_t N>
std::optional<Match> first_of(const std::array<std::string_view, N>& phrases,
                              std::string_view folded) {
  std::optional<Match> first;
  for (const std::string_view phrase : phrases) {
    const auto at = find_folded(folded, phrase);
    const bool earlier = at && (!first || at->start < first->start ||
                                (at->start == first->start && at->end > first->end));
    first = earlier ? at : first;
  }
  return first;
}

constexpr auto kConditions = std::to_array<std::string_view>(
    {"unless", "except", "if",  "until",      "when",   "otherwise", "but",    "wenn",   "falls",
     "außer",  "bis",    "si",  "salvo",      "cuando", "sauf",      "quando", "exceto", "before",
     "after",  "bevor",  "bis", "other than", "than",   "only",      "nur",    "solo"});

// The words for the output and for what is written, said or sent.
constexpr auto kOutputNouns = std::to_array<std::string_view>({"output",
                                                               "answer",
                                                               "response",
                                                               "report",
                                                               "summary",
                                                               "note",
                                                               "result",
                                                               "text",
                                                               "document",
                                                               "table",
                                                               "list",
                                                               "confirmation",
                                                               "antwort",
                                                               "ausgabe",
                                                               "bericht",
                                                               "zusammenfassung",
                                                               "schlussnachricht",
                                                               "bestätigung",
                                                               "notiz",
                                                               "respuesta",
                                                               "resumen",
                                                               "informe",
                                                               "salida",
                                                               "confirmación",
                                                               "nota",
                                                               "réponse",
                                                               "résumé",
                                                               "rapport",
                                                               "resposta",
                                                               "resumo",
                                                               "relatório",
                                                               "post",
                                                               "reply",
                                                               "newsletter",
                                                               "hand-over",
                                                               "handover",
                                                               "briefing",
                                                               "memo",
                                                               "digest",
                                                               "recap",
                                                               "statement",
                                                               "announcement",
                                                               "übergabe",
                                                               "vermerk",
                                                               "aviso",
                                                               "comparison",
                                                               "review",
                                                               "ergebnis",
                                                               "übersicht",
                                                               "letter",
                                                               "brief",
                                                               "carta",
                                                               "article"});
constexpr auto kMessageNouns = std::to_array<std::string_view>(
    {"message",  "messages",     "mail",      "mails",       "email",     "emails",    "e-mail",
     "chat",     "conversation", "guest",     "customer",    "customers", "client",    "clients",
     "patient",  "patients",     "user",      "users",       "supplier",  "suppliers", "recipient",
     "third",    "outside",      "nachricht", "nachrichten", "kunden",    "kunde",     "kundin",
     "mensaje",  "mensajes",     "correo",    "correos",     "cliente",   "clientes",  "clienta",
     "mensagem", "mensagens",    "client",    "sms",         "texts",     "public",    "anyone",
     "agents",   "owner",        "caller",    "carrier",     "gast",      "patientin"});

struct Where {
  Place place = Place::everywhere;
  std::string document;
  bool known = false;  ///< the text says where
};

Where where_of(std::string_view phrase) {
  const Words words = words_of(phrase);
  Where where;
  const bool messages = any_among(kMessageNouns, words);
  const bool output = any_among(kOutputNouns, words);
  where.known = messages || output;
  where.place = messages ? Place::messages : output ? Place::output : Place::everywhere;
  constexpr auto kDocuments = std::to_array<std::string_view>({"note", "post", "reply", "letter"});
  for (const std::string& word : words) {
    if (!messages && among(kDocuments, word)) {
      where.document = word;
    }
  }
  return where;
}

/// The first words of a text, at most so many.
std::string_view first_words(std::string_view text, std::size_t most) {
  const auto words = find_words(text);
  return words.size() <= most ? text : text.substr(0, words[most - 1].end);
}

/// Cuts "… in the report or in messages" off; what is left is the list.
Where take_place(std::string& list) {
  list = " " + list;
  constexpr auto kIn = std::to_array<std::string_view>({" in ",
                                                        " into ",
                                                        " to ",
                                                        " from ",
                                                        " on ",
                                                        " within ",
                                                        " im ",
                                                        " en ",
                                                        " dans ",
                                                        " a la ",
                                                        " al ",
                                                        " an ",
                                                        " no ",
                                                        " na ",
                                                        " aux ",
                                                        " auf "});
  Where where;
  std::size_t from = list.size();
  for (const std::string_view in : kIn) {
    const std::size_t at = list.find(in);
    if (at == std::string_view::npos || at >= from) {
      continue;
    }
    const std::string_view tail = std::string_view(list).substr(at + in.size());
    const Where here = where_of(tail);
    if (here.known && where_of(first_words(tail, 4)).known) {
      where = here;
      from = at;
    }
  }
  list = std::string(trim(std::string_view(list).substr(0, from)));
  return where;
}

// Verbs of telling; those of the second list also do other things ("give a refund").
constexpr auto kTelling = std::to_array<std::string_view>(
    {"mention",    "mentions",   "mentioned",   "mentioning", "name",       "names",
     "named",      "naming",     "include",     "includes",   "included",   "including",
     "reveal",     "reveals",    "revealed",    "disclose",   "disclosed",  "contain",
     "contains",   "containing", "state",       "states",     "stated",     "quote",
     "display",    "displayed",  "print",       "expose",     "exposed",    "leak",
     "leaked",     "repeat",     "repeated",    "cite",       "output",     "appear",
     "appears",    "nennen",     "nenne",       "nennt",      "genannt",    "erwähnen",
     "erwähne",    "erwähnt",    "enthalten",   "enthält",    "angeben",    "angegeben",
     "preisgeben", "incluir",    "incluya",     "incluyas",   "incluye",    "incluyen",
     "mencionar",  "menciones",  "menciona",    "mencionan",  "mencionado", "revelar",
     "revela",     "revelan",    "contener",    "contiene",   "contienen",  "lleva",
     "llevan",     "aparecen",   "aparece",     "citar",      "nombrar",    "mentionner",
     "divulguer",  "divulgue",   "communiquer", "divulgar",   "mentionne",  "inclure",
     "inclut",     "révéler",    "contenir",    "contient",   "citer",      "mencione",
     "inclua",     "conter",     "contém",      "vorkommen"});
constexpr auto kShowing = std::to_array<std::string_view>(
    {"show",   "shows",   "shown",   "write",     "writes",   "written",     "give",     "gives",
     "given",  "share",   "shared",  "put",       "send",     "sent",        "use",      "has",
     "have",   "post",    "posted",  "tell",      "told",     "say",         "said",     "pass",
     "zeigen", "zeigt",   "gezeigt", "schreiben", "schreibe", "geschrieben", "hat",      "haben",
     "stehen", "steht",   "mostrar", "muestra",   "muestran", "escribir",    "escribas", "dar",
     "poner",  "montrer", "montre",  "écrire",    "donner",   "mostre",      "escrever", "goes"});
constexpr auto kNegations = std::to_array<std::string_view>(
    {"no",     "not",     "never",  "don't",   "without", "avoid",   "kein",   "keine",
     "keinen", "keiner",  "nicht",  "nie",     "niemals", "ohne",    "sin",    "nunca",
     "ningún", "ninguna", "ne",     "pas",     "jamais",  "aucun",   "aucune", "sans",
     "não",    "sem",     "nenhum", "nenhuma", "mustn't", "doesn't", "nothing"});
constexpr auto kAuxiliaries = std::to_array<std::string_view>(
    {"do",    "does",   "must",   "may",  "should", "shall", "can",     "be",
     "is",    "are",    "will",   "ever", "werden", "wird",  "dürfen",  "darf",
     "soll",  "sollen", "se",     "debe", "deben",  "doit",  "doivent", "deve",
     "devem", "n'",     "cannot", "ser",  "sein",   "ist",   "sind",    "please"});
constexpr auto kLittle = std::to_array<std::string_view>({"it", "the", "any", "to", "es"});

/// A text without negations, verbs of telling and auxiliaries at its ends, and without articles
/// before its nouns: what is left is the list.
std::string strip(std::string_view folded) {
  std::string kept;
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t end = at;
    while (end < folded.size() && folded[end] != ' ') {
      ++end;
    }
    std::string_view word = folded.substr(at, end - at);
    const bool comma = word.ends_with(',');
    const std::string_view bare = comma ? word.substr(0, word.size() - 1) : word;
    // "names" after a negation are names, not a verb.
    const bool noun = bare == "names" || bare == "states" || bare == "quote" || bare == "name";
    const bool verb =
        (among(kTelling, bare) || among(kShowing, bare)) && (!noun || at == 0) && bare != "names";
    const bool drop =
        verb || among(kNegations, bare) || among(kAuxiliaries, bare) || among(kLittle, bare);
    if (!drop) {
      kept += (kept.empty() ? "" : " ") + std::string(word);
    } else if (comma && !kept.empty()) {
      kept += ',';
    }
    at = end + 1;
  }
  return kept;
}

/// Whether the verb, if there is one, is about telling; and whether only that.
struct Verb {
  bool telling = false;
  bool showing = false;
};

Verb verb_of(const Words& words) {
  return {any_among(kTelling, words), any_among(kShowing, words)};
}

bool has_condition(std::string_view folded) { return first_of(kConditions, folded).has_value(); }

bool is_output_head(std::string_view head) {
  const Words words = words_of(head);
  return words.size() <= 6 && (any_among(kOutputNouns, words) || any_among(kMessageNouns, words));
}

}  // namespace

namespace {

/// The sentence without what does not change what is forbidden: "by name", "beyond the last four
/// digits" (whole numbers are meant, and only they are looked for).
std::string without_asides(std::string_view sentence) {
  std::string folded = fold_case(trim(sentence));
  while (!folded.empty() && (folded.back() == '.' || folded.back() == '!')) {
    folded.pop_back();
  }
  for (const std::string_view part : {" beyond the last four digits",
                                      " except for the last four digits",
                                      " except the last four digits",
                                      " other than the last four digits",
                                      " except the last four",
                                      " by name",
                                      " bis auf die letzten vier ziffern",
                                      " salvo los últimos cuatro dígitos"}) {
    for (std::size_t at = folded.find(part); at != std::string::npos; at = folded.find(part)) {
      folded.erase(at, part.size());
    }
  }
  return folded;
}

/// "Personal data" are several things.
std::string spell_out(std::string list) {
  struct Group {
    std::string_view name;
    std::string_view things;
  };
  constexpr auto kGroups = std::to_array<Group>({
      {"personal data", "phone number, e-mail address, date of birth"},
      {"personal details", "phone number, e-mail address, date of birth"},
      {"personal information", "phone number, e-mail address, date of birth"},
      {"pii", "phone number, e-mail address, date of birth"},
      {"contact details", "phone number, e-mail address"},
      {"contact data", "phone number, e-mail address"},
      {"personenbezogene daten", "telefonnummer, e-mail, geburtsdatum"},
      {"persönliche daten", "telefonnummer, e-mail, geburtsdatum"},
      {"kontaktdaten", "telefonnummer, e-mail"},
      {"datos personales", "telefono, correo, fecha de nacimiento"},
      {"datos de contacto", "telefono, correo"},
      {"données personnelles", "telephone, e mail, date de naissance"},
      {"dados pessoais", "telefone, email, data de nascimento"},
  });
  for (const Group& group : kGroups) {
    if (const auto at = find_folded(list, group.name)) {
      list.replace(at->start, at->end - at->start, group.things);
    }
  }
  return list;
}

/// "Nothing that the systems did not return" forbids no thing by its name.
bool names_by_clause(std::string_view list) {
  constexpr auto kClauses = std::to_array<std::string_view>({"that ",
                                                             "which ",
                                                             "who ",
                                                             "but ",
                                                             "was ",
                                                             "que ",
                                                             "qui ",
                                                             "one ",
                                                             "more ",
                                                             "less ",
                                                             "más ",
                                                             "mehr ",
                                                             "plus ",
                                                             "weniger ",
                                                             "menos ",
                                                             "moins ",
                                                             "mais "});
  return std::any_of(kClauses.begin(), kClauses.end(), [&](std::string_view word) {
    return list.starts_with(word);
  });
}

/// What is forbidden, and where, of a sentence whose negation is known.
struct Forbidden {
  std::string list;
  Where where;
};

std::optional<Forbidden> split_forbidden(std::string_view folded, const Match& negation) {
  const std::string_view head = trim(folded.substr(0, negation.start));
  std::string list(trim(folded.substr(negation.end)));
  constexpr auto kWithout =
      std::to_array<std::string_view>({"without", "ohne", "sin", "sans", "sem"});
  if (names_by_clause(list) || any_among(kWithout, words_of(list))) {
    return std::nullopt;  // "no mail without a yes" is a condition
  }
  Where where = take_place(list);
  const bool about_output = is_output_head(head);
  if (about_output && !where.known) {
    where = where_of(head);
  }
  const Words head_words = words_of(head);
  const bool active = head.empty() || about_output ||  // "no …", "the report names no …"
                      std::all_of(head_words.begin(), head_words.end(), [](const auto& word) {
                        // "do not …", "mention no …"; "send no …" is about a deed
                        return among(kAuxiliaries, word) || among(kTelling, word) ||
                               word == "show" || word == "write" || word == "zeige";
                      });
  std::string things = strip(list);
  if (!active) {
    // "The rate codes are never shown": what is forbidden stands before the negation.
    const bool only_where = things.starts_with("in ") || things.starts_with("im ") ||
                            things.starts_with("en ") || things.starts_with("dans ");
    if ((!things.empty() && !only_where) || !any_among(kAuxiliaries, head_words)) {
      return std::nullopt;
    }
    things = strip(head);
  }
  return Forbidden{spell_out(std::move(things)), std::move(where)};
}

constexpr auto kSending = std::to_array<std::string_view>(
    {"send", "sent", "envía", "envia", "envie", "senden", "gesendet", "verschick", "envoy", "送"});

bool holds_part(std::string_view folded, std::span<const std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [folded](std::string_view part) {
    return folded.find(part) != std::string_view::npos;
  });
}

bool is_mail_to_send(const Wanted& wanted) {
  constexpr auto kAddress = std::to_array<std::string_view>(
      {"addr", "adress", "direcci", "indirizz", "endere", "アドレス"});
  return wanted.content == Content::email && !holds_part(wanted.phrase, kAddress);
}

}  // namespace

std::optional<ForbidCheck> read_forbidden(std::string_view sentence) {
  const std::string folded = without_asides(sentence);
  const auto negation = first_of(kNegations, folded);
  if (!negation || has_condition(folded)) {
    return std::nullopt;
  }
  auto forbidden = split_forbidden(folded, *negation);
  if (!forbidden) {
    return std::nullopt;
  }
  const Where& where = forbidden->where;
  ForbidCheck check{read_wanted(forbidden->list), where.place, where.document};
  const Verb verb = verb_of(words_of(folded));
  const bool sensitive =
      std::any_of(check.things.begin(), check.things.end(), [](const Wanted& wanted) {
        return is_sensitive(wanted.content) || !wanted.prefixes.empty();
      });
  const bool told = verb.telling || where.known || sensitive;
  const bool mail = std::any_of(check.things.begin(), check.things.end(), is_mail_to_send);
  if (mail && holds_part(folded, kSending)) {
    return std::nullopt;  // "no e-mail is sent" forbids a deed and no address
  }
  const bool counts =
      std::any_of(check.things.begin(), check.things.end(), [](const Wanted& wanted) {
        return std::any_of(wanted.words.begin(), wanted.words.end(), [](const std::string& word) {
          return std::all_of(word.begin(), word.end(), is_digit);
        });
      });
  return check.things.empty() || !told || counts ? std::nullopt : std::optional(std::move(check));
}

std::optional<SendCheck> read_sent(std::string_view sentence) {
  constexpr auto kSent = std::to_array<std::string_view>({"is sent",
                                                          "was sent",
                                                          "has been sent",
                                                          "is mailed",
                                                          "was mailed",
                                                          "is e-mailed",
                                                          "is emailed",
                                                          "was e-mailed",
                                                          "is texted",
                                                          "is posted to",
                                                          "is forwarded",
                                                          "was emailed",
                                                          "is delivered by e-mail",
                                                          "wird verschickt",
                                                          "wird gesendet",
                                                          "wurde verschickt",
                                                          "wurde gesendet",
                                                          "se envía",
                                                          "se ha enviado",
                                                          "ha sido enviado",
                                                          "es enviado",
                                                          "est envoyé",
                                                          "est envoyée",
                                                          "é enviado"});
  const std::string folded = fold_case(trim(sentence));
  const auto sent = first_of(kSent, folded);
  const bool negated = any_among(kNegations, words_of(folded));
  if (!sent || negated || has_condition(folded) || folded.size() > 120) {
    return std::nullopt;
  }
  return SendCheck{std::string(trim(std::string_view(folded).substr(0, sent->start)))};
}

std::optional<AddressCheck> read_address(std::string_view sentence) {
  constexpr auto kFormal = std::to_array<std::string_view>({"gesiezt",
                                                            "siezen",
                                                            "sie-form",
                                                            "mit sie",
                                                            "per sie",
                                                            "formal address",
                                                            "formal german",
                                                            "formal spanish",
                                                            "formal french",
                                                            "formal form",
                                                            "addressed formally",
                                                            "de usted",
                                                            "trato de usted",
                                                            "formal (sie)",
                                                            "vouvoiement",
                                                            "vouvoyer",
                                                            "vouvoyé",
                                                            "usted"});
  constexpr auto kFamiliar = std::to_array<std::string_view>({"geduzt",
                                                              "duzen",
                                                              "du-form",
                                                              "per du",
                                                              "tutear",
                                                              "tutea",
                                                              "tuteo",
                                                              "tutoiement",
                                                              "tutoyer",
                                                              "informal address",
                                                              "familiar address"});
  const std::string folded = fold_case(trim(sentence));
  const bool formal = first_of(kFormal, folded).has_value();
  const bool familiar = first_of(kFamiliar, folded).has_value();
  const Words words = words_of(folded);
  const bool negated = any_among(kNegations, words);
  if (formal == familiar || negated || has_condition(folded) || words.size() > 12) {
    return std::nullopt;
  }
  return AddressCheck{formal};
}

std::optional<MoneyStyleCheck> read_money_style(std::string_view sentence) {
  constexpr auto kComma = std::to_array<std::string_view>(
      {"decimal comma", "coma decimal", "dezimalkomma", "virgule décimale", "comma as decimal"});
  constexpr auto kPoint = std::to_array<std::string_view>(
      {"decimal point", "punto decimal", "dezimalpunkt", "point décimal"});
  constexpr auto kGroups = std::to_array<std::string_view>({"thousands separator",
                                                            "thousands separators",
                                                            "separador de miles",
                                                            "tausendertrennzeichen",
                                                            "tausenderpunkt",
                                                            "séparateur de milliers",
                                                            "3桁ごとにカンマ",
                                                            "三桁ごとにカンマ",
                                                            "千位分隔符",
                                                            "桁区切り"});
  constexpr auto kAmounts = std::to_array<std::string_view>({"amount",
                                                             "amounts",
                                                             "price",
                                                             "prices",
                                                             "importe",
                                                             "importes",
                                                             "precios",
                                                             "betrag",
                                                             "beträge",
                                                             "preise",
                                                             "montants",
                                                             "prix",
                                                             "valores",
                                                             "figures",
                                                             "sums",
                                                             "total"});
  const std::string folded = fold_case(trim(sentence));
  MoneyStyleCheck check;
  check.decimal_mark = first_of(kComma, folded) ? ',' : first_of(kPoint, folded) ? '.' : '\0';
  for (const std::string_view phrase : kGroups) {
    check.grouped = check.grouped || folded.find(phrase) != std::string::npos;
  }
  for (const std::string_view sign : {"€", "$", "£", "¥", "円"}) {
    check.sign = folded.find(sign) != std::string::npos ? sign : check.sign;
  }
  const Words words = words_of(folded);
  const bool about_money = any_among(kAmounts, words) || folded.find("金額") != std::string::npos ||
                           folded.find("金额") != std::string::npos;
  const bool styled = check.decimal_mark != 0 || check.grouped;
  constexpr std::size_t kBytesMax = 110;
  if (!about_money || !styled || has_condition(folded) || any_among(kNegations, words) ||
      folded.size() > kBytesMax) {
    return std::nullopt;
  }
  return check;
}

}  // namespace infinium::maestro
