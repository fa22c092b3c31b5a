#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/given_finder.h"
#include "maestro/rubric/subject.h"

namespace infinium::maestro {
namespace {

std::vector<SubjectText> texts_for(const TraceView& view, const GiveCheck& check) {
  std::vector<SubjectText> subjects = subject_texts(view, {});
  if (!check.closing) {
    for (SubjectText& written : written_texts(view)) {
      subjects.push_back(std::move(written));
    }
  }
  return subjects;
}

Ruling missing_thing(const TraceView& view,
                     const Wanted& wanted,
                     const GivenOutcome& outcome,
                     std::span<const FieldId> fields) {
  if (outcome.at) {
    Ruling ruling = decided(false,
                            fmt::format("What stands there is not the {}.", wanted.phrase),
                            quote(view, *outcome.at));
    ruling.add(outcome.source ? quote(view, *outcome.source) : std::nullopt);
    return ruling;
  }
  auto nowhere = absence(view, wanted.phrase, fields);
  const std::string kind = wanted.content == Content::words
                               ? std::string("it")
                               : std::string(content_name(wanted.content));
  Ruling ruling = decided(
      false,
      fmt::format("The {} is missing: nothing that was handed over holds {}.", wanted.phrase, kind),
      nowhere ? std::move(nowhere) : quote_opening(view, fields.front()));
  ruling.add(outcome.source ? quote(view, *outcome.source) : std::nullopt);
  return ruling;
}

}  // namespace

Ruling evaluate_given(const RunColumns& columns, const GiveCheck& check) {
  const TraceView& view = columns.view();
  auto subjects = texts_for(view, check);
  if (subjects.empty()) {
    return nothing_delivered();
  }
  std::vector<FieldId> fields;
  for (const SubjectText& subject : subjects) {
    fields.push_back(subject.at.field);
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  const GivenFinder finder(columns, std::move(subjects));
  const auto outcomes = finder.find(check.things);
  Ruling met{RubricStatus::met, "Everything it names is there.", {}, {}, {}, false};
  const Wanted* open = nullptr;
  std::size_t found = 0;
  bool only_soft_open = true;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const GivenOutcome& outcome = outcomes[i];
    const Wanted& wanted = check.things[i];
    const bool may_be_none = wanted.content == Content::money && finder.says_none();
    if (outcome.status == GivenOutcome::Status::missing && !finder.cut() && !may_be_none) {
      return missing_thing(view, wanted, outcome, fields);
    }
    if (outcome.status != GivenOutcome::Status::found) {
      open = open == nullptr ? &wanted : open;
      only_soft_open =
          only_soft_open && (wanted.content == Content::words ||
                             wanted.content == Content::number || is_sensitive(wanted.content));
      continue;
    }
    ++found;
    met.add(outcome.at ? quote(view, *outcome.at) : std::nullopt);
    met.add(outcome.source ? quote(view, *outcome.source) : std::nullopt);
  }
  // What is known by its name alone may be there in other words, and so may what a number counts.
  met.partly = open != nullptr && only_soft_open && found * 2 >= outcomes.size();
  if (met.evidence.empty() || finder.cut() || (open != nullptr && !met.partly)) {
    return finder.cut() ? is_cut(view, fields.front())
                        : unclear(fmt::format("Whether the {} is there is not clear.",
                                              open != nullptr ? open->phrase : "thing asked for"),
                                  "A reviewer's reading.");
  }
  if (met.partly) {
    met.rationale = fmt::format("All but the {} is there; whether that is, only a reader can tell.",
                                open->phrase);
  }
  return met;
}

}  // namespace infinium::maestro
