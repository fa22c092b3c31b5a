#include "maestro/decisive.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "maestro/facts.h"
#include "maestro/findings/catalogue.h"
#include "maestro/text.h"
#include "maestro/wrong_values.h"

namespace infinium::maestro {
namespace {

bool is_about_words(std::string_view code) {
  return code.starts_with("figure.") || code.starts_with("ungrounded.") ||
         code == "claim.contradicts_result" || code == "data.stale" ||
         code == "information.dropped";
}

/// A notice to somebody: `send_sms`, `notify_tenant`.
bool is_notice(const StepView& step) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"send",    "mail",     "email",    "mails",   "emails",   "message", "messages",
       "sms",     "notify",   "reply",    "notice",  "note",     "comment", "notification",
       "chat",    "slack",    "inform",   "tell",    "announce", "senden",  "nachricht",
       "mailen",  "melden",   "enviar",   "mensaje", "correo",   "avisar",  "notificar",
       "envoyer", "prevenir", "mensagem", "avisa"});
  if (step.kind != StepKind::tool) {
    return false;
  }
  for (const std::string_view wide : {"送信", "通知", "メール", "連絡"}) {
    if (step.tool.find(wide) != std::string::npos) {
      return true;
    }
  }
  const std::vector<std::string> words = name_words(step.tool);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  });
}

/// Whether the objective speaks of the notice itself: "by a reply to him".
bool is_asked_for(const TraceView& view, const StepView& step) {
  const auto& expected = view.trace().expected_outcome;
  if (!expected) {
    return false;
  }
  const std::string objective = fold_case(expected->task_objective);
  const auto said = find_words(objective);
  const std::vector<std::string> words = name_words(step.tool);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    constexpr std::size_t kTellingMin = 4;
    return word.size() >= kTellingMin &&
           std::any_of(said.begin(), said.end(), [&](const Word& each) {
             return each.end - each.start >= kTellingMin &&
                    same_stem(objective.substr(each.start, each.end - each.start), word);
           });
  });
}

/// A call that changed something outside, beside notices.
bool is_work(const StepView& step) {
  return step.kind == StepKind::tool && step.changes_state && !step.failed && !is_notice(step);
}

bool any_work(const TraceView& view) {
  return std::any_of(view.steps().begin(), view.steps().end(), is_work);
}

bool names_a_number(const TraceView& view, const Finding& finding) {
  const auto wrong = wrong_values(view, finding);
  return std::any_of(wrong.begin(), wrong.end(), [](const ValueToken& value) {
    return value.kind == ValueKind::number;
  });
}

/// "Order the oil and state the level": what is told is a part of the objective.
bool asks_to_tell(const TraceView& view) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"state",    "tell",    "list",     "report",  "name",      "give",     "show",
       "say",      "explain", "inform",   "answer",  "nenne",     "nennen",   "liste",
       "berichte", "sage",    "angeben",  "indicar", "decir",     "informar", "listar",
       "explicar", "dire",    "indiquer", "lister",  "expliquer", "dizer"});
  const auto& expected = view.trace().expected_outcome;
  const std::string objective = expected ? fold_case(expected->task_objective) : std::string();
  const auto said = find_words(objective);
  return std::any_of(said.begin(), said.end(), [&](const Word& word) {
    const std::string_view spelled =
        std::string_view(objective).substr(word.start, word.end - word.start);
    return std::find(kWords.begin(), kWords.end(), spelled) != kWords.end();
  });
}

std::unordered_set<std::uint64_t> known_values(const TraceView& view, std::size_t before) {
  std::unordered_set<std::uint64_t> known;
  const auto add = [&](FieldId field) {
    for (const ValueToken& value : view.values(field)) {
      known.insert(value.key);
    }
  };
  std::for_each(view.request().begin(), view.request().end(), add);
  for (const StepView& step : view.steps().first(before)) {
    if (step.kind == StepKind::tool && step.output) {
      add(*step.output);
    }
  }
  return known;
}

/// Whether a later call that changes something was given one of the wrong values, or a figure that
/// stands nowhere and so may have been worked out from it.
bool is_acted_on(const TraceView& view, const Finding& finding, std::size_t from) {
  const std::vector<ValueToken> wrong = wrong_values(view, finding);
  const auto known = known_values(view, from);
  const auto steps = view.steps().subspan(std::min(from, view.steps().size()));
  return std::any_of(steps.begin(), steps.end(), [&](const StepView& step) {
    if (!is_work(step) || !step.input) {
      return false;
    }
    const auto given = view.values(*step.input);
    return std::any_of(given.begin(), given.end(), [&](const ValueToken& value) {
      const bool worked_out =
          value.kind == ValueKind::number && value.precision < 1 && !known.contains(value.key);
      return worked_out || std::any_of(wrong.begin(), wrong.end(), [&value](const auto& each) {
               return each.key == value.key && each.kind == value.kind;
             });
    });
  });
}

/// Something that was asked for beside the objective was left out.
bool is_beside_objective(const TraceView& view, const Finding& finding) {
  const auto& expected = view.trace().expected_outcome;
  if (finding.code != "run.ended_early" || !expected) {
    return false;
  }
  const QuoteEvidence* asked = nullptr;
  for (const Evidence& piece : finding.evidence) {
    const auto* quoted = std::get_if<QuoteEvidence>(&piece);
    const bool of_request = quoted != nullptr && quoted->field.starts_with("input");
    asked = of_request ? quoted : asked;
  }
  constexpr std::size_t kWordMax = 40;
  return asked != nullptr && asked->text.size() <= kWordMax &&
         !find_folded(expected->task_objective, fold_case(asked->text));
}

}  // namespace

bool is_part(const TraceView& view, const Finding& finding) {
  if (find_code(finding.code).rule || is_beside_objective(view, finding)) {
    return true;
  }
  if (finding.step_indices.empty()) {
    return finding.code.starts_with("figure.") ||
           (is_about_words(finding.code) && any_work(view) && !asks_to_tell(view));
  }
  const auto at = static_cast<std::size_t>(finding.step_indices.front());
  const StepView& step = view.steps()[at];
  if (is_notice(step)) {
    return any_work(view) && !is_asked_for(view, step);
  }
  // A figure that went wrong in a thought is of no consequence for the work unless a call acts on
  // it.
  const bool figure =
      names_a_number(view, finding) && (finding.code.starts_with("figure.") ||
                                        (finding.code == "claim.contradicts_result" &&
                                         finding.title.find(" should be ") != std::string::npos));
  return figure && !is_work(step) && any_work(view) && !is_acted_on(view, finding, at);
}

}  // namespace infinium::maestro
