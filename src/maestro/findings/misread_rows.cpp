#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: the agent read the right result and gives one record the value of another ("WE, which
/// is East"), or one field the value of its opposite (the begin of a time as its end, gross as
/// net). Source: misinterpretation of tool output in labelled agent failures.
/// How: a sentence names one record of a list by a value that no other row has, and then gives a
/// value that the same column has in another row and the record has in no field, while the record's
/// own value is not said; or a word of the sentence ("by", "last", "net") is the opposite of a word
/// in the name of the only field that holds the value, and the opposite field says otherwise.
/// Blind spots: sentences that compare records; values of one digit; records that are not named.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "claim.contradicts_result",
    "Read the row of the record, and the field that is asked for, again before reporting.",
};

/// Words of fields and sentences that cannot both be right of one value.
struct Opposites {
  std::array<std::string_view, 12> one;
  std::array<std::string_view, 12> other;
};

constexpr auto kOpposites = std::to_array<Opposites>({
    {{"from",
      "start",
      "begin",
      "opens",
      "earliest",
      "since",
      "von",
      "beginn",
      "desde",
      "inicio",
      "début",
      "開始"},
     {"until",
      "till",
      "end",
      "ends",
      "last",
      "latest",
      "deadline",
      "bis",
      "frist",
      "hasta",
      "límite",
      "まで"}},
    {{"net", "netto", "neto", "nett", "", "", "", "", "", "", "", "税抜"},
     {"gross", "brutto", "bruto", "", "", "", "", "", "", "", "", "税込"}},
    {{"dep",
      "departure",
      "departs",
      "leaves",
      "leaving",
      "abfahrt",
      "abflug",
      "salida",
      "départ",
      "",
      "",
      "出発"},
     {"arr",
      "arrival",
      "arrives",
      "lands",
      "landing",
      "ankunft",
      "llegada",
      "arrivée",
      "",
      "",
      "",
      "到着"}},
    {{"min", "minimum", "lowest", "mindest", "mínimo", "", "", "", "", "", "", "最低"},
     {"max", "maximum", "highest", "höchst", "máximo", "", "", "", "", "", "", "最高"}},
});

bool has_word(const std::array<std::string_view, 12>& words, std::string_view word) {
  return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& words) {
  const std::string folded = fold_case(text);
  for (const Word& word : find_words(folded)) {
    const std::string_view said =
        std::string_view(folded).substr(word.start, word.end - word.start);
    if (std::find(words.begin(), words.end(), said) != words.end()) {
      return true;
    }
  }
  return false;
}

bool compares(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"than",  "versus", "vs",      "against", "compared", "instead", "unlike", "next",
       "then",  "after",  "before",  "and",     "or",       "not",     "except", "als",
       "statt", "gegen",  "und",     "oder",    "nicht",    "que",     "contra", "y",
       "o",     "no",     "ni",      "より",    "と",       "や",      "rather", "both",
       "like",  "follow", "follows", "between", "to"});
  return has_any(text, kWords);
}

