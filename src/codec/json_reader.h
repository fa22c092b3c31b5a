#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infinium/json.h"
#include "infinium/result.h"

namespace infinium::codec {

/// The kind of the value that comes next; `malformed` when none can start there.
enum class JsonType { null, boolean, number, string, array, object, malformed };

/// A strict one-pass pull reader of one JSON text (RFC 8259, with duplicate keys refused).
///
/// The caller asks peek() and then reads exactly one value of that type; each call returns false
/// once the text proved malformed, and the caller then returns false too. Nothing is built that is
/// not asked for; a skipped value is checked as strictly as any other. Recursion is bounded by the
/// depth limit. It borrows the text, which must outlive it. For one thread.
class JsonReader {
 public:
  /// Nesting no caller may pass, whatever it asks for: what the stack surely holds.
  static constexpr std::size_t kDepthCeiling = 1024;

  /// `offset` and `depth` say where in the text, and how deeply nested, the first value stands.
  JsonReader(std::string_view text,
             std::size_t depth_max,
             std::size_t offset = 0,
             std::size_t depth = 0);

  /// The type of the next value; does not consume it.
  [[nodiscard]] JsonType peek();

  bool read_null();
  bool read_bool(bool& out);
  /// The number as it is written; borrowed from the text.
  bool read_number(std::string_view& out);
  /// The text unescaped. A lone surrogate escape becomes U+FFFD and is noted.
  bool read_string(std::string& out);
  bool read_any(Json& out);
  bool read_any(Json::Array& out);
  /// Reads a value of any type and drops it.
  bool skip();

  /// Calls `on_member(key)` for each member; it reads the member's value and returns whether that
  /// went well. The key stays valid as long as this reader and its text.
  template <class OnMember>
  bool read_object(OnMember&& on_member) {
    if (!open()) {
      return false;
    }
    const std::size_t first_key = keys_.size();
    if (!consume('}')) {
      do {
        std::string_view key;
        if (!read_key(first_key, key) || !on_member(key)) {
          return false;
        }
      } while (consume(','));
      if (!expect('}', "a comma or the end of the object was expected")) {
        return false;
      }
    }
    return close_object(first_key);
  }

  /// Calls `on_item()` for each item; it reads the item and returns whether that went well.
  template <class OnItem>
  bool read_array(OnItem&& on_item) {
    if (!open()) {
      return false;
    }
    if (!consume(']')) {
      do {
        if (!on_item()) {
          return false;
        }
      } while (consume(','));
      if (!expect(']', "a comma or the end of the list was expected")) {
        return false;
      }
    }
    --depth_;
    return true;
  }

  /// After the last value: whether nothing but white space follows.
  bool finish();

  /// Where the next value starts, in bytes.
  [[nodiscard]] std::size_t offset();
  /// Why reading stopped, with the byte offset. Only after a call returned false.
  [[nodiscard]] Error error() const;
  /// Byte offsets of the lone surrogate escapes met so far, ascending.
  [[nodiscard]] const std::vector<std::size_t>& lone_surrogates() const { return lone_surrogates_; }

 private:
  struct Key {
    std::string_view text;
    std::size_t offset;
  };

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
      ++at_;
    }
  }
  bool consume(char c) {
    skip_space();
    if (at_ == end_ || *at_ != c) {
      return false;
    }
    ++at_;
    return true;
  }
  bool open();
  bool expect(char c, const char* otherwise);
  bool expect_word(std::string_view word);
  bool read_key(std::size_t first_key, std::string_view& key);
  bool close_object(std::size_t first_key);
  bool read_string_view(std::string_view& out, std::string& unescaped);
  bool scan_plain();
  bool read_escape(std::string& out);
  bool read_unicode_escape(std::string& out);
  bool read_hex4(const char* at, unsigned& out);
  bool scan_digits();
  bool fail(std::string_view what, const char* at);

  const char* begin_;
  const char* end_;
  const char* at_;
  std::size_t depth_max_;
  std::size_t depth_;
  /// The keys of all open objects, innermost last.
  std::vector<Key> keys_;
  /// Keys that had escapes; a deque, so that views into it stay valid.
  std::deque<std::string> unescaped_keys_;
  std::vector<std::size_t> lone_surrogates_;
  std::string dropped_;
  /// Empty as long as the text is well-formed.
  std::string fault_;
  std::size_t fault_offset_ = 0;
};

/// Whether `text` is a number of the JSON grammar, whole.
[[nodiscard]] bool is_json_number(std::string_view text);

}  // namespace infinium::codec
