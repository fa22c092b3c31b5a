#include "maestro/rubric/rubric.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "maestro/findings/catalogue.h"
#include "maestro/rubric/compile.h"
#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/evaluate_process.h"
#include "maestro/rubric/retrieve.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kItemsMax = 2'000;
// A check may read all that was handed over; so many bytes are read for a rubric at most.
constexpr std::size_t kBytesReadMax = 32u << 20u;

/// What a rubric text came to, before it is an item.
struct Judged {
  Ruling ruling;
  RubricMethod method = RubricMethod::retrieved;
  std::optional<std::string> reading;
  bool about_absence = false;  ///< what is unmet is that something is there
  bool ties_steps = false;     ///< a rule of what comes before or after what
};

std::vector<std::string> tools_called(const TraceView& view) {
  std::set<std::string> names;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && !step.tool.empty()) {
      names.insert(fold_case(step.tool));
    }
  }
  return {names.begin(), names.end()};
}

/// All checks have to hold: the first unmet one decides, else the first unclear one.
Judged judge_checks(const RunColumns& columns, const std::vector<Check>& checks) {
  Judged out;
  out.method = RubricMethod::checked;
  out.ruling.status = RubricStatus::met;
  std::string reading;
  for (const Check& check : checks) {
    reading += (reading.empty() ? "" : "; ") + read_as(check);
    Ruling next = evaluate(columns, check);
    out.method = next.partly ? RubricMethod::retrieved : out.method;
    const bool worse =
        (next.status == RubricStatus::unmet && out.ruling.status != RubricStatus::unmet) ||
        (next.status == RubricStatus::unclear && out.ruling.status == RubricStatus::met);
    if (worse) {
      out.about_absence = std::holds_alternative<FileCheck>(check) ||
                          std::holds_alternative<GiveCheck>(check) ||
                          std::holds_alternative<SendCheck>(check);
      out.ruling = std::move(next);
    } else if (next.status == out.ruling.status && next.status == RubricStatus::met) {
      out.ruling.rationale += (out.ruling.rationale.empty() ? "" : " ") + next.rationale;
      out.ruling.evidence.insert(
          out.ruling.evidence.end(), next.evidence.begin(), next.evidence.end());
    }
  }
  out.reading = std::move(reading);
  return out;
}

/// All rules have to be kept: the first broken one decides, else the first that is open. Nothing
/// where the text states no rule on how the agent works.
std::optional<Judged> judge_process(const TraceView& view,
                                    const Actions& actions,
                                    const std::string& text) {
  const ProcessRules read = read_process_rules(text);
  if (read.rules.empty()) {
    return std::nullopt;
  }
  Judged out;
  out.method = RubricMethod::checked;
  out.ruling.status = RubricStatus::met;
  std::string reading;
  for (const ProcessRule& rule : read.rules) {
    reading += (reading.empty() ? "" : "; ") + read_as(rule);
    out.ties_steps = out.ties_steps || ties_steps(rule);
    Ruling next = evaluate_process({view, actions, text}, rule);
    const bool first = out.ruling.rationale.empty();
    const bool worse =
        (next.status == RubricStatus::unmet && out.ruling.status != RubricStatus::unmet) ||
        (next.status == RubricStatus::unclear && out.ruling.status == RubricStatus::met);
    if (first || worse) {
      out.ruling = std::move(next);
    }
  }
  if (!read.whole && out.ruling.status == RubricStatus::met) {
    out.ruling = unclear("What was understood of it was kept; the rest was not understood.",
                         "A person's reading of the rest.");
  }
  out.reading = std::move(reading);
  return out;
}

class Judge {
 public:
  explicit Judge(const TraceView& view)
      : view_(view), tools_(tools_called(view)), passages_(view), columns_(view), actions_(view) {
    for (const FieldId field : view.delivered()) {
      bytes_a_check_ += view.field(field).text.size();
    }
    bytes_a_check_ += 64 * (view.steps().size() + 1);
  }

  JudgedRubric run(const ExpectedOutcome& expected) {
    if (!trim(expected.task_objective).empty()) {
      add(RubricKind::objective, expected.task_objective);
    }
    add_all(RubricKind::deliverable, expected.required_deliverables);
    add_all(RubricKind::constraint, expected.constraints);
    add_all(RubricKind::criterion, expected.acceptance_criteria);
    return std::move(out_);
  }

 private:
  void add_all(RubricKind kind, const Strings& texts) {
    for (const std::string& text : texts) {
      add(kind, text);
    }
  }

