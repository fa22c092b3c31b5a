#include "maestro/asked.h"

#include <algorithm>
#include <string>

#include "base/hash.h"
#include "maestro/facts.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kMentionsMax = 24;
constexpr std::size_t kWordsMax = 12'000;
constexpr std::size_t kDaysMax = 256;
constexpr std::size_t kPhraseWordsMax = 6;
constexpr std::size_t kPhraseLettersMax = 16;  // of a script without spaces
constexpr std::size_t kPhoneDigitsMin = 8;

std::uint64_t chain(std::uint64_t hash, std::string_view word) {
  return fnv1a(word, fnv1a(" ", hash));
}

/// Whether words on both sides of this gap can be one name.
bool holds_together(std::string_view gap) {
  if (gap.size() > 4) {
    return false;
  }
  for (std::size_t i = 0; i < gap.size(); ++i) {
    const bool stop = std::string_view(",;:!?()\n|\"").find(gap[i]) != std::string_view::npos;
    const bool full_stop = gap[i] == '.' && i + 1 < gap.size() && is_space(gap[i + 1]);
    if (stop || full_stop) {
      return false;
    }
  }
  return gap.find("\u3002") == std::string_view::npos &&
         gap.find("\u3001") == std::string_view::npos;
}

bool is_cjk_word(std::string_view word) {
  std::size_t pos = 0;
  return !word.empty() && static_cast<unsigned char>(word.front()) >= 0x80 &&
         is_cjk(next_code_point(word, pos));
}

AskedIn part_of_rubric(std::string_view path) {
  if (path.starts_with("expected_outcome.task_objective")) {
    return AskedIn::objective;
  }
  if (path.starts_with("expected_outcome.required_deliverables")) {
    return AskedIn::deliverable;
  }
  return path.starts_with("expected_outcome.constraints") ? AskedIn::constraint
                                                          : AskedIn::criterion;
}

struct Phone {
  std::string digits;
  std::size_t start = 0;
  std::size_t end = 0;
};

/// Telephone numbers of a text: runs of digits with single blanks, dashes, dots or brackets inside.
std::vector<Phone> find_phones(std::string_view text) {
  std::vector<Phone> phones;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    Phone phone;
    phone.start = i;
    std::size_t gap = 0;
    for (; i < text.size() && gap <= 2; ++i) {
      if (is_digit(text[i])) {
        phone.digits.push_back(text[i]);
        phone.end = i + 1;
        gap = 0;
      } else if (std::string_view(" -().").find(text[i]) != std::string_view::npos) {
        ++gap;
      } else {
        break;
      }
    }
    i = std::max(i, phone.end);
    if (phone.digits.size() >= kPhoneDigitsMin && phone.digits.size() <= 15) {
      phones.push_back(std::move(phone));
    }
  }
  return phones;
}

std::uint64_t phone_key(std::string_view digits) { return fnv1a(digits, fnv1a("tel")); }

/// The hash of a phrase's words; 0 if it has none or too many.
std::uint64_t phrase_key(std::string_view phrase) {
  std::uint64_t hash = fnv1a({});
  const std::vector<Word> words = find_words(phrase);
  const bool cjk =
      !words.empty() && is_cjk_word(phrase.substr(words[0].start, words[0].end - words[0].start));
  if (words.empty() || words.size() > (cjk ? kPhraseLettersMax : kPhraseWordsMax)) {
    return 0;
  }
  for (const Word& word : words) {
    hash = chain(hash, fold_case(phrase.substr(word.start, word.end - word.start)));
  }
  return hash;
}

}  // namespace

std::string phone_digits(std::string_view text) {
  const bool plain =
      text.find_first_not_of("0123456789 -().+") == std::string_view::npos && text.size() <= 24;
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) {
      digits.push_back(c);
    }
  }
  digits.erase(0, digits.find_first_not_of('0'));
  return plain && digits.size() >= kPhoneDigitsMin ? digits : std::string();
}

