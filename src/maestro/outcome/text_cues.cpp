#include "maestro/outcome/text_cues.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "maestro/rubric/retrieve.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

struct CueWords {
  Cue cue;
  std::string_view words;  ///< folded, separated by spaces; a pair of words is joined by "+"
};

constexpr CueWords kCueWords[] = {
    {Cue::yes,
     "yes yeah yep sure correct confirm confirmed proceed go+ahead please+do okay ok agree agreed "
     "sounds+good ja gerne einverstanden bestätige sí si confirmo adelante vale はい お願いします"},
    {Cue::refuse,
     "unable cannot can't can’t unfortunately sorry policy allowed impossible not+able "
     "not+possible "
     "leider nicht+möglich lamentablemente imposible できません"},
    {Cue::hedge,
     "maybe perhaps might likely probably possibly plausible plausibly seems seem appears appear "
     "believe think guess could+be should+be vielleicht wahrscheinlich quizás probablemente"},
    {Cue::assume,
     "assume assumed assuming assumes assumption assumptions suppose supposing hypothetical "
     "hypothetically simulate simulated simulating placeholder example mock dummy sample "
     "for+instance angenommen supongamos"},
    {Cue::verify,
     "verify verified verifying verification confirm confirmed confirming confirms validate "
     "validated validating validation double-check cross-check ensure ensured ensuring check "
     "checked checking prüfen geprüft verificar verificado"},
    {Cue::plan,
     "plan plans step steps first next then proceed let's follow approach need+to to+solve schritt "
     "plan zuerst primero luego"},
    {Cue::conclude,
     "therefore thus conclude concluded conclusion final+answer answer result results identified "
     "found+that hence so+the ergebnis ergibt resultado"},
    {Cue::correct,
     "corrected correction correcting fix fixed fixing revise revised revising update updated "
     "error "
     "errors issue issues mistake retry again instead alternative alternatively refine refined "
     "fehler korrigiert corregir corregido"},
    {Cue::know,
     "known according based+on historical historically knowledge recall typically usually common "
     "commonly as+per generally widely"},
    {Cue::ask, "please could+you can+you provide share let+me would+you bitte könnten favor"},
    {Cue::agree, "agree agreed concur thank thanks great good looks perfect excellent right"},
    {Cue::future, "will i'll we'll let+me going+to now need+to werde werden voy"},
    {Cue::past,
     "have reviewed retrieved examined watched looked checked visited read i've we've found habe "
     "wurde he hemos"},
    {Cue::contrast,
     "however but although though different differs differ discrepancy discrepancies inconsistent "
     "whereas jedoch aber pero"},
    {Cue::negation,
     "not no don't never without none nothing wrong incorrect nicht kein keine nie no nunca sin"},
    {Cue::condition,
     "if unless otherwise rather prefer preferred depending case except only wenn falls sofern si "
     "salvo"},
    {Cue::also,
     "and also another both two three well plus then additionally und auch sowie y también"},
    {Cue::money,
     "total cost costs price prices difference refund refunds saving savings how+much amount "
     "betrag "
     "preis precio importe"},
    {Cue::superlative,
     "cheapest lowest highest largest smallest most least maximum minimum total sum all each every "
     "latest earliest how+many how+much average longest shortest"},
    {Cue::thanks, "thank thanks great perfect wonderful appreciate danke gracias"},
    {Cue::sorry, "apologize apologise apologies apology sorry mistake confusion incorrect"},
};

using CueTable = std::unordered_map<std::uint64_t, std::uint32_t>;

std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second) {
  return (first * 1099511628211u) ^ (second + 0x9e3779b97f4a7c15u);
}

/// Words and pairs by hash, with a bit for each of their cues.
CueTable make_table() {
  CueTable table;
  for (const CueWords& entry : kCueWords) {
    std::string_view rest = entry.words;
    while (!rest.empty()) {
      const std::size_t space = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, space);
      rest.remove_prefix(std::min(space + 1, rest.size()));
      const std::size_t plus = word.find('+');
      const std::uint64_t key =
          plus == std::string_view::npos
              ? fnv1a(word)
              : pair_hash(fnv1a(word.substr(0, plus)), fnv1a(word.substr(plus + 1)));
      table[key] |= 1u << static_cast<unsigned>(entry.cue);
    }
  }
  return table;
}

void count(TextCues& cues, const CueTable& table, std::uint64_t key) {
  const auto found = table.find(key);
  if (found == table.end()) {
    return;
  }
  for (std::size_t cue = 0; cue < kCueCount; ++cue) {
    if ((found->second & (1u << cue)) != 0 && cues.cues[cue] < 60'000) {
      ++cues.cues[cue];
    }
  }
}

void sort_stems(std::vector<std::uint64_t>& stems) {
  constexpr std::size_t kStemsMax = 4096;
  std::sort(stems.begin(), stems.end());
  stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
  stems.resize(std::min(stems.size(), kStemsMax));
}

std::size_t count_list_lines(std::string_view text) {
  std::size_t lines = 0;
  bool opens = true;
  for (const char c : text) {
    if (c == '\n') {
      opens = true;
    } else if (opens && !is_space(c)) {
      lines += c == '-' || c == '*' || is_digit(c) ? 1 : 0;
      opens = false;
    }
  }
  return lines;
}

}  // namespace

TextCues read_cues(std::string_view text) {
  static const CueTable kTable = make_table();
  constexpr std::size_t kBytesMax = 20'000;
  const std::string folded = fold_case(prefix_of(text, kBytesMax));
  TextCues cues;
  std::uint64_t before = 0;
  for (const Word& word : find_words(folded)) {
    const std::string_view one = std::string_view(folded).substr(word.start, word.end - word.start);
    const std::uint64_t key = fnv1a(one);
    count(cues, kTable, key);
    count(cues, kTable, pair_hash(before, key));
    before = key;
    ++cues.words;
    if (const std::uint64_t stem = stem_of(one); stem != 0) {
      cues.stems.push_back(stem);
    }
  }
  sort_stems(cues.stems);
  cues.questions = static_cast<std::size_t>(std::count(folded.begin(), folded.end(), '?'));
  cues.list_lines = count_list_lines(folded);
  cues.code = folded.find("```") != std::string::npos;
  cues.link = folded.find("://") != std::string::npos;
  return cues;
}

void merge(TextCues& cues, const TextCues& more) {
  cues.words += more.words;
  for (std::size_t cue = 0; cue < kCueCount; ++cue) {
    const unsigned sum = static_cast<unsigned>(cues.cues[cue]) + more.cues[cue];
    cues.cues[cue] = static_cast<std::uint16_t>(std::min(sum, 60'000u));
  }
  cues.stems.insert(cues.stems.end(), more.stems.begin(), more.stems.end());
  sort_stems(cues.stems);
  cues.questions += more.questions;
  cues.list_lines += more.list_lines;
  cues.code = cues.code || more.code;
  cues.link = cues.link || more.link;
}

std::size_t shared_stems(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  std::size_t shared = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) {
      ++shared;
      ++x;
      ++y;
    } else if (*x < *y) {
      ++x;
    } else {
      ++y;
    }
  }
  return shared;
}

double likeness(const TextCues& a, const TextCues& b) {
  const std::size_t shared = shared_stems(a.stems, b.stems);
  const std::size_t all = a.stems.size() + b.stems.size() - shared;
  return all == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(all);
}

}  // namespace infinium::maestro
