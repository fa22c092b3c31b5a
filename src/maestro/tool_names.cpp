#include "maestro/tool_names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "maestro/facts.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Verbs wherever they stand in the name.
constexpr auto kActs = std::to_array<std::string_view>({
    "create",       "update",        "delete",     "cancel",      "modify",      "book",
    "send",         "write",         "submit",     "exchange",    "return",      "refund",
    "transfer",     "post",          "put",        "insert",      "add",         "remove",
    "set",          "pay",           "issue",      "publish",     "save",        "deploy",
    "approve",      "assign",        "close",      "schedule",    "purchase",    "buy",
    "charge",       "upload",        "append",     "edit",        "patch",       "reply",
    "register",     "drop",          "reserve",    "redirect",    "rollback",    "revert",
    "restore",      "unblock",       "suspend",    "activate",    "deactivate",  "enable",
    "disable",      "extend",        "renew",      "rebook",      "reschedule",  "rebill",
    "notify",       "confirm",       "reject",     "accept",      "archive",     "dispatch",
    "apply",        "revoke",        "grant",      "invite",      "subscribe",   "unsubscribe",
    "enroll",       "escalate",      "reopen",     "deposit",     "withdraw",    "swap",
    "replace",      "upgrade",       "downgrade",  "authorize",   "authorise",   "reissue",
    "anlegen",      "senden",        "versenden",  "absenden",    "hinzufügen",  "hinzufuegen",
    "buchen",       "umbuchen",      "stornieren", "ändern",      "aendern",     "löschen",
    "loeschen",     "erstellen",     "überweisen", "ueberweisen", "bestellen",   "verschieben",
    "sperren",      "freigeben",     "kündigen",   "kuendigen",   "schließen",   "schliessen",
    "eintragen",    "aktualisieren", "bezahlen",   "beantragen",  "verlängern",  "verlaengern",
    "anfordern",    "melden",        "zuweisen",   "einrichten",  "reservieren", "erstatten",
    "gutschreiben", "speichern",     "créer",      "creer",       "envoyer",     "annuler",
    "modifier",     "supprimer",     "réserver",   "reserver",    "payer",       "rembourser",
    "transférer",   "transferer",    "ajouter",    "enregistrer", "publier",     "fermer",
    "commander",    "planifier",     "transferir", "enviar",      "abrir",       "crear",
    "cancelar",     "reservar",      "autorizar",  "cerrar",      "pagar",       "reembolsar",
    "modificar",    "cambiar",       "actualizar", "borrar",      "eliminar",    "agregar",
    "añadir",       "anadir",        "guardar",    "registrar",   "publicar",    "programar",
    "asignar",      "bloquear",      "solicitar",  "emitir",      "devolver",    "facturar",
    "anular",       "criar",         "atualizar",  "excluir",     "adicionar",   "salvar",
    "fechar",       "forward",       "freeze",     "install",     "launch",      "pause",
    "place",        "provision",     "reboot",     "reset",       "resize",      "resume",
    "rotate",       "settle",        "snapshot",   "trigger",     "uninstall",   "unlock",
    "schicken",     "setzen",        "ausstellen", "bestaetigen", "bestätigen",  "benachrichtigen",
    "notificar",    "aprobar",       "confirmar",  "apagar",      "agendar",     "upsert",
    "reponer",      "suppress",      "redrive",    "requeue",     "replay",      "backfill",
    "rebuild",      "reindex",       "quarantine", "dismiss",     "acknowledge", "ack",
    "resolve",      "isolate",       "disconnect", "ban",         "kill",        "mute",
    "unsuppress",   "redeem",        "allocate",   "award",       "waitlist",
});

/// Verbs that are nouns too: only where they open the name ("order_esim", not "esim_order").
constexpr auto kOpeningActs = std::to_array<std::string_view>({
    "order",  "file",    "hold",    "block",     "change",  "move",   "ship",  "mark",   "release",
    "credit", "start",   "stop",    "restart",   "reload",  "switch", "merge", "commit", "push",
    "rename", "correct", "convert", "message",   "email",   "mail",   "text",  "call",   "wire",
    "bill",   "lock",    "void",    "terminate", "encode",  "adjust", "waive", "claim",  "clear",
    "copy",   "import",  "invoice", "log",       "promote", "sign",   "sync",
});

