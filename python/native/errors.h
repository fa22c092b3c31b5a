#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <string_view>

#include "client/transport.h"
#include "infinium/result.h"

namespace infinium::python {

namespace nb = nanobind;

/// Makes `infinium._native.NativeError`: an Exception with `kind`, `message` and `where`.
[[nodiscard]] nb::object make_error_type();

/// An instance of it, not raised.
[[nodiscard]] nb::object make_error(nb::handle type,
                                    std::string_view kind,
                                    const std::string& message,
                                    const std::string& where);
[[nodiscard]] nb::object make_error(nb::handle type, const client::Failure& failure);

/// Raises: throws nb::python_error.
[[noreturn]] void raise(const nb::object& error);
[[noreturn]] void raise(nb::handle type, const Error& error);

}  // namespace infinium::python
