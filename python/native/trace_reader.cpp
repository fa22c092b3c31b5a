#include "trace_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "json_reader.h"

namespace infinium::python {
namespace {

nb::str intern(const char* text) {
  PyObject* const name = PyUnicode_InternFromString(text);
  if (name == nullptr) {
    throw nb::python_error();
  }
  return nb::steal<nb::str>(name);
}

/// Collects the field names of one struct.
template <class T>
struct NameCollector {
  TraceNames::Struct& out;

  template <class M>
  void operator()(const char* key, M T::*, const FieldRule& rule) {
    out.fields.push_back(intern(key));
    out.required.push_back(rule.required);
  }
  void sections() { T::describe_sections(*this); }
};

/// The attribute, a new reference; null where there is none.
nb::object find_attribute(PyObject* object, const nb::str& name) {
  PyObject* value = nullptr;
#if PY_VERSION_HEX >= 0x030d0000
  const int found = PyObject_GetOptionalAttr(object, name.ptr(), &value);
#else
  const int found = _PyObject_LookupAttr(object, name.ptr(), &value);
#endif
  if (found < 0) {
    throw nb::python_error();
  }
  return nb::steal(value);
}

nb::object find_item(PyObject* dict, const nb::str& name) {
  PyObject* const value = PyDict_GetItemWithError(dict, name.ptr());
  if (value == nullptr && PyErr_Occurred() != nullptr) {
    throw nb::python_error();
  }
  return nb::borrow(value);
}

template <class T>
concept Described = requires { &T::extra; };
template <class T>
concept HasMetadata = requires { &T::metadata; };

class TraceReader {
 public:
  explicit TraceReader(const TraceNames& names)
      : names_(names), json_(names.mapping_type, limits::kPayloadBytesMax) {}

  template <Described T>
  Status read(PyObject* source, T& out, std::size_t depth);

  Status read(PyObject* value, std::string& out, std::size_t) {
    TRY(out, read_text(value));
    return {};
  }
  Status read(PyObject* value, bool& out, std::size_t) {
    if (!PyBool_Check(value)) {
      return wrong_type("a bool", value);
    }
    out = value == Py_True;
    return {};
  }
  Status read(PyObject* value, std::int64_t& out, std::size_t);
  Status read(PyObject* value, double& out, std::size_t);
  Status read(PyObject* value, Json& out, std::size_t depth) {
    TRY(out, json_.read(value, depth));
    return {};
  }
  Status read(PyObject* value, Json::Array& out, std::size_t depth) {
    TRY_VOID(check_list(value));
    TRY(out, json_.read_array(value, depth));
    return {};
  }
  Status read(PyObject* value, std::map<std::string, std::string>& out, std::size_t);
  template <class T>
  Status read(PyObject* value, std::optional<T>& out, std::size_t depth) {
    return read(value, out.emplace(), depth);
  }
  template <class T>
  Status read(PyObject* value, std::vector<T>& out, std::size_t depth);

 private:
  template <class T>
  class FieldVisitor;

  static Status check_list(PyObject* value) {
    if (!PyList_Check(value) && !PyTuple_Check(value)) {
      return wrong_type("a list", value);
    }
    return {};
  }
  template <class T>
  Status read_fields(PyObject* source, PyObject* dict, T& out, std::size_t depth);
  template <class T>
  Status add_unknown_keys(PyObject* dict, T& out, std::size_t depth);
  template <class T>
  Status add_extra(PyObject* source, T& out, std::size_t depth);

  const TraceNames& names_;
  JsonReader json_;
};

/// Reads the described fields of one object, until the first error.
template <class T>
class TraceReader::FieldVisitor {
 public:
  /// `dict` is null where the fields are attributes of `source`.
  FieldVisitor(TraceReader& reader, PyObject* source, PyObject* dict, T& out, std::size_t depth)
      : reader_(reader),
        names_(reader.names_.of<T>()),
        source_(source),
        dict_(dict),
        out_(out),
        depth_(depth) {}

