#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "codec/interpretation_json.h"
#include "infinium/company.h"
#include "infinium/maestro.h"

/// What a company of traces is, in whatever way it was put together.
namespace infinium::maestro {
namespace {

/// A contribution of one of few tasks and versions, so that many meet. Orders are unique.
Contribution any_contribution(std::int64_t order,
                              std::uint64_t tasks = 6,
                              std::uint64_t versions = 3) {
  Contribution made;
  made.version = *rc::gen::inRange<std::uint64_t>(0, versions);
  for (std::int64_t& value : made.values) {
    value = *rc::gen::inRange<std::int64_t>(0, 5'000);
  }
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    made.pairs.add(*rc::gen::inRange<std::uint16_t>(0, 40), 1);
    made.leaves.add(*rc::gen::inRange<std::uint16_t>(0, 40), 1);
  }
  made.run.order = order;
  made.run.trace_id = "t" + std::to_string(order);
  made.run.task = *rc::gen::inRange<std::uint64_t>(0, tasks);
  if (made.run.task != 0) {
    made.run.input = *rc::gen::inRange<std::uint64_t>(0, 3);
    made.run.writes = {*rc::gen::inRange<std::uint64_t>(1, 4)};
    made.run.finals = {*rc::gen::inRange<std::uint64_t>(1, 4)};
  }
  return made;
}

std::vector<Contribution> any_contributions(int most, std::int64_t first = 1) {
  std::vector<Contribution> all;
  for (int left = *rc::gen::inRange(0, most); left > 0; --left) {
    all.push_back(any_contribution(first++));
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

Company merged(Company left, const Company& right) {
  left.merge(right);
  return left;
}

/// What a trace is told in that company, to the byte.
std::string told(const Company& company) {
  TaskData trace;
  trace.name = "any";
  trace.duration = 1.5;
  return codec::encode_interpretation(interpret(trace, company));
}

RC_GTEST_PROP(CompanyProperty, MergingIsCommutativeAndAssociative, ()) {
  const Company a = company_of(any_contributions(40, 1));
  const Company b = company_of(any_contributions(40, 100));
  const Company c = company_of(any_contributions(40, 200));
  RC_ASSERT(merged(a, b) == merged(b, a));
  RC_ASSERT(merged(merged(a, b), c) == merged(a, merged(b, c)));
  RC_ASSERT(merged(a, Company()) == a);
  RC_ASSERT(merged(Company(), a) == a);
}

RC_GTEST_PROP(CompanyProperty, MergingIsTheSameAsAddingOneByOneInAnyOrder, ()) {
  std::vector<Contribution> all = any_contributions(120);
  const Company once = company_of(all);
  const auto cut = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, all.size() + 1));
  const Company parts = merged(company_of({all.begin(), all.begin() + cut}),
                               company_of({all.begin() + cut, all.end()}));
  RC_ASSERT(parts == once);
  for (std::size_t i = all.size(); i > 1; --i) {
    std::swap(all[i - 1], all[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  RC_ASSERT(company_of(all) == once);
  RC_ASSERT(told(company_of(all)) == told(once));
}

/// Within the windows: one of 24 runs leaves none of them.
RC_GTEST_PROP(CompanyProperty, WhatIsAddedAndTakenOutLeavesNoByte, ()) {
  const std::vector<Contribution> all = any_contributions(24);
  Company company = company_of(all);
  const Company before = company;
  const std::string said = told(company);
  const std::vector<Contribution> more = any_contributions(8, 1'000);
  for (const Contribution& one : more) {
    company.add(one);
  }
  for (const Contribution& one : more) {
    const auto kept = decode_contribution(encode_contribution(one));
    RC_ASSERT(kept.has_value());
    Contribution again = *kept;
    again.run.order = one.run.order;
    again.run.trace_id = one.run.trace_id;
    RC_ASSERT(again == one);
    company.subtract(again);
  }
  RC_ASSERT(company == before);
  RC_ASSERT(company.digest() == before.digest());
  RC_ASSERT(told(company) == said);
}

/// Beyond the windows the counters stay exact.
RC_GTEST_PROP(CompanyProperty, CountersAreExactHoweverManyRunsThereAre, ()) {
  Company company;
  std::vector<Contribution> all;
  const int count = *rc::gen::inRange(100, 200);
  for (int i = 1; i <= count; ++i) {
    all.push_back(any_contribution(i, 2, 12));
    company.add(all.back());
  }
  const auto kept = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, all.size()));
  std::for_each(all.begin() + kept, all.end(), [&](const auto& one) { company.subtract(one); });
  const Company left = company_of({all.begin(), all.begin() + kept});
  RC_ASSERT(company.sample_size() == left.sample_size());
  RC_ASSERT(company.digest() == left.digest());
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const auto metric = static_cast<Metric>(i);
    RC_ASSERT(company.histogram(metric) == left.histogram(metric));
  }
}

RC_GTEST_PROP(CompanyProperty, NoWindowGrowsBeyondItsBound, ()) {
  Company company;
  std::set<std::uint64_t> tasks;
  for (int i = 1; i <= 300; ++i) {
    const Contribution one = any_contribution(i, 3, 20);
    tasks.insert(one.run.task);
    company.add(one);
  }
  std::size_t versions = 0;
  for (std::uint64_t version = 0; version < 20; ++version) {
    if (const VersionRuns* runs = company.runs_with(version)) {
      ++versions;
      RC_ASSERT(runs->latest.size() <= Company::kLatestMax);
      RC_ASSERT(std::is_sorted(runs->latest.begin(), runs->latest.end()));
    }
  }
  RC_ASSERT(versions <= Company::kVersionsMax);
  for (const std::uint64_t task : tasks) {
    RC_ASSERT(company.runs_of(task).size() <= Company::kSiblingsMax);
  }
}

RC_GTEST_PROP(CompanyProperty, APartTellsTheRunItIsForTheSame, ()) {
  const Company company = company_of(any_contributions(100));
  TaskData trace;
  trace.name = "any";
  trace.duration = *rc::gen::inRange(0, 10);
  trace.steps.resize(*rc::gen::inRange<std::size_t>(0, 4));
  const std::string whole = codec::encode_interpretation(interpret(trace, company));
  RC_ASSERT(codec::encode_interpretation(interpret(trace, company.about(contribution_of(trace)))) ==
            whole);
}

TEST(CompanyBounds, TenThousandTasksAreKeptInWhateverOrderCompaniesAreMerged) {
  const auto part = [](std::uint64_t first, std::int64_t order) {
    Company company;
    Sibling run;
    for (std::uint64_t task = first; task < first + 7'000; ++task) {
      for (int again = 0; again < 2; ++again) {
        run.task = task;
        run.order = order++;
        company.keep(run);
      }
    }
    return company;
  };
  const Company a = part(1, 1);
  const Company b = part(5'000, 7'000);
  const Company both = merged(a, b);
  EXPECT_TRUE(both == merged(b, a));
  EXPECT_TRUE(both.forgot_tasks());
  std::size_t kept = 0;
  for (std::uint64_t task = 1; task < 12'000; ++task) {
    kept += both.runs_of(task).empty() ? 0 : 1;
  }
  EXPECT_EQ(kept, Company::kTasksMax);
}

}  // namespace
}  // namespace infinium::maestro
