#include "store/opinion.h"

#include <algorithm>
#include <array>

namespace infinium::store {
namespace {

bool counts(const Opinion& opinion) {
  return opinion.standing == Standing::current && opinion.status == OpinionStatus::ok &&
         opinion.verdict.has_value();
}

/// What the persons' current verdicts of one kind weigh.
struct Votes {
  int count = 0;
  std::int64_t newest = 0;  ///< key of the last of them
  auto operator<=>(const Votes&) const = default;
};

constexpr std::array kVerdicts{
    Verdict::succeeded, Verdict::partially_succeeded, Verdict::failed, Verdict::undetermined};

}  // namespace

Decision decide(std::optional<Verdict> maestro, std::span<const Opinion> opinions) {
  std::array<Votes, kVerdicts.size()> votes{};
  const Opinion* judge = nullptr;
  for (const Opinion& opinion : opinions) {
    if (!counts(opinion)) {
      continue;
    }
    if (opinion.by == VerdictBy::person) {
      Votes& same = votes.at(static_cast<std::size_t>(*opinion.verdict));
      ++same.count;
      same.newest = std::max(same.newest, opinion.key);
    } else if (opinion.decides && (judge == nullptr || judge->key < opinion.key)) {
      judge = &opinion;
    }
  }
  const auto most = std::max_element(votes.begin(), votes.end());
  if (most->count > 0) {
    return {kVerdicts.at(static_cast<std::size_t>(most - votes.begin())), VerdictBy::person};
  }
  if (judge != nullptr) {
    return {judge->verdict, VerdictBy::judge};
  }
  return maestro ? Decision{maestro, VerdictBy::maestro} : Decision{};
}

}  // namespace infinium::store
