#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "maestro/findings/argument_mismatch.h"
#include "maestro/findings/draft.h"
#include "maestro/text.h"

/// Behaviour: a filter, an id or a key of a call is another than the one the user named (region
/// APAC where EMEA was asked for, order 1182 for 1128). Source: labelled failures of tool-using
/// agents, where a wrong argument is the commonest silent first error.
/// How: an argument that the request does not mention, in a slot for which the request does name a
/// value that no step ever uses. The slot is known by the column's values in any result, by the
/// slot's very name right beside the value in the request (a code in capitals, or a single name
/// after it), or by an id that differs in a digit or two. Blind spots: values that the user
/// describes in other words; slots whose name and values the trace never shows; a value used once
/// and then left; everyday words (`state` open where closed ones are spoken of), which mean too
/// many things.
namespace infinium::maestro {
namespace {

enum class Shape { none, digits, code, upper, capital, lower };

/// What kind of value a text looks like; `none` for what cannot be compared by looks.
Shape shape_of(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > 60) {
    return Shape::none;
  }
  const auto count = [text](auto test) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), test));
  };
  const std::size_t digits = count([](char c) { return is_digit(c); });
  const std::size_t upper = count([](char c) { return is_upper(c); });
  const std::size_t letters =
      count([](char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; });
  if (digits > 0 && letters == 0) {
    return digits == text.size() ? Shape::digits : Shape::none;
  }
  if (digits > 0) {
    return text.find(' ') == std::string_view::npos ? Shape::code : Shape::none;
  }
  if (letters == 0) {
    return Shape::none;
  }
  if (upper == letters && letters >= 2) {
    return Shape::upper;
  }
  return is_upper(text.front()) ? Shape::capital : Shape::lower;
}

/// Words of a slot's name that name no slot by themselves.
bool is_generic(std::string_view word) {
  constexpr auto kGeneric = std::to_array<std::string_view>(
      {"id",    "ids",   "name",  "no",     "number", "nr",  "key",   "value", "values", "code",
       "type",  "text",  "data",  "the",    "of",     "is",  "query", "sql",   "path",   "input",
       "args",  "json",  "from",  "to",     "by",     "for", "at",    "on",    "in",     "with",
       "until", "first", "last",  "full",   "new",    "old", "date",  "time",  "start",  "end",
       "begin", "after", "since", "before", "von",    "bis", "desde", "hasta", "user",   "amount"});
  return word.size() < 3 || std::find(kGeneric.begin(), kGeneric.end(), word) != kGeneric.end();
}

/// A value of the request that could have stood in a slot.
struct Rival {
  Span at;
  std::string text;
  bool strong = false;  ///< the slot is named beside it, or its looks leave no doubt
};

/// What the request could mean by a slot of one name; the same for every step that has the slot.
struct Slot {
  struct Mentioned {
    CellRef cell;
    Span at;
  };
  std::vector<std::size_t> named_at;  ///< words of the request that name the slot
  std::vector<Mentioned> domain;      ///< values of the slot's column that the request mentions
};

/// Reads slots once each, at most 300 of them.
class Slots {
 public:
  explicit Slots(const Facts& facts) : facts_(facts) {}

  const Slot& of(const std::string& key) {
    constexpr std::size_t kSlotsMax = 300;
    if (const auto known = slots_.find(key); known != slots_.end()) {
      return known->second;
    }
    return slots_.size() < kSlotsMax ? slots_.emplace(key, read(key)).first->second : none_;
  }

 private:
  [[nodiscard]] Slot read(const std::string& key) const {
    constexpr std::size_t kPlacesMax = 200;
    Slot slot;
    const auto words = facts_.request().words();
    for (const std::string& part : name_words(key)) {
      if (is_generic(part)) {
        continue;
      }
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].negated && slot.named_at.size() < kPlacesMax && words[i].text == part) {
          slot.named_at.push_back(i);
        }
      }
    }
    if (const Column* column = facts_.column(key)) {
      for (const CellRef& ref : column->cells) {
        const Cell& cell = facts_.cell(ref);
        if (cell.value.size() > 60 || (cell.is_number && cell.number < 10)) {
          continue;
        }
        const std::optional<Span> at = facts_.request().mentions(cell.value);
        if (at && slot.domain.size() < kPlacesMax) {
          slot.domain.push_back({ref, *at});
        }
      }
    }
    return slot;
  }

  const Facts& facts_;
  std::unordered_map<std::string, Slot> slots_;
  Slot none_;
};

