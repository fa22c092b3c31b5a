#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_set>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/invented_moments.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"

/// Behaviour: the agent hands over a day, a time of day, a label, a quotation, a price of something
/// or the name of a person that nothing it was given holds. Source: invention of information in
/// labelled agent failures.
/// How: days and times of day by invented_moments.cpp; short labels after a word for what they
/// label ("gate B42"); quotations of five words and more where the request or the sentence says
/// that they are quoted; amounts of a thing that no source names; two capitalised words of which no
/// source knows either, where the sentence speaks of a role ("approve") whose holder the results
/// name otherwise. Only what is handed over is looked at: the output, and texts given to tools that
/// deliver them. Blind spots: nothing is said while any source is cut, or if no tool was used.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "ungrounded.value",
    "Give only values that a source of this run shows, and cite it.",
};
constexpr FindingKind kNameKind = {
    "claim.contradicts_result",
    "Copy the name from the result.",
};

std::string lower(std::string_view text) { return fold_case(text); }

class InventionCheck {
 public:
  explicit InventionCheck(const Facts& facts)
      : facts_(facts), view_(facts.view()), said_(facts.statements()), grounds_(facts.grounds()) {}

  std::vector<ProvenFinding> run() {
    const bool used_tools =
        std::any_of(view_.steps().begin(), view_.steps().end(), [](const auto& step) {
          return step.kind == StepKind::tool && step.output.has_value();
        });
    if (!used_tools || grounds_.incomplete()) {
      return {};
    }
    for (const Statement& statement : said_.all()) {
      const bool handed_over =
          statement.speaker == Speaker::output || statement.speaker == Speaker::argument;
      if (!handed_over || findings_.size() >= kFindingsOfDetectorMax) {
        continue;
      }
      statement_ = &statement;
      text_ = view_.field(statement.at.field).text;
      check_labels();
      check_quotes();
      check_prices();
      if (statement.speaker == Speaker::output) {
        check_names();
      }
    }
    return std::move(findings_);
  }

 private:
  [[nodiscard]] std::string_view slice(std::size_t from, std::size_t to) const {
    return to > from ? text_.substr(from, to - from) : std::string_view{};
  }
  [[nodiscard]] Grounds::Before before() const { return statement_->step; }

  // --- "gate B42"

  void check_labels() {
    constexpr auto kLabels = std::to_array<std::string_view>(
        {"gate",  "room",  "seat",  "platform", "bay",     "locker", "desk",      "zone",   "code",
         "table", "cabin", "aisle", "shelf",    "dock",    "suite",  "raum",      "zimmer", "gleis",
         "platz", "tor",   "sala",  "puerta",   "asiento", "andén",  "habitación"});
    for (const StatedValue& value : said_.claims_of(*statement_)) {
      const std::string_view text = view_.text(value.at);
      if (value.token.kind != ValueKind::identifier || text.size() < 2 || text.size() > 4) {
        continue;
      }
      const std::size_t from = value.at.start < 14 ? 0 : value.at.start - 14;
      const std::string head = lower(slice(std::max(from, statement_->at.start), value.at.start));
      const std::vector<Word> words = find_words(head);
      const bool labelled =
          !words.empty() && std::find(kLabels.begin(),
                                      kLabels.end(),
                                      std::string_view(head).substr(
                                          words.back().start,
                                          words.back().end - words.back().start)) != kLabels.end();
      if (labelled && !grounds_.holds_text(text, before()) &&
          told_.insert("l" + lower(text)).second) {
        report(value.at, Severity::warning, "label");
      }
    }
  }

  // --- quotations

  void check_quotes() {
    constexpr std::size_t kWordsMin = 5;
    for (const StatedValue& value : said_.claims_of(*statement_)) {
      const std::string_view text = view_.text(value.at);
      const bool whole =
          value.at.end - value.at.start + 2 >= statement_->at.end - statement_->at.start;
      if (value.token.kind != ValueKind::quoted || whole || count_words(text) < kWordsMin ||
          !is_attributed(value) || is_said_anywhere(text)) {
        continue;
      }
      if (told_.insert("q" + lower(text)).second) {
        report(value.at, Severity::warning, "quotation");
      }
    }
  }

  /// Whether the words are given as somebody's: the request asks for a quotation, or a verb of
  /// saying stands beside them.
  [[nodiscard]] bool is_attributed(const StatedValue& value) const {
    constexpr auto kSaid = std::to_array<std::string_view>({" said",
                                                            " says",
                                                            " wrote",
                                                            " writes",
                                                            "according to",
                                                            "in the words of",
                                                            "schreibt",
                                                            "sagt",
                                                            "laut ",
                                                            "dice ",
                                                            "dijo",
                                                            "escribió",
                                                            "según",
                                                            "una voz",
                                                            "a dit",
                                                            "と述べ",
                                                            "によると"});
    const bool asked = facts_.request().says_any({"quote",
                                                  "quotation",
                                                  "verbatim",
                                                  "zitat",
                                                  "wörtlich",
                                                  "cita",
                                                  "textual",
                                                  "citation",
                                                  "引用"});
    const Match sentence = Statements::sentence_at(*statement_, value.at.start);
    const std::string around = lower(slice(sentence.start, sentence.end));
    return asked || std::any_of(kSaid.begin(), kSaid.end(), [&around](std::string_view word) {
             return around.find(word) != std::string::npos;
           });
  }

