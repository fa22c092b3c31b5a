#include "maestro/rubric/linked.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "maestro/facts.h"
#include "maestro/rubric/compile.h"
#include "maestro/rubric/content_find.h"
#include "maestro/rubric/given_finder.h"
#include "maestro/rubric/subject.h"
#include "maestro/text.h"
#include "maestro/text_days.h"
#include "maestro/wrong_values.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kItemsMax = 200;
constexpr std::size_t kFindingsMax = 50;
constexpr std::size_t kBytesReadMax = 4u << 20u;

/// Findings that hold what was done against what was asked for.
bool is_against_request(const Finding& finding) {
  return finding.severity == Severity::critical &&
         (finding.code == "argument.mismatch" || finding.code == "row.mismatch" ||
          finding.code == "data.stale");
}

/// What the finding says should have been taken stands in the item's own words: "conversion at the
/// rate of 30 April 2026" after a call with another day.
bool breaks_by_value(const Finding& finding, const RubricItem& item) {
  if (!is_against_request(finding) || finding.evidence.size() < 2) {
    return false;
  }
  const auto wanted = find_values(item.text);
  auto days = find_days(item.text);
  // "90 days after 31 August": another day is meant.
  std::erase_if(days, [&item](const DayToken& day) {
    const std::string before = fold_case(std::string_view(item.text).substr(0, day.start));
    constexpr auto kTurns = std::to_array<std::string_view>({" after ",
                                                             " before ",
                                                             " since ",
                                                             " until ",
                                                             " by ",
                                                             " from ",
                                                             " than ",
                                                             " nach ",
                                                             " vor ",
                                                             " ab ",
                                                             " bis ",
                                                             " después de ",
                                                             " antes de ",
                                                             " desde ",
                                                             " hasta ",
                                                             " après ",
                                                             " avant "});
    return std::any_of(kTurns.begin(), kTurns.end(), [&before](std::string_view turn) {
      const std::size_t at = before.rfind(turn);
      constexpr std::size_t kNear = 10;
      return at != std::string::npos && before.size() - at <= turn.size() + kNear;
    });
  });
  for (std::size_t i = 1; i < finding.evidence.size(); ++i) {
    const auto* quoted = std::get_if<QuoteEvidence>(&finding.evidence[i]);
    constexpr std::size_t kValueBytesMax = 40;
    if (quoted == nullptr || quoted->text.size() > kValueBytesMax) {
      continue;
    }
    for (const DayToken& day : find_days(quoted->text)) {
      if (std::any_of(days.begin(), days.end(), [&day](const DayToken& each) {
            return same_day(day, each);
          })) {
        return true;
      }
    }
    for (const ValueToken& value : find_values(quoted->text)) {
      // A small number may stand for anything.
      const bool telling = value.kind == ValueKind::identifier || value.kind == ValueKind::url ||
                           value.kind == ValueKind::email ||
                           (value.kind == ValueKind::number && value.number >= 1000);
      if (telling && std::any_of(wanted.begin(), wanted.end(), [&value](const ValueToken& each) {
            return each.key == value.key && each.kind == value.kind;
          })) {
        return true;
      }
    }
  }
  return false;
}

/// "The note says what it saves", "the guest is told": something that has to stand in the output.
bool asks_to_tell(std::string_view text) {
  constexpr auto kTells = std::to_array<std::string_view>({" says ",
                                                           " states ",
                                                           " is told",
                                                           " are told",
                                                           " is stated",
                                                           " are stated",
                                                           " gives ",
                                                           " names ",
                                                           " mentions ",
                                                           " explains ",
                                                           " wird genannt",
                                                           " nennt ",
                                                           " se indica",
                                                           " indica ",
                                                           " est indiqué",
                                                           " indique "});
  return std::any_of(kTells.begin(), kTells.end(), [&](std::string_view word) {
    return fold_case(text).find(word) != std::string::npos;
  });
}

std::vector<Wanted> wanted_by(const RubricItem& item, bool loosely);

