#include "judge/data_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "codec/json_writer.h"

namespace infinium::judge {
namespace {

constexpr std::size_t kLineBytesMin = 300;  ///< a line is never asked to be shorter
constexpr std::size_t kMembersMax = 30;     ///< top-level members of a trace besides its steps
constexpr std::size_t kRubricMax = 40;
constexpr std::size_t kFindingsMax = 15;
constexpr std::size_t kLabelBytesMax = 24;
constexpr std::size_t kStringBytesMin = 32;
static_assert((kMembersMax + kRubricMax + kFindingsMax + 3) * kLineBytesMin <= kDataBytesMin);

/// What sets the task stands before the steps, what came of it after them.
constexpr std::array<std::string_view, 5> kBefore{
    "name", "description", "input_summary", "current_datetime", "duration"};
constexpr std::array<std::string_view, 7> kAfter{
    "output_summary", "errors", "sections", "llm_usage", "context", "environment", "prompt_studio"};

bool is_inner_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

constexpr std::string_view kNextLine = "\\u0085";

/// The escape for a line break beyond ASCII that stands at the front, else nothing.
std::string_view line_break_escape(std::string_view text) {
  if (text.starts_with("\xC2\x85")) {
    return kNextLine;
  }
  if (text.starts_with("\xE2\x80\xA8")) {
    return "\\u2028";
  }
  return text.starts_with("\xE2\x80\xA9") ? "\\u2029" : "";
}

/// One object of the text: {KIND: LABEL, "value": …}. `value` is borrowed.
struct Line {
  std::string_view kind;
  std::string label;
  const Json* value = nullptr;
  std::string text;
};

void write_trimmed(codec::JsonWriter& out, const Json& json, std::size_t string_bytes_max) {
  if (const std::string* text = json.if_string()) {
    out.value(std::string_view(trim_middle(*text, string_bytes_max)));
  } else if (const Json::Array* items = json.if_array()) {
    out.begin_array();
    for (const Json& item : *items) {
      write_trimmed(out, item, string_bytes_max);
    }
    out.end_array();
  } else if (const Json::Object* members = json.if_object()) {
    out.begin_object();
    for (const JsonMember& member : *members) {
      out.key(member.key);
      write_trimmed(out, member.value, string_bytes_max);
    }
    out.end_object();
  } else {
    out.value(json);
  }
}

std::string render(const Line& line, std::size_t string_bytes_max) {
  codec::JsonWriter out;
  out.begin_object();
  out.key(line.kind);
  out.value(std::string_view(line.label));
  out.key("value");
  write_trimmed(out, *line.value, string_bytes_max);
  out.end_object();
  return escape_control_marks(std::move(out).take()) + "\n";
}

/// For a value that stays too long even with short strings: its JSON as one text, trimmed.
std::string render_as_text(const Line& line, std::size_t text_bytes_max) {
  codec::JsonWriter out;
  out.begin_object();
  out.key(line.kind);
  out.value(std::string_view(line.label));
  out.key("trimmed");
  out.value(std::string_view(trim_middle(codec::encode_json(*line.value), text_bytes_max)));
  out.end_object();
  return escape_control_marks(std::move(out).take()) + "\n";
}

void shrink(Line& line, std::size_t bytes_max) {
  for (std::size_t cap = bytes_max / 2; cap >= kStringBytesMin; cap /= 2) {
    line.text = render(line, cap);
    if (line.text.size() <= bytes_max) {
      return;
    }
  }
  for (std::size_t cap = bytes_max / 2;; cap /= 2) {
    line.text = render_as_text(line, cap);
    if (line.text.size() <= bytes_max || cap == 0) {
      return;
    }
  }
}

/// The greatest length to which all lines can be held so that they fit together.
std::size_t length_that_fits(const std::vector<Line>& lines, std::size_t bytes_max) {
  std::vector<std::size_t> sizes;
  sizes.reserve(lines.size());
  for (const Line& line : lines) {
    sizes.push_back(line.text.size());
  }
  std::ranges::sort(sizes);
  std::size_t left = bytes_max;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::size_t share = left / (sizes.size() - i);
    if (sizes[i] > share) {
      return share;
    }
    left -= sizes[i];
  }
  return bytes_max;
}

/// Which of `count` steps are shown if only `allowed` can be: those that the engine names (at most
/// half of the room), then from both ends inwards.
std::vector<bool> choose_steps(std::size_t count,
                               std::size_t allowed,
                               const Interpretation& interpretation) {
  std::vector<bool> shown(count, allowed >= count);
  std::size_t left = allowed >= count ? 0 : allowed;
  const auto show = [&](std::size_t at) {
    if (left > 0 && !shown[at]) {
      shown[at] = true;
      --left;
    }
  };
  const auto show_named = [&](std::int64_t at) {
    if (left > allowed / 2 && at >= 0 && static_cast<std::size_t>(at) < count) {
      show(static_cast<std::size_t>(at));
    }
  };
  if (interpretation.root_cause && interpretation.root_cause->step_index) {
    show_named(*interpretation.root_cause->step_index);
  }
  for (const Finding& finding : interpretation.findings) {
    std::ranges::for_each(finding.step_indices, show_named);
  }
  std::size_t at = 0;
  while (left > 0) {
    show(at);
    show(count - 1 - at);
    ++at;
  }
  return shown;
}

/// "3-7" for each run of steps that is not shown.
Json::Array hidden_ranges(const std::vector<bool>& shown) {
  Json::Array ranges;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const std::size_t first = i;
    while (i < shown.size() && !shown[i]) {
      ++i;
    }
    if (i > first) {
      ranges.emplace_back(fmt::format("{}-{}", first, i - 1));
    }
  }
  return ranges;
}

