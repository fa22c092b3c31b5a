#include "errors.h"

namespace infinium::python {
namespace {

constexpr const char* kErrorDoc =
    "A failure of the native core: `kind`, `message`, and in `where` the path of the field at "
    "fault.";

std::string_view kind_of(Code code) {
  switch (code) {
    case Code::malformed:
      return "malformed";
    case Code::too_large:
      return "too_large";
    default:
      return "invalid";
  }
}

}  // namespace

nb::object make_error_type() {
  PyObject* const type = PyErr_NewExceptionWithDoc(
      "infinium._native.NativeError", kErrorDoc, PyExc_Exception, nullptr);
  if (type == nullptr) {
    throw nb::python_error();
  }
  return nb::steal(type);
}

nb::object make_error(nb::handle type,
                      std::string_view kind,
                      const std::string& message,
                      const std::string& where) {
  const nb::str text(message.c_str(), message.size());
  nb::object error = type(text);
  error.attr("kind") = nb::str(kind.data(), kind.size());
  error.attr("message") = text;
  error.attr("where") = nb::str(where.c_str(), where.size());
  return error;
}

nb::object make_error(nb::handle type, const client::Failure& failure) {
  return make_error(type, client::to_string(failure.kind), failure.message, {});
}

void raise(const nb::object& error) {
  PyErr_SetObject(error.type().ptr(), error.ptr());
  throw nb::python_error();
}

void raise(nb::handle type, const Error& error) {
  raise(make_error(type, kind_of(error.code), error.message, error.where));
}

}  // namespace infinium::python
