#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"

/// Behaviour: the output, or a text that is handed over, says that the tests pass, though the last
/// run of the tests before it reports failures. Source: claims of success contradicted by a step,
/// in labelled agent failures. How: the last result before the claim that counts failures beside
/// passes ("1 failed, 235 passed", "Failures: 2") counts at least one, and nothing in that text
/// speaks of a failure. Blind spots: reports that name tests without counting them; another suite
/// run last.
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
  // "Full run: 215 passed"
  const std::size_t passed = folded.find(" passed");
  const bool counts =
      passed != std::string_view::npos && passed > 0 && is_digit(folded[passed - 1]);
  return counts || (holds(kTests) && holds(kPass) && !holds(kNot));
}

}  // namespace

namespace {

/// The last run of the tests before a statement, if it counts failures that the statement does not
/// speak of.
std::optional<TestRun> untold_failure(const TraceView& view, const Statement& statement) {
  const std::string whole = fold_case(view.text(statement.at));
  for (const std::string_view word :
       {"fail", "fehlgeschl", "fehlschl", "fallan", "fallid", "échou", "失敗", "broken", "red"}) {
    if (whole.find(word) != std::string::npos) {
      return std::nullopt;
    }
  }
  std::optional<TestRun> last;
  for (const StepView& step : view.steps()) {
    if (statement.step && step.index >= *statement.step) {
      break;
    }
    if (step.kind == StepKind::tool && step.output) {
      if (const auto run = run_of(view, step)) {
        last = run;
      }
    }
  }
  return last && last->failed > 0 ? last : std::nullopt;
}

}  // namespace

std::vector<ProvenFinding> find_failed_tests(const Facts& facts) {
  const TraceView& view = facts.view();
  for (const Statement& statement : facts.statements().all()) {
    if (statement.speaker != Speaker::output && statement.speaker != Speaker::argument) {
      continue;
    }
    for (const Match& sentence : statement.sentences) {
      const Span here{statement.at.field, sentence.start, sentence.end};
      if (!says_all_pass(fold_case(view.text(here)))) {
        continue;
      }
      const std::optional<TestRun> last = untold_failure(view, statement);
      if (!last) {
        break;
      }
      Finding finding = said::draft_claim(view, kKind, Severity::critical, statement, "tests");
      finding.title = fmt::format("The last test run counts {} failed", last->failed);
      finding.explanation =
          fmt::format("{} says {}; the last run of the tests, in step {}, reports {}.",
                      said::who(view, statement),
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
  }
  return {};
}

}  // namespace infinium::maestro
