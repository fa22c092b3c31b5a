#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "maestro/derivation.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"

/// Behaviour: the output states a number, identifier, address or URL that stands in nothing the
/// agent was given and follows from nothing it was given. Source: invention of information in
/// labelled agent failures.
/// How: every such value of the output is looked up in request, rubric, context and results, then
/// derived (derivation.h). An identifier that differs by a digit or two from one that was given is
/// a contradiction and critical; everything else is a warning.
/// Blind spots: nothing is said while any source is cut, or if no tool was used (a model may know);
/// values that a long derivation explains by chance.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "ungrounded.value",
    "Give only values that a source of this run shows, and cite it.",
};

constexpr std::size_t kValuesMax = 300;

bool is_year(const ValueToken& token) {
  return token.unit == Unit::none && token.precision == 1 && token.number >= 1900 &&
         token.number <= 2100;
}

/// Whether a number says enough that it cannot be a count or a matter of wording.
bool is_telling(const ValueToken& token) {
  const double size = std::abs(token.number);
  return size >= 100 && !is_year(token) && token.precision <= size / 100;
}

bool is_telling_id(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return is_digit(c); });
  return text.size() >= 5 && digits >= 2 && text.size() <= 64;
}

class GroundCheck {
 public:
  explicit GroundCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    const bool used_tools =
        std::any_of(view_.steps().begin(), view_.steps().end(), [](const auto& step) {
          return step.kind == StepKind::tool && step.output.has_value();
        });
    if (!view_.final_output() || facts_.sources().incomplete() || !used_tools) {
      return {};
    }
    const FieldId output = *view_.final_output();
    const auto values =
        view_.values(output).first(std::min(kValuesMax, view_.values(output).size()));
    const Derivation derivation(facts_, values);
    std::unordered_map<std::uint64_t, bool> told;
    for (const ValueToken& token : values) {
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      if (!told.emplace(token.key, true).second || facts_.sources().find(token.key) != nullptr) {
        continue;
      }
      const Span at{output, token.start, token.end};
      const bool number = token.kind == ValueKind::number;
      if (number && is_telling(token) && !explained(derivation, token)) {
        report(at, nullptr);
      } else if (!number && is_checked(token.kind) && is_telling_text(token, at) &&
                 !stands_anywhere(at)) {
        report(at, near_miss(at));
      }
    }
    return std::move(findings_);
  }

 private:
  static bool is_checked(ValueKind kind) {
    return kind == ValueKind::identifier || kind == ValueKind::email || kind == ValueKind::url;
  }

  [[nodiscard]] bool is_telling_text(const ValueToken& token, const Span& at) const {
    return token.kind != ValueKind::identifier || is_telling_id(view_.text(at));
  }

  static bool explained(const Derivation& derivation, const ValueToken& token) {
    if (derivation.explains(token.number, token.precision)) {
      return true;
    }
    return token.ambiguous && (derivation.explains(token.number * 1000, 1) ||
                               derivation.explains(token.number / 1000, 0.001));
  }

  /// Whether a source holds the text, be it inside another value.
  [[nodiscard]] bool stands_anywhere(const Span& at) const {
    std::string needle = fold_case(view_.text(at));
    while (needle.starts_with('#')) {
      needle.erase(0, 1);
    }
    for (FieldId id = 0; id < view_.fields().size(); ++id) {
      const TextField& field = view_.field(id);
      const bool own = field.role == TextRole::output || field.role == TextRole::speech ||
                       field.role == TextRole::thought || field.role == TextRole::argument;
      if (!own && !field.superseded && fold_case(field.text).find(needle) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  /// A value of a source that differs by one character, or by two that changed places, and that the
  /// output does not give.
  [[nodiscard]] const Source* near_miss(const Span& at) const {
    std::string mine = fold_case(view_.text(at));
    for (FieldId id = 0; id < view_.fields().size(); ++id) {
      const TextField& field = view_.field(id);
      if (field.role != TextRole::result && field.role != TextRole::request) {
        continue;
      }
      for (const ValueToken& token : view_.values(id)) {
        if (token.end - token.start != mine.size() || token.kind == ValueKind::number) {
          continue;
        }
        const std::string other = fold_case(view_.text({id, token.start, token.end}));
        std::size_t differing = 0;
        for (std::size_t i = 0; i < mine.size(); ++i) {
          differing += mine[i] != other[i] ? 1u : 0u;
        }
        std::string a = mine;
        std::string b = other;
        std::sort(a.begin(), a.end());
        std::sort(b.begin(), b.end());
        const bool close = differing == 1 || (differing == 2 && a == b);
        if (close && !find_folded(view_.field(at.field).text, other)) {
          return facts_.sources().find(token.key);
        }
      }
    }
    return nullptr;
  }

  /// The first step of the agent that states the value; nothing if only the output does.
  [[nodiscard]] std::optional<std::size_t> first_said(const Span& at) const {
    const std::string_view text = view_.text(at);
    for (const StepView& step : view_.steps()) {
      for (const std::optional<FieldId>& field : {step.input, step.output}) {
        if (field && step.kind != StepKind::user && *field != at.field &&
            view_.field(*field).text.find(text) != std::string_view::npos) {
          return step.index;
        }
      }
    }
    return view_.field(at.field).step;
  }

  void report(const Span& at, const Source* near) {
    const std::optional<std::size_t> said = first_said(at);
    std::vector<std::size_t> steps;
    if (said) {
      steps.push_back(*said);
    }
    const Severity severity = near != nullptr ? Severity::critical : Severity::warning;
    Finding finding = draft(view_, kKind, severity, steps, near != nullptr ? "near miss" : "value");
    finding.title = fmt::format("{} stands in no source", shown(view_.text(at)));
    finding.explanation =
        near != nullptr
            ? fmt::format("The output gives {}; the trace knows {}.",
                          shown(view_.text(at)),
                          shown(view_.text(near->at)))
            : fmt::format(
                  "The output gives {}, which neither the request nor any result shows and "
                  "which follows from none of them.",
                  shown(view_.text(at)));
    const auto here = quote(view_, at);
    if (here) {
      Proof proof(*here);
      if (near != nullptr) {
        proof.add(quote(view_, near->at));
      }
      findings_.push_back(prove(std::move(finding), proof));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_ungrounded_values(const Facts& facts) {
  return GroundCheck(facts).run();
}

}  // namespace infinium::maestro
