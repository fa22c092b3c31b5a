#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "maestro/findings/draft.h"
#include "maestro/findings/figures.h"
#include "maestro/findings/findings.h"
#include "maestro/text.h"

/// Behaviour: a figure is given in another unit than the one it was counted in (cents as euros, Wh
/// as kWh), or an equation in the output does not hold. Source: labelled failures of computing
/// agents.
/// How: a number with a unit, in the output, an argument or a later result, that equals a figure of
/// an earlier result (or the sum or mean of a column) unconverted, or off by a factor of ten, a
/// hundred, a thousand or sixty, while no figure gives it rightly.
/// Blind spots: units that no name, note or sign states; several factors at once.
namespace infinium::maestro {
namespace {

constexpr FindingKind kUnitKind = {
    "figure.wrong_unit",
    "Convert the figure to the unit that is reported, once, and check its size.",
};
struct UnitClaim {
  double number = 0;
  double precision = 1;
  Unit unit = Unit::none;
  Span at;
  std::optional<std::size_t> step;  ///< where it stands; nothing: the final output
};

class UnitCheck {
 public:
  explicit UnitCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), figures_(figures_with_unit(facts)) {
    std::stable_sort(figures_.begin(), figures_.end(), [](const Figure& a, const Figure& b) {
      return scaled(a) < scaled(b);
    });
  }

  std::vector<ProvenFinding> run() {
    if (figures_.empty()) {
      return {};
    }
    collect_claims();
    for (const UnitClaim& claim : claims_) {
      if (findings_.size() < kFindingsOfDetectorMax) {
        check(claim);
      }
    }
    return std::move(findings_);
  }

 private:
  static double scaled(const Figure& figure) { return figure.value * scale_of(figure.unit).factor; }

