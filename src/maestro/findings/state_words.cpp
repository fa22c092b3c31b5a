#include "maestro/findings/state_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "maestro/facts.h"

namespace infinium::maestro {
namespace {

struct StageWord {
  std::string_view stem;
  Stage stage;
};

/// Stems of words of state; a word of a text begins with one of them.
constexpr auto kStages = std::to_array<StageWord>({
    {"reject", Stage::refused},
    {"declin", Stage::refused},
    {"denied", Stage::refused},
    {"refused", Stage::refused},
    {"failed", Stage::refused},
    {"cancel", Stage::refused},
    {"bounced", Stage::refused},
    {"undeliver", Stage::refused},
    {"revoked", Stage::refused},
    {"abgelehn", Stage::refused},
    {"verweiger", Stage::refused},
    {"fehlgeschl", Stage::refused},
    {"storniert", Stage::refused},
    {"rechazad", Stage::refused},
    {"denegad", Stage::refused},
    {"fallid", Stage::refused},
    {"cancelad", Stage::refused},
    {"refusé", Stage::refused},
    {"recusad", Stage::refused},
    {"却下", Stage::refused},
    {"拒否", Stage::refused},
    {"draft", Stage::draft},
    {"entwurf", Stage::draft},
    {"borrador", Stage::draft},
    {"brouillon", Stage::draft},
    {"rascunho", Stage::draft},
    {"下書き", Stage::draft},
    {"pending", Stage::open},
    {"waiting", Stage::open},
    {"awaiting", Stage::open},
    {"queued", Stage::open},
    {"provisional", Stage::open},
    {"unconfirmed", Stage::open},
    {"ausstehend", Stage::open},
    {"offen", Stage::open},
    {"wartet", Stage::open},
    {"pendiente", Stage::open},
    {"espera", Stage::open},
    {"仮", Stage::open},
    {"保留", Stage::open},
    {"申請中", Stage::open},
    {"registered", Stage::received},
    {"received", Stage::received},
    {"submitted", Stage::received},
    {"scheduled", Stage::received},
    {"geplant", Stage::received},
    {"eingegangen", Stage::received},
    {"recibid", Stage::received},
    {"programad", Stage::received},
    {"受付", Stage::received},
    {"approved", Stage::done},
    {"granted", Stage::done},
    {"accepted", Stage::done},
    {"confirmed", Stage::done},
    {"delivered", Stage::done},
    {"completed", Stage::done},
    {"published", Stage::done},
    {"paid", Stage::done},
    {"settled", Stage::done},
    {"signed", Stage::done},
    {"freigegeben", Stage::done},
    {"genehmigt", Stage::done},
    {"bestätigt", Stage::done},
    {"erteilt", Stage::done},
    {"angenommen", Stage::done},
    {"zugestellt", Stage::done},
    {"bezahlt", Stage::done},
    {"signiert", Stage::done},
    {"veröffentlicht", Stage::done},
    {"aprobad", Stage::done},
    {"aceptad", Stage::done},
    {"confirmad", Stage::done},
    {"entregad", Stage::done},
    {"pagad", Stage::done},
    {"publicad", Stage::done},
    {"autorizad", Stage::done},
    {"承認", Stage::done},
    {"確定", Stage::done},
    {"公開", Stage::done},
});

constexpr auto kStateKeys = std::to_array<std::string_view>({"state",
                                                             "status",
                                                             "estado",
                                                             "zustand",
                                                             "état",
                                                             "situação",
                                                             "状態",
                                                             "decision",
                                                             "outcome",
                                                             "verdict",
                                                             "approval",
                                                             "reply",
                                                             "freigabe_status",
                                                             "resolution"});

constexpr auto kTaken = std::to_array<std::string_view>({"taken",
                                                         "unavailable",
                                                         "sold out",
                                                         "sold_out",
                                                         "occupied",
                                                         "booked",
                                                         "reserved",
                                                         "full",
                                                         "belegt",
                                                         "vergeben",
                                                         "ausgebucht",
                                                         "ocupad",
                                                         "agotad",
                                                         "reservad",
                                                         "満席",
                                                         "満室",
                                                         "埋",
                                                         "予約済"});

/// Words that make a claim of completion open again.
constexpr auto kHedges = std::to_array<std::string_view>(
    {"not ",    "n't",     "n\u2019t", "once ",     " if ",   "when ", "until",
     "unless",  "will be", "would be", "can be",    "still",  "yet",   "awaiting",
     "waiting", "pending", "to be ",   "should be", "needs",  "must",  "as soon as",
     "before",  "whether", "request",  "nicht",     "sobald", "wenn",  "noch",
     "wird ",   "werden",  "no ",      "cuando",    "si ",    "aún",   "todavía",
     "pas ",    "dès que", "ない",     "まだ",      "次第",   "?"});

template <std::size_t N>
bool holds(std::string_view folded, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [folded](std::string_view word) {
    return folded.find(word) != std::string_view::npos;
  });
}

}  // namespace

bool is_state_key(std::string_view key) {
  if (std::find(kStateKeys.begin(), kStateKeys.end(), key) != kStateKeys.end()) {
    return true;
  }
  const std::vector<std::string> words = name_words(key);
  return words.size() > 1 && (words.back() == "state" || words.back() == "status");
}

Stage stage_of(std::string_view value) {
  const std::string folded = fold_case(value);
  Stage found = Stage::unknown;
  for (const StageWord& entry : kStages) {
    const std::size_t at = folded.find(entry.stem);
    const bool begins = at != std::string::npos && (at == 0 || !is_alnum(folded[at - 1]));
    if (begins && found == Stage::unknown) {
      found = entry.stage;
    }
  }
  // "pending_approval" and "wartet auf Signatur" hold no approval yet.
  for (const std::string_view open :
       {"pending", "wait", "wartet", "un", "not", "espera", "仮", "未"}) {
    found = found == Stage::done && folded.starts_with(open) ? Stage::open : found;
  }
  return found;
}

std::optional<Match> further_stage_word(std::string_view folded) {
  std::optional<Match> found;
  Stage best = Stage::open;
  for (const Word& word : find_words(folded)) {
    const std::string_view said = folded.substr(word.start);
    for (const StageWord& entry : kStages) {
      if (said.front() == entry.stem.front() && entry.stage > best &&
          said.starts_with(entry.stem)) {
        best = entry.stage;
        found = Match{word.start, word.start + entry.stem.size()};
      }
    }
  }
  return found;
}

bool says_taken(std::string_view folded) { return holds(folded, kTaken); }

bool leaves_open(std::string_view folded) { return holds(folded, kHedges); }

}  // namespace infinium::maestro
