#include "maestro/answers.h"

#include <gtest/gtest.h>

#include <string>

#include "maestro/text_records.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

AnswerState state_of(std::string_view tool, std::string_view text, std::string_view argument = {}) {
  std::vector<Argument> arguments;
  arguments.push_back({"x", "", std::string(argument), {}});
  const Call call{tool, names_a_change(tool), names_a_look(tool), false, arguments, argument};
  return read_answer(text, read_records(text), call).state;
}

TEST(Answers, AProgramThatFailsSaysSoInProse) {
  EXPECT_EQ(state_of("sh", "12:09 b7: resume rejected: agent too old", "runnerctl resume b7"),
            AnswerState::refused);
  EXPECT_EQ(state_of("npm", "vite v5\nerror during build: no such export", "run build"),
            AnswerState::refused);
  EXPECT_EQ(state_of("bash", "find: cannot delete '/srv/a': busy", "find /srv -mtime +14 -delete"),
            AnswerState::refused);
  // A search or a test that fails has answered.
  EXPECT_EQ(state_of("sh", "3 files searched\nexit status 1", "grep -rn loadDtd ."),
            AnswerState::plain);
  EXPECT_EQ(state_of("sh", "1 failed, 411 passed\nexit status 1", "pytest -q"), AnswerState::plain);
  EXPECT_EQ(state_of("sh", "added 1 package", "npm install left-pad"), AnswerState::plain);
}

TEST(Answers, NothingFoundIsTheAnswerOfALook) {
  EXPECT_NE(state_of("registry_lookup", R"({"error": "not_found", "detail": "no active client"})"),
            AnswerState::refused);
  EXPECT_EQ(state_of("cancel_order", R"({"error": "not_found", "detail": "no such order"})"),
            AnswerState::refused);
}

TEST(Answers, ADraftIsNotSentAndIsNoRefusal) {
  EXPECT_EQ(state_of("mail.saveDraft", R"({"id": "D-1", "sent": false})"), AnswerState::plain);
  EXPECT_EQ(state_of("correo.guardarBorrador", R"({"id": "BR-1", "enviado": false})"),
            AnswerState::plain);
  EXPECT_EQ(state_of("mail.send", R"({"id": "D-1", "sent": false})"), AnswerState::refused);
  EXPECT_EQ(state_of("mail.sendDraft", R"({"id": "D-1", "sent": false})"), AnswerState::refused);
  EXPECT_EQ(state_of("send_quote", R"({"id": "Q-1", "sent": false})"), AnswerState::refused);
}

TEST(Answers, APartThatDidNotGoAlongIsARefusal) {
  EXPECT_EQ(state_of("mail/send",
                     R"({"accepted": true, "warnings": ["attachment rent_v2.pdf removed"]})",
                     "rent_v2.pdf"),
            AnswerState::refused);
  EXPECT_EQ(
      state_of(
          "mail/send", R"({"accepted": true, "warnings": ["subject is long"]})", "rent_v2.pdf"),
      AnswerState::plain);
  EXPECT_EQ(state_of("sql.commit", R"({"tx": "tx-6", "state": "rolled_back"})", "tx-6"),
            AnswerState::refused);
  EXPECT_EQ(state_of("sql.rollback", R"({"tx": "tx-6", "state": "rolled_back"})", "tx-6"),
            AnswerState::plain);
}

TEST(Answers, NothingOfItWasDone) {
  EXPECT_EQ(state_of("dlqRedrive", R"({"task": "rd-3", "moved": 0, "failed": 247})"),
            AnswerState::refused);
  EXPECT_EQ(state_of("dlqRedrive", R"({"task": "rd-3", "moved": 245, "failed": 2})"),
            AnswerState::plain);
  EXPECT_EQ(state_of("db_exec", "INSERT 0 0", "INSERT INTO cards VALUES (1)"),
            AnswerState::refused);
  EXPECT_EQ(state_of("db_exec", "INSERT 0 3", "INSERT INTO cards VALUES (1)"), AnswerState::plain);
}

