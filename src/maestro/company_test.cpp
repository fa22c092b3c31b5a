#include "infinium/company.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "infinium/maestro.h"
#include "maestro/findings/trace_sketch.h"
#include "maestro/outcome/agreement.h"

namespace infinium::maestro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A run that books `room`; one of three objectives of many words.
TaskData booking(int number, const std::string& room = "blue") {
  TraceSketch sketch("Book the room for 14 May at 10:00, order A-4711");
  sketch
      .objective("Book meeting room number " + std::to_string(number % 3) +
                 " for the planning session of the sales team on the requested day")
      .tool("get_rooms", "{}", "[\"blue\",\"red\"]")
      .tool("book_room", "{\"room\":\"" + room + "\"}", "{\"ok\":true}")
      .output("Booked.");
  sketch.trace().duration = 1 + number;
  return std::move(sketch.trace());
}

Contribution contribution(std::int64_t order, const TaskData& trace) {
  Contribution made = contribution_of(trace, "t" + std::to_string(order));
  made.run.order = order;
  return made;
}

std::vector<Contribution> contributions(int count) {
  std::vector<Contribution> all;
  for (int i = 1; i <= count; ++i) {
    all.push_back(contribution(i, booking(i)));
  }
  return all;
}

Company company_of(std::span<const Contribution> all) {
  Company company;
  for (const Contribution& one : all) {
    company.add(one);
  }
  return company;
}

TEST(Contribution, IsTheSameAfterItsCompactForm) {
  const Contribution made = contribution_of(booking(7));
  EXPECT_NE(made.run.task, 0u);
  EXPECT_THAT(made.run.inputs, testing::Not(IsEmpty()));
  EXPECT_EQ(made.run.writes.size(), 1u);
  const std::string bytes = encode_contribution(made);
  EXPECT_LT(bytes.size(), 300u);
  const auto read = decode_contribution(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, made);
  TaskData empty;
  EXPECT_EQ(decode_contribution(encode_contribution(contribution_of(empty))),
            contribution_of(empty));
}

TEST(Contribution, IsReadInTheFirstFormToo) {
  std::string bytes("\x01\x07\0\0\0\0\0\0\0", 9);                // the task
  bytes += std::string("\x01\x05\0\0\0\0\0\0\0\0", 10);          // one telling value, no write
  bytes += std::string("\x0a\x02\x01\0\0\0\x01\x03\x02\0", 10);  // metrics, one pair
  const auto read = decode_contribution(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->run.task, 7u);
  EXPECT_THAT(read->run.inputs, ElementsAre(5u));
  EXPECT_THAT(read->run.finals, IsEmpty());
  EXPECT_EQ(read->run.input, 0u);
  EXPECT_EQ(read->version, 0u);
  EXPECT_EQ(read->values, (MetricValues{10, 2, 1, 0, 0, 0}));
  EXPECT_EQ(read->pairs.at(3), 2);
}

TEST(Contribution, OfAViewIsThatOfTheTrace) {
  const TaskData trace = booking(7);
  const TraceView view(trace);
  EXPECT_EQ(sibling_of(view), sibling_of(trace));
}

TEST(Contribution, ReadsNothingFromBytesThatAreNone) {
  const std::string bytes = encode_contribution(contribution_of(booking(7)));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_contribution(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_contribution(bytes + '\0'));
  EXPECT_FALSE(decode_contribution("\x03" + bytes.substr(1)));
  std::mt19937 random(1);
  for (int i = 0; i < 2'000; ++i) {  // must end, and stay small
    std::string spoilt = bytes;
    spoilt[random() % spoilt.size()] = static_cast<char>(random());
    (void)decode_contribution(spoilt);
  }
}

