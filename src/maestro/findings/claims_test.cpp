// What the agent says, held against what the run shows: one silent fault each, in several ways of
// writing, beside honest words about the same results.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

using Detector = std::vector<ProvenFinding> (*)(const Facts&);
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "title @step" of each finding; 0 for the output itself.
std::vector<std::string> told(Detector detector, TraceSketch sketch) {
  const TraceView view(sketch.trace());
  const Facts facts(view);
  std::vector<std::string> titles;
  for (const ProvenFinding& finding : detector(facts)) {
    titles.push_back(finding->title + " @" +
                     std::to_string(finding->steps.empty() ? 0 : finding->steps.front()));
    for (const Evidence& evidence : finding->evidence) {
      EXPECT_TRUE(check(evidence, view)) << finding->title;
    }
  }
  return titles;
}

// --- units --------------------------------------------------------------------------------------

TraceSketch bill(const std::string& output) {
  return TraceSketch("What do we owe, how far is it and how much did we use?")
      .tool("bill",
            "{}",
            R"({"total_cents": 13680, "currency": "GBP", "breakfast_cents_per_day": 1650})")
      .tool("map", "{}", R"({"distance_mi": 0.7, "ready_in_s": 1800})")
      .tool(
          "meter", "{}", R"({"unit": "kWh", "readings": [{"date": "2026-03-01", "value": 3270}]})")
      .tool("ratio", "{}", R"({"unit": "fraction", "points": [["09:40", 0.0028]]})")
      .output(output);
}

TEST(WrongUnits, AreSeen) {
  for (const auto& [output, number] : std::initializer_list<std::pair<const char*, const char*>>{
           {"You owe EUR 136.80.", "136.8"},
           {"You owe GBP 13,680.", "13,680"},
           {"You owe GBP 13.68.", "13.68"},
           {"It is 0.7 km away.", "0.7"},
           {"It is ready within 30 hours.", "30"},
           {"You used 3,270 MWh.", "3,270"},
           {"The ratio is 0.0028 %.", "0.0028"},
           {"With breakfast 1.65 a day.", "1.65"}}) {
    EXPECT_THAT(told(find_figure_slips, bill(output)), Contains(HasSubstr(number))) << output;
  }
}

TEST(WrongUnits, AreNotSeenInHonestFigures) {
  for (const char* output : {"You owe GBP 136.80, that is 13,680 pence.",
                             "It is 1.1 km (0.7 miles) away and ready within 30 minutes.",
                             "You used 3.27 MWh (3,270 kWh).",
                             "The ratio is 0.28 %.",
                             "With breakfast GBP 16.50 a day.",
                             "Please allow 10 minutes."}) {
    EXPECT_THAT(told(find_figure_slips, bill(output)), IsEmpty()) << output;
  }
}

TEST(WrongUnits, ACallInAnotherCurrencyIsAtFault) {
  const auto order = [](const std::string& currency) {
    return TraceSketch("Order the monitors.")
        .tool(
            "quotes",
            "{}",
            R"([{"quote": "Q-21", "unit": 905.0, "currency": "PLN"}, {"quote": "Q-22", "unit": 212.0, "currency": "EUR"}])")
        .tool("create_order",
              R"({"quote": "Q-21", "unit": 905.0, "currency": ")" + currency + "\"}",
              "{}")
        .output("Ordered.");
  };
  EXPECT_THAT(told(find_figure_slips, order("EUR")), ElementsAre(HasSubstr("@2")));
  EXPECT_THAT(told(find_figure_slips, order("PLN")), IsEmpty());
}

TEST(WrongUnits, RatesAreUsedTheRightWayRound) {
  const auto convert = [](const std::string& thought) {
    TraceSketch sketch("What is it in EUR?");
    sketch.tool("rates", "{}", R"({"base": "EUR", "rates": {"USD": 1.09}})")
        .llm("Convert.", thought);
    return sketch;
  };
  EXPECT_THAT(told(find_figure_slips, convert("USD 8,720 x 1.09 = EUR 9,504.80")),
              ElementsAre(HasSubstr("wrong way")));
  EXPECT_THAT(told(find_figure_slips, convert("USD 8,720 / 1.09 = EUR 8,000.00")), IsEmpty());
}

