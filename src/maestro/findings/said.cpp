#include "maestro/findings/said.h"

#include <fmt/format.h>

#include <algorithm>

#include "maestro/text.h"

namespace infinium::maestro::said {

Finding draft_claim(const TraceView& view,
                    const FindingKind& kind,
                    Severity severity,
                    const Statement& statement,
                    std::string_view value_free) {
  std::vector<std::size_t> steps;
  if (statement.step) {
    steps.push_back(*statement.step);
  }
  return draft(view, kind, severity, steps, value_free);
}

std::optional<ProvenFinding> groundless(const TraceView& view,
                                        const FindingKind& kind,
                                        Severity severity,
                                        const Statement& statement,
                                        const Span& at,
                                        std::string_view what) {
  const auto here = quote(view, at);
  if (!here) {
    return std::nullopt;
  }
  Finding finding = draft_claim(view, kind, severity, statement, what);
  finding.title = fmt::format("{} stands in no source", shown(view.text(at)));
  finding.explanation = fmt::format(
      "{} gives {} ({}), which neither the request nor any result before shows and "
      "which follows from none of them.",
      who(view, statement),
      shown(view.text(at)),
      what);
  return prove(std::move(finding), *here);
}

std::string who(const TraceView& view, const Statement& statement) {
  return statement.step ? fmt::format("Step {}", view.steps()[*statement.step].number)
                        : std::string("The output");
}

Span sentence_around(const TraceView& view, const Statement& statement, const Span& at) {
  constexpr std::size_t kReach = 150;
  const Match sentence = Statements::sentence_at(statement, at.start);
  Span span{at.field, sentence.start, std::max(sentence.end, at.end)};
  const std::string_view text = view.field(at.field).text;
  const auto inside = [text](std::size_t pos) {  // of a character of several bytes
    return pos < text.size() && (static_cast<unsigned char>(text[pos]) & 0xC0u) == 0x80u;
  };
  if (at.start - span.start > kReach) {
    span.start = at.start - kReach;
    while (inside(span.start)) {
      ++span.start;
    }
  }
  if (span.end - at.end > kReach) {
    span.end = at.end + kReach;
    while (inside(span.end)) {
      --span.end;
    }
  }
  return span;
}

bool is_question(const TraceView& view, const Statement& statement, const Span& at) {
  const Match sentence = Statements::sentence_at(statement, at.start);
  const std::string_view text = view.field(at.field).text;
  const std::string_view mark = text.substr(std::min(sentence.end, text.size()), 3);
  return mark.starts_with('?') || mark == "？" || mark == "か。";
}

std::string as_written(double number, double precision) {
  int decimals = 0;
  for (double unit = precision; unit < 0.999 && decimals < 9; unit *= 10) {
    ++decimals;
  }
  return fmt::format("{:.{}f}", number, decimals);
}

bool differs_by_slip(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  std::size_t differing = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    differing += a[i] != b[i] ? 1u : 0u;
  }
  std::string x(a);
  std::string y(b);
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  return differing == 1 || (differing == 2 && x == y);
}

}  // namespace infinium::maestro::said
