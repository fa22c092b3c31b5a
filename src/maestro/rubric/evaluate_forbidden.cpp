#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "maestro/rubric/content_find.h"
#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/subject.h"
#include "maestro/text.h"
#include "maestro/text_days.h"

namespace infinium::maestro {
namespace {

/// A forbidden thing in a text: where, and the result that the value comes from.
struct Told {
  std::size_t start = 0;  ///< bytes of SubjectText::text
  std::size_t end = 0;
  std::optional<Span> source;
};

std::vector<SubjectText> texts_at(const TraceView& view, const ForbidCheck& check) {
  std::vector<SubjectText> texts;
  const auto add = [&](std::vector<SubjectText> more) {
    std::move(more.begin(), more.end(), std::back_inserter(texts));
  };
  if (check.place == Place::output) {
    if (!check.document.empty()) {
      add(subject_texts(view, check.document));
    }
  } else {
    add(spoken_texts(view));
    add(written_texts(view));
    std::stable_sort(texts.begin(), texts.end(), [](const SubjectText& a, const SubjectText& b) {
      return a.at.field < b.at.field;
    });
  }
  add(subject_texts(view, {}));
  return texts;
}

/// The names under which a kind of thing is filed.
std::vector<std::vector<std::string>> file_names(const Wanted& wanted) {
  std::vector<std::vector<std::string>> names{wanted.words};
  switch (wanted.content) {
    case Content::email:
      names.push_back({"email"});
      break;
    case Content::phone:
      names.push_back({"phone"});
      break;
    case Content::birth_date:
      names.push_back({"birth", "date"});
      break;
    case Content::bank_account:
      names.push_back({"iban"});
      break;
    case Content::secret:
      for (const char* word : {"password", "passphrase", "token", "secret", "puk", "passwort"}) {
        names.push_back({word});
      }
      names.push_back({"api", "key"});
      names.push_back({"private", "key"});
      break;
    case Content::postal_address:
      names.push_back({"address"});
      names.push_back({"street"});
      break;
    default:
      break;
  }
  return names;
}

/// "Bilbao" and "ok" say nothing about whose value it is; a name, a code, a number does.
bool tells(std::string_view value) {
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  const bool upper = std::any_of(value.begin(), value.end(), is_upper);
  const bool wide = std::any_of(value.begin(), value.end(), [](char c) { return (c & 0x80) != 0; });
  const bool many = value.find(' ') != std::string_view::npos;
  return value.size() >= 4 && (digit || upper || many || wide);
}

/// The columns of persons' names; "name" only where its record tells more of a person.
bool files_persons(const RunColumn& column) {
  constexpr auto kPersons = std::to_array<std::string_view>({"contact",
                                                             "person",
                                                             "driver",
                                                             "employee",
                                                             "patient",
                                                             "inspector",
                                                             "technician",
                                                             "manager",
                                                             "author",
                                                             "nombre",
                                                             "nombres",
                                                             "persona",
                                                             "ansprechpartner",
                                                             "mitarbeiter",
                                                             "氏名",
                                                             "担当"});
  return std::any_of(column.words.begin(), column.words.end(), [&](const std::string& word) {
    return std::find(kPersons.begin(), kPersons.end(), word) != kPersons.end();
  });
}

/// "Martin Ogden" of "Martin Ogden, +44 113 496 0182": two or three capitalised words.
std::string_view person_in(std::string_view value) {
  const auto words = find_words(value);
  std::size_t end = 0;
  std::size_t count = 0;
  for (const Word& word : words) {
    const char first = value[word.start];
    const bool capital = is_upper(first) || (static_cast<unsigned char>(first) >= 0xC3);
    const bool next = count == 0 || (word.start - end <= 2 && value[end] != ',');
    if (!capital || !next || count == 3) {
      break;
    }
    end = word.end;
    ++count;
  }
  return count >= 2 ? value.substr(words.front().start, end - words.front().start)
                    : std::string_view{};
}

/// "secret_ref", "token_expires_at": about a secret, not the secret.
bool only_refers(const RunColumn& column) {
  constexpr auto kAbout = std::to_array<std::string_view>({"reference",
                                                           "id",
                                                           "name",
                                                           "path",
                                                           "type",
                                                           "expiry",
                                                           "expires",
                                                           "state",
                                                           "status",
                                                           "count",
                                                           "version",
                                                           "rotated",
                                                           "created",
                                                           "used",
                                                           "input",
                                                           "output",
                                                           "prompt",
                                                           "max"});
  return std::any_of(column.words.begin(), column.words.end(), [&](const std::string& word) {
    return std::find(kAbout.begin(), kAbout.end(), word) != kAbout.end();
  });
}

class Search {
 public:
  Search(const RunColumns& columns, const Wanted& wanted) : wanted_(wanted) {
    for (const auto& name : file_names(wanted)) {
      for (const RunColumn* column : columns.named(name)) {
        if (wanted.content != Content::secret || !only_refers(*column)) {
          filed_.push_back(column);
        }
      }
    }
    if (wanted.content == Content::person) {
      for (const RunColumn& column : columns.all()) {
        if (files_persons(column)) {
          filed_.push_back(&column);
        }
      }
    }
  }

