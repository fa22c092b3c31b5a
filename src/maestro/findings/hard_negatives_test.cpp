// Good work that looks like a fault: no critical finding may be raised.

#include <gtest/gtest.h>

#include <functional>

#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

struct Case {
  std::string name;
  std::function<TraceSketch()> make;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class HardNegative : public testing::TestWithParam<Case> {};

TEST_P(HardNegative, RaisesNothingCritical) {
  TraceSketch sketch = GetParam().make();
  const TraceView view(sketch.trace());
  for (const ProvenFinding& finding : find_all(view)) {
    EXPECT_NE(finding->severity, Severity::critical)
        << finding->code << ": " << finding->explanation;
  }
}

TraceSketch compared_months() {
  return TraceSketch("Compare the orders of October 2026 with the month before.")
      .tool("count", R"({"file": "orders_2026-10.csv"})", R"({"rows": 120})")
      .tool("count", R"({"file": "orders_2026-09.csv"})", R"({"rows": 100})")
      .output("October had 120 orders, 20 % more than September with 100.");
}

TraceSketch top_three() {
  return TraceSketch("Name the top 3 products by total revenue.")
      .tool(
          "revenue",
          "{}",
          R"([{"product": "kettle", "eur": 900.5}, {"product": "toaster", "eur": 800.0}, {"product": "mixer", "eur": 700.0}, {"product": "blender", "eur": 100.0}])")
      .output("The top 3: kettle, toaster, mixer.");
}

TraceSketch under_a_limit() {
  return TraceSketch("List all items with stock under 10, with a total.")
      .tool(
          "stock",
          "{}",
          R"([{"item": "bolt", "stock": 4}, {"item": "screw", "stock": 9}, {"item": "nail", "stock": 7}, {"item": "washer", "stock": 40}])")
      .tool("sum", R"({"values": [4, 9, 7]})", "20")
      .output("bolt 4, screw 9, nail 7; total 20.");
}

TraceSketch only_paid() {
  return TraceSketch("Sum the total of all invoices except drafts.")
      .tool(
          "invoices",
          "{}",
          R"([{"no": "I-1", "state": "paid", "eur": 120.25}, {"no": "I-2", "state": "paid", "eur": 480.0}, {"no": "I-3", "state": "draft", "eur": 99.5}, {"no": "I-4", "state": "paid", "eur": 310.0}])")
      .tool("sum", R"({"values": [120.25, 480.0, 310.0]})", "910.25")
      .output("The total is 910.25.");
}

TraceSketch every_id_in_turn() {
  return TraceSketch("Is order 4417 the only late one of customer C-20?")
      .tool("orders", R"({"customer": "C-20"})", R"({"orders": [4411, 4417, 4420]})")
      .tool("get_order", R"({"order_id": 4411})", R"({"late": false})")
      .tool("get_order", R"({"order_id": 4417})", R"({"late": true})")
      .tool("get_order", R"({"order_id": 4420})", R"({"late": false})")
      .output("Yes, only 4417 is late.");
}

TraceSketch corrected_id() {
  return TraceSketch("Refund order 4417.")
      .tool("get_order", R"({"order_id": 4471})", R"({"error": "not found"})")
      .tool("get_order", R"({"order_id": 4417})", R"({"order_id": 4417, "total_cents": 5990})")
      .tool("refund_order", R"({"order_id": 4417, "amount_cents": 5990})", R"({"ok": true})")
      .output("I refunded 59.90 EUR for order 4417.");
}

TraceSketch month_as_range() {
  return TraceSketch("Count the visits in October 2026.")
      .tool("sql",
            "SELECT COUNT(*) AS n FROM visits WHERE day >= '2026-10-01' AND day < '2026-11-01'",
            R"([{"n": 5120}])")
      .output("There were 5,120 visits.");
}

TraceSketch two_regions() {
  return TraceSketch("Compare region EMEA with region APAC.")
      .tool("sales", R"({"region": "EMEA"})", R"({"sum_eur": 1200.5})")
      .tool("sales", R"({"region": "APAC"})", R"({"sum_eur": 900.25})")
      .output("EMEA sold 1,200.50 EUR, APAC 900.25 EUR.");
}

TraceSketch code_for_name() {
  return TraceSketch("What is the weather in Lisbon?")
      .tool("geocode",
            R"({"city": "Lisbon"})",
            R"([{"city": "Lisbon", "code": "LIS"}, {"city": "Lisburn", "code": "LSB"}])")
      .tool("weather", R"({"code": "LIS"})", R"({"temperature": 21})")
      .output("It is 21 degrees.");
}

TraceSketch converted_money() {
  return TraceSketch("What do we owe in CHF?")
      .tool("debts",
            "{}",
            R"([{"to": "Ab", "amount_cents": 120050}, {"to": "Cd", "amount_cents": 79950}])")
      .tool("rate", R"({"pair": "EURCHF"})", R"({"rate": 0.95})")
      .tool("multiply", R"({"a": 2000.0, "b": 0.95})", "1900.0")
      .output("We owe 2,000.00 EUR, which is 1,900.00 CHF.");
}

TraceSketch both_columns() {
  return TraceSketch("Give gross and net salary of Lea Kurz.")
      .tool("sql",
            "SELECT gross_salary, net_salary FROM staff WHERE name = 'Lea Kurz'",
            R"([{"gross_salary": 5200, "net_salary": 3300}])")
      .output("Gross 5,200, net 3,300.");
}

TraceSketch helper_columns() {
  return TraceSketch("What is the margin of article K-7?")
      .tool("sql",
            "SELECT price, cost FROM articles WHERE article = 'K-7'",
            R"([{"price": 19.5, "cost": 12.0, "margin_target": 8}])")
      .tool("calculate", R"({"expression": "price - cost"})", "7.5")
      .output("The margin is 7.50.");
}

TraceSketch newest_file() {
  return TraceSketch("Use the latest backup list.")
      .tool("ls", "backups", "list_2026-01.txt\nlist_2026-02.txt\nlist_2026-03.txt")
      .tool("read", "backups/list_2026-03.txt", "a b c")
      .output("Read the list of March.");
}

TraceSketch rounded_hours() {
  return TraceSketch("How long did the jobs take in total, in hours?")
      .tool("jobs", "{}", R"([{"job": "a", "minutes": 125}, {"job": "b", "minutes": 250}])")
      .output("Together they took 6.3 hours (375 minutes).");
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         HardNegative,
                         testing::Values(Case{"compared_months", compared_months},
                                         Case{"top_three", top_three},
                                         Case{"under_a_limit", under_a_limit},
                                         Case{"only_paid", only_paid},
                                         Case{"every_id_in_turn", every_id_in_turn},
                                         Case{"corrected_id", corrected_id},
                                         Case{"month_as_range", month_as_range},
                                         Case{"two_regions", two_regions},
                                         Case{"code_for_name", code_for_name},
                                         Case{"converted_money", converted_money},
                                         Case{"both_columns", both_columns},
                                         Case{"helper_columns", helper_columns},
                                         Case{"newest_file", newest_file},
                                         Case{"rounded_hours", rounded_hours}),
                         [](const auto& entry) { return entry.param.name; });

/// The search was over before the run was: what is left of it has no first step to order it by.
TEST(HardNegative, ASearchThatWasClosedLongBeforeTheEnd) {
  TraceSketch sketch("List what the five depots hold.");
  sketch.tool("find_stock", R"({"depot": "Kiel"})", "[]");
  for (const char* depot : {"Bonn", "Jena", "Ulm", "Hof"}) {
    sketch.tool("find_stock",
                std::string(R"({"depot": ")") + depot + "\"}",
                std::string(R"([{"part": "bolt", "at": ")") + depot + "\"}]");
  }
  sketch.tool("find_supplier", R"({"part": "bolt"})", "[]");
  sketch.output("Kiel holds nothing; Bonn, Jena, Ulm and Hof hold bolts.");
  const TraceView view(sketch.trace());
  for (const ProvenFinding& finding : find_all(view)) {
    EXPECT_NE(finding->code, "loop.thrashing") << finding->explanation;
  }
}

}  // namespace
}  // namespace infinium::maestro