  template <class M>
  void operator()(const char* key, M T::* member, const FieldRule& rule) {
    const nb::str& name = names_.fields[index_++];
    if (error_) {
      return;
    }
    const nb::object value =
        dict_ != nullptr ? find_item(dict_, name) : find_attribute(source_, name);
    if (!value && dict_ == nullptr && index_ == 1) {
      // Every one of our types has its first field as an attribute, so this is some other type.
      error_ = wrong_type(fmt::format("a {} or a dict", names_.name), source_);
      return;
    }
    if (!value || value.is_none()) {
      if (rule.required) {
        error_ = inside(key, Error{Code::invalid_argument, "is required"});
      }
      return;
    }
    if (Status status = reader_.read(value.ptr(), out_.*member, depth_ + 1); !status) {
      error_ = inside(key, std::move(status).error());
    }
  }
  void sections() {
    ++depth_;
    T::describe_sections(*this);
    --depth_;
  }

  Status status() && { return error_ ? Status(*std::move(error_)) : Status(); }

 private:
  TraceReader& reader_;
  const TraceNames::Struct& names_;
  PyObject* source_;
  PyObject* dict_;
  T& out_;
  std::size_t depth_;
  std::size_t index_ = 0;
  std::optional<Error> error_;
};

template <Described T>
Status TraceReader::read(PyObject* source, T& out, std::size_t depth) {
  if (!json_.is_mapping(source)) {
    TRY_VOID(read_fields(source, nullptr, out, depth));
    return add_extra(source, out, depth);
  }
  const nb::object dict = json_.as_dict(source);
  TRY_VOID(read_fields(source, dict.ptr(), out, depth));
  return add_unknown_keys(dict.ptr(), out, depth);
}

template <class T>
Status TraceReader::read_fields(PyObject* source, PyObject* dict, T& out, std::size_t depth) {
  FieldVisitor<T> visitor(*this, source, dict, out, depth);
  T::describe(visitor);
  return std::move(visitor).status();
}

template <class T>
Status TraceReader::add_unknown_keys(PyObject* dict, T& out, std::size_t depth) {
  nb::dict unknown;
  const std::vector<nb::str>& fields = names_.of<T>().fields;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict, &position, &key, &value) != 0) {
    const auto is_key = [key](const nb::str& field) {
      return PyUnicode_Check(key) && PyUnicode_Compare(field.ptr(), key) == 0;
    };
    if (std::none_of(fields.begin(), fields.end(), is_key)) {
      unknown[nb::handle(key)] = nb::handle(value);
    }
  }
  if (unknown.size() == 0) {
    return {};
  }
  if constexpr (HasMetadata<T>) {
    TRY(Json::Object members, json_.read_object(unknown.ptr(), depth + 1));
    if (!out.metadata) {
      out.metadata = Json(Json::Object{});
    }
    Json::Object* const metadata = out.metadata->if_object();
    for (JsonMember& member : members) {
      // The explicit metadata wins; if it is no object, validation says so.
      if (metadata != nullptr && out.metadata->find(member.key) == nullptr) {
        metadata->push_back(std::move(member));
      }
    }
  } else {
    TRY(out.extra, json_.read_object(unknown.ptr(), depth));
  }
  return {};
}

template <class T>
Status TraceReader::add_extra(PyObject* source, T& out, std::size_t depth) {
  const nb::object extra = find_attribute(source, names_.extra);
  if (!extra || extra.is_none()) {
    return {};
  }
  if (!PyDict_Check(extra.ptr())) {
    return inside("_extra", wrong_type("a dict", extra.ptr()));
  }
  TRY(out.extra, json_.read_object(extra.ptr(), depth));
  return {};
}

Status TraceReader::read(PyObject* value, std::int64_t& out, std::size_t) {
  nb::object number = nb::borrow(value);
  if (PyFloat_Check(value)) {
    const double real = PyFloat_AS_DOUBLE(value);
    if (!std::isfinite(real) || std::trunc(real) != real) {
      return Error{Code::invalid_argument, "must be a whole number"};
    }
    number = nb::steal(PyLong_FromDouble(real));
  } else if (PyBool_Check(value) || !PyIndex_Check(value)) {
    return wrong_type("an integer", value);
  } else {
    number = nb::steal(PyNumber_Index(value));
  }
  if (!number) {
    throw nb::python_error();
  }
  int overflow = 0;
  out = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow != 0) {
    return Error{Code::invalid_argument, "must be an integer of at most 64 bits"};
  }
  return {};
}

