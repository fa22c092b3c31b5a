#include "maestro/rubric/subject.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kTextsMax = 64;

/// What tools are called that hand over such a document.
struct Document {
  std::string_view noun;
  std::array<std::string_view, 5> tool_words;
  bool quotable;  ///< short enough that the output may repeat it
};
constexpr auto kDocuments = std::to_array<Document>({
    {"reply", {"reply", "respond", "answer", "", ""}, true},
    {"email", {"mail", "email", "reply", "", ""}, true},
    {"message", {"message", "sms", "chat", "notify", "reply"}, true},
    {"text", {"sms", "text", "", "", ""}, true},
    {"letter", {"letter", "mail", "", "", ""}, true},
    {"note", {"note", "", "", "", ""}, true},
    {"post", {"post", "publish", "tweet", "", ""}, true},
    {"comment", {"comment", "", "", "", ""}, true},
    {"description", {"description", "", "", "", ""}, true},
});

const Document* find_document(std::string_view noun) {
  const auto found = std::find_if(kDocuments.begin(), kDocuments.end(), [&](const Document& each) {
    return each.noun == noun;
  });
  return found == kDocuments.end() ? nullptr : found;
}

bool is_prose(std::string_view value) {
  constexpr std::size_t kBytesMin = 20;
  return value.size() >= kBytesMin && find_words(value).size() >= 4 && !value.starts_with('{') &&
         !value.starts_with("http");
}

/// The longest prose argument of a call; null if it has none.
const Argument* prose_of(const StepView& step) {
  const Argument* longest = nullptr;
  for (const Argument& argument : step.arguments) {
    if (!argument.key.empty() && argument.op.empty() && is_prose(argument.value) &&
        (longest == nullptr || argument.value.size() > longest->value.size())) {
      longest = &argument;
    }
  }
  return longest;
}

bool hands_over(const StepView& step) {
  return step.kind == StepKind::tool && !step.failed &&
         (step.changes_state || names_a_delivery(step.tool));
}

/// The tool's name as words: "send_reply" and "post.schedule" with blanks around.
std::string spaced_name(std::string_view tool) {
  std::string name = " ";
  for (std::size_t i = 0; i < tool.size(); ++i) {
    if (i > 0 && is_upper(tool[i]) && is_lower(tool[i - 1])) {
      name += ' ';
    }
    name += is_alnum(tool[i]) || (tool[i] & 0x80) != 0 ? tool[i] : ' ';
  }
  return fold_case(name + " ");
}

bool names_document(const StepView& step, const std::string& noun) {
  const std::string name = spaced_name(step.tool);
  if (name.find(" " + noun) != std::string::npos) {
    return true;
  }
  const Document* const document = find_document(noun);
  return document != nullptr &&
         std::any_of(
             document->tool_words.begin(), document->tool_words.end(), [&](std::string_view word) {
               return !word.empty() && name.find(" " + std::string(word)) != std::string::npos;
             });
}

SubjectText text_of(const TraceView& view, const Argument& argument) {
  const bool cut = view.field(argument.at.field).cut;
  return {argument.at,
          argument.value,
          view.field(argument.at.field).path + "#" + argument.key,
          false,
          cut,
          false};
}

SubjectText whole_text(const TraceView& view, FieldId field) {
  const TextField& text = view.field(field);
  return {{field, 0, text.text.size()}, std::string(text.text), text.path, true, text.cut, false};
}

/// A call whose other arguments name the document: `write_file(path="report.md", …)`.
bool is_named_in_arguments(const StepView& step, const std::string& noun) {
  constexpr std::size_t kNameBytesMax = 200;
  return std::any_of(step.arguments.begin(), step.arguments.end(), [&](const Argument& argument) {
    return argument.value.size() < kNameBytesMax &&
           fold_case(argument.value).find(noun) != std::string::npos && !is_prose(argument.value);
  });
}

/// Whether the output sets a passage apart: lines that open with ">", or a long quotation that is a
/// line by itself.
bool sets_passage_apart(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    const bool quoted = line.size() > 2 && line.front() == '"' && line.back() == '"' &&
                        find_words(line).size() >= 8;
    if (line.starts_with('>') || quoted) {
      return true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

std::vector<SubjectText> subject_texts(const TraceView& view, const std::string& document) {
  std::vector<SubjectText> texts;
  const StepView* last = nullptr;
  for (const StepView& step : view.steps()) {
    if (document.empty() || step.kind != StepKind::tool || !step.input) {
      continue;
    }
    // What was to be sent is the document, even if the sending failed.
    const bool to_send = step.changes_state || names_a_delivery(step.tool);
    if (to_send && names_document(step, document) && prose_of(step) != nullptr) {
      last = &step;
    } else if (!hands_over(step)) {
      continue;
    } else if (is_named_in_arguments(step, document) && texts.size() < kTextsMax) {
      const Argument* const prose = prose_of(step);
      texts.push_back(prose != nullptr ? text_of(view, *prose) : whole_text(view, *step.input));
    }
  }
  if (last != nullptr) {
    return {text_of(view, *prose_of(*last))};
  }
  if (texts.empty() && view.final_output()) {
    const FieldId output =
        view.delivered().empty() ? *view.final_output() : view.delivered().front();
    texts.push_back(whole_text(view, output));
    const Document* const known = find_document(document);
    texts.back().loose =
        known != nullptr && known->quotable && sets_passage_apart(texts.back().text);
  }
  return texts;
}

std::vector<SubjectText> written_texts(const TraceView& view) {
  std::vector<SubjectText> texts;
  for (const StepView& step : view.steps()) {
    for (const Argument& argument : step.arguments) {
      const bool text = hands_over(step) && !argument.key.empty() && argument.op.empty() &&
                        (is_prose(argument.value) || argument.value.starts_with("http"));
      if (text && texts.size() < kTextsMax) {
        texts.push_back(text_of(view, argument));
      }
    }
  }
  return texts;
}

std::vector<SubjectText> spoken_texts(const TraceView& view) {
  std::vector<SubjectText> texts;
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::message && step.output && texts.size() < kTextsMax &&
        step.output != view.final_output()) {
      texts.push_back(whole_text(view, *step.output));
    }
  }
  return texts;
}

void limit(SubjectText& subject) {
  constexpr std::size_t kBytesMax = 40'000;
  const std::size_t kept = prefix_of(subject.text, kBytesMax).size();
  if (kept < subject.text.size()) {
    subject.text.resize(kept);
    subject.cut = true;
  }
}

}  // namespace infinium::maestro
