#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "maestro/facts_claims.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/said.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"

/// Behaviour: the run stops before the work is done, seen from what it read and what it reports: a
/// list of several pages of which not all were read though all of it matters; a least amount that
/// was asked for and a total below it; "everything you asked for" though a deed that the request
/// names was never done. Source: premature termination of the published failure taxonomy.
/// How: fields and words of paging ("page": 1, "pages": 2; has_more; "page 1 of 2") whose tool is
/// not called again, while the request asks for all, a total, a comparison or a best one and names
/// no row of the page read; "at least 150 GB" beside figures of that unit in the output, all below
/// it and one a total; a claim of completeness and a deed of the request of which no tool's name or
/// argument, nor the output, speaks.
/// Blind spots: paging that no field or word tells; amounts without a unit.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "run.ended_early",
    "Read on until the answer says that there is no more, and compare the result with what was "
    "asked for before reporting.",
};

/// What an answer says of its pages.
struct Paging {
  Span at;
  bool more = false;
};

bool is_true(std::string_view value) { return value == "true" || value == "True"; }
bool is_none(std::string_view value) {
  return value.empty() || value == "null" || value == "None" || value == "false" ||
         value == "False" || value == "0";
}

class UnfinishedCheck {
 public:
  explicit UnfinishedCheck(const Facts& facts) : facts_(facts), view_(facts.view()) {}

  std::vector<ProvenFinding> run() {
    check_pages();
    if (facts_.statements().output() != nullptr) {
      if (!admission(view_)) {
        check_least_amounts();
      }
      check_deeds();
    }
    return std::move(findings_);
  }

 private:
  // --- pages

  void check_pages() {
    if (!wants_all()) {
      return;
    }
    for (const StepView& step : view_.steps()) {
      const bool answered = step.kind == StepKind::tool && step.output && !step.failed;
      if (!answered || findings_.size() >= 3) {
        continue;
      }
      const std::optional<Paging> paging = paging_of(*step.output);
      if (!paging || !paging->more || is_read_on(step) || is_named(step)) {
        continue;
      }
      if (const auto user = first_use(step)) {
        report_pages(step, *paging, *user);
      }
    }
  }

  [[nodiscard]] bool wants_all() const {
    return facts_.request().says_any(
        {"all",   "every",    "each",       "total",    "totals",     "sum",       "exactly",
         "list",  "how many", "compare",    "cheapest", "lowest",     "highest",   "largest",
         "best",  "earliest", "latest",     "nearest",  "whatever",   "missing",   "alle",
         "jede",  "jeden",    "sämtliche",  "summe",    "günstigste", "billigste", "todos",
         "todas", "cada",     "más barato", "tous",     "toutes",     "chaque",    "すべて",
         "全て",  "合計",     "一覧",       "最安"});
  }

  [[nodiscard]] std::optional<Paging> paging_of(FieldId field) const {
    const auto& cells = view_.records(field).cells;
    const Cell* page = nullptr;
    const Cell* pages = nullptr;
    for (const Cell& cell : cells) {
      constexpr auto kMore =
          std::to_array<std::string_view>({"has_more", "hasmore", "more", "has_next"});
      constexpr auto kNext = std::to_array<std::string_view>({"next_page",
                                                              "next_cursor",
                                                              "next_token",
                                                              "nextpagetoken",
                                                              "next_page_token",
                                                              "cursor_next"});
      constexpr auto kPages = std::to_array<std::string_view>(
          {"pages", "of", "total_pages", "page_count", "totalpages", "seiten", "páginas"});
      const auto is = [&cell](const auto& keys) {
        return std::find(keys.begin(), keys.end(), cell.key) != keys.end();
      };
      if (is(kMore)) {
        return Paging{{field, cell.start, cell.end}, is_true(cell.value)};
      }
      if (is(kNext)) {
        return Paging{{field, cell.start, cell.end}, !is_none(cell.value)};
      }
      const bool numbered = cell.is_number && cell.number >= 1 && cell.number < 1'000;
      page = numbered && (cell.key == "page" || cell.key == "seite" || cell.key == "página") ? &cell
                                                                                             : page;
      pages = numbered && is(kPages) ? &cell : pages;
    }
    if (page != nullptr && pages != nullptr && page->record == pages->record) {
      return Paging{{field, std::min(page->start, pages->start), std::max(page->end, pages->end)},
                    page->number < pages->number};
    }
    return paging_in_words(field);
  }

