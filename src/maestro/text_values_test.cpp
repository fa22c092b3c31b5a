#include "maestro/text_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "maestro/facts.h"
#include "maestro/text.h"
#include "maestro/text_calls.h"
#include "maestro/text_periods.h"
#include "maestro/text_records.h"

namespace infinium::maestro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Read {
  std::string text;
  double number;
  Unit unit;
};

class Numbers : public testing::TestWithParam<Read> {};

TEST_P(Numbers, AreReadAsWritten) {
  const auto values = find_values(GetParam().text);
  ASSERT_FALSE(values.empty()) << GetParam().text;
  EXPECT_EQ(values.front().kind, ValueKind::number) << GetParam().text;
  EXPECT_DOUBLE_EQ(values.front().number, GetParam().number) << GetParam().text;
  EXPECT_EQ(values.front().unit, GetParam().unit) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Forms,
                         Numbers,
                         testing::Values(Read{"1,234.50", 1234.5, Unit::none},
                                         Read{"1.234,50 €", 1234.5, Unit::money},
                                         Read{"€1,234", 1234, Unit::money},
                                         Read{"USD 12.00", 12, Unit::money},
                                         Read{"1'234'567", 1234567, Unit::none},
                                         Read{"1\u00A0234,5", 1234.5, Unit::none},
                                         Read{"12,5 %", 12.5, Unit::percent},
                                         Read{"-17.25", -17.25, Unit::none},
                                         Read{"3.4 million", 3.4e6, Unit::none},
                                         Read{"250ms", 250, Unit::milliseconds},
                                         Read{"7.34 kWh", 7.34, Unit::kilowatt_hours},
                                         Read{"１２円", 12, Unit::money},
                                         Read{"99 cents", 99, Unit::money_minor}));

std::vector<std::string> texts(std::string_view text, ValueKind kind) {
  std::vector<std::string> found;
  for (const ValueToken& token : find_values(text)) {
    if (token.kind == kind) {
      found.emplace_back(text.substr(token.start, token.end - token.start));
    }
  }
  return found;
}

TEST(Values, KindsAreToldApart) {
  constexpr std::string_view kText =
      "Order #1128 of a.b@example.com (INV-2026-7, 3RK2T9) is in rates/eur_2026-10.json, see "
      "https://example.com/x?y=1. On 31 October 2026 at 14:30.";
  EXPECT_THAT(texts(kText, ValueKind::identifier), ElementsAre("#1128", "INV-2026-7", "3RK2T9"));
  EXPECT_THAT(texts(kText, ValueKind::email), ElementsAre("a.b@example.com"));
  EXPECT_THAT(texts(kText, ValueKind::file), ElementsAre("rates/eur_2026-10.json"));
  EXPECT_THAT(texts(kText, ValueKind::url), ElementsAre("https://example.com/x?y=1"));
  EXPECT_THAT(texts(kText, ValueKind::date), ElementsAre("31 October 2026"));
  EXPECT_THAT(texts(kText, ValueKind::time), ElementsAre("14:30"));
}

TEST(Values, OneDateHasOneKeyHoweverWritten) {
  const std::uint64_t key = find_values("2026-10-31").front().key;
  for (const char* text : {"31.10.2026",
                           "Oct 31, 2026",
                           "31 October 2026",
                           "31. Oktober 2026",
                           "31 de octubre 2026",
                           "10/31/2026",
                           "2026-10-31T08:00:00Z"}) {
    const auto values = find_values(text);
    ASSERT_FALSE(values.empty()) << text;
    EXPECT_EQ(values.front().key, key) << text;
  }
  EXPECT_NE(find_values("2026-10-30").front().key, key);
}

TEST(Values, EscapesOfJsonTextAreNoLetters) {
  EXPECT_THAT(texts(R"(Total\n1128,45)", ValueKind::number), ElementsAre("1128,45"));
  EXPECT_THAT(texts("予約番号はNK-582017、総額は89,600円。AB-2407（計1件）", ValueKind::identifier),
              ElementsAre("NK-582017", "AB-2407"));
}

