#include "maestro/rubric/language.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

struct Language {
  std::string_view code;
  std::string_view words;  ///< between spaces
};

constexpr auto kLanguages = std::to_array<Language>({
    {"en",
     " the and of to is was are were for that with this from have has been not you your it "
     "by on as be or which will can at an all no there their we our please thank in "},
    {"de",
     " der die das und ist nicht ein eine einen mit für auf den dem des zu von im wir sie "
     "wurde wurden werden hat haben sind auch bei nach aus oder als es ihre ihr bitte in an "},
    {"es",
     " el la los las y es de que en un una por para con no se del al lo su sus como más "
     "fue son está ha han pero este esta su gracias "},
    {"fr",
     " le la les et est de des un une que qui dans pour pas sur avec au aux du ce cette "
     "vous nous sont été par plus votre il elle ne en merci "},
    {"pt",
     " o os as e do da dos das em um uma para com não se ao à pelo seu sua mais foi são está "
     "mas este você obrigado que de por no na "},
    {"it",
     " il lo gli e di che è un una per con non si del della al sono ha ma questo questa più "
     "grazie nel alla le la in da "},
});

constexpr std::size_t kWordsScannedMax = 2'000;
constexpr std::size_t kHitsMin = 3;

bool is_kana(char32_t code) { return code >= 0x3040 && code <= 0x30FF; }

/// "ja" or "zh" if most of the letters are of those scripts.
std::string_view language_by_script(std::string_view text) {
  std::size_t kana = 0;
  std::size_t han = 0;
  std::size_t other = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    if (is_kana(code)) {
      ++kana;
    } else if (is_cjk(code)) {
      ++han;
    } else if (is_word_code_point(code)) {
      ++other;
    }
  }
  // A Latin word takes about five letters where Japanese and Chinese take two.
  if ((kana + han) * 2 < other || kana + han < 4) {
    return {};
  }
  return kana * 10 >= han ? "ja" : "zh";
}

}  // namespace

namespace {

/// How much the commonest words of each language stand in a text. A word of several languages tells
/// less: it counts a whole divided among them.
constexpr std::size_t kWhole = 60;
using Hits = std::array<std::size_t, kLanguages.size()>;
using Languages = std::bitset<kLanguages.size()>;

/// Each of the commonest words and the languages that it is one of.
std::unordered_map<std::string_view, Languages> common_words() {
  std::unordered_map<std::string_view, Languages> words;
  for (std::size_t i = 0; i < kLanguages.size(); ++i) {
    const std::string_view list = kLanguages[i].words;
    for (const Word& word : find_words(list)) {
      words[list.substr(word.start, word.end - word.start)].set(i);
    }
  }
  return words;
}

Hits hits_of(std::string_view text) {
  static const std::unordered_map<std::string_view, Languages> kWords = common_words();
  Hits hits{};
  std::size_t scanned = 0;
  for (const Word& word : find_words(text)) {
    if (++scanned > kWordsScannedMax) {
      break;
    }
    const auto found = kWords.find(fold_case(text.substr(word.start, word.end - word.start)));
    if (found == kWords.end()) {
      continue;
    }
    for (std::size_t i = 0; i < kLanguages.size(); ++i) {
      hits[i] += found->second[i] ? kWhole / found->second.count() : 0;
    }
  }
  return hits;
}

/// The language whose words stand there most, at least `least` of them and twice those of the next.
std::string_view leader(const Hits& hits, std::size_t least, std::size_t times) {
  const auto best =
      static_cast<std::size_t>(std::max_element(hits.begin(), hits.end()) - hits.begin());
  std::size_t second = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    second = i == best ? second : std::max(second, hits[i]);
  }
  const bool clear = hits[best] >= least && hits[best] >= times * second && hits[best] > second;
  return clear ? kLanguages[best].code : std::string_view{};
}

}  // namespace

std::string_view language_of(std::string_view text) {
  constexpr std::size_t kBytesScannedMax = 20'000;  // as good as the whole
  text = prefix_of(text, kBytesScannedMax);
  if (const std::string_view by_script = language_by_script(text); !by_script.empty()) {
    return by_script;
  }
  return leader(hits_of(text), kHitsMin * kWhole / 2, 2);
}

bool may_share_language(std::string_view rule, std::string_view text) {
  const std::string_view of_text = language_of(text);
  std::string_view of_rule = language_by_script(rule);
  of_rule = of_rule.empty() ? leader(hits_of(rule), 1, 1) : of_rule;
  return !of_text.empty() && of_rule == of_text;
}

}  // namespace infinium::maestro
