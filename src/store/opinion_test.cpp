#include "store/opinion.h"

#include <gtest/gtest.h>

namespace infinium::store {
namespace {

/// Current opinions with growing keys.
class Opinions {
 public:
  Opinions& person(Verdict verdict) { return add(VerdictBy::person, verdict, true); }
  Opinions& judge(Verdict verdict, bool decides) { return add(VerdictBy::judge, verdict, decides); }
  Opinion& last() { return all_.back(); }
  [[nodiscard]] Decision decide(std::optional<Verdict> maestro = Verdict::undetermined) const {
    return store::decide(maestro, all_);
  }

 private:
  Opinions& add(VerdictBy by, Verdict verdict, bool decides) {
    Opinion opinion;
    opinion.key = static_cast<std::int64_t>(all_.size()) + 1;
    opinion.by = by;
    opinion.verdict = verdict;
    opinion.decides = decides;
    all_.push_back(opinion);
    return *this;
  }
  std::vector<Opinion> all_;
};

constexpr Decision by_person(Verdict verdict) { return {verdict, VerdictBy::person}; }

TEST(Decide, MaestroWhereNobodyElseSpoke) {
  EXPECT_EQ(Opinions().decide(Verdict::failed), (Decision{Verdict::failed, VerdictBy::maestro}));
  EXPECT_EQ(Opinions().decide(std::nullopt), Decision{});
}

TEST(Decide, AJudgeOnlyWhereItDecides) {
  EXPECT_EQ(Opinions().judge(Verdict::failed, false).decide(Verdict::succeeded),
            (Decision{Verdict::succeeded, VerdictBy::maestro}));
  EXPECT_EQ(Opinions().judge(Verdict::failed, true).decide(Verdict::succeeded),
            (Decision{Verdict::failed, VerdictBy::judge}));
  Opinions silent;
  silent.judge(Verdict::failed, true).last().status = OpinionStatus::failed;
  EXPECT_EQ(silent.decide(Verdict::succeeded), (Decision{Verdict::succeeded, VerdictBy::maestro}));
}

TEST(Decide, APersonBeforeJudgeAndMaestro) {
  EXPECT_EQ(Opinions()
                .person(Verdict::partially_succeeded)
                .judge(Verdict::failed, true)
                .decide(Verdict::succeeded),
            by_person(Verdict::partially_succeeded));
  EXPECT_EQ(Opinions().person(Verdict::failed).decide(std::nullopt), by_person(Verdict::failed));
}

TEST(Decide, TheMajorityOfPersonsAndTheNewestOfATie) {
  EXPECT_EQ(Opinions()
                .person(Verdict::failed)
                .person(Verdict::failed)
                .person(Verdict::succeeded)
                .decide(),
            by_person(Verdict::failed));
  EXPECT_EQ(Opinions().person(Verdict::failed).person(Verdict::succeeded).decide(),
            by_person(Verdict::succeeded));
  EXPECT_EQ(Opinions().person(Verdict::succeeded).person(Verdict::failed).decide(),
            by_person(Verdict::failed));
  EXPECT_EQ(Opinions()
                .person(Verdict::failed)
                .person(Verdict::succeeded)
                .person(Verdict::succeeded)
                .person(Verdict::failed)
                .person(Verdict::undetermined)
                .decide(),
            by_person(Verdict::failed));
}

TEST(Decide, WhatEndedDoesNotCount) {
  for (const Standing ended : {Standing::replaced, Standing::withdrawn}) {
    Opinions opinions;
    opinions.person(Verdict::failed).last().standing = ended;
    EXPECT_EQ(opinions.decide(Verdict::succeeded),
              (Decision{Verdict::succeeded, VerdictBy::maestro}));
    EXPECT_EQ(opinions.person(Verdict::undetermined).decide(), by_person(Verdict::undetermined));
  }
}

}  // namespace
}  // namespace infinium::store
