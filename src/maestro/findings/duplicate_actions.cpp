#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "maestro/answers.h"
#include "maestro/findings/conversation.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/loops.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

/// Behaviour: what acts on the world (pays, refunds, sends, books, orders) is done again with the
/// same arguments after it went well: a second thing was done. Source: step repetition of the
/// published multi-agent failure taxonomy, where it does harm.
/// How: the same call succeeds twice, and either its verb can only do a second thing, or the two
/// answers hold different new identifiers under one key. Writing or setting the same value again is
/// harmless, an undone first is no first, and a request that speaks of a repetition wants it. Two
/// answers with one and the same identifier are one deed. What came in between may have called for
/// it: an answer that denies (an expired code), a wish of the user, or, where only the identifiers
/// tell (a snapshot, a build), another change. A message that leaves no trace of its own is but
/// worth a warning.
/// Blind spots: the same action in other words or by another tool.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "action.duplicated",
    "Check whether the action was done before doing it again, or give it an idempotency key.",
};

/// Whether a second run of that tool does a second thing, whatever it answers.
bool acts_anew(std::string_view tool) {
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"refund",    "pay",      "charge",     "transfer",  "send",       "book",
       "order",     "purchase", "buy",        "post",      "submit",     "issue",
       "mail",      "email",    "deposit",    "withdraw",  "reply",      "message",
       "wire",      "ship",     "senden",     "versenden", "überweisen", "ueberweisen",
       "bestellen", "buchen",   "erstatten",  "bezahlen",  "enviar",     "transferir",
       "pagar",     "reservar", "reembolsar", "envoyer",   "payer",      "rembourser",
       "commander", "réserver", "reserver"});
  const std::string act = act_of(tool);
  constexpr auto kParts =
      std::to_array<std::string_view>({"送信", "振込", "返金", "発注", "注文", "支払"});
  return std::find(kVerbs.begin(), kVerbs.end(), act) != kVerbs.end() ||
         std::any_of(kParts.begin(), kParts.end(), [&act](std::string_view part) {
           return act.find(part) != std::string::npos;
         });
}

/// Whether it only tells somebody something.
bool tells(std::string_view tool) {
  constexpr auto kVerbs = std::to_array<std::string_view>({"send",
                                                           "message",
                                                           "mail",
                                                           "email",
                                                           "reply",
                                                           "post",
                                                           "senden",
                                                           "versenden",
                                                           "enviar",
                                                           "envoyer"});
  const std::string act = act_of(tool);
  return std::find(kVerbs.begin(), kVerbs.end(), act) != kVerbs.end() ||
         act.find("送信") != std::string::npos;
}

bool undoes(std::string_view tool) {
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"cancel",   "delete", "void",       "revoke",    "undo",     "remove",     "reject",
       "rollback", "revert", "stornieren", "löschen",   "loeschen", "cancelar",   "anular",
       "eliminar", "borrar", "annuler",    "supprimer", "取消",     "キャンセル", "削除"});
  const std::string act = act_of(tool);
  return std::any_of(kVerbs.begin(), kVerbs.end(), [&act](std::string_view verb) {
    return act == verb || (verb.size() > 2 && static_cast<unsigned char>(verb[0]) >= 0x80 &&
                           act.find(verb) != std::string::npos);
  });
}