/// Words that make a name one that reads.
constexpr auto kReads = std::to_array<std::string_view>({
    "get",       "list",      "find",     "search",   "read",      "lookup",     "fetch",
    "query",     "show",      "describe", "check",    "view",      "preview",    "retrieve",
    "count",     "track",     "estimate", "quote",    "validate",  "verify",     "poll",
    "simulate",  "suchen",    "suche",    "anzeigen", "lesen",     "abrufen",    "prüfen",
    "pruefen",   "auflisten", "liste",    "buscar",   "consultar", "listar",     "ver",
    "leer",      "obtener",   "revisar",  "chercher", "lire",      "rechercher", "lister",
    "consulter", "obtenir",   "vérifier", "browse",   "inspect",   "compare",    "calculate",
    "compute",   "probe",     "tail",     "monitor",  "wait",      "sleep",      "think",
    "analyze",   "analyse",   "detect",   "load",     "grep",      "select",     "ask",
    "ls",        "dir",       "cat",      "head",     "peek",      "stat",       "diff",
    "holen",     "abfragen",  "zeigen",   "finden",   "berechnen", "comprobar",  "verificar",
    "calcular",  "mostrar",   "afficher", "verifier", "calculer",  "obter",      "ler",
});

/// What only informs after a verb that is a noun as well: `text_stats`, `charge_rates`.
constexpr auto kFigures = std::to_array<std::string_view>(
    {"stats",    "statistics", "summary", "overview", "metrics", "rate",    "rates",
     "price",    "prices",     "limit",   "limits",   "level",   "levels",  "balance",
     "balances", "window",     "windows", "quota",    "quotas",  "score",   "scores",
     "trend",    "trends",     "state",   "states",   "result",  "results", "list",
     "queue",    "thread",     "threads", "schema",   "table",   "tables",  "eligibility"});

/// Words between a verb and its thing that make a calculation of it: `addWorkingDays`.
constexpr auto kTimeUnits = std::to_array<std::string_view>({"seconds",
                                                             "minutes",
                                                             "hours",
                                                             "days",
                                                             "weeks",
                                                             "months",
                                                             "years",
                                                             "workdays",
                                                             "duration",
                                                             "interval",
                                                             "numbers"});

/// What goes back: other things that are called a return are readings (`return_air`).
constexpr auto kReturned = std::to_array<std::string_view>(
    {"order",   "orders",  "item",     "items",    "product",   "products", "parcel",
     "goods",   "package", "purchase", "shipment", "shipments", "book",     "books",
     "loan",    "line",    "lines",    "device",   "article",   "articles", "asset",
     "vehicle", "car",     "deposit",  "delivery", "delivered"});

/// What is opened by making it: `open_dispute`, `pulls.open`; a page or a file is only read.
constexpr auto kOpened = std::to_array<std::string_view>(
    {"dispute",  "disputes", "pr",      "pull",      "pulls",    "ticket",   "tickets",
     "case",     "cases",    "claim",   "claims",    "issue",    "issues",   "account",
     "accounts", "incident", "request", "incidents", "position", "complaint"});

/// Programs whose first word after their own name is the verb: `git_commit`.
constexpr auto kPrograms =
    std::to_array<std::string_view>({"git", "hg", "svn", "gh", "docker", "kubectl", "terraform"});

/// What a name is about that only informs, unless a verb of writing stands before it.
constexpr auto kInforms = std::to_array<std::string_view>({"policy",
                                                           "policies",
                                                           "rule",
                                                           "rules",
                                                           "terms",
                                                           "status",
                                                           "info",
                                                           "details",
                                                           "history",
                                                           "options",
                                                           "availability",
                                                           "log",
                                                           "logs"});
constexpr auto kWrites = std::to_array<std::string_view>({"create",
                                                          "update",
                                                          "set",
                                                          "add",
                                                          "send",
                                                          "post",
                                                          "write",
                                                          "save",
                                                          "edit",
                                                          "patch",
                                                          "modify",
                                                          "change",
                                                          "submit",
                                                          "delete",
                                                          "remove",
                                                          "publish",
                                                          "append"});

