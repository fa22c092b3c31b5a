#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "maestro/rubric/grammar_content.h"
#include "maestro/text.h"
#include "maestro/text_numbers.h"

namespace infinium::maestro {
namespace {

template <std::size_t N>
std::optional<Match> first_of(const std::array<std::string_view, N>& phrases,
                              std::string_view text,
                              std::size_t from = 0) {
  std::optional<Match> first;
  for (const std::string_view phrase : phrases) {
    const std::size_t at = text.find(phrase, from);
    if (at != std::string_view::npos && (!first || at < first->start)) {
      first = Match{at, at + phrase.size()};
    }
  }
  return first;
}

constexpr auto kConditions = std::to_array<std::string_view>(
    {"前に",   "まえに", "より前", "場合", "とき",     "時は",  "なければ",
     "ただし", "以外",   "までは", "如果", "除非",     "之前",  "以前",
     "除了",   "のみ",   "だけ",   "只",   "ないまま", "うちは"});

constexpr auto kForbidding = std::to_array<std::string_view>({"含めない",
                                                              "書かない",
                                                              "載せない",
                                                              "記載しない",
                                                              "出さない",
                                                              "示さない",
                                                              "明かさない",
                                                              "伝えない",
                                                              "入れない",
                                                              "言及しない",
                                                              "含まない",
                                                              "記さない",
                                                              "触れない",
                                                              "言わない",
                                                              "開示しない",
                                                              "漏らさない",
                                                              "表示しない",
                                                              "使わない"});
constexpr auto kForbiddingZh = std::to_array<std::string_view>({"不要提及",
                                                                "不得提及",
                                                                "请勿提及",
                                                                "不提及",
                                                                "不要包含",
                                                                "不得包含",
                                                                "不包含",
                                                                "不要写",
                                                                "不得透露",
                                                                "不要透露",
                                                                "不得出现",
                                                                "不要出现",
                                                                "不得显示",
                                                                "不含"});

constexpr auto kGiving = std::to_array<std::string_view>({"を書いた",
                                                          "を含む",
                                                          "を含んだ",
                                                          "を記した",
                                                          "を記載した",
                                                          "を明記した",
                                                          "を示した",
                                                          "が書かれ",
                                                          "が記載され",
                                                          "が明記され",
                                                          "を書く",
                                                          "を記載する",
                                                          "を伝える",
                                                          "を明記する",
                                                          "を示す",
                                                          "を知らせる",
                                                          "が示され",
                                                          "を入れた"});
constexpr auto kGivingZh =
    std::to_array<std::string_view>({"包含", "写明", "列出", "注明", "给出", "包括"});

constexpr auto kMessages = std::to_array<std::string_view>({"第三者",
                                                            "メッセージ",
                                                            "チャット",
                                                            "お客様",
                                                            "顧客",
                                                            "送信",
                                                            "メール",
                                                            "消息",
                                                            "客户",
                                                            "聊天",
                                                            "邮件"});
constexpr auto kOutput = std::to_array<std::string_view>(
    {"返答", "回答", "要約", "報告", "返信", "返事", "出力", "回复", "答复", "摘要", "总结"});

Place place_in(std::string_view text) {
  if (first_of(kMessages, text)) {
    return Place::messages;
  }
  return first_of(kOutput, text) ? Place::output : Place::everywhere;
}

/// What stands before a particle, after what says where: "返答に電話番号" gives "電話番号".
std::string_view without_place(std::string_view list) {
  for (const std::string_view particle : {"には", "に", "では", "で"}) {
    const std::size_t at = list.rfind(particle);
    if (at != std::string_view::npos && at > 0 &&
        place_in(list.substr(0, at)) != Place::everywhere) {
      return list.substr(at + particle.size());
    }
  }
  return list;
}

/// The number that ends at `end`, in any digits; its start is given back.
std::optional<double> number_before(std::string_view text, std::size_t end) {
  const std::string narrowed = narrow(text.substr(0, end));
  std::size_t start = narrowed.size();
  while (start > 0 && is_digit(narrowed[start - 1])) {
    --start;
  }
  if (start < narrowed.size() && narrowed.size() - start <= 6) {
    return to_double(narrowed.substr(start));
  }
  constexpr auto kDigits =
      std::to_array<std::string_view>({"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"});
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    if (text.substr(0, end).ends_with(kDigits[i])) {
      return static_cast<double>(i + 1);
    }
  }
  return std::nullopt;
}

struct UnitWord {
  std::string_view word;
  TextUnit unit;
};
constexpr auto kUnits = std::to_array<UnitWord>({
    {"文字", TextUnit::characters},
    {"个字", TextUnit::characters},
    {"字", TextUnit::characters},
    {"単語", TextUnit::words},
    {"行", TextUnit::lines},
    {"段落", TextUnit::paragraphs},
    {"項目", TextUnit::items},
    {"箇条", TextUnit::bullets},
    {"文", TextUnit::sentences},
    {"句话", TextUnit::sentences},
    {"句", TextUnit::sentences},
    {"条", TextUnit::items},
    {"点", TextUnit::items},
});

std::optional<Bound> bound_at(std::string_view text, std::size_t unit, std::size_t after) {
  const auto number = number_before(text, unit);
  if (!number) {
    return std::nullopt;
  }
  const std::string_view rest = text.substr(after);
  const std::string_view before = text.substr(0, unit);
  const auto opens = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(
        words.begin(), words.end(), [&](auto word) { return rest.starts_with(word); });
  };
  const auto precedes = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return before.find(word) != std::string_view::npos;
    });
  };
  Bound bound;
  if (opens({"以内", "以下", "まで", "を超えない", "が上限"}) ||
      precedes({"最大", "最多", "不超过", "不多于"})) {
    bound.most = number;
  } else if (opens({"以上"}) || precedes({"少なくとも", "最低", "至少"})) {
    bound.least = number;
  } else if (opens({"未満"})) {
    bound.most = number;
    bound.most_open = true;
  } else if (precedes({"ちょうど", "正好"})) {
    bound.least = bound.most = number;
  } else {
    return std::nullopt;
  }
  return bound;
}

