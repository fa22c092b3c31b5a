#include "cli/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "cli/json_view.h"
#include "cli/text_layout.h"

namespace infinium::cli {
namespace {

constexpr std::size_t kQuoteColumns = 160;  ///< of one quote; the whole is in the JSON
constexpr std::size_t kEvidenceShown = 3;   ///< of one claim
constexpr std::size_t kUnclearShown = 5;    ///< rubric items that say nothing

enum class Paint { none, bold, dim, red, green, yellow };

/// "partially_succeeded" as "partially succeeded".
std::string in_words(std::string_view name) {
  std::string words = printable(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string upper(std::string text) {
  for (char& c : text) {
    c = 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

/// At most one decimal, and none for a whole number.
std::string short_number(double value) {
  return std::abs(value - std::round(value)) < 0.05 ? fmt::format("{:.0f}", std::round(value))
                                                    : fmt::format("{:.1f}", value);
}

/// "step 4" or "steps 5–7, 9"; empty without steps.
std::string step_list(const Json::Array& steps) {
  std::vector<std::int64_t> numbers;
  for (const Json& step : steps) {
    if (step.if_number() != nullptr && step.if_number()->as_int64()) {
      numbers.push_back(*step.if_number()->as_int64());
    }
  }
  std::string out;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) {
      ++last;
    }
    out += out.empty() ? "" : ", ";
    out +=
        last > i ? fmt::format("{}–{}", numbers[i], numbers[last]) : fmt::format("{}", numbers[i]);
    i = last + 1;
  }
  return out.empty() ? out : (numbers.size() == 1 ? "step " : "steps ") + out;
}

/// One place in a trace, for a person: "step 4, output_preview".
std::string place_of(const Json& quote) {
  std::string field = printable(text_at(quote, "field"));
  const std::optional<std::string> step = digits_at(quote, "step");
  if (!step) {
    return field;
  }
  if (const std::size_t dot = field.find("]."); field.starts_with("steps[") && dot != field.npos) {
    field.erase(0, dot + 2);
  }
  return "step " + *step + ", " + field;
}

std::string joined(const Json::Array& texts) {
  std::string out;
  for (const Json& text : texts) {
    if (text.if_string() != nullptr) {
      out += (out.empty() ? "" : ", ") + printable(*text.if_string());
    }
  }
  return out;
}

std::string describe_evidence(const Json& evidence) {
  const std::string_view kind = text_at(evidence, "kind");
  if (kind == "quote") {
    return fmt::format("“{}” ({})",
                       shorten(printable(text_at(evidence, "text")), kQuoteColumns),
                       place_of(evidence));
  }
  if (kind == "absence") {
    return fmt::format("looked for {} in {}: not there",
                       printable(text_at(evidence, "lookedFor")),
                       joined(list_at(evidence, "searched")));
  }
  if (kind == "measure") {
    const std::optional<std::string> limit = digits_at(evidence, "limit");
    return fmt::format("{}: {}{} ({})",
                       printable(text_at(evidence, "what")),
                       digits_at(evidence, "value").value_or("?"),
                       limit ? ", limit " + *limit : "",
                       printable(text_at(evidence, "counted")));
  }
  if (kind == "comparison") {
    Json::Array values;  // most traces say the same
    for (const Json& value : list_at(evidence, "valuesThere")) {
      if (std::find(values.begin(), values.end(), value) == values.end()) {
        values.push_back(value);
      }
    }
    return fmt::format("{}: here “{}”, in {} other traces {}",
                       shorten(printable(text_at(evidence, "what")), kQuoteColumns),
                       shorten(printable(text_at(evidence, "valueHere")), kQuoteColumns),
                       list_at(evidence, "traceIds").size(),
                       shorten(joined(values), kQuoteColumns));
  }
  return "";
}

/// Puts lines on a page of limited width.
class Page {
 public:
  explicit Page(const RenderOptions& options) : options_(options) {}

  /// `text` wrapped at the page's width behind `indent` columns; the first line starts with `lead`
  /// in place of the indent (at least as wide as it is).
  void paragraph(std::size_t indent, std::string_view text, std::string_view lead = {}) {
    const std::size_t width = std::max<std::size_t>(20, options_.width - indent);
    bool first = true;
    for (const std::string& line : wrap(text, width)) {
      if (first && !lead.empty()) {
        out_ += lead;
      } else {
        out_.append(indent, ' ');
      }
      out_ += line + "\n";
      first = false;
    }
  }

  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }

  void heading(std::string_view text) { out_ += "\n" + paint(Paint::bold, text) + "\n"; }

  [[nodiscard]] std::string paint(Paint paint, std::string_view text) const {
    constexpr std::array kCodes{"", "1", "2", "31", "32", "33"};
    if (!options_.color || paint == Paint::none) {
      return std::string(text);
    }
    return fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<std::size_t>(paint)), text);
  }

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  const RenderOptions& options_;
  std::string out_;
};

void put_evidence(Page& page, const Json& claim, std::size_t indent) {
  const Json::Array& all = list_at(claim, "evidence");
  std::size_t shown = 0;
  for (const Json& evidence : all) {
    if (shown == kEvidenceShown) {
      page.paragraph(indent, fmt::format("(and {} more)", all.size() - shown));
      return;
    }
    if (const std::string text = describe_evidence(evidence); !text.empty()) {
      page.paragraph(indent + 2, text, std::string(indent, ' ') + "· ");
      ++shown;
    }
  }
}

Paint color_of_verdict(std::string_view verdict) {
  return verdict == "succeeded" ? Paint::green : verdict == "failed" ? Paint::red : Paint::yellow;
}

void put_verdict(Page& page, const Json& result) {
  const std::string_view verdict = text_at(result, "verdict");
  std::string line = page.paint(color_of_verdict(verdict), upper(in_words(verdict)));
  if (const std::optional<double> score = number_at(result, "score")) {
    line += fmt::format("   score {} of 100", short_number(*score));
  }
  page.line(line);
  page.paragraph(0, printable(text_at(result, "summary")));
  const Json* undetermined = result.find("undetermined");
  if (undetermined != nullptr && !undetermined->is_null()) {
    page.paragraph(0,
                   fmt::format("Undetermined ({}). What would settle it: {}",
                               in_words(text_at(*undetermined, "reason")),
                               printable(text_at(*undetermined, "wouldSettle"))));
  }
}

void put_root_cause(Page& page, const Json& result) {
  const Json* cause = result.find("rootCause");
  if (cause == nullptr || cause->is_null()) {
    return;
  }
  page.heading("Where it went wrong");
  const std::optional<std::string> step = digits_at(*cause, "step");
  const std::string agent = printable(text_at(*cause, "agent"));
  page.paragraph(2,
                 fmt::format("{}{} ({}): {}",
                             step ? "step " + *step : "the output itself",
                             agent.empty() ? "" : " of " + agent,
                             in_words(text_at(*cause, "kind")),
                             printable(text_at(*cause, "reason"))));
  put_evidence(page, *cause, 2);
  if (const std::string spread = step_list(list_at(*cause, "affectedSteps")); !spread.empty()) {
    page.paragraph(2, "It spread to " + spread + ".");
  }
  for (const Json& other : list_at(*cause, "alternatives")) {
    const std::optional<std::string> place = digits_at(other, "step");
    page.paragraph(2,
                   fmt::format("It may also be {}: {}",
                               place ? "step " + *place : "the output itself",
                               printable(text_at(other, "reason"))));
  }
}

void put_rubric_item(Page& page, const Json& item) {
  const std::string_view status = text_at(item, "status");
  const bool met = status == "met";
  const bool unmet = status == "unmet";
  const Paint paint = met ? Paint::green : unmet ? Paint::red : Paint::yellow;
  const std::string mark = fmt::format("{} {:7}", met ? "✓" : unmet ? "✗" : "?", printable(status));
  page.paragraph(
      13,
      fmt::format("{}: {}", printable(text_at(item, "kind")), printable(text_at(item, "text"))),
      "  " + page.paint(paint, mark) + "  ");
  if (const std::string_view read_as = text_at(item, "readAs"); !read_as.empty()) {
    page.paragraph(13, "read as: " + printable(read_as));
  }
  page.paragraph(13, printable(text_at(item, "rationale")));
  put_evidence(page, item, 13);
  if (const std::string_view settle = text_at(item, "wouldSettle"); !settle.empty()) {
    page.paragraph(13, "what would settle it: " + printable(settle));
  }
}

void put_rubric(Page& page, const Json& result) {
  const Json::Array& rubric = list_at(result, "rubric");
  if (rubric.empty()) {
    return;
  }
  const bool derived = text_at(result, "objectiveSource") == "derived";
  page.heading(derived ? "Objective (read from the task: no rubric was sent)" : "Rubric");
  std::size_t unclear = 0;
  for (const Json& item : rubric) {
    if (text_at(item, "status") != "unclear" || ++unclear <= kUnclearShown) {
      put_rubric_item(page, item);
    }
  }
  if (unclear > kUnclearShown) {
    page.paragraph(2, fmt::format("(and {} more that are unclear)", unclear - kUnclearShown));
  }
}

std::string waste_of(const Json& finding) {
  const Json* wasted = finding.find("wasted");
  if (wasted == nullptr) {
    return "";
  }
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : ", ") + part; };
  if (const double ms = number_at(*wasted, "ms").value_or(0); ms > 0) {
    add(fmt::format("{:.0f} ms", ms));
  }
  if (const double tokens = number_at(*wasted, "tokens").value_or(0); tokens > 0) {
    add(fmt::format("{:.0f} tokens", tokens));
  }
  if (const double cost = number_at(*wasted, "costUsd").value_or(0); cost > 0) {
    add(fmt::format("${:.4f}", cost));
  }
  return out;
}

