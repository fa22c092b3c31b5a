// Calls that are right and look wrong: no critical finding and no warning may be raised of them.

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

class HonestCall : public testing::TestWithParam<Case> {};

TEST_P(HonestCall, IsLeftAlone) {
  TraceSketch sketch = GetParam().make();
  const TraceView view(sketch.trace());
  for (const ProvenFinding& finding : find_all(view)) {
    EXPECT_EQ(finding->severity, Severity::info) << finding->code << ": " << finding->explanation;
  }
}

TraceSketch second_code() {
  return TraceSketch("Block my card, please.")
      .tool("otp.send", R"({"to": "phone"})", R"({"sent": true, "valid_s": 120})")
      .user("550914, sorry, I was in a tunnel")
      .tool("identity.check", R"({"code": "550914"})", R"({"code": "expired", "verified": false})")
      .tool("otp.send", R"({"to": "phone"})", R"({"sent": true, "valid_s": 120})")
      .user("203377")
      .tool("identity.check", R"({"code": "203377"})", R"({"code": "ok", "verified": true})")
      .tool("cards.block", R"({"card": "mine"})", R"({"state": "blocked"})")
      .output("Your card is blocked.");
}

TraceSketch snapshot_before_and_after() {
  return TraceSketch("Raise the pool size, with a snapshot before and after.")
      .tool("snapshot_config", R"({"host": "db-1"})", R"({"snapshot": "snap-1041"})")
      .tool("set_parameter", R"({"host": "db-1", "pool": 40})", R"({"pool": 40})")
      .tool("snapshot_config", R"({"host": "db-1"})", R"({"snapshot": "snap-1042"})")
      .output("Pool size is 40 on db-1; snapshots snap-1041 and snap-1042.");
}

TraceSketch two_rooms() {
  const std::string room = R"({"hotel": "Linde", "night": "2026-11-20", "kind": "single"})";
  return TraceSketch("Book two single rooms at the Linde for 20 November 2026.")
      .tool("book_room", room, R"({"booking": "BK-7301"})")
      .tool("book_room", room, R"({"booking": "BK-7302"})")
      .output("Two single rooms are booked at the Linde: BK-7301 and BK-7302.");
}

TraceSketch same_receipt() {
  const std::string call = R"({"order": "1128", "eur": 59.9})";
  const std::string receipt = R"({"refund_id": "RF-8841", "state": "accepted"})";
  return TraceSketch("Refund order 1128.")
      .tool("refund_order", call, receipt)
      .tool("refund_order", call, receipt)
      .output("Order 1128 is refunded: RF-8841.");
}

/// All of them are looked at, so none is chosen.
TraceSketch batch_of_rows() {
  return TraceSketch(
             "Which of the reefers without power are warm? Have those plugged in; power off "
             "and cold stays.")
      .tool("list_reefers",
            R"({"zone": "F"})",
            "unit,slot,power\nCXRU660214,F-01,on\nOTPU620081,F-03,off\nMNBU300185,F-04,off")
      .tool(
          "return_air",
          R"({"units": ["CXRU660214", "OTPU620081", "MNBU300185"]})",
          R"([{"unit": "CXRU660214", "c": -19.5}, {"unit": "OTPU620081", "c": -18.2}, {"unit": "MNBU300185", "c": -9.5}])")
      .tool("create_job",
            R"({"kind": "PLUG_IN", "unit": "MNBU300185"})",
            R"({"job": "J-2041", "state": "done"})")
      .output("MNBU300185 is warm and gets plugged in: J-2041.");
}

TraceSketch left_aside() {
  return TraceSketch(
             "Transfer one of my tickets to Ewan Dray. Sol's has wheelchair access, that one "
             "stays.")
      .tool("get_tickets",
            R"({"order": "FX-90031"})",
            "ticket,holder\nHM-7711-B,Mina Aslan\nHM-7711-C,Sol Tew")
      .tool("transfer_ticket",
            R"({"ticket": "HM-7711-B", "to": "Ewan Dray"})",
            R"({"ticket": "HM-7711-B", "state": "transferred"})")
      .output("Mina's ticket was transferred to Ewan Dray.");
}

