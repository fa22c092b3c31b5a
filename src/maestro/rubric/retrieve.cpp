#include "maestro/rubric/retrieve.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "maestro/rubric/arguments.h"
#include "maestro/rubric/check.h"
#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/language.h"
#include "maestro/rubric/subject.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

// Shares of a text's weight. Solid support needs most of its words; where fewer than a quarter
// stand anywhere, the work was not about it.
constexpr double kSupportMin = 0.6;
constexpr double kFileSupportMin = 0.4;
constexpr double kRefusedMin = 0.3;

constexpr std::string_view kReader = "A reviewer's reading, or a criterion that can be checked.";

struct Coverage {
  double delivered = 0;  ///< share of the words' weight that was handed over
  double either = 0;     ///< … or given to a tool
  std::size_t words = 0;
};

Coverage coverage_of(const std::vector<Passages::Term>& terms) {
  Coverage out;
  double total = 0;
  for (const Passages::Term& term : terms) {
    total += term.weight;
    out.delivered += term.delivered ? term.weight : 0;
    out.either += term.delivered || term.acted ? term.weight : 0;
    out.words += term.delivered ? 1 : 0;
  }
  if (total > 0) {
    out.delivered /= total;
    out.either /= total;
  }
  return out;
}

/// Values of the text that a fulfilled text would have to repeat: no small counts, no quotations.
std::vector<ValueToken> required_values(std::string_view text) {
  std::vector<ValueToken> values = find_values(text);
  std::erase_if(values, [](const ValueToken& value) {
    const bool count = value.kind == ValueKind::number && value.unit == Unit::none &&
                       value.number < 100 && value.precision >= 1;
    return count || value.kind == ValueKind::quoted || value.kind == ValueKind::time ||
           value.kind == ValueKind::file;
  });
  return values;
}

/// A word such as "e-mail" asks for a value of a kind, not for the word.
std::optional<ValueKind> kind_asked(std::string_view text) {
  if (find_folded(text, "e-mail") || find_folded(text, "email")) {
    return ValueKind::email;
  }
  if (find_folded(text, "url") || find_folded(text, "link")) {
    return ValueKind::url;
  }
  return std::nullopt;
}

std::optional<CheckedEvidence> quote_passage(const Passages& passages, const Passages::Best& best) {
  if (best.passage == nullptr) {
    return std::nullopt;
  }
  Span at = best.passage->at;
  const std::string_view text = passages.view().text(at);
  const std::string_view inner = trim(text);
  at.start += static_cast<std::size_t>(inner.data() - text.data());
  at.end = at.start + prefix_of(inner, 300).size();
  return quote(passages.view(), at);
}

/// Where a text of the deliverables stands: a value of the text that was not handed over.
const ValueToken* missing_value(const Passages& passages,
                                const std::vector<ValueToken>& values,
                                bool arguments_count) {
  for (const ValueToken& value : values) {
    const bool there = passages.delivers_value(value.key) ||
                       (arguments_count && passages.acts_on_value(value.key));
    if (!there) {
      return &value;
    }
  }
  return nullptr;
}

bool output_is_cut(const TraceView& view) {
  const auto delivered = view.delivered();
  return std::any_of(
      delivered.begin(), delivered.end(), [&](FieldId field) { return view.field(field).cut; });
}

Ruling nothing_handed_over(const TraceView& view) {
  if (view.steps().empty()) {
    return unclear("The trace reports neither steps nor an output.", "A complete trace.");
  }
  return decided(false, "Nothing was handed over.", measure(view, Count::steps));
}

