#include "maestro/answer_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "maestro/facts.h"

namespace infinium::maestro {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_deed(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"delivered", "booked",   "queued",    "done",      "completed",  "processed", "submitted",
       "scheduled", "placed",   "posted",    "published", "paid",       "refunded",  "transferred",
       "confirmed", "accepted", "gebucht",   "bezahlt",   "reservado",  "pagado",    "aceptado",
       "réservé",   "payé",     "reservada", "pagada",    "dispatched", "notified",  "registered"});
  return is_one_of(key, kKeys);
}

bool is_plain_deed(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"sent",        "saved",       "created",    "updated",     "applied",  "stored",
       "written",     "executed",    "gesendet",   "gespeichert", "erstellt", "uebermittelt",
       "übermittelt", "ausgefuehrt", "ausgeführt", "enviado",     "enviada",  "creado",
       "guardado",    "aplicado",    "envoyé",     "enregistré"});
  return is_one_of(key, kKeys);
}

bool says_nothing_found(std::string_view value) {
  constexpr auto kWords = std::to_array<std::string_view>({"not_found",
                                                           "notfound",
                                                           "not found",
                                                           "no_match",
                                                           "no match",
                                                           "no_results",
                                                           "no results",
                                                           "none_found",
                                                           "no_data",
                                                           "nicht gefunden",
                                                           "no encontrado",
                                                           "introuvable"});
  return is_one_of(value, kWords);
}

bool makes_a_draft(std::string_view tool) {
  constexpr auto kWords = std::to_array<std::string_view>({"draft",
                                                           "drafts",
                                                           "preview",
                                                           "simulate",
                                                           "validate",
                                                           "entwurf",
                                                           "borrador",
                                                           "brouillon",
                                                           "rascunho",
                                                           "plan",
                                                           "quote"});
  const std::vector<std::string> words = name_words(tool);
  return tool.find("下書") != std::string_view::npos ||
         std::any_of(words.begin(), words.end(), [&kWords](const std::string& word) {
           return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
         });
}

}  // namespace infinium::maestro