bool asks_for_repetition(const Facts& facts) {
  if (facts.request().says_any(
          {"twice", "again", "repeat", "repeated", "double", "zweimal", "nochmal", "erneut"})) {
    return true;
  }
  constexpr auto kWords = std::to_array<std::string_view>({"two times",
                                                           "two separate",
                                                           "two equal",
                                                           "noch einmal",
                                                           "dos veces",
                                                           "otra vez",
                                                           "deux fois",
                                                           "duas vezes",
                                                           "もう一度",
                                                           "再度",
                                                           "2回",
                                                           "二回"});
  const TraceView& view = facts.view();
  return std::any_of(view.request().begin(), view.request().end(), [&](FieldId id) {
    const FoldedText text(prefix_of(view.field(id).text, 20'000));
    return std::any_of(kWords.begin(), kWords.end(), [&text](std::string_view word) {
      return text.find(word).has_value();
    });
  });
}

/// "Book two single rooms": a number word and, soon after it, what the tool is called by.
bool asks_for_several(const Facts& facts, const StepView& step) {
  constexpr auto kNumbers = std::to_array<std::string_view>({"two",
                                                             "three",
                                                             "four",
                                                             "both",
                                                             "2",
                                                             "3",
                                                             "4",
                                                             "zwei",
                                                             "drei",
                                                             "vier",
                                                             "beide",
                                                             "dos",
                                                             "tres",
                                                             "deux",
                                                             "trois",
                                                             "dois",
                                                             "duas"});
  constexpr std::size_t kReach = 3;
  constexpr std::size_t kLettersMin = 4;
  const std::vector<std::string> names = name_words(step.tool);
  const auto words = facts.request().words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::find(kNumbers.begin(), kNumbers.end(), words[i].text) == kNumbers.end()) {
      continue;
    }
    for (std::size_t next = i + 1; next <= i + kReach && next < words.size(); ++next) {
      const std::string& word = words[next].text;
      if (std::any_of(names.begin(), names.end(), [&word](const std::string& name) {
            return name.size() >= kLettersMin && word.size() >= kLettersMin &&
                   same_stem(name, word);
          })) {
        return true;
      }
    }
  }
  return false;
}

bool is_volatile_key(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"version",
                                                          "etag",
                                                          "revision",
                                                          "rev",
                                                          "ts",
                                                          "time",
                                                          "timestamp",
                                                          "request_id",
                                                          "trace_id",
                                                          "updated_at",
                                                          "created_at",
                                                          "at",
                                                          "hash",
                                                          "checksum",
                                                          "nonce",
                                                          "span_id",
                                                          "pid",
                                                          "sha"});
  return key.ends_with("_at") || std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

bool is_identifier(const Cell& cell) {
  const std::string& value = cell.value;
  constexpr std::size_t kBytesMin = 4;
  constexpr std::size_t kBytesMax = 40;
  if (value.size() < kBytesMin || value.size() > kBytesMax || is_volatile_key(cell.key) ||
      value.find(' ') != std::string::npos || value.find(':') != std::string::npos) {
    return false;
  }
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  const bool letter = std::any_of(value.begin(), value.end(), is_letter);
  const bool named = cell.key == "id" || cell.key.ends_with("_id") || cell.key.ends_with("_no");
  constexpr std::size_t kDigitsMin = 6;
  const bool serial =
      value.size() >= kDigitsMin && std::all_of(value.begin(), value.end(), is_digit);
  return digit && (letter || named || serial) && value.find('.') == std::string::npos;
}

/// Where the second answer holds another new identifier than the first under the same key.
std::optional<Span> new_identifier(const TraceView& view,
                                   const StepView& one,
                                   const StepView& two) {
  constexpr std::size_t kCellsMax = 40;
  const std::vector<Cell>& first = view.records(*one.output).cells;
  const std::vector<Cell>& second = view.records(*two.output).cells;
  for (std::size_t i = 0; i < std::min(first.size(), kCellsMax); ++i) {
    for (std::size_t j = 0; j < std::min(second.size(), kCellsMax); ++j) {
      if (first[i].key == second[j].key && is_identifier(first[i]) && is_identifier(second[j]) &&
          first[i].value != second[j].value) {
        return Span{*two.output, second[j].start, second[j].end};
      }
    }
  }
  return std::nullopt;
}

/// Whether both answers hold the same identifier, which neither call was given.
bool is_one_deed(const TraceView& view, const StepView& one, const StepView& two) {
  constexpr std::size_t kCellsMax = 40;
  const std::vector<Cell>& first = view.records(*one.output).cells;
  const std::vector<Cell>& second = view.records(*two.output).cells;
  for (std::size_t i = 0; i < std::min({first.size(), second.size(), kCellsMax}); ++i) {
    const Cell& cell = first[i];
    const bool given =
        std::any_of(one.arguments.begin(), one.arguments.end(), [&cell](const Argument& argument) {
          return value_key(argument.value) == value_key(cell.value);
        });
    if (is_identifier(cell) && !given && second[i].key == cell.key &&
        second[i].value == cell.value) {
      return true;
    }
  }
  return false;
}