void put_finding(Page& page, const Json& finding, Paint paint) {
  const std::string steps = step_list(list_at(finding, "steps"));
  page.paragraph(
      13,
      fmt::format("{}{} [{}]",
                  printable(text_at(finding, "title")),
                  steps.empty() ? "" : ", " + steps,
                  printable(text_at(finding, "code"))),
      fmt::format(
          "  {}{}",
          page.paint(paint, printable(text_at(finding, "severity"))),
          std::string(11 - std::min<std::size_t>(10, columns(text_at(finding, "severity"))), ' ')));
  page.paragraph(13, printable(text_at(finding, "explanation")));
  put_evidence(page, finding, 13);
  if (const std::string waste = waste_of(finding); !waste.empty()) {
    page.paragraph(13, "wasted: " + waste);
  }
  if (const std::string_view advice = text_at(finding, "recommendation"); !advice.empty()) {
    page.paragraph(15, printable(advice), std::string(13, ' ') + "→ ");
  }
}

void put_findings(Page& page, const Json& result) {
  const Json::Array& findings = list_at(result, "findings");
  if (findings.empty()) {
    return;
  }
  page.heading("Findings");
  constexpr std::array kSeverities{std::pair{std::string_view("critical"), Paint::red},
                                   std::pair{std::string_view("warning"), Paint::yellow},
                                   std::pair{std::string_view("info"), Paint::none}};
  for (const auto& [severity, paint] : kSeverities) {
    for (const Json& finding : findings) {
      if (text_at(finding, "severity") == severity) {
        put_finding(page, finding, paint);
      }
    }
  }
}