TEST(Values, AnIdIsTheSameWithAndWithoutItsMark) {
  EXPECT_EQ(value_key("#1128"), value_key("1128"));
  EXPECT_EQ(value_key("1128.0"), value_key("1128"));
  EXPECT_EQ(value_key("EMEA"), value_key(" emea "));
  EXPECT_NE(value_key("89049032007108882600094417254836"),
            value_key("89049032007108882600094417254863"));
  EXPECT_EQ(value_key("89049032007108882600094417254836"),
            find_values("EID 89049032007108882600094417254836").front().key);
}

TEST(Values, TemplatesHoldNoValues) {
  EXPECT_EQ(without_values("Order #1128 of 2026-10-31 not found"), "order # of # not found");
}

TEST(Units, AreReadFromNames) {
  EXPECT_EQ(unit_of_name("amount_cents"), Unit::money_minor);
  EXPECT_EQ(unit_of_name("amount_eur_cents"), Unit::money_minor);
  EXPECT_EQ(unit_of_name("durationMs"), Unit::milliseconds);
  EXPECT_EQ(unit_of_name("Weight (kg)"), Unit::kilograms);
  EXPECT_EQ(unit_of_name("chf_per_eur"), Unit::none);
  EXPECT_EQ(unit_of_name("min"), Unit::none);
  EXPECT_EQ(unit_of_name("customer"), Unit::none);
}

std::vector<std::string> cells(std::string_view text) {
  std::vector<std::string> found;
  for (const Cell& cell : read_records(text).cells) {
    EXPECT_LE(cell.end, text.size());
    found.push_back(std::to_string(cell.record) + " " + cell.key + "=" + cell.value);
  }
  return found;
}

TEST(Records, JsonPythonTablesAndLinesGiveTheSame) {
  EXPECT_THAT(cells(R"([{"id": 1, "n": "a"}, {"id": 2, "n": "b"}])"),
              ElementsAre("1 id=1", "1 n=a", "2 id=2", "2 n=b"));
  EXPECT_THAT(cells("[{'id': 1, 'n': 'a'}]"), ElementsAre("1 id=1", "1 n=a"));
  EXPECT_THAT(cells("id,n\n1,a\n2,b\n"), ElementsAre("0 id=1", "0 n=a", "1 id=2", "1 n=b"));
  EXPECT_THAT(cells("| id | n |\n| --- | --- |\n| 1 | a |"), ElementsAre("0 id=1", "0 n=a"));
  EXPECT_THAT(cells(R"({"columns": ["id", "n"], "rows": [[1, "a"]]})"),
              testing::IsSupersetOf({std::string("3 id=1"), std::string("3 n=a")}));
  EXPECT_THAT(cells("Id: 1\nN: a"), ElementsAre("0 id=1", "0 n=a"));
  EXPECT_THAT(cells("code | net\nNO   | 12.5\nWE   | 3\n(2 rows)"),
              ElementsAre("0 code=NO", "0 net=12.5", "1 code=WE", "1 net=3"));
  EXPECT_THAT(cells("season      valid to\nspring26    2026-04-30\nautumn25    2025-11-30\n"),
              ElementsAre("0 season=spring26",
                          "0 valid to=2026-04-30",
                          "1 season=autumn25",
                          "1 valid to=2025-11-30"));
  EXPECT_THAT(cells("P-11  Ferrous GmbH\nP-12  Ferrous Labs"),
              ElementsAre("0 =P-11", "0 =Ferrous GmbH", "1 =P-12", "1 =Ferrous Labs"));
  EXPECT_THAT(cells("12  int a = 1;\n13  int b = 2;"), IsEmpty());
  EXPECT_THAT(cells("region=EMEA, n=5"), ElementsAre("0 region=EMEA", "0 n=5"));
}