class SlotCheck {
 public:
  SlotCheck(const Facts& facts, const Slot& slot, const StepView& step, const Argument& argument)
      : facts_(facts),
        slot_(slot),
        step_(step),
        argument_(argument),
        shape_(shape_of(argument.value)) {}

  std::optional<Rival> run() const {
    if (shape_ == Shape::none || argument_.value.size() > 60 || is_switch()) {
      return std::nullopt;
    }
    if (auto rival = by_neighbour()) {
      return rival;
    }
    if (auto rival = by_domain()) {
      return rival;
    }
    return by_looks();
  }

 private:
  [[nodiscard]] bool is_switch() const {
    const std::string value = fold_case(argument_.value);
    return value == "true" || value == "false" || value == "null" || value == "none" ||
           value == "yes" || value == "no" || value == "asc" || value == "desc";
  }

  [[nodiscard]] bool used(std::string_view text) const {
    return !facts_.uses(value_key(text)).empty();
  }

  [[nodiscard]] bool fits(std::string_view text) const {
    return shape_of(text) == shape_ && value_key(text) != value_key(argument_.value) &&
           !used(text) && !holds(text, argument_.value) && !holds(argument_.value, text);
  }

  /// "Hamburg" and "Hamburg-Altona" may be one.
  static bool holds(std::string_view text, std::string_view part) {
    return fold_case(text).find(fold_case(part)) != std::string::npos;
  }

  static bool is_one_word(std::string_view text) { return find_words(text).size() == 1; }

