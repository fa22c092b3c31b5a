#include "maestro/ledger.h"

#include <gtest/gtest.h>

#include "maestro/facts.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

/// The footing of the last place where `number` is stated.
Footing footing_of(TraceSketch& sketch, std::string_view number) {
  const TraceView view(sketch.trace());
  const Facts facts(view);
  Footing footing = Footing::open;
  for (std::size_t i = 0; i < facts.statements().claims().size(); ++i) {
    const Standing& standing = facts.ledger().standings()[i];
    if (view.text(facts.statements().claims()[i].at) == number) {
      footing = facts.ledger().standings()[standing.first].footing;
    }
  }
  return footing;
}

TraceSketch shop(const std::string& output) {
  TraceSketch sketch("Report the quarter, with the change to 8,000 in the last one.");
  sketch
      .tool("sales",
            R"({"shop": "S-12"})",
            R"([{"week": 18, "item": "bolt", "qty": 12, "eur": 2150.5},
                {"week": 19, "item": "nut", "qty": 30, "eur": 1999.5},
                {"week": 20, "item": "nut", "qty": 25, "eur": 2400.0}])")
      .tool("fees", "{}", R"({"fee_cents": 13680, "ready_in_s": 1800, "ratio": 0.0028})")
      .tool("tests", "{}", "web: Tests: 188 passed\njobs: Tests: 141 passed\nall: Tests: 67 passed")
      .output(output);
  return sketch;
}

Footing said(const std::string& output, std::string_view number) {
  TraceSketch sketch = shop(output);
  return footing_of(sketch, number);
}

TEST(Ledger, KnowsWhatIsGivenAndWhatFollows) {
  EXPECT_EQ(said("Week 18: 2,150.50 EUR.", "2,150.50"), Footing::given);
  EXPECT_EQ(said("In total 6,550.00 EUR.", "6,550.00"), Footing::derived);   // a sum
  EXPECT_EQ(said("Nuts made 4,399.50 EUR.", "4,399.50"), Footing::derived);  // of a group
  EXPECT_EQ(said("The fee is 136.80 EUR.", "136.80"), Footing::derived);     // cents
  EXPECT_EQ(said("All 396 tests passed.", "396"), Footing::derived);         // of lines
  EXPECT_EQ(said("Week 20 was 249.50 EUR above week 18.", "249.50"), Footing::derived);
  EXPECT_EQ(said("Ready within 30 minutes at 0.28 %.", "0.28"), Footing::open);  // two digits
  EXPECT_EQ(said("About 6,500 EUR.", "6,500"), Footing::open);                   // said to be rough
}

TEST(Ledger, KnowsSharesThatAreStatedAndAmountsThatAreTakenOff) {
  const auto paid = [](const std::string& output) {
    TraceSketch sketch("Say what comes off.");
    sketch
        .tool(
            "order",
            "{}",
            R"({"items": [{"name": "sofa", "paid": "1.161,00"}, {"name": "table", "paid": "189,00"}],
                  "lines": [{"what": "fare difference", "pence": -410}, {"what": "dog", "pence": 2200}]})")
        .output(output);
    return sketch;
  };
  TraceSketch share = paid("For the table EUR 28.35 come off, that is 15 %.");
  EXPECT_EQ(footing_of(share, "28.35"), Footing::derived);
  TraceSketch wrong = paid("For the table EUR 29.35 come off, that is 15 %.");
  EXPECT_EQ(footing_of(wrong, "29.35"), Footing::unexplained);
  TraceSketch less = paid("It is less £4.10, as the boat is cheaper.");
  EXPECT_EQ(footing_of(less, "4.10"), Footing::derived);
}

TEST(Ledger, ANumberOfAPageIsNoPartOfASum) {
  TraceSketch sketch("How many hours?");
  sketch.tool("hours", R"({"page": 2})", R"({"rows": [{"week": "a", "hours": 201.5}]})")
      .output("So far 201.5. Page 2 alone: 35 + 28.5 + 131.5 = 195.0. Total 396.5.");
  EXPECT_EQ(footing_of(sketch, "396.5"), Footing::derived);
}

TEST(Ledger, KnowsWhatFollowsFromNothing) {
  EXPECT_EQ(said("In total 6,650.00 EUR.", "6,650.00"), Footing::unexplained);
  EXPECT_EQ(said("The fee is 118.37 EUR.", "118.37"), Footing::unexplained);
}

TEST(Ledger, PartsContradictATotalLouderThanFarNumbersExplainIt) {
  EXPECT_EQ(said("24.50, 31.20 and 12.40 EUR, together 68.10 EUR.", "68.10"), Footing::derived);
  EXPECT_EQ(said("2,150.50, 1,999.50 and 2,400.00 EUR, together 6,450.00 EUR.", "6,450.00"),
            Footing::unexplained);
  // A bracket is one item of what is added up.
  EXPECT_EQ(said("The room is 326.70 EUR; with breakfast (2 x 16.00) and tax (2 x 3.00) that is "
                 "364.70 EUR.",
                 "364.70"),
            Footing::derived);
}

TEST(Ledger, AResultThatCameLaterExplainsNothing) {
  TraceSketch sketch("Add it up.");
  sketch.tool("a", "{}", R"({"eur": 12.5})")
      .llm("Which fee?", "The fee is 947.31 EUR.")
      .tool("b", "{}", R"({"eur": 947.31})");
  EXPECT_EQ(footing_of(sketch, "947.31"), Footing::unexplained);
}

TEST(Ledger, NothingIsUnexplainedWhileASourceIsCut) {
  TraceSketch sketch = shop("In total 9,173.21 EUR.");
  sketch.tool("more", "{}", "2, 3, 5, \u2026");
  EXPECT_EQ(footing_of(sketch, "9,173.21"), Footing::open);
}

}  // namespace
}  // namespace infinium::maestro