  /// "page 1 of 2", "Seite 1 von 3", "página 1 de 4".
  [[nodiscard]] std::optional<Paging> paging_in_words(FieldId field) const {
    constexpr std::size_t kTextMax = 40'000;
    const std::string_view text = prefix_of(view_.field(field).text, kTextMax);
    const std::string folded = fold_case(text);
    if (folded.size() != text.size()) {
      return std::nullopt;
    }
    for (const std::string_view word : {"page ", "seite ", "página "}) {
      for (std::size_t at = folded.rfind(word); at != std::string::npos;
           at = at == 0 ? std::string::npos : folded.rfind(word, at - 1)) {
        const std::size_t digits = digits_at(folded, at + word.size());
        std::size_t end = at + word.size() + digits;
        for (const std::string_view of : {" of ", " von ", " de "}) {
          const std::string_view rest = std::string_view(folded).substr(end);
          const std::size_t total = rest.starts_with(of) ? digits_at(rest, of.size()) : 0;
          if (digits > 0 && digits < 4 && total > 0 && total < 4) {
            return Paging{{field, at, end + of.size() + total},
                          to_int(folded.substr(at + word.size(), digits)) <
                              to_int(rest.substr(of.size(), total))};
          }
        }
        break;
      }
    }
    return std::nullopt;
  }

  /// Whether the tool is called again with other arguments, or with the same after it said more.
  [[nodiscard]] bool is_read_on(const StepView& step) const {
    const auto later = view_.steps().subspan(step.index + 1);
    return std::any_of(later.begin(), later.end(), [&](const StepView& other) {
      return other.kind == StepKind::tool && other.tool == step.tool &&
             other.arguments_hash != step.arguments_hash;
    });
  }

  /// Whether the request names a row of the page: then it was looked for, and found.
  [[nodiscard]] bool is_named(const StepView& step) const {
    const Records& records = view_.records(*step.output);
    std::size_t examined = 0;
    for (const Cell& cell : records.cells) {
      const bool in_list =
          std::any_of(records.lists.begin(), records.lists.end(), [&](const auto& list) {
            return list.size() > 1 &&
                   std::find(list.begin(), list.end(), cell.record) != list.end();
          });
      const bool telling = cell.value.size() >= 4 && !cell.is_number && ++examined < 500;
      if (in_list && telling && facts_.request().mention(cell.value)) {
        return true;
      }
    }
    return false;
  }

  /// The first later step that says something, acts or hands over; nothing if none does.
  [[nodiscard]] std::optional<std::size_t> first_use(const StepView& step) const {
    for (const StepView& later : view_.steps().subspan(step.index + 1)) {
      if (later.kind == StepKind::decision || later.kind == StepKind::llm ||
          later.kind == StepKind::message || later.changes_state) {
        return later.index;
      }
    }
    return std::nullopt;
  }

  void report_pages(const StepView& step, const Paging& paging, std::size_t user) {
    const std::vector<std::size_t> steps = {user, step.index};
    Finding finding = draft(view_, kKind, Severity::critical, steps, "pages");
    finding.title = fmt::format("Only a part of what step {} lists was read", step.number);
    finding.explanation = fmt::format(
        "The answer of step {} says {}, the tool was not asked for the rest, and step {} goes on "
        "as if it were all.",
        step.number,
        shown(view_.text(paging.at)),
        view_.steps()[user].number);
    if (const auto proof = quote(view_, paging.at)) {
      findings_.push_back(prove(std::move(finding), *proof));
    }
  }

  // --- "at least 150 GB"

  void check_least_amounts() {
    for (const RequestValue& value : facts_.request().values()) {
      const ValueToken& token = value.token;
      const bool amount = token.kind == ValueKind::number && scale_of(token.unit).dimension > 0 &&
                          token.unit != Unit::percent && token.number > 0 && !value.negated;
      if (amount && is_least(value)) {
        check_least(value);
      }
    }
  }

  [[nodiscard]] bool is_least(const RequestValue& value) const {
    constexpr auto kBefore = std::to_array<std::string_view>({"at least ",
                                                              "minimum of ",
                                                              "no less than ",
                                                              "not less than ",
                                                              "mindestens ",
                                                              "al menos ",
                                                              "como mínimo ",
                                                              "au moins ",
                                                              "pelo menos "});
    constexpr auto kAfter = std::to_array<std::string_view>(
        {"or more", "or above", "oder mehr", "o más", "ou plus", "以上"});
    const std::string_view text = view_.field(value.field).text;
    const std::size_t from = value.token.start < 20 ? 0 : value.token.start - 20;
    const std::string before = fold_case(text.substr(from, value.token.start - from));
    const std::string after = fold_case(text.substr(value.token.end, 16));
    return std::any_of(
               kBefore.begin(),
               kBefore.end(),
               [&](std::string_view word) { return before.find(word) != std::string::npos; }) ||
           std::any_of(kAfter.begin(), kAfter.end(), [&](std::string_view word) {
             return after.find(word) != std::string::npos;
           });
  }