class RowCheck {
 public:
  explicit RowCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), mentions_(facts.mentions()) {}

  std::vector<ProvenFinding> run() {
    for (const Statement& statement : facts_.statements().all()) {
      if (findings_.size() >= kFindingsOfDetectorMax) {
        break;
      }
      statement_ = &statement;
      text_ = view_.field(statement.at.field).text;
      for (const Match& sentence : statement.sentences) {
        constexpr std::size_t kSentenceMax = 600;
        if (sentence.end - sentence.start <= kSentenceMax && ++sentences_ <= 2'000) {
          check_sentence(sentence);
        }
      }
      check_opposites();
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] std::string_view slice(std::size_t from, std::size_t to) const {
    return to > from ? text_.substr(from, to - from) : std::string_view{};
  }

  // --- the value of another row ------------------------------------------------------------------

  void check_sentence(const Match& sentence) {
    const std::vector<NamedCell> named =
        mentions_.find(slice(sentence.start, sentence.end), sentence.start);
    for (const NamedCell& cell : named) {
      if (!Grounds::is_before(cell.record.step, statement_->step) || !is_key(cell)) {
        continue;
      }
      check_names(sentence, cell, named);
      check_numbers(sentence, cell, named);
    }
  }

  /// Whether a field says which record it is: the first text of the record, or by its name.
  [[nodiscard]] bool identifies(const NamedCell& named) const {
    constexpr auto kNames = std::to_array<std::string_view>({"id",
                                                             "name",
                                                             "code",
                                                             "title",
                                                             "sku",
                                                             "ref",
                                                             "key",
                                                             "number",
                                                             "nombre",
                                                             "nummer",
                                                             "region"});
    const std::vector<std::string> words = name_words(mentions_.cell(named.record, named.cell).key);
    if (!words.empty() && std::find(kNames.begin(), kNames.end(), words.back()) != kNames.end()) {
      return true;
    }
    for (const std::uint32_t i : mentions_.cells_of(named.record)) {
      if (!mentions_.cell(named.record, i).is_number) {
        return i == named.cell;
      }
    }
    return false;
  }

  /// Whether the cell's value stands in no other row of its list, and no value of its column twice.
  [[nodiscard]] bool is_key(const NamedCell& named) const {
    constexpr std::size_t kListMax = 200;
    const auto list = mentions_.list_of(named.record);
    const Cell& cell = mentions_.cell(named.record, named.cell);
    if (list.size() < 2 || list.size() > kListMax) {
      return false;
    }
    if (!identifies(named)) {
      return false;
    }
    std::unordered_set<std::string_view> values;
    std::size_t cells = 0;
    for (const std::uint32_t row : list) {
      const RecordRef record{named.record.step, named.record.field, row};
      const Cell* other = mentions_.cell_of(record, cell.key);
      if (other == nullptr || !values.insert(other->value).second) {
        return false;
      }
      // "ATL to DFW": a value that other fields hold, too, names no record.
      for (const std::uint32_t i : mentions_.cells_of(record)) {
        cells += mentions_.cell(record, i).value == cell.value ? 1u : 0u;
      }
    }
    return cells == 1;
  }

  [[nodiscard]] bool is_said(const Match& sentence, std::string_view value) const {
    return find_folded(slice(sentence.start, sentence.end), fold_case(value)).has_value();
  }

  /// "WE, which is East": right after the record's name the text of another row.
  void check_names(const Match& sentence,
                   const NamedCell& key,
                   const std::vector<NamedCell>& named) {
    for (const NamedCell& other : named) {
      const bool same_list = other.record.field == key.record.field &&
                             other.record.record != key.record.record &&
                             contains(mentions_.list_of(key.record), other.record.record);
      if (!same_list || other.start < key.end || !is_copula(slice(key.end, other.start))) {
        continue;
      }
      const Cell& wrong = mentions_.cell(other.record, other.cell);
      const Cell* own = mentions_.cell_of(key.record, wrong.key);
      const Cell& name = mentions_.cell(key.record, key.cell);
      if (own == nullptr || own->value == wrong.value || name.key == wrong.key ||
          is_said(sentence, own->value)) {
        continue;
      }
      report(sentence, key, *own, other.record, wrong);
      return;
    }
  }

  static bool contains(std::span<const std::uint32_t> list, std::uint32_t record) {
    return std::find(list.begin(), list.end(), record) != list.end();
  }

  static bool is_copula(std::string_view between) {
    constexpr auto kWords = std::to_array<std::string_view>(
        {"which", "is",   "the",   "name", "named", "called",     "also", "stands", "for",
         "ist",   "das",  "heißt", "also", "es",    "que",        "son",  "は",     "i",
         "e",     "that", "means", "of",   "in",    "department", "team"});
    if (between.empty() || between.size() > 24 || between.size() < 2) {
      return false;
    }
    const std::string folded = fold_case(between);
    for (const Word& word : find_words(folded)) {
      const std::string_view said =
          std::string_view(folded).substr(word.start, word.end - word.start);
      if (std::find(kWords.begin(), kWords.end(), said) == kWords.end()) {
        return false;
      }
    }
    // "WE, East": a list; something must say that they are one.
    return between.find_first_of("=(:") != std::string_view::npos || !find_words(between).empty();
  }

  /// A number after the record's name that its column has in another row.
  void check_numbers(const Match& sentence,
                     const NamedCell& key,
                     const std::vector<NamedCell>& named) {
    constexpr std::size_t kReach = 40;
    for (const StatedValue& value : facts_.statements().claims_of(*statement_)) {
      const ValueToken& token = value.token;
      const bool inside = token.kind == ValueKind::number && token.start >= key.end &&
                          token.end <= sentence.end && token.start - key.end <= kReach;
      if (!inside || std::abs(token.number) < 10 || token.precision > std::abs(token.number) / 10) {
        continue;
      }
      const std::string_view between = slice(key.end, token.start);
      const bool other_between = std::any_of(named.begin(), named.end(), [&](const NamedCell& n) {
        return n.start >= key.end && n.end <= token.start && n.record.record != key.record.record;
      });
      if (other_between || compares(between) || between.find(';') != std::string_view::npos ||
          compares(slice(clause_of(sentence, key.start).start, key.start))) {
        continue;
      }
      if (number_of_other_row(sentence, key, value)) {
        return;
      }
    }
  }

  bool number_of_other_row(const Match& sentence, const NamedCell& key, const StatedValue& value) {
    const double number = value.token.number;
    const double slack = value.token.precision / 100;
    // Any field of the record may be meant; so may any other source of the number.
    for (const std::uint32_t i : mentions_.cells_of(key.record)) {
      const Cell& cell = mentions_.cell(key.record, i);
      if (cell.is_number && (std::abs(cell.number - number) <= slack ||
                             std::abs(cell.number / 100 - number) <= slack)) {
        return false;
      }
    }
    const Cell* wrong = nullptr;
    RecordRef row;
    for (const std::uint32_t member : mentions_.list_of(key.record)) {
      const RecordRef other{key.record.step, key.record.field, member};
      for (const std::uint32_t i : mentions_.cells_of(other)) {
        const Cell& cell = mentions_.cell(other, i);
        if (cell.is_number && std::abs(cell.number - number) <= slack &&
            member != key.record.record) {
          wrong = &cell;
          row = other;
        }
      }
    }
    const Cell* own = wrong == nullptr ? nullptr : mentions_.cell_of(key.record, wrong->key);
    if (own == nullptr || !own->is_number || own->number == wrong->number ||
        says_number(clause_of(sentence, key.start), own->number) ||
        stands_elsewhere(number, slack, wrong->key) || is_derived(value)) {
      return false;
    }
    report(sentence, key, *own, row, *wrong);
    return true;
  }

  /// Whether it may be worked out from the numbers beside it.
  [[nodiscard]] bool is_derived(const StatedValue& value) const {
    const auto claims = facts_.statements().claims();
    const auto index = static_cast<std::uint32_t>(&value - claims.data());
    const std::vector<Operand> near = facts_.ledger().near_pool(index);
    return is_sum_or_difference({value.token.number,
                                 value.token.precision,
                                 matter_of(value.token.unit),
                                 std::span(near).first(std::min<std::size_t>(near.size(), 4))});
  }

  /// The part of a sentence around a byte that no semicolon divides.
  [[nodiscard]] Match clause_of(const Match& sentence, std::size_t byte) const {
    const std::size_t before = text_.substr(sentence.start, byte - sentence.start).rfind(';');
    const std::size_t after = text_.find(';', byte);
    return {before == std::string_view::npos ? sentence.start : sentence.start + before + 1,
            std::min(after, sentence.end)};
  }

  [[nodiscard]] bool says_number(const Match& sentence, double number) const {
    for (const StatedValue& value : facts_.statements().claims_of(*statement_)) {
      if (value.token.kind == ValueKind::number && value.token.start >= sentence.start &&
          value.token.end <= sentence.end &&
          std::abs(value.token.number - number) <= value.token.precision / 2) {
        return true;
      }
    }
    return false;
  }

  /// Whether the number stands in a source under another name, too.
  [[nodiscard]] bool stands_elsewhere(double number, double slack, std::string_view key) const {
    for (const Ground& ground : facts_.grounds().range(number - slack, number + slack)) {
      if (ground.key != key && Grounds::is_before(ground.step, statement_->step)) {
        return true;
      }
    }
    return false;
  }

  void report(const Match& sentence,
              const NamedCell& key,
              const Cell& own,
              const RecordRef& other,
              const Cell& wrong) {
    const std::string_view name = text_.substr(key.start, key.end - key.start);
    const std::string title =
        fmt::format("{} is given {} {} of another record", name, own.key, shown(wrong.value));
    if (!titles_.insert(title).second) {
      return;  // repeated from where it first went wrong
    }
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, *statement_, "another row");
    finding.title = title;
    finding.explanation =
        fmt::format("{} gives {} the {} {}; by step {} it is {}, and {} belongs to another record.",
                    said::who(view_, *statement_),
                    name,
                    own.key,
                    shown(wrong.value),
                    view_.steps()[key.record.step].number,
                    shown(own.value),
                    shown(wrong.value));
    const auto here = quote(view_, {statement_->at.field, sentence.start, sentence.end});
    const auto there = quote(view_, {key.record.field, own.start, own.end});
    if (here && there) {
      findings_.push_back(
          prove(std::move(finding),
                Proof(*here).add(*there).add(quote(view_, {other.field, wrong.start, wrong.end}))));
    }
  }

  // --- the value of the opposite field -----------------------------------------------------------

  void check_opposites() {
    for (const DayToken& day : statement_->days) {
      if (day.start >= statement_->at.start) {
        check_day(day);
      }
    }
  }

  void check_day(const DayToken& day) {
    const std::optional<bool> ends = side_of(day.start);
    if (!ends) {
      return;
    }
    const Cell* wrong = nullptr;
    RecordRef record;
    for (const GroundDay& ground : facts_.grounds().days()) {
      if (!same_day(ground.day, day) || !Grounds::is_before(ground.step, statement_->step)) {
        continue;
      }
      const std::optional<std::pair<RecordRef, const Cell*>> cell = cell_at(ground);
      if (!cell) {
        return;  // said by the user, or in a text: it may be meant as it stands there
      }
      const std::optional<bool> field_ends = side_of_name(cell->second->key);
      if (!field_ends) {
        continue;  // another field that is of no side
      }
      if (*field_ends == *ends) {
        return;
      }
      wrong = cell->second;
      record = cell->first;
    }
    if (wrong != nullptr) {
      check_sibling(day, record, *wrong);
    }
  }

  /// The opposite field of the same record, if it says another day, which the sentence does not.
  void check_sibling(const DayToken& day, const RecordRef& record, const Cell& wrong) {
    const Match sentence = Statements::sentence_at(*statement_, day.start);
    for (const std::uint32_t i : mentions_.cells_of(record)) {
      const Cell& own = mentions_.cell(record, i);
      const bool opposite = are_opposite_names(own.key, wrong.key);
      const std::vector<DayToken> days = opposite ? find_days(own.value) : std::vector<DayToken>{};
      if (days.empty() || same_day(days.front(), day) || says_day(sentence, days.front())) {
        continue;
      }
      Finding finding =
          said::draft_claim(view_, kKind, Severity::critical, *statement_, "opposite field");
      finding.title = fmt::format("{} is taken for {}", wrong.key, own.key);
      if (!titles_.insert(finding.title).second) {
        return;
      }
      finding.explanation = fmt::format("{} gives {}, which step {} has as {}; its {} is {}.",
                                        said::who(view_, *statement_),
                                        shown(text_.substr(day.start, day.end - day.start)),
                                        view_.steps()[record.step].number,
                                        wrong.key,
                                        own.key,
                                        shown(own.value));
      const auto here = quote(view_, {statement_->at.field, sentence.start, sentence.end});
      const auto there = quote(view_, {record.field, own.start, own.end});
      if (here && there) {
        findings_.push_back(prove(
            std::move(finding),
            Proof(*here).add(*there).add(quote(view_, {record.field, wrong.start, wrong.end}))));
      }
      return;
    }
  }

  [[nodiscard]] bool says_day(const Match& sentence, const DayToken& wanted) const {
    return std::any_of(statement_->days.begin(), statement_->days.end(), [&](const DayToken& day) {
      return day.start >= sentence.start && day.end <= sentence.end && same_day(day, wanted);
    });
  }

  /// The cell of a result that a day stands in.
  [[nodiscard]] std::optional<std::pair<RecordRef, const Cell*>> cell_at(
      const GroundDay& ground) const {
    if (!ground.step || view_.field(ground.at.field).role != TextRole::result) {
      return std::nullopt;
    }
    const auto& cells = view_.records(ground.at.field).cells;
    const auto after = std::upper_bound(
        cells.begin(), cells.end(), ground.at.start, [](std::size_t byte, const Cell& cell) {
          return byte < cell.start;
        });
    if (after == cells.begin() || (after - 1)->end < ground.at.end ||
        (after - 1)->end - (after - 1)->start > 30) {
      return std::nullopt;
    }
    return std::pair{RecordRef{*ground.step, ground.at.field, (after - 1)->record}, &*(after - 1)};
  }

  /// Whether the words right before a day make it an end (true) or a begin (false).
  [[nodiscard]] std::optional<bool> side_of(std::size_t start) const {
    constexpr std::size_t kReach = 26;
    constexpr auto kEnds = std::to_array<std::string_view>({"by",
                                                            "until",
                                                            "till",
                                                            "last",
                                                            "latest",
                                                            "deadline",
                                                            "bis",
                                                            "spätestens",
                                                            "hasta",
                                                            "última",
                                                            "último",
                                                            "límite",
                                                            "jusqu"});
    constexpr auto kBegins = std::to_array<std::string_view>(
        {"from", "starting", "earliest", "since", "ab", "seit", "frühestens", "desde", "dès"});
    const Match sentence = Statements::sentence_at(*statement_, start);
    const std::size_t from = std::max(sentence.start, start < kReach ? 0 : start - kReach);
    std::string_view window = slice(from, start);
    const std::size_t stop = window.find_last_of(";,");
    if (stop != std::string_view::npos && window.size() - stop > 12) {
      window = window.substr(stop + 1);
    }
    const bool ends = has_any(window, kEnds);
    const bool begins = has_any(window, kBegins);
    return ends == begins ? std::nullopt : std::optional(ends);
  }

  static std::optional<bool> side_of_name(std::string_view key) {
    const Opposites& sides = kOpposites.front();
    for (const std::string& word : name_words(key)) {
      if (has_word(sides.one, word)) {
        return false;
      }
      if (has_word(sides.other, word) || word == "to" || word == "expires" || word == "due") {
        return true;
      }
    }
    return std::nullopt;
  }

  /// "pickup_from" and "pickup_until": opposite words, and the rest alike.
  static bool are_opposite_names(std::string_view a, std::string_view b) {
    const std::vector<std::string> x = name_words(a);
    const std::vector<std::string> y = name_words(b);
    if (x.size() != y.size()) {
      return false;
    }
    std::size_t opposite = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (x[i] == y[i]) {
        continue;
      }
      const bool fits = std::any_of(kOpposites.begin(), kOpposites.end(), [&](const Opposites& o) {
        const bool to = y[i] == "to" || x[i] == "to";
        return (has_word(o.one, x[i]) && (has_word(o.other, y[i]) || to)) ||
               (has_word(o.one, y[i]) && (has_word(o.other, x[i]) || to));
      });
      opposite += fits ? 1u : 100u;
    }
    return opposite == 1;
  }

  const Facts& facts_;
  const TraceView& view_;
  const Mentions& mentions_;
  const Statement* statement_ = nullptr;
  std::string_view text_;
  std::size_t sentences_ = 0;
  std::unordered_set<std::string> titles_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_misread_rows(const Facts& facts) { return RowCheck(facts).run(); }

}  // namespace infinium::maestro
