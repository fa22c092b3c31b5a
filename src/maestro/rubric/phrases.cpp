#include "maestro/rubric/phrases.h"

#include <algorithm>
#include <array>

#include "maestro/rubric/phrases_output.h"
#include "maestro/rubric/phrases_run.h"
#include "maestro/rubric/phrases_words.h"

namespace infinium::maestro {
namespace {

// The whole vocabulary; the longest phrase that fits wins. What is not here is not understood.
constexpr auto kSorted = [] {
  std::array<Phrase, kWordsPhrases.size() + kRunPhrases.size() + kOutputPhrases.size()> all{};
  auto at = std::copy(kWordsPhrases.begin(), kWordsPhrases.end(), all.begin());
  at = std::copy(kRunPhrases.begin(), kRunPhrases.end(), at);
  std::copy(kOutputPhrases.begin(), kOutputPhrases.end(), at);
  std::sort(
      all.begin(), all.end(), [](const Phrase& a, const Phrase& b) { return a.words < b.words; });
  return all;
}();

static_assert(std::adjacent_find(kSorted.begin(),
                                 kSorted.end(),
                                 [](const Phrase& a, const Phrase& b) {
                                   return a.words == b.words;
                                 }) == kSorted.end(),
              "a phrase has one meaning");

}  // namespace

const Phrase* first_phrase_from(std::string_view words) {
  const auto at = std::lower_bound(
      kSorted.begin(), kSorted.end(), words, [](const Phrase& a, std::string_view b) {
        return a.words < b;
      });
  return at != kSorted.end() ? &*at : nullptr;
}

}  // namespace infinium::maestro
