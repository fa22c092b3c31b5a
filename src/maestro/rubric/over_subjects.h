#pragma once

#include <string>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/subject.h"

namespace infinium::maestro {

/// Asks every text the check could mean and takes the answer that they share; one text decides.
template <class Judge>
Ruling over_subjects(const TraceView& view, const std::string& document, Judge judge) {
  const auto subjects = subject_texts(view, document);
  if (subjects.empty()) {
    return nothing_delivered();
  }
  Ruling first = judge(subjects.front());
  for (std::size_t i = 1; i < subjects.size(); ++i) {
    if (judge(subjects[i]).status != first.status) {
      return unclear("The texts handed over differ in this.",
                     "Which of the texts the rule is about.");
    }
  }
  return first;
}

}  // namespace infinium::maestro
