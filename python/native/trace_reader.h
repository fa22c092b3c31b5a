#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "infinium/result.h"
#include "infinium/types.h"

namespace infinium::python {

namespace nb = nanobind;

/// What is looked up once for all traces: attribute names as interned strings, types to compare
/// with. Made and destroyed with the GIL; read by any thread that has it.
class TraceNames {
 public:
  struct Struct {
    std::string name;             ///< of the type, e.g. "ErrorDetail"
    std::vector<nb::str> fields;  ///< in the order of `describe`, sections in their place
    std::vector<bool> required;   ///< same order
  };

  TraceNames();

  template <class T>
  [[nodiscard]] const Struct& of() const {
    return structs_.at(typeid(T));
  }
  /// Every type of a trace, e.g. for the schema.
  [[nodiscard]] const std::unordered_map<std::type_index, Struct>& all() const { return structs_; }

  nb::object mapping_type;  ///< collections.abc.Mapping
  nb::str extra;            ///< "_extra"

 private:
  std::unordered_map<std::type_index, Struct> structs_;
};

/// Reads a Python TaskData (a dataclass, or a mapping) as infinium::TaskData. Types are checked
/// here; lengths, ranges and dates are left to codec::validate_trace. Needs the GIL; objects are
/// only read. Errors: `invalid_argument` with the path, `too_large`; what Python code of the caller
/// raises meanwhile comes out as nb::python_error.
[[nodiscard]] Result<TaskData> read_trace(const TraceNames& names, PyObject* task_data);

}  // namespace infinium::python