/// Support for a text by its words and values.
Ruling by_words(const Passages& passages, RubricKind kind, std::string_view text, double needed) {
  const TraceView& view = passages.view();
  const bool work = kind == RubricKind::objective;
  const auto terms = passages.terms_of(text, !work);
  const auto values = required_values(text);
  const Coverage coverage = coverage_of(terms);
  const auto best = passages.best_for(terms);
  const double share =
      work ? std::max(coverage.delivered, coverage.either - 0.1) : coverage.delivered;
  const ValueToken* missing = missing_value(passages, values, work);
  const auto asked = kind_asked(text);
  if (asked && !passages.delivers_kind(*asked) && !work) {
    return unclear("No value of the kind it asks for was found in what was handed over.",
                   std::string(kReader));
  }
  if (missing != nullptr) {
    return unclear(fmt::format("\"{}\" was not found in what was handed over.",
                               text.substr(missing->start, missing->end - missing->start)),
                   std::string(kReader));
  }
  // A single word is little to go by, unless it is all that the text speaks of.
  const bool all = !work && share >= 1 && coverage.words >= 1;
  const bool solid =
      share >= needed && (all || coverage.words + values.size() >= 2) && best.passage != nullptr;
  if (!solid) {
    return unclear("What was handed over does not clearly show it.", std::string(kReader));
  }
  Ruling ruling = decided(true,
                          fmt::format("{} % of what it speaks of stands in the work.",
                                      static_cast<int>(share * 100 + 0.5)),
                          quote_passage(passages, best));
  return output_is_cut(view) && share < 0.99 ? unclear("The output is cut.", "The full output.")
                                             : ruling;
}

/// Words that change what a text asks for.
struct Turns {
  bool condition = false;  ///< "if", "unless"
  bool negation = false;   ///< "not", "may", "without"
  bool only = false;
};

Turns turns_of(std::string_view text) {
  static constexpr auto kConditions = std::to_array<std::string_view>(
      {"except", "falls", "if", "otherwise", "sauf", "si", "unless", "wenn", "whenever", "cuando"});
  static constexpr auto kNegations = std::to_array<std::string_view>(
      {"not",   "never", "no",    "don't", "cannot", "may",  "can",
       "might", "could", "avoid", "when",  "nicht",  "kein", "without",
       "keine", "nie",   "nunca", "sin",   "jamais", "pas",  "ne"});
  static constexpr auto kOnly = std::to_array<std::string_view>(
      {"only", "nur", "solo", "sólo", "seulement", "uniquement", "exclusively"});
  Turns turns;
  for (const Word& word : find_words(text)) {
    const std::string folded = fold_case(text.substr(word.start, word.end - word.start));
    const auto among = [&](const auto& words) {
      return std::find(words.begin(), words.end(), folded) != words.end();
    };
    turns.condition = turns.condition || among(kConditions);
    turns.negation = turns.negation || among(kNegations);
    turns.only = turns.only || among(kOnly);
  }
  return turns;
}

/// "Which writer is quoted?": whether an answer is right does not show in its words.
bool is_question(std::string_view text) {
  text = trim(text);
  if (text.ends_with('?') || text.ends_with("？")) {
    return true;
  }
  const auto words = find_words(text);
  if (words.empty()) {
    return false;
  }
  const std::string first =
      fold_case(text.substr(words.front().start, words.front().end - words.front().start));
  constexpr auto kAsking = std::to_array<std::string_view>(
      {"what", "who", "which", "when", "where", "why", "how", "is", "are", "does", "did"});
  return std::find(kAsking.begin(), kAsking.end(), first) != kAsking.end();
}

Ruling retrieve_objective(const Passages& passages, std::string_view text, bool conditional) {
  const TraceView& view = passages.view();
  if (const auto& refusal = passages.refusal()) {
    const auto terms = passages.terms_of(text);
    double said = 0;
    double total = 0;
    const auto inside = passages.terms_of(view.text(*refusal));
    for (const Passages::Term& term : terms) {
      total += term.weight;
      said += std::any_of(inside.begin(),
                          inside.end(),
                          [&](const Passages::Term& t) { return t.stem == term.stem; })
                  ? term.weight
                  : 0;
    }
    if (total > 0 && said / total >= kRefusedMin) {
      return decided(false, "The agent itself says that it was not done.", quote(view, *refusal));
    }
    Ruling ruling = unclear("The agent says that something could not be done.",
                            "Whether that part was needed.");
    return ruling;
  }
  if (view.final_output() && trim(view.field(*view.final_output()).text).ends_with('?')) {
    return unclear("The output ends with a question to the user.", "The turns that follow.");
  }
  if (conditional) {
    return unclear("The objective depends on a condition.", std::string(kReader));
  }
  if (passages.hedge()) {
    return unclear("The output says that part of it is assumed.", "A look at the assumed part.");
  }
  if (is_question(text)) {
    return unclear(
        "The objective is a question: its words do not show whether the answer is right.",
        "The right answer, as an acceptance criterion.");
  }
  return by_words(passages, RubricKind::objective, text, kSupportMin);
}

