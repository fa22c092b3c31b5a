#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "maestro/rubric/evaluate.h"
#include "maestro/rubric/language.h"
#include "maestro/rubric/over_subjects.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

/// Parts of the names of tools that send something to somebody.
bool sends(std::string_view tool) {
  constexpr auto kParts = std::to_array<std::string_view>(
      {"send",    "mail",    "notify",  "sms",    "message", "post",    "reply", "dispatch",
       "deliver", "forward", "publish", "senden", "schick",  "versend", "envia", "enviar",
       "correo",  "envoy",   "送信",    "送付",   "通知",    "发送",    "メール"});
  const std::string folded = fold_case(tool);
  return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
    return folded.find(part) != std::string::npos;
  });
}

struct Addressing {
  std::string_view language;
  std::string_view familiar;  ///< between blanks, folded
  std::string_view formal;    ///< as written; capitals count in German
};
constexpr auto kAddressings = std::to_array<Addressing>({
    {"de",
     " du dich dir dein deine deinen deinem deiner deines euch euer eure euren ",
     " Sie Ihnen Ihr Ihre Ihren Ihrem Ihrer Ihres "},
    {"es",
     " tú te ti contigo tu tus tienes puedes quieres necesitas has ",
     " usted ustedes le les su sus "},
    {"fr", " tu te toi ton ta tes ", " vous votre vos "},
});

struct AddressWords {
  std::optional<Match> familiar;
  std::optional<Match> formal;
};

AddressWords address_in(std::string_view text, const Addressing& addressing) {
  AddressWords out;
  for (const Word& word : find_words(text)) {
    const std::string_view spelled = text.substr(word.start, word.end - word.start);
    const std::string lower = " " + fold_case(spelled) + " ";
    const bool german = addressing.language == "de";
    const std::string as_is = german ? " " + std::string(spelled) + " " : lower;
    if (!out.familiar && addressing.familiar.find(lower) != std::string_view::npos) {
      out.familiar = Match{word.start, word.end};
    }
    if (!out.formal && addressing.formal.find(as_is) != std::string_view::npos) {
      out.formal = Match{word.start, word.end};
    }
  }
  return out;
}

Span around(const SubjectText& subject, const Match& word) {
  return subject.whole
             ? Span{subject.at.field, subject.at.start + word.start, subject.at.start + word.end}
             : subject.at;
}

/// One amount of money as written, with what stands before and after.
struct Amount {
  Match at;
  bool decimals_by_comma = false;
  bool decimals_by_point = false;
  bool long_ungrouped = false;
};

