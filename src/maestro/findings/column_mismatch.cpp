#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/text.h"

/// Behaviour: a step works on the column next to the one that was asked for (gross for net, list
/// price for sale price). Source: labelled failures of data-reading agents.
/// How: the columns that results, schemas and headers show; one that a step selects, names or takes
/// the numbers of, none of whose own words the request says, while it does say the own word of a
/// sibling that no step ever uses.
/// Blind spots: columns whose names share no word with the request; a choice made inside code.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "argument.mismatch",
    "Match the column to the words of the task before using it.",
};

bool is_plain_name(std::string_view text) {
  return text.size() >= 2 && text.size() <= 60 &&
         (is_letter(text.front()) || text.front() == '_') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
         });
}

/// Words of a column's name that do not say what it measures.
bool says_nothing(std::string_view word) {
  constexpr std::array<std::string_view, 30> kWords = {
      "id",  "no",    "nr",     "number", "key",  "name", "the", "of",    "in",   "per",
      "col", "value", "amount", "total",  "sum",  "avg",  "min", "max",   "mean", "count",
      "pct", "rate",  "date",   "time",   "code", "type", "num", "field", "raw",  "data"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         unit_of_word(word) != Unit::none || (word.size() < 3 && word != "vat");
}

/// Whether an argument of that name holds a column's name.
bool takes_a_column(std::string_view key) {
  constexpr std::array<std::string_view, 16> kWords = {"column",
                                                       "columns",
                                                       "col",
                                                       "cols",
                                                       "field",
                                                       "fields",
                                                       "metric",
                                                       "metrics",
                                                       "measure",
                                                       "attribute",
                                                       "key",
                                                       "property",
                                                       "target",
                                                       "variable",
                                                       "series",
                                                       "on"};
  const std::vector<std::string> words = name_words(key);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  });
}

/// Whether a text is sentences and not an expression: words that follow each other.
bool is_prose(std::string_view text) {
  const std::vector<Word> words = find_words(text);
  std::size_t pairs = 0;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool next = words[i].end + 1 == words[i + 1].start && text[words[i].end] == ' ';
    pairs +=
        next && is_letter(text[words[i].start]) && is_letter(text[words[i + 1].start]) ? 1u : 0u;
  }
  return pairs * 2 > words.size();
}

struct KnownColumn {
  std::string name;
  std::vector<std::string> words;
  bool numeric = false;
  bool names_records = false;  ///< an id or a name: never a measure
  FieldId source = 0;          ///< the text that showed it first
};

class ColumnCheck {
 public:
  explicit ColumnCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {
    collect_columns();
    collect_uses();
  }

  std::vector<ProvenFinding> run() {
    // A column that a query names and whose numbers are then passed on as a whole is judged where
    // it is named: that is where it went wrong.
    std::unordered_set<std::size_t> whole;
    for (const NamedUse& use : taken_) {
      if (use.sole_measure) {
        whole.insert(use.column);
      }
    }
    for (const NamedUse& use : named_) {
      check(use, whole.contains(use.column));
    }
    for (const NamedUse& use : taken_) {
      check(use, use.sole_measure);
    }
    return std::move(findings_);
  }

 private:
  struct NamedUse {
    std::size_t column = 0;
    std::size_t step = 0;
    Span at;
    bool sole_measure = false;  ///< the only measure that the step works on
  };

  static constexpr std::size_t kColumnsMax = 400;

  void add_column(const std::string& name, bool numeric, FieldId source) {
    if (!is_plain_name(name) || columns_.size() >= kColumnsMax) {
      return;
    }
    const auto [entry, is_new] = by_name_.emplace(fold_case(name), columns_.size());
    if (is_new) {
      KnownColumn column{fold_case(name), name_words(name), numeric, false, source};
      for (const std::string& word : column.words) {
        column.names_records = column.names_records || word == "id" || word == "no" ||
                               word == "name" || word == "number" || word == "nr" || word == "code";
      }
      columns_.push_back(std::move(column));
    } else {
      columns_[entry->second].numeric = columns_[entry->second].numeric || numeric;
    }
  }

  static bool is_numeric_type(std::string_view type) {
    const std::string folded = fold_case(type);
    for (const std::string_view word :
         {"int", "real", "numeric", "float", "double", "decimal", "number", "bigint"}) {
      if (folded.starts_with(word)) {
        return true;
      }
    }
    return false;
  }

  void collect_columns() {
    for (const Column& column : facts_.columns()) {
      bool types = !column.cells.empty() && is_numeric_type(facts_.cell(column.cells[0]).value);
      if (!column.cells.empty()) {
        add_column(column.key, column.is_numeric || types, column.cells[0].field);
      }
    }
    for (const std::string_view key :
         {"name", "column", "column_name", "columns", "field", "fields", "header", "headers"}) {
      if (const Column* column = facts_.column(key)) {
        for (const CellRef& ref : column->cells) {
          const std::string& name = facts_.cell(ref).value;
          if (name.find(' ') == std::string::npos && !is_upper(name.empty() ? 'a' : name.front())) {
            add_column(name, has_numeric_type(ref), ref.field);
          }
        }
      }
    }
    collect_schemas();
  }

