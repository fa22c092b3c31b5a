#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "maestro/findings/conversation.h"
#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/row_choice.h"
#include "maestro/findings/row_words.h"
#include "maestro/text.h"

/// Behaviour: an answer lists two or more people, customers, workspaces or pages that the user's
/// words fit equally ("Priya", and there are two), and the agent goes on with one without asking.
/// Source: failure to ask for clarification, of the published failure taxonomy;
/// "underspecified user intent" of published root-cause labels.
/// How: a call takes the id of a row whose name shares words with the user's, and another row of
/// that list shares the very same; no other field of either is spoken of, none is switched off or
/// the default, the user asked for no latest or any one, nobody looked at the other, and no message
/// of the agent asks anything between the list and the call. Only lists of somebody's: of ten free
/// slots or shirts any one may do. Blind spots: choices that no list shows.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "user.not_asked",
    "Where several fit what the user said, show them and ask which one is meant.",
};

/// Whether a name says that its things are somebody or somebody's.
bool is_of_somebody(std::string_view name) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"employee",     "employees",  "person",      "people",    "contact",   "contacts",
       "customer",     "customers",  "client",      "clients",   "patient",   "patients",
       "user",         "users",      "member",      "members",   "account",   "accounts",
       "workspace",    "workspaces", "page",        "pages",     "tenant",    "tenants",
       "vendor",       "vendors",    "supplier",    "suppliers", "company",   "companies",
       "organization", "org",        "team",        "teams",     "holder",    "guest",
       "guests",       "student",    "students",    "staff",     "colleague", "directory",
       "kunde",        "kunden",     "mitarbeiter", "patienten", "personen",  "verzeichnis",
       "cliente",      "clientes",   "empleado",    "empleados", "paciente",  "pacientes",
       "utilisateur",  "employé",    "lieferant",   "proveedor"});
  constexpr auto kParts =
      std::to_array<std::string_view>({"顧客", "社員", "患者", "会員", "取引先", "氏名", "担当"});
  const std::vector<std::string> words = name_words(name);
  return std::any_of(words.begin(),
                     words.end(),
                     [&](const std::string& word) {
                       return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
                     }) ||
         std::any_of(kParts.begin(), kParts.end(), [name](std::string_view part) {
           return name.find(part) != std::string_view::npos;
         });
}

bool is_name_key(std::string_view key) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"name", "title", "label", "holder", "firma", "nombre", "nom", "nome"});
  const std::vector<std::string> words = name_words(key);
  return is_of_somebody(key) || key.find("名") != std::string_view::npos ||
         std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
         });
}

class ChoiceCheck {
 public:
  explicit ChoiceCheck(const Facts& facts) : facts_(facts), view_(facts.view()), words_(facts) {}

  std::vector<ProvenFinding> run() {
    if (takes_any()) {
      return {};
    }
    for (const StepView& step : view_.steps()) {
      if (step.kind != StepKind::tool) {
        continue;
      }
      for (const Argument& argument : step.arguments) {
        if (may_choose_row(argument) && findings_.size() < kFindingsOfDetectorMax) {
          check(step, argument);
        }
      }
    }
    return std::move(findings_);
  }

 private:
  struct Twin {
    Rows::Place ours;
    Rows::Place theirs;
    Span said;
  };

  /// Whether the user says how to choose.
  [[nodiscard]] bool takes_any() const {
    return facts_.request().says_any(
        {"any",  "either", "whichever", "latest", "newest",  "recent",     "default", "usual",
         "all",  "every",  "each",      "both",   "first",   "main",       "primary", "oldest",
         "egal", "alle",   "jeden",     "beide",  "neueste", "cualquiera", "todos",   "ambos",
         "tous", "chaque", "todas",     "全員",   "すべて"});
  }

  void check(const StepView& step, const Argument& argument) {
    constexpr std::size_t kChecksMax = 200;
    if (told_.size() >= kChecksMax || !told_.insert(value_key(argument.value)).second) {
      return;
    }
    const auto taken = listed_row_taken(facts_, argument.value, step.index);
    if (!taken || is_asked(argument.value, step.index) ||
        takes_several(facts_, step, argument, *taken) ||
        !leads_to_an_act(facts_, step, argument.value)) {
      return;
    }
    const Row& row = facts_.rows().row(*taken);
    const StepView& list = view_.steps()[row.step];
    const auto parent = facts_.rows().cell(*taken).parent;
    if (asked_between(facts_, row.step, step.index) || user_spoke(row.step, step.index)) {
      return;
    }
    constexpr std::size_t kRowsMax = 30;
    const auto& rows = facts_.rows().lists()[*row.list];
    if (rows.size() > kRowsMax) {
      return;
    }
    for (const std::uint32_t other : rows) {
      const auto twin =
          other == taken->row ? std::nullopt : twin_of(taken->row, other, step, list, parent);
      // One letter of a name, kanji too, is no name.
      constexpr std::size_t kNameMin = 4;
      if (twin && twin->said.end - twin->said.start >= kNameMin) {
        report(step, argument, *twin, row.step);
        return;
      }
    }
  }

  [[nodiscard]] bool is_asked(std::string_view value, std::size_t before) const {
    return facts_.asked().find(value, before, AskedIn::user).has_value();
  }

  [[nodiscard]] bool user_spoke(std::size_t after, std::size_t before) const {
    const auto between = view_.steps().subspan(after, before - after);
    return std::any_of(between.begin(), between.end(), [](const StepView& step) {
      return step.kind == StepKind::user;
    });
  }

