#include "json_reader.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/limits.h"
#include "base/try.h"

namespace infinium::python {
namespace {

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3f));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

constexpr bool is_high_surrogate(std::uint32_t c) { return c >= 0xd800 && c < 0xdc00; }
constexpr bool is_low_surrogate(std::uint32_t c) { return c >= 0xdc00 && c < 0xe000; }

/// A str with surrogates as UTF-8: pairs are joined, lone ones become U+FFFD.
std::string repair_surrogates(PyObject* text) {
  std::string out;
  const Py_ssize_t length = PyUnicode_GetLength(text);
  for (Py_ssize_t i = 0; i < length; ++i) {
    std::uint32_t c = PyUnicode_ReadChar(text, i);
    const std::uint32_t next = i + 1 < length ? PyUnicode_ReadChar(text, i + 1) : 0;
    if (is_high_surrogate(c) && is_low_surrogate(next)) {
      c = 0x10000 + ((c - 0xd800) << 10) + (next - 0xdc00);
      ++i;
    } else if (is_high_surrogate(c) || is_low_surrogate(c)) {
      c = 0xfffd;
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace

Error wrong_type(std::string_view wanted, PyObject* value) {
  const char* const type = value == Py_None ? "None" : Py_TYPE(value)->tp_name;
  return Error{Code::invalid_argument, fmt::format("must be {}, not {}", wanted, type)};
}

Error inside(std::string_view field, Error error) {
  const bool joined = error.where.empty() || error.where.front() == '[';
  error.where = fmt::format("{}{}{}", field, joined ? "" : ".", error.where);
  return error;
}

Error inside(std::size_t index, Error error) {
  return inside(fmt::format("[{}]", index), std::move(error));
}

Status JsonReader::spend(std::size_t bytes) {
  if (bytes > bytes_left_) {
    return Error{Code::too_large,
                 fmt::format("the trace holds more than the {} bytes that are accepted",
                             limits::kPayloadBytesMax)};
  }
  bytes_left_ -= bytes;
  return {};
}

bool JsonReader::is_mapping(PyObject* value) const {
  if (PyDict_Check(value)) {
    return true;
  }
  const int is = PyObject_IsInstance(value, mapping_type_.ptr());
  if (is < 0) {
    throw nb::python_error();
  }
  return is == 1;
}

nb::object JsonReader::as_dict(PyObject* mapping) const {
  if (PyDict_Check(mapping)) {
    return nb::borrow(mapping);
  }
  nb::dict copy;
  if (PyDict_Update(copy.ptr(), mapping) != 0) {
    throw nb::python_error();
  }
  return copy;
}

Result<Json> JsonReader::read(PyObject* value, std::size_t depth) {
  TRY_VOID(spend(2));  // a digit and its comma
  if (PyUnicode_Check(value)) {
    TRY(std::string text, read_text(value));
    TRY_VOID(spend(text.size()));
    return Json(std::move(text));
  }
  if (value == Py_None) {
    return Json();
  }
  if (PyBool_Check(value)) {
    return Json(value == Py_True);
  }
  if (PyLong_Check(value)) {
    return read_int(value);
  }
  if (PyFloat_Check(value)) {
    return read_float(value);
  }
  if (PyList_Check(value) || PyTuple_Check(value)) {
    TRY(Json::Array items, read_array(value, depth));
    return Json(std::move(items));
  }
  if (is_mapping(value)) {
    TRY(Json::Object members, read_object(value, depth));
    return Json(std::move(members));
  }
  if (PyIndex_Check(value)) {
    const nb::object number = nb::steal(PyNumber_Index(value));
    if (!number) {
      throw nb::python_error();
    }
    return read_int(number.ptr());
  }
  return wrong_type("a value that JSON has (None, bool, int, float, str, list, tuple, dict)",
                    value);
}

Result<Json::Array> JsonReader::read_array(PyObject* sequence, std::size_t depth) {
  if (depth > limits::kDepthMax) {
    return Error{
        Code::invalid_argument,
        fmt::format("is nested deeper than {} levels, or holds itself", limits::kDepthMax)};
  }
  Json::Array items;
  // The size is asked anew each time: code of the caller may run meanwhile and change a list.
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(sequence); ++i) {
    const nb::object item = nb::borrow(PySequence_Fast_GET_ITEM(sequence, i));
    auto read_item = read(item.ptr(), depth + 1);
    if (!read_item) {
      return inside(static_cast<std::size_t>(i), std::move(read_item).error());
    }
    items.push_back(*std::move(read_item));
  }
  return items;
}

Result<Json::Object> JsonReader::read_object(PyObject* mapping, std::size_t depth) {
  if (depth > limits::kDepthMax) {
    return Error{
        Code::invalid_argument,
        fmt::format("is nested deeper than {} levels, or holds itself", limits::kDepthMax)};
  }
  const nb::object dict = as_dict(mapping);
  Json::Object members;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict.ptr(), &position, &key, &value) != 0) {
    const nb::object key_held = nb::borrow(key);
    const nb::object value_held = nb::borrow(value);
    TRY(std::string name, read_key(key));
    auto member = read(value, depth + 1);
    if (!member) {
      return inside(name, std::move(member).error());
    }
    TRY_VOID(spend(name.size() + 3));
    members.push_back({std::move(name), *std::move(member)});
  }
  return members;
}

Result<std::string> JsonReader::read_key(PyObject* key) {
  if (!PyUnicode_Check(key)) {
    return wrong_type("a mapping whose keys are strings (a key is wrong)", key);
  }
  return read_text(key);
}

Result<std::string> read_text(PyObject* value) {
  if (!PyUnicode_Check(value)) {
    return wrong_type("a string", value);
  }
  Py_ssize_t size = 0;
  if (const char* const utf8 = PyUnicode_AsUTF8AndSize(value, &size)) {
    return std::string(utf8, static_cast<std::size_t>(size));
  }
  if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError) == 0) {
    throw nb::python_error();
  }
  PyErr_Clear();
  return repair_surrogates(value);
}

Result<Json> JsonReader::read_int(PyObject* value) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
  if (overflow == 0) {
    return Json(std::int64_t{number});
  }
  // int's own str: a subclass may have another.
  const nb::object text = nb::steal(PyLong_Type.tp_repr(value));
  if (!text) {
    PyErr_Clear();
    return Error{Code::invalid_argument, "is an integer with too many digits"};
  }
  TRY(std::string digits, read_text(text.ptr()));
  TRY_VOID(spend(digits.size()));
  return Json(JsonNumber{std::move(digits)});
}

Result<Json> JsonReader::read_float(PyObject* value) {
  const double number = PyFloat_AS_DOUBLE(value);
  if (!std::isfinite(number)) {
    return Error{Code::invalid_argument, "must be a finite number"};
  }
  const std::unique_ptr<char, decltype(&PyMem_Free)> text(
      PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, nullptr), &PyMem_Free);
  if (!text) {
    throw nb::python_error();
  }
  return Json(JsonNumber{text.get()});
}

}  // namespace infinium::python
