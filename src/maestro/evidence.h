#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infinium/interpretation.h"
#include "maestro/trace_view.h"

/// Evidence before claims: a finding, a decided rubric item or a root cause can be built only with
/// evidence, and evidence only by a function that has checked it against the trace.
namespace infinium::maestro {

/// What `measure` can count. Text counts take a field path as subject, or the path, "#" and the
/// name of an argument or cell in it (its longest value then); the others say below.
enum class Count : std::uint8_t {
  words,       ///< in a field
  characters,  ///< code points in a field
  sentences,
  lines,       ///< lines that are not blank
  list_items,  ///< lines that start with -, *, • or a number
  paragraphs,
  hashtags,
  emojis,
  exclamation_marks,
  table_rows,       ///< of a Markdown or comma-separated table, under its header
  calls_of_tool,    ///< subject: the tool's name
  identical_calls,  ///< subject: place of a step ("4"): calls with its tool, arguments and result
  steps,            ///< no subject, as all below
  tool_calls,
  llm_calls,
  errors,
  duration_seconds,
  total_tokens,
  cost_usd,
};

class Beside;
enum class Compared : std::uint8_t;  // beside.h makes comparisons

/// Evidence that was checked when it was made.
class CheckedEvidence {
 public:
  [[nodiscard]] const Evidence& get() const noexcept { return evidence_; }

 private:
  explicit CheckedEvidence(Evidence evidence) : evidence_(std::move(evidence)) {}
  friend std::optional<CheckedEvidence> quote(const TraceView&, const Span&);
  friend std::optional<CheckedEvidence> absence(const TraceView&,
                                                std::string,
                                                std::span<const FieldId>);
  friend std::optional<CheckedEvidence> measure(const TraceView&,
                                                Count,
                                                std::string_view,
                                                std::optional<double>);
  friend std::optional<CheckedEvidence> comparison(const Beside&, Compared, std::string_view);
  Evidence evidence_;
};

/// The words at `at`, at most 400 bytes of them (cut between characters), an asterisk for each byte
/// of a secret. Nothing if the place does
/// not exist, is empty or would split a character.
[[nodiscard]] std::optional<CheckedEvidence> quote(const TraceView& view, const Span& at);

/// That `looked_for` stands in none of the fields (letter case aside). Nothing if it does stand in
/// one, if no field is given, or if one of them is cut and so cannot show absence.
[[nodiscard]] std::optional<CheckedEvidence> absence(const TraceView& view,
                                                     std::string looked_for,
                                                     std::span<const FieldId> searched);

/// A count made here, held against `limit`. Nothing if the subject does not exist or a field to be
/// counted is cut.
[[nodiscard]] std::optional<CheckedEvidence> measure(const TraceView& view,
                                                     Count count,
                                                     std::string_view subject = {},
                                                     std::optional<double> limit = std::nullopt);

/// Whether the evidence holds in this trace; made anew, whoever wrote it. A comparison holds only
/// beside the traces that it names: without them it is refused.
[[nodiscard]] bool check(const Evidence& evidence, const TraceView& view);
[[nodiscard]] bool check(const Evidence& evidence, const TaskData& trace);
[[nodiscard]] bool check(const Evidence& evidence, const Beside& beside);

template <class Claim>
class Proven;
using ProvenFinding = Proven<Finding>;

/// At least one piece of evidence, in the order it should be read.
class Proof {
 public:
  Proof(CheckedEvidence first) { pieces_.push_back(first.get()); }  // NOLINT: implicit
  Proof& add(const CheckedEvidence& more) {
    pieces_.push_back(more.get());
    return *this;
  }
  /// Adds what there is; a further quote that could not be made weakens nothing.
  Proof& add(const std::optional<CheckedEvidence>& more) { return more ? add(*more) : *this; }
  [[nodiscard]] const std::vector<Evidence>& pieces() const noexcept { return pieces_; }

 private:
  Proof() = default;
  friend Proof proof_of(const ProvenFinding& finding);
  std::vector<Evidence> pieces_;
};

/// The evidence of a finding, for a claim that rests on it.
[[nodiscard]] Proof proof_of(const ProvenFinding& finding);

/// A claim (Finding, RubricItem, RootCause) that went through `prove` or, for an undecided rubric
/// item, `undecided`. Only interpret() takes it apart.
template <class Claim>
class Proven {
 public:
  [[nodiscard]] const Claim& operator*() const noexcept { return claim_; }
  [[nodiscard]] const Claim* operator->() const noexcept { return &claim_; }
  [[nodiscard]] Claim release() && { return std::move(claim_); }

 private:
  explicit Proven(Claim claim) : claim_(std::move(claim)) {}
  template <class C>
  friend Proven<C> prove(C, const Proof&);
  friend Proven<RubricItem> undecided(RubricItem);
  Claim claim_;
};

/// The claim with its evidence set to the proof's.
template <class Claim>
[[nodiscard]] Proven<Claim> prove(Claim claim, const Proof& proof) {
  claim.evidence = proof.pieces();
  return Proven<Claim>(std::move(claim));
}

/// A rubric item of which nothing is claimed: status unclear, no evidence.
[[nodiscard]] Proven<RubricItem> undecided(RubricItem item);

/// Equal for the same fault in other traces: made of the code, the tool's name and a template
/// without values (`without_values` of text_values.h). 16 hexadecimal digits.
[[nodiscard]] std::string fingerprint(std::string_view code,
                                      std::string_view tool,
                                      std::string_view value_free);

}  // namespace infinium::maestro
