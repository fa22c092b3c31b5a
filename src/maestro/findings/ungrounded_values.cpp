#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "maestro/findings/arithmetic.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: the agent states a number, identifier, address, URL, day or time of day that stands
/// in nothing it was given and follows from nothing it was given. Source: invention of information
/// in labelled agent failures.
/// How: numbers by the ledger (ledger.h), in the order of the trace, so that the first place where
/// a wrong value appears is at fault and not where it shows. A number beside which a right one is
/// known that differs as slips do (a digit, two exchanged) is critical; so is an identifier that
/// differs by a character or two from one that was given. Everything else is a warning. What the
/// agent only thought is told when it surfaces: in what it said, handed over or gave to a tool.
/// Blind spots: nothing is said while any source is cut, or if no tool was used (a model may know);
/// numbers under 100 without a unit; values that arithmetic explains by chance.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "ungrounded.value",
    "Give only values that a source of this run shows, and cite it.",
};
constexpr FindingKind kMisreadKind = {
    "claim.contradicts_result",
    "Copy the value from the result instead of writing it from memory.",
};
constexpr FindingKind kSumKind = {
    "figure.arithmetic",
    "Compute the figure with a tool and compare.",
};

constexpr std::size_t kTextLookupsMax = 80;

/// "24-hour", "28-inch": a number and what it counts.
bool is_compound(std::string_view text) {
  const std::size_t mark = text.find('-');
  if (mark == std::string_view::npos) {
    return false;
  }
  const std::string_view head = text.substr(0, mark);
  const std::string_view tail = text.substr(mark + 1);
  return std::all_of(head.begin(), head.end(), is_digit) &&
         std::all_of(tail.begin(), tail.end(), [](char c) { return is_lower(c) || c == '-'; });
}

/// "#W0000000", "ABC-12345": an example of how one looks.
bool is_placeholder(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  const bool zeros = digits.find_first_not_of('0') == std::string::npos;
  const bool alike = std::string_view("1234567890123456789").starts_with(digits);
  return digits.size() >= 3 && (zeros || alike);
}

bool is_telling_id(std::string_view text) {
  if (is_compound(text) || is_placeholder(text)) {
    return false;
  }
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return is_digit(c); });
  const auto letters = std::count_if(text.begin(), text.end(), [](char c) { return is_letter(c); });
  const bool mixed = letters >= 1 && digits >= 2;
  return text.size() <= 64 && digits >= 2 && (text.size() >= 5 || (mixed && text.size() >= 4));
}

/// What a number that the agent states may have been meant to be.
struct Meant {
  double number = 0;
  Span at;          ///< where it stands, or a number that it is made of
  std::string how;  ///< "step 5 gives", "the sum of net is"
  bool read = false;
};

