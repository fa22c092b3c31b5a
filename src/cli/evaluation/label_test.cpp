#include "cli/evaluation/label.h"

#include <gtest/gtest.h>

#include "codec/json_text.h"

namespace infinium::cli::evaluation {
namespace {

Result<Label> parse(std::string_view text) { return parse_label(codec::parse_json(text).value()); }

TEST(Label, OfThePlantedCorpus) {
  const Label label = parse(R"({"verdict":"failed","rubric":{"r1":"unmet","r2":"met"},
    "places":[3,"output"],"root_step":"output","root_kind":"system_failure"})")
                          .value();
  EXPECT_EQ(label.verdict, Verdict::failed);
  EXPECT_EQ(label.rubric.at("r1"), RubricStatus::unmet);
  EXPECT_EQ(label.places, (std::vector<Place>{{3}, {}}));
  EXPECT_EQ(label.root, Place{});
  EXPECT_EQ(label.root_kind, "system_failure");
  EXPECT_FALSE(label.success);
}

TEST(Label, OfRunsWithOneMistake) {
  const Label label =
      parse(
          R"({"success":false,"mistake_step_number":13,"mistake_agent":"WebSurfer","reason":"x"})")
          .value();
  EXPECT_EQ(label.success, false);
  EXPECT_EQ(label.root, Place{13});
  EXPECT_EQ(label.root_agent, "WebSurfer");
}

TEST(Label, OfRunsWithSeveralFailures) {
  const Label label =
      parse(R"({"root_step_number":4,"root_agent":"A","root_category":"inconclusive",
    "failures":[{"step_number":2,"category":"system_failure"},{"step_number":4}]})")
          .value();
  EXPECT_EQ(label.root, Place{4});
  EXPECT_EQ(label.root_kind, "inconclusive");
  ASSERT_EQ(label.failures.size(), 2u);
  EXPECT_EQ(label.failures[0].place, Place{2});
  EXPECT_EQ(label.failures[0].kind, "system_failure");
}

TEST(Label, NullIsAbsentAndUnknownKeysAreNothing) {
  EXPECT_TRUE(parse("null").value().empty());
  EXPECT_TRUE(parse(R"({"success":null,"root_step_number":null,"reward":0.5})").value().empty());
  EXPECT_FALSE(parse(R"({"success":true})").value().empty());
}

TEST(Label, NamesWhatIsWrong) {
  for (const auto& [text, where] :
       {std::pair{R"([])", "label"},
        std::pair{R"({"success":1})", "label.success"},
        std::pair{R"({"verdict":"passed"})", "label.verdict"},
        std::pair{R"({"mistake_step_number":"3"})", "label.mistake_step_number"},
        std::pair{R"({"root_step":2.5})", "label.root_step"},
        std::pair{R"({"root_agent":[]})", "label.root_agent"},
        std::pair{R"({"places":3})", "label.places"},
        std::pair{R"({"places":[null]})", "label.places[0]"},
        std::pair{R"({"failures":[{}]})", "label.failures[0].step_number"},
        std::pair{R"({"rubric":[]})", "label.rubric"},
        std::pair{R"({"rubric":{"r1":"done"}})", "label.rubric.r1"}}) {
    const Result<Label> label = parse(text);
    ASSERT_FALSE(label) << text;
    EXPECT_EQ(label.error().code, Code::invalid_argument);
    EXPECT_EQ(label.error().where, where);
  }
}

TEST(ComparableAgent, LeavesOutCaseSpacesAndUnderscores) {
  EXPECT_EQ(comparable_agent("Excel_Expert 2"), "excelexpert2");
}

}  // namespace
}  // namespace infinium::cli::evaluation
