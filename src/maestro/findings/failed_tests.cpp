#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"

/// Behaviour: the output says that all tests pass, though the last run of the tests reports
/// failures. Source: claims of success contradicted by a step, in labelled agent failures.
/// How: the last result before the claim that counts failures beside passes ("1 failed, 235
/// passed", "Failures: 2") counts at least one, and nothing in the output speaks of a failure.
/// Blind spots: reports that name tests without counting them; another suite run last.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "claim.contradicts_result",
    "Report the counts of the last test run, and mend or name what failed.",
};

struct TestRun {
  std::size_t step = 0;
  long failed = 0;
  Span at;
};

/// The count of failures that a result states; nothing if it counts none or no tests.
std::optional<TestRun> run_of(const TraceView& view, const StepView& step) {
  constexpr std::size_t kTextMax = 20'000;
  const std::string_view text = prefix_of(view.field(*step.output).text, kTextMax);
  const std::string folded = fold_case(text);
  if (folded.size() != text.size() ||
      (folded.find("pass") == std::string::npos && folded.find("tests run") == std::string::npos)) {
    return std::nullopt;
  }
  std::optional<TestRun> found;
  for (const std::string_view word : {" failed", " failing", " failures"}) {
    for (std::size_t at = folded.find(word); at != std::string::npos;
         at = folded.find(word, at + 1)) {
      std::size_t digits = at;
      while (digits > 0 && is_digit(folded[digits - 1])) {
        --digits;
      }
      if (digits < at && at - digits <= 6) {
        found = TestRun{step.index,
                        to_int(std::string_view(folded).substr(digits, at - digits)),
                        {*step.output, digits, at + word.size()}};
      }
    }
  }
  for (const std::string_view word : {"failures: ", "failed: ", "failures=", "failed="}) {
    const std::size_t at = folded.find(word);
    const std::size_t count = at == std::string::npos ? 0 : digits_at(folded, at + word.size());
    if (count > 0 && count <= 6) {
      found = TestRun{step.index,
                      to_int(std::string_view(folded).substr(at + word.size(), count)),
                      {*step.output, at, at + word.size() + count}};
    }
  }
  const bool all_passed = !found && (folded.find(" passed") != std::string::npos);
  return all_passed ? std::optional(TestRun{step.index, 0, {*step.output, 0, text.size()}}) : found;
}

/// The words of a sentence that say that all tests pass.
bool says_all_pass(std::string_view folded) {
  constexpr auto kTests =
      std::to_array<std::string_view>({"tests", "test suite", "suite", "pruebas", "テスト"});
  constexpr auto kPass = std::to_array<std::string_view>({"pass",
                                                          "green",
                                                          "succeed",
                                                          "grün",
                                                          "bestanden",
                                                          "erfolgreich",
                                                          "pasan",
                                                          "superan",
                                                          "en verde",
                                                          "成功",
                                                          "通過"});
  constexpr auto kNot = std::to_array<std::string_view>(
      {"not ", "n't", "once", "until", "should", "will ", "to pass", "nicht", "except", "before"});
  const auto holds = [folded](const auto& words) {
    return std::any_of(words.begin(), words.end(), [folded](std::string_view word) {
      return folded.find(word) != std::string_view::npos;
    });
  };
  return holds(kTests) && holds(kPass) && !holds(kNot);
}

}  // namespace

std::vector<ProvenFinding> find_failed_tests(const Facts& facts) {
  const TraceView& view = facts.view();
  const Statement* output = facts.statements().output();
  if (output == nullptr) {
    return {};
  }
  const std::string whole = fold_case(view.text(output->at));
  for (const std::string_view word : {"fail", "fehlgeschl", "fallan", "fallid", "échou", "失敗"}) {
    if (whole.find(word) != std::string::npos) {
      return {};
    }
  }
  std::optional<TestRun> last;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && step.output) {
      if (const auto run = run_of(view, step)) {
        last = run;
      }
    }
  }
  if (!last || last->failed < 1) {
    return {};
  }
  for (const Match& sentence : output->sentences) {
    const Span here{output->at.field, sentence.start, sentence.end};
    if (!says_all_pass(fold_case(view.text(here)))) {
      continue;
    }
    Finding finding = said::draft_claim(view, kKind, Severity::critical, *output, "tests");
    finding.title = fmt::format("The last test run counts {} failed", last->failed);
    finding.explanation = fmt::format(
        "The output says {}; the last run of the tests, in step {}, "
        "reports {}.",
        shown(view.text(here)),
        view.steps()[last->step].number,
        shown(view.text(last->at)));
    std::vector<ProvenFinding> findings;
    const auto said = quote(view, here);
    const auto there = quote(view, last->at);
    if (said && there) {
      findings.push_back(prove(std::move(finding), Proof(*said).add(*there)));
    }
    return findings;
  }
  return {};
}

}  // namespace infinium::maestro
