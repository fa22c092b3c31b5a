#include "maestro/findings/marks.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

template <std::size_t N>
bool holds_any(std::string_view folded, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [folded](std::string_view word) {
    const bool wide = static_cast<unsigned char>(word.front()) >= 0xE0;  // written without spaces
    return wide ? folded.find(word) != std::string_view::npos
                : find_folded(folded, word).has_value();
  });
}

}  // namespace

bool says_outdated(std::string_view folded) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"archived",   "archive",    "superseded",  "outdated",   "old",          "stale",
       "deprecated", "obsolete",   "expired",     "backup",     "inactive",     "legacy",
       "replaced",   "void",       "preliminary", "withdrawn",  "discontinued", "retired",
       "invalid",    "historical", "former",      "revoked",    "veraltet",     "abgesetzt",
       "ungültig",   "überholt",   "ersetzt",     "vorläufig",  "abgelaufen",   "archiviert",
       "obsoleto",   "anulado",    "anulada",     "caducado",   "caducada",     "preliminar",
       "sustituido", "sustituida", "vencido",     "vencida",    "antiguo",      "antigua",
       "derogado",   "périmé",     "remplacé",    "provisoire", "expiré",       "substituído",
       "expirado",   "失効",       "無効",        "廃止",       "旧版",         "改定前",
       "暫定",       "作廃"});
  return holds_any(folded, kWords);
}

bool says_current(std::string_view folded) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"current",    "latest",   "active",    "newest",    "live",   "valid",   "final",
       "aktuell",    "aktuelle", "gültig",    "endgültig", "actual", "vigente", "definitivo",
       "definitiva", "actuel",   "définitif", "最新",      "現行",   "確定版",  "有効"});
  return holds_any(folded, kWords);
}

bool is_off(std::string_view value) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"false",   "no",          "nein", "non",      "não",         "null",     "none",
       "taken",   "full",        "sold", "sold out", "unavailable", "occupied", "closed",
       "belegt",  "ausverkauft", "voll", "ocupado",  "ocupada",     "agotado",  "agotada",
       "cerrado", "complet",     "満室", "満席",     "売切",        "なし"});
  const std::string folded = fold_case(trim(value));
  return std::find(kWords.begin(), kWords.end(), folded) != kWords.end();
}

}  // namespace infinium::maestro