/// Collects the lines in their order. Borrows trace and interpretation; owns what it makes.
class Composer {
 public:
  Composer(const Json& trace, const Interpretation& interpretation)
      : trace_(trace), interpretation_(interpretation) {
    // What we encode ourselves reads back.
    result_ = *codec::parse_json(codec::encode_interpretation(interpretation));
  }

  DataText compose(std::size_t bytes_max) {
    for (const std::string_view key : kBefore) {
      add_member(key);
    }
    add_rubric();
    add_after_steps();
    add_engine();
    DataText out;
    out.cut = left_out_;
    out.rubric_ids = std::move(rubric_ids_);
    add_steps(out, bytes_max);
    fit(out, bytes_max);
    return out;
  }

 private:
  void add(std::vector<Line>& to, std::string_view kind, std::string label, const Json& value) {
    if (label.size() > kLabelBytesMax) {
      label = "(a long name)";
    }
    to.push_back({kind, std::move(label), &value, {}});
    to.back().text = render(to.back(), SIZE_MAX);
  }
  const Json& keep(Json value) { return kept_.emplace_back(std::move(value)); }

  void add_member(std::string_view key) {
    const Json* const value = trace_.find(key);
    if (value != nullptr && !value->is_null()) {
      add(steps_at_ ? after_ : before_, "trace", std::string(key), *value);
    }
  }

  void add_rubric() {
    for (const RubricItem& item : interpretation_.rubric) {
      if (rubric_ids_.size() == kRubricMax) {
        left_out_ = true;
        break;
      }
      rubric_ids_.push_back(item.id);
      add(before_,
          "rubric",
          item.id,
          keep(Json::Object{{"kind", codec::to_string(item.kind)}, {"text", item.text}}));
    }
    if (rubric_ids_.empty() || left_out_) {
      add_member("expected_outcome");
    }
  }

  void add_after_steps() {
    steps_at_ = true;
    for (const std::string_view key : kAfter) {
      add_member(key);
    }
    for (const JsonMember& member : *trace_.if_object()) {
      const auto is_key = [&](std::string_view key) { return key == member.key; };
      if (std::ranges::any_of(kBefore, is_key) || std::ranges::any_of(kAfter, is_key) ||
          member.key == "steps" || member.key == "expected_outcome") {
        continue;
      }
      if (before_.size() - rubric_ids_.size() + after_.size() >= kMembersMax) {
        left_out_ = true;
        break;
      }
      add(after_, "trace", member.key, member.value);
    }
  }

