#include "maestro/rubric/precedence_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/text.h"

namespace infinium::maestro {

bool wants_success(std::string_view text) {
  constexpr auto kGood = std::to_array<std::string_view>({"pass",
                                                          "passes",
                                                          "passed",
                                                          "passing",
                                                          "green",
                                                          "without failures",
                                                          "without errors",
                                                          "no failures",
                                                          "successful",
                                                          "successfully",
                                                          "succeeded",
                                                          "bestanden",
                                                          "fehlerfrei",
                                                          "pasado",
                                                          "sin errores",
                                                          "réussi"});
  return std::any_of(kGood.begin(), kGood.end(), [text](std::string_view word) {
    return find_folded(text, word).has_value();
  });
}

bool wants_everything(std::string_view text) {
  constexpr auto kAll = std::to_array<std::string_view>({"entire suite",
                                                         "entire test",
                                                         "whole suite",
                                                         "whole test",
                                                         "full suite",
                                                         "full test",
                                                         "complete suite",
                                                         "complete test",
                                                         "all tests",
                                                         "gesamte test",
                                                         "alle tests",
                                                         "todas las pruebas",
                                                         "todos los tests",
                                                         "tous les tests"});
  return std::any_of(kAll.begin(), kAll.end(), [text](std::string_view words) {
    return find_folded(text, words).has_value();
  });
}

bool wants_grant(std::string_view text) {
  constexpr auto kGrants = std::to_array<std::string_view>({"grants",
                                                            "grant",
                                                            "granted",
                                                            "allows",
                                                            "allow",
                                                            "allowed",
                                                            "permits",
                                                            "offers",
                                                            "gewährt",
                                                            "erlaubt",
                                                            "concede",
                                                            "permite",
                                                            "accorde",
                                                            "permet"});
  const auto tokens = find_words(text);
  return std::any_of(tokens.begin(), tokens.end(), [&](const Word& word) {
    const std::string said = fold_case(text.substr(word.start, word.end - word.start));
    return std::find(kGrants.begin(), kGrants.end(), said) != kGrants.end();
  });
}

bool is_vague(const ActionPhrase& phrase) {
  static constexpr auto kVague = std::to_array<std::string_view>(
      {"facts",        "fact",         "detail",      "details",
       "information",  "info",         "everything",  "data",
       "requirement",  "requirements", "eligibility", "eligible",
       "situation",    "validity",     "correctness", "accuracy",
       "request",      "need",         "needs",       "intent",
       "reason",       "reasons",      "result",      "results",
       "context",      "case",         "input",       "inputs",
       "assumption",   "assumptions",  "requests",    "duplicate",
       "duplicates",   "conflicts",    "errors",      "risks",
       "problems",     "issues",       "duplikate",   "fehler",
       "duplicados",   "errores",      "重複",        "issue",
       "problem",      "angaben",      "daten",       "voraussetzungen",
       "anliegen",     "datos",        "requisitos",  "información",
       "informations", "données",      "内容",        "情報",
       "事実",         "条件",         "evidence",    "proof",
       "material",     "materials",    "record",      "records",
       "history",      "source",       "sources",     "document",
       "documents",    "content",      "contents",    "background",
       "value",        "values",       "figure",      "figures",
       "state",        "status",       "alternative", "alternatives",
       "option",       "options",      "cause",       "impact",
       "consequences", "risk",         "beleg",       "belege",
       "nachweis",     "nachweise",    "unterlagen",  "quelle",
       "quellen",      "inhalt",       "ursache",     "stand",
       "lage",         "prueba",       "pruebas",     "documentos",
       "fuentes",      "contenido",    "estado",      "causa",
       "preuve",       "preuves",      "documents",   "état",
       "provas",       "documentos",   "証拠",        "資料",
       "記録",         "状況",         "原因",        "証憑",
       "证据",         "资料",         "状态"});
  const auto things = phrase.things();
  return phrase.names.empty() &&
         std::all_of(things.begin(), things.end(), [](const ActionWord* thing) {
           return std::find(kVague.begin(), kVague.end(), thing->text) != kVague.end();
         });
}

bool is_mere_check(const ActionPhrase& phrase) {
  static constexpr auto kChecks = std::to_array<std::string_view>({"check",
                                                                   "verif",
                                                                   "valid",
                                                                   "ensur",
                                                                   "confirm",
                                                                   "recheck",
                                                                   "examin",
                                                                   "prüf",
                                                                   "überprüf",
                                                                   "geprüft",
                                                                   "compr",
                                                                   "vérif",
                                                                   "conf",
                                                                   "確認",
                                                                   "確かめ",
                                                                   "検証",
                                                                   "核实",
                                                                   "检查",
                                                                   "确认"});
  bool looks = false;
  for (const ActionWord& word : phrase.words) {
    if (!is_look(word.meaning) &&
        !(is_consent(word.meaning) && word.meaning.deed == Deed::observe)) {
      continue;
    }
    const bool check = std::any_of(kChecks.begin(), kChecks.end(), [&word](std::string_view stem) {
      return word.text.starts_with(stem);
    });
    if (!check) {
      return false;
    }
    looks = true;
  }
  // A tool that computes or tests is a call by itself.
  return looks &&
         std::none_of(phrase.words.begin(), phrase.words.end(), [](const ActionWord& word) {
           return word.meaning.deed == Deed::observe && !is_look(word.meaning) &&
                  !is_consent(word.meaning);
         });
}

bool is_kept_by_a_system(const ActionPhrase& part) {
  const auto things = part.things();
  return std::any_of(things.begin(), things.end(), [](const ActionWord* thing) {
    return is_looked_up(thing->meaning);
  });
}

}  // namespace infinium::maestro
