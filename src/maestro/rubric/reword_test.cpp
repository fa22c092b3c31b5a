#include "maestro/rubric/reword.h"

#include <gtest/gtest.h>

namespace infinium::maestro {
namespace {

TEST(Reword, OrdersInManyWords) {
  EXPECT_EQ(reword_process("The backup precedes the migration"), "The backup before the migration");
  EXPECT_EQ(reword_process("Every deployment is preceded by a green test run"),
            "a green test run before Every deployment");
  EXPECT_EQ(reword_process("Backup first, migration second"), "Backup before migration");
  EXPECT_EQ(reword_process("Run the tests, then commit"), "Run the tests before commit");
  EXPECT_EQ(reword_process("Migrate once the backup has completed"),
            "Migrate only after the backup has completed");
  EXPECT_EQ(reword_process("Only after the customer says yes is the card charged"),
            "the card charged only after the customer says yes");
  EXPECT_EQ(reword_process("Antes de reservar hay que pedir confirmación"),
            "Antes de reservar, pedir confirmación");
}

TEST(Reword, LeavesOtherRulesAlone) {
  for (const std::string text : {"Charge the fee only once",
                                 "For VIP accounts the approval comes before any containment",
                                 "If it is late, then refund it",
                                 "Check once per hour",
                                 "Read the rules before booking"}) {
    EXPECT_EQ(reword_process(text), text);
  }
}

TEST(Reword, BansInManyWords) {
  EXPECT_EQ(reword_process("The return is never filed"), "never The return is filed");
  EXPECT_EQ(reword_process("Deleting records is off limits"), "never Deleting records");
  EXPECT_EQ(reword_process("The agent does not send the mail"), "do not send the mail");
}

TEST(Reword, WhatMustNotStand) {
  EXPECT_EQ(reword_output("The note holds no IP addresses"), "No IP addresses in the note");
  EXPECT_EQ(reword_output("The reply is free of phone numbers"), "No phone numbers in the reply");
  EXPECT_EQ(reword_output("Customer names stay out of the report"),
            "No Customer names in the report");
  EXPECT_EQ(reword_output("Limit the reply to 5 bullets"), "The reply has at most 5 bullets");
  EXPECT_EQ(reword_output("The reply stays below 100 words"), "The reply is under 100 words");
}

}  // namespace
}  // namespace infinium::maestro