// --- rows and fields ----------------------------------------------------------------------------

TraceSketch survey(const std::string& thought) {
  TraceSketch sketch("Which city has the largest share?");
  sketch
      .tool(
          "count",
          "{}",
          R"([{"city": "Bilbao", "n": 90, "paid": 63}, {"city": "Sevilla", "n": 140, "paid": 63}])")
      .tool("names", "{}", R"([{"code": "WE", "name": "West"}, {"code": "OS", "name": "East"}])")
      .tool("redirect",
            "{}",
            R"({"pickup_from": "2026-04-15T16:00", "pickup_until": "2026-04-18T20:00"})")
      .llm("Think.", thought);
  return sketch;
}

TEST(MisreadRows, TheValueOfAnotherRowOrFieldIsSeen) {
  EXPECT_THAT(told(find_misread_rows, survey("Bilbao has 140 answers.")),
              ElementsAre(HasSubstr("Bilbao")));
  EXPECT_THAT(told(find_misread_rows, survey("The best is WE, which is East.")),
              ElementsAre(HasSubstr("WE")));
  EXPECT_THAT(told(find_misread_rows, survey("Collect it by Wed 15 April, 16:00.")),
              ElementsAre(HasSubstr("pickup_from")));
}

TEST(MisreadRows, HonestSentencesAreNot) {
  for (const char* thought : {"Bilbao has 90 answers, Sevilla 140.",
                              "Bilbao has fewer answers than Sevilla with 140.",
                              "The best is WE, which is West.",
                              "WE (West) and OS (East).",
                              "It is there from Wed 15 April, collect it by Sat 18 April.",
                              "Bilbao: 63 of 90."}) {
    EXPECT_THAT(told(find_misread_rows, survey(thought)), IsEmpty()) << thought;
  }
}

// --- states -------------------------------------------------------------------------------------

TraceSketch approval(const std::string& state, const std::string& output) {
  return TraceSketch("Ask for the release and grant the access.")
      .tool("request_release", "{}", R"({"release": "FG-3306", "status": "open"})")
      .tool("get_release",
            R"({"release": "FG-3306"})",
            R"({"release": "FG-3306", "status": ")" + state + "\"}")
      .output(output);
}

TEST(MisreadStates, AClaimBeyondTheLastAnswerIsSeen) {
  EXPECT_THAT(told(find_misread_states, approval("rejected", "FG-3306 was approved.")),
              ElementsAre(HasSubstr("rejected")));
  EXPECT_THAT(told(find_misread_states, approval("abgelehnt", "Das wurde freigegeben (FG-3306).")),
              ElementsAre(HasSubstr("abgelehnt")));
  EXPECT_THAT(told(find_misread_states, approval("draft", "Release FG-3306 is published.")),
              ElementsAre(HasSubstr("draft")));
  EXPECT_THAT(told(find_misread_states, approval("registered", "State when read back: accepted.")),
              ElementsAre(HasSubstr("registered")));
}

TEST(MisreadStates, HonestReportsAreNot) {
  EXPECT_THAT(told(find_misread_states, approval("approved", "FG-3306 was approved.")), IsEmpty());
  EXPECT_THAT(told(find_misread_states, approval("pending", "FG-3306 is still to be approved.")),
              IsEmpty());
  EXPECT_THAT(
      told(find_misread_states, approval("rejected", "FG-3306 was rejected, not approved.")),
      IsEmpty());
  EXPECT_THAT(
      told(find_misread_states, approval("cancelled", "Cancellation of FG-3306 is confirmed.")),
      IsEmpty());
  EXPECT_THAT(
      told(find_misread_states, approval("registered", "State when read back: registered.")),
      IsEmpty());
}