Asked::Asked(const TraceView& view, const Request& request) {
  for (const FieldId id : view.rubric()) {
    add_field(view, id, part_of_rubric(view.field(id).path));
  }
  for (const FieldId id : view.request()) {
    add_field(view, id, AskedIn::user);
  }
  for (const RequestValue& value : request.values()) {
    const TextField& field = view.field(value.field);
    const AskedIn in = field.role == TextRole::rubric ? part_of_rubric(field.path) : AskedIn::user;
    add(value.token.key, {value.at(), in, value.negated, field.step});
  }
  add_phrases(view, request);
}

void Asked::add_phrases(const TraceView& view, const Request& request) {
  const auto words = request.words().first(std::min(request.words().size(), kWordsMax));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const TextField& field = view.field(words[i].at.field);
    const AskedIn in = field.role == TextRole::rubric ? part_of_rubric(field.path) : AskedIn::user;
    const bool cjk = is_cjk_word(words[i].text);
    const std::size_t most = cjk ? kPhraseLettersMax : kPhraseWordsMax;
    std::uint64_t hash = fnv1a({});
    bool negated = false;
    for (std::size_t n = 0; n < most && i + n < words.size(); ++n) {
      const RequestWord& word = words[i + n];
      if (word.at.field != words[i].at.field) {
        break;
      }
      if (n > 0) {
        const std::size_t from = words[i + n - 1].at.end;
        if (!holds_together(field.text.substr(from, word.at.start - from))) {
          break;
        }
      }
      negated = negated || word.negated;
      hash = chain(hash, word.text);
      add(hash, {{word.at.field, words[i].at.start, word.at.end}, in, negated, field.step});
    }
  }
}

void Asked::add_field(const TraceView& view, FieldId id, AskedIn in) {
  const TextField& field = view.field(id);
  for (const DayToken& day : find_days(field.text, view.values(id))) {
    if (days_.size() < kDaysMax) {
      days_.push_back({day, {{id, day.start, day.end}, in, false, field.step}});
    }
  }
  for (const Phone& phone : find_phones(field.text)) {
    const std::string digits = phone_digits(phone.digits);
    if (!digits.empty()) {
      add(phone_key(digits), {{id, phone.start, phone.end}, in, false, field.step});
    }
  }
}

void Asked::add(std::uint64_t key, const Mention& mention) {
  std::vector<Mention>& known = mentions_[key];
  if (known.size() < kMentionsMax) {
    known.push_back(mention);
  }
}

std::vector<Mention> Asked::all(std::string_view text) const {
  std::vector<Mention> found;
  const auto take = [&](std::uint64_t key) {
    if (const auto entry = mentions_.find(key); key != 0 && entry != mentions_.end()) {
      found.insert(found.end(), entry->second.begin(), entry->second.end());
    }
  };
  text = trim(text);
  take(value_key(text));
  take(phrase_key(text));
  if (const std::string digits = phone_digits(text); !digits.empty()) {
    take(phone_key(digits));
  }
  const bool may_be_day = !days_.empty() && text.size() <= 40;
  const std::vector<DayToken> days = may_be_day ? find_days(text) : std::vector<DayToken>{};
  for (const Day& day : days_) {
    if (days.size() == 1 && days.front().start == 0 && same_day(day.day, days.front())) {
      found.push_back(day.mention);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Mention& a, const Mention& b) {
    return (a.in == AskedIn::objective) > (b.in == AskedIn::objective);
  });
  found.resize(std::min(found.size(), kMentionsMax));
  return found;
}

std::optional<Mention> Asked::find(std::string_view text, std::size_t before) const {
  for (const Mention& mention : all(text)) {
    if (!mention.negated && mention.in != AskedIn::constraint &&
        (!mention.step || *mention.step < before)) {
      return mention;
    }
  }
  return std::nullopt;
}

std::optional<Mention> Asked::find(std::string_view text, std::size_t before, AskedIn in) const {
  for (const Mention& mention : all(text)) {
    if (mention.in == in && !mention.negated && (!mention.step || *mention.step < before)) {
      return mention;
    }
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
