#include "maestro/rubric/compile.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace infinium::maestro {
namespace {

const std::vector<std::string> kTools{"search", "send_email", "verify_identity", "refund"};

std::string reading(std::string_view text) {
  std::string out;
  for (const Check& check : compile(text, kTools)) {
    out += (out.empty() ? "" : "; ") + read_as(check);
  }
  return out;
}

struct Case {
  const char* text;
  const char* reading;
};

TEST(Compile, ReadsWhatItKnows) {
  const Case cases[] = {
      {"The summary must have at most 100 words.", "at most 100 words in the summary"},
      {"No more than three sentences", "at most 3 sentences in the output"},
      {"Exactly 5 bullet points", "exactly 5 bullet points in the output"},
      {"The answer has between 2 and 4 paragraphs", "between 2 and 4 paragraphs in the output"},
      {"The report must not exceed 500 words", "at most 500 words in the report"},
      {"Write 3 sentences", "exactly 3 sentences in the output"},
      {"Keep the answer under 280 characters", "fewer than 280 characters in the output"},
      {"Höchstens 3 Sätze", "at most 3 sentences in the output"},
      {"Como máximo 100 palabras", "at most 100 words in the output"},
      {"Au moins 2 phrases", "at least 2 sentences in the output"},
      {"100 words at most", "at most 100 words in the output"},
      {"3-5 bullet points", "between 3 and 5 bullet points in the output"},
      {"at most 3 calls of search", "at most 3 calls of `search`"},
      {"At most 1 call of refund_order", "at most 1 call of `refund_order`"},
      {"Make no more than 10 tool calls", "at most 10 tool calls"},
      {"Do not make more than two calls to `search`.", "at most 2 calls of `search`"},
      {"Call send_email exactly once", "exactly 1 call of `send_email`"},
      {"send_email may be called", ""},
      {"Never call `refund`", "no call of `refund`"},
      {"`refund` must not be called", "no call of `refund`"},
      {"Only use search and verify_identity", "no tool but `search` and `verify_identity`"},
      {"Call verify_identity before refund", "`verify_identity` before `refund`"},
      {"Do not call refund unless verify_identity was called first",
       "`verify_identity` before `refund`"},
      {"Never call refund without calling verify_identity first",
       "`verify_identity` before `refund`"},
      {"Complete within 30 seconds", "at most 30 seconds in all"},
      {"Spend at most $0.05", "at most 0.05 US dollars in all"},
      {"Use fewer than 2,000 tokens", "fewer than 2000 tokens in all"},
      {"Output must be valid JSON", "valid JSON in the output"},
      {"Return a JSON object with the keys `name` and `total`",
       "a valid JSON object in the output with the keys `name` and `total`"},
      {"Include a Markdown table", "a Markdown table in the output"},
      {"CSV with a header row", "CSV with a header row in the output"},
      {"Dates in ISO 8601 format", "dates as YYYY-MM-DD in the output"},
      {"The reply must be written in German", "German as the language in the reply"},
      {"The closing message has at most 55 words", "at most 55 words in the output"},
      {"The report is a Markdown list of at most 5 items", "at most 5 list items in the report"},
      {"The post has at most three hashtags", "at most 3 hashtags in the post"},
      {"Never use emojis", "at most 0 emojis in the output"},
      {"Die Schlussnachricht ist auf Deutsch und hat höchstens 60 Wörter",
       "German as the language in the output; at most 60 words in the output"},
      {"El resumen tiene como máximo 70 palabras", "at most 70 words in the resumen"},
      {"The answer is valid JSON with nothing around it",
       "valid JSON in the output, with nothing around it"},
      {"A JSON object with the keys region and total",
       "a valid JSON object in the output with the keys `region` and `total`"},
      {"Write dates in the answer as YYYY-MM-DD", "dates as YYYY-MM-DD in the output"},
      {"Antwort auf Deutsch", "German as the language in the output"},
      {"Mention \"Berlin\" and \"Paris\"", "\"Berlin\" and \"Paris\" stands in the output"},
      {"Must mention the order number A-1001", "\"A-1001\" stands in the output"},
      {"The report must not mention 'Acme'", "no mention of \"Acme\" in the report"},
      {"Do not mention New York", "no mention of \"New York\" in the output"},
      {"Cite at least 2 sources", "at least 2 sources that a step has seen, named in the output"},
      {"A file named report.csv", "a file named `report.csv` is written"},
      {"totals.json", "a file named `totals.json` is written"},
      {"Obtain explicit user confirmation before any state-changing action",
       "the user agrees before every state-changing call"},
      {"Confirm with the user before calling refund",
       "the user agrees before every call of `refund`"},
      {"Amounts rounded to 2 decimals", "amounts with 2 decimals in the output"},
      {"Amounts in EUR", "amounts in EUR"},
      {"At most 100 words, in German, and mention 'Acme'",
       "at most 100 words in the output; German as the language in the output; "
       "\"Acme\" stands in the output"},
      {"Amounts are given in EUR with 2 decimals.",
       "amounts in EUR; amounts with 2 decimals in the output"},
      {"Length: at most 3 sentences", "at most 3 sentences in the output"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(reading(c.text), c.reading) << c.text;
  }
}

TEST(Compile, LeavesAloneWhatItDoesNotUnderstandInFull) {
  const char* texts[] = {
      "About 100 words",
      "Ideally at most 100 words",
      "At most 100 words if possible",
      "At most 100 words unless the user asks for more",
      "Each bullet has at most 10 words",
      "The introduction has at most 50 words",
      "At most 100 words (excluding the title)",
      "A 100-word summary",
      "Each reservation can have at most five passengers",
      "At most make one tool call at a time",
      "The refund arrives within 7 days",
      "Never call the customer",
      "Mention the customer's city",
      "Do not mention any names",
      "Mention the total revenue and \"Berlin\"",
      "Do not call refund if the order is open",
      "In German or English",
      "Not in German",
      "An order can only be cancelled if its status is 'pending'",
      "User: email",
      "Other flow: at most 3 sentences",
      "Costs must stay below 40 EUR",
      "Do not make at least 3 calls",
      "Muss die Rechnungsnummer erwähnen",
      "",
      "...",
  };
  for (const char* text : texts) {
    EXPECT_EQ(reading(text), "") << text;
  }
  EXPECT_TRUE(compile(std::string(2'000, '"'), kTools).empty());
}

TEST(Compile, TakesTheClausesThatItUnderstands) {
  const auto parts = [](std::string_view text) {
    const Compiled compiled = compile_clauses(text, kTools);
    std::string out = compiled.whole ? "whole: " : "";
    for (const Check& check : compiled.checks) {
      out += read_as(check) + "; ";
    }
    return out;
  };
  EXPECT_EQ(parts("The summary is friendly, in German and has at most 60 words"),
            "German as the language in the summary; at most 60 words in the summary; ");
  EXPECT_EQ(parts("At most 60 words"), "whole: at most 60 words in the output; ");
  // Each of these limits another thing than the whole text, or says so with a hedge.
  EXPECT_EQ(parts("The introduction is short and has at most 50 words"), "");
  EXPECT_EQ(parts("Each bullet is short, at most 10 words"), "");
  EXPECT_EQ(parts("The summary is friendly and has about 60 words"), "");
  EXPECT_EQ(parts("The summary is friendly, in German or English"), "");
  EXPECT_EQ(parts("If asked, the summary has at most 60 words"), "");
}

}  // namespace
}  // namespace infinium::maestro