/// A file that the text names, as find_values reads it.
std::optional<std::string> file_named(std::string_view text) {
  for (const ValueToken& value : find_values(text)) {
    if (value.kind == ValueKind::file) {
      return std::string(text.substr(value.start, value.end - value.start));
    }
  }
  return std::nullopt;
}

struct Form {
  std::string_view noun;
  TextFormat format;
};
constexpr auto kForms = std::to_array<Form>({{"table", TextFormat::markdown_table},
                                             {"tabelle", TextFormat::markdown_table},
                                             {"tabla", TextFormat::markdown_table},
                                             {"json", TextFormat::json},
                                             {"csv", TextFormat::csv_header}});

/// "Confirmation e-mail to the customer": a message is handed over by the call that sends it.
const StepView* sending_step(const TraceView& view) {
  for (const StepView& step : view.steps()) {
    const std::string tool = fold_case(step.tool);
    const bool sends = tool.find("mail") != std::string::npos ||
                       tool.find("send") != std::string::npos ||
                       tool.find("notify") != std::string::npos;
    if (step.kind == StepKind::tool && sends && !step.failed && step.changes_state) {
      return &step;
    }
  }
  return nullptr;
}

/// "The final text of the post": where the output repeats what was handed to the tool of that name.
std::optional<Span> repeated_text(const TraceView& view, std::string_view wanted) {
  constexpr auto kTexts = std::to_array<std::string_view>(
      {"text of the ", "wording of the ", "text der ", "text des ", "texto de la ", "texto del "});
  const std::string folded = fold_case(wanted);
  for (const std::string_view opening : kTexts) {
    const std::size_t at = folded.find(opening);
    const auto words = at == std::string::npos ? std::vector<Word>()
                                               : find_words(folded.substr(at + opening.size()));
    if (words.empty() || !view.final_output()) {
      continue;
    }
    const std::string noun = folded.substr(at + opening.size() + words.front().start,
                                           words.front().end - words.front().start);
    for (const SubjectText& subject : subject_texts(view, noun)) {
      constexpr std::size_t kTellingBytes = 200;
      const std::string_view head = prefix_of(subject.text, kTellingBytes);
      const std::size_t place = view.field(*view.final_output()).text.find(head);
      if (!subject.whole && place != std::string_view::npos) {
        return Span{*view.final_output(), place, place + head.size()};
      }
    }
  }
  return std::nullopt;
}

Ruling retrieve_deliverable(const Passages& passages, std::string_view text) {
  const TraceView& view = passages.view();
  if (const auto name = file_named(text)) {
    Ruling file = evaluate_file(view, {*name});
    if (file.status != RubricStatus::met) {
      return file;
    }
    const auto terms = passages.terms_of(text);
    if (terms.size() <= 3 || coverage_of(terms).delivered >= kFileSupportMin) {
      file.rationale += " Its content speaks of what was asked.";
      file.add(quote_passage(passages, passages.best_for(terms)));
      return file;
    }
    return unclear("The file was written, but its content does not clearly show what was asked.",
                   "The file itself.");
  }
  for (const Form& form : kForms) {
    if (find_folded(text, form.noun)) {
      const Ruling there = evaluate_format(view, {form.format, {}, {}});
      if (there.status != RubricStatus::met) {
        return unclear(fmt::format("No {} was found in what was handed over.", form.noun),
                       std::string(kReader));
      }
    }
  }
  if (const auto repeated = repeated_text(view, text)) {
    return decided(
        true, "The output gives the text that was handed to a tool.", quote(view, *repeated));
  }
  if (find_folded(text, "email") || find_folded(text, "e-mail")) {
    if (const StepView* step = sending_step(view)) {
      return decided(true, fmt::format("Step {} sent it.", step->number), quote_step(view, *step));
    }
  }
  return by_words(passages, RubricKind::deliverable, text, kSupportMin);
}

/// Whether a criterion says that somebody is told something: then it has to stand in the words.
bool asks_to_tell(std::string_view text) {
  static constexpr auto kTold = std::to_array<std::string_view>({"is told",
                                                                 "are told",
                                                                 "is asked to",
                                                                 "is reminded",
                                                                 "is advised",
                                                                 "is informed",
                                                                 "are reminded",
                                                                 "wird gebeten",
                                                                 "wird erinnert",
                                                                 "wird darauf hingewiesen",
                                                                 "wird informiert",
                                                                 "se le recuerda",
                                                                 "se le pide",
                                                                 "se le informa",
                                                                 "est rappelé",
                                                                 "est informé"});
  return std::any_of(kTold.begin(), kTold.end(), [&](std::string_view phrase) {
    return find_folded(text, phrase).has_value();
  });
}

