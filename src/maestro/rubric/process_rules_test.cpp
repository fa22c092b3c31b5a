#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "infinium/maestro.h"
#include "maestro/findings/trace_sketch.h"

/// Rules on how an agent works, each against a run that keeps it and one that breaks it. A row says
/// the rule and what is to be said of both; hard negatives are runs that only look like a breach.
namespace infinium::maestro {
namespace {

RubricItem judge(TraceSketch sketch, std::string_view rule) {
  sketch.objective("Do the work.").output("Done.");
  sketch.trace().expected_outcome->constraints = {std::string(rule)};
  return interpret(sketch.trace()).rubric.back();
}

std::string said(TraceSketch sketch, std::string_view rule) {
  const RubricItem item = judge(std::move(sketch), rule);
  switch (item.status) {
    case RubricStatus::met:
      return "met";
    case RubricStatus::unmet:
      return "unmet";
    case RubricStatus::unclear:
      break;
  }
  return "unclear";
}

/// Three calls: `first`, then `second`.
TraceSketch run(std::string first, std::string second) {
  TraceSketch sketch("Please do it.");
  sketch.tool("get_profile", R"({"customer": "C-1"})", R"({"customer": "C-1"})");
  sketch.tool(std::move(first), R"({"ref": "R-77"})", R"({"ok": true})");
  sketch.tool(std::move(second), R"({"ref": "R-77"})", R"({"ok": true})");
  return sketch;
}

struct OrderRow {
  const char* rule;
  const char* needed;
  const char* guarded;
};

class OrderRule : public ::testing::TestWithParam<OrderRow> {};

TEST_P(OrderRule, IsKeptAndBroken) {
  const OrderRow& row = GetParam();
  EXPECT_EQ(said(run(row.needed, row.guarded), row.rule), "met") << row.rule;
  EXPECT_EQ(said(run(row.guarded, row.needed), row.rule), "unmet") << row.rule;
}

INSTANTIATE_TEST_SUITE_P(
    Languages,
    OrderRule,
    ::testing::Values(
        OrderRow{"Check the inventory before placing the order", "get_stock_level", "place_order"},
        OrderRow{"Never deploy before the tests have run", "run_tests", "deploy_service"},
        OrderRow{"Take a backup before the migration", "create_backup", "run_migration"},
        OrderRow{"Before cancelling a booking, read the cancellation policy",
                 "get_cancellation_policy",
                 "cancel_booking"},
        OrderRow{"Do not issue a refund unless the return policy was read",
                 "read_return_policy",
                 "issue_refund"},
        OrderRow{"Send the invoice only after the address was verified",
                 "verify_address",
                 "send_invoice"},
        OrderRow{"The contract has to be reviewed before it is signed off by a merge",
                 "review_contract",
                 "merge_contract"},
        OrderRow{"Lock the account before the password is reset", "lock_account", "reset_password"},
        OrderRow{"Look up the exchange rate before transferring money",
                 "get_exchange_rate",
                 "transfer_money"},
        OrderRow{"Prüfe die Verfügbarkeit, bevor du buchst", "check_availability", "book_room"},
        OrderRow{"Rückerstattung erst nach Prüfung des Vertrags", "get_contract", "refund_payment"},
        OrderRow{"Keine Überweisung ohne vorherige Prüfung des Kontostands",
                 "kontostand_abfragen",
                 "ueberweisung_ausfuehren"},
        OrderRow{"Antes de reservar, comprueba la disponibilidad",
                 "consultar_disponibilidad",
                 "reservar_habitacion"},
        OrderRow{"No cancelar el pedido sin haber leído la política de devoluciones",
                 "leer_politica",
                 "cancelar_pedido"},
        OrderRow{"Consulter le contrat avant de rembourser", "get_contract", "refund_payment"},
        OrderRow{"送金する前に残高を確認する", "get_balance", "transfer_money"},
        OrderRow{"返金は規約を確認してから行う", "read_terms", "refund_order"},
        OrderRow{"在庫を確認せずに発注しない", "check_stock", "create_purchase_order"},
        OrderRow{"退款前先检查政策", "read_policy", "refund_order"}));

class OrderAbsent : public ::testing::TestWithParam<OrderRow> {};

/// Never looked at, and nothing speaks of it.
TEST_P(OrderAbsent, IsBroken) {
  const OrderRow& row = GetParam();
  EXPECT_EQ(said(run("get_weather", row.guarded), row.rule), "unmet") << row.rule;
  EXPECT_EQ(said(run(row.needed, row.guarded), row.rule), "met") << row.rule;
}

INSTANTIATE_TEST_SUITE_P(
    Rules,
    OrderAbsent,
    ::testing::Values(
        OrderRow{"Read the shipping calendar before scheduling the pickup",
                 "read_shipping_calendar",
                 "schedule_pickup"},
        OrderRow{"Run the tests before pushing", "run_tests", "git_push"},
        OrderRow{"Vor der Buchung ist der Kalender zu lesen", "kalender_lesen", "termin_buchen"}));

TEST(OrderHardNegatives, StayOpen) {
  // Any look may be the look at "the facts".
  EXPECT_EQ(said(run("get_order", "refund_order"), "Check the facts before issuing a refund"),
            "unclear");
  // Not among the calls: what the user does.
  EXPECT_EQ(said(run("get_order", "refund_order"), "Do not refund before the user complains"),
            "unclear");
  // An attitude.
  EXPECT_EQ(said(run("get_order", "cancel_order"), "Be careful before cancelling an order"),
            "unclear");
  // The answer of a tool of another name holds it.
  TraceSketch told("Please do it.");
  told.tool(
      "search_hotels", R"({"city": "Rome"})", R"({"hotel": "H1", "price": 90, "availability": 3})");
  told.tool("book_room", R"({"hotel": "H1"})", R"({"booking": "B-1"})");
  EXPECT_EQ(said(told, "Check price and availability before booking"), "unclear");
  // A hedge, a condition, a statement.
  EXPECT_EQ(
      said(run("refund_order", "read_policy"), "If possible, read the policy before refunding"),
      "unclear");
  EXPECT_EQ(said(run("refund_order", "read_policy"),
                 "If the amount is high, read the policy before refunding"),
            "unclear");
  EXPECT_EQ(
      said(run("refund_order", "read_policy"), "The system will read the policy before the refund"),
      "unclear");
}

TEST(OrderHardNegatives, ALookAtTheThingIsNotTheDeed) {
  TraceSketch sketch("Upgrade it.");
  sketch.tool("get_database", R"({"database": "db-1"})", R"({"version": "15"})");
  sketch.tool("upgrade_database", R"({"database": "db-1"})", R"({"version": "16"})");
  sketch.tool("create_snapshot", R"({"database": "db-1"})", R"({"snapshot": "s-1"})");
  EXPECT_EQ(said(sketch, "Take a snapshot of the database before the upgrade"), "unmet");
}

TEST(OrderHardNegatives, NothingDoneBreaksNothing) {
  TraceSketch sketch("What does it cost?");
  sketch.tool("get_price", R"({"sku": "A"})", R"({"price": 3})");
  EXPECT_EQ(said(sketch, "Do not refund before the refund policy was read"), "met");
}

TEST(OrderHardNegatives, TwoToolsOfOneNoun) {
  // cancel_order is no refund of an order.
  TraceSketch sketch("Cancel it.");
  sketch.tool("cancel_order", R"({"order_id": 7})", R"({"ok": true})");
  sketch.tool("read_refund_policy", R"({})", R"({"days": 30})");
  EXPECT_NE(said(sketch, "Do not refund an order before the refund policy was read"), "unmet");
}

// --- agreement
// -------------------------------------------------------------------------------------

/// A conversation: what the agent says, what the user answers, then the call.
TraceSketch talk(const char* message, const char* answer, std::string tool) {
  TraceSketch sketch("Please help.");
  sketch.user("Please help.");
  sketch.tool("get_offer", R"({"offer": "O-5"})", R"({"offer": "O-5", "price_eur": 120})");
  sketch.llm("", "").last().action = "assistant_message";
  sketch.last().output_preview = message;
  if (answer != nullptr) {
    sketch.user(answer);
  }
  sketch.tool(std::move(tool), R"({"offer": "O-5"})", R"({"done": true})");
  return sketch;
}

struct ConsentRow {
  const char* rule;
  const char* message;
  const char* yes;
  const char* tool;
};

class ConsentRuleTest : public ::testing::TestWithParam<ConsentRow> {};

TEST_P(ConsentRuleTest, NeedsAYes) {
  const ConsentRow& row = GetParam();
  EXPECT_EQ(said(talk(row.message, row.yes, row.tool), row.rule), "met") << row.rule;
  EXPECT_EQ(said(talk(row.message, nullptr, row.tool), row.rule), "unmet") << row.rule;
}

INSTANTIATE_TEST_SUITE_P(
    Languages,
    ConsentRuleTest,
    ::testing::Values(ConsentRow{"Ask for confirmation before booking anything",
                                 "I can book offer O-5 for EUR 120. Shall I?",
                                 "Yes, please.",
                                 "book_offer"},
                      ConsentRow{"Get explicit approval from the customer before charging the card",
                                 "I would charge EUR 120 to your card.",
                                 "That's fine, go ahead.",
                                 "charge_card"},
                      ConsentRow{"Do not send the e-mail without the user's OK",
                                 "Here is the e-mail. Send it?",
                                 "Looks good.",
                                 "send_email"},
                      ConsentRow{"The customer must confirm before the booking is made",
                                 "Offer O-5 is EUR 120. Shall I book it?",
                                 "Sure!",
                                 "book_offer"},
                      ConsentRow{"Nothing is cancelled until the guest has agreed",
                                 "I would cancel O-5 now. Is that okay?",
                                 "Yes",
                                 "cancel_offer"},
                      ConsentRow{"Vor der Buchung muss der Kunde zustimmen",
                                 "Soll ich das Angebot O-5 buchen?",
                                 "Ja, gerne.",
                                 "angebot_buchen"},
                      ConsentRow{"Ohne Zustimmung des Kunden wird nichts gebucht",
                                 "Soll ich das Angebot O-5 buchen?",
                                 "Ja, bitte.",
                                 "angebot_buchen"},
                      ConsentRow{"Confirmar con el cliente antes de cancelar",
                                 "¿Quiere que cancele la oferta O-5?",
                                 "Sí, adelante.",
                                 "cancelar_oferta"},
                      ConsentRow{"Demander la confirmation du client avant toute annulation",
                                 "Voulez-vous que j'annule l'offre O-5 ?",
                                 "Oui, allez-y.",
                                 "annuler_offre"},
                      ConsentRow{"お客様の同意を得ずに予約を確定しない",
                                 "O-5を予約してよろしいですか？",
                                 "はい、お願いします。",
                                 "予約確定"}));

TEST(Consent, AYesToAnotherQuestionIsNone) {
  TraceSketch sketch("Please help.");
  sketch.user("Please help.");
  sketch.llm("", "Is your name Ann Lee?").last().action = "assistant_message";
  sketch.user("Yes.");
  sketch.llm("", "Thanks. I book the suite for you now.").last().action = "assistant_message";
  sketch.tool("book_suite", R"({"suite": "S-1"})", R"({"booking": "B-1"})");
  EXPECT_EQ(said(sketch, "Ask for confirmation before booking"), "unmet");
}

TEST(Consent, PuttingItOffIsNone) {
  const char* message = "I can book offer O-5 for EUR 120. Shall I?";
  EXPECT_EQ(said(talk(message, "Let me think about it, I'll let you know.", "book_offer"),
                 "Ask for confirmation before booking anything"),
            "unmet");
  // An answer that may be one stays open.
  EXPECT_EQ(said(talk(message, "The window seat would be nice.", "book_offer"),
                 "Ask for confirmation before booking anything"),
            "unclear");
}

TEST(Consent, WithoutTurnsInTheTraceStaysOpen) {
  EXPECT_EQ(said(run("get_offer", "book_offer"), "Ask the user for confirmation before booking"),
            "unclear");
}

TEST(Consent, OfAnotherAgentOrATool) {
  TraceSketch asked("Order it.");
  asked.tool("request_approval", R"({"to": "manager"})", R"({"decision": "approved"})");
  asked.tool("create_order", R"({"sku": "A"})", R"({"order": 1})");
  EXPECT_EQ(said(asked, "No order without the manager's approval"), "met");

  TraceSketch pending("Order it.");
  pending.tool(
      "request_approval", R"({"to": "manager"})", R"({"decision": "waiting_for_approval"})");
  pending.tool("create_order", R"({"sku": "A"})", R"({"order": 1})");
  EXPECT_EQ(said(pending, "No order without the manager's approval"), "unmet");
}

TEST(Consent, OnlyAboveAnAmount) {
  const char* rule = "Above EUR 250 no order without the manager's approval";
  TraceSketch small("Order it.");
  small.tool("create_order", R"({"sku": "A", "total_eur": 99.5})", R"({"order": 1})");
  EXPECT_EQ(said(small, rule), "met");
  TraceSketch large("Order it.");
  large.tool("create_order", R"({"sku": "A", "total_eur": 400})", R"({"order": 1})");
  EXPECT_EQ(said(large, rule), "unmet");
}

// --- states
// ----------------------------------------------------------------------------------------

TraceSketch with_state(const char* state) {
  TraceSketch sketch("Cancel order 4711.");
  sketch.tool("get_order",
              R"({"order_id": "4711"})",
              std::string(R"({"order_id": "4711", "status": ")") + state + R"("})");
  sketch.tool("cancel_order", R"({"order_id": "4711"})", R"({"ok": true})");
  return sketch;
}

TEST(State, OfTheThingThatIsActedOn) {
  for (const char* rule : {"Cancel an order only if its status is 'pending'",
                           "Do not cancel an order unless it is pending",
                           "Never cancel an order that is not pending",
                           "An order can only be cancelled if its status is 'pending'"}) {
    EXPECT_EQ(said(with_state("pending"), rule), "met") << rule;
    EXPECT_EQ(said(with_state("shipped"), rule), "unmet") << rule;
  }
}

TEST(State, OfAnotherThingSaysNothing) {
  TraceSketch sketch("Cancel order 4711.");
  sketch.tool(
      "get_order", R"({"order_id": "4712"})", R"({"order_id": "4712", "status": "shipped"})");
  sketch.tool("cancel_order", R"({"order_id": "4711"})", R"({"ok": true})");
  EXPECT_EQ(said(sketch, "Cancel an order only if its status is 'pending'"), "unclear");
}

TEST(State, TheStateOfAnAddressIsNone) {
  TraceSketch sketch("Cancel order 4711.");
  sketch.tool("get_order",
              R"({"order_id": "4711"})",
              R"({"order_id": "4711", "city": "Austin", "state": "TX", "zip": "73301"})");
  sketch.tool("cancel_order", R"({"order_id": "4711"})", R"({"ok": true})");
  EXPECT_EQ(said(sketch, "Cancel an order only if its status is 'pending'"), "unclear");
}

// --- bans
// ------------------------------------------------------------------------------------------

TEST(Ban, OnAnAction) {
  const char* rule = "Revoke no certificate";
  EXPECT_EQ(said(run("get_certificate", "renew_certificate"), rule), "met");
  EXPECT_EQ(said(run("renew_certificate", "revoke_certificate"), rule), "unmet");
}

TEST(Ban, OnAThing) {
  TraceSketch touched("Fix it.");
  touched.tool("edit_file", R"({"path": "src/legacy/tax.py", "new": "x"})", "ok");
  TraceSketch read("Fix it.");
  read.tool("read_file", R"({"path": "src/legacy/tax.py"})", "x = 1");
  read.tool("edit_file", R"({"path": "src/tax.py", "new": "x"})", "ok");
  for (const char* rule : {"Change nothing under src/legacy/",
                           "Do not edit anything in src/legacy/",
                           "Do not modify files in src/legacy/tax.py"}) {
    EXPECT_EQ(said(read, rule), "met") << rule;
    EXPECT_EQ(said(touched, rule), "unmet") << rule;
  }
}

TEST(Ban, OnAllOthers) {
  const auto to = [](const char* address) {
    TraceSketch sketch("Mail it.");
    sketch.tool(
        "send_mail",
        std::string(R"({"to": ")") + address + R"(", "text": "Hello there, all the best."})",
        "sent");
    return sketch;
  };
  EXPECT_EQ(said(to("a.kohl@x.example"), "Send mail to nobody but Anna Kohl"), "met");
  EXPECT_EQ(said(to("eve@other.example"), "Send mail to nobody but Anna Kohl"), "unmet");

  const auto in = [](const char* cluster) {
    TraceSketch sketch("Restart it.");
    sketch.tool("restart_service", std::string(R"({"cluster": ")") + cluster + R"("})", "ok");
    return sketch;
  };
  EXPECT_EQ(said(in("prod-eu"), "Change nothing in a cluster other than prod-eu"), "met");
  EXPECT_EQ(said(in("prod-us"), "Change nothing in a cluster other than prod-eu"), "unmet");
}

TEST(Ban, OnWhatAListNames) {
  const auto contacting = [](const char* id) {
    TraceSketch sketch("Mail them.");
    sketch.tool("get_do_not_contact_list", R"({})", R"({"customers": ["C-1001", "C-1002"]})");
    sketch.tool("send_mail", std::string(R"({"customer": ")") + id + R"("})", "sent");
    return sketch;
  };
  const char* rule = "Send no mail to customers on the do not contact list";
  EXPECT_EQ(said(contacting("C-2002"), rule), "met");
  EXPECT_EQ(said(contacting("C-1001"), rule), "unmet");
}

// --- limits
// ----------------------------------------------------------------------------------------

TraceSketch times(const char* tool, int count) {
  TraceSketch sketch("Do it.");
  for (int i = 0; i < count; ++i) {
    sketch.tool(tool, "{\"n\": " + std::to_string(i) + "}", "{\"r\": " + std::to_string(i) + "}");
  }
  return sketch;
}

struct CountRow {
  const char* rule;
  const char* tool;
  int most;
};

class CountRuleTest : public ::testing::TestWithParam<CountRow> {};

TEST_P(CountRuleTest, HoldsAtTheLimit) {
  const CountRow& row = GetParam();
  EXPECT_EQ(said(times(row.tool, row.most), row.rule), "met") << row.rule;
  EXPECT_EQ(said(times(row.tool, row.most + 1), row.rule), "unmet") << row.rule;
}

INSTANTIATE_TEST_SUITE_P(
    Rules,
    CountRuleTest,
    ::testing::Values(CountRow{"At most 3 tool calls in total, over all agents", "get_x", 3},
                      CountRow{"Use 4 tool calls at the most", "get_x", 4},
                      CountRow{"No more than 2 calls", "get_x", 2},
                      CountRow{"Make no more than 3 web searches", "web_search", 3},
                      CountRow{"At most 4 SQL queries", "run_sql", 4},
                      CountRow{"Send at most two reminders", "send_reminder", 2},
                      CountRow{"Send the reminder only once", "send_reminder", 1},
                      CountRow{"Do not send more than one email", "send_email", 1},
                      CountRow{"Charge the card once only", "charge_card", 1},
                      CountRow{"Drop three tables at most", "drop_table", 3},
                      CountRow{"The customer gets exactly one message", "send_message", 1},
                      CountRow{"Höchstens 5 Tool-Aufrufe", "get_x", 5},
                      CountRow{"Como mucho 3 llamadas a herramientas", "get_x", 3},
                      CountRow{"Au plus 4 appels d'outils", "get_x", 4},
                      CountRow{"ツールの呼び出しは3回まで", "get_x", 3}));

TEST(Count, AFailedAttemptIsNoSecondCharge) {
  TraceSketch sketch("Charge it.");
  sketch.failing_tool("charge_card", R"({"eur": 9})", "timeout");
  sketch.tool("charge_card", R"({"eur": 9})", R"({"ok": true})");
  EXPECT_EQ(said(sketch, "Charge the card once only"), "met");
}

TEST(Count, OfEachThingIsNotOfTheRun) {
  EXPECT_EQ(said(times("send_reminder", 3), "Send at most one reminder per customer"), "unclear");
}

TraceSketch paying(double amount, int count = 1) {
  TraceSketch sketch("Pay it.");
  for (int i = 0; i < count; ++i) {
    sketch.tool(
        "transfer_money",
        "{\"to\": \"A" + std::to_string(i) + "\", \"amount_eur\": " + std::to_string(amount) + "}",
        R"({"state": "done"})");
  }
  return sketch;
}

TEST(Amount, OfOneCallAndOfAll) {
  for (const char* rule : {"Never transfer more than 500 euros",
                           "A transfer may not exceed EUR 500",
                           "Transfer at most €500",
                           "Überweise höchstens 500 Euro",
                           "No transferir más de 500 euros"}) {
    EXPECT_EQ(said(paying(500), rule), "met") << rule;
    EXPECT_EQ(said(paying(500.5), rule), "unmet") << rule;
  }
  EXPECT_EQ(said(paying(200, 3), "Never transfer more than 500 euros"), "met");
  EXPECT_EQ(said(paying(200, 3), "Transfer no more than 500 euros in total"), "unmet");
  // In another currency nothing can be said.
  EXPECT_EQ(said(paying(900), "Never transfer more than 500 dollars"), "unclear");
}

TEST(Amount, InPercent) {
  const auto discount = [](int percent) {
    TraceSketch sketch("Extend it.");
    sketch.tool("extend_plan",
                "{\"plan\": \"P\", \"discount_pct\": " + std::to_string(percent) + "}",
                "{}");
    return sketch;
  };
  EXPECT_EQ(said(discount(10), "No discount above 10 %"), "met");
  EXPECT_EQ(said(discount(15), "No discount above 10 %"), "unmet");
  EXPECT_EQ(said(discount(15), "Discounts may not exceed 10 %"), "unmet");
}

// --- checks afterwards
// -----------------------------------------------------------------------------

struct FollowRow {
  const char* rule;
  const char* change;
  const char* look;
};

class FollowUpTest : public ::testing::TestWithParam<FollowRow> {};

TEST_P(FollowUpTest, IsALookAfterTheChange) {
  const FollowRow& row = GetParam();
  EXPECT_EQ(said(run(row.change, row.look), row.rule), "met") << row.rule;
  TraceSketch without("Do it.");
  without.tool(row.look, R"({"ref": "R-77"})", R"({"state": "old"})");
  without.tool(row.change, R"({"ref": "R-77"})", R"({"ok": true})");
  EXPECT_EQ(said(without, row.rule), "unmet") << row.rule;
}

INSTANTIATE_TEST_SUITE_P(
    Languages,
    FollowUpTest,
    ::testing::Values(
        FollowRow{"Verify the booking after creating it", "create_booking", "get_booking"},
        FollowRow{"Read the record back after the update", "update_record", "get_record"},
        FollowRow{"After the deployment, check the service", "deploy_service", "check_service"},
        FollowRow{
            "The payment was read back before the summary", "schedule_payment", "get_payment"},
        FollowRow{"Nach der Buchung den Kalender prüfen", "termin_buchen", "kalender_lesen"},
        FollowRow{
            "Comprobar el saldo después de la transferencia", "transferir", "consultar_saldo"},
        FollowRow{"変更後に予約を再確認する", "update_booking", "get_booking"}));

TEST(FollowUp, IsClaimedWhereItWasNotMade) {
  TraceSketch sketch("Move it.");
  sketch.tool("get_booking", R"({"ref": "R-77"})", R"({"state": "old"})");
  sketch.tool("change_booking", R"({"ref": "R-77"})", R"({"ok": true})");
  sketch.llm("", "I looked the booking up again and it is confirmed.").last().action =
      "assistant_message";
  sketch.objective("Move the booking.").output("Moved.");
  sketch.trace().expected_outcome->constraints = {"Look the booking up again after the change"};
  const Interpretation result = interpret(sketch.trace());
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings.back().code, "verification.missing");
  ASSERT_FALSE(result.findings.back().steps.empty());
  EXPECT_EQ(result.findings.back().steps.front(), 3);
}

TEST(Outcome, OfTheLastTestRun) {
  const auto tested = [](const char* result) {
    TraceSketch sketch("Fix it.");
    sketch.tool("run_tests", R"({"suite": "all"})", "1 failed, 3 passed");
    sketch.tool("edit_file", R"({"path": "a.py"})", "ok");
    sketch.tool("run_tests", R"({"suite": "all"})", result);
    sketch.tool("git_commit", R"({"message": "fix"})", "[main 1]");
    return sketch;
  };
  for (const char* rule :
       {"All tests pass at the end", "Commit only after the tests have passed"}) {
    EXPECT_EQ(said(tested("4 passed"), rule), "met") << rule;
    EXPECT_EQ(said(tested("2 failed, 2 passed"), rule), "unmet") << rule;
  }
}

TEST(Carry, EveryCallNamesIt) {
  const auto drop = [](const char* ticket) {
    TraceSketch sketch("Drop it.");
    sketch.tool(
        "drop_table", std::string(R"({"table": "t1", "ticket": ")") + ticket + R"("})", "ok");
    return sketch;
  };
  EXPECT_EQ(said(drop("CHG-100"), "Every drop carries the ticket CHG-100"), "met");
  EXPECT_EQ(said(drop("CHG-101"), "Every drop carries the ticket CHG-100"), "unmet");
}

TEST(Mention, OnlyOnceItIsPublic) {
  const char* rule = "Do not mention Project Heron unless the notes say that it is public";
  const auto written = [rule](const char* notes, const char* output) {
    TraceSketch sketch("Write it.");
    sketch.tool("read_notes", R"({"doc": "notes"})", notes);
    sketch.objective("Write it.").output(output);
    sketch.trace().expected_outcome->constraints = {rule};
    return interpret(sketch.trace()).rubric.back().status;
  };
  const char* secret = "1. Budget.\n2. Project Heron is not public before May.";
  EXPECT_EQ(written(secret, "News of the month: a new bench."), RubricStatus::met);
  EXPECT_EQ(written(secret, "News of the month: Project Heron starts."), RubricStatus::unmet);
  EXPECT_EQ(written("Project Heron was announced.", "Project Heron starts."),
            RubricStatus::unclear);
}

TEST(SecondLook, NeedsTwoSources) {
  const char* rule = "Cross-check the total against a second query before answering";
  TraceSketch one("How many?");
  one.tool("run_sql", R"({"sql": "SELECT COUNT(*) FROM a"})", "count\n4120");
  EXPECT_EQ(said(one, rule), "unmet");
  TraceSketch two("How many?");
  two.tool("run_sql", R"({"sql": "SELECT COUNT(*) FROM a"})", "count\n4120");
  two.tool("run_sql", R"({"sql": "SELECT SUM(n) FROM b"})", "sum\n4120");
  EXPECT_EQ(said(two, rule), "met");
}

}  // namespace
}  // namespace infinium::maestro