TEST(Answers, AnOkAnswerMayRefuse) {
  for (const auto& [tool, text] : {
           std::pair{"refund_order", R"({"ok": false, "error": "window closed"})"},
           std::pair{"schedule_payment",
                     R"({"payment": null, "messages": [{"text": "vendor is blocked"}]})"},
           std::pair{"send_reply", R"({"sent": false, "reason": "mailbox full"})"},
           std::pair{"submit_leave", R"({"result": "rejected", "detail": "nothing was saved"})"},
           std::pair{"transferir", R"({"estado": "rechazada", "motivo": "saldo insuficiente"})"},
           std::pair{"gruppe_hinzufuegen", R"({"status": "verworfen"})"},
           std::pair{"予約する", R"({"状態": "却下"})"},
           std::pair{"update_row", R"({"updated": 0})"},
           std::pair{"update_row", "0 rows updated"},
           std::pair{"schedule_post", "result=none reason='post not stored'"},
           std::pair{"add_users",
                     R"({"results": [{"id": 1, "ok": true}, {"id": 2, "ok": false}]})"},
           std::pair{"create_claim", R"({"errors": [{"field": "date", "code": "required"}]})"},
           std::pair{"run_sql", R"({"error": "statement timeout", "rows": []})"},
       }) {
    EXPECT_EQ(state_of(tool, text), AnswerState::refused) << tool << " " << text;
  }
}

TEST(Answers, AStateOfAThingThatWasLookedAtIsNoRefusal) {
  for (const auto& [tool, text] : {
           std::pair{"get_claim", R"({"claim": "CL-1", "status": "rejected"})"},
           std::pair{"list_jobs", R"([{"job": 1, "status": "failed"}, {"job": 2, "error": "x"}])"},
           std::pair{"read_log",
                     R"({"host": "a", "time": "2026-03-01T10:00", "lines": 40, "error": "disk"})"},
           std::pair{"create_order", R"({"order": 7, "paid": false, "shipped": false})"},
           std::pair{"reject_claim", R"({"claim": "CL-1", "status": "rejected"})"},
           std::pair{"run_tests", R"({"status": "failed", "failed": 2})"},
           std::pair{"send_mail", R"({"sent": true, "error": null, "errors": []})"},
           std::pair{"apply_patch", R"({"applied": true, "added": 1, "removed": 0})"},
           std::pair{"commit", "No errors. Saved."},
       }) {
    EXPECT_EQ(state_of(tool, text), AnswerState::plain) << tool << " " << text;
  }
  EXPECT_EQ(state_of("set_status", R"({"status": "rejected"})", "rejected"), AnswerState::plain);
}

TEST(Answers, ARunningJobAndAnEmptyListAreToldApart) {
  EXPECT_EQ(state_of("job", R"({"job": "J-1", "state": "running"})"), AnswerState::waiting);
  EXPECT_EQ(state_of("job", R"({"state": "waiting_for_approval"})"), AnswerState::waiting);
  EXPECT_EQ(state_of("status", R"({"status": "wartet auf Signatur"})"), AnswerState::waiting);
  EXPECT_EQ(state_of("job", R"({"state": "done"})"), AnswerState::plain);
  EXPECT_EQ(state_of("search", R"({"hits": []})"), AnswerState::nothing);
  EXPECT_EQ(state_of("search", R"({"plans": [], "hint": "give the id"})"), AnswerState::nothing);
  EXPECT_EQ(state_of("find", R"({"found": false, "x": "GR-1"})", "GR-1"), AnswerState::nothing);
  EXPECT_EQ(state_of("search", "No results."), AnswerState::nothing);
  EXPECT_EQ(state_of("get", R"({"name": "Ito", "bookings": []})"), AnswerState::plain);
}

TEST(Answers, TheWordsAreTheKeyAndItsValue) {
  const std::string text = R"({"id": 3, "sent": false, "reason": "mailbox full"})";
  const Call call{"send_reply", true, false, false, {}, {}};
  const Answer answer = read_answer(text, read_records(text), call);
  EXPECT_EQ(text.substr(answer.start, answer.end - answer.start),
            R"("sent": false, "reason": "mailbox full"})");
}

TEST(ToolNames, TheFirstVerbDecides) {
  for (const char* tool : {"update_list",
                           "orders.create",
                           "order_esim",
                           "sendMail",
                           "book_room",
                           "exchange_delivered_order_items",
                           "an_apotheke_senden",
                           "check_in_guest",
                           "snapshot_config",
                           "hotel予約"}) {
    EXPECT_TRUE(names_a_change(tool)) << tool;
    EXPECT_FALSE(names_a_look(tool)) << tool;
  }
  for (const char* tool : {"list_updates",
                           "orders.get",
                           "order_status",
                           "return_policy",
                           "getOrder",
                           "buscar_contrato",
                           "空室検索",
                           "check_stock",
                           "claim_history"}) {
    EXPECT_FALSE(names_a_change(tool)) << tool;
    EXPECT_TRUE(names_a_look(tool)) << tool;
  }
  for (const char* tool : {"add", "weather", "job", "grocery"}) {
    EXPECT_FALSE(names_a_change(tool)) << tool;
    EXPECT_FALSE(names_a_look(tool)) << tool;
  }
}

}  // namespace
}  // namespace infinium::maestro
