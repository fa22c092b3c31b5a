#include "maestro/rubric/json_shape.h"

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr int kDepthMax = 64;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<JsonShape> run() {
    JsonShape shape;
    if (!read_value(0, &shape)) {
      return std::nullopt;
    }
    skip_space();
    return at_ == text_.size() ? std::optional(shape) : std::nullopt;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) {
      ++at_;
    }
  }
  bool accept(char c) {
    skip_space();
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    return false;
  }
  bool accept_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  bool read_value(int depth, JsonShape* top) {
    skip_space();
    if (depth > kDepthMax || at_ >= text_.size()) {
      return false;
    }
    switch (text_[at_]) {
      case '{':
        return read_object(depth, top);
      case '[':
        return read_array(depth, top);
      case '"':
        return read_string(nullptr);
      default:
        return accept_word("true") || accept_word("false") || accept_word("null") || read_number();
    }
  }

  bool read_object(int depth, JsonShape* top) {
    if (top != nullptr) {
      top->kind = JsonShape::Kind::object;
    }
    ++at_;
    if (accept('}')) {
      return true;
    }
    do {
      skip_space();
      std::string key;
      if (!read_string(top != nullptr ? &key : nullptr) || !accept(':') ||
          !read_value(depth + 1, nullptr)) {
        return false;
      }
      if (top != nullptr) {
        top->keys.push_back(std::move(key));
        ++top->size;
      }
    } while (accept(','));
    return accept('}');
  }

  bool read_array(int depth, JsonShape* top) {
    if (top != nullptr) {
      top->kind = JsonShape::Kind::array;
    }
    ++at_;
    if (accept(']')) {
      return true;
    }
    do {
      if (!read_value(depth + 1, nullptr)) {
        return false;
      }
      if (top != nullptr) {
        ++top->size;
      }
    } while (accept(','));
    return accept(']');
  }

  bool read_string(std::string* out) {
    if (at_ >= text_.size() || text_[at_] != '"') {
      return false;
    }
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return false;
      }
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= text_.size()) {
      return false;
    }
    if (out != nullptr) {
      *out = text_.substr(start, at_ - start);
    }
    ++at_;
    return true;
  }

  bool read_digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) {
      ++at_;
    }
    return at_ > start;
  }

  bool read_number() {
    accept_word("-");
    if (!accept_word("0") && !read_digits()) {
      return false;
    }
    if (accept_word(".") && !read_digits()) {
      return false;
    }
    if (accept_word("e") || accept_word("E")) {
      if (!accept_word("+")) {
        accept_word("-");
      }
      return read_digits();
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<JsonShape> read_json_shape(std::string_view text) { return Reader(text).run(); }

}  // namespace infinium::maestro