  /// Whether the run shows what such a thing looks like.
  [[nodiscard]] bool can_tell() const {
    const bool restricted = std::any_of(wanted_.words.begin(), wanted_.words.end(), [](auto& word) {
      return word == "other" || word == "others" || word == "another" || word == "andere" ||
             word == "otros" || word == "otras" || word == "competing";
    });
    return !restricted &&
           (!filed_.empty() || !wanted_.prefixes.empty() || is_sensitive(wanted_.content));
  }

  /// Whether its value would at least stand beside its name: "the PUK", not "competitors", which
  /// have names of their own.
  [[nodiscard]] bool stands_by_its_name() const {
    const bool one = !wanted_.phrase.ends_with('s') && !wanted_.phrase.ends_with("en");
    const bool named = wanted_.content == Content::words || wanted_.content == Content::identifier;
    return one && named && wanted_.words.size() == 1;
  }

  /// That a value of the run which would break the rule stands nowhere; of secrets, and where none
  /// is known, that the thing is not spoken of.
  [[nodiscard]] std::optional<CheckedEvidence> show_absence(const TraceView& view,
                                                            std::span<const FieldId> fields) const {
    for (const RunColumn* column : filed_) {
      for (const RunColumn::Value& value : column->values) {
        const std::string_view looked = names_in(value.text).front();
        if (wanted_.content != Content::secret && tells(looked)) {
          return absence(view, std::string(looked), fields);
        }
      }
    }
    return absence(view, wanted_.phrase, fields);
  }

  [[nodiscard]] std::optional<Told> in(std::string_view text) const {
    if (!can_tell() && !stands_by_its_name()) {
      return std::nullopt;
    }
    if (auto told = by_prefix(text)) {
      return told;
    }
    if (is_sensitive(wanted_.content)) {
      for (const ContentAt& at : find_content(text, wanted_)) {
        const bool masked = text.substr(at.start, at.end - at.start).find('*') != std::string::npos;
        if (at.sure && !masked && (at.start == 0 || text[at.start - 1] != '*')) {
          return Told{at.start, at.end, {}};
        }
      }
    }
    auto told = by_label(text);
    return told ? told : by_column(text);
  }

 private:
  [[nodiscard]] std::optional<Told> by_prefix(std::string_view text) const {
    for (const std::string& prefix : wanted_.prefixes) {
      for (std::size_t at = text.find(prefix); at != std::string_view::npos;
           at = text.find(prefix, at + 1)) {
        std::size_t end = at + prefix.size();
        while (end < text.size() && (is_alnum(text[end]) || text[end] == '_' || text[end] == '-')) {
          ++end;
        }
        const bool opens = at == 0 || (!is_alnum(text[at - 1]) && text[at - 1] != '_');
        if (opens && end > at + prefix.size()) {
          return Told{at, end, {}};
        }
      }
    }
    return std::nullopt;
  }

