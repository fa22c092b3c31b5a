#include "maestro/trace_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/hash.h"
#include "base/limits.h"
#include "maestro/answers.h"
#include "maestro/facts_steps.h"
#include "maestro/text.h"
#include "maestro/text_calls.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kQueryBytesMax = 4000;

/// Whether the sender says, or the length shows, that the rest of a text was not sent.
bool is_cut(std::string_view text) {
  for (const std::string_view mark : {"\u2026", "[truncated]", "...[truncated", "(truncated)"}) {
    if (text.ends_with(mark)) {
      return true;
    }
  }
  const bool may_be_full = text.size() >= limits::kPreviewCharsMax;
  return may_be_full && (count_code_points(text) == limits::kPreviewCharsMax ||
                         (text.ends_with("...") && text.size() < 8 * limits::kPreviewCharsMax));
}

/// A cut text without the mark that ends it.
std::string_view without_mark(std::string_view text) {
  for (const std::string_view mark : {"\u2026", "...[truncated]", "[truncated]", "..."}) {
    if (text.ends_with(mark)) {
      text.remove_suffix(mark.size());
      break;
    }
  }
  return trim(text);
}

/// A hash of an answer that leaves out what differs between equal answers: times of day, long
/// random identifiers.
std::uint64_t stable_hash(std::string_view text, std::span<const ValueToken> values) {
  std::uint64_t hash = fnv1a({});
  std::size_t pos = 0;
  for (const ValueToken& value : values) {
    std::size_t end = value.end;
    const bool volatile_id = value.kind == ValueKind::identifier && value.end - value.start >= 24;
    const bool stamp = value.kind == ValueKind::date && end < text.size() && text[end] == 'T';
    if ((!volatile_id && !stamp && value.kind != ValueKind::time) || value.start < pos) {
      continue;
    }
    while (stamp && end < text.size() &&
           (is_alnum(text[end]) || text[end] == ':' || text[end] == '.' || text[end] == '+')) {
      ++end;
    }
    hash = fnv1a(text.substr(pos, value.start - pos), hash);
    pos = end;
  }
  return fnv1a(text.substr(pos), hash);
}

bool holds_query(std::string_view text) {
  return text.size() <= kQueryBytesMax &&
         (text.find('=') != std::string_view::npos || text.find('<') != std::string_view::npos ||
          text.find('>') != std::string_view::npos ||
          fold_case(prefix_of(text, 16)).find("select") != std::string::npos);
}

}  // namespace

/// Fills a TraceView; lives only during its construction.
class TraceViewBuilder {
 public:
  TraceViewBuilder(const TaskData& trace, TraceView& view) : trace_(trace), view_(view) {}