TEST(MisreadStates, WhatIsTakenIsNotOffered) {
  const auto offer = [](const std::string& words) {
    TraceSketch sketch("Find me a slot.");
    sketch
        .tool(
            "slots",
            "{}",
            R"([{"slot": "S-9", "start": "14:20", "state": "taken"}, {"slot": "S-11", "start": "15:00", "state": "free"}])")
        .llm("Offer.", words);
    return sketch;
  };
  EXPECT_THAT(told(find_misread_states, offer("Would you like 2.20 pm or 3 pm?")),
              ElementsAre(HasSubstr("taken")));
  EXPECT_THAT(told(find_misread_states, offer("Would you like 3 pm? 2.20 pm is taken.")),
              IsEmpty());
}

TEST(MisreadStates, BothMustShowIt) {
  const auto probe = [](const std::string& second) {
    return TraceSketch("Renew both.")
        .tool("probe", R"({"host": "a1"})", R"({"host": "a1", "serial": "05:1E:20"})")
        .tool("probe", R"({"host": "a2"})", R"({"host": "a2", "serial": ")" + second + "\"}")
        .output("Both hosts serve 05:1E:20 now.");
  };
  EXPECT_THAT(told(find_misread_states, probe("04:9A:71")), ElementsAre(HasSubstr("serial")));
  EXPECT_THAT(told(find_misread_states, probe("05:1E:20")), IsEmpty());
}

// --- readings -----------------------------------------------------------------------------------

TEST(MisreadReadings, AFigureOfNowIsThatOfTheLastAnswer) {
  const auto note = [](const std::string& output) {
    return TraceSketch("Bring the ratio down.")
        .tool("metrics", "{}", R"({"unit": "fraction", "points": [["09:40", 0.0208]]})")
        .output(output);
  };
  EXPECT_THAT(told(find_misread_readings, note("The ratio is 0.28 % now.")),
              ElementsAre(HasSubstr("0.28")));
  EXPECT_THAT(told(find_misread_readings, note("The ratio is 2.08 % now.")), IsEmpty());
  EXPECT_THAT(told(find_misread_readings, note("The ratio is 2.1 % now.")), IsEmpty());
}

TEST(MisreadReadings, TheOneNumberThatCameBackIsTold) {
  const auto compare = [](const std::string& words) {
    TraceSketch sketch("Compare the sources.");
    sketch.tool("code", "print(x)", "-8.2 %").llm("Report.", words);
    return sketch;
  };
  EXPECT_THAT(told(find_misread_readings, compare("They are 0.8 % apart.")),
              ElementsAre(HasSubstr("0.8")));
  EXPECT_THAT(told(find_misread_readings, compare("They are 8.2 % apart.")), IsEmpty());
}

// --- inventions ---------------------------------------------------------------------------------

TraceSketch trip(const std::string& output) {
  return TraceSketch("Book it, and quote one voice verbatim.")
      .tool(
          "book",
          "{}",
          R"({"leaves": "2026-05-14T13:40", "valid_days": 30, "minutes": 45, "price_eur": 54, "approver": {"name": "Marta Lindqvist"}})")
      .tool("voices", "{}", R"([{"comment": "For a good coffee I pay what it takes."}])")
      .output(output);
}

TEST(InventedWords, DaysTimesLabelsQuotesPricesAndNamesAreSeen) {
  for (const auto& [output, words] : std::initializer_list<std::pair<const char*, const char*>>{
           {"It ends on 31 July 2026.", "31 July"},
           {"Boarding is from 13:05.", "13:05"},
           {"Boarding is at gate B42.", "B42"},
           {"One voice: \u201CThree euros seem normal to me here.\u201D", "Three euros"},
           {"The locker is 9 euros.", "locker"},
           {"Gordon Pryce still has to approve it.", "Gordon Pryce"}}) {
    EXPECT_THAT(told(find_invented_words, trip(output)), ElementsAre(HasSubstr(words))) << output;
  }
}