  void collect_claims() {
    constexpr std::size_t kClaimsMax = 500;
    for (const FieldId id : view_.delivered()) {
      for (const ValueToken& token : view_.values(id)) {
        if (token.kind == ValueKind::number && claims_.size() < kClaimsMax) {
          add(token.number,
              token.precision,
              token.unit,
              {id, token.start, token.end},
              view_.field(id).step);
        }
      }
      // {"p95_s": 8.24}: the name of the field gives the unit.
      for (const Cell& cell : view_.records(id).cells) {
        if (cell.is_number && view_.records(id).structured && claims_.size() < kClaimsMax) {
          const auto values = find_values(prefix_of(cell.value, 40));
          if (values.size() == 1 && values.front().unit == Unit::none) {
            add(cell.number,
                values.front().precision,
                unit_of_name(cell.key),
                {id, cell.start, cell.end},
                view_.field(id).step);
          }
        }
      }
    }
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || claims_.size() >= kClaimsMax) {
        continue;
      }
      Unit stated = Unit::none;
      for (const Argument& argument : step.arguments) {
        if (argument.key == "unit" || argument.key == "from_unit" || argument.key == "currency") {
          stated = unit_of_word(argument.value);
        }
      }
      for (const Argument& argument : step.arguments) {
        if (!has_digit(argument.value)) {
          continue;
        }
        const auto values = find_values(prefix_of(argument.value, 40));
        if (values.size() == 1 && values.front().kind == ValueKind::number && argument.op.empty() &&
            claims_.size() < kClaimsMax) {
          const Unit named = unit_of_name(argument.key);
          add(values.front().number,
              values.front().precision,
              named == Unit::none ? stated : named,
              argument.at,
              step.index);
        }
      }
    }
  }

  void add(
      double number, double precision, Unit unit, const Span& at, std::optional<std::size_t> step) {
    const bool telling = std::abs(number) >= 10 && precision <= std::abs(number) / 100;
    if (telling && scale_of(unit).dimension > 1) {
      claims_.push_back({number, precision, unit, at, step});
    }
  }

  /// A figure whose size in its smallest unit is `size` within `slack`, of that dimension, seen
  /// before the claim.
  template <class P>
  const Figure* figure_of(double size, double slack, const UnitClaim& claim, P fits) const {
    const int dimension = scale_of(claim.unit).dimension;
    auto it = std::lower_bound(
        figures_.begin(), figures_.end(), size - slack, [](const Figure& figure, double value) {
          return scaled(figure) < value;
        });
    for (std::size_t n = 0; it != figures_.end() && scaled(*it) <= size + slack && n < 64;
         ++it, ++n) {
      const bool before = !claim.step || it->step < *claim.step;
      if (before && scale_of(it->unit).dimension == dimension && fits(*it)) {
        return &*it;
      }
    }
    return nullptr;
  }

  void check(const UnitClaim& claim) {
    const double scale = scale_of(claim.unit).factor;
    const double slack = (claim.precision / 2 + std::abs(claim.number) * 1e-9) * scale;
    const auto any = [](const Figure&) { return true; };
    const bool asked = facts_.request().mention_of_value(number_key(claim.number)).has_value();
    if (asked || figure_of(claim.number * scale, slack, claim, any) != nullptr) {
      return;
    }
    // The size that the figure has if the claim is `factor` times too large.
    for (const double factor :
         {100.0, 1000.0, 60.0, 3600.0, 10.0, 0.01, 0.001, 1.0 / 60, 0.1, 1e6}) {
      const auto fits = [&](const Figure& figure) {
        const double due = scale / scale_of(figure.unit).factor;
        const bool unconverted = std::abs(factor - due) <= due * 1e-9;
        return unconverted || figure.derived;
      };
      const double size = claim.number * scale / factor;
      if (const Figure* figure = figure_of(size, slack / factor, claim, fits)) {
        report(claim, *figure);
        return;
      }
    }
  }

  void report(const UnitClaim& claim, const Figure& figure) {
    std::optional<std::size_t> at_fault =
        first_step_with(view_, claim.number, claim.precision, figure.step);
    if (claim.step && (!at_fault || *at_fault > *claim.step)) {
      at_fault = claim.step;
    }
    std::vector<std::size_t> steps;
    if (at_fault) {
      steps.push_back(*at_fault);
    }
    Finding finding = draft(view_, kUnitKind, Severity::critical, steps, "unit");
    const auto told = [&finding](const ProvenFinding& other) {
      return !finding.step_indices.empty() && other->step_indices == finding.step_indices;
    };
    if (std::any_of(findings_.begin(), findings_.end(), told)) {
      return;
    }
    const std::string number = fmt::format("{}", view_.text(claim.at));
    finding.title = fmt::format("{} is in the wrong unit", number);
    finding.explanation = fmt::format(
        "{}{} is given where {} in the result of step {} comes to another size: a factor between "
        "units was left out or applied wrongly.",
        at_fault ? fmt::format("Step {}: ", view_.steps()[*at_fault].number) : std::string(),
        number,
        figure.what,
        view_.steps()[figure.step].number);
    const auto here = quote(view_, with_unit(claim.at));
    const auto there = quote(view_, figure.at);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  /// The number and the few bytes after it that name its unit, on the same line.
  [[nodiscard]] Span with_unit(Span at) const {
    const std::string_view text = view_.field(at.field).text;
    const std::string_view tail = prefix_of(text.substr(at.end), 6);
    at.end += tail.substr(0, tail.find_first_of("\n\\\"|,;)")).size();
    return at;
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<Figure> figures_;
  std::vector<UnitClaim> claims_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_figure_slips(const Facts& facts) {
  std::vector<ProvenFinding> findings = find_scale_slips(facts);
  for (ProvenFinding& finding : find_currency_slips(facts)) {
    findings.push_back(std::move(finding));
  }
  const std::size_t told = findings.size();
  for (ProvenFinding& finding : UnitCheck(facts).run()) {
    const bool known = std::any_of(findings.begin(),
                                   findings.begin() + static_cast<std::ptrdiff_t>(told),
                                   [&finding](const ProvenFinding& other) {
                                     return other->step_indices == finding->step_indices;
                                   });
    if (!known) {
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace infinium::maestro
