#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "maestro/facts_claims.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

/// Behaviour: the run stops before the work is done, saying or implying that it is. Source:
/// premature termination of the published multi-agent failure taxonomy.
/// How, seen from the process:
/// - the output ends by announcing what the agent will do next, or that an asked-for thing follows;
/// - the last look at a job that the run itself started says that it is not done, and the output
///   says nothing of waiting;
/// - the objective opens with a deed ("Book …"), the output claims it, and no step of a trace that
///   records its calls did anything at all.
/// Blind spots: a deed that is missing among others that were done (the rubric sees those); jobs
/// whose state has words that no list knows; an end that asks the user a question is not judged.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "run.ended_early",
    "Do not stop on a promise: make the call, wait for the job, or say plainly what is open.",
};

/// Openings of a sentence in which the agent announces its next deed.
constexpr auto kAnnouncements = std::to_array<std::string_view>({"i will now",
                                                                 "i'll now",
                                                                 "i\u2019ll now",
                                                                 "next, i will",
                                                                 "next i will",
                                                                 "next, i'll",
                                                                 "next i'll",
                                                                 "now i will",
                                                                 "now i'll",
                                                                 "let me ",
                                                                 "i am going to",
                                                                 "i'm going to",
                                                                 "i\u2019m going to",
                                                                 "i will proceed",
                                                                 "i'll proceed",
                                                                 "i will go ahead",
                                                                 "i'll go ahead",
                                                                 "i will start",
                                                                 "i'll start",
                                                                 "ich werde jetzt",
                                                                 "ich werde nun",
                                                                 "als nächstes",
                                                                 "jetzt werde ich",
                                                                 "nun werde ich",
                                                                 "ahora voy a",
                                                                 "a continuación voy",
                                                                 "procederé",
                                                                 "voy a proceder",
                                                                 "je vais maintenant",
                                                                 "je vais procéder",
                                                                 "vou agora",
                                                                 "agora vou",
                                                                 "これから",
                                                                 "次に",
                                                                 "接下来"});

constexpr auto kFutures = std::to_array<std::string_view>(
    {"will", "i'll", "i\u2019ll", "going to", "about to", "will then", "will now", "shall"});

/// Endings that put off what was asked for.
constexpr auto kPutOff = std::to_array<std::string_view>({"follows",
                                                          "follow",
                                                          "to follow",
                                                          "will follow",
                                                          "follows shortly",
                                                          "will be added",
                                                          "to be added",
                                                          "to be done",
                                                          "tbd",
                                                          "todo",
                                                          "folgt",
                                                          "folgen",
                                                          "wird nachgereicht",
                                                          "sigue",
                                                          "seguirá",
                                                          "se enviará después",
                                                          "suivra",
                                                          "seguirá em breve",
                                                          "追ってお知らせします",
                                                          "後ほどお知らせします",
                                                          "後ほど連絡します"});

/// Words with which an output says that something is still open.
constexpr auto kWaiting = std::to_array<std::string_view>(
    {"pending",     "waiting",   "wait",       "awaiting",  "once",     "as soon as",
     "until",       "still",     "not yet",    "soon",      "shortly",  "in progress",
     "processing",  "being",     "will be",    "queued",    "running",  "expect",
     "approval",    "approve",   "approved",   "to follow", "follows",  "underway",
     "provisional", "tentative", "reserved",   "hold",      "on hold",  "held",
     "draft",       "wartet",    "sobald",     "noch",      "in kürze", "vorläufig",
     "vorgemerkt",  "entwurf",   "pendiente",  "en cuanto", "todavía",  "en curso",
     "provisional", "borrador",  "en attente", "dès que",   "encore",   "provisoire",
     "pendente",    "assim que", "ainda",      "仮予約",    "お待ち",   "処理中",
     "承認",        "後ほど",    "まもなく"});

template <std::size_t N>
bool holds_one_of(const FoldedText& text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&text](std::string_view word) {
    return text.find(word).has_value();
  });
}

Finding draft_end(const TraceView& view,
                  Severity severity,
                  std::span<const std::size_t> steps,
                  std::string_view template_words) {
  return draft(view, kKind, severity, steps, template_words);
}

/// An end that announces the next deed, or puts off what was asked for.
std::optional<ProvenFinding> announced_end(const Facts& facts) {
  const TraceView& view = facts.view();
  if (!view.final_output() || view.field(*view.final_output()).cut) {
    return std::nullopt;
  }
  const std::vector<Span> sentences = sentences_of(view, *view.final_output());
  if (sentences.empty()) {
    return std::nullopt;
  }
  const std::string last = fold_case(view.text(sentences.back()));
  const bool announces =
      std::any_of(kAnnouncements.begin(), kAnnouncements.end(), [&last](std::string_view words) {
        return last.starts_with(words);
      });
  const bool invites = last.find("let me know") != std::string::npos || last.ends_with('?');
  if (announces && !invites) {
    Finding finding = draft_end(view, Severity::warning, {}, "announced");
    finding.title = "The run ends by announcing what comes next";
    finding.explanation = fmt::format("The output ends with {}, and no step does it.",
                                      shown(view.text(sentences.back())));
    if (const auto proof = quote(view, sentences.back())) {
      return prove(std::move(finding), *proof);
    }
  }
  return std::nullopt;
}

