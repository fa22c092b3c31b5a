#pragma once

#include <nanobind/nanobind.h>

#include "client/io_thread.h"

namespace infinium::python {

namespace nb = nanobind;

/// Adds Transport and Call to the module. Both arguments live as long as it; `error_type` is
/// NativeError.
void bind_transport(nb::module_& module, client::IoRuntime& io, nb::handle error_type);

}  // namespace infinium::python