/// The output breaks off, and the item asks for things of which some could not be found, or for one
/// of each of many.
bool is_cut_off(const RubricItem& item) {
  const bool open = item.status == RubricStatus::unclear;
  const std::vector<Wanted> things = wanted_by(item, false);
  const bool many =
      std::any_of(things.begin(), things.end(), [](const Wanted& wanted) { return wanted.many; });
  const bool partly = item.status == RubricStatus::met && item.method == RubricMethod::retrieved;
  return things.empty() ? open && asks_to_tell(item.text) : open || partly || many;
}

/// Findings whose first quote is a value, or holds one, that is wrong where it stands.
bool is_about_value(const Finding& finding) {
  if (finding.code.starts_with("ungrounded.")) {
    return finding.severity != Severity::info;
  }
  return finding.severity == Severity::critical &&
         (finding.code.starts_with("figure.") || finding.code == "claim.contradicts_result" ||
          finding.code == "data.stale");
}

bool is_undone_call(const Finding& finding) {
  return finding.severity == Severity::critical && !finding.step_indices.empty() &&
         (finding.code == "error.inside_ok" || finding.code == "error.unrecovered" ||
          finding.code == "call.invalid");
}

std::vector<SubjectText> handed_over(const TraceView& view) {
  std::vector<SubjectText> subjects = subject_texts(view, {});
  for (SubjectText& written : written_texts(view)) {
    subjects.push_back(std::move(written));
  }
  constexpr std::size_t kTextsMax = 20;
  if (subjects.size() > kTextsMax) {
    subjects.resize(kTextsMax);
  }
  for (SubjectText& subject : subjects) {
    limit(subject);
  }
  return subjects;
}

/// The nouns of known kind between the commas of a text that is no plain list: "the space freed, in
/// GB, by each measure and in total".
std::vector<Wanted> parts_of_text(std::string_view text) {
  constexpr std::size_t kBytesMax = 300;
  std::vector<Wanted> things;
  if (text.size() > kBytesMax) {
    return things;
  }
  std::string plain_text(text);
  std::replace(plain_text.begin(), plain_text.end(), ':', ',');
  std::replace(plain_text.begin(), plain_text.end(), ';', ',');
  std::size_t start = 0;
  for (std::size_t at = 0; at <= plain_text.size(); ++at) {
    if (at < plain_text.size() && plain_text[at] != ',') {
      continue;
    }
    for (Wanted& wanted : read_wanted(std::string_view(plain_text).substr(start, at - start))) {
      if (wanted.content != Content::words) {
        things.push_back(std::move(wanted));
      }
    }
    start = at + 1;
  }
  return things;
}

/// The things that an item asks for.
std::vector<Wanted> wanted_by(const RubricItem& item, bool loosely) {
  std::vector<Wanted> things;
  const Compiled compiled = compile_clauses(item.text, {}, item.kind);
  for (const Check& check : compiled.checks) {
    if (const auto* given = std::get_if<GiveCheck>(&check)) {
      things.insert(things.end(), given->things.begin(), given->things.end());
    }
  }
  return things.empty() && loosely ? parts_of_text(item.text) : things;
}

class Links {
 public:
  Links(const TraceView& view, std::span<const ProvenFinding> findings) : view_(view) {
    for (const ProvenFinding& finding : findings) {
      if (wrong_.size() + undone_.size() >= kFindingsMax) {
        break;
      }
      if (is_about_value(*finding)) {
        doubts_ += finding->severity == Severity::warning ? 1 : 0;
        if (auto values = wrong_values(view, *finding); !values.empty()) {
          wrong_.push_back({&finding, std::move(values), {}});
        }
      } else if (is_undone_call(*finding)) {
        undone_.push_back(&finding);
      }
    }
    if (!wrong_.empty()) {
      texts_ = handed_over(view);
      find_places();
    }
  }

  [[nodiscard]] bool empty() const { return wrong_.empty() && undone_.empty(); }