/// A sentence of the output that puts off something that the rubric asks for.
std::optional<ProvenFinding> put_off(const Facts& facts) {
  const TraceView& view = facts.view();
  if (!view.final_output() || view.rubric().empty()) {
    return std::nullopt;
  }
  for (const Span& sentence : sentences_of(view, *view.final_output())) {
    std::string folded = fold_case(view.text(sentence));
    while (!folded.empty() && (folded.back() == '.' || folded.back() == '!')) {
      folded.pop_back();
    }
    const bool ends = std::any_of(kPutOff.begin(), kPutOff.end(), [&folded](std::string_view end) {
      return folded.size() > end.size() && folded.ends_with(end) &&
             (folded[folded.size() - end.size() - 1] == ' ' ||
              static_cast<unsigned char>(end.front()) >= 0x80);
    });
    if (!ends) {
      continue;
    }
    Finding finding = draft_end(view, Severity::warning, {}, "put off");
    finding.title = "The output puts off what it should hold";
    finding.explanation =
        fmt::format("The output says {}; the run ends without it.", shown(view.text(sentence)));
    if (const auto proof = quote(view, sentence)) {
      return prove(std::move(finding), *proof);
    }
  }
  return std::nullopt;
}

template <std::size_t N>
bool says_one_of(std::string_view words, const std::array<std::string_view, N>& states) {
  constexpr std::size_t kReach = 64;  // the key and its value
  const std::string folded = fold_case(prefix_of(words, kReach));
  return std::any_of(states.begin(), states.end(), [&folded](std::string_view state) {
    return folded.find(state) != std::string::npos;
  });
}

/// A state that a further deed of the same agent must follow.
bool is_held(std::string_view words) {
  constexpr auto kStates = std::to_array<std::string_view>({"tentative",
                                                            "provisional",
                                                            "unconfirmed",
                                                            "on_hold",
                                                            "on hold",
                                                            "\"held\"",
                                                            "vorgemerkt",
                                                            "provisoire",
                                                            "仮"});
  return says_one_of(words, kStates);
}

/// A state that somebody else's deed must follow.
bool waits_for_somebody(std::string_view words) {
  constexpr auto kStates = std::to_array<std::string_view>({"waiting_for",
                                                            "waiting for",
                                                            "awaiting_",
                                                            "awaiting ",
                                                            "pending_approval",
                                                            "pending approval",
                                                            "pending_review",
                                                            "pending review",
                                                            "pending_confirmation",
                                                            "wartet auf",
                                                            "pendiente de",
                                                            "en attente de",
                                                            "承認待ち"});
  return says_one_of(words, kStates);
}

/// The last thing that was heard of each job or booking that the run itself started.
class OpenJobs {
 public:
  explicit OpenJobs(const TraceView& view) : view_(view) {
    for (const StepView& step : view.steps()) {
      if (step.kind == StepKind::tool) {
        follow(step);
      }
    }
  }

  [[nodiscard]] const std::vector<const StepView*>& open() const { return open_; }

 private:
  void follow(const StepView& step) {
    std::erase_if(open_, [&](const StepView* one) { return speaks_of(step, *one); });
    const bool looked = step.own_job && !step.changes_state;
    constexpr std::size_t kOpenMax = 16;
    if (step.failed || step.answer != AnswerState::waiting || open_.size() >= kOpenMax) {
      return;
    }
    const std::string_view state = view_.text(*step.answer_words);
    if ((looked && !waits_for_somebody(state)) ||
        (step.changes_state && (is_held(state) || waits_for_somebody(state)))) {
      open_.push_back(&step);
    }
  }

  /// Whether a later call is given a value that the open one was given or gave.
  [[nodiscard]] bool speaks_of(const StepView& step, const StepView& open) const {
    const std::string_view answer = view_.field(*open.output).text;
    return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
      constexpr std::size_t kValueMin = 4;
      const bool telling = argument.value.size() >= kValueMin &&
                           std::any_of(argument.value.begin(), argument.value.end(), is_digit);
      return telling && answer.find(argument.value) != std::string_view::npos;
    });
  }

  const TraceView& view_;
  std::vector<const StepView*> open_;
};

/// The last that was heard of a job or booking that the run started is that it is not done.
std::optional<ProvenFinding> unfinished_job(const Facts& facts) {
  const TraceView& view = facts.view();
  if (!view.final_output() || view.field(*view.final_output()).cut) {
    return std::nullopt;
  }
  const OpenJobs jobs(view);
  const FoldedText output(view.field(*view.final_output()).text);
  if (jobs.open().empty() || holds_one_of(output, kWaiting) || admission(view)) {
    return std::nullopt;
  }
  const StepView& open = *jobs.open().back();
  const auto state = quote(view, *open.answer_words);
  const std::vector<Span> sentences = sentences_of(view, *view.final_output());
  if (!state || sentences.empty()) {
    return std::nullopt;
  }
  const std::array<std::size_t, 1> steps{open.index};
  // To hand something in that others decide may be all that was asked.
  const bool handed_in = open.changes_state && !is_held(view.text(*open.answer_words));
  const Severity severity = handed_in ? Severity::warning : Severity::critical;
  Finding finding = draft_end(view, severity, steps, "unfinished job");
  finding.title = fmt::format("{} was not done yet when the run ended", name_of(open));
  finding.explanation = fmt::format(
      "Step {} says {}, no later call follows it up, and the output speaks as if it were done: {}.",
      open.number,
      shown(view.text(*open.answer_words)),
      shown(view.text(sentences.front())));
  return prove(std::move(finding), Proof(*state).add(quote(view, sentences.front())));
}