class GroundCheck {
 public:
  explicit GroundCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), said_(facts.statements()) {}

  std::vector<ProvenFinding> run() {
    if (facts_.grounds().incomplete() || !used_tools()) {
      return {};
    }
    for (const ArithmeticSlip& slip : find_arithmetic_slips(facts_)) {
      if (slip.claim) {
        told_.insert(*slip.claim);  // arithmetic.cpp says what is wrong with it
      }
    }
    for (std::uint32_t i = 0; i < said_.claims().size(); ++i) {
      const StatedValue& claim = said_.claims()[i];
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      if (claim.token.kind == ValueKind::number) {
        check_number(i);
      } else if (facts_.ledger().standings()[i].first == i && is_telling_text(claim) &&
                 ++lookups_ <= kTextLookupsMax) {
        check_text(claim);
      }
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] bool used_tools() const {
    return std::any_of(view_.steps().begin(), view_.steps().end(), [](const auto& step) {
      return step.kind == StepKind::tool && step.output.has_value();
    });
  }
  [[nodiscard]] const Statement& statement_of(const StatedValue& claim) const {
    return said_.all()[claim.statement];
  }

  /// Whether the value is also said aloud or used: what was only thought harms nobody.
  [[nodiscard]] bool surfaces(std::uint32_t first) const {
    const StatedValue& claim = said_.claims()[first];
    if (statement_of(claim).speaker != Speaker::thought) {
      return true;
    }
    for (std::uint32_t i = first + 1; i < said_.claims().size(); ++i) {
      const bool same = facts_.ledger().standings()[i].first == first;
      if (same && statement_of(said_.claims()[i]).speaker != Speaker::thought) {
        return true;
      }
    }
    return !facts_.uses(claim.token.key).empty();
  }

  // --- numbers -----------------------------------------------------------------------------------

  void check_number(std::uint32_t index) {
    if (facts_.ledger().standings()[index].footing != Footing::unexplained ||
        told_.contains(index) || !surfaces(index)) {
      return;
    }
    const StatedValue& claim = said_.claims()[index];
    if (const std::optional<Meant> meant = meant_by(index)) {
      report_slip(claim, *meant);
    } else {
      report(claim, Severity::warning, "number");
    }
  }

  /// The right number that this one is a slip of, if there is one alone.
  [[nodiscard]] std::optional<Meant> meant_by(std::uint32_t index) const {
    const StatedValue& claim = said_.claims()[index];
    const double precision = claim.token.precision;
    const auto slips = [&](double due) {
      const Slip slip = slip_between(claim.token.number, due, precision);
      return slip == Slip::digit || slip == Slip::order;
    };
    if (std::abs(claim.token.number) < 1000 * precision) {
      return std::nullopt;  // too few digits: some number is always near
    }
    if (const auto slip = facts_.ledger().near_slip(index)) {
      const StatedValue& first = said_.claims()[slip->first];
      return Meant{slip->number,
                   {claim.at.field, first.at.start, claim.at.end},
                   "the numbers before it make",
                   false};
    }
    if (std::optional<Meant> given = given_slip(claim, slips)) {
      return given;
    }
    const bool is_total =
        is_said_total(view_.field(claim.at.field).text, claim.token.start, claim.token.end);
    for (const Aggregate& aggregate : facts_.ledger().aggregates()) {
      if (aggregate.whole && slips(aggregate.value) && is_total &&
          Grounds::is_before(aggregate.step, statement_of(claim).step)) {
        return Meant{aggregate.value, aggregate.at, aggregate.what + " is", false};
      }
    }
    return std::nullopt;
  }

  /// A number of a result that differs by a slip and that the agent says nowhere near.
  template <class F>
  [[nodiscard]] std::optional<Meant> given_slip(const StatedValue& claim, F slips) const {
    constexpr double kSixDigits = 100'000;
    const double size = std::abs(claim.token.number);
    const double digits = size / claim.token.precision;
    const Matter matter = matter_of(claim.token.unit);
    for (const Ground& ground : facts_.grounds().range(size / 10, size * 200)) {
      const bool cents = ground.unit == Unit::money_minor;
      const double number = cents ? ground.number / 100 : ground.number;
      const bool alike = matter == matter_of(ground.unit) || ground.unit == Unit::none;
      if (alike && ground.step && ground.in_result && slips(number) &&
          Grounds::is_before(ground.step, statement_of(claim).step) &&
          (digits >= kSixDigits || speaks_of(claim, ground))) {
        return Meant{number,
                     ground.at,
                     fmt::format("step {} gives", view_.steps()[*ground.step].number),
                     true};
      }
    }
    return std::nullopt;
  }

  /// Whether the sentence holds a word of the name of the field that the number stands in, or names
  /// the record: else two numbers may be alike by chance.
  [[nodiscard]] bool speaks_of(const StatedValue& claim, const Ground& ground) const {
    const Match sentence = Statements::sentence_at(statement_of(claim), claim.at.start);
    const std::string_view text = view_.field(claim.at.field).text;
    const std::string said = fold_case(text.substr(sentence.start, sentence.end - sentence.start));
    for (const std::string& word : name_words(ground.key)) {
      if (word.size() >= 4 && said.find(std::string_view(word).substr(0, 5)) != std::string::npos) {
        return true;
      }
    }
    for (const NamedCell& named : facts_.mentions().find(said, 0)) {
      if (named.record.field != ground.at.field) {
        continue;
      }
      for (const std::uint32_t i : facts_.mentions().cells_of(named.record)) {
        if (facts_.mentions().cell(named.record, i).start == ground.at.start) {
          return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] Span sentence_of(const StatedValue& claim) const {
    return said::sentence_around(view_, statement_of(claim), claim.at);
  }

  void report_slip(const StatedValue& claim, const Meant& meant) {
    const std::string number = shown(view_.text(claim.at));
    Finding finding = said::draft_claim(view_,
                                        meant.read ? kMisreadKind : kSumKind,
                                        Severity::critical,
                                        statement_of(claim),
                                        meant.read ? "digit" : "slip");
    const std::string due = said::as_written(meant.number, claim.token.precision);
    finding.title = fmt::format("{} should be {}", number, due);
    finding.explanation =
        fmt::format("{} says {}, but {} {}; {} stands in no source and follows from none.",
                    said::who(view_, statement_of(claim)),
                    number,
                    meant.how,
                    due,
                    number);
    const auto here = quote(view_, sentence_of(claim));
    if (here) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(quote(view_, meant.at))));
    }
  }

  // --- identifiers, addresses ------------------------------------------------------------------

  [[nodiscard]] bool is_telling_text(const StatedValue& claim) const {
    const ValueKind kind = claim.token.kind;
    return kind == ValueKind::email || kind == ValueKind::url ||
           (kind == ValueKind::identifier && is_telling_id(view_.text(claim.at)));
  }

  void check_text(const StatedValue& claim) {
    std::string_view text = view_.text(claim.at);
    while (text.starts_with('#')) {
      text.remove_prefix(1);
    }
    // Before it was said or, where a call made it up, by its own result.
    const Grounds::Before before = statement_of(claim).step;
    if (facts_.grounds().holds_text(text, before) || is_made_of_given(text, before) ||
        is_example(claim) || is_own_key(claim) || !facts_.uses(value_key(text)).empty()) {
      return;
    }
    const std::optional<Span> near = near_miss(claim);
    const bool thought = statement_of(claim).speaker == Speaker::thought;
    if (near) {
      report_near(claim, *near);
    } else if (!thought) {
      report(claim, Severity::warning, "value");
    }
  }

  /// "(for example AB-17)": shows how one looks.
  [[nodiscard]] bool is_example(const StatedValue& claim) const {
    const std::string_view text = view_.field(claim.at.field).text;
    const std::size_t from = claim.at.start < 28 ? 0 : claim.at.start - 28;
    const std::string before = fold_case(text.substr(from, claim.at.start - from));
    constexpr auto kWords = std::to_array<std::string_view>({"e.g.",
                                                             "for example",
                                                             "for instance",
                                                             "such as",
                                                             "like ",
                                                             "format",
                                                             "z. b.",
                                                             "z.b.",
                                                             "zum beispiel",
                                                             "por ejemplo",
                                                             "p. ej.",
                                                             "例えば",
                                                             "例:"});
    return std::any_of(kWords.begin(), kWords.end(), [&before](std::string_view word) {
      return before.find(word) != std::string::npos;
    });
  }

  /// "#W5838674-EX": what stands in a source, with a word added to it.
  [[nodiscard]] bool is_made_of_given(std::string_view text, Grounds::Before before) const {
    constexpr std::size_t kTelling = 5;
    bool any = false;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t to = std::min(text.find_first_of("-_", from), text.size());
      const std::string_view part = text.substr(from, to - from);
      const bool has_digit = std::any_of(part.begin(), part.end(), is_digit);
      if (has_digit && (part.size() < kTelling || !facts_.grounds().holds_text(part, before))) {
        return false;
      }
      any = any || has_digit;
      from = to + 1;
    }
    return any;
  }

  /// Whether it stands in the agent's own code, query or file, where names are its to give.
  [[nodiscard]] bool is_own_key(const StatedValue& claim) const {
    const std::string_view text = view_.text(claim.at);
    for (const StepView& step : view_.steps()) {
      const Statement& statement = statement_of(claim);
      if (statement.step && step.index >= *statement.step) {
        break;
      }
      if (step.kind == StepKind::tool && step.input && is_own_text(*step.input) &&
          view_.field(*step.input).text.find(text) != std::string_view::npos) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] bool is_own_text(FieldId field) const {
    return std::none_of(said_.all().begin(), said_.all().end(), [field](const Statement& s) {
      return s.at.field == field;
    });
  }

  /// A value of a source that differs by one character, or by two that changed places, and that the
  /// statement does not give.
  [[nodiscard]] std::optional<Span> near_miss(const StatedValue& claim) const {
    const std::string mine = fold_case(view_.text(claim.at));
    if (mine.size() < 6) {
      return std::nullopt;
    }
    for (FieldId id = 0; id < view_.fields().size(); ++id) {
      const TextField& field = view_.field(id);
      const bool source = field.role == TextRole::result || field.role == TextRole::request;
      if (!source || !Grounds::is_before(field.step, statement_of(claim).step)) {
        continue;
      }
      for (const ValueToken& token : view_.values(id)) {
        if (token.end - token.start != mine.size() || token.kind == ValueKind::number) {
          continue;
        }
        const std::string other = fold_case(view_.text({id, token.start, token.end}));
        if (said::differs_by_slip(mine, other) &&
            !find_folded(view_.field(claim.at.field).text, other)) {
          return Span{id, token.start, token.end};
        }
      }
    }
    return std::nullopt;
  }

  void report_near(const StatedValue& claim, const Span& near) {
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement_of(claim), "near miss");
    finding.title = fmt::format("{} stands in no source", shown(view_.text(claim.at)));
    finding.explanation = fmt::format("{} gives {}; the trace knows {}.",
                                      said::who(view_, statement_of(claim)),
                                      shown(view_.text(claim.at)),
                                      shown(view_.text(near)));
    if (const auto here = quote(view_, claim.at)) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(quote(view_, near))));
    }
  }

  void report(const StatedValue& claim, Severity severity, std::string_view value_free) {
    if (said::is_question(view_, statement_of(claim), claim.at)) {
      return;
    }
    Finding finding = said::draft_claim(view_, kKind, severity, statement_of(claim), value_free);
    finding.title = fmt::format("{} stands in no source", shown(view_.text(claim.at)));
    finding.explanation = fmt::format(
        "{} gives {}, which neither the request nor any result before shows and which follows "
        "from none of them.",
        said::who(view_, statement_of(claim)),
        shown(view_.text(claim.at)));
    if (const auto here = quote(view_, claim.at)) {
      findings_.push_back(prove(std::move(finding), *here));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  const Statements& said_;
  std::unordered_set<std::uint32_t> told_;
  std::size_t lookups_ = 0;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_ungrounded_values(const Facts& facts) {
  return GroundCheck(facts).run();
}

}  // namespace infinium::maestro