constexpr auto kUpdates = std::to_array<std::string_view>(
    {"update",      "modify",     "change",        "edit",       "patch",       "set",
     "move",        "reschedule", "exchange",      "swap",       "replace",     "switch",
     "upgrade",     "downgrade",  "adjust",        "correct",    "extend",      "renew",
     "rebook",      "rename",     "convert",       "redirect",   "ändern",      "aendern",
     "verschieben", "umbuchen",   "aktualisieren", "verlängern", "verlaengern", "modificar",
     "cambiar",     "actualizar", "modifier",      "atualizar"});

/// Japanese is written without spaces: parts of the name.
constexpr auto kJapaneseActs = std::to_array<std::string_view>(
    {"登録", "予約", "送信", "作成", "更新", "削除", "変更", "取消", "キャンセル", "注文",
     "発注", "支払", "振込", "返金", "追加", "申請", "確定", "通知", "保存",       "手配"});
constexpr auto kJapaneseReads = std::to_array<std::string_view>(
    {"検索", "取得", "一覧", "照会", "確認", "参照", "閲覧", "計算", "規定", "規約", "履歴"});
constexpr auto kJapaneseUpdates = std::to_array<std::string_view>({"更新", "変更", "修正", "訂正"});

template <std::size_t N>
bool holds_part(std::string_view name, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [name](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
}

template <std::size_t N>
bool has_one_of(const std::vector<std::string>& words,
                const std::array<std::string_view, N>& list) {
  return std::any_of(words.begin(), words.end(), [&list](const std::string& word) {
    return is_one_of(word, list);
  });
}

/// What stands after the last mark of a namespace: "reserve" of "stock.reserve",
/// "mcp/stock::reserve".
std::string_view last_part(std::string_view tool) {
  const std::size_t mark = tool.find_last_of("./:");
  const std::string_view last = mark == std::string_view::npos ? tool : tool.substr(mark + 1);
  return last.empty() ? tool : last;
}

/// Whether a part of a name only says that the rest of it is done: `refund.execute`.
bool only_executes(const std::vector<std::string>& words) {
  static constexpr auto kWords = std::to_array<std::string_view>({"execute",
                                                                  "exec",
                                                                  "process",
                                                                  "perform",
                                                                  "do",
                                                                  "make",
                                                                  "run",
                                                                  "now",
                                                                  "call",
                                                                  "invoke",
                                                                  "request",
                                                                  "one",
                                                                  "all",
                                                                  "v1",
                                                                  "v2"});
  return std::all_of(
      words.begin(), words.end(), [](const std::string& word) { return is_one_of(word, kWords); });
}

/// Whether a verb is meant as one by what follows it.
bool is_meant(const std::string& verb, const std::vector<std::string>& words, std::size_t at) {
  const bool last = at + 1 == words.size();
  const auto followed_by = [&](const auto& list) {
    return std::any_of(words.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                       words.end(),
                       [&list](const std::string& word) { return is_one_of(word, list); });
  };
  if (verb == "return") {
    return last || followed_by(kReturned);
  }
  if (verb == "add") {
    return !followed_by(kTimeUnits);
  }
  return true;
}

/// The verb of a list of words, if they act.
std::string act_among(const std::vector<std::string>& words) {
  const bool informs = is_one_of(words.back(), kInforms);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool opens = i == 0 || (i == 1 && is_one_of(words[0], kPrograms));
    const bool opening = opens && is_one_of(word, kOpeningActs);
    if ((is_one_of(word, kActs) && is_meant(word, words, i)) || opening) {
      const bool figure = opening && i + 1 < words.size() && is_one_of(words.back(), kFigures);
      const bool acts = is_one_of(word, kWrites) ||
                        (!informs && !figure && (!opening || !has_one_of(words, kReads)));
      return acts ? word : std::string();
    }
    if (word == "open" && i == 0 && words.size() > 1 && is_one_of(words[1], kOpened)) {
      return word;
    }
    if (is_one_of(word, kReads)) {
      const std::string_view next = i + 1 < words.size() ? words[i + 1] : std::string_view{};
      return word == "check" && (next == "in" || next == "out") ? word : std::string();
    }
  }
  return {};
}