/// The deed with which the objective opens ("Book a room"), if a text alone cannot be it.
std::string asked_deed(const TraceView& view) {
  if (view.rubric().empty()) {
    return {};
  }
  const std::string_view objective = view.field(view.rubric().front()).text;
  const std::vector<Word> words = find_words(objective);
  if (words.empty()) {
    return {};
  }
  const std::string act =
      act_of(objective.substr(words.front().start, words.front().end - words.front().start));
  constexpr auto kTextCanBeIt = std::to_array<std::string_view>(
      {"write",   "create",  "send",   "post",   "add",       "return",  "issue",
       "reply",   "put",     "set",    "edit",   "message",   "mail",    "email",
       "text",    "call",    "claim",  "quote",  "convert",   "correct", "adjust",
       "replace", "approve", "reject", "accept", "assign",    "report",  "notify",
       "publish", "update",  "modify", "crear",  "erstellen", "créer",   "criar"});
  return std::find(kTextCanBeIt.begin(), kTextCanBeIt.end(), act) == kTextCanBeIt.end()
             ? act
             : std::string();
}

/// Whether the run's last step is a message that promises the deed ("I will book it today").
bool last_message_promises(const TraceView& view, const std::string& deed) {
  if (view.steps().empty() || view.steps().back().kind != StepKind::message ||
      !view.steps().back().output) {
    return false;
  }
  const FoldedText text(view.field(*view.steps().back().output).text);
  return std::any_of(std::begin(kFutures), std::end(kFutures), [&](std::string_view future) {
    return text.find(fmt::format("{} {}", future, deed)).has_value();
  });
}

/// The objective is a deed, the output claims it, and no step did anything.
std::optional<ProvenFinding> deed_never_done(const Facts& facts) {
  const TraceView& view = facts.view();
  const std::string deed = asked_deed(view);
  if (deed.empty() || !view.final_output()) {
    return std::nullopt;
  }
  const bool promised = last_message_promises(view, deed);
  std::size_t looks = 0;
  for (const StepView& step : view.steps()) {
    if (step.failed && !step.changes_state) {
      continue;  // it did nothing, whatever its name leaves open
    }
    const bool acts = step.changes_state || (!step.looks && !promised);  // or its name does not say
    if (step.kind == StepKind::tool && acts) {
      return std::nullopt;
    }
    looks += step.kind == StepKind::tool ? 1u : 0u;
  }
  const std::optional<Span> success = success_claim(view);
  std::optional<Span> claim;
  for (const Span& sentence : sentences_of(view, *view.final_output())) {
    const std::string folded = fold_case(view.text(sentence));
    const std::vector<Word> words = find_words(folded);
    const bool done = std::any_of(words.begin(), words.end(), [&](const Word& word) {
      const std::string_view said =
          std::string_view(folded).substr(word.start, word.end - word.start);
      return said.size() > deed.size() && said.ends_with("ed") && same_stem(deed, said);
    });
    constexpr auto kUnreal = std::to_array<std::string_view>(
        {"not", "no", "nothing", "none", "never", "if", "would", "could", "can"});
    if (done && !folded.ends_with('?') && !holds_one_of(FoldedText(folded), kUnreal)) {
      claim = sentence;
      break;
    }
  }
  claim = claim ? claim : success;
  if (looks == 0 || !claim || admission(view)) {
    return std::nullopt;
  }
  const auto objective =
      quote(view, {view.rubric().front(), 0, view.field(view.rubric().front()).text.size()});
  const auto said = quote(view, *claim);
  if (!objective || !said) {
    return std::nullopt;
  }
  // A message that announced the deed is where it was left; else the output itself is at fault.
  std::vector<std::size_t> steps;
  if (promised) {
    steps.push_back(view.steps().back().index);
  }
  Finding finding = draft_end(view, Severity::critical, steps, "deed never done");
  finding.title = "The run ended before the deed it was asked for";
  finding.explanation = fmt::format(
      "The objective is to {}, and the output says {}; all {} calls of the run only look.",
      deed,
      shown(view.text(*claim)),
      looks);
  return prove(std::move(finding), Proof(*said).add(*objective));
}

}  // namespace

std::vector<ProvenFinding> find_early_ends(const Facts& facts) {
  std::vector<ProvenFinding> findings;
  for (const auto find : {announced_end, put_off, unfinished_job, deed_never_done}) {
    if (auto finding = find(facts)) {
      findings.push_back(std::move(*finding));
    }
  }
  return findings;
}

}  // namespace infinium::maestro
