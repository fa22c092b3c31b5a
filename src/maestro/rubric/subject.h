#pragma once

#include <string>
#include <vector>

#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A text that a rule about the output, or about "the reply", "the post", "the note", speaks of.
struct SubjectText {
  Span at;             ///< where it stands
  std::string text;    ///< with escapes resolved
  std::string name;    ///< the field's path, or the path, "#" and the argument's name
  bool whole = false;  ///< it is the whole field
  bool cut = false;    ///< the rest of it was not sent
  bool loose = false;  ///< the output, of which the document may be only a passage
};

/// The texts that a rule may mean, the most likely first; empty if nothing was handed over. A
/// document's noun means what was given to a tool of that name ("reply": the text of `send_reply`,
/// the last one if there are several), else the output.
[[nodiscard]] std::vector<SubjectText> subject_texts(const TraceView& view,
                                                     const std::string& document);

/// The texts that the agent gave to tools to be sent, posted or written, in order.
[[nodiscard]] std::vector<SubjectText> written_texts(const TraceView& view);

/// A text as far as rules about its content read it, at most 40,000 bytes; the rest of a longer one
/// counts as not sent, so that nothing is taken for absent from it.
void limit(SubjectText& subject);

/// What the agent said in the conversation, in order; the final output is not among them.
[[nodiscard]] std::vector<SubjectText> spoken_texts(const TraceView& view);

}  // namespace infinium::maestro
