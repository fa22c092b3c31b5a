// One silent fault each in traces of many trades and ways of writing, beside the same trace without
// it: the root cause must be the step where the fault went in, and the clean twin must raise no
// critical finding.

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"
#include "maestro/reading.h"
#include "maestro/root_cause.h"

namespace infinium::maestro {
namespace {

struct Pair {
  std::string name;
  std::int64_t step = 0;  ///< where the fault goes in; 0 for the output itself
  std::function<TraceSketch(bool faulty)> make;
};

void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }

std::string list(const std::vector<ProvenFinding>& findings) {
  std::string text;
  for (const ProvenFinding& finding : findings) {
    text += finding->code + ": " + finding->explanation + "\n";
  }
  return text;
}

class PlantedFault : public testing::TestWithParam<Pair> {};

TEST_P(PlantedFault, IsNamedWhereItWentIn) {
  TraceSketch sketch = GetParam().make(true);
  const Reading reading(sketch.trace());
  const TraceView& view = reading.view();
  const auto& findings = reading.findings;
  const auto cause = find_root_cause(reading, reading.cues(), {});
  ASSERT_TRUE(cause.has_value()) << list(findings);
  EXPECT_EQ((*cause)->step.value_or(0), GetParam().step) << list(findings);
  for (const ProvenFinding& finding : findings) {
    for (const Evidence& evidence : finding->evidence) {
      EXPECT_TRUE(check(evidence, view)) << finding->code;
    }
  }
}

TEST_P(PlantedFault, IsNotSeenInTheCleanTwin) {
  TraceSketch sketch = GetParam().make(false);
  const TraceView view(sketch.trace());
  for (const ProvenFinding& finding : find_all(view)) {
    EXPECT_NE(finding->severity, Severity::critical)
        << finding->code << ": " << finding->explanation;
  }
}

// --- wrong filter ---------------------------------------------------------------------------

TraceSketch ward_filter(bool faulty) {
  const std::string ward = faulty ? "Cardiology" : "Oncology";
  return TraceSketch("How many beds are free in the Oncology ward today?")
      .tool("list_wards", "{}", R"(["Cardiology", "Oncology", "Surgery"])")
      .tool("get_beds",
            R"({"ward": ")" + ward + R"(", "status": "free"})",
            R"([{"bed": "B-12", "status": "free"}, {"bed": "B-17", "status": "free"}])")
      .output("There are 2 free beds.");
}

TraceSketch sql_filter(bool faulty) {
  const std::string state = faulty ? "NSW" : "QLD";
  return TraceSketch("Give me the number of active permits in the state QLD.")
      .action(
          "run_sql",
          "SELECT COUNT(*) AS n FROM permits WHERE state = '" + state + "' AND status = 'active'",
          "n\n418")
      .output("There are 418 active permits.");
}

TraceSketch german_filter(bool faulty) {
  const std::string branch = faulty ? "Köln" : "Dresden";
  return TraceSketch("Bitte die offenen Rechnungen der Filiale Dresden auflisten.")
      .tool("rechnungen_suchen",
            R"({"filiale": ")" + branch + R"(", "status": "offen"})",
            R"([{"nr": "R-2044", "betrag_eur": 120.5}, {"nr": "R-2051", "betrag_eur": 80.0}])")
      .output("Offen sind R-2044 und R-2051.");
}

TraceSketch year_filter(bool faulty) {
  const std::string year = faulty ? "2024" : "2025";
  return TraceSketch("What was the rainfall in Porto in 2025?")
      .tool("query",
            "SELECT SUM(mm) AS rain FROM weather WHERE city = 'Porto' AND year = " + year,
            R"([{"rain": 1187}])")
      .output("Porto had 1187 mm of rain.");
}

TraceSketch pandas_filter(bool faulty) {
  const std::string grade = faulty ? "B2" : "C1";
  return TraceSketch("Average score of the students at level C1, please.")
      .tool("python", "df[df[\"level\"] == \"" + grade + "\"][\"score\"].mean()", "83.4")
      .output("Their average score is 83.4.");
}

// --- wrong row ------------------------------------------------------------------------------

TraceSketch parcel_row(bool faulty) {
  const std::string id = faulty ? "P-88214" : "P-88241";
  return TraceSketch("Where is parcel P-88241 now?")
      .tool("track",
            R"({"parcel": ")" + id + R"("})",
            R"({"parcel": ")" + id + R"(", "city": "Gdansk"})")
      .output("It is in Gdansk.");
}

TraceSketch customer_row(bool faulty) {
  const std::string id = faulty ? "71" : "17";
  return TraceSketch("Send Nordwind GmbH a reminder for their open balance.")
      .tool(
          "search_customers",
          R"({"query": "Nord"})",
          R"([{"id": 17, "name": "Nordwind GmbH"}, {"id": 71, "name": "Nordlicht AG"}, {"id": 90, "name": "Nordsee KG"}])")
      .tool("get_balance", R"({"customer_id": )" + id + "}", R"({"balance_eur": 512.40})")
      .tool("send_mail",
            R"({"customer_id": )" + id + R"(, "text": "Your open balance is 512.40 EUR."})",
            "queued")
      .output("I reminded them of 512.40 EUR.");
}

TraceSketch csv_row(bool faulty) {
  const std::string pay = faulty ? "3870.00" : "4120.00";
  return TraceSketch("What is Ines Moura's yearly pay (12 months)?")
      .tool("read_file",
            "staff.csv",
            "name,team,monthly_pay\nIvo Maier,Sales,3870.00\nInes Moura,Legal,4120.00\nIda "
            "Moe,Sales,3990.00\n")
      .tool("multiply", R"({"a": )" + pay + R"(, "b": 12})", faulty ? "46440.0" : "49440.0")
      .output(std::string("Her yearly pay is ") + (faulty ? "46,440.00." : "49,440.00."));
}

TraceSketch spanish_row(bool faulty) {
  const std::string id = faulty ? "40312" : "40321";
  return TraceSketch("Cancela la reserva 40321 y confirma por correo.")
      .tool(
          "ver_reserva", R"({"reserva_id": 40321})", R"({"reserva_id": 40321, "estado": "activa"})")
      .tool("cancelar_reserva", R"({"reserva_id": )" + id + "}", R"({"ok": true})")
      .output("La reserva se canceló.");
}

// --- wrong unit -----------------------------------------------------------------------------

TraceSketch grams(bool faulty) {
  const std::string weight = faulty ? "8450" : "8.45";
  return TraceSketch("What is the total weight of the shipment in kg?")
      .tool(
          "get_items",
          R"({"shipment": "S-5"})",
          R"([{"item": "a1", "weight_g": 4200}, {"item": "b2", "weight_g": 1250}, {"item": "c3", "weight_g": 3000}])")
      .tool("compute", R"({"op": "sum", "of": "weights"})", R"({"total": )" + weight + "}")
      .output("The shipment weighs " + weight + " kg.");
}

TraceSketch cents(bool faulty) {
  return TraceSketch("Tell me the invoice total in euros.")
      .tool("fetch_invoice",
            R"({"invoice": "INV-77"})",
            R"({"invoice": "INV-77", "amount_cents": 249950})")
      .output(faulty ? "The invoice comes to €249,950.00." : "The invoice comes to €2,499.50.");
}

TraceSketch minutes(bool faulty) {
  const std::string hours = faulty ? "465.0" : "7.75";
  return TraceSketch("How many hours did the crew log in total?")
      .tool("timesheet", "crew=north", "name,minutes\nAda,180\nBo,150\nCy,135\n")
      .tool("sum_up", "column minutes", hours)
      .output("They logged " + hours + " hours.");
}

TraceSketch noted_unit(bool faulty) {
  return TraceSketch("How much energy did line 4 use, in kWh?")
      .tool("describe",
            R"({"table": "meter"})",
            R"([{"column": "used", "type": "INTEGER", "note": "in Wh"}])")
      .tool("query", "SELECT used FROM meter WHERE line = 4", R"([{"used": 7340}])")
      .output(faulty ? "Line 4 used 7,340 kWh." : "Line 4 used 7.34 kWh.");
}

// --- stale file -----------------------------------------------------------------------------

TraceSketch old_month(bool faulty) {
  const std::string month = faulty ? "2026-09" : "2026-10";
  return TraceSketch("Count the orders of October 2026.")
      .tool("ls", "exports/", "orders_2026-08.csv\norders_2026-09.csv\norders_2026-10.csv")
      .tool("count_rows", R"({"file": "exports/orders_)" + month + R"(.csv"})", R"({"rows": 1204})")
      .output("There were 1204 orders.");
}

TraceSketch marked_old(bool faulty) {
  const std::string file = faulty ? "pricelist_v3.json" : "pricelist_v4.json";
  return TraceSketch("Quote 10 units of article K-300 from our price list.")
      .tool(
          "list_documents",
          "{}",
          R"([{"file": "pricelist_v3.json", "status": "superseded"}, {"file": "pricelist_v4.json", "status": "current"}])")
      .tool("open_document",
            R"({"file": ")" + file + R"("})",
            R"({"article": "K-300", "price_eur": 12.5})")
      .output("10 units of K-300 cost 125.00 EUR.");
}

TraceSketch not_latest(bool faulty) {
  const std::string file = faulty ? "stock-20260914.csv" : "stock-20261030.csv";
  return TraceSketch("From the latest stock list, how many pallets of rice are left?")
      .action("list_dir", "stock", "stock-20260914.csv stock-20261002.csv stock-20261030.csv")
      .action("read_csv", "stock/" + file, "good,pallets\nrice,48\nbeans,12\n")
      .output("48 pallets of rice are left.");
}

// --- dropped item ---------------------------------------------------------------------------

TraceSketch lost_invoice(bool faulty) {
  const std::string amounts =
      faulty ? "[310.5, 99.9, 1250.0, 87.25]" : "[310.5, 99.9, 1250.0, 87.25, 640.0]";
  const std::string sum = faulty ? "1747.65" : "2387.65";
  return TraceSketch("Add up all open invoices of Brandt & Co.")
      .tool(
          "find_invoices",
          R"({"customer": "Brandt & Co"})",
          R"([{"no": "A1", "open": 310.5}, {"no": "A2", "open": 99.9}, {"no": "A5", "open": 1250.0}, {"no": "A7", "open": 87.25}, {"no": "A9", "open": 640.0}])")
      .tool("add", R"({"numbers": )" + amounts + "}", sum)
      .output("Together they come to " + sum + ".");
}

TraceSketch lost_in_code(bool faulty) {
  const std::string sum = faulty ? "11730" : "14850";
  return TraceSketch("What is the total mileage of every van?")
      .tool("vans", "{}", "van,km\nV-01,3120\nV-02,2790\nV-03,4400\nV-04,1990\nV-05,2550\n")
      .tool("run_code", "print(sum(kms))", sum)
      .output("The vans drove " + sum + " km.");
}

TraceSketch lost_in_report(bool faulty) {
  const std::string last = faulty ? "" : "\n- Tallinn";
  return TraceSketch("List every depot that needs an inspection.")
      .tool(
          "get_depots",
          R"({"due": true})",
          R"([{"depot": "Riga"}, {"depot": "Vilnius"}, {"depot": "Kaunas"}, {"depot": "Tartu"}, {"depot": "Tallinn"}])")
      .output("Depots that need an inspection:\n- Riga\n- Vilnius\n- Kaunas\n- Tartu" + last);
}

// --- wrong column ---------------------------------------------------------------------------

TraceSketch sale_price(bool faulty) {
  const std::string column = faulty ? "list_price" : "sale_price";
  return TraceSketch("What is the average sale price of the sofas?")
      .tool("schema",
            "products",
            "CREATE TABLE products (sku TEXT, list_price REAL, sale_price REAL)")
      .tool("sql", "SELECT AVG(" + column + ") FROM products WHERE kind = 'sofas'", "612.25")
      .output("The average is 612.25.");
}

TraceSketch shipped(bool faulty) {
  const std::string column = faulty ? "qty_ordered" : "qty_shipped";
  return TraceSketch("Sum the quantity shipped per article, not what was ordered.")
      .tool("load_table",
            R"({"path": "deliveries.csv"})",
            "article,qty_ordered,qty_shipped\nM-1,120,118\nM-2,75,60\nM-3,40,40\n")
      .tool("aggregate",
            R"({"group_by": "article", "column": ")" + column + R"(", "how": "sum"})",
            faulty ? R"({"M-1": 120, "M-2": 75, "M-3": 40})"
                   : R"({"M-1": 118, "M-2": 60, "M-3": 40})")
      .output(faulty ? "M-1: 120, M-2: 75, M-3: 40" : "M-1: 118, M-2: 60, M-3: 40");
}

TraceSketch taken_column(bool faulty) {
  const std::string numbers = faulty ? "[5400.0, 6125.0, 4780.0]" : "[4105.5, 4610.0, 3702.25]";
  const std::string sum = faulty ? "16305.0" : "12417.75";
  return TraceSketch("What do we pay out in net salaries in total?")
      .tool(
          "payroll",
          "{}",
          R"([{"person": "u1", "gross": 5400.0, "net": 4105.5}, {"person": "u2", "gross": 6125.0, "net": 4610.0}, {"person": "u3", "gross": 4780.0, "net": 3702.25}])")
      .tool("calc", R"({"op": "sum", "values": )" + numbers + "}", R"({"result": )" + sum + "}")
      .output("We pay out " + sum + ".");
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         PlantedFault,
                         testing::Values(Pair{"ward_filter", 2, ward_filter},
                                         Pair{"sql_filter", 1, sql_filter},
                                         Pair{"german_filter", 1, german_filter},
                                         Pair{"year_filter", 1, year_filter},
                                         Pair{"pandas_filter", 1, pandas_filter},
                                         Pair{"parcel_row", 1, parcel_row},
                                         Pair{"customer_row", 2, customer_row},
                                         Pair{"csv_row", 2, csv_row},
                                         Pair{"spanish_row", 2, spanish_row},
                                         Pair{"grams", 2, grams},
                                         Pair{"cents", 0, cents},
                                         Pair{"minutes", 2, minutes},
                                         Pair{"noted_unit", 0, noted_unit},
                                         Pair{"old_month", 2, old_month},
                                         Pair{"marked_old", 2, marked_old},
                                         Pair{"not_latest", 2, not_latest},
                                         Pair{"lost_invoice", 2, lost_invoice},
                                         Pair{"lost_in_code", 2, lost_in_code},
                                         Pair{"lost_in_report", 0, lost_in_report},
                                         Pair{"sale_price", 2, sale_price},
                                         Pair{"shipped", 2, shipped},
                                         Pair{"taken_column", 2, taken_column}),
                         [](const auto& entry) { return entry.param.name; });

}  // namespace
}  // namespace infinium::maestro
