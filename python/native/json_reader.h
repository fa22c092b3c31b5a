#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "infinium/json.h"
#include "infinium/result.h"

namespace infinium::python {

namespace nb = nanobind;

/// "must be `wanted`, not int": the type of a Python value is at fault.
[[nodiscard]] Error wrong_type(std::string_view wanted, PyObject* value);
/// `error`, with the place inside a value prefixed by the field or index it stands in.
[[nodiscard]] Error inside(std::string_view field, Error error);
[[nodiscard]] Error inside(std::size_t index, Error error);

/// A str as UTF-8: surrogate pairs are joined, lone surrogates become U+FFFD. Error:
/// `invalid_argument` for anything but a str.
[[nodiscard]] Result<std::string> read_text(PyObject* value);

/// Reads free-form Python values as JSON: None, bool, int, finite float, str, list, tuple, mapping.
/// Borrowed objects, only read; needs the GIL. What Python code of the caller raises meanwhile
/// comes out as nb::python_error.
class JsonReader {
 public:
  /// `mapping_type` is collections.abc.Mapping; borrowed. `bytes_max` bounds what may be read in
  /// all, so that a small graph of shared lists cannot unfold without end.
  JsonReader(nb::handle mapping_type, std::size_t bytes_max)
      : mapping_type_(mapping_type), bytes_left_(bytes_max) {}

  /// `depth` is the nesting of `value` in the payload, whose root has 1. Errors:
  /// `invalid_argument`, `too_large`, with the path inside `value`.
  [[nodiscard]] Result<Json> read(PyObject* value, std::size_t depth);
  [[nodiscard]] Result<Json::Array> read_array(PyObject* sequence, std::size_t depth);
  [[nodiscard]] Result<Json::Object> read_object(PyObject* mapping, std::size_t depth);

  [[nodiscard]] bool is_mapping(PyObject* value) const;
  /// A dict with the items of a mapping: itself, or a copy.
  [[nodiscard]] nb::object as_dict(PyObject* mapping) const;

  /// Counts `bytes` of the payload. Error: `too_large`.
  [[nodiscard]] Status spend(std::size_t bytes);

 private:
  [[nodiscard]] Result<Json> read_int(PyObject* value);
  [[nodiscard]] Result<Json> read_float(PyObject* value);
  [[nodiscard]] Result<std::string> read_key(PyObject* key);

  nb::handle mapping_type_;
  std::size_t bytes_left_;
};

}  // namespace infinium::python