TEST(Contribution, OfAHugeTraceIsBounded) {
  TaskData trace;
  trace.steps.resize(20'000);
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    trace.steps[i].action = "step " + std::to_string(i);
  }
  EXPECT_LT(encode_contribution(contribution_of(trace)).size(), 32'000u);
}

TEST(Company, IsTheSameInWhateverOrderItWasMade) {
  std::vector<Contribution> all = contributions(50);
  const Company once = company_of(all);
  EXPECT_EQ(once.sample_size(), 50);
  std::shuffle(all.begin(), all.end(), std::mt19937(2));
  EXPECT_EQ(company_of(all), once);
  Company merged = company_of(std::span(all).first(20));
  merged.merge(company_of(std::span(all).subspan(20)));
  EXPECT_EQ(merged, once);
  EXPECT_EQ(merged.digest(), once.digest());
}

TEST(Company, SubtractsExactly) {
  const std::vector<Contribution> all = contributions(30);
  Company company = company_of(all);
  for (std::size_t i = 10; i < all.size(); ++i) {
    const auto stored = decode_contribution(encode_contribution(all[i]));
    Contribution again = *stored;
    again.run.order = all[i].run.order;
    again.run.trace_id = all[i].run.trace_id;
    company.subtract(again);
  }
  EXPECT_EQ(company, company_of(std::span(all).first(10)));
  for (std::size_t i = 0; i < 10; ++i) {
    company.subtract(all[i]);
  }
  EXPECT_EQ(company, Company());
  EXPECT_EQ(company.digest(), "");
}

TEST(Company, ItsDigestTellsOtherTracesApart) {
  const std::vector<Contribution> all = contributions(4);
  const std::string three = company_of(std::span(all).first(3)).digest();
  EXPECT_EQ(three.size(), 16u);
  EXPECT_NE(three, company_of(std::span(all).subspan(1)).digest());
  Contribution other = all[2];
  other.run.writes.clear();
  EXPECT_NE(three, company_of(std::vector{all[0], all[1], other}).digest());
}

TEST(Company, KnowsTheLastSiblingsOfATask) {
  Company company;
  const int count = static_cast<int>(Company::kSiblingsMax) + 10;
  for (int i = count; i >= 1; --i) {
    company.add(contribution(i, booking(0)));
  }
  const auto runs = company.runs_of(sibling_of(booking(0)).task);
  ASSERT_EQ(runs.size(), Company::kSiblingsMax);
  EXPECT_EQ(runs.front().order, 11);
  EXPECT_EQ(runs.back().order, count);
  EXPECT_THAT(company.runs_of(sibling_of(booking(1)).task), IsEmpty());
}

TEST(Company, ForgetsTheTasksThatWereSeenLongestAgo) {
  Company company;
  Sibling run;
  for (std::size_t i = 1; i <= Company::kTasksMax; ++i) {
    run.order = static_cast<std::int64_t>(i);
    run.task = i;
    company.keep(run);
  }
  EXPECT_FALSE(company.forgot_tasks());
  run.task = 1;  // seen again: 2 is the oldest now
  run.order = 20'000;
  company.keep(run);
  run.task = 30'000;
  company.keep(run);
  EXPECT_TRUE(company.forgot_tasks());
  EXPECT_EQ(company.runs_of(1).size(), 2u);
  EXPECT_EQ(company.runs_of(2).size(), 0u);
  EXPECT_EQ(company.runs_of(30'000).size(), 1u);
}

TEST(Company, NamesSiblingsUnlessTheirInputsContradict) {
  const std::vector<Contribution> all = contributions(9);
  const Company company = company_of(all);
  const auto names = [&](const TaskData& trace) {
    return interpret(trace, company).baseline.siblings;
  };
  EXPECT_THAT(names(booking(3)), ElementsAre("t3", "t6", "t9"));
  TaskData other = booking(3);
  other.input_summary = "Order B-1234 please";
  EXPECT_THAT(names(other), IsEmpty());
  other.expected_outcome.reset();
  EXPECT_THAT(names(other), IsEmpty());
}

TEST(Company, APartOfItSaysTheSameOfTheRunItIsFor) {
  Company company;
  for (int i = 1; i <= 40; ++i) {
    company.add(contribution(i, booking(i, i % 5 == 0 ? "red" : "blue")));
  }
  company.set_as_of("2026-11-02T09:00:00.000Z");
  for (int i = 0; i < 4; ++i) {
    TaskData trace = booking(i);
    trace.steps.pop_back();
    const Company part = company.about(contribution_of(trace));
    const Interpretation whole = interpret(trace, company);
    EXPECT_EQ(whole, interpret(trace, part));
    EXPECT_EQ(whole.baseline.sample_size, 40);
    EXPECT_EQ(whole.baseline.as_of, "2026-11-02T09:00:00.000Z");
    EXPECT_EQ(whole.baseline.digest, company.digest());
  }
}

TEST(Company, TheDigestOfSiblingsIsThatOfTheirSet) {
  const std::vector<Contribution> all = contributions(3);
  const std::vector<Sibling> runs{all[0].run, all[1].run};
  const std::vector<Sibling> turned{all[1].run, all[0].run};
  EXPECT_EQ(digest_of({}), 0u);
  EXPECT_EQ(digest_of(runs), digest_of(turned));
  EXPECT_NE(digest_of(runs), digest_of(std::span(runs).first(1)));
}

}  // namespace
}  // namespace infinium::maestro
