#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: something that a result holds and that matters is left out of what the agent says or
/// counts with. Source: loss of information in labelled agent failures.
/// How: (1) a rubric item that something is told, passed on or stated, whose words name a field of
/// a result or a sentence of one, while nothing said or handed over afterwards holds the field's
/// value or the sentence's words; (2) two lists that share a key and a quantity whose sums differ
/// for a key, while the agent says that they agree; (3) a quantity called available that is the
/// stock on hand of a record with a reserved part. Blind spots: facts in other words than the
/// result's; items of the rubric that only imply a fact.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "information.dropped",
    "Carry over what the results say of it before reporting.",
};
constexpr FindingKind kAgreeKind = {
    "claim.contradicts_result",
    "Compare the quantities key by key before saying that they agree.",
};

constexpr auto kTold = std::to_array<std::string_view>({"is told",
                                                        "are told",
                                                        "passed on",
                                                        "is informed",
                                                        "are informed",
                                                        "is reminded",
                                                        "wird mitgeteilt",
                                                        "wird informiert",
                                                        "wird gesagt",
                                                        "se informa",
                                                        "se comunica",
                                                        "se le dice",
                                                        "est informé",
                                                        "é informad",
                                                        "伝え",
                                                        "知らせ"});

constexpr auto kStopWords = std::to_array<std::string_view>(
    {"the",    "and",      "that",      "this",   "with",     "for",     "from",     "told",
     "passed", "informed", "mentioned", "stated", "named",    "patient", "customer", "client",
     "guest",  "user",     "shipper",   "reader", "whatever", "which",   "what",     "when",
     "where",  "will",     "has",       "have",   "her",      "his",     "their",    "its",
     "bring",  "correct",  "correctly", "right",  "reminded", "them",    "they",     "der",
     "die",    "das",      "und",       "wird",   "dem",      "den",     "kunde",    "patientin",
     "que",    "los",      "las",       "del",    "cliente",  "answer",  "report",   "message",
     "note",   "changes",  "change"});

std::vector<std::string> content_words(std::string_view text) {
  std::vector<std::string> words;
  for (const Word& word : find_words(text)) {
    std::string folded = fold_case(text.substr(word.start, word.end - word.start));
    const bool telling =
        folded.size() >= 4 &&
        std::find(kStopWords.begin(), kStopWords.end(), folded) == kStopWords.end();
    if (telling && words.size() < 40) {
      words.push_back(std::move(folded));
    }
  }
  return words;
}

bool shares_stem(std::string_view a, std::string_view b) {
  constexpr std::size_t kStem = 5;
  return a == b ||
         (a.size() >= kStem && b.size() >= kStem && a.substr(0, kStem) == b.substr(0, kStem));
}

class DroppedFacts {
 public:
  explicit DroppedFacts(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    for (const FieldId item : view_.rubric()) {
      if (is_told_item(item)) {
        check_told(item);
      }
    }
    check_agreement();
    check_available();
    return std::move(findings_);
  }

 private:
  // --- what is to be told

  [[nodiscard]] bool is_told_item(FieldId item) const {
    const std::string folded = fold_case(view_.field(item).text);
    return std::any_of(kTold.begin(), kTold.end(), [&folded](std::string_view word) {
      return folded.find(word) != std::string::npos;
    });
  }

  /// All that the agent said or handed over, lower case.
  [[nodiscard]] std::string told_by(std::size_t after) const {
    constexpr std::size_t kTextMax = 200'000;
    std::string told;
    for (const Statement& statement : facts_.statements().all()) {
      const bool aloud = statement.speaker != Speaker::thought;
      if (aloud && (!statement.step || *statement.step > after) && told.size() < kTextMax) {
        told += fold_case(view_.text(statement.at)) + '\n';
      }
    }
    return told;
  }

  void check_told(FieldId item) {
    const std::vector<std::string> words = content_words(view_.field(item).text);
    if (words.empty() || view_.fields_cut() > 0) {
      return;
    }
    for (const StepView& step : view_.steps()) {
      const bool answered = step.kind == StepKind::tool && step.output && !step.failed;
      if (!answered || !findings_.empty()) {
        continue;
      }
      if (!check_field(item, words, step)) {
        check_sentences(item, words, step);
      }
    }
  }

