#include <fmt/format.h>

#include <string_view>

#include "maestro/rubric/check.h"

namespace infinium::maestro {
namespace {

std::string_view format_name(TextFormat format) {
  switch (format) {
    case TextFormat::json:
      return "valid JSON";
    case TextFormat::json_object:
      return "a valid JSON object";
    case TextFormat::json_array:
      return "a valid JSON array";
    case TextFormat::markdown_table:
      return "a Markdown table";
    case TextFormat::markdown_heading:
      return "a Markdown heading";
    case TextFormat::bullet_list:
      return "a bullet list";
    case TextFormat::csv_header:
      return "CSV with a header row";
    case TextFormat::plain_text:
      return "plain text without Markdown";
    case TextFormat::iso_dates:
      return "dates as YYYY-MM-DD";
  }
  return "valid JSON";
}

std::string join(const std::vector<std::string>& parts, char mark, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += i == 0 ? "" : i + 1 == parts.size() ? last : ", ";
    out += mark + parts[i] + mark;
  }
  return out;
}

std::string of_document(const std::string& document) {
  return " in the " + (document.empty() ? std::string("output") : document);
}

/// "at most 3 words", "exactly 1 word".
std::string counted(const Bound& bound, std::string_view plural) {
  const auto last = bound.most ? bound.most : bound.least;
  const bool one = last && *last == 1;
  return describe(bound) + " " + std::string(one ? plural.substr(0, plural.size() - 1) : plural);
}

std::string phrases(const std::vector<Wanted>& things, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < things.size(); ++i) {
    out += i == 0 ? "" : i + 1 == things.size() ? last : ", ";
    out += things[i].phrase;
    for (const std::string& prefix : things[i].prefixes) {
      out += fmt::format(" ({}…)", prefix);
    }
  }
  return out;
}

