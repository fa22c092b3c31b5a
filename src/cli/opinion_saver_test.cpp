#include "cli/opinion_saver.h"

#include <gtest/gtest.h>

namespace infinium::cli {
namespace {

TEST(OpinionSaver, AGivenOpinionIsARowOfTheJudge) {
  judge::OpinionRecord record;
  record.status = judge::OpinionStatus::given;
  record.model = "m";
  record.decides = true;
  record.opinion.emplace();
  record.opinion->verdict = Verdict::failed;
  record.opinion->confidence = 0.5;
  record.opinion->rationale = "why";
  record.opinion->rubric.push_back({"r\"1", RubricStatus::unmet, "", {}});
  record.opinion->root_step = judge::RootStep{7, 3};
  const store::NewOpinion row = to_opinion({5, {}}, record);
  EXPECT_EQ(row.seq, 5);
  EXPECT_EQ(row.by, store::VerdictBy::judge);
  EXPECT_EQ(row.model, "m");
  EXPECT_EQ(row.status, store::OpinionStatus::ok);
  EXPECT_EQ(row.verdict, Verdict::failed);
  EXPECT_EQ(row.confidence, 0.5);
  EXPECT_EQ(row.note, "why");
  EXPECT_EQ(row.rubric, R"({"r\"1":"unmet"})");
  EXPECT_EQ(row.root_step, 7) << "the number as sent, not its place";
  EXPECT_TRUE(row.decides);
  EXPECT_EQ(row.record, judge::encode_opinion_record(record));
}

TEST(OpinionSaver, OneThatWasNotGivenHasAReasonAndNoVerdict) {
  judge::OpinionRecord record;
  record.status = judge::OpinionStatus::failed;
  record.model = "m";
  record.reason = "Away.";
  const store::NewOpinion row = to_opinion({5, {}}, record);
  EXPECT_EQ(row.status, store::OpinionStatus::failed);
  EXPECT_EQ(row.reason, "Away.");
  EXPECT_FALSE(row.verdict || row.confidence || row.root_step);
  EXPECT_EQ(row.rubric, "");
}

}  // namespace
}  // namespace infinium::cli
