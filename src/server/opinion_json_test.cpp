#include "server/opinion_json.h"

#include <gtest/gtest.h>

#include "codec/json_text.h"

namespace infinium::server {
namespace {

store::Opinion judge(bool decides) {
  store::Opinion opinion;
  opinion.key = 1;
  opinion.by = store::VerdictBy::judge;
  opinion.model = "model-a";
  opinion.verdict = Verdict::failed;
  opinion.confidence = 0.75;
  opinion.decides = decides;
  opinion.note = "The \"order\" was another";
  opinion.rubric = R"({"r1":"unmet"})";
  opinion.root_step = 2;
  return opinion;
}

store::Opinion person() {
  store::Opinion opinion;
  opinion.key = 2;
  opinion.verdict = Verdict::succeeded;
  opinion.reviewer_name = "Ada";
  return opinion;
}

std::string verdicts(std::optional<Verdict> maestro,
                     const std::vector<store::Opinion>& opinions,
                     Detail detail = Detail::full) {
  std::string out = "{";
  append_verdicts(out, maestro, 80, opinions, detail);
  out += '}';
  EXPECT_TRUE(codec::parse_json(out)) << out;
  return out;
}

constexpr const char* kMaestro =
    R"({"by":"maestro","status":"ok","verdict":"succeeded","score":80})";

TEST(OpinionJson, MaestroAlone) {
  EXPECT_EQ(verdicts(Verdict::succeeded, {}),
            R"({"verdictBy":"maestro","decidingVerdict":"succeeded","opinions":[)" +
                std::string(kMaestro) + "]}");
  EXPECT_EQ(verdicts(std::nullopt, {}),
            R"({"verdictBy":null,"decidingVerdict":null,"opinions":[]})");
}

TEST(OpinionJson, AJudgeSaysWhatItIs) {
  const std::string shown =
      R"({"by":"judge","status":"ok","verdict":"failed","model":"model-a","decides":true,)"
      R"("confidence":0.75,"note":"The \"order\" was another","rubric":{"r1":"unmet"},)"
      R"("rootStep":2,"createdAt":"1970-01-01T00:00:00.000Z"})";
  EXPECT_EQ(verdicts(Verdict::succeeded, {judge(true)}),
            R"({"verdictBy":"judge","decidingVerdict":"failed","opinions":[)" + shown + "," +
                kMaestro + "]}");
  const std::string silent = verdicts(Verdict::succeeded, {judge(false)}, Detail::brief);
  EXPECT_NE(silent.find(R"("verdictBy":"maestro","decidingVerdict":"succeeded")"),
            std::string::npos);
  EXPECT_NE(silent.find(R"("decides":false)"), std::string::npos);
  EXPECT_EQ(silent.find("note"), std::string::npos);
  EXPECT_EQ(silent.find("rubric"), std::string::npos);
}

TEST(OpinionJson, AJudgeThatWasNotAskedSaysWhy) {
  store::Opinion skipped = judge(true);
  skipped.status = store::OpinionStatus::skipped;
  skipped.reason = "over today's budget";
  skipped.verdict.reset();
  skipped.confidence.reset();
  skipped.rubric.clear();
  const std::string shown = verdicts(Verdict::succeeded, {skipped});
  EXPECT_NE(shown.find(R"("status":"skipped","verdict":null)"), std::string::npos);
  EXPECT_NE(shown.find(R"("confidence":null,"reason":"over today's budget")"), std::string::npos);
  EXPECT_NE(shown.find(R"("rubric":{})"), std::string::npos);
  EXPECT_NE(shown.find(R"("verdictBy":"maestro")"), std::string::npos);
}

TEST(OpinionJson, PeopleComeFirst) {
  const std::string shown = verdicts(Verdict::failed, {judge(true), person()});
  EXPECT_NE(shown.find(R"("verdictBy":"person","decidingVerdict":"succeeded")"), std::string::npos);
  EXPECT_LT(shown.find(R"("by":"person")"), shown.find(R"("by":"judge")"));
  EXPECT_LT(shown.find(R"("by":"judge")"), shown.find(R"("by":"maestro")"));
}

TEST(OpinionJson, WhatEndedSaysHow) {
  store::Opinion ended = person();
  ended.standing = store::Standing::withdrawn;
  ended.ended_at_ms = 1;
  std::string out;
  append_opinion(out, ended, Detail::full);
  EXPECT_TRUE(out.ends_with(R"("standing":"withdrawn","endedAt":"1970-01-01T00:00:00.001Z"})"))
      << out;
}

}  // namespace
}  // namespace infinium::server