/// Not one of its words, nor one that begins like it, was handed over, in the language of the text.
Ruling nothing_of_it(const Passages& passages, std::string_view text, Ruling otherwise) {
  const TraceView& view = passages.view();
  const auto terms = passages.terms_of(text, true);
  constexpr std::size_t kTermsMin = 3;
  // A line or two may well do it in other words.
  constexpr std::size_t kTellingBytes = 100;
  std::size_t said = 0;
  for (const FieldId field : view.delivered()) {
    said += view.field(field).text.size();
  }
  if (terms.size() < kTermsMin || said < kTellingBytes || output_is_cut(view) ||
      passages.refusal() || !may_share_language(text, view.field(view.delivered().front()).text) ||
      std::any_of(
          terms.begin(),
          terms.end(),
          [&](const Passages::Term& term) {
            return term.acted || passages.delivers_like(term.word);
          })) {
    return otherwise;
  }
  const std::vector<FieldId> searched(view.delivered().begin(), view.delivered().end());
  for (const Passages::Term& term : terms) {
    if (auto nowhere = absence(view, term.word, searched)) {
      return decided(false,
                     "Nothing of what it speaks of stands in what was handed over.",
                     std::move(nowhere));
    }
  }
  return otherwise;
}

}  // namespace

std::optional<Span> find_sentence_with(const TraceView& view,
                                       std::span<const std::string_view> phrases) {
  if (!view.final_output()) {
    return std::nullopt;
  }
  const FieldId field = view.delivered().empty() ? *view.final_output() : view.delivered().front();
  const std::string_view text = view.field(field).text;
  const FoldedText folded(text);
  std::optional<Match> first;
  for (const std::string_view phrase : phrases) {
    const auto match = folded.find(phrase);
    if (match && (!first || match->start < first->start)) {
      first = match;
    }
  }
  if (!first) {
    return std::nullopt;
  }
  std::size_t start = first->start;
  while (start > 0 && text[start - 1] != '\n' && text[start - 1] != '.') {
    --start;
  }
  while (start < first->start && is_space(text[start])) {
    ++start;
  }
  std::size_t end = first->end;
  while (end < text.size() && text[end] != '\n' && text[end] != '.') {
    ++end;
  }
  return Span{field, start, start + prefix_of(text.substr(start, end - start), 300).size()};
}

Ruling retrieve(const Passages& passages, RubricKind kind, std::string_view text) {
  const TraceView& view = passages.view();
  if (view.delivered().empty() && kind != RubricKind::constraint) {
    return nothing_handed_over(view);
  }
  const Turns turns = turns_of(text);
  if (kind == RubricKind::objective) {
    return retrieve_objective(passages, text, turns.condition);
  }
  const bool plain = !turns.condition && !turns.negation;
  if (kind != RubricKind::deliverable) {
    if (auto arguments = judge_arguments(view, text); arguments) {
      return std::move(*arguments);
    }
    Ruling filter = retrieve_filter(passages, text, plain, turns.only);
    if (filter.status != RubricStatus::unclear) {
      return filter;
    }
  }
  if (!plain) {
    return unclear("It depends on a condition or forbids something that no exact check covers.",
                   std::string(kReader));
  }
  if (kind == RubricKind::deliverable) {
    return retrieve_deliverable(passages, text);
  }
  // "Only orders of EMEA": that there are such orders does not show that there are no others.
  if (turns.only) {
    return unclear("The calls do not show such a selection.", std::string(kReader));
  }
  // That the words and values of a rule stand in the output does not show that it was kept: a
  // report on May can rest on the figures of April.
  if (kind == RubricKind::constraint) {
    return unclear("Nothing in the trace shows by itself whether it was kept.",
                   std::string(kReader));
  }
  Ruling ruling = by_words(passages, kind, text, kSupportMin);
  return ruling.status == RubricStatus::unclear && asks_to_tell(text)
             ? nothing_of_it(passages, text, std::move(ruling))
             : ruling;
}

}  // namespace infinium::maestro