  void run(TraceView::Use use) {
    add_trace_texts();
    view_.steps_.reserve(trace_.steps.size());
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      add_step(i);
    }
    choose_final_output();
    collect_delivered();
    count_cut();
    if (use == TraceView::Use::everything) {
      find_all_secrets();
    } else {
      view_.secrets_.resize(view_.fields_.size());
    }
    view_.by_path_.reserve(view_.fields_.size());
    for (FieldId id = 0; id < view_.fields_.size(); ++id) {
      view_.by_path_.emplace(view_.fields_[id].path, id);
    }
  }

 private:
  FieldId add(std::string path,
              std::string_view text,
              TextRole role,
              std::optional<std::size_t> step = std::nullopt,
              bool superseded = false) {
    TextField field;
    field.path = std::move(path);
    field.text = text;
    field.role = role;
    field.step = step;
    field.cut = is_cut(text);
    field.superseded = superseded;
    view_.fields_.push_back(std::move(field));
    view_.values_.push_back(superseded ? std::vector<ValueToken>{} : find_values(text));
    const bool structured = role == TextRole::argument || role == TextRole::result;
    view_.records_.push_back(structured && !superseded ? read_records(text) : Records{});
    return view_.fields_.size() - 1;
  }

  void add_text(const std::string& path, const Text& text, TextRole role) {
    if (text && !trim(*text).empty()) {
      add(path, *text, role);
    }
  }

  void add_trace_texts() {
    add("name", trace_.name, TextRole::context);
    add("description", trace_.description, TextRole::context);
    if (trace_.input_summary && !trim(*trace_.input_summary).empty()) {
      view_.request_.push_back(add("input_summary", *trace_.input_summary, TextRole::request));
    }
    add_text("output_summary", trace_.output_summary, TextRole::output);
    if (trace_.expected_outcome) {
      add_rubric(*trace_.expected_outcome);
    }
    for (std::size_t i = 0; i < trace_.errors.size(); ++i) {
      add_error(fmt::format("errors[{}]", i), trace_.errors[i], std::nullopt);
    }
    add_sections();
  }

  void add_rubric(const ExpectedOutcome& rubric) {
    const auto add_list = [this](std::string_view name, const Strings& texts) {
      for (std::size_t i = 0; i < texts.size(); ++i) {
        view_.rubric_.push_back(
            add(fmt::format("expected_outcome.{}[{}]", name, i), texts[i], TextRole::rubric));
      }
    };
    view_.rubric_.push_back(
        add("expected_outcome.task_objective", rubric.task_objective, TextRole::rubric));
    add_list("required_deliverables", rubric.required_deliverables);
    add_list("constraints", rubric.constraints);
    add_list("acceptance_criteria", rubric.acceptance_criteria);
  }

  /// The texts of a section, by its own description of itself.
  struct SectionTexts {
    TraceViewBuilder& builder;
    std::string_view section;
    const void* object;

    template <class S>
    void operator()(std::string_view key, Text S::* member, const FieldRule&) {
      builder.add_text(fmt::format("sections.{}.{}", section, key),
                       static_cast<const S*>(object)->*member,
                       TextRole::context);
    }
    template <class S, class T>
    void operator()(std::string_view, T S::*, const FieldRule&) {}
  };

  void add_sections() {
    const auto add_section = [this](std::string_view key, auto member, const FieldRule&) {
      const auto& section = trace_.*member;
      if (section) {
        using Section = std::decay_t<decltype(*section)>;
        Section::describe(SectionTexts{*this, key, &*section});
      }
    };
    TaskData::describe_sections(add_section);
  }

  std::optional<FieldId> add_error(const std::string& path,
                                   const ErrorDetail& error,
                                   std::optional<std::size_t> step) {
    const bool told = !trim(error.message).empty();
    if (!told && trim(error.error_type).empty()) {
      return std::nullopt;
    }
    if (error.stack_trace && !error.stack_trace->empty()) {
      add(path + ".stack_trace", *error.stack_trace, TextRole::error, step);
    }
    return told ? add(path + ".message", error.message, TextRole::error, step)
                : add(path + ".error_type", error.error_type, TextRole::error, step);
  }

  /// Adds the texts that may say the same, fullest first; those after the first that it contains
  /// are superseded. Gives the first.
  std::optional<FieldId> add_same(
      std::size_t step,
      TextRole role,
      std::initializer_list<std::pair<const char*, const std::string*>> candidates) {
    std::optional<FieldId> first;
    for (const auto& [suffix, text] : candidates) {
      if (text == nullptr || trim(*text).empty()) {
        continue;
      }
      const std::string path = fmt::format("steps[{}].{}", step, suffix);
      if (!first) {
        first = add(path, *text, role, step);
        continue;
      }
      const std::string_view full = trim(view_.fields_[*first].text);
      const std::string_view start = is_cut(*text) ? without_mark(*text) : trim(*text);
      add(path, *text, role, step, full.starts_with(start));
    }
    return first;
  }

  static const std::string* text_of(const Text& text) { return text ? &*text : nullptr; }

  /// The longer of two texts that may hold the same, one of them cut.
  static bool prefer_second(const std::string* first, const std::string* second) {
    return first != nullptr && second != nullptr && is_cut(*first) &&
           second->size() > first->size();
  }

  void add_step(std::size_t i) {
    const ExecutionStep& step = trace_.steps[i];
    StepView view;
    view.index = i;
    view.number = step.step_number;
    view.kind = kind_of(step);
    view.agent = agent_of(step);
    view.handed_to = handed_to(step);
    view.duration_ms =
        step.duration_ms.value_or(step.tool_call ? step.tool_call->duration_ms.value_or(0) : 0);
    if (step.llm_call) {
      view.tokens =
          step.llm_call->prompt_tokens.value_or(0) + step.llm_call->completion_tokens.value_or(0);
    }
    if (view.kind == StepKind::tool) {
      view.tool = tool_of(step);
      view.changes_state = names_a_change(view.tool);
      view.looks = names_a_look(view.tool);
    }
    if (!trim(step.description).empty()) {
      add(fmt::format("steps[{}].description", i), step.description, TextRole::context, i);
    }
    add_step_texts(step, view);
    read_arguments(view);
    read_step_answer(view);
    add_step_errors(step, view);
    note_own_jobs(view);
    view_.steps_.push_back(std::move(view));
  }

  void add_step_texts(const ExecutionStep& step, StepView& view) {
    const bool tool = view.kind == StepKind::tool;
    const bool user = view.kind == StepKind::user;
    const TextRole in = tool ? TextRole::argument : user ? TextRole::request : TextRole::context;
    const TextRole out = tool                              ? TextRole::result
                         : user                            ? TextRole::request
                         : view.kind == StepKind::decision ? TextRole::thought
                                                           : TextRole::speech;
    const ToolCall* call = step.tool_call ? &*step.tool_call : nullptr;
    const std::string* preview_in = text_of(step.input_preview);
    const std::string* call_in = call != nullptr ? text_of(call->input_summary) : nullptr;
    const std::string* preview_out = text_of(step.output_preview);
    const std::string* call_out = call != nullptr ? text_of(call->output_summary) : nullptr;
    const std::string* full_in = metadata_text(step, "full_input");
    const std::string* full_out = metadata_text(step, "full_output");
    const std::string* full_text = metadata_text(step, "full_text");
    if (prefer_second(preview_in, call_in)) {
      view.input = add_same(view.index,
                            in,
                            {{"metadata.full_input", full_in},
                             {"tool_call.input_summary", call_in},
                             {"input_preview", preview_in}});
    } else {
      view.input = add_same(view.index,
                            in,
                            {{"metadata.full_input", full_in},
                             {"input_preview", preview_in},
                             {"tool_call.input_summary", call_in}});
    }
    if (prefer_second(preview_out, call_out)) {
      view.output = add_same(view.index,
                             out,
                             {{"metadata.full_output", full_out},
                              {"metadata.full_text", full_text},
                              {"tool_call.output_summary", call_out},
                              {"output_preview", preview_out}});
    } else {
      view.output = add_same(view.index,
                             out,
                             {{"metadata.full_output", full_out},
                              {"metadata.full_text", full_text},
                              {"output_preview", preview_out},
                              {"tool_call.output_summary", call_out}});
    }
    add_same(view.index, TextRole::thought, {{"metadata.thought", metadata_text(step, "thought")}});
    if (user) {
      for (const std::optional<FieldId>& field : {view.input, view.output}) {
        if (field) {
          view_.request_.push_back(*field);
        }
      }
    }
    if (view.output) {
      const std::string_view text = view_.fields_[*view.output].text;
      view.result_hash = stable_hash(text, view_.values_[*view.output]);
    }
  }

  void add_step_errors(const ExecutionStep& step, StepView& view) {
    const std::string path = fmt::format("steps[{}]", view.index);
    std::optional<FieldId> told;
    if (step.error) {
      told = add_error(path + ".error", *step.error, view.index);
      view.failed = true;
    }
    if (step.tool_call && step.tool_call->error) {
      const auto inner = add_error(path + ".tool_call.error", *step.tool_call->error, view.index);
      told = told ? told : inner;
      view.failed = true;
    }
    if (told) {
      view.error = Span{*told, 0, prefix_of(view_.fields_[*told].text, 300).size()};
    } else if (view.answer == AnswerState::refused) {
      view.error = view.answer_words;
    }
    const std::int64_t status =
        step.tool_call && step.tool_call->http_status ? *step.tool_call->http_status : 0;
    if (status >= 400 && !view.error && view.output) {
      const FieldId id = *view.output;
      view.error = Span{id, 0, prefix_of(view_.fields_[id].text, 300).size()};
    } else if (status >= 400 && !view.error) {
      view_.numbers_as_text_.push_back(fmt::format("{}", status));
      const std::string& text = view_.numbers_as_text_.back();
      view.error = Span{
          add(path + ".tool_call.http_status", text, TextRole::error, view.index), 0, text.size()};
    }
    view.failed = view.error.has_value();
    if (view.failed) {
      view.error_template = without_values(span_text(*view.error));
    }
  }

  void read_step_answer(StepView& view) {
    view.own_job =
        std::any_of(view.arguments.begin(), view.arguments.end(), [this](const Argument& argument) {
          return own_jobs_.contains(argument.value);
        });
    if (!view.output || view.kind != StepKind::tool) {
      return;
    }
    const FieldId id = *view.output;
    const std::string_view input =
        view.input ? view_.fields_[*view.input].text : std::string_view();
    const Call call{view.tool, view.changes_state, view.looks, view.own_job, view.arguments, input};
    const Answer answer = read_answer(view_.fields_[id].text, view_.records_[id], call);
    view.answer = answer.state;
    if (answer.state != AnswerState::plain) {
      view.answer_words = Span{id, answer.start, answer.end};
    }
  }

  /// Identifiers that a change gave back and was not given itself: what it started or made.
  void note_own_jobs(const StepView& view) {
    constexpr std::size_t kCellsMax = 20;
    constexpr std::size_t kBytesMin = 4;
    constexpr std::size_t kBytesMax = 64;
    constexpr std::size_t kJobsMax = 2'000;
    if (view.kind != StepKind::tool || view.looks || view.failed || !view.output) {
      return;
    }
    const std::vector<Cell>& cells = view_.records_[*view.output].cells;
    // A call whose name says neither that it changes something nor that it looks, and that answers
    // with a list, has looked.
    const bool lists = !cells.empty() && cells.back().record != cells.front().record;
    if (!view.changes_state && lists) {
      return;
    }
    for (std::size_t i = 0; i < std::min(cells.size(), kCellsMax); ++i) {
      const std::string& value = cells[i].value;
      const bool shaped = value.size() >= kBytesMin && value.size() <= kBytesMax &&
                          std::any_of(value.begin(), value.end(), is_digit) &&
                          std::any_of(value.begin(), value.end(), is_letter) &&
                          value.find_first_of(" :") == std::string::npos;
      const bool given = std::any_of(view.arguments.begin(),
                                     view.arguments.end(),
                                     [&value](const auto& a) { return a.value == value; });
      if (shaped && !given && own_jobs_.size() < kJobsMax) {
        own_jobs_.insert(value);
      }
    }
  }

  [[nodiscard]] std::string_view span_text(const Span& span) const {
    return view_.fields_[span.field].text.substr(span.start, span.end - span.start);
  }

  void read_arguments(StepView& view) {
    if (!view.input || view.kind != StepKind::tool) {
      return;
    }
    const FieldId id = *view.input;
    const std::string_view text = view_.fields_[id].text;
    for (const Cell& cell : view_.records_[id].cells) {
      view.arguments.push_back({cell.key, {}, cell.value, {id, cell.start, cell.end}});
      view.arguments_hash += fnv1a(cell.value, fnv1a(cell.key)) * 0x9E3779B97F4A7C15ULL;
      add_query(view, id, cell.start, cell.end);
    }
    if (!view_.records_[id].structured) {
      add_query(view, id, 0, text.size());
      view.arguments_hash = fnv1a({});
      for (const Word& word : find_words(text)) {
        view.arguments_hash =
            fnv1a(text.substr(word.start, word.end - word.start), view.arguments_hash * 31 + 7);
      }
      for (const ValueToken& value : view_.values_[id]) {
        const std::string_view words = text.substr(value.start, value.end - value.start);
        view.arguments.push_back({{}, {}, std::string(words), {id, value.start, value.end}});
      }
    }
  }

  void add_query(StepView& view, FieldId id, std::size_t start, std::size_t end) {
    const std::string_view text = view_.fields_[id].text.substr(start, end - start);
    if (!holds_query(text)) {
      return;
    }
    for (QueryPart& part : read_query(text)) {
      view.arguments.push_back({std::move(part.key),
                                std::move(part.op),
                                std::move(part.text),
                                {id, start + part.start, start + part.end}});
    }
  }

  /// output_summary; where it is cut, the step output that begins the same. Without one, what the
  /// agent said last, if nothing came after.
  void choose_final_output() {
    for (FieldId id = 0; id < view_.fields_.size(); ++id) {
      if (view_.fields_[id].role == TextRole::output) {
        view_.final_output_ = id;
      }
    }
    if (!view_.final_output_) {
      if (!view_.steps_.empty()) {
        const StepView& last = view_.steps_.back();
        const bool said = last.kind == StepKind::message || last.kind == StepKind::llm;
        view_.final_output_ = said ? last.output : std::nullopt;
      }
      return;
    }
    const TextField& output = view_.fields_[*view_.final_output_];
    if (!output.cut) {
      return;
    }
    const std::string_view start = without_mark(output.text);
    for (auto step = view_.steps_.rbegin(); step != view_.steps_.rend(); ++step) {
      if (!step->output || view_.fields_[*step->output].cut) {
        continue;
      }
      if (trim(view_.fields_[*step->output].text).starts_with(start)) {
        view_.fields_[*view_.final_output_].superseded = true;
        view_.values_[*view_.final_output_].clear();
        view_.final_output_ = *step->output;
        return;
      }
    }
  }

  void collect_delivered() {
    if (view_.final_output_) {
      view_.delivered_.push_back(*view_.final_output_);
    }
    for (const StepView& step : view_.steps_) {
      constexpr std::size_t kProseMin = 40;
      if (step.kind == StepKind::tool && step.input && !step.failed &&
          names_a_delivery(step.tool) && view_.fields_[*step.input].text.size() >= kProseMin) {
        view_.delivered_.push_back(*step.input);
      }
    }
  }

  void find_all_secrets() {
    std::unordered_set<std::string> known;
    const auto learn = [&](std::string_view value) {
      constexpr std::size_t kBytesMax = 300;
      constexpr std::size_t kValuesMax = 256;
      if (value.size() <= kBytesMax && known.size() < kValuesMax && known.emplace(value).second) {
        view_.secret_values_.emplace_back(value);
      }
    };
    for (const Records& records : view_.records_) {
      for (const Cell& cell : records.cells) {
        constexpr std::size_t kBytesMin = 6;
        if (cell.value.size() >= kBytesMin && names_a_secret(cell.key) &&
            !is_placeholder(cell.value) && cell.value.find(' ') == std::string::npos &&
            std::any_of(cell.value.begin(), cell.value.end(), is_digit)) {
          learn(cell.value);
        }
      }
    }
    view_.secrets_.reserve(view_.fields_.size());
    for (const TextField& field : view_.fields_) {
      view_.secrets_.push_back(find_secrets(field.text));
      for (const Secret& secret : view_.secrets_.back()) {
        learn(field.text.substr(secret.start, secret.end - secret.start));
      }
    }
    add_known_secrets();
  }

  /// Marks the values that are known to be secrets wherever else they stand.
  void add_known_secrets() {
    constexpr std::size_t kSearchedMax = 32;
    const std::size_t count = std::min(view_.secret_values_.size(), kSearchedMax);
    for (FieldId id = 0; id < view_.fields_.size(); ++id) {
      std::vector<Secret>& secrets = view_.secrets_[id];
      const std::size_t formed = secrets.size();
      const std::string_view text = view_.fields_[id].text;
      for (std::size_t i = 0; i < count; ++i) {
        const std::string& value = view_.secret_values_[i];
        for (std::size_t at = text.find(value); at != std::string_view::npos;
             at = text.find(value, at + value.size())) {
          const Secret secret{at, at + value.size(), SecretKind::known};
          const auto overlaps = [&secret](const Secret& other) {
            return other.start < secret.end && secret.start < other.end;
          };
          if (std::none_of(secrets.begin(),
                           secrets.begin() + static_cast<std::ptrdiff_t>(formed),
                           overlaps)) {
            secrets.push_back(secret);
          }
        }
      }
      std::sort(secrets.begin(), secrets.end(), [](const Secret& a, const Secret& b) {
        return a.start != b.start ? a.start < b.start : a.end > b.end;
      });
    }
  }

  void count_cut() {
    std::optional<std::size_t> last;
    for (const TextField& field : view_.fields_) {
      if (!field.cut || field.superseded) {
        continue;
      }
      ++view_.fields_cut_;
      if (field.step && field.step != last) {
        ++view_.steps_cut_;
        last = field.step;
      }
    }
  }

  const TaskData& trace_;
  TraceView& view_;
  std::unordered_set<std::string> own_jobs_;
};

TraceView::TraceView(const TaskData& trace, Use use) : trace_(trace) {
  TraceViewBuilder(trace, *this).run(use);
}

std::optional<FieldId> TraceView::find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? std::nullopt : std::optional(found->second);
}

std::string TraceView::masked(const Span& span) const {
  std::string words(text(span));
  for (const Secret& secret : secrets_[span.field]) {
    const std::size_t start = std::max(secret.start, span.start);
    const std::size_t end = std::min(secret.end, span.start + words.size());
    for (std::size_t i = start; i < end; ++i) {
      words[i - span.start] = '*';
    }
  }
  return words;
}

std::string_view TraceView::text(const Span& span) const {
  const std::string_view text = fields_[span.field].text;
  const std::size_t start = std::min(span.start, text.size());
  return text.substr(start, std::max(span.end, start) - start);
}

}  // namespace infinium::maestro