  /// Without status, method and confidence.
  void add_engine() {
    const Json* const findings = result_.find("findings");
    std::size_t count = 0;
    for (const Json& finding : *findings->if_array()) {
      if (count++ == kFindingsMax) {
        left_out_ = true;
        break;
      }
      add(after_,
          "engine",
          "finding",
          keep(Json::Object{{"code", *finding.find("code")},
                            {"title", *finding.find("title")},
                            {"explanation", *finding.find("explanation")},
                            {"steps", *finding.find("steps")},
                            {"evidence", *finding.find("evidence")}}));
    }
    if (const Json* const cause = result_.find("rootCause"); !cause->is_null()) {
      add(after_,
          "engine",
          "root cause",
          keep(Json::Object{{"stepIndex", *cause->find("stepIndex")},
                            {"reason", *cause->find("reason")},
                            {"evidence", *cause->find("evidence")}}));
    }
  }

  void add_steps(DataText& out, std::size_t bytes_max) {
    const Json* const member = trace_.find("steps");
    const Json::Array* const steps = member == nullptr ? nullptr : member->if_array();
    if (steps == nullptr) {
      return;
    }
    // Lines of the least length always fit; more of them only where all are shown whole.
    const std::size_t room = bytes_max / kLineBytesMin - before_.size() - after_.size() - 1;
    const std::size_t whole = whole_bytes(*steps, bytes_max);
    const bool all = whole <= bytes_max || steps->size() <= room;
    out.steps_shown = choose_steps(steps->size(), all ? steps->size() : room, interpretation_);
    for (std::size_t i = 0; i < steps->size(); ++i) {
      if (out.steps_shown[i]) {
        add(before_, "trace", fmt::format("steps[{}]", i), (*steps)[i]);
      }
    }
    if (!all) {
      out.cut = true;
      add(before_, "trace", "steps not shown", keep(Json(hidden_ranges(out.steps_shown))));
    }
  }

  /// The bytes of all lines, steps included; stops counting beyond `enough`.
  [[nodiscard]] std::size_t whole_bytes(const Json::Array& steps, std::size_t enough) const {
    std::size_t bytes = 0;
    for (const std::vector<Line>* lines : {&before_, &after_}) {
      for (const Line& line : *lines) {
        bytes += line.text.size();
      }
    }
    for (std::size_t i = 0; i < steps.size() && bytes <= enough; ++i) {
      bytes += render({"trace", fmt::format("steps[{}]", i), &steps[i], {}}, SIZE_MAX).size();
    }
    return bytes;
  }

  void fit(DataText& out, std::size_t bytes_max) {
    std::vector<Line> lines = std::move(before_);
    std::ranges::move(after_, std::back_inserter(lines));
    const std::size_t length = length_that_fits(lines, bytes_max);
    for (Line& line : lines) {
      if (line.text.size() > length) {
        shrink(line, length);
        out.cut = true;
      }
      out.text += line.text;
    }
  }

  const Json& trace_;
  const Interpretation& interpretation_;
  Json result_;
  std::deque<Json> kept_;
  std::vector<Line> before_;
  std::vector<Line> after_;
  std::vector<std::string> rubric_ids_;
  bool steps_at_ = false;
  bool left_out_ = false;
};

}  // namespace

std::string escape_control_marks(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char next = i + 1 < json.size() ? json[i + 1] : '\0';
    if (json[i] == '<') {
      out += "\\u003c";
    } else if (json[i] == '[' && (next == '/' || (next >= 'A' && next <= 'Z'))) {
      out += "\\u005b";
    } else if (const std::string_view escape = line_break_escape(json.substr(i)); !escape.empty()) {
      out += escape;
      i += escape == kNextLine ? 1 : 2;
    } else {
      out += json[i];
    }
  }
  return out;
}

DataText write_data(const Json& trace,
                    const Interpretation& interpretation,
                    std::size_t bytes_max) {
  return Composer(trace, interpretation).compose(bytes_max);
}

std::string trim_middle(std::string_view text, std::size_t bytes_max) {
  constexpr std::size_t kMarkBytes = 32;
  if (text.size() <= bytes_max || text.size() - bytes_max <= kMarkBytes) {
    return std::string(text);
  }
  std::size_t head = bytes_max - bytes_max / 2;
  std::size_t tail = text.size() - bytes_max / 2;
  while (head > 0 && is_inner_byte(text[head])) {
    --head;
  }
  while (tail < text.size() && is_inner_byte(text[tail])) {
    ++tail;
  }
  return fmt::format(
      "{}…({} bytes left out)…{}", text.substr(0, head), tail - head, text.substr(tail));
}

}  // namespace infinium::judge