std::optional<Check> read_wide_count(std::string_view text) {
  for (const UnitWord& unit : kUnits) {
    for (std::size_t at = text.find(unit.word); at != std::string_view::npos;
         at = text.find(unit.word, at + 1)) {
      if (const auto bound = bound_at(text, at, at + unit.word.size())) {
        return TextCountCheck{unit.unit, *bound, {}};
      }
    }
  }
  return std::nullopt;
}

std::optional<Check> read_wide_language(std::string_view text) {
  struct Name {
    std::string_view words;
    std::string_view code;
  };
  constexpr auto kNames = std::to_array<Name>({
      {"日本語で", "ja"},
      {"英語で", "en"},
      {"中国語で", "zh"},
      {"ドイツ語で", "de"},
      {"用中文", "zh"},
      {"用英文", "en"},
      {"用英语", "en"},
      {"用日语", "ja"},
      {"使用中文", "zh"},
      {"スペイン語で", "es"},
      {"フランス語で", "fr"},
  });
  for (const Name& name : kNames) {
    if (text.find(name.words) != std::string_view::npos) {
      return LanguageCheck{std::string(name.code), {}};
    }
  }
  return std::nullopt;
}

std::optional<Check> read_wide_forbidden(std::string_view text) {
  std::string_view list;
  Place place = Place::everywhere;
  if (const auto verb = first_of(kForbidding, text)) {
    const std::string_view before = text.substr(0, verb->start);
    std::size_t particle = before.find("を");
    particle = particle == std::string_view::npos ? before.find("は") : particle;
    if (particle == std::string_view::npos) {
      return std::nullopt;
    }
    list = without_place(before.substr(0, particle));
    place = place_in(before);
  } else if (const auto chinese = first_of(kForbiddingZh, text)) {
    list = text.substr(chinese->end);
    place = place_in(text);
  } else {
    return std::nullopt;
  }
  ForbidCheck check{read_wanted(list), place, {}};
  return check.things.empty() ? std::nullopt : std::optional<Check>(std::move(check));
}