  void check_least(const RequestValue& least) {
    const Statement& output = *facts_.statements().output();
    const std::string_view text = view_.field(output.at.field).text;
    const StatedValue* total = nullptr;
    for (const StatedValue& value : facts_.statements().claims_of(output)) {
      if (value.token.kind != ValueKind::number || value.token.unit != least.token.unit) {
        continue;
      }
      if (value.token.number >= least.token.number) {
        return;
      }
      total = is_said_total(text, value.token.start, value.token.end) ? &value : total;
    }
    if (total == nullptr || findings_.size() >= kFindingsOfDetectorMax) {
      return;
    }
    Finding finding = said::draft_claim(view_, kKind, Severity::critical, output, "least amount");
    finding.title = fmt::format(
        "{} is less than the {} asked for", view_.text(total->at), view_.text(least.at()));
    finding.explanation = fmt::format(
        "At least {} was asked for; the output reports a total of {} and calls it done.",
        view_.text(least.at()),
        view_.text(total->at));
    const auto here = quote(view_, said::sentence_around(view_, output, total->at));
    const auto there = quote(view_, least.at());
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  // --- "everything you asked for"

  struct Deed {
    std::string_view word;                  ///< of the request
    std::array<std::string_view, 4> stems;  ///< of a tool that does it, or of words about it
  };

  void check_deeds() {
    constexpr auto kDeeds = std::to_array<Deed>({
        {"archive", {"archiv", "", "", ""}},
        {"archiviere", {"archiv", "", "", ""}},
        {"archiva", {"archiv", "", "", ""}},
        {"calendar", {"calend", "event", "schedul", "entry"}},
        {"kalender", {"kalend", "calend", "termin", "event"}},
        {"unsubscribe", {"unsubscr", "cancel", "optout", "remove"}},
        {"deploy", {"deploy", "release", "rollout", "publish"}},
        {"merge", {"merge", "git", "pull", "pr"}},
        {"invite", {"invit", "mail", "send", "add"}},
    });
    const std::optional<Span> complete = completeness();
    if (!complete) {
      return;
    }
    for (const Deed& deed : kDeeds) {
      const std::optional<std::size_t> word = facts_.request().find_word(deed.word);
      const bool by_user =
          word && view_.field(facts_.request().words()[*word].at.field).role == TextRole::request;
      if (by_user && !is_spoken_of(deed) && findings_.size() < kFindingsOfDetectorMax) {
        report_deed(deed, facts_.request().words()[*word].at, *complete);
      }
    }
  }

  /// The words of the output that say that all was done.
  [[nodiscard]] std::optional<Span> completeness() const {
    constexpr auto kWords = std::to_array<std::string_view>({"everything you asked",
                                                             "all you asked",
                                                             "that was everything",
                                                             "that is everything",
                                                             "everything is done",

                                                             "completes the task",
                                                             "nothing left to do",

                                                             "alles erledigt",
                                                             "das war alles",
                                                             "todo listo",
                                                             "todo lo que",
                                                             "está todo hecho",
                                                             "tout est fait",
                                                             "すべて完了",
                                                             "以上で完了"});
    const Statement& output = *facts_.statements().output();
    const FoldedText text(view_.text(output.at));
    for (const std::string_view word : kWords) {
      if (const auto found = text.find(word)) {
        return Span{output.at.field, output.at.start + found->start, output.at.start + found->end};
      }
    }
    return std::nullopt;
  }

  /// Whether a tool's name, a call's argument or the output speaks of the deed.
  [[nodiscard]] bool is_spoken_of(const Deed& deed) const {
    const auto speaks = [&deed](std::string_view text) {
      const std::string folded = fold_case(prefix_of(text, 4'000));
      return std::any_of(deed.stems.begin(), deed.stems.end(), [&folded](std::string_view stem) {
        return !stem.empty() && folded.find(stem) != std::string::npos;
      });
    };
    if (speaks(view_.text(facts_.statements().output()->at))) {
      return true;
    }
    return std::any_of(view_.steps().begin(), view_.steps().end(), [&](const StepView& step) {
      return step.kind == StepKind::tool &&
             (speaks(step.tool) ||
              (step.input && step.changes_state && speaks(view_.field(*step.input).text)));
    });
  }

  void report_deed(const Deed& deed, const Span& asked, const Span& complete) {
    Finding finding =
        said::draft_claim(view_, kKind, Severity::critical, *facts_.statements().output(), "deed");
    finding.title = fmt::format("Nothing was done about {}", shown(deed.word));
    finding.explanation = fmt::format(
        "The request asks for {}; no call did anything of the kind, and the output says {}.",
        shown(view_.text(asked)),
        shown(view_.text(complete)));
    const auto here = quote(view_, complete);
    const auto there = quote(view_, asked);
    if (here && there) {
      findings_.push_back(prove(std::move(finding), Proof(*here).add(*there)));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_unfinished_work(const Facts& facts) {
  return UnfinishedCheck(facts).run();
}

}  // namespace infinium::maestro
