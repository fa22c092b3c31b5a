#include "judge/quotes.h"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <string>

namespace infinium::judge {
namespace {

constexpr std::size_t kWordsBytesMin = 3;
constexpr std::size_t kWordsBytesMax = 2'000;
constexpr std::size_t kQuoteBytesMax = 400;

struct Place {
  std::string path;
  std::size_t start = 0;
};

std::optional<std::size_t> find_in(std::string_view text, std::string_view words) {
  if (words.size() < kWordsBytesMin && words.size() != text.size()) {
    return std::nullopt;
  }
  const std::size_t at = text.find(words);
  return at == std::string_view::npos ? std::nullopt : std::optional(at);
}

const std::string* text_of(const Json& json) {
  if (const JsonNumber* const number = json.if_number()) {
    return &number->text;
  }
  return json.if_string();
}

/// The first text of the tree that holds the words; the path is put together on the way back.
/// Recursion is as deep as the JSON reader lets a payload be.
std::optional<Place> find_anywhere(const Json& json, std::string_view words) {
  if (const std::string* const text = text_of(json)) {
    const auto at = find_in(*text, words);
    return at ? std::optional(Place{{}, *at}) : std::nullopt;
  }
  if (const Json::Object* const members = json.if_object()) {
    for (const JsonMember& member : *members) {
      if (auto place = find_anywhere(member.value, words)) {
        const bool joined = place->path.empty() || place->path.front() == '[';
        place->path = member.key + (joined ? "" : ".") + place->path;
        return place;
      }
    }
  } else if (const Json::Array* const items = json.if_array()) {
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (auto place = find_anywhere((*items)[i], words)) {
        const bool joined = place->path.empty() || place->path.front() == '[';
        place->path = fmt::format("[{}]{}{}", i, joined ? "" : ".", place->path);
        return place;
      }
    }
  }
  return std::nullopt;
}

/// Takes a number up to `]` off the front.
std::optional<std::size_t> take_index(std::string_view& path) {
  std::size_t index = 0;
  const char* const last = path.data() + path.size();
  const auto [end, error] = std::from_chars(path.data(), last, index);
  if (error != std::errc{} || end == last || *end != ']') {
    return std::nullopt;
  }
  path.remove_prefix(static_cast<std::size_t>(end - path.data()) + 1);
  return index;
}

/// The text at a path, or null. A key that holds a dot or a bracket is not reached.
const std::string* text_at(const Json& trace, std::string_view path) {
  const Json* at = &trace;
  while (at != nullptr && !path.empty()) {
    if (path.front() == '[') {
      path.remove_prefix(1);
      const auto index = take_index(path);
      const Json::Array* const items = at->if_array();
      at = index && items != nullptr && *index < items->size() ? &(*items)[*index] : nullptr;
    } else {
      path.remove_prefix(path.front() == '.' ? 1 : 0);
      const std::string_view key = path.substr(0, path.find_first_of(".["));
      path.remove_prefix(key.size());
      at = key.empty() ? nullptr : at->find(key);
    }
  }
  return at == nullptr ? nullptr : text_of(*at);
}

void add_step(QuoteEvidence& quote, const Json& trace) {
  constexpr std::string_view kSteps = "steps[";
  std::string_view path = quote.field;
  if (!path.starts_with(kSteps)) {
    return;
  }
  path.remove_prefix(kSteps.size());
  const auto index = take_index(path);
  const Json* const steps = trace.find("steps");
  if (!index || steps == nullptr || steps->if_array() == nullptr) {
    return;
  }
  quote.step_index = static_cast<std::int64_t>(*index);
  const Json* const number = (*steps->if_array())[*index].find("step_number");
  if (number != nullptr && number->if_number() != nullptr) {
    quote.step = number->if_number()->as_int64();
  }
}

std::string_view first_bytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) {
    return text;
  }
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0u) == 0x80u) {
    --bytes_max;
  }
  return text.substr(0, bytes_max);
}

}  // namespace

std::optional<QuoteEvidence> find_quote(const Json& trace,
                                        std::string_view field,
                                        std::string_view words) {
  if (words.empty() || words.size() > kWordsBytesMax) {
    return std::nullopt;
  }
  std::optional<Place> place;
  if (const std::string* const text = text_at(trace, field)) {
    if (const auto at = find_in(*text, words)) {
      place = Place{std::string(field), *at};
    }
  }
  if (!place) {
    place = find_anywhere(trace, words);
  }
  if (!place) {
    return std::nullopt;
  }
  QuoteEvidence quote;
  quote.field = std::move(place->path);
  quote.text = first_bytes(words, kQuoteBytesMax);
  quote.start = place->start;
  quote.end = place->start + quote.text.size();
  add_step(quote, trace);
  return quote;
}

}  // namespace infinium::judge