  /// The names of two rows that the user's words fit equally, if nothing else tells them apart.
  [[nodiscard]] std::optional<Twin> twin_of(std::uint32_t mine,
                                            std::uint32_t other,
                                            const StepView& step,
                                            const StepView& list,
                                            std::string_view parent) const {
    std::optional<Twin> twin;
    const Rows& rows = facts_.rows();
    for (const std::uint32_t i : rows.rows()[mine].cells) {
      const Rows::Place ours{mine, i};
      const Cell& cell = rows.cell(ours);
      const auto theirs = rows.find(other, cell.key);
      if (!theirs) {
        continue;
      }
      const bool somebody =
          is_of_somebody(list.tool) || is_of_somebody(parent) || is_of_somebody(cell.key);
      if (!twin && somebody && is_name_key(cell.key)) {
        if (const auto said = equally_said(cell.value, rows.cell(*theirs).value, step.index)) {
          twin = Twin{ours, *theirs, *said};
          continue;
        }
      }
      if (tells_apart(cell, rows.cell(*theirs), step.index)) {
        return std::nullopt;
      }
    }
    const bool used = twin && was_used(other, mine);
    return used || (twin && is_not_to_be_had(facts_, other, mine)) ? std::nullopt : twin;
  }

  /// Where the user says words that both names hold, and no word that only one of them holds.
  [[nodiscard]] std::optional<Span> equally_said(std::string_view mine,
                                                 std::string_view theirs,
                                                 std::size_t before) const {
    constexpr std::size_t kLettersMin = 3;
    std::optional<Span> said;
    const FoldedText other(theirs);
    const FoldedText own(mine);
    for (const std::string_view name : {mine, theirs}) {
      for (const Word& word : find_words(name)) {
        const std::string folded = fold_case(name.substr(word.start, word.end - word.start));
        if (folded.size() < kLettersMin) {
          continue;
        }
        const auto mention = facts_.asked().find(folded, before, AskedIn::user);
        if (!mention) {
          continue;
        }
        if (!other.find(folded) || !own.find(folded)) {
          return std::nullopt;
        }
        const std::string_view written = view_.text(mention->at);
        said = said || is_lower(written.front()) ? said : std::optional(mention->at);
      }
    }
    return said;
  }

  /// Whether a field tells which of two rows is meant: the user speaks of one of the values, one is
  /// a switch that is on, or the agent gives one as its reason.
  [[nodiscard]] bool tells_apart(const Cell& mine, const Cell& theirs, std::size_t before) const {
    if (value_key(mine.value) == value_key(theirs.value) || mine.value.size() > 60) {
      return false;
    }
    const bool on = mine.value == "true" || theirs.value == "true";
    return on || facts_.asked().find(mine.value, before, AskedIn::user) ||
           facts_.asked().find(theirs.value, before, AskedIn::user) ||
           shares_a_word(mine, before) || shares_a_word(theirs, before);
  }

  /// "the one in Sales": a word of a longer value that the user says.
  [[nodiscard]] bool shares_a_word(const Cell& cell, std::size_t before) const {
    constexpr std::size_t kLettersMin = 4;
    for (const Word& word : find_words(cell.value)) {
      const std::string folded = fold_case(cell.value.substr(word.start, word.end - word.start));
      if (folded.size() >= kLettersMin && facts_.asked().find(folded, before, AskedIn::user)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a value of the other row's own is given to any call.
  [[nodiscard]] bool was_used(std::uint32_t other, std::uint32_t mine) const {
    for (const std::uint32_t i : facts_.rows().rows()[other].cells) {
      const Cell& cell = facts_.rows().cell({other, i});
      const auto ours = facts_.rows().find(mine, cell.key);
      const bool shared =
          ours && value_key(facts_.rows().cell(*ours).value) == value_key(cell.value);
      if (!shared && is_telling(cell.value) && !facts_.uses(value_key(cell.value)).empty()) {
        return true;
      }
    }
    return false;
  }

  void report(const StepView& step, const Argument& argument, const Twin& twin, std::size_t list) {
    const Rows& rows = facts_.rows();
    std::vector<std::size_t> steps = {step.index};
    if (const auto told = words_.told_at(twin.ours.row, twin.theirs.row, list, step.index)) {
      steps.insert(steps.begin(), *told);
    }
    Finding finding =
        draft(view_, kKind, Severity::warning, steps, fmt::format("choice {}", argument.key));
    finding.title = fmt::format("{} took {} though {} fits the user's words as well",
                                name_of(step),
                                shown(rows.cell(twin.ours).value),
                                shown(rows.cell(twin.theirs).value));
    finding.explanation = fmt::format(
        "The user said {}; the answer of step {} lists {} and {}. Step {} went on with "
        "{} and nobody was asked.",
        shown(view_.text(twin.said)),
        view_.steps()[list].number,
        shown(rows.cell(twin.ours).value),
        shown(rows.cell(twin.theirs).value),
        step.number,
        shown(argument.value));
    const auto here = quote(view_, argument.at);
    const auto said = quote(view_, twin.said);
    if (here && said) {
      findings_.push_back(prove(std::move(finding),
                                Proof(*here)
                                    .add(*said)
                                    .add(quote(view_, rows.span_of(twin.ours)))
                                    .add(quote(view_, rows.span_of(twin.theirs)))));
    }
  }

  const Facts& facts_;
  const TraceView& view_;
  RowWords words_;
  std::unordered_set<std::uint64_t> told_;
  std::vector<ProvenFinding> findings_;
};

}  // namespace

std::vector<ProvenFinding> find_unasked_choices(const Facts& facts) {
  return ChoiceCheck(facts).run();
}

}  // namespace infinium::maestro