  /// Whether the words, marks aside, stand in a source, or in what the agent wrote before.
  [[nodiscard]] bool is_said_anywhere(std::string_view text) const {
    const std::vector<Word> words = find_words(text);
    const std::string_view core =
        text.substr(words.front().start, words.back().end - words.front().start);
    if (grounds_.holds_text(core, before())) {
      return true;
    }
    for (const Statement& other : said_.all()) {
      const bool earlier = other.speaker != Speaker::output && &other != statement_;
      const std::string_view said = view_.text(other.at);
      if (earlier && said.find(core) != std::string_view::npos) {
        return true;
      }
    }
    // An ellipsis or a cut: the first four words are enough.
    constexpr std::size_t kFew = 4;
    return words.size() > kFew &&
           grounds_.holds_text(text.substr(words[0].start, words[kFew - 1].end - words[0].start),
                               before());
  }

  // --- "the day ticket is 9 euros"

  void check_prices() {
    for (const StatedValue& value : said_.claims_of(*statement_)) {
      const ValueToken& token = value.token;
      const bool amount = token.kind == ValueKind::number &&
                          (token.unit == Unit::money || token.unit == Unit::money_minor) &&
                          token.number > 0;
      const auto index = static_cast<std::size_t>(&value - said_.claims().data());
      const Standing& first = facts_.ledger().standings()[facts_.ledger().standings()[index].first];
      if (!amount || stands_as_amount(token) || first.footing == Footing::derived) {
        continue;
      }
      const std::string subject = subject_before(value);
      const bool known =
          subject.empty() || grounds_.holds_text(subject, before()) || is_in_earlier_words(subject);
      if (!known && told_.insert("p" + lower(view_.text(value.at))).second) {
        report(said::sentence_around(view_, *statement_, value.at), Severity::warning, "price");
      }
    }
  }

  [[nodiscard]] bool stands_as_amount(const ValueToken& token) const {
    for (const double scale : {1.0, 100.0}) {
      const double slack = token.precision * scale / 2;
      for (const Ground& ground :
           grounds_.range(token.number * scale - slack, token.number * scale + slack)) {
        if (Grounds::is_before(ground.step, before())) {
          return true;
        }
      }
    }
    return false;
  }

  /// The noun of "the <noun> is 9 euros" and "<noun>: 9 €"; empty if the words are others.
  [[nodiscard]] std::string subject_before(const StatedValue& value) const {
    constexpr auto kLinks = std::to_array<std::string_view>({"is",
                                                             "are",
                                                             "costs",
                                                             "cost",
                                                             "kostet",
                                                             "kosten",
                                                             "ist",
                                                             "beträgt",
                                                             "cuesta",
                                                             "cuestan",
                                                             "es",
                                                             "vale",
                                                             "coûte",
                                                             "は"});
    constexpr std::size_t kReach = 40;
    const Match sentence = Statements::sentence_at(*statement_, value.at.start);
    const std::size_t from =
        std::max(sentence.start, value.at.start < kReach ? 0 : value.at.start - kReach);
    const std::string head = lower(slice(from, value.at.start));
    std::vector<Word> words = find_words(head);
    const auto word = [&](std::size_t i) {
      return std::string_view(head).substr(words[i].start, words[i].end - words[i].start);
    };
    while (!words.empty() && currency_of_word(word(words.size() - 1)) != Currency::any) {
      words.pop_back();
    }
    const bool linked =
        words.size() >= 2 &&
        std::find(kLinks.begin(), kLinks.end(), word(words.size() - 1)) != kLinks.end();
    constexpr auto kNoThings = std::to_array<std::string_view>(
        {"which", "that", "this",     "there",      "these", "those", "total",
         "price", "rest", "together", "difference", "what",  "here",  "dies",
         "summe", "rest", "preis",    "total",      "esto",  "precio"});
    if (!linked || word(words.size() - 2).size() < 4 ||
        std::find(kNoThings.begin(), kNoThings.end(), word(words.size() - 2)) != kNoThings.end()) {
      return {};
    }
    return std::string(word(words.size() - 2));
  }

  /// Whether another statement of the agent before uses the word: then it is told where it first
  /// stands.
  [[nodiscard]] bool is_in_earlier_words(const std::string& word) const {
    for (const Statement& other : said_.all()) {
      if (&other == statement_) {
        return false;
      }
      const bool thought = other.speaker == Speaker::thought || other.speaker == Speaker::speech;
      if (thought && lower(view_.text(other.at)).find(word) != std::string::npos) {
        return false;  // the same invention, told aloud before: still one
      }
    }
    return false;
  }

