#include "maestro/rubric/consent_words.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr auto kAgreeing = std::to_array<std::string_view>(
    {"yes",         "yeah",         "yep",          "yup",         "sure",         "ok",
     "okay",        "confirm",      "confirmed",    "go ahead",    "go for it",    "proceed",
     "please do",   "do it",        "agreed",       "agree",       "approve",      "approved",
     "sounds good", "looks good",   "reads well",   "that works",  "works for me", "correct",
     "perfect",     "absolutely",   "by all means", "i accept",    "accepted",     "that's right",
     "fine by me",  "fine with me", "please go",    "that's fine", "signed off",   "good to go",
     "ja",          "jawohl",       "genau",        "gerne",       "passt",        "einverstanden",
     "in ordnung",  "machen sie",   "bestätige",    "bestätigt",   "freigegeben",  "genehmigt",
     "geht klar",   "stimmt",       "sí",           "vale",        "de acuerdo",   "adelante",
     "confirmo",    "confirmado",   "correcto",     "perfecto",    "claro",        "hazlo",
     "hágalo",      "aprobado",     "conforme",     "oui",         "d'accord",     "allez-y",
     "je confirme", "parfait",      "sim",          "pode fazer",  "concordo",     "confirmado",
     "はい",        "お願いします", "承知",         "了解",        "大丈夫です",   "同意します",
     "それでいい",  "それで結構",   "承認します",   "好的",        "可以",         "同意",
     "确认"});

constexpr auto kDeclining = std::to_array<std::string_view>({"don't",
                                                             "do not",
                                                             "not yet",
                                                             "hold on",
                                                             "wait",
                                                             "stop",
                                                             "still have to",
                                                             "need to ask",
                                                             "have to ask",
                                                             "let me think",
                                                             "let you know",
                                                             "get back to you",
                                                             "rather not",
                                                             "no thanks",
                                                             "no thank",
                                                             "not sure",
                                                             "not now",
                                                             "later",
                                                             "i'd like to think",
                                                             "never mind",
                                                             "too expensive",
                                                             "cancel that",
                                                             "nicht",
                                                             "noch nicht",
                                                             "lieber nicht",
                                                             "moment",
                                                             "warten sie",
                                                             "überlege",
                                                             "melde mich",
                                                             "erst fragen",
                                                             "nein",
                                                             "todavía no",
                                                             "aún no",
                                                             "espera",
                                                             "espere",
                                                             "no quiero",
                                                             "lo pienso",
                                                             "mejor no",
                                                             "pas encore",
                                                             "attendez",
                                                             "non merci",
                                                             "ainda não",
                                                             "まだ",
                                                             "待って",
                                                             "考え",
                                                             "やめ",
                                                             "いいえ",
                                                             "等一下",
                                                             "不要",
                                                             "先不"});

constexpr auto kGranted = std::to_array<std::string_view>(
    {"approved",  "granted",    "agreed",      "accepted",   "yes",        "ok",
     "confirmed", "signed",     "consented",   "authorized", "authorised", "cleared",
     "erteilt",   "genehmigt",  "freigegeben", "zugestimmt", "bestätigt",  "aprobado",
     "aprobada",  "autorizado", "autorizada",  "concedido",  "concedida",  "aceptado",
     "aceptada",  "sí",         "approuvé",    "accordé",    "accepté",    "aprovado",
     "aprovada",  "true",       "agree",       "approve",    "ja",         "oui",
     "sim",       "承認",       "承認済み",    "承認済",     "同意",       "許可",
     "已批准",    "批准"});

constexpr auto kWithheld = std::to_array<std::string_view>(
    {"pending",   "waiting",    "requested",  "open",      "denied",    "declined",  "rejected",
     "refused",   "not",        "no",         "withdrawn", "expired",   "offen",     "ausstehend",
     "abgelehnt", "verweigert", "nein",       "pendiente", "rechazado", "rechazada", "denegado",
     "denegada",  "refusé",     "en attente", "pendente",  "recusado",  "false",     "draft",
     "未承認",    "却下",       "保留",       "申請中",    "待审批",    "拒绝"});

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return find_folded(text, word).has_value();
  });
}

}  // namespace

Stance stance_of(std::string_view turn) {
  const bool agrees = has_any(turn, kAgreeing);
  const std::string opening = fold_case(prefix_of(trim(turn), 4));
  const bool no = opening == "no" || opening.starts_with("no,") || opening.starts_with("no ") ||
                  opening.starts_with("no.");
  const bool declines = no || has_any(turn, kDeclining);
  if (agrees && declines) {
    return Stance::mixed;
  }
  return agrees ? Stance::agrees : declines ? Stance::declines : Stance::none;
}

Stance stance_of_value(std::string_view value) {
  std::string spaced(value);
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  if (has_any(spaced, kWithheld)) {
    return Stance::declines;
  }
  return has_any(spaced, kGranted) ? Stance::agrees : Stance::none;
}

}  // namespace infinium::maestro