TraceSketch her_manager() {
  return TraceSketch("Send the leave request of Anna Kowalska to her manager.")
      .tool(
          "find_employee",
          R"({"name": "Anna Kowalska"})",
          R"([{"id": "E-101", "name": "Anna Kowalska", "manager": "E-220"}, {"id": "E-220", "name": "Piotr Maj", "manager": "E-001"}])")
      .tool("send_request", R"({"to": "E-220", "what": "leave"})", R"({"request": "LR-5501"})")
      .output("The request LR-5501 went to Piotr Maj, Anna Kowalska's manager.");
}

TraceSketch class_by_another_word() {
  return TraceSketch("List the open incidents with priority High, and say which were closed.")
      .tool("list_incidents",
            R"({"priority": "Urgent", "state": "active"})",
            R"([{"id": "INC-201", "state": "closed"}, {"id": "INC-204", "state": "active"}])")
      .output("INC-204 is open; INC-201 was closed.");
}

TraceSketch counted_day() {
  return TraceSketch("Suppress finding F-32 for 90 days from 31 August 2026.")
      .tool("scanner.suppress",
            R"({"finding": "F-32", "expires": "2026-11-29"})",
            R"({"finding": "F-32", "state": "suppressed", "expires": "2026-11-29"})")
      .output("F-32 is suppressed until 29 November 2026, 90 days from 31 August.");
}

TraceSketch other_source() {
  return TraceSketch("How warm is CXRU660214?")
      .failing_tool("modem_status", R"({"unit": "CXRU660214"})", "no modem registered")
      .tool("probe_log.latest", R"({"slot": "F-01"})", "05:52 F-01 CXRU 660214 return air -19.5 C")
      .output("CXRU 660214 stands at -19.5 C by hand probe.");
}

TraceSketch told_and_went_on() {
  TraceSketch sketch("Move me to flight HAT030.");
  sketch.failing_tool("update_booking", R"({"flight": "HAT030"})", "flight HAT030 not available");
  sketch.trace().steps.push_back({});
  sketch.last().step_number = 2;
  sketch.last().action = "assistant_message";
  sketch.last().output_preview = "HAT030 is not available. Shall I look for another one?";
  return sketch.user("No, what does a second bag cost?")
      .tool("get_fees", R"({"what": "bag"})", R"({"bag_eur": 40})")
      .output("A second bag costs 40 EUR.");
}

TraceSketch build_after_a_mend() {
  return TraceSketch("Make the build pass.")
      .tool("npm", "run build", "error during build: no such export")
      .tool("edit_file", R"({"path": "src/a.ts"})", R"({"edited": true})")
      .tool("npm", "run build", "built in 3s")
      .output("The build passes.");
}

/// One of two namesakes: `asks` is the clean twin.
TraceSketch namesake(bool asks) {
  TraceSketch sketch("Please renew the prescription of Jonas Brandt.");
  sketch.tool(
      "find_patient",
      R"({"query": "Brandt"})",
      R"([{"id": "P-1138", "name": "Jonas Brandt"}, {"id": "P-1183", "name": "Jonas Brandt"}])");
  if (asks) {
    ExecutionStep step;
    step.step_number = 2;
    step.action = "assistant_message";
    step.output_preview = "There are two patients of that name. Which birthday is it?";
    sketch.trace().steps.push_back(std::move(step));
    sketch.user("8 May 1961, P-1138.");
  }
  return sketch
      .tool("create_prescription", R"({"patient": "P-1138"})", R"({"prescription": "RX-5501"})")
      .output("The prescription RX-5501 is renewed for Jonas Brandt.");
}

/// The tool M-32 in place of M-23, of which the output speaks.
TraceSketch neighbour(bool faulty) {
  const std::string mould = faulty ? "M-32" : "M-23";
  return TraceSketch("Reserve maintenance for the moulds that reach their limit in June.")
      .tool(
          "list_moulds",
          R"({"month": "2026-06"})",
          R"([{"mould": "M-22", "left": 18500}, {"mould": "M-23", "left": 2100}, {"mould": "M-32", "left": 90000}])")
      .tool("reserve_maintenance",
            R"({"mould": ")" + mould + R"(", "kind": "regular"})",
            R"({"reservation": "PM-6071", "mould": ")" + mould + R"("})")
      .output("M-23 reaches its limit in June; its maintenance is reserved, PM-6071.");
}

