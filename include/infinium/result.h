#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace infinium {

/// Every way a call of ours can fail. A closed set: it is mapped in exactly one function each to
/// an HTTP status, an exit code and a Python exception.
enum class Code {
  invalid_argument,  ///< the caller's input breaks a rule; `Error::where` names the field
  malformed,         ///< the input is not in the expected format at all (not JSON, bad UTF-8)
  unauthenticated,   ///< unknown or wrong credential
  forbidden,         ///< a valid credential without the right
  not_found,
  conflict,     ///< contradicts what is stored
  too_large,    ///< a size limit is passed
  exhausted,    ///< a rate or quota limit is passed; trying later helps
  unavailable,  ///< the service cannot do it now (queue full, disk full, not writable)
  timeout,
  corrupt,   ///< stored bytes do not read back
  internal,  ///< a bug of ours
};

/// The machine name of a code, e.g. "invalid_argument".
[[nodiscard]] std::string_view to_string(Code code);

/// A failure. `message` is one sentence for a person: it names the size or name at fault and never
/// repeats a secret or a trace's content. `where` is the path of the field at fault, or empty.
struct Error {
  Code code = Code::internal;
  std::string message;
  std::string where{};

  bool operator==(const Error&) const = default;
};

/// A value or an Error; ignoring one is a compiler warning. Member names follow std::expected.
/// A value type: copy and move as T does; no thread may write while another reads.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value; calling it on an error is a bug (asserted).
  [[nodiscard]] T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  /// The error; calling it on a value is a bug (asserted).
  [[nodiscard]] const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  [[nodiscard]] T value_or(T fallback) && {
    return has_value() ? std::move(*this).value() : std::move(fallback);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  void operator*() const {}
  [[nodiscard]] const Error& error() const& {
    assert(error_.has_value());
    return *error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace infinium
