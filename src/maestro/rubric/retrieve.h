#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "maestro/rubric/ruling.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// The passages of a trace that can support a rubric text: what was handed over, and what was given
/// to tools. Built once, linear in the trace; borrows the view.
class Passages {
 public:
  explicit Passages(const TraceView& view);

  struct Passage {
    Span at;
    bool delivered = false;
  };
  /// A content word of a rubric text.
  struct Term {
    std::uint64_t stem = 0;
    double weight = 0;  ///< rarer in this trace weighs more
    bool delivered = false;
    bool acted = false;  ///< stands among the arguments of a call
    std::string word;    ///< folded
  };

  [[nodiscard]] const TraceView& view() const noexcept { return view_; }
  /// The content words of a text. `framed`: it is an item about the output, whose words for the
  /// document, its reader and the telling ("the answer", "the guest", "is told") are left out.
  [[nodiscard]] std::vector<Term> terms_of(std::string_view text, bool framed = false) const;
  /// The passage that shares most of the terms; a delivered one counts twice; the earlier of two
  /// equal ones.
  struct Best {
    const Passage* passage = nullptr;
    double share = 0;  ///< of the terms' weight
  };
  [[nodiscard]] Best best_for(const std::vector<Term>& terms) const;

  /// Whether a word that begins like this one (four letters, or two of Japanese and Chinese) was
  /// handed over.
  [[nodiscard]] bool delivers_like(std::string_view folded) const;
  [[nodiscard]] bool delivers_value(std::uint64_t key) const { return values_.contains(key); }
  [[nodiscard]] bool acts_on_value(std::uint64_t key) const { return argued_.contains(key); }
  /// The first argument of a look-up (a call that changes nothing) with that part of a word, such
  /// as `gross` in `SELECT gross_cents`; null if there is none.
  struct Use {
    const StepView* step = nullptr;
    const Argument* argument = nullptr;
  };
  [[nodiscard]] const Use* look_up_with(std::string_view folded_part) const;
  /// The short arguments of look-ups whose name has that stem.
  [[nodiscard]] std::span<const Use> look_ups_by(std::uint64_t key_stem) const;
  /// Words of the output by which the agent says that it could not do it, or that it guesses.
  [[nodiscard]] const std::optional<Span>& refusal() const noexcept { return refusal_; }
  [[nodiscard]] const std::optional<Span>& hedge() const noexcept { return hedge_; }
  /// Whether a value of that kind was handed over.
  [[nodiscard]] bool delivers_kind(ValueKind kind) const {
    return (kinds_ & (1u << static_cast<unsigned>(kind))) != 0;
  }

 private:
  struct Posting {
    std::uint32_t count = 0;
    bool delivered = false;
    bool acted = false;
    std::uint32_t first = 0;             ///< passage; most words stand in one alone
    std::vector<std::uint32_t> further;  ///< the next ones, in order
  };
  void add_field(FieldId field, bool delivered);
  void add_passage(const Span& at, bool delivered);
  bool add_word(std::string_view folded, std::uint32_t passage, bool delivered);
  void add_look_up(const StepView& step);

  const TraceView& view_;
  std::vector<Passage> passages_;
  std::unordered_map<std::uint64_t, Posting> words_;
  std::unordered_set<std::uint64_t> openings_;  ///< of the words handed over
  std::unordered_set<std::uint64_t> values_;
  std::unordered_set<std::uint64_t> argued_;
  std::unordered_map<std::uint64_t, Use> parts_;
  std::unordered_map<std::uint64_t, std::vector<Use>> by_key_;
  std::optional<Span> refusal_;
  std::optional<Span> hedge_;
  unsigned kinds_ = 0;
};

/// What the trace says to a rubric text that no exact check covers. Met only with solid support,
/// unmet only with a solid contradiction or, for a named deliverable, complete absence.
[[nodiscard]] Ruling retrieve(const Passages& passages, RubricKind kind, std::string_view text);

/// The part of retrieval that reads a rule as a filter: "use net, not gross amounts" and "only
/// orders of region EMEA" against the arguments of the calls. Unclear if the text is no such rule.
/// `plain`: the text has no condition and no negation but the one that sets two words apart.
/// `only`: it says that nothing else is to be selected.
[[nodiscard]] Ruling retrieve_filter(const Passages& passages,
                                     std::string_view text,
                                     bool plain,
                                     bool only);

/// The sentence of the output that holds one of the phrases, at most 300 bytes; nothing if none.
[[nodiscard]] std::optional<Span> find_sentence_with(const TraceView& view,
                                                     std::span<const std::string_view> phrases);

/// The stem of a folded word, as a hash; 0 for a word without content.
[[nodiscard]] std::uint64_t stem_of(std::string_view folded_word);

}  // namespace infinium::maestro