Status TraceReader::read(PyObject* value, double& out, std::size_t) {
  if (PyFloat_Check(value)) {
    out = PyFloat_AS_DOUBLE(value);
  } else if (!PyBool_Check(value) && PyIndex_Check(value)) {
    out = PyFloat_AsDouble(value);
    if (out == -1.0 && PyErr_Occurred() != nullptr) {
      if (PyErr_ExceptionMatches(PyExc_OverflowError) == 0) {
        throw nb::python_error();
      }
      PyErr_Clear();
      out = HUGE_VAL;
    }
  } else {
    return wrong_type("a number", value);
  }
  if (!std::isfinite(out)) {
    return Error{Code::invalid_argument, "must be a finite number"};
  }
  return {};
}

Status TraceReader::read(PyObject* value, std::map<std::string, std::string>& out, std::size_t) {
  if (!json_.is_mapping(value)) {
    return wrong_type("a dict", value);
  }
  const nb::object dict = json_.as_dict(value);
  PyObject* key = nullptr;
  PyObject* text = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict.ptr(), &position, &key, &text) != 0) {
    if (!PyUnicode_Check(key)) {
      return wrong_type("a dict whose keys are strings (a key is wrong)", key);
    }
    TRY(std::string name, read_text(key));
    auto content = read_text(text);
    if (!content) {
      return inside(name, std::move(content).error());
    }
    out.insert_or_assign(std::move(name), *std::move(content));
  }
  return {};
}

template <class T>
Status TraceReader::read(PyObject* value, std::vector<T>& out, std::size_t depth) {
  TRY_VOID(check_list(value));
  out.reserve(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(value)));
  // The size is asked anew each time: code of the caller may run meanwhile and change a list.
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); ++i) {
    const nb::object item = nb::borrow(PySequence_Fast_GET_ITEM(value, i));
    TRY_VOID(json_.spend(2));
    if (Status status = read(item.ptr(), out.emplace_back(), depth + 1); !status) {
      return inside(static_cast<std::size_t>(i), std::move(status).error());
    }
  }
  return {};
}

}  // namespace

TraceNames::TraceNames()
    : mapping_type(nb::module_::import_("collections.abc").attr("Mapping")),
      extra(intern("_extra")) {
  const auto add = [this]<class T>(const char* name, T*) {
    Struct& entry = structs_[typeid(T)];
    entry.name = name;
    T::describe(NameCollector<T>{entry});
  };
#define INFINIUM_ADD(Type) add(#Type, static_cast<Type*>(nullptr))
  INFINIUM_ADD(TaskData);
  INFINIUM_ADD(ExecutionStep);
  INFINIUM_ADD(ErrorDetail);
  INFINIUM_ADD(ToolCall);
  INFINIUM_ADD(LlmCall);
  INFINIUM_ADD(LlmUsage);
  INFINIUM_ADD(ExpectedOutcome);
  INFINIUM_ADD(EnvironmentContext);
  INFINIUM_ADD(RunContext);
  INFINIUM_ADD(PromptUse);
  INFINIUM_ADD(PromptStudio);
  INFINIUM_ADD(TimeTracking);
  INFINIUM_ADD(Customer);
  INFINIUM_ADD(Support);
  INFINIUM_ADD(Sales);
  INFINIUM_ADD(Marketing);
  INFINIUM_ADD(Content);
  INFINIUM_ADD(Research);
  INFINIUM_ADD(Project);
  INFINIUM_ADD(Development);
  INFINIUM_ADD(Executive);
  INFINIUM_ADD(General);
#undef INFINIUM_ADD
}

Result<TaskData> read_trace(const TraceNames& names, PyObject* task_data) {
  TaskData trace;
  TRY_VOID(TraceReader(names).read(task_data, trace, 1));
  return trace;
}

}  // namespace infinium::python