  // --- "Gordon Pryce still has to approve it"

  void check_names() {
    // German writes every noun with a capital.
    for (const std::string_view word : {" und ", " der ", " ist ", " für "}) {
      if (text_.find(word) != std::string_view::npos) {
        return;
      }
    }
    for (const Match& sentence : statement_->sentences) {
      const std::string_view said = slice(sentence.start, sentence.end);
      const std::vector<Word> words = find_words(said);
      for (std::size_t i = 0; i + 1 < words.size() && words.size() < 200; ++i) {
        const std::string_view first = said.substr(words[i].start, words[i].end - words[i].start);
        const std::string_view last =
            said.substr(words[i + 1].start, words[i + 1].end - words[i + 1].start);
        const bool beside = words[i + 1].start == words[i].end + 1 && said[words[i].end] == ' ';
        if (!beside || !is_name_word(first) || !is_name_word(last) ||
            grounds_.holds_text(first, std::nullopt) || grounds_.holds_text(last, std::nullopt)) {
          continue;
        }
        check_name(sentence,
                   {statement_->at.field,
                    sentence.start + words[i].start,
                    sentence.start + words[i + 1].end});
      }
    }
  }

  static bool is_name_word(std::string_view word) {
    return word.size() >= 3 && is_upper(word.front()) &&
           std::all_of(word.begin() + 1, word.end(), [](char c) {
             return is_lower(c) || static_cast<unsigned char>(c) >= 0x80;
           });
  }

  /// A role of a result whose word the sentence uses and whose holder the output does not name.
  void check_name(const Match& sentence, const Span& name) {
    const std::string around = lower(slice(sentence.start, sentence.end));
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool || !step.output) {
        continue;
      }
      const auto& cells = view_.records(*step.output).cells;
      for (std::size_t i = 0; i < cells.size() && i < 2'000; ++i) {
        if (!is_person(cells[i]) || find_folded(text_, lower(cells[i].value))) {
          continue;
        }
        if (speaks_of_role(around, view_.field(*step.output).text, cells[i])) {
          report_name(name, sentence, {*step.output, cells[i].start, cells[i].end});
          return;
        }
      }
    }
  }

  static bool is_person(const Cell& cell) {
    const std::vector<Word> words = find_words(cell.value);
    return words.size() >= 2 && words.size() <= 3 && cell.value.size() <= 40 &&
           std::all_of(words.begin(), words.end(), [&](const Word& word) {
             return is_upper(cell.value[word.start]);
           });
  }

  /// Whether a name of the cell, or of the object it stands in ("approver": {"name": …}), shares a
  /// stem with a word of the sentence.
  static bool speaks_of_role(std::string_view sentence, std::string_view text, const Cell& cell) {
    constexpr std::size_t kReach = 80;
    constexpr std::size_t kStem = 6;
    const std::size_t from = cell.start < kReach ? 0 : cell.start - kReach;
    const std::string around = lower(text.substr(from, cell.start - from));
    for (const Word& word : find_words(around)) {
      const std::string_view key =
          std::string_view(around).substr(word.start, word.end - word.start);
      const bool is_key =
          word.end + 1 < around.size() && around[word.end] == '"' && around[word.end + 1] == ':';
      if (is_key && key.size() >= kStem &&
          sentence.find(key.substr(0, kStem)) != std::string_view::npos) {
        return true;
      }
    }
    return false;
  }

  void report_name(const Span& name, const Match& sentence, const Span& holder) {
    Finding finding = said::draft_claim(view_, kNameKind, Severity::critical, *statement_, "name");
    finding.title = fmt::format("{} stands in no source", shown(view_.text(name)));
    finding.explanation = fmt::format("{} names {}; the result names {}.",
                                      said::who(view_, *statement_),
                                      shown(view_.text(name)),
                                      shown(view_.text(holder)));
    const auto here = quote(view_, {statement_->at.field, sentence.start, sentence.end});
    const auto there = quote(view_, holder);
    if (here && there && findings_.size() < kFindingsOfDetectorMax) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  void report(const Span& at, Severity severity, std::string_view value_free) {
    if (findings_.size() >= kFindingsOfDetectorMax || said::is_question(view_, *statement_, at)) {
      return;
    }
    if (auto finding = said::groundless(view_, kKind, severity, *statement_, at, value_free)) {
      findings_.push_back(std::move(*finding));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  const Statements& said_;
  const Grounds& grounds_;
  const Statement* statement_ = nullptr;
  std::string_view text_;
  std::unordered_set<std::string> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_invented_words(const Facts& facts) {
  std::vector<ProvenFinding> findings = find_invented_moments(facts);
  for (ProvenFinding& finding : InventionCheck(facts).run()) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace infinium::maestro