std::string without_brackets(std::string_view text) {
  std::string out(text);
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"(", ")"}, {"（", "）"}}) {
    const std::size_t start = out.find(open);
    const std::size_t end = start == std::string::npos ? start : out.find(close, start);
    if (end != std::string::npos) {
      out.erase(start, end + close.size() - start);
    }
  }
  return out;
}

/// "型番ごとに、見込みの日を挙げた報告": what stands before を, if a document is what is asked for.
std::optional<std::string_view> listed_before_document(std::string_view text) {
  constexpr auto kDocuments = std::to_array<std::string_view>({"報告書",
                                                               "報告",
                                                               "まとめ",
                                                               "要約",
                                                               "返答",
                                                               "回答",
                                                               "返信",
                                                               "一覧表",
                                                               "一覧",
                                                               "表",
                                                               "連絡",
                                                               "メール",
                                                               "メモ",
                                                               "案内",
                                                               "通知",
                                                               "レポート",
                                                               "文面",
                                                               "文章",
                                                               "資料"});
  for (const std::string_view document : kDocuments) {
    if (!text.ends_with(document)) {
      continue;
    }
    const std::string_view before = text.substr(0, text.size() - document.size());
    const std::size_t particle = before.rfind("を");
    constexpr std::size_t kVerbBytesMax = 24;
    if (particle != std::string_view::npos && before.size() - particle <= kVerbBytesMax) {
      return before.substr(0, particle);
    }
    return std::string_view{};
  }
  return std::nullopt;
}

/// "型番ごとに、…": for what, not what.
std::string_view without_per(std::string_view list) {
  for (const std::string_view per : {"ごとに", "毎に", "について", "につき"}) {
    const std::size_t at = list.find(per);
    if (at == std::string_view::npos) {
      continue;
    }
    list = list.substr(at + per.size());
    list = list.starts_with("、") ? list.substr(std::string_view("、").size()) : list;
  }
  return list;
}

std::optional<Check> read_wide_given(std::string_view text, RubricKind kind) {
  const std::string plain_text = without_brackets(text);
  const std::string_view whole = plain_text;
  std::string_view list = kind == RubricKind::deliverable ? whole : std::string_view{};
  bool closing = false;
  if (const auto verb = first_of(kGiving, whole)) {
    list = without_place(whole.substr(0, verb->start));
    closing = first_of(kOutput, whole).has_value();
  } else if (const auto listed = listed_before_document(whole)) {
    list = kind == RubricKind::deliverable ? *listed : std::string_view{};
  } else if (const auto chinese = first_of(kGivingZh, whole)) {
    list = whole.substr(chinese->end);
  }
  list = without_per(list);
  if (list.empty()) {
    return std::nullopt;
  }
  GiveCheck check{read_wanted(list), closing};
  const bool known = std::any_of(check.things.begin(), check.things.end(), [](const Wanted& thing) {
    return thing.content != Content::words;
  });
  return known ? std::optional<Check>(std::move(check)) : std::nullopt;
}

}  // namespace

WideClauses read_wide(std::string_view sentence, RubricKind kind) {
  WideClauses out;
  if (first_of(kConditions, sentence)) {
    return out;
  }
  for (auto& check : {read_wide_count(sentence), read_wide_language(sentence)}) {
    if (check) {
      out.checks.push_back(*check);
    }
  }
  if (out.checks.empty()) {
    if (auto style = read_money_style(sentence)) {
      out.checks.emplace_back(std::move(*style));
    } else if (auto forbidden = read_wide_forbidden(sentence)) {
      out.checks.push_back(std::move(*forbidden));
    } else if (auto given = read_wide_given(sentence, kind)) {
      out.checks.push_back(std::move(*given));
    }
  }
  out.whole = !out.checks.empty();
  return out;
}

}  // namespace infinium::maestro