TEST(Records, CutAndBrokenTextGivesWhatStands) {
  EXPECT_THAT(cells(R"([{"id": 1, "n": "a"}, {"id": 2, "n": "lon)"),
              ElementsAre("1 id=1", "1 n=a", "2 id=2", "2 n=lon"));
  EXPECT_THAT(cells("{{{{[[["), IsEmpty());
  EXPECT_THAT(cells(std::string(5000, '[')), IsEmpty());
}

TEST(Records, ProseIsNoTable) {
  EXPECT_FALSE(read_records("Hello there, my friend.\nHow are you, today?").structured);
}

TEST(Queries, AreReadWhereTheyStand) {
  std::vector<std::string> parts;
  for (const QueryPart& part : read_query(
           "SELECT o.id, SUM(net) AS s FROM orders o WHERE o.region = 'EMEA' AND day BETWEEN "
           "'2026-10-01' AND '2026-10-31' AND kind IN ('a', \\\"b\\\") AND n >= 5 LIMIT 3")) {
    parts.push_back(part.key + " " + part.op + " " + part.text);
  }
  EXPECT_THAT(parts,
              ElementsAre("column select id",
                          "column select net",
                          "table from orders",
                          "region = EMEA",
                          "day between 2026-10-01",
                          "day between 2026-10-31",
                          "kind in a",
                          "kind in b",
                          "n >= 5",
                          "limit limit 3"));
}

TEST(Queries, ComparisonsOfOtherLanguagesCount) {
  const auto parts = read_query("df[df[\"level\"] == \"C1\"]");
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].key, "level");
  EXPECT_EQ(parts[0].text, "C1");
}

TEST(Periods, AreReadFromNames) {
  EXPECT_THAT(find_periods("orders_2026-09.csv"), ElementsAre(Period{2026, 0, 9, 0}));
  EXPECT_THAT(find_periods("rates202609"), ElementsAre(Period{2026, 0, 9, 0}));
  EXPECT_THAT(find_periods("stock-20261030.csv"), ElementsAre(Period{2026, 0, 10, 30}));
  EXPECT_THAT(find_periods("FY2026-Q3"), ElementsAre(Period{2026, 3, 0, 0}));
  EXPECT_THAT(find_periods("no year 12"), IsEmpty());
  EXPECT_EQ(family_of("orders_2026-09.csv"), family_of("orders_2026-10.csv"));
  EXPECT_EQ(family_of("pricelist_v3_old.json"), family_of("pricelist_v4.json"));
  EXPECT_NE(family_of("orders_2026-09.csv"), family_of("rates_2026-09.csv"));
}

TEST(Text, CountsAreThoseAPersonMakes) {
  EXPECT_EQ(count_words("It's a well-known fact: 3 cats."), 6u);
  EXPECT_EQ(count_words("猫が好き"), 4u);
  EXPECT_EQ(count_sentences("Pi is 3.14. See e.g. J. Doe! Really?"), 3u);
  EXPECT_EQ(count_sentences("猫です。犬です。"), 2u);
  EXPECT_EQ(count_code_points("Zähle"), 5u);
  EXPECT_EQ(count_list_items("- a\n* b\n1. c\ntext\n2) d"), 4u);
  EXPECT_EQ(count_lines("a\n\n b \n"), 2u);
}

TEST(Text, SearchLeavesCaseAsideAndKeepsWordsWhole) {
  EXPECT_TRUE(find_folded("Region EMEA.", "emea"));
  EXPECT_FALSE(find_folded("REMEAN", "emea"));
  EXPECT_TRUE(find_folded("条件に合うのはP-12。", "p-12"));
  EXPECT_FALSE(find_folded("Straßenbahn 7", "stra"));
  const auto found = find_folded("Größe ÄRA x", "ära");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->start, 8u);
  EXPECT_EQ(found->end, 12u);
  EXPECT_EQ(fold_case("ＡＢ１ÄÖ ΣЖ"), "ab1äö σж");
}

}  // namespace
}  // namespace infinium::maestro
