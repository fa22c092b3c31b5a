#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/text_actions.h"
#include "maestro/trace_view.h"

/// Which steps of a trace a rule speaks of: "changing the booking" is `change_booking`.
namespace infinium::maestro {

/// A few words of a rule that name something done: a verb, what it is done to, identifiers.
struct ActionPhrase {
  std::string text;
  std::vector<ActionWord> words;
  std::vector<std::string> names;  ///< identifiers in it, folded: "edge-fra-2", "chg-20931"
  bool any_change = false;         ///< "the booking is changed"
  bool whatever = false;           ///< "anything", "any action"
  bool changes = false;            ///< names a change of one kind: "refund"
  bool observes = false;           ///< "read", "check"
  bool speaks = false;             ///< "tell", "offer"
  bool consents = false;           ///< "agree", "approval"
  bool person = false;
  bool result = false;  ///< "the answer", "is handed over"

  [[nodiscard]] bool empty() const { return words.empty() && names.empty(); }
  /// Whether the word is what is done: in "create the order" the order is not.
  [[nodiscard]] bool is_verb(const ActionWord& word) const;
  /// Whether it names a deed that a tool's name would have too: "take a snapshot", "run the tests";
  /// "read", "check" are said of anything.
  [[nodiscard]] bool names_deed() const;
  /// Words that say what it is done to: neither looking, nor a mere change, nor a person.
  [[nodiscard]] std::vector<const ActionWord*> things() const;
};

[[nodiscard]] ActionPhrase read_phrase(std::string_view text);

/// The parts of a phrase that "and", a comma or "against" joins: "purchase order and goods
/// receipts" has two. A part that names nothing is left out.
[[nodiscard]] std::vector<ActionPhrase> parts_of(const ActionPhrase& phrase);

/// How a step fits a phrase.
struct StepFit {
  const StepView* step = nullptr;
  int score = 0;
  bool strong = false;  ///< the tool's name says it, or two of its arguments
  bool verb = false;    ///< the tool's name has the phrase's verb ("snapshot", "test")
};

/// The tool calls of a trace by the words of their names and arguments. Built once, in linear time;
/// borrows the view.
class Actions {
 public:
  explicit Actions(const TraceView& view);

  [[nodiscard]] const TraceView& view() const noexcept { return view_; }
  [[nodiscard]] Deed deed(const StepView& step) const { return steps_[step.index].deed; }

  /// The calls that do what the phrase says, in order: those that fit best, all of one score. For
  /// "anything" every call that changes something, unless some fit what else it says.
  [[nodiscard]] std::vector<StepFit> doing(const ActionPhrase& phrase) const;

  /// All calls that fit at all, in order.
  [[nodiscard]] std::vector<StepFit> fitting(const ActionPhrase& phrase) const;

  /// Whether the call's name says no more than that it changes what is there: `update_order`.
  [[nodiscard]] bool modifies(const StepView& step) const;

  /// Calls that change something, in order.
  [[nodiscard]] std::vector<const StepView*> changes() const;

  /// Whether any call's name shares a word's very spelling with the phrase: then rule and tools
  /// speak one language, and a name that is not found is not there.
  [[nodiscard]] bool speaks_language_of(std::string_view rule) const;

 private:
  struct Entry {
    Deed deed = Deed::none;
    std::vector<std::uint32_t> name;
    std::vector<std::uint32_t> keys;
    std::vector<std::uint32_t> values;
  };
  void add(const StepView& step);
  void add_arguments(const StepView& step, Entry& entry);
  void add_words(std::string_view text, std::vector<std::uint32_t>& out, std::size_t most);
  std::uint32_t id_of(const ActionWord& word);
  [[nodiscard]] StepFit fit(const StepView& step,
                            const ActionPhrase& phrase,
                            std::span<const std::uint64_t> masks) const;
  [[nodiscard]] std::vector<std::uint64_t> masks_of(const ActionPhrase& phrase) const;

  const TraceView& view_;
  std::vector<Entry> steps_;  ///< by place; empty for what is no call
  std::vector<ActionWord> words_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::unordered_map<std::string, Entry> by_tool_;
  std::size_t words_left_ = 100'000;
};

/// Whether a step's arguments or name hold an identifier (folded), as a whole word.
[[nodiscard]] bool step_names(const TraceView& view, const StepView& step, std::string_view folded);

}  // namespace infinium::maestro