TEST(InventedWords, WhatFollowsIsNot) {
  for (const char* output : {"It leaves on 14 May at 1:40 pm and is valid until 13 June.",
                             "Be there at 12:55.",
                             "One voice: \u201CFor a good coffee I pay what it takes.\u201D",
                             "The price is 54 euros.",
                             "Marta Lindqvist still has to approve it.",
                             "On 15 May you are back.",
                             "Scan it under Mobile Data, please."}) {
    EXPECT_THAT(told(find_invented_words, trip(output)), IsEmpty()) << output;
  }
}

TEST(StaleWords, TheReplacedValueIsSeen) {
  const auto price = [](const std::string& output) {
    return TraceSketch("Name the membership price.")
        .tool("read",
              "{}",
              "Membership. Until now 48 euros a year. From 1 April 2026: 54 euros a year.")
        .output(output);
  };
  EXPECT_THAT(told(find_stale_words, price("Membership is 48 euros a year.")),
              ElementsAre(HasSubstr("replaced by 54")));
  EXPECT_THAT(told(find_stale_words, price("Membership is 54 euros a year.")), IsEmpty());
  EXPECT_THAT(told(find_stale_words, price("Membership was 48 euros, now it is 54 euros.")),
              IsEmpty());
}

// --- unfinished work ----------------------------------------------------------------------------

TEST(UnfinishedWork, UnreadPagesAreSeen) {
  const auto pages = [](bool all) {
    TraceSketch sketch("List every short line.");
    sketch.tool("lines",
                R"({"page": 1})",
                R"({"page": 1, "pages": 2, "lines": [{"sku": "HX-1"}, {"sku": "HX-2"}]})");
    if (all) {
      sketch.tool(
          "lines", R"({"page": 2})", R"({"page": 2, "pages": 2, "lines": [{"sku": "HX-3"}]})");
    }
    sketch.llm("Which are short?", "HX-1 is short.");
    return sketch;
  };
  EXPECT_THAT(told(find_unfinished_work, pages(false)), ElementsAre(HasSubstr("@2")));
  EXPECT_THAT(told(find_unfinished_work, pages(true)), IsEmpty());
}

TEST(UnfinishedWork, APageIsEnoughForWhatWasLookedFor) {
  TraceSketch sketch("Find order HX-2 among all orders.");
  sketch
      .tool("lines",
            R"({"page": 1})",
            R"({"has_more": true, "lines": [{"sku": "HX-1"}, {"sku": "HX-2"}]})")
      .llm("Found?", "HX-2 is there.");
  EXPECT_THAT(told(find_unfinished_work, std::move(sketch)), IsEmpty());
}

TEST(UnfinishedWork, ALeastAmountAndADeedAreHeldAgainstTheOutput) {
  const auto freed = [](const std::string& output) {
    return TraceSketch("Free at least 150 GB and archive the log.")
        .tool("drop", "{}", R"({"freed_gb": 61.2})")
        .output(output);
  };
  EXPECT_THAT(told(find_unfinished_work, freed("Freed in total: 124.2 GB.")),
              ElementsAre(HasSubstr("124.2")));
  EXPECT_THAT(told(find_unfinished_work, freed("Freed in total: 179.9 GB.")), IsEmpty());
  EXPECT_THAT(told(find_unfinished_work, freed("That was everything you asked for.")),
              ElementsAre(HasSubstr("archive")));
  EXPECT_THAT(
      told(find_unfinished_work, freed("The log is archived. That was everything you asked for.")),
      IsEmpty());
}

// --- dropped facts ------------------------------------------------------------------------------