  /// The items that each finding makes unmet: of those that ask for a value of its kind, the ones
  /// that name it best.
  [[nodiscard]] std::vector<const ProvenFinding*> against(
      const std::vector<const RubricItem*>& items) const {
    std::vector<std::vector<Wanted>> things;
    things.reserve(items.size());
    for (const RubricItem* item : items) {
      things.push_back(wanted_by(*item, true));
    }
    std::vector<const ProvenFinding*> out(items.size());
    // How well each item names each wrong value.
    std::vector<std::vector<int>> scores(items.size(), std::vector<int>(wrong_.size()));
    std::size_t bytes_left = kBytesReadMax;
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (const Wanted& wanted : things[i]) {
        score(wanted, scores[i], bytes_left);
      }
    }
    for (std::size_t w = 0; w < wrong_.size(); ++w) {
      int best = 0;
      for (const std::vector<int>& of_item : scores) {
        best = std::max(best, of_item[w]);
      }
      for (std::size_t i = 0; is_sure(wrong_[w]) && i < items.size(); ++i) {
        const bool hit = best > 0 && scores[i][w] == best && out[i] == nullptr;
        out[i] = hit ? wrong_[w].finding : out[i];
      }
    }
    for (const ProvenFinding* finding : undone_) {
      for (std::size_t i = 0; i < items.size(); ++i) {
        const bool hit = out[i] == nullptr && wants_result_of(things[i], *items[i], **finding);
        out[i] = hit ? finding : out[i];
      }
    }
    return out;
  }

 private:
  struct Wrong {
    const ProvenFinding* finding = nullptr;
    std::vector<ValueToken> values;
    std::vector<std::vector<Match>> places;  ///< of the values, in each text
  };

  void find_places() {
    constexpr std::size_t kPlacesMax = 50;
    for (Wrong& wrong : wrong_) {
      wrong.places.resize(texts_.size());
    }
    for (std::size_t t = 0; t < texts_.size(); ++t) {
      for (const ValueToken& value : find_values(texts_[t].text)) {
        for (Wrong& wrong : wrong_) {
          const bool same = std::any_of(
              wrong.values.begin(), wrong.values.end(), [&value](const ValueToken& each) {
                return each.key == value.key && each.kind == value.kind;
              });
          if (same && wrong.places[t].size() < kPlacesMax) {
            wrong.places[t].push_back({value.start, value.end});
          }
        }
      }
    }
  }

  /// Where many values stand in no source, the sources were not read well; and a day or a time may
  /// follow from what was given in ways that no reader of values knows.
  [[nodiscard]] bool is_sure(const Wrong& wrong) const {
    constexpr std::size_t kDoubtsMax = 2;
    const bool follows =
        std::any_of(wrong.values.begin(), wrong.values.end(), [](const ValueToken& value) {
          return value.kind == ValueKind::time || value.kind == ValueKind::date;
        });
    return (*wrong.finding)->severity == Severity::critical || (doubts_ <= kDoubtsMax && !follows);
  }

  /// How well the thing is named where it stands in what was handed over with each of the wrong
  /// values; what does not stand there, or may be another thing, adds nothing.
  void score(const Wanted& wanted, std::vector<int>& scores, std::size_t& bytes_left) const {
    // A number or an identifier may be anything's.
    const bool of_its_own =
        wanted.content != Content::identifier && wanted.content != Content::number;
    for (std::size_t t = 0; wanted.content != Content::words && t < texts_.size(); ++t) {
      const std::string& text = texts_[t].text;
      const bool any = std::any_of(
          wrong_.begin(), wrong_.end(), [t](const Wrong& each) { return !each.places[t].empty(); });
      if (!any || text.size() > bytes_left) {
        continue;
      }
      bytes_left -= text.size();
      const auto places = find_content(text, wanted);
      const auto sure =
          std::count_if(places.begin(), places.end(), [](const ContentAt& at) { return at.sure; });
      for (std::size_t w = 0; w < wrong_.size(); ++w) {
        for (const ContentAt& place : places) {
          const auto& here = wrong_[w].places[t];
          const bool same =
              place.sure && std::any_of(here.begin(), here.end(), [&](const Match& at) {
                return at.start < place.end && place.start < at.end;
              });
          if (same) {
            const int named =
                2 * label_score(wanted, clause_around(text, {place.start, place.end}));
            scores[w] = std::max(scores[w], named + (sure == 1 && of_its_own ? 1 : 0));
          }
        }
      }
    }
  }

  /// Whether what is asked for can only come from the call that did nothing.
  [[nodiscard]] bool wants_result_of(const std::vector<Wanted>& things,
                                     const RubricItem& item,
                                     const Finding& finding) const {
    const StepView& step = view_.steps()[static_cast<std::size_t>(finding.step_indices.front())];
    const bool done =
        std::any_of(view_.steps().begin(), view_.steps().end(), [&step](const StepView& other) {
          return other.tool == step.tool && other.index != step.index && !other.failed &&
                 other.answer == AnswerState::plain;
        });
    if (!step.changes_state || done) {
      return false;
    }
    const std::vector<std::string> tool = name_words(step.tool);
    const auto speaks_of = [](std::span<const std::string> words, const std::string& name) {
      constexpr std::size_t kTellingMin = 4;
      return name.size() >= kTellingMin &&
             std::any_of(words.begin(), words.end(), [&name](const std::string& word) {
               return word.size() >= kTellingMin && same_stem(word, name);
             });
    };
    const auto shared = [&](std::span<const std::string> words) {
      return std::count_if(tool.begin(), tool.end(), [&](const std::string& name) {
        return speaks_of(words, name);
      });
    };
    for (const Wanted& wanted : things) {
      if (wanted.content == Content::identifier && shared(wanted.words) > 0) {
        return true;
      }
    }
    // "A CSV in /share/controlling" after a refused write to that folder.
    for (const Argument& argument : step.arguments) {
      const std::size_t slash = argument.value.rfind('/');
      constexpr std::size_t kPathMin = 6;
      const bool path = slash != std::string::npos && argument.value.size() >= kPathMin &&
                        argument.value.find(' ') == std::string::npos;
      if (path && slash >= kPathMin &&
          (item.text.find(argument.value) != std::string::npos ||
           item.text.find(argument.value.substr(0, slash)) != std::string::npos)) {
        return true;
      }
    }
    std::vector<std::string> words;
    const std::string folded = plain(item.text);
    for (const Word& word : find_words(folded)) {
      words.push_back(folded.substr(word.start, word.end - word.start));
    }
    return !things.empty() && shared(words) >= 2;
  }

  const TraceView& view_;
  std::vector<SubjectText> texts_;
  std::vector<Wrong> wrong_;
  std::vector<const ProvenFinding*> undone_;
  std::size_t doubts_ = 0;
};

}  // namespace