  /// Whether the slot holds one of a few classes, which people call by other words than systems do.
  [[nodiscard]] bool is_a_class() const {
    constexpr auto kClasses = std::to_array<std::string_view>(
        {"priority", "status",   "state",  "type", "kind",   "category", "language", "lang",
         "locale",   "severity", "level",  "mode", "reason", "format",   "stage",    "phase",
         "role",     "color",    "colour", "size", "topic",  "tone",     "style"});
    const std::vector<std::string> words = name_words(argument_.key);
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(kClasses.begin(), kClasses.end(), word) != kClasses.end();
    });
  }

  /// The slot's name in the request with a value of the same looks next to it.
  [[nodiscard]] std::optional<Rival> by_neighbour() const {
    const bool name = shape_ == Shape::capital && is_one_word(argument_.value) && !is_a_class();
    if (shape_ != Shape::upper && shape_ != Shape::code && !name) {
      return std::nullopt;
    }
    for (const std::size_t i : slot_.named_at) {
      for (const int offset : {1, -1}) {
        if (auto rival = neighbour(i, offset)) {
          return rival;
        }
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Rival> neighbour(std::size_t i, int offset) const {
    const auto words = facts_.request().words();
    const auto at = static_cast<std::ptrdiff_t>(i) + offset;
    if (at < 0 || at >= static_cast<std::ptrdiff_t>(words.size())) {
      return std::nullopt;
    }
    const RequestWord& word = words[static_cast<std::size_t>(at)];
    const RequestWord& name = words[i];
    if (word.at.field != name.at.field || word.negated) {
      return std::nullopt;
    }
    const std::string_view field = facts_.view().field(word.at.field).text;
    const std::size_t from = std::min(word.at.end, name.at.end);
    const std::size_t to = std::max(word.at.start, name.at.start);
    if (field.substr(from, to - from).find_first_of(".;!?\n") != std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view text = facts_.view().text(word.at);
    // A city may be written in another language, a class may have another word.
    const bool loose = offset != 1 && (is_a_place() || !is_said_twice(word.text, name.text));
    const bool may_be_the_same =
        shape_ == Shape::capital && (loose || !is_one_word(text) ||
                                     fold_case(text).front() == fold_case(argument_.value).front());
    if (!fits(text) || may_be_the_same) {
      return std::nullopt;
    }
    return Rival{word.at, std::string(text), true};
  }

  [[nodiscard]] bool is_a_place() const {
    constexpr auto kPlaces = std::to_array<std::string_view>(
        {"city",   "town",    "country", "region", "place",    "location", "destination",
         "origin", "airport", "station", "port",   "language", "stadt",    "land",
         "ort",    "ciudad",  "país",    "lugar",  "ville",    "pays"});
    const std::vector<std::string> words = name_words(argument_.key);
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(kPlaces.begin(), kPlaces.end(), word) != kPlaces.end();
    });
  }

  /// "the Legal department", in the user's words and in the rubric: no adjective by chance.
  [[nodiscard]] bool is_said_twice(std::string_view value, std::string_view slot) const {
    const auto words = facts_.request().words();
    std::optional<FieldId> first;
    for (const std::size_t i : slot_.named_at) {
      if (i == 0 || words[i].text != slot || words[i - 1].text != value || words[i - 1].negated ||
          words[i - 1].at.field != words[i].at.field) {
        continue;
      }
      if (first && *first != words[i].at.field) {
        return true;
      }
      first = words[i].at.field;
    }
    return false;
  }

  /// Another value of the same column, as results show it, that the request mentions.
  [[nodiscard]] std::optional<Rival> by_domain() const {
    if (shape_ == Shape::lower) {
      return std::nullopt;
    }
    std::optional<Rival> found;
    std::uint64_t found_key = 0;
    for (const Slot::Mentioned& mentioned : slot_.domain) {
      const Cell& cell = facts_.cell(mentioned.cell);
      const bool counts = shape_ == Shape::digits && !names_an_id() && !names_a_year();
      if (!fits(cell.value) || counts) {
        continue;
      }
      const std::uint64_t key = value_key(cell.value);
      if (found && key != found_key) {
        return std::nullopt;  // the request names several: which one was meant is open
      }
      found_key = key;
      found = Rival{mentioned.at, cell.value, shape_ != Shape::capital};
    }
    return found;
  }

  /// An id of the request that differs by a digit or two, or by two that changed places.
  [[nodiscard]] std::optional<Rival> by_looks() const {
    if ((shape_ != Shape::digits && shape_ != Shape::code) || argument_.value.size() < 4) {
      return std::nullopt;
    }
    constexpr std::size_t kValuesMax = 500;
    const auto values = facts_.request().values();
    for (const RequestValue& value : values.first(std::min(kValuesMax, values.size()))) {
      const bool id =
          value.token.kind == ValueKind::identifier || value.token.kind == ValueKind::number;
      std::string_view text = facts_.view().text(value.at());
      while (text.starts_with('#')) {
        text.remove_prefix(1);
      }
      const bool same_slot = id && !value.negated && shape_of(text) == shape_;
      const bool years = is_year(text) && is_year(argument_.value) && names_a_year();
      if (same_slot && years && fits(text) && !speaks_of_other_years()) {
        return Rival{value.at(), std::string(text), true};
      }
      if (!same_slot || !close(text, argument_.value) || used_later(text) ||
          (used(text) && is_given())) {
        continue;
      }
      // A bare number may count something; an id is looked up by a slot that says so.
      const bool says_id = value.token.kind == ValueKind::identifier || names_an_id();
      if (says_id) {
        return Rival{value.at(), std::string(text), true};
      }
    }
    return std::nullopt;
  }

  /// Whether a step after this one uses the value: the slip was put right.
  [[nodiscard]] bool used_later(std::string_view text) const {
    const auto uses = facts_.uses(value_key(text));
    return std::any_of(
        uses.begin(), uses.end(), [this](const Use& use) { return use.step > step_.index; });
  }

  /// Whether a source before this step holds the argument.
  [[nodiscard]] bool is_given() const {
    return facts_.sources().find(value_key(argument_.value), step_.index) != nullptr;
  }

  [[nodiscard]] bool speaks_of_other_years() const {
    return facts_.request().says_any(
        {"prior",        "previous",  "last",     "past",    "since",      "next",  "before",
         "year-on-year", "yoy",       "compared", "compare", "growth",     "trend", "history",
         "vorjahr",      "vergleich", "anterior", "pasado",  "précédente", "前年",  "去年"});
  }

  static bool is_year(std::string_view text) {
    return text.size() == 4 && (text.starts_with("19") || text.starts_with("20"));
  }

  [[nodiscard]] bool names_a_year() const {
    const std::vector<std::string> words = name_words(argument_.key);
    return std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word == "year" || word == "jahr" || word == "año" || word == "fy" || word == "yr";
    });
  }

  [[nodiscard]] bool names_an_id() const {
    constexpr auto kIds = std::to_array<std::string_view>(
        {"id", "no", "number", "nr", "code", "ref", "sku", "reference"});
    const std::vector<std::string> words = name_words(argument_.key);
    const bool bare = words.size() == 1 && (words[0] == "order" || words[0] == "account");
    return bare ||
           (!words.empty() && std::find(kIds.begin(), kIds.end(), words.back()) != kIds.end());
  }

  static bool close(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
      return false;
    }
    std::size_t differing = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      differing += a[i] != b[i] ? 1u : 0u;
    }
    std::string sorted_a(a);
    std::string sorted_b(b);
    std::sort(sorted_a.begin(), sorted_a.end());
    std::sort(sorted_b.begin(), sorted_b.end());
    return differing == 1 || (differing == 2 && sorted_a == sorted_b);
  }

  const Facts& facts_;
  const Slot& slot_;
  const StepView& step_;
  const Argument& argument_;
  Shape shape_;
};

