#include "server/batch_split.h"

#include <string>

#include "base/try.h"

namespace infinium::server {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Moves over JSON text by its outer structure alone: strings, and brackets that close as opened.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] Error error(std::string_view what) const {
    return {Code::malformed, std::string(what) + " at byte " + std::to_string(at_) + "."};
  }

  void skip_space() {
    while (!done() && is_space(text_[at_])) {
      ++at_;
    }
  }
  bool skip(char c) {
    if (done() || text_[at_] != c) {
      return false;
    }
    ++at_;
    return true;
  }

  /// One value: everything up to the comma or bracket that ends it, without space around it.
  Result<std::string_view> value() {
    skip_space();
    const std::size_t begin = at_;
    open_.clear();
    while (!done() && !(open_.empty() && (is_space(text_[at_]) || ends_value(text_[at_])))) {
      TRY_VOID(step());
    }
    if (!open_.empty()) {
      return error("The JSON ends inside a value");
    }
    if (at_ == begin) {
      return error("A value is missing");
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  static bool ends_value(char c) { return c == ',' || c == ']' || c == '}' || c == ':'; }

  Status step() {
    const char c = text_[at_];
    if (c == '"') {
      return string();
    }
    if (c == '{' || c == '[') {
      open_ += c;
    } else if (c == '}' || c == ']') {
      if (open_.back() != (c == '}' ? '{' : '[')) {
        return error("A bracket does not match");
      }
      open_.pop_back();
    }
    ++at_;
    return {};
  }

  Status string() {
    const std::size_t begin = at_++;
    while (!done() && text_[at_] != '"') {
      at_ += text_[at_] == '\\' ? 2u : 1u;
      if (at_ > text_.size()) {
        break;
      }
    }
    if (at_ >= text_.size()) {
      at_ = begin;
      return error("A string does not end, which begins");
    }
    ++at_;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;  ///< the brackets that are open, outermost first
};

Error too_many(std::size_t items_max) {
  return {Code::too_large, "A batch has at most " + std::to_string(items_max) + " items."};
}

Result<std::vector<std::string_view>> split_array(std::string_view body, std::size_t items_max) {
  Scanner in(body);
  in.skip_space();
  if (!in.skip('[')) {
    return in.error("A batch is a JSON array or JSON lines; there is no array");
  }
  std::vector<std::string_view> items;
  in.skip_space();
  bool more = !in.skip(']');
  while (more) {
    TRY(const std::string_view item, in.value());
    if (items.size() == items_max) {
      return too_many(items_max);
    }
    items.push_back(item);
    in.skip_space();
    more = in.skip(',');
    if (!more && !in.skip(']')) {
      return in.error("A comma or the end of the array is missing");
    }
  }
  in.skip_space();
  if (!in.done()) {
    return in.error("Other bytes follow the array");
  }
  return items;
}

std::string_view trim(std::string_view line) {
  while (!line.empty() && is_space(line.front())) {
    line.remove_prefix(1);
  }
  while (!line.empty() && is_space(line.back())) {
    line.remove_suffix(1);
  }
  return line;
}

Result<std::vector<std::string_view>> split_lines(std::string_view body, std::size_t items_max) {
  std::vector<std::string_view> items;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    const std::string_view line = trim(body.substr(0, end));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    if (line.empty()) {
      continue;
    }
    if (items.size() == items_max) {
      return too_many(items_max);
    }
    items.push_back(line);
  }
  if (items.empty()) {
    return Error{Code::malformed, "The body is empty: a batch is a JSON array or JSON lines."};
  }
  return items;
}

/// Puts a member where it belongs. False: it stands there already.
bool assign_once(std::string_view& slot, std::string_view value) {
  const bool first = slot.empty();
  slot = value;
  return first;
}

}  // namespace

BatchForm batch_form(std::string_view content_type, std::string_view body) {
  if (content_type.find("ndjson") != std::string_view::npos ||
      content_type.find("jsonl") != std::string_view::npos) {
    return BatchForm::lines;
  }
  const std::string_view text = trim(body);
  return text.starts_with('[') ? BatchForm::array : BatchForm::lines;
}

Result<std::vector<std::string_view>> split_batch(std::string_view body,
                                                  BatchForm form,
                                                  std::size_t items_max) {
  return form == BatchForm::array ? split_array(body, items_max) : split_lines(body, items_max);
}

Result<std::optional<Envelope>> open_envelope(std::string_view item) {
  const std::optional<Envelope> none;
  Scanner in(item);
  Envelope envelope;
  bool more = in.skip('{');
  while (more) {
    const auto key = in.value();
    in.skip_space();
    if (!key || !in.skip(':')) {
      return none;  // not an object as JSON wants it: the codec says why
    }
    const auto value = in.value();
    if (!value) {
      return none;
    }
    const bool is_key = *key == "\"idempotency_key\"";
    if (!is_key && *key != "\"trace\"") {
      return none;
    }
    if (!assign_once(is_key ? envelope.idempotency_key : envelope.trace, *value)) {
      return Error{Code::malformed, "The key " + std::string(*key) + " stands twice in the item."};
    }
    in.skip_space();
    more = in.skip(',');
  }
  const bool closed = in.skip('}') && in.done();
  return closed && !envelope.trace.empty() ? std::optional(envelope) : none;
}

}  // namespace infinium::server