void link_findings(const TraceView& view,
                   std::span<const ProvenFinding> findings,
                   std::vector<Proven<RubricItem>>& items) {
  const auto against_item = [](Proven<RubricItem>& item, const ProvenFinding& finding) {
    RubricItem changed = *item;
    changed.status = RubricStatus::unmet;
    changed.would_settle.reset();
    changed.rationale = fmt::format("What it asks for is wrong: {}.", finding->title);
    item = prove(std::move(changed), proof_of(finding));
  };
  for (Proven<RubricItem>& item : items) {
    if (item->kind == RubricKind::objective || item->status != RubricStatus::unclear) {
      continue;
    }
    const auto found =
        std::find_if(findings.begin(), findings.end(), [&](const ProvenFinding& finding) {
          return breaks_by_value(*finding, *item);
        });
    if (found != findings.end()) {
      against_item(item, *found);
    }
  }
  const auto cut = std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding->code == "output.cut" && finding->severity != Severity::info;
  });
  for (Proven<RubricItem>& item : items) {
    const bool given = item->kind == RubricKind::deliverable || item->kind == RubricKind::criterion;
    if (cut != findings.end() && given && is_cut_off(*item)) {
      against_item(item, *cut);
    }
  }
  const Links links(view, findings);
  if (links.empty()) {
    return;
  }
  std::vector<Proven<RubricItem>*> open;
  std::vector<const RubricItem*> read;
  for (Proven<RubricItem>& item : items) {
    const bool given = item->kind == RubricKind::deliverable || item->kind == RubricKind::criterion;
    if (given && read.size() < kItemsMax) {
      open.push_back(&item);
      read.push_back(&*item);
    }
  }
  const std::vector<const ProvenFinding*> against = links.against(read);
  for (std::size_t i = 0; i < open.size(); ++i) {
    Proven<RubricItem>& item = *open[i];
    if (against[i] == nullptr || item->status == RubricStatus::unmet) {
      continue;
    }
    against_item(item, *against[i]);
  }
}

}  // namespace infinium::maestro
