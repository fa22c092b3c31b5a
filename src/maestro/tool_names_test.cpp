#include "maestro/tool_names.h"

#include <gtest/gtest.h>

namespace infinium::maestro {
namespace {

TEST(ToolNames, WhatActsOnTheWorld) {
  for (const char* name : {"create_order",
                           "order_esim",
                           "stock.reserve",
                           "blockSim",
                           "transferir",
                           "rezept_anlegen",
                           "予約確定",
                           "update_status",
                           "moveAppointment",
                           "autorizar_reparacion",
                           "rollback",
                           "pulls.open",
                           "open_dispute",
                           "git_commit",
                           "refund/execute",
                           "POST /resale/listings",
                           "scanner.suppress",
                           "return_delivered_order_items",
                           "file_claim"}) {
    EXPECT_TRUE(names_an_act(name)) << name;
  }
}

TEST(ToolNames, WhatOnlyReads) {
  for (const char* name : {"get_order",       "esim_order",
                           "refund_policy",   "order_status",
                           "orders.get",      "buscar_poliza",
                           "予約検索",        "preview_change",
                           "check_extension", "list_changes",
                           "stock_lookup",    "read_file",
                           "issue.get",       "telematics.return_air",
                           "text_stats",      "messageState",
                           "post.metrics",    "calendar.addWorkingDays",
                           "open_page",       "bids.open",
                           "yard.ls",         "GET /orders/{id}/tickets",
                           "calcular"}) {
    EXPECT_FALSE(names_an_act(name)) << name;
  }
}

TEST(ToolNames, WhatAltersWhatIsThere) {
  EXPECT_TRUE(names_an_update("update_address"));
  EXPECT_TRUE(names_an_update("change_booking"));
  EXPECT_TRUE(names_an_update("予約変更"));
  EXPECT_FALSE(names_an_update("create_order"));
}

}  // namespace
}  // namespace infinium::maestro