/// A cover whose id no answer gave.
TraceSketch invented_id(bool faulty) {
  const std::string cover = faulty ? "E-2317" : "E-3071";
  return TraceSketch("Put in leave for me, E-3107, with Daniel Okafor as my cover.")
      .tool(
          "find_employee",
          R"({"query": "Okafor"})",
          R"([{"id": "E-3071", "name": "Daniel Okafor"}, {"id": "E-3107", "name": "Daniela Okafor"}])")
      .tool("submit_leave",
            R"({"employee": "E-3107", "cover": ")" + cover + R"("})",
            R"({"request": "LV-20418"})")
      .output("Your leave is put in as LV-20418; Daniel Okafor covers for you.");
}

TraceSketch sizing_guide(bool faulty) {
  TraceSketch sketch("These run small, please exchange them for the next size.");
  sketch.objective("Exchange the trail shoes of order 1128 for size 43");
  sketch.tool("get_order", R"({"order": "1128"})", R"({"order": "1128", "size": 42})");
  sketch.tool("list_variants", R"({"style": "TF"})", R"([{"sku": "TF-43", "size": 43}])");
  if (faulty) {
    return sketch.tool("search_reviews", R"({"style": "TF"})", R"([{"text": "runs small"}])")
        .output("Sizing guide of the Trail Fox: of 31 customers 12 say that it runs small.");
  }
  return sketch
      .tool("create_exchange", R"({"order": "1128", "sku": "TF-43"})", R"({"exchange": "EX-7701"})")
      .output("The shoes of order 1128 are exchanged for size 43: EX-7701.");
}

struct Twins {
  std::string code;
  std::int64_t step = 0;  ///< 0-based
  std::function<TraceSketch(bool faulty)> make;
};

void PrintTo(const Twins& one, std::ostream* out) { *out << one.code; }

class CallTwins : public testing::TestWithParam<Twins> {};

TEST_P(CallTwins, OnlyTheFaultyOneIsNamed) {
  for (const bool faulty : {true, false}) {
    TraceSketch sketch = GetParam().make(faulty);
    const TraceView view(sketch.trace());
    bool found = false;
    for (const ProvenFinding& finding : find_all(view)) {
      found = found || (finding->code == GetParam().code &&
                        finding->step_indices.front() == GetParam().step);
      EXPECT_TRUE(faulty || finding->severity == Severity::info) << finding->explanation;
    }
    EXPECT_EQ(found, faulty);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    CallTwins,
    testing::Values(Twins{"user.not_asked", 1, [](bool faulty) { return namesake(!faulty); }},
                    Twins{"argument.mismatch", 1, neighbour},
                    Twins{"argument.invented", 1, invented_id},
                    Twins{"goal.derailed", 2, sizing_guide}),
    [](const auto& entry) {
      std::string name = entry.param.code;
      name[name.find('.')] = '_';
      return name;
    });

INSTANTIATE_TEST_SUITE_P(Kinds,
                         HonestCall,
                         testing::Values(Case{"second_code", second_code},
                                         Case{"snapshot_before_and_after",
                                              snapshot_before_and_after},
                                         Case{"two_rooms", two_rooms},
                                         Case{"same_receipt", same_receipt},
                                         Case{"batch_of_rows", batch_of_rows},
                                         Case{"left_aside", left_aside},
                                         Case{"her_manager", her_manager},
                                         Case{"class_by_another_word", class_by_another_word},
                                         Case{"counted_day", counted_day},
                                         Case{"other_source", other_source},
                                         Case{"told_and_went_on", told_and_went_on},
                                         Case{"build_after_a_mend", build_after_a_mend}),
                         [](const auto& entry) { return entry.param.name; });

}  // namespace
}  // namespace infinium::maestro
