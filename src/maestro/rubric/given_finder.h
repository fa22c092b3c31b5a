#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "maestro/rubric/run_columns.h"
#include "maestro/rubric/subject.h"
#include "maestro/text.h"
#include "maestro/text_days.h"

namespace infinium::maestro {

/// What became of one thing that had to be told.
struct GivenOutcome {
  enum class Status { found, open, missing };
  Status status = Status::open;
  std::optional<Span> at;      ///< where it stands, or what stands there instead
  std::optional<Span> source;  ///< the result that it comes from, or should have come from
  std::string value;           ///< as written
};

/// The sentence around a place, by its marks.
[[nodiscard]] std::string_view sentence_around(std::string_view text, const Match& at);
/// The part of the sentence between commas, semicolons and "and".
[[nodiscard]] std::string_view clause_around(std::string_view text, const Match& at);

/// Whether the words name the thing: "order 1128" for an order number. True where the thing has no
/// name of its own.
[[nodiscard]] bool is_labelled(const Wanted& wanted, std::string_view sentence);

/// How many words of the clause name the thing, twice for the very word; a thing without a name of
/// its own has none.
[[nodiscard]] int label_score(const Wanted& wanted, std::string_view clause);

/// Looks for things in the texts that were handed over: by the columns of the run that have their
/// name, else by their kind, else by their words. Borrows the columns.
class GivenFinder {
 public:
  GivenFinder(const RunColumns& columns, std::vector<SubjectText> subjects);

  /// What became of each, in the same order. Two amounts, or two identifiers, need different
  /// values.
  [[nodiscard]] std::vector<GivenOutcome> find(const std::vector<Wanted>& things) const;

  [[nodiscard]] bool cut() const;
  /// "No credit", "free of charge": a thing may be rightly absent.
  [[nodiscard]] bool says_none() const;

 private:
  struct Text {
    SubjectText subject;
    std::vector<ValueToken> values;
    std::vector<DayToken> days;
    std::vector<std::string> words;  ///< plain
    std::vector<Word> places;        ///< of the words
    std::string bare;                ///< letters and digits alone
    std::vector<std::size_t> bare_places;
  };
  using Filed = std::vector<const RunColumn*>;
  using Used = std::set<std::string>;

  [[nodiscard]] GivenOutcome by_column(const Wanted& wanted, const Filed& filed) const;
  [[nodiscard]] GivenOutcome by_words(const Wanted& wanted) const;
  [[nodiscard]] GivenOutcome by_kind(const Wanted& wanted,
                                     const Filed& filed,
                                     const Used& used) const;
  [[nodiscard]] GivenOutcome::Status judge(
      const Wanted& wanted, const Filed& filed, const Text& text, const Match& at, bool sure) const;
  [[nodiscard]] GivenOutcome::Status judge_identifier(const Filed& filed,
                                                      const std::string& value,
                                                      std::uint64_t key,
                                                      bool sure,
                                                      bool labelled) const;
  [[nodiscard]] bool may_be(const Wanted& wanted,
                            const std::string& value,
                            std::uint64_t key) const;
  [[nodiscard]] static std::optional<Match> find_spaced(std::string_view value, const Text& text);
  [[nodiscard]] bool speaks_of(const Wanted& wanted) const;
  [[nodiscard]] std::optional<Match> stands(std::string_view value,
                                            const Text& text,
                                            const Wanted& wanted) const;
  [[nodiscard]] std::optional<Span> source_of(const Text& text, const Match& at) const;
  [[nodiscard]] Span place(const Text& text, const Match& at) const;

  const RunColumns& columns_;
  std::vector<Text> texts_;
  std::set<std::uint64_t> requested_;
};

}  // namespace infinium::maestro
