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

template <std::size_t N>
bool starts_with_one_of(std::string_view text, const std::array<std::string_view, N>& openings) {
  return std::any_of(openings.begin(), openings.end(), [text](std::string_view opening) {
    return text.starts_with(opening);
  });
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
  constexpr auto kDrafts = std::to_array<std::string_view>(
      {"draft", "drafts", "preview", "simulate", "entwurf", "borrador", "brouillon", "rascunho"});
  constexpr auto kSends = std::to_array<std::string_view>(
      {"send", "submit", "senden", "versenden", "enviar", "envoyer"});
  const std::vector<std::string> words = name_words(tool);
  const auto any = [&words](const auto& list) {
    return std::any_of(words.begin(), words.end(), [&list](const std::string& word) {
      return is_one_of(word, list);
    });
  };
  return (any(kDrafts) || tool.find("下書") != std::string_view::npos) && !any(kSends);
}

bool is_none(std::string_view value) {
  constexpr auto kNone = std::to_array<std::string_view>(
      {"", "null", "none", "false", "0", "no", "nil", "undefined", "n/a", "ok"});
  return is_one_of(value, kNone);
}

bool is_success_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"ok",
                                                          "success",
                                                          "succeeded",
                                                          "successful",
                                                          "is_success",
                                                          "erfolg",
                                                          "erfolgreich",
                                                          "exito",
                                                          "éxito",
                                                          "succes",
                                                          "succès",
                                                          "sucesso"});
  return is_one_of(key, kKeys);
}

bool is_outcome_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"status",
                                                          "state",
                                                          "result",
                                                          "outcome",
                                                          "estado",
                                                          "resultado",
                                                          "ergebnis",
                                                          "zustand",
                                                          "statut",
                                                          "résultat",
                                                          "状態",
                                                          "ステータス",
                                                          "結果",
                                                          "状态"});
  return is_one_of(key, kKeys) || key.ends_with("_status") || key.ends_with("_state");
}

bool is_error_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"error",
                                                          "errors",
                                                          "err",
                                                          "error_message",
                                                          "errormessage",
                                                          "exception",
                                                          "fehler",
                                                          "erreur",
                                                          "erro",
                                                          "エラー"});
  return is_one_of(key, kKeys);
}

bool is_message_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"message", "messages", "msg",    "reason",   "detail", "details",    "hint",
       "note",    "text",     "cause",  "warning",  "motivo", "mensaje",    "hinweis",
       "grund",   "meldung",  "raison", "mensagem", "理由",   "メッセージ", "why"});
  return is_one_of(key, kKeys);
}

bool is_failing_state(std::string_view value) {
  constexpr auto kStates = std::to_array<std::string_view>(
      {"rejected",  "failed",      "failure",        "error",       "errored",      "denied",
       "refused",   "declined",    "aborted",        "invalid",     "unsuccessful", "unauthorized",
       "forbidden", "undelivered", "bounced",        "blocked",     "timeout",      "timed_out",
       "abgelehnt", "verworfen",   "fehlgeschlagen", "fehler",      "abgebrochen",  "verweigert",
       "ungueltig", "ungültig",    "rechazada",      "rechazado",   "fallida",      "fallido",
       "denegada",  "denegado",    "refusé",         "refusée",     "échoué",       "rejeté",
       "rejeitado", "recusado",    "falhou",         "失敗",        "却下",         "エラー",
       "拒否",      "無効",        "失败",           "拒绝",        "错误",         "rolled_back",
       "inchangee", "inchangée",   "inchangé",       "refusee",     "rejetee",      "rejetée",
       "echouee",   "échouée",     "rolled back",    "not_applied", "discarded",    "quarantined"});
  constexpr auto kOpenings = std::to_array<std::string_view>(
      {"not_", "not ", "nicht ", "nicht_", "failed", "rejected", "error"});
  return is_one_of(value, kStates) || starts_with_one_of(value, kOpenings);
}

bool is_waiting_state(std::string_view value) {
  constexpr auto kStates = std::to_array<std::string_view>(
      {"queued",         "in_progress", "in progress", "started",     "tentative",    "held",
       "on_hold",        "provisional", "draft",       "unconfirmed", "requested",    "ausstehend",
       "in bearbeitung", "läuft",       "laeuft",      "vorgemerkt",  "entwurf",      "en curso",
       "en proceso",     "borrador",    "en attente",  "en cours",    "em andamento", "pendente"});
  constexpr auto kOpenings = std::to_array<std::string_view>(
      {"pending", "waiting", "awaiting", "wartet", "pendiente", "esperando", "仮"});
  constexpr auto kParts = std::to_array<std::string_view>(
      {"処理中", "待ち", "保留", "申請中", "準備中", "处理中", "等待"});
  const bool ongoing = value.size() >= 6 && value.ends_with("ing") && value != "missing" &&
                       value != "nothing" && value != "existing" &&
                       value.find(' ') == std::string_view::npos;
  return ongoing || is_one_of(value, kStates) || starts_with_one_of(value, kOpenings) ||
         std::any_of(kParts.begin(), kParts.end(), [value](std::string_view part) {
           return value.find(part) != std::string_view::npos;
         });
}

bool is_count_of_changes(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"updated",
                                                          "affected",
                                                          "rows_affected",
                                                          "affected_rows",
                                                          "rows_updated",
                                                          "modified",
                                                          "modified_count",
                                                          "inserted",
                                                          "deleted",
                                                          "matched",
                                                          "changed",
                                                          "rowcount",
                                                          "row_count"});
  return is_one_of(key, kKeys);
}

bool is_count_of_hits(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"found",
                                                          "exists",
                                                          "hits",
                                                          "total",
                                                          "count",
                                                          "matches",
                                                          "results",
                                                          "total_results",
                                                          "num_results",
                                                          "treffer",
                                                          "resultados",
                                                          "件数"});
  return is_one_of(key, kKeys);
}

}  // namespace infinium::maestro