  Judged judge(RubricKind kind, const std::string& text) const {
    Judged out;
    if (out_.items.size() >= kItemsMax || out_.items.size() * bytes_a_check_ > kBytesReadMax) {
      out.ruling = unclear("The rubric has too many items.", "A shorter rubric.");
      return out;
    }
    // An objective speaks of the whole work: a check of its form alone would not reach it.
    const Compiled compiled =
        kind == RubricKind::objective ? Compiled() : compile_clauses(text, tools_, kind);
    std::optional<Judged> process;
    if (kind == RubricKind::constraint || kind == RubricKind::criterion) {
      process = judge_process(view_, actions_, text);
    }
    const bool decided = process && process->ruling.status != RubricStatus::unclear;
    // A rule that names its tools is checked exactly.
    const bool exact =
        compiled.whole &&
        std::any_of(compiled.checks.begin(), compiled.checks.end(), [](const Check& check) {
          return std::holds_alternative<OrderCheck>(check) ||
                 std::holds_alternative<ConfirmCheck>(check);
        });
    if (decided && process->ties_steps && !exact) {
      return std::move(*process);
    }
    if (!compiled.checks.empty()) {
      out = judge_checks(columns_, compiled.checks);
      const bool open = out.ruling.status == RubricStatus::unclear;
      if (out.ruling.status == RubricStatus::unmet || (compiled.whole && !open)) {
        return out;
      }
    }
    if (process) {
      return std::move(*process);
    }
    if (compiled.checks.empty()) {
      out.ruling = retrieve(passages_, kind, text);
      return out;
    }
    return judge_rest(kind, text, std::move(out));
  }

  /// What was checked holds, or is open; the rest has to be found by its words. Where the rest is a
  /// word or two, what was checked is nearly all of it.
  Judged judge_rest(RubricKind kind, const std::string& text, Judged checked) const {
    Judged found;
    found.ruling = retrieve(passages_, kind, text);
    found.reading = checked.reading;
    const bool holds = checked.ruling.status == RubricStatus::met;
    constexpr std::size_t kRestMax = 2;
    const bool little = holds && kind != RubricKind::constraint &&
                        passages_.terms_of(text, true).size() <= kRestMax;
    if (found.ruling.status == RubricStatus::met ||
        (found.ruling.status == RubricStatus::unmet && kind != RubricKind::deliverable)) {
      return found;
    }
    if (little) {
      checked.method = RubricMethod::retrieved;
      return checked;
    }
    if (holds && found.ruling.status == RubricStatus::unmet) {
      // Something of it is there, as the check shows.
      found.ruling =
          unclear("Only a part of it could be checked, and that holds.", "A reviewer's reading.");
    }
    return holds ? found : checked;
  }

  void add(RubricKind kind, const std::string& text) {
    Judged judged = judge(kind, text);
    RubricItem item;
    item.id = fmt::format("r{}", out_.items.size() + 1);
    item.kind = kind;
    item.text = text;
    item.read_as = judged.reading;
    item.method =
        judged.method == RubricMethod::checked ? RubricMethod::checked : RubricMethod::retrieved;
    item.status = judged.ruling.status;
    item.rationale = judged.ruling.rationale;
    item.would_settle = judged.ruling.would_settle;
    if (judged.ruling.evidence.empty()) {
      out_.items.push_back(undecided(std::move(item)));
      return;
    }
    Proof proof(judged.ruling.evidence.front());
    const auto& pieces = judged.ruling.evidence;
    constexpr std::size_t kPiecesMax = 12;
    for (std::size_t i = 1; i < std::min(pieces.size(), kPiecesMax); ++i) {
      proof.add(pieces[i]);
    }
    if (item.status == RubricStatus::unmet) {
      add_finding(item, judged, proof);
    }
    out_.items.push_back(prove(std::move(item), proof));
  }

  /// An unmet objective is the verdict itself, and an unmet criterion stands in the rubric; what
  /// was owed or forbidden is a finding.
  void add_finding(const RubricItem& item, const Judged& judged, const Proof& proof) {
    const bool missing = item.kind == RubricKind::deliverable &&
                         (judged.method == RubricMethod::retrieved || judged.about_absence);
    const bool violated =
        item.kind == RubricKind::constraint || (judged.method == RubricMethod::checked && !missing);
    if (!missing && !violated) {
      return;
    }
    Finding finding;
    finding.code = missing                      ? "deliverable.missing"
                   : judged.ruling.code.empty() ? "constraint.violated"
                                                : judged.ruling.code;
    finding.category = find_code(finding.code).category;
    finding.severity =
        missing || (judged.method == RubricMethod::checked && item.kind != RubricKind::criterion)
            ? Severity::critical
            : Severity::warning;
    const std::string quoted(prefix_of(item.text, 120));
    finding.title = (missing ? "Missing deliverable: " : "Broken rule: ") + quoted;
    finding.explanation = item.rationale;
    finding.recommendation =
        missing ? "Check before the end that every required deliverable exists."
                : "Check the rule before the end, and state it where the agent reads it.";
    for (const std::size_t step : judged.ruling.steps) {
      finding.steps.push_back(view_.steps()[step].number);
      finding.step_indices.push_back(static_cast<std::int64_t>(step));
    }
    const std::string tool =
        judged.ruling.steps.empty() ? "" : view_.steps()[judged.ruling.steps.front()].tool;
    finding.fingerprint =
        fingerprint(finding.code, tool, without_values(item.read_as ? *item.read_as : item.text));
    out_.findings.push_back(prove(std::move(finding), proof));
  }

  const TraceView& view_;
  std::vector<std::string> tools_;
  Passages passages_;
  RunColumns columns_;
  Actions actions_;
  std::size_t bytes_a_check_ = 0;
  JudgedRubric out_;
};

}  // namespace

JudgedRubric judge_rubric(const TraceView& view) {
  const auto& expected = view.trace().expected_outcome;
  return expected ? Judge(view).run(*expected) : JudgedRubric{};
}

}  // namespace infinium::maestro