struct Reading {
  std::string operator()(const TextCountCheck& c) const {
    return counted(c.bound, unit_name(c.unit)) + of_document(c.document);
  }
  std::string operator()(const FormatCheck& c) const {
    std::string out = std::string(format_name(c.format)) + of_document(c.document);
    out += c.keys.empty() ? "" : " with the keys " + join(c.keys, '`', " and ");
    return c.alone ? out + ", with nothing around it" : out;
  }
  std::string operator()(const MentionCheck& c) const {
    const bool any = c.mode == MentionCheck::Mode::any;
    const std::string terms =
        join(c.terms, '"', c.mode == MentionCheck::Mode::all ? " and " : " or ");
    if (c.mode == MentionCheck::Mode::none) {
      return fmt::format("no mention of {}{}", terms, of_document(c.document));
    }
    return fmt::format("{}{} stands{}", any ? "one of " : "", terms, of_document(c.document));
  }
  std::string operator()(const LanguageCheck& c) const {
    return fmt::format("{} as the language{}", language_name(c.code), of_document(c.document));
  }
  std::string operator()(const CallCountCheck& c) const {
    return c.tool.empty() ? counted(c.bound, "tool calls")
                          : counted(c.bound, "calls") + " of `" + c.tool + "`";
  }
  std::string operator()(const BudgetCheck& c) const {
    switch (c.quantity) {
      case Quantity::milliseconds: {
        Bound seconds = c.bound;
        seconds.least = seconds.least ? std::optional(*seconds.least / 1000) : std::nullopt;
        seconds.most = seconds.most ? std::optional(*seconds.most / 1000) : std::nullopt;
        return describe(seconds) + " seconds in all";
      }
      case Quantity::usd:
        return describe(c.bound) + " US dollars in all";
      case Quantity::tokens:
        return describe(c.bound) + " tokens in all";
      case Quantity::steps:
        return describe(c.bound) + " steps";
    }
    return {};
  }
  std::string operator()(const OrderCheck& c) const {
    return fmt::format("`{}` before `{}`{}", c.first, c.second, c.required ? ", both called" : "");
  }
  std::string operator()(const ToolRuleCheck& c) const {
    return c.only ? "no tool but " + join(c.tools, '`', " and ")
                  : "no call of " + join(c.tools, '`', " or ");
  }
  std::string operator()(const SourceCheck& c) const {
    return fmt::format("at least {} source{} that a step has seen, named in the output",
                       c.least,
                       c.least == 1 ? "" : "s");
  }
  std::string operator()(const FileCheck& c) const {
    return fmt::format("a file named `{}` is written", c.name);
  }
  std::string operator()(const ConfirmCheck& c) const {
    return "the user agrees before every " +
           (c.tool.empty() ? std::string("state-changing call") : "call of `" + c.tool + "`");
  }
  std::string operator()(const DecimalsCheck& c) const {
    return c.decimals == 0 ? std::string("whole numbers in the output")
                           : fmt::format("{} with {} decimal{} in the output",
                                         c.money ? "amounts" : "figures",
                                         c.decimals,
                                         c.decimals == 1 ? "" : "s");
  }
  std::string operator()(const CurrencyCheck& c) const { return "amounts in " + c.code; }
  std::string operator()(const ForbidCheck& c) const {
    const std::string where = c.place == Place::output ? of_document(c.document)
                              : c.place == Place::messages
                                  ? std::string(" in the output, in messages or in what is said")
                                  : std::string(" in what is handed over, sent or said");
    return "no " + phrases(c.things, " or ") + where;
  }
  std::string operator()(const GiveCheck& c) const {
    return phrases(c.things, " and ") +
           (c.closing ? " in the output" : " in the output or in what was sent");
  }
  std::string operator()(const SendCheck& c) const { return "a call that sends " + c.what; }
  std::string operator()(const AddressCheck& c) const {
    return c.formal ? "formal address of the reader" : "familiar address of the reader";
  }
  std::string operator()(const MoneyStyleCheck& c) const {
    std::string out = "amounts of money";
    out += c.decimal_mark != 0 ? fmt::format(" with \"{}\" before decimals", c.decimal_mark) : "";
    out += c.grouped ? " with marks between thousands" : "";
    return c.sign.empty() ? out : out + " and the sign " + c.sign;
  }
};

}  // namespace

std::string_view unit_name(TextUnit unit) {
  switch (unit) {
    case TextUnit::words:
      return "words";
    case TextUnit::sentences:
      return "sentences";
    case TextUnit::characters:
      return "characters";
    case TextUnit::lines:
      return "lines";
    case TextUnit::paragraphs:
      return "paragraphs";
    case TextUnit::bullets:
      return "bullet points";
    case TextUnit::items:
      return "list items";
    case TextUnit::rows:
      return "rows";
    case TextUnit::hashtags:
      return "hashtags";
    case TextUnit::emojis:
      return "emojis";
    case TextUnit::exclamation_marks:
      return "exclamation marks";
  }
  return "words";
}

std::string language_name(std::string_view code) {
  return code == "en"   ? "English"
         : code == "de" ? "German"
         : code == "es" ? "Spanish"
         : code == "fr" ? "French"
         : code == "ja" ? "Japanese"
         : code == "pt" ? "Portuguese"
         : code == "it" ? "Italian"
                        : "Chinese";
}

std::string plain_number(double value) {
  std::string text = fmt::format("{:.4f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text;
}

std::string describe(const Bound& bound) {
  if (bound.least && bound.most) {
    return *bound.least == *bound.most
               ? "exactly " + plain_number(*bound.least)
               : fmt::format(
                     "between {} and {}", plain_number(*bound.least), plain_number(*bound.most));
  }
  if (bound.most) {
    return (bound.most_open ? "fewer than " : "at most ") + plain_number(*bound.most);
  }
  return bound.least ? (bound.least_open ? "more than " : "at least ") + plain_number(*bound.least)
                     : "any number of";
}

std::string read_as(const Check& check) { return std::visit(Reading{}, check); }

}  // namespace infinium::maestro