/// "POST /tickets/{id}/transfer": the method says whether it acts. Nothing for any other name.
std::optional<std::string> act_of_route(std::string_view tool) {
  const std::size_t blank = tool.find(' ');
  if (blank == std::string_view::npos || blank + 1 >= tool.size() || tool[blank + 1] != '/') {
    return std::nullopt;
  }
  constexpr auto kMethods = std::to_array<std::string_view>({"POST", "PUT", "PATCH", "DELETE"});
  const std::string_view method = tool.substr(0, blank);
  const std::vector<std::string> words = name_words(last_part(tool));
  if (!is_one_of(method, kMethods) || (method == "POST" && has_one_of(words, kReads))) {
    return std::string();
  }
  const std::string act = words.empty() ? std::string() : act_among(words);
  return act.empty() ? fold_case(method) : act;
}

}  // namespace

std::string act_of(std::string_view tool) {
  if (const auto act = act_of_route(tool)) {
    return *act;
  }
  if (holds_part(tool, kJapaneseActs)) {
    return holds_part(tool, kJapaneseReads) ? std::string() : std::string(tool);
  }
  const std::string_view last = last_part(tool);
  const std::vector<std::string> words = name_words(last);
  if (words.empty()) {
    return {};
  }
  const std::vector<std::string> all = name_words(tool);
  if (words.size() == 1 && words[0] == "open" && all.size() > 1) {
    return is_one_of(all[all.size() - 2], kOpened) ? words[0] : std::string();
  }
  constexpr auto kParts = std::to_array<std::string_view>(
      {"text", "file", "log", "message", "call", "bill", "claim", "order", "invoice"});
  if (words.size() == 1 && all.size() > 1 && is_one_of(words[0], kParts)) {
    return {};  // `letters/text` is a part of the letter
  }
  // A namespace names things, not deeds: `issue.get`, `post.metrics`.
  return act_among(last.size() < tool.size() && only_executes(words) ? all : words);
}

bool names_an_act(std::string_view tool) { return !act_of(tool).empty(); }

bool names_a_change(std::string_view tool) {
  const std::vector<std::string> words = name_words(tool);
  if (words.size() == 1 && (words[0] == "add" || words[0] == "set" || words[0] == "return")) {
    return false;  // arithmetic and plumbing
  }
  return names_an_act(tool) && !names_a_handover(tool);
}

bool names_a_handover(std::string_view tool) {
  const std::vector<std::string> words = name_words(tool);
  const auto any = [&words](std::initializer_list<std::string_view> wanted) {
    return std::any_of(words.begin(), words.end(), [&wanted](const std::string& word) {
      return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
    });
  };
  return any({"transfer", "escalate", "handoff", "handover", "hand"}) &&
         any({"human", "agent", "agents", "person", "operator", "supervisor", "support", "team"}) &&
         !any({"money", "funds", "payment"});
}

bool names_a_look(std::string_view tool) {
  const std::vector<std::string> words = name_words(tool);
  return !names_a_change(tool) && !words.empty() &&
         (has_one_of(words, kReads) || is_one_of(words.back(), kInforms) ||
          is_one_of(words.back(), kFigures) || holds_part(tool, kJapaneseReads));
}

bool names_a_delivery(std::string_view tool) {
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"write",  "save",    "send",     "publish", "report",    "post",   "reply",   "email",
       "mail",   "submit",  "export",   "upload",  "append",    "draft",  "notify",  "respond",
       "answer", "finish",  "deliver",  "message", "render",    "create", "forward", "senden",
       "enviar", "envoyer", "publicar", "crear",   "erstellen", "sms"});
  constexpr auto kOnlyReads = std::to_array<std::string_view>(
      {"get", "list", "find", "search", "read", "lookup", "fetch", "query", "show", "describe"});
  const std::vector<std::string> words = name_words(tool);
  return (has_one_of(words, kVerbs) && !has_one_of(words, kOnlyReads)) ||
         tool.find("送信") != std::string_view::npos;  // 送信
}

bool names_a_wait(std::string_view tool) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"wait", "sleep", "warten", "esperar", "attendre", "aguardar"});
  return has_one_of(name_words(tool), kWords);
}

bool runs_anything(std::string_view tool) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"sh",      "bash", "shell",   "terminal", "python",   "python3",    "exec",
       "execute", "eval", "browser", "computer", "code",     "script",     "command",
       "http",    "curl", "repl",    "jupyter",  "notebook", "powershell", "request"});
  return has_one_of(name_words(tool), kWords);
}

bool names_an_update(std::string_view tool) {
  const std::vector<std::string> words = name_words(tool);
  return holds_part(tool, kJapaneseUpdates) || has_one_of(words, kUpdates);
}

}  // namespace infinium::maestro