  /// Whether the record of a schema row says that its column is a number.
  [[nodiscard]] bool has_numeric_type(const CellRef& ref) const {
    const Records& records = view_.records(ref.field);
    const std::uint32_t record = records.cells[ref.cell].record;
    for (std::size_t i = ref.cell; i < records.cells.size() && i < ref.cell + 8u; ++i) {
      if (records.cells[i].record == record && is_numeric_type(records.cells[i].value)) {
        return true;
      }
    }
    return false;
  }

  /// `name TYPE` pairs of CREATE TABLE statements.
  void collect_schemas() {
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.output) {
        continue;
      }
      const std::string_view text = view_.field(*step.output).text;
      if (text.size() > 100'000 || !find_folded(text, "create table")) {
        continue;
      }
      const std::vector<Word> words = find_words(text);
      for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string_view type =
            text.substr(words[i + 1].start, words[i + 1].end - words[i + 1].start);
        const bool is_text = fold_case(type) == "text" || fold_case(type).starts_with("varchar");
        if (is_numeric_type(type) || is_text) {
          add_column(std::string(text.substr(words[i].start, words[i].end - words[i].start)),
                     !is_text,
                     *step.output);
        }
      }
    }
  }

  void collect_uses() {
    constexpr std::size_t kUsesMax = 5'000;
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || step.changes_state || named_.size() > kUsesMax) {
        continue;
      }
      const std::size_t first = named_.size();
      std::unordered_set<std::size_t> measures;
      for (const Argument& argument : step.arguments) {
        add_named(step, argument);
      }
      for (std::size_t i = first; i < named_.size(); ++i) {
        const KnownColumn& column = columns_[named_[i].column];
        if (column.numeric && !column.names_records) {
          measures.insert(named_[i].column);
        }
      }
      for (std::size_t i = first; i < named_.size(); ++i) {
        named_[i].sole_measure = measures.size() == 1 && measures.contains(named_[i].column);
      }
      if (named_.size() == first) {
        add_taken(step);
      }
    }
  }

  /// Columns whose names stand in an argument: a select list, a column's name, an expression.
  void add_named(const StepView& step, const Argument& argument) {
    if (argument.value.size() > 4'000) {
      return;
    }
    if (argument.op == "select" || is_plain_name(argument.value)) {
      add_use(step,
              argument.value,
              argument.at,
              argument.op == "select" || (argument.op.empty() && takes_a_column(argument.key)));
      return;
    }
    const bool expression = argument.op.empty() &&
                            argument.value.find_first_of("([*/+") != std::string::npos &&
                            !is_prose(argument.value);
    if (!expression || fold_case(argument.value).starts_with("select")) {
      return;
    }
    const std::string_view text = view_.text(argument.at);
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const bool inside = i < text.size() && (is_alnum(text[i]) || text[i] == '_');
      if (!inside) {
        if (i > start + 2) {
          add_use(step,
                  text.substr(start, i - start),
                  {argument.at.field, argument.at.start + start, argument.at.start + i},
                  true);
        }
        start = i + 1;
      }
    }
  }

  void add_use(const StepView& step, std::string_view name, Span at, bool measure) {
    const auto found = by_name_.find(fold_case(name));
    if (found == by_name_.end()) {
      return;
    }
    used_.insert(found->second);
    if (measure) {
      named_.push_back({found->second, step.index, at, false});
    }
  }

  /// Columns whose numbers a step was given without their names: all that stand under one key,
  /// whatever a divisor beside them is.
  void add_taken(const StepView& step) {
    std::vector<std::string_view> keys;
    for (const Argument& argument : step.arguments) {
      constexpr std::size_t kKeysMax = 8;
      if (keys.size() < kKeysMax &&
          std::find(keys.begin(), keys.end(), argument.key) == keys.end()) {
        keys.push_back(argument.key);
      }
    }
    for (const std::string_view key : keys) {
      add_taken(step, key);
    }
  }

  void add_taken(const StepView& step, std::string_view key) {
    std::unordered_map<std::size_t, std::pair<std::size_t, Span>> counts;
    std::size_t numbers = 0;
    constexpr std::size_t kWholeColumnMin = 3;
    for (const Argument& argument : step.arguments) {
      // What the user gave, or what is passed under its own name, is a key and no measure.
      const Column* const own = facts_.column(argument.key);
      const bool is_key =
          facts_.asked().find(argument.value, step.index) ||
          (own != nullptr && own->first_by_value.contains(value_key(argument.value)));
      if (argument.key != key || !argument.op.empty() || shape_is_small(argument.value) || is_key ||
          numbers >= 200) {
        continue;
      }
      ++numbers;
      for (const std::size_t at : columns_with(value_key(argument.value), step.index)) {
        auto& [count, where] = counts[at];
        where = count == 0 ? argument.at : where;
        ++count;
      }
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto found = counts.find(i);
      if (found != counts.end() && found->second.first == numbers && counts.size() == 1) {
        used_.insert(i);
        taken_.push_back({i, step.index, found->second.second, numbers >= kWholeColumnMin});
      }
    }
  }

  static bool shape_is_small(std::string_view text) {
    if (!has_digit(text)) {
      return true;
    }
    const std::vector<ValueToken> values = find_values(text);
    return values.size() != 1 || values.front().kind != ValueKind::number ||
           values.front().end - values.front().start < 3;
  }

  [[nodiscard]] std::vector<std::size_t> columns_with(std::uint64_t key, std::size_t before) const {
    std::vector<std::size_t> with;
    std::size_t examined = 0;
    for (const Column& column : facts_.columns()) {
      const auto found = column.first_by_value.find(key);
      if (found != column.first_by_value.end() && found->second.step < before) {
        if (const auto name = by_name_.find(column.key); name != by_name_.end()) {
          with.push_back(name->second);
        }
      }
      if (++examined >= 200) {
        break;
      }
    }
    return with;
  }

  [[nodiscard]] std::optional<Span> said(const std::string& word) const {
    if (const auto at = facts_.request().mention(word)) {
      return at;
    }
    for (const RequestWord& other : facts_.request().words().first(
             std::min<std::size_t>(facts_.request().words().size(), 2'000))) {
      const bool alike = word.size() >= 4 && other.text.size() >= 4 && same_stem(word, other.text);
      if (!other.negated &&
          (alike || (word.size() >= 3 && word.size() <= 4 && other.text.size() > 4 &&
                     same_stem(word, other.text) && !other.text.starts_with(word)))) {
        return other.at;
      }
    }
    return std::nullopt;
  }

  /// Where the request says a word that only `wanted` has and `other` has not.
  [[nodiscard]] std::optional<Span> own_word_said(const KnownColumn& wanted,
                                                  const KnownColumn& other) const {
    for (const std::string& word : wanted.words) {
      const bool shared =
          std::find(other.words.begin(), other.words.end(), word) != other.words.end();
      if (shared || says_nothing(word)) {
        continue;
      }
      if (const auto at = said(word)) {
        return at;
      }
    }
    return std::nullopt;
  }

  /// "net, not gross": the request names the column only to leave it aside.
  [[nodiscard]] bool is_denied(const KnownColumn& column) const {
    const auto words = facts_.request().words();
    return std::any_of(words.begin(), words.end(), [&column](const RequestWord& word) {
      return word.negated &&
             std::find(column.words.begin(), column.words.end(), word.text) != column.words.end();
    });
  }

  static bool share_word(const KnownColumn& a, const KnownColumn& b) {
    return std::any_of(a.words.begin(), a.words.end(), [&b](const std::string& word) {
      return word != "id" && std::find(b.words.begin(), b.words.end(), word) != b.words.end();
    });
  }

  /// Columns that share no word are twins if the request denies the one that is used ("not gross"),
  /// or if the numbers of one were passed as a whole and the other stands in the same table.
  void check(const NamedUse& use, bool whole) {
    const std::size_t index = use.column;
    const KnownColumn& mine = columns_[index];
    const bool denied = use.sole_measure && mine.numeric && is_denied(mine);
    if (mine.names_records || findings_.size() >= kFindingsOfDetectorMax ||
        !done_.insert(index).second) {
      return;
    }
    const KnownColumn* wanted = nullptr;
    std::optional<Span> asked;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const KnownColumn& other = columns_[i];
      // A column of the same table is the likelier twin than one of some other text.
      if (wanted != nullptr && (wanted->source == mine.source || other.source != mine.source)) {
        continue;
      }
      const bool twins =
          share_word(mine, other) || denied || (whole && other.source == mine.source);
      if (i == index || used_.contains(i) || other.names_records || !twins ||
          other.numeric != mine.numeric || own_word_said(mine, other)) {
        continue;
      }
      if (const auto said_at = own_word_said(other, mine)) {
        wanted = &other;
        asked = said_at;
      }
    }
    if (wanted != nullptr) {
      report(mine, *wanted, use.step, use.at, *asked);
    }
  }

  void report(const KnownColumn& mine,
              const KnownColumn& other,
              std::size_t index,
              const Span& at,
              const Span& asked) {
    const StepView& step = view_.steps()[index];
    // Standing rules name things that are no part of this task.
    const bool rule = view_.field(asked.field).path.starts_with("expected_outcome.constraints");
    Finding finding = draft(
        view_, kKind, rule ? Severity::warning : Severity::critical, std::array{index}, "column");
    finding.title = fmt::format("{} used column {} where {} was asked for",
                                name_of(step),
                                shown(mine.name),
                                shown(other.name));
    finding.explanation = fmt::format(
        "Step {} took column {}; the user asked for {}, which is column {}, and no step uses it.",
        step.number,
        shown(mine.name),
        shown(view_.text(asked)),
        shown(other.name));
    const auto here = quote(view_, at);
    const auto there = quote(view_, asked);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<KnownColumn> columns_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unordered_set<std::size_t> used_;
  std::unordered_set<std::size_t> done_;
  std::vector<NamedUse> named_;
  std::vector<NamedUse> taken_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_column_mismatches(const Facts& facts) {
  return ColumnCheck(facts).run();
}

}  // namespace infinium::maestro