void put_score(Page& page, const Json& result) {
  const Json::Array& parts = list_at(result, "scoreParts");
  if (parts.empty()) {
    return;
  }
  page.heading("How the score comes about");
  for (const Json& part : parts) {
    const double points = number_at(part, "points").value_or(0);
    const std::string because = printable(text_at(part, "because"));
    page.paragraph(9,
                   in_words(text_at(part, "name")) + (because.empty() ? "" : ": " + because),
                   fmt::format("  {:>5}  ", (points > 0 ? "+" : "") + short_number(points)));
  }
}

std::string counted(double n, std::string_view one) {
  return fmt::format("{:.0f} {}{}", n, one, n == 1 ? "" : "s");
}

void put_behavior(Page& page, const Json& result) {
  const Json* behavior = result.find("behavior");
  if (behavior == nullptr) {
    return;
  }
  const auto value = [&](std::string_view key) { return number_at(*behavior, key).value_or(0); };
  std::string text = fmt::format("{}, {}, {}, {}",
                                 counted(value("stepCount"), "step"),
                                 counted(value("toolCalls"), "tool call"),
                                 counted(value("llmCalls"), "LLM call"),
                                 counted(value("errors"), "error"));
  if (value("errors") > 0) {
    text += fmt::format(" ({:.0f} recovered)", value("recoveredErrors"));
  }
  if (const double tokens = value("promptTokens") + value("completionTokens"); tokens > 0) {
    text += ", " + counted(tokens, "token");
  }
  if (value("costUsd") > 0) {
    text += fmt::format(", ${:.4f}", value("costUsd"));
  }
  if (value("busyMs") > 0) {
    text += fmt::format(", {:.1f} s at work", value("busyMs") / 1000);
  }
  page.heading("What was seen");
  page.paragraph(2, text);
  const Json* completeness = result.find("completeness");
  if (completeness != nullptr && number_at(*completeness, "fieldsCut").value_or(0) > 0) {
    page.paragraph(2,
                   fmt::format("{} cut short by the sender: what is missing there was not held "
                               "against the agent",
                               counted(*number_at(*completeness, "fieldsCut"), "text")));
  }
}

}  // namespace

std::string render_interpretation(const Json& interpretation, const RenderOptions& options) {
  Page page(options);
  put_verdict(page, interpretation);
  put_root_cause(page, interpretation);
  put_rubric(page, interpretation);
  put_findings(page, interpretation);
  put_score(page, interpretation);
  put_behavior(page, interpretation);
  return std::move(page).take();
}

}  // namespace infinium::cli