TEST(DroppedFacts, WhatIsToBeToldIsLookedFor) {
  const auto ship = [](const std::string& output) {
    TraceSketch sketch("Book the cargo.");
    sketch.objective("Book the cargo.")
        .tool("book", "{}", R"({"booking": "BK-1", "cargo_cutoff": "2026-06-02T12:00"})")
        .output(output);
    sketch.trace().expected_outcome->acceptance_criteria.push_back(
        "The cargo cut-off is passed on to the shipper");
    return sketch;
  };
  EXPECT_THAT(told(find_dropped_facts, ship("Booked as BK-1.")),
              ElementsAre(HasSubstr("2026-06-02")));
  EXPECT_THAT(told(find_dropped_facts, ship("Booked as BK-1. Deliver by 2 June, 12:00.")),
              IsEmpty());
}

TEST(DroppedFacts, QuantitiesThatDifferDoNotAgree) {
  const auto match = [](int received, const std::string& output) {
    return TraceSketch("Match the invoice.")
        .tool("get_invoice", "{}", R"([{"line": 10, "qty": 400}, {"line": 20, "qty": 25}])")
        .tool("list_receipts",
              "{}",
              R"([{"line": 10, "qty": 250}, {"line": 10, "qty": 150}, {"line": 20, "qty": )" +
                  std::to_string(received) + "}]")
        .output(output);
  };
  EXPECT_THAT(told(find_dropped_facts, match(20, "The invoice matches the receipts.")),
              ElementsAre(HasSubstr("25 and 20")));
  EXPECT_THAT(told(find_dropped_facts, match(25, "The invoice matches the receipts.")), IsEmpty());
  EXPECT_THAT(told(find_dropped_facts, match(20, "Line 20 came five pieces short.")), IsEmpty());
}

TEST(DroppedFacts, WhatIsReservedIsNotAvailable) {
  const auto stock = [](const std::string& thought) {
    TraceSketch sketch("Restock.");
    sketch.tool("stock", "{}", R"({"on_hand": 860, "reserved": 240})").llm("How many?", thought);
    return sketch;
  };
  EXPECT_THAT(told(find_dropped_facts, stock("Available is 860, so 2,140 are missing.")),
              ElementsAre(HasSubstr("240 reserved")));
  EXPECT_THAT(told(find_dropped_facts, stock("Available is 860 - 240 = 620.")), IsEmpty());
}

// --- what the request leaves out ----------------------------------------------------------------

TEST(ExcludedRows, WhatIsLeftOutIsNotCounted) {
  const auto claim = [](int quantity) {
    return TraceSketch("Claim what is missing. Damaged pieces are not part of the claim.")
        .tool(
            "receipt",
            "{}",
            R"([{"sku": "DR-15B", "received": 60, "damaged": 4}, {"sku": "PL-3", "received": 33, "damaged": 0}])")
        .tool("file_claim",
              R"({"lines": [{"sku": "DR-15B", "qty": )" + std::to_string(quantity) + "}]}",
              "{}")
        .output("Filed.");
  };
  EXPECT_THAT(told(find_excluded_rows, claim(4)), ElementsAre(HasSubstr("4 damaged")));
  EXPECT_THAT(told(find_excluded_rows, claim(8)), IsEmpty());
}

TEST(ExcludedRows, ALimitOfTheRequestHoldsForTheChosenRecord) {
  const auto order = [](const std::string& quote) {
    return TraceSketch("Order from whoever delivers within 14 days.")
        .tool("quotes",
              "{}",
              R"([{"quote": "Q-12", "delivery_days": 21}, {"quote": "Q-21", "delivery_days": 12}])")
        .tool("create_order", R"({"quote": ")" + quote + "\"}", "{}")
        .output("Ordered.");
  };
  EXPECT_THAT(told(find_excluded_rows, order("Q-12")), ElementsAre(HasSubstr("delivery_days 21")));
  EXPECT_THAT(told(find_excluded_rows, order("Q-21")), IsEmpty());
}

}  // namespace
}  // namespace infinium::maestro