/// The longest run of digits before the fraction: 4 or more are not grouped.
std::size_t digits_before_mark(std::string_view written) {
  std::size_t longest = 0;
  std::size_t run = 0;
  const std::size_t fraction = written.find_last_of(".,");
  for (std::size_t i = 0; i < std::min(fraction, written.size()); ++i) {
    run = is_digit(written[i]) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::vector<Amount> amounts_in(std::string_view text) {
  std::vector<Amount> amounts;
  for (const ValueToken& value : find_values(text)) {
    if (value.kind != ValueKind::number || value.unit != Unit::money) {
      continue;
    }
    const std::string_view written = text.substr(value.start, value.end - value.start);
    const auto mark = written.find_last_of(".,");
    const std::size_t behind = mark == std::string_view::npos ? 0 : written.size() - mark - 1;
    const std::size_t digits = digits_before_mark(written);
    Amount amount{{value.start, value.end}, false, false, false};
    amount.decimals_by_comma = behind > 0 && behind != 3 && written[mark] == ',';
    amount.decimals_by_point = behind > 0 && behind != 3 && written[mark] == '.';
    amount.long_ungrouped = digits > 3;
    amounts.push_back(amount);
  }
  return amounts;
}

/// Whether the sign stands right before or behind the amount, a blank between at most.
bool has_sign(std::string_view text, const Match& at, std::string_view sign) {
  std::string_view before = text.substr(0, at.start);
  std::string_view after = text.substr(at.end);
  if (before.ends_with(' ')) {
    before.remove_suffix(1);
  }
  for (const std::string_view blank : {"\u00A0", "\u202F", " "}) {
    if (after.starts_with(blank)) {
      after.remove_prefix(blank.size());
      break;
    }
  }
  return before.ends_with(sign) || after.starts_with(sign);
}

}  // namespace

Ruling evaluate_sent(const TraceView& view, const SendCheck& check) {
  const StepView* sent = nullptr;
  const StepView* failed = nullptr;
  bool cut = false;
  for (const StepView& step : view.steps()) {
    cut = cut || (step.output && view.field(*step.output).cut);
    if (step.kind != StepKind::tool || !sends(step.tool) || !names_a_delivery(step.tool)) {
      continue;
    }
    (step.failed ? failed : sent) = &step;
  }
  if (sent != nullptr) {
    return decided(true,
                   fmt::format("Step {} (`{}`) sent it.", sent->number, sent->tool),
                   quote_step(view, *sent));
  }
  if (failed != nullptr) {
    Ruling ruling = decided(false,
                            fmt::format("Step {} failed to send {}.", failed->number, check.what),
                            quote_step(view, *failed));
    ruling.steps.push_back(failed->index);
    return ruling;
  }
  if (view.steps().empty() || cut) {
    return unclear("No step is seen to send it.", "A trace that reports every step in full.");
  }
  return decided(
      false, fmt::format("No step sends {}.", check.what), measure(view, Count::tool_calls));
}

Ruling evaluate_address(const TraceView& view, const AddressCheck& check) {
  return over_subjects(view, {}, [&](const SubjectText& subject) {
    const std::string_view language = language_of(subject.text);
    const auto addressing =
        std::find_if(kAddressings.begin(), kAddressings.end(), [&](const Addressing& each) {
          return each.language == language;
        });
    if (addressing == kAddressings.end()) {
      return unclear("The language of the text does not tell the two apart.", "A person's look.");
    }
    const AddressWords words = address_in(subject.text, *addressing);
    const auto& wrong = check.formal ? words.familiar : words.formal;
    const auto& right = check.formal ? words.formal : words.familiar;
    const bool spanish_possessive = language == "es" && !check.formal;
    if (wrong && !spanish_possessive) {
      return decided(
          false,
          fmt::format(
              "\"{}\" is {} address.",
              std::string_view(subject.text).substr(wrong->start, wrong->end - wrong->start),
              check.formal ? "familiar" : "formal"),
          quote(view, around(subject, *wrong)));
    }
    if (subject.cut) {
      return is_cut(view, subject.at.field);
    }
    return right
               ? decided(true, "The reader is addressed so.", quote(view, around(subject, *right)))
               : unclear("Nothing in the text addresses the reader.", "A person's look.");
  });
}

Ruling evaluate_money_style(const TraceView& view, const MoneyStyleCheck& check) {
  return over_subjects(view, {}, [&](const SubjectText& subject) {
    const std::string_view text = subject.text;
    std::optional<CheckedEvidence> good;
    for (const Amount& amount : amounts_in(text)) {
      const bool mark = (check.decimal_mark == ',' && amount.decimals_by_point) ||
                        (check.decimal_mark == '.' && amount.decimals_by_comma);
      const bool group = check.grouped && amount.long_ungrouped;
      const bool sign = !check.sign.empty() && !has_sign(text, amount.at, check.sign);
      const Span at = around(subject, amount.at);
      if (mark || group || sign) {
        return decided(false,
                       fmt::format("\"{}\" is written another way.",
                                   text.substr(amount.at.start, amount.at.end - amount.at.start)),
                       quote(view, at));
      }
      good = good ? good : quote(view, at);
    }
    if (subject.cut) {
      return is_cut(view, subject.at.field);
    }
    return good ? decided(true, "Every amount of money is written so.", std::move(good))
                : unclear("No amount of money stands there.", "The amounts.");
  });
}

}  // namespace infinium::maestro