constexpr FindingKind kKind = {
    "argument.mismatch",
    "Pass the value that the user named, and check it before the call.",
};

bool is_from_answer(const Facts& facts, const StepView& step, const Argument& argument) {
  const auto index = static_cast<std::size_t>(&argument - step.arguments.data());
  return facts.origins().of(step.index)[index].origin == Origin::result;
}

bool may_filter(const Argument& argument) {
  return argument.op != "select" && argument.op != "from" && argument.op != "limit" &&
         argument.op != "!=" && !argument.value.empty() && !argument.key.empty();
}

}  // namespace

std::vector<ProvenFinding> find_slot_mismatches(const Facts& facts) {
  std::vector<ProvenFinding> findings;
  const TraceView& view = facts.view();
  Slots slots(facts);
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    for (const Argument& argument : step.arguments) {
      // A value that an answer gave is a choice among rows: wrong_rows.cpp judges that.
      if (!may_filter(argument) || facts.request().mentions(argument.value) ||
          is_from_answer(facts, step, argument)) {
        continue;
      }
      const std::optional<Rival> rival =
          SlotCheck(facts, slots.of(argument.key), step, argument).run();
      if (!rival) {
        continue;
      }
      const bool given = facts.sources().find(value_key(argument.value), step.index) != nullptr;
      // Standing rules name values as examples.
      const bool rule =
          view.field(rival->at.field).path.starts_with("expected_outcome.constraints");
      const Severity severity =
          rival->strong && !given && !rule ? Severity::critical : Severity::warning;
      Finding finding = draft(
          view, kKind, severity, std::array{step.index}, fmt::format("slot {}", argument.key));
      finding.title = fmt::format("{} used {} {} where {} was asked for",
                                  name_of(step),
                                  argument.key,
                                  shown(argument.value),
                                  shown(rival->text));
      finding.explanation =
          fmt::format("Step {} took {} {}; the user asked for {}, which no step ever uses.",
                      step.number,
                      argument.key,
                      shown(argument.value),
                      shown(rival->text));
      const auto here = quote(view, argument.at);
      const auto there = quote(view, rival->at);
      if (here && there) {
        findings.push_back(prove(std::move(finding), Proof(*here).add(*there)));
        break;
      }
    }
  }
  return findings;
}

}  // namespace infinium::maestro
