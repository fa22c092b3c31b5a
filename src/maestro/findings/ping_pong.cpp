#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"

/// Behaviour: two agents hand the work to and fro, and neither does it. Source: ignored input of
/// another agent, of the published multi-agent failure taxonomy.
/// How: at least five messages in a row alternate between the same two agents without any call in
/// between and without a value that was not said before; most speak to the other by name or hand
/// over in so many words, at least half do the latter. Handovers by a tool (`transfer_to_X`) count
/// in the same way, four in a row.
/// Blind spots: handing over in words that no list knows; three agents in a circle.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "team.ping_pong",
    "Give every task one owner, and let an agent that is asked twice do it or say why not.",
};

constexpr std::size_t kMessagesMin = 5;
constexpr std::size_t kHandoversMin = 4;

/// Words that hand the work over.
constexpr auto kHandovers = std::to_array<std::string_view>({"back to you",
                                                             "over to you",
                                                             "your turn",
                                                             "hand back",
                                                             "handing back",
                                                             "hand it back",
                                                             "hand it over",
                                                             "hand over",
                                                             "handed over",
                                                             "handing over",
                                                             "handing it",
                                                             "passing it",
                                                             "yours",
                                                             "your call",
                                                             "up to you",
                                                             "you decide",
                                                             "you to decide",
                                                             "please decide",
                                                             "decide first",
                                                             "you should decide",
                                                             "have you decide",
                                                             "please take",
                                                             "you take it",
                                                             "take it",
                                                             "yourself",
                                                             "is your part",
                                                             "you own",
                                                             "leave it to",
                                                             "leave this to",
                                                             "do you want to",
                                                             "maybe you want",
                                                             "rather have",
                                                             "would rather",
                                                             "wait for you",
                                                             "let's wait for",
                                                             "tell me what to do",
                                                             "tell me when",
                                                             "shall i start",
                                                             "should i or you",
                                                             "is it mine",
                                                             "that it is mine",
                                                             "nothing to decide",
                                                             "zurück an",
                                                             "du bist dran",
                                                             "übernimm",
                                                             "übernehmen sie",
                                                             "bitte entscheide",
                                                             "entscheide du",
                                                             "überlasse",
                                                             "te toca",
                                                             "tu turno",
                                                             "decide tú",
                                                             "te lo paso",
                                                             "te lo devuelvo",
                                                             "encárgate",
                                                             "à toi",
                                                             "à vous",
                                                             "je te laisse",
                                                             "sua vez",
                                                             "decida você",
                                                             "お返しします",
                                                             "お任せ",
                                                             "そちらで",
                                                             "ご判断",
                                                             "判断してください",
                                                             "交给你",
                                                             "你来",
                                                             "你决定"});

bool hands_over(const FoldedText& text) {
  return std::any_of(kHandovers.begin(), kHandovers.end(), [&text](std::string_view word) {
    return text.find(word).has_value();
  });
}

/// A message that may be one of a ping-pong.
struct Turn {
  const StepView* step = nullptr;
  std::string from;
  bool by_tool = false;
  bool hands = false;  ///< hands over in so many words
};

class PingPongSearch {
 public:
  explicit PingPongSearch(const TraceView& view) : view_(view) {}

  std::vector<ProvenFinding> find() {
    for (const FieldId id : view_.request()) {
      learn(id);
    }
    for (const StepView& step : view_.steps()) {
      const std::optional<Turn> turn = turn_of(step);
      if (!turn || !continues(*turn)) {
        close();
      }
      if (turn) {
        run_.push_back(*turn);
      }
      for (const std::optional<FieldId>& field : {step.input, step.output}) {
        if (field) {
          learn(*field);
        }
      }
    }
    close();
    return std::move(findings_);
  }

 private:
  void learn(FieldId id) {
    for (const ValueToken& token : view_.values(id)) {
      said_.insert(token.key);
    }
  }

  [[nodiscard]] bool brings_a_value(FieldId id) const {
    const auto values = view_.values(id);
    return std::any_of(values.begin(), values.end(), [this](const ValueToken& token) {
      return token.kind != ValueKind::quoted && !said_.contains(token.key);
    });
  }

  [[nodiscard]] std::optional<Turn> turn_of(const StepView& step) const {
    constexpr std::size_t kMessageMax = 400;
    if (step.agent.empty()) {
      return std::nullopt;
    }
    if (!step.handed_to.empty()) {
      return Turn{&step, step.agent, true, true};
    }
    const bool spoke = step.kind == StepKind::message || step.kind == StepKind::decision;
    if (!spoke || !step.output || view_.field(*step.output).text.size() > kMessageMax ||
        brings_a_value(*step.output)) {
      return std::nullopt;
    }
    const FoldedText text(view_.field(*step.output).text);
    return Turn{&step, step.agent, false, hands_over(text)};
  }

  /// Whether the turn belongs to the run in hand: the other of its two agents speaks.
  [[nodiscard]] bool continues(const Turn& turn) const {
    return run_.empty() || (turn.from != run_.back().from && turn.by_tool == run_.back().by_tool &&
                            (run_.size() < 2 || turn.from == run_[run_.size() - 2].from));
  }

  [[nodiscard]] bool names(const Turn& turn, std::string_view other) const {
    return turn.by_tool ||
           find_folded(view_.field(*turn.step->output).text, fold_case(other)).has_value();
  }

  void close() {
    const std::vector<Turn> run = std::move(run_);
    run_.clear();
    const std::size_t needed = !run.empty() && run.front().by_tool ? kHandoversMin : kMessagesMin;
    if (run.size() < needed || findings_.size() >= kFindingsOfDetectorMax) {
      return;
    }
    std::size_t hands = 0;
    std::size_t speaks = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
      const std::string& other = i == 0 ? run[1].from : run[i - 1].from;
      hands += run[i].hands ? 1u : 0u;
      speaks += run[i].hands || names(run[i], other) ? 1u : 0u;
    }
    if (hands * 2 >= run.size() && speaks * 10 >= run.size() * 7) {
      tell(run);
    }
  }

  void tell(const std::vector<Turn>& run) {
    std::vector<std::size_t> steps;
    for (const Turn& turn : run) {
      steps.push_back(turn.step->index);
    }
    std::optional<Proof> proof;
    for (const Turn& turn : run) {
      const std::optional<FieldId> field = turn.step->output ? turn.step->output : turn.step->input;
      const auto piece =
          field ? quote(view_, {*field, 0, view_.field(*field).text.size()}) : std::nullopt;
      if (piece && proof && proof->pieces().size() < 4) {
        proof->add(*piece);
      } else if (piece && !proof) {
        proof.emplace(*piece);
      }
    }
    if (!proof) {
      return;
    }
    Finding finding = draft(view_, kKind, Severity::warning, steps, "ping pong");
    finding.title = fmt::format(
        "{} and {} handed the work to and fro {} times", run[0].from, run[1].from, run.size());
    finding.explanation = fmt::format(
        "From step {} to step {} the two only hand over to each other; no call is made and nothing "
        "new is said.",
        run.front().step->number,
        run.back().step->number);
    finding.wasted = waste_of(view_, steps);
    findings_.push_back(prove(std::move(finding), *proof));
  }

  const TraceView& view_;
  std::unordered_set<std::uint64_t> said_;
  std::vector<Turn> run_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_ping_pong(const Facts& facts) {
  return PingPongSearch(facts.view()).find();
}

}  // namespace infinium::maestro