  /// A field whose name is made of words of the item.
  bool check_field(FieldId item, const std::vector<std::string>& words, const StepView& step) {
    for (const Cell& cell : view_.records(*step.output).cells) {
      const std::vector<std::string> parts = name_words(cell.key);
      const bool named = parts.size() >= 2 && cell.value.size() >= 3 &&
                         std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
                           return stands_in(words, view_.field(item).text, part);
                         });
      if (!named) {
        continue;
      }
      const std::string told = told_by(step.index);
      if (!is_in(told, cell) && std::none_of(parts.begin(), parts.end(), [&](const auto& part) {
            return part.size() >= 5 && told.find(part) != std::string::npos;
          })) {
        report(item, {*step.output, cell.start, cell.end}, step);
      }
      return true;
    }
    return false;
  }

  /// "cutoff" is the "cut-off" of the item.
  static bool stands_in(const std::vector<std::string>& words,
                        std::string_view item,
                        std::string_view part) {
    std::string joined;
    for (const char c : fold_case(item)) {
      joined += is_alnum(c) || c == ' ' || static_cast<unsigned char>(c) >= 0x80 ? std::string(1, c)
                                                                                 : std::string();
    }
    return std::any_of(words.begin(),
                       words.end(),
                       [part](const std::string& word) { return shares_stem(word, part); }) ||
           (part.size() >= 4 && find_folded(joined, part).has_value());
  }

  /// Whether the value of a cell is told, a day or a time in other words too.
  [[nodiscard]] bool is_in(const std::string& told, const Cell& cell) const {
    if (told.find(fold_case(cell.value)) != std::string::npos) {
      return true;
    }
    const std::vector<DayToken> days = find_days(cell.value);
    const std::vector<DayToken> said = find_days(told);
    return !days.empty() && std::any_of(said.begin(), said.end(), [&](const DayToken& day) {
      return same_day(day, days.front());
    });
  }

  /// A sentence of a text that holds the item's words, most of which are told nowhere.
  void check_sentences(FieldId item, const std::vector<std::string>& words, const StepView& step) {
    const std::string_view text = view_.field(*step.output).text;
    constexpr std::size_t kTextMax = 20'000;
    if (view_.records(*step.output).structured || text.size() > kTextMax || words.size() < 2) {
      return;
    }
    const std::string told = told_by(step.index);
    for (const Match& sentence : split_sentences(text, 0, text.size())) {
      const std::string folded =
          fold_case(text.substr(sentence.start, sentence.end - sentence.start));
      std::size_t held = 0;
      std::size_t untold = 0;
      for (const std::string& word : words) {
        const std::string_view stem = std::string_view(word).substr(0, 5);
        const bool holds = folded.find(stem) != std::string::npos;
        held += holds ? 1u : 0u;
        untold += holds && told.find(stem) == std::string::npos ? 1u : 0u;
      }
      if (held >= 2 && held * 3 >= words.size() * 2 && untold == held) {
        report(item, {*step.output, sentence.start, sentence.end}, step);
        return;
      }
    }
  }

  void report(FieldId item, const Span& source, const StepView& step) {
    Finding finding = draft(view_, kKind, Severity::critical, {}, "not told");
    finding.title = fmt::format("{} was found and is not told", shown(view_.text(source)));
    finding.explanation = fmt::format(
        "Step {} gives {}; nothing that was said or handed over afterwards holds it, "
        "and the task asks for it: {}.",
        step.number,
        shown(view_.text(source)),
        shown(view_.field(item).text));
    const auto there = quote(view_, source);
    const auto asked = quote(view_, {item, 0, prefix_of(view_.field(item).text, 300).size()});
    if (there && asked) {
      findings_.push_back(prove(std::move(finding), Proof(*there).add(*asked)));
    }
  }

  // --- "matches in full"

  /// Sums of one number by one key in one answer.
  struct Totals {
    std::size_t step = 0;
    std::map<std::string, std::pair<double, Span>> by_key;
  };

  void check_agreement() {
    constexpr auto kAgree = std::to_array<std::string_view>({"agrees with",
                                                             "agree with",
                                                             "matches",
                                                             "match ",
                                                             "no discrepanc",
                                                             "nothing had to be disputed",
                                                             "no difference",
                                                             "in full",
                                                             "reconcile",
                                                             "stimmt überein",
                                                             "stimmen überein",
                                                             "keine abweich",
                                                             "coincide",
                                                             "sin discrepanc",
                                                             "一致"});
    for (const Statement& statement : facts_.statements().all()) {
      if (statement.speaker != Speaker::output && statement.speaker != Speaker::speech) {
        continue;
      }
      for (const Match& sentence : statement.sentences) {
        const std::string folded =
            fold_case(view_.text({statement.at.field, sentence.start, sentence.end}));
        const bool agrees =
            std::any_of(kAgree.begin(), kAgree.end(), [&folded](std::string_view word) {
              return folded.find(word) != std::string::npos;
            });
        const bool limited = folded.find(" not ") != std::string::npos ||
                             folded.find("except") != std::string::npos ||
                             folded.find(" in price") != std::string::npos;
        if (agrees && !limited && check_totals(statement, sentence)) {
          return;
        }
      }
    }
  }

  bool check_totals(const Statement& statement, const Match& sentence) {
    std::map<std::pair<std::string, std::string>, std::vector<Totals>> tables;
    for (const StepView& step : view_.steps()) {
      const bool answered = step.kind == StepKind::tool && step.output && !step.failed &&
                            !step.changes_state && Grounds::is_before(step.index, statement.step);
      if (answered) {
        read_totals(step, tables);
      }
    }
    for (const auto& [keys, answers] : tables) {
      for (std::size_t i = 0; i < answers.size(); ++i) {
        for (std::size_t k = i + 1; k < answers.size() && k < i + 6; ++k) {
          if (differ(statement, sentence, keys, answers[i], answers[k])) {
            return true;
          }
        }
      }
    }
    return false;
  }

  void read_totals(
      const StepView& step,
      std::map<std::pair<std::string, std::string>, std::vector<Totals>>& tables) const {
    constexpr auto kQuantities = std::to_array<std::string_view>({"qty",
                                                                  "quantity",
                                                                  "count",
                                                                  "pieces",
                                                                  "units",
                                                                  "received",
                                                                  "menge",
                                                                  "anzahl",
                                                                  "stück",
                                                                  "cantidad",
                                                                  "quantité",
                                                                  "数量"});
    constexpr std::size_t kListMax = 200;
    const Records& records = view_.records(*step.output);
    std::map<std::pair<std::string, std::string>, Totals> found;
    for (const auto& list : records.lists) {
      for (std::size_t i = 0; i < std::min(list.size(), kListMax); ++i) {
        const RecordRef row{step.index, *step.output, list[i]};
        for (const std::uint32_t q : facts_.mentions().cells_of(row)) {
          const Cell& quantity = facts_.mentions().cell(row, q);
          if (!quantity.is_number ||
              std::find(kQuantities.begin(), kQuantities.end(), quantity.key) ==
                  kQuantities.end()) {
            continue;
          }
          for (const std::uint32_t k : facts_.mentions().cells_of(row)) {
            const Cell& key = facts_.mentions().cell(row, k);
            const bool names = k != q && key.value.size() <= 40 &&
                               (!key.is_number || key.key == "line" || key.key == "position");
            if (names) {
              Totals& totals = found[{key.key, quantity.key}];
              totals.step = step.index;
              auto& total = totals.by_key[key.value];
              total.first += quantity.number;
              total.second = {*step.output, quantity.start, quantity.end};
            }
          }
        }
      }
    }
    for (auto& [keys, totals] : found) {
      tables[keys].push_back(std::move(totals));
    }
  }

  bool differ(const Statement& statement,
              const Match& sentence,
              const std::pair<std::string, std::string>& keys,
              const Totals& a,
              const Totals& b) {
    for (const auto& [key, total] : a.by_key) {
      const auto other = b.by_key.find(key);
      if (other == b.by_key.end() || std::abs(total.first - other->second.first) < 1e-9 ||
          a.by_key.size() < 2) {
        continue;
      }
      Finding finding =
          said::draft_claim(view_, kAgreeKind, Severity::critical, statement, "agreement");
      finding.title = fmt::format(
          "{} {} differs: {} and {}", keys.first, key, total.first, other->second.first);
      finding.explanation =
          fmt::format("{} says {}; the {} of {} {} is {} in step {} and {} in step {}.",
                      said::who(view_, statement),
                      shown(view_.text({statement.at.field, sentence.start, sentence.end})),
                      keys.second,
                      keys.first,
                      key,
                      total.first,
                      view_.steps()[a.step].number,
                      other->second.first,
                      view_.steps()[b.step].number);
      const auto here = quote(view_, {statement.at.field, sentence.start, sentence.end});
      const auto there = quote(view_, total.second);
      if (here && there) {
        findings_.push_back(prove(
            std::move(finding), Proof(*here).add(*there).add(quote(view_, other->second.second))));
        return true;
      }
    }
    return false;
  }

  // --- "available is 860"

  void check_available() {
    constexpr auto kAvailable = std::to_array<std::string_view>(
        {"available", "verfügbar", "disponible", "disponibles", "free", "利用可能"});
    for (const Statement& statement : facts_.statements().all()) {
      const std::string_view text = view_.field(statement.at.field).text;
      for (const StatedValue& value : facts_.statements().claims_of(statement)) {
        if (value.token.kind != ValueKind::number || value.token.precision != 1) {
          continue;
        }
        const std::size_t from = std::max<std::size_t>(
            statement.at.start, value.at.start < 18 ? 0 : value.at.start - 18);
        const std::string before = fold_case(text.substr(from, value.at.start - from));
        const std::string after = fold_case(text.substr(value.at.end, 3));
        const bool available =
            std::any_of(kAvailable.begin(), kAvailable.end(), [&before](std::string_view word) {
              const std::size_t at = before.rfind(word);
              return at != std::string::npos && before.size() - at <= word.size() + 4;
            });
        // "available is 860 - 240": the rest is taken off right there.
        const bool on_hand =
            before.find('(') != std::string::npos ||
            fold_case(text.substr(value.at.end, 12)).find("on hand") != std::string::npos;
        if (available && !on_hand && after.find_first_of("-+") == std::string::npos) {
          check_stock(statement, value);
        }
      }
    }
  }

  void check_stock(const Statement& statement, const StatedValue& value) {
    constexpr auto kOnHand = std::to_array<std::string_view>(
        {"on_hand", "stock", "in_stock", "quantity", "bestand", "existencias", "total"});
    constexpr auto kReserved = std::to_array<std::string_view>(
        {"reserved", "allocated", "committed", "blocked", "reserviert", "reservado", "引当"});
    for (const Ground& ground : facts_.grounds().range(value.token.number, value.token.number)) {
      const bool on_hand = std::find(kOnHand.begin(), kOnHand.end(), ground.key) != kOnHand.end() &&
                           ground.step && Grounds::is_before(ground.step, statement.step);
      if (!on_hand) {
        continue;
      }
      const auto& cells = view_.records(ground.at.field).cells;
      const auto own = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) {
        return cell.start == ground.at.start;
      });
      const auto taken = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) {
        return own != cells.end() && cell.record == own->record && cell.is_number &&
               cell.number > 0 &&
               std::find(kReserved.begin(), kReserved.end(), cell.key) != kReserved.end();
      });
      const bool told =
          taken != cells.end() && says_number(statement, value.token.number - taken->number);
      if (taken != cells.end() && !told && findings_.size() < kFindingsOfDetectorMax) {
        report_stock(statement, value, ground, *taken);
        return;
      }
    }
  }

  [[nodiscard]] bool says_number(const Statement& statement, double number) const {
    const auto claims = facts_.statements().claims_of(statement);
    return std::any_of(claims.begin(), claims.end(), [number](const StatedValue& other) {
      return other.token.kind == ValueKind::number && other.token.number == number;
    });
  }

  void report_stock(const Statement& statement,
                    const StatedValue& value,
                    const Ground& ground,
                    const Cell& taken) {
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, statement, "reserved part");
    finding.title = fmt::format(
        "{} {} of {} are left out of account", taken.value, taken.key, view_.text(value.at));
    finding.explanation =
        fmt::format("{} calls {} available; step {} gives it as {}, of which {} are {}.",
                    said::who(view_, statement),
                    view_.text(value.at),
                    view_.steps()[*ground.step].number,
                    ground.key,
                    taken.value,
                    taken.key);
    const auto here = quote(view_, said::sentence_around(view_, statement, value.at));
    const auto there = quote(view_, {ground.at.field, taken.start, taken.end});
    if (here && there) {
      findings_.push_back(
          prove(std::move(finding), Proof(*here).add(*there).add(quote(view_, ground.at))));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_dropped_facts(const Facts& facts) {
  return DroppedFacts(facts).run();
}

}  // namespace infinium::maestro
