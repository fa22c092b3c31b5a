#include "maestro/wrong_values.h"

#include <algorithm>
#include <string_view>
#include <variant>

namespace infinium::maestro {
namespace {

/// What a title sets in quotation marks.
std::vector<std::string_view> quoted_in(std::string_view title) {
  constexpr std::string_view kOpen = "“";
  constexpr std::string_view kClose = "”";
  std::vector<std::string_view> out;
  for (std::size_t at = title.find(kOpen); at != std::string_view::npos;
       at = title.find(kOpen, at)) {
    at += kOpen.size();
    const std::size_t end = title.find(kClose, at);
    if (end == std::string_view::npos) {
      break;
    }
    out.push_back(title.substr(at, end - at));
  }
  return out;
}

}  // namespace

std::vector<ValueToken> wrong_values(const TraceView& view, const Finding& finding) {
  const auto* quoted =
      finding.evidence.empty() ? nullptr : std::get_if<QuoteEvidence>(&finding.evidence.front());
  const auto field = quoted == nullptr ? std::nullopt : view.find(quoted->field);
  if (!field) {
    return {};
  }
  const std::string_view text = view.field(*field).text;
  std::size_t from = quoted->start;
  // "1 x 178 + 110 = 399": the result is what is wrong.
  if (const std::size_t equals = text.substr(0, quoted->end).rfind('=');
      equals != std::string_view::npos && equals > from) {
    from = equals;
  }
  const std::string_view words = text.substr(from, quoted->end - from);
  const bool works_out = from != quoted->start || words.find(" is ") != std::string_view::npos;
  const auto named = quoted_in(finding.title);
  std::vector<ValueToken> all;
  std::vector<ValueToken> telling;
  for (const ValueToken& value : view.values(*field)) {
    constexpr std::size_t kValuesMax = 20;
    if (value.start < from || value.end > quoted->end || all.size() >= kValuesMax) {
      continue;
    }
    const std::string_view written = text.substr(value.start, value.end - value.start);
    all.push_back(value);
    if (std::any_of(named.begin(), named.end(), [&](std::string_view name) {
          return name.find(written) != std::string_view::npos;
        })) {
      telling.push_back(value);
    }
  }
  constexpr std::size_t kOperandsMin = 2;
  if (works_out && from == quoted->start && finding.code.starts_with("figure.") &&
      all.size() > kOperandsMin) {
    return {all.back()};
  }
  constexpr std::size_t kValueBytesMax = 60;
  return !telling.empty() && from == quoted->start       ? telling
         : quoted->end - quoted->start <= kValueBytesMax ? all
                                                         : std::vector<ValueToken>{};
}

}  // namespace infinium::maestro