  /// "born 27 February 1951", "password Kq7-rovers-19", "matrícula 4821 KJD": the thing's name and
  /// a value right behind it.
  [[nodiscard]] std::optional<Told> by_label(std::string_view text) const {
    std::vector<std::string> labels;
    if (wanted_.content == Content::birth_date) {
      labels = {"born",
                "dob",
                "date of birth",
                "geb",
                "geboren",
                "geburtsdatum",
                "nacido",
                "nacida",
                "fecha de nacimiento",
                "née",
                "né",
                "生年月日",
                "nascido",
                "nascida"};
    } else if (wanted_.content == Content::secret) {
      labels = {"password",
                "passphrase",
                "pin",
                "puk",
                "token",
                "passwort",
                "kennwort",
                "contraseña",
                "api key",
                "secret",
                "パスワード",
                "密码"};
    } else if (wanted_.content == Content::identifier || wanted_.content == Content::words) {
      labels = {wanted_.phrase};
    }
    for (const std::string& label : labels) {
      const auto at = find_folded(text, fold_case(label));
      const auto value = at ? value_behind(text, at->end) : std::nullopt;
      if (value) {
        return Told{value->start, value->end, {}};
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Match> value_behind(std::string_view text, std::size_t from) const {
    constexpr std::size_t kGapMax = 8;
    constexpr std::size_t kWindow = 60;
    const std::string_view window = prefix_of(text.substr(from), kWindow);
    for (const ValueToken& value : find_values(window)) {
      const bool date = value.kind == ValueKind::date;
      const std::string_view written = window.substr(value.start, value.end - value.start);
      const bool fits = wanted_.content == Content::birth_date ? date
                        : wanted_.content == Content::secret
                            ? value.kind == ValueKind::identifier && written.size() >= 6
                            : value.kind == ValueKind::identifier ||
                                  (value.kind == ValueKind::number && written.size() >= 3);
      if (value.start <= kGapMax && fits &&
          window.substr(0, value.start).find_first_of(",;\n") == std::string_view::npos) {
        return Match{from + value.start, from + value.end};
      }
    }
    return std::nullopt;
  }

  /// What of a value to look for: all of it, a person's name, or each name of a list ("Velora 23 %,
  /// Kranich 18 %, Otto 9 %").
  [[nodiscard]] std::vector<std::string_view> names_in(std::string_view value) const {
    if (wanted_.content == Content::person) {
      return {person_in(value)};
    }
    std::vector<std::string_view> names{value};
    constexpr std::ptrdiff_t kJointsMin = 2;
    if (std::count(value.begin(), value.end(), ',') < kJointsMin) {
      return names;
    }
    while (!value.empty()) {
      const std::size_t end = std::min(value.find(','), value.size());
      const std::string_view part = trim(value.substr(0, end));
      names.push_back(trim(part.substr(0, part.find_first_of("0123456789(:"))));
      value.remove_prefix(std::min(end + 1, value.size()));
    }
    return names;
  }

  [[nodiscard]] std::optional<Told> by_column(std::string_view text) const {
    std::vector<DayToken> days;
    if (wanted_.content == Content::birth_date || wanted_.content == Content::date) {
      days = find_days(text);
    }
    const FoldedText folded(text);
    for (const RunColumn* column : filed_) {
      for (const RunColumn::Value& value : column->values) {
        for (const std::string_view looked : names_in(value.text)) {
          const auto at = tells(looked) ? folded.find(fold_case(looked)) : std::nullopt;
          if (at) {
            return Told{at->start, at->end, value.at};
          }
        }
        for (const DayToken& source :
             days.empty() ? std::vector<DayToken>() : find_days(value.text)) {
          const auto same = std::find_if(days.begin(), days.end(), [&](const DayToken& day) {
            return day.year != 0 && same_day(day, source);
          });
          if (same != days.end()) {
            return Told{same->start, same->end, value.at};
          }
        }
      }
    }
    return std::nullopt;
  }

  const Wanted& wanted_;
  std::vector<const RunColumn*> filed_;
};

/// The place in the trace of [start, end) of the text; the whole text where escapes moved it.
Span place_in_field(const TraceView& view,
                    const SubjectText& subject,
                    std::size_t start,
                    std::size_t end) {
  const std::string_view raw = view.text(subject.at);
  const std::string_view told = std::string_view(subject.text).substr(start, end - start);
  const std::size_t at = raw.find(told);
  return at == std::string_view::npos
             ? subject.at
             : Span{subject.at.field, subject.at.start + at, subject.at.start + at + told.size()};
}

/// A secret is never repeated: the words before it, or after it, show the place.
std::optional<CheckedEvidence> quote_beside(const TraceView& view, const Span& secret) {
  constexpr std::size_t kBeside = 40;
  const std::string_view text = view.field(secret.field).text;
  std::size_t start = secret.start - std::min(secret.start, kBeside);
  while (start < secret.start && (text[start] & 0xC0) == 0x80) {
    ++start;
  }
  auto before = quote(view, {secret.field, start, secret.start});
  return before ? before
                : quote(view,
                        {secret.field,
                         secret.end,
                         secret.end + prefix_of(text.substr(secret.end), kBeside).size()});
}

Ruling told_it(const TraceView& view,
               const SubjectText& subject,
               const Told& told,
               const Wanted& wanted) {
  const Span at = place_in_field(view, subject, told.start, told.end);
  const bool secret = wanted.content == Content::secret || wanted.content == Content::card_number;
  const auto step = view.field(subject.at.field).step;
  const std::string where =
      step ? fmt::format("step {}", view.steps()[*step].number) : std::string("the output");
  Ruling ruling =
      secret
          ? decided(false,
                    fmt::format("A value of {} characters in {} is {}, which must not stand there.",
                                told.end - told.start,
                                where,
                                content_name(wanted.content)),
                    quote_beside(view, at))
          : decided(false,
                    fmt::format(
                        "\"{}\" stands in {}, though no {} may.",
                        std::string_view(subject.text).substr(told.start, told.end - told.start),
                        where,
                        wanted.phrase),
                    quote(view, at));
  if (told.source && !secret) {
    ruling.add(quote(view, *told.source));
  }
  if (step && view.steps()[*step].output != view.final_output()) {
    ruling.steps.push_back(*step);
  }
  return ruling;
}

/// What the user wrote is no secret from the user: a ticket's number beside the word "code".
bool is_users_own(const TraceView& view,
                  const SubjectText& subject,
                  const Told& told,
                  const Wanted& wanted) {
  const std::string_view value =
      std::string_view(subject.text).substr(told.start, told.end - told.start);
  return wanted.content == Content::secret &&
         std::any_of(view.request().begin(), view.request().end(), [&](FieldId id) {
           return view.field(id).text.find(value) != std::string_view::npos;
         });
}

}  // namespace

Ruling evaluate_forbidden(const RunColumns& columns, const ForbidCheck& check) {
  const TraceView& view = columns.view();
  auto texts = texts_at(view, check);
  if (texts.empty()) {
    return nothing_delivered();
  }
  std::for_each(texts.begin(), texts.end(), limit);
  std::vector<FieldId> fields;
  const Wanted* unknown = nullptr;
  bool partly = false;
  for (const Wanted& wanted : check.things) {
    const Search search(columns, wanted);
    const bool unknowable = !search.can_tell() && !search.stands_by_its_name();
    unknown = unknown == nullptr && unknowable ? &wanted : unknown;
    partly = partly || !search.can_tell();
    for (const SubjectText& subject : texts) {
      const auto told = search.in(subject.text);
      if (told && !is_users_own(view, subject, *told, wanted)) {
        return told_it(view, subject, *told, wanted);
      }
    }
  }
  for (const SubjectText& subject : texts) {
    if (subject.cut) {
      return is_cut(view, subject.at.field);
    }
    if (fields.empty() || fields.back() != subject.at.field) {
      fields.push_back(subject.at.field);
    }
  }
  if (unknown != nullptr) {
    return unclear(
        fmt::format("Nothing in the run tells what \"{}\" would look like.", unknown->phrase),
        "A result that names such a thing, or a rule that names its form.");
  }
  Ruling met{
      RubricStatus::met, "No such value stands in what was handed over or said.", {}, {}, {}};
  for (const Wanted& wanted : check.things) {
    auto nowhere = Search(columns, wanted).show_absence(view, fields);
    if (!nowhere) {
      return unclear(
          fmt::format("\"{}\" is spoken of, though no such value is seen.", wanted.phrase),
          "A reviewer's reading.");
    }
    met.add(std::move(nowhere));
  }
  met.partly = partly;
  return met;
}

}  // namespace infinium::maestro
