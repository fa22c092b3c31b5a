#include "server/verdict_body.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace infinium::server {
namespace {

/// The field of the refusal; "accepted" if there is none, the code if it is another.
std::string refused_at(std::string_view body) {
  const auto read = parse_verdict_body(body);
  if (read) {
    return "accepted";
  }
  return read.error().code == Code::invalid_argument ? read.error().where
                                                     : std::string(to_string(read.error().code));
}

std::string with(const std::string& member) { return R"({"verdict":"failed",)" + member + '}'; }

TEST(VerdictBody, ReadsAllItHas) {
  const auto read = parse_verdict_body(
      R"({"rubric":{"r1":"met","r2":"unclear"},"note":"Not \u00e9nough","root_step":3.0,)"
      R"("verdict":"partially_succeeded"})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->verdict, Verdict::partially_succeeded);
  EXPECT_EQ(read->note, "Not énough");
  EXPECT_EQ(read->rubric, R"({"r1":"met","r2":"unclear"})");
  EXPECT_EQ(read->root_step, 3);
}

TEST(VerdictBody, NeedsOnlyTheVerdict) {
  const auto read =
      parse_verdict_body(R"({"verdict":"succeeded","note":null,"rubric":{},"root_step":null})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->note, "");
  EXPECT_EQ(read->rubric, "");
  EXPECT_EQ(read->root_step, std::nullopt);
}

TEST(VerdictBody, NamesTheFieldAtFault) {
  EXPECT_EQ(refused_at("{}"), "verdict");
  EXPECT_EQ(refused_at(R"({"verdict":null})"), "verdict");
  EXPECT_EQ(refused_at(R"({"verdict":"good"})"), "verdict");
  EXPECT_EQ(refused_at(R"({"verdict":2})"), "verdict");
  EXPECT_EQ(refused_at(with(R"("note":1)")), "note");
  EXPECT_EQ(refused_at(with(R"("rubric":[])")), "rubric");
  EXPECT_EQ(refused_at(with(R"("rubric":{"":"met"})")), "rubric");
  EXPECT_EQ(refused_at(with(R"("rubric":{"r1":"Met"})")), "rubric.r1");
  EXPECT_EQ(refused_at(with(R"("rubric":{"r1":null})")), "rubric.r1");
  EXPECT_EQ(refused_at(with(R"("root_step":-1)")), "root_step");
  EXPECT_EQ(refused_at(with(R"("root_step":1.5)")), "root_step");
  EXPECT_EQ(refused_at(with(R"("root_step":"1")")), "root_step");
  EXPECT_EQ(refused_at(with(R"("rootStep":1)")), "rootStep");
  EXPECT_EQ(refused_at(with('"' + std::string(200, 'k') + "\":1")), "(a long key)");
  EXPECT_EQ(refused_at("[]"), "");
  EXPECT_EQ(refused_at("{"), "malformed");
  EXPECT_EQ(refused_at(R"({"verdict":"failed","verdict":"failed"})"), "malformed");
}

TEST(VerdictBody, HasItsLimits) {
  const auto note = [](std::size_t n) { return with("\"note\":\"" + std::string(n, 'n') + '"'); };
  EXPECT_EQ(refused_at(note(limits::kNoteCharsMax)), "accepted");
  EXPECT_EQ(refused_at(note(limits::kNoteCharsMax + 1)), "note");
  const auto rubric = [](std::size_t items) {
    std::string members;
    for (std::size_t i = 0; i < items; ++i) {
      members += (i == 0 ? "\"r" : ",\"r") + std::to_string(i) + "\":\"met\"";
    }
    return with("\"rubric\":{" + members + '}');
  };
  EXPECT_EQ(refused_at(rubric(limits::kRubricItemsMax)), "accepted");
  EXPECT_EQ(refused_at(rubric(limits::kRubricItemsMax + 1)), "rubric");
  const auto id = [](std::size_t n) {
    return with("\"rubric\":{\"" + std::string(n, 'i') + "\":\"met\"}");
  };
  EXPECT_EQ(refused_at(id(limits::kRubricIdCharsMax)), "accepted");
  EXPECT_EQ(refused_at(id(limits::kRubricIdCharsMax + 1)), "rubric");
  EXPECT_EQ(refused_at(with(R"("root_step":100000)")), "accepted");
  EXPECT_EQ(refused_at(with(R"("root_step":100001)")), "root_step");
}

}  // namespace
}  // namespace infinium::server