/// Whether an answer says no somewhere: {"verified": false}, {"code": "expired"}.
bool says_no(const TraceView& view, const StepView& step) {
  constexpr std::size_t kCellsMax = 40;
  constexpr std::size_t kValueMax = 60;
  const std::vector<Cell>& cells = view.records(*step.output).cells;
  const std::size_t count = std::min(cells.size(), kCellsMax);
  return std::any_of(
      cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count), [](const Cell& cell) {
        return cell.value == "false" || (cell.value.size() <= kValueMax && denies(cell.value));
      });
}

/// Whether something between two equal calls called for the second one.
bool is_called_for(const TraceView& view,
                   const StepView& first,
                   const StepView& again,
                   bool by_identifier_only) {
  constexpr std::size_t kStepsMax = 60;
  const std::size_t from =
      std::max(first.index + 1, again.index - std::min(again.index, kStepsMax));
  for (std::size_t i = from; i < again.index; ++i) {
    const StepView& step = view.steps()[i];
    const std::optional<FieldId> words = step.output ? step.output : step.input;
    if (step.kind == StepKind::user && words &&
        (tells(again.tool) || !merely_agrees(view, *words))) {
      return true;
    }
    const bool changed = by_identifier_only && step.changes_state && step.tool != again.tool;
    if (step.kind == StepKind::tool && !step.failed &&
        (changed || (step.output && says_no(view, step)))) {
      return true;
    }
  }
  return false;
}

std::optional<ProvenFinding> tell(const TraceView& view,
                                  const StepView& first,
                                  const StepView& again,
                                  const std::optional<Span>& identifier) {
  const auto before = quote(view, {*first.output, 0, view.field(*first.output).text.size()});
  const auto here = quote(view, {*again.input, 0, view.field(*again.input).text.size()});
  if (!before || !here) {
    return std::nullopt;
  }
  const std::array<std::size_t, 1> steps{again.index};
  const bool slight = tells(again.tool) && !identifier;
  Finding finding =
      draft(view, kKind, slight ? Severity::warning : Severity::critical, steps, "action");
  finding.title = fmt::format(
      "step {} (`{}`) did again what step {} had done", again.number, again.tool, first.number);
  finding.explanation = fmt::format(
      "Step {} ran `{}` with the same arguments after step {} had gone well, so it was done twice.",
      again.number,
      again.tool,
      first.number);
  finding.wasted = waste_of(view, steps);
  Proof proof(*here);
  proof.add(before);
  if (identifier) {
    proof.add(quote(view, *identifier));
  }
  return prove(std::move(finding), proof);
}

}  // namespace

std::vector<ProvenFinding> find_duplicate_actions(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<ProvenFinding> findings;
  std::unordered_map<std::uint64_t, std::size_t> done;
  std::optional<bool> wanted;
  std::size_t examined = 0;
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || step.failed || !step.changes_state) {
      continue;
    }
    if (undoes(step.tool)) {
      done.clear();
      continue;
    }
    if (!step.input || !step.output || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    const auto [entry, is_first] = done.emplace(call_key(step), step.index);
    if (is_first) {
      continue;
    }
    const StepView& first = view.steps()[entry->second];
    const std::optional<Span> identifier = new_identifier(view, first, step);
    if (!identifier && !acts_anew(step.tool)) {
      continue;
    }
    constexpr std::size_t kExaminedMax = 100;
    if (++examined > kExaminedMax || is_one_deed(view, first, step) ||
        is_called_for(view, first, step, !acts_anew(step.tool))) {
      continue;
    }
    wanted = wanted ? *wanted : asks_for_repetition(facts);
    if (auto finding = *wanted || asks_for_several(facts, step)
                           ? std::nullopt
                           : tell(view, first, step, identifier)) {
      findings.push_back(std::move(*finding));
    }
  }
  return findings;
}

}  // namespace infinium::maestro
