#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/uuid.h"
#include "client/base_url.h"
#include "client/payload.h"
#include "codec/interpretation_json.h"
#include "codec/trace_json.h"
#include "errors.h"
#include "infinium/maestro.h"
#include "json_reader.h"
#include "trace_reader.h"
#include "transport_binding.h"

namespace infinium::python {
namespace {

/// What the module's functions share; owned by the module.
struct State {
  nb::object error_type = make_error_type();
  TraceNames names;
  client::IoRuntime io;
  SystemClock clock;
  SystemRandom random;
};

/// On the wire the sections stand under `sections`; in Python they are attributes of the TaskData.
Error at_attribute(Error error) {
  constexpr std::string_view kSections = "sections.";
  if (error.where.starts_with(kSections)) {
    error.where.erase(0, kSections.size());
  }
  return error;
}

template <class T>
T or_raise(const State& state, Result<T> result) {
  if (!result) {
    raise(state.error_type, at_attribute(std::move(result).error()));
  }
  return *std::move(result);
}

/// A str is always read.
std::string utf8(const nb::str& text) { return read_text(text.ptr()).value_or(""); }

nb::bytes to_bytes(const std::string& text) { return nb::bytes(text.data(), text.size()); }

nb::bytes encode_trace(const State& state,
                       nb::handle task_data,
                       std::optional<std::string> sdk_version) {
  TaskData trace = or_raise(state, read_trace(state.names, task_data.ptr()));
  if (sdk_version) {
    if (!trace.environment) {
      trace.environment.emplace();
    }
    if (!trace.environment->sdk_version) {
      trace.environment->sdk_version = std::move(sdk_version);
    }
  }
  return to_bytes(or_raise(state, client::encode_payload(std::move(trace))));
}

nb::bytes interpret(const State& state, const nb::bytes& payload) {
  std::string result;
  std::optional<Error> error;
  {
    const std::string_view json(payload.c_str(), payload.size());
    const nb::gil_scoped_release released;
    if (const auto parsed = codec::parse_trace(json)) {
      Interpretation interpretation = maestro::interpret(parsed->trace);
      interpretation.interpreted_at = format_iso8601(state.clock.now_ms());
      result = codec::encode_interpretation(interpretation);
    } else {
      error = parsed.error();
    }
  }
  if (error) {
    raise(state.error_type, *error);
  }
  return to_bytes(result);
}

nb::dict schema(const State& state) {
  nb::dict types;
  for (const auto& [type, entry] : state.names.all()) {
    nb::dict fields;
    for (std::size_t i = 0; i < entry.fields.size(); ++i) {
      fields[entry.fields[i]] = nb::bool_(entry.required[i]);
    }
    types[entry.name.c_str()] = fields;
  }
  return types;
}

void bind_traces(nb::module_& module, State* state) {
  module.def(
      "encode_trace",
      [state](nb::handle task_data, std::optional<std::string> sdk_version) {
        return encode_trace(*state, task_data, std::move(sdk_version));
      },
      nb::arg("task_data").none(),
      nb::kw_only(),
      nb::arg("sdk_version").none() = nb::none(),
      "The payload of a TaskData as it goes on the wire.");
  module.def(
      "validate_trace",
      [state](nb::handle task_data) {
        static_cast<void>(encode_trace(*state, task_data, std::nullopt));
      },
      nb::arg("task_data").none(),
      "Raises what encode_trace would raise for a wrong type or limit.");
  module.def(
      "interpret",
      [state](const nb::bytes& payload) { return interpret(*state, payload); },
      nb::arg("payload"),
      "Maestro's result for one trace payload, as JSON.");
  module.def(
      "engine_version", [] { return maestro::engine_version(); }, "Version of Maestro's rules.");
  module.def(
      "schema", [state] { return schema(*state); }, "The types of a trace and their fields.");
}

void bind_values(nb::module_& module, State* state) {
  module.def(
      "make_id",
      [state] { return make_uuid_v7(state->clock, state->random).to_string(); },
      "A new UUIDv7.");
  module.def(
      "is_uuid",
      [](const nb::str& text) { return Uuid::parse(utf8(text)).has_value(); },
      nb::arg("text"),
      "Whether the text is a UUID.");
  module.def(
      "parse_iso_datetime",
      [](const nb::str& text) { return parse_iso8601(utf8(text)); },
      nb::arg("text"),
      "Milliseconds since 1970, or None.");
  module.def(
      "normalize_base_url",
      [state](const nb::str& text) {
        return or_raise(*state, client::BaseUrl::parse(utf8(text))).to_string();
      },
      nb::arg("text"),
      "The base URL as it is used.");
  module.attr("NAME_CHARS_MAX") = limits::kNameCharsMax;
  module.attr("DESCRIPTION_CHARS_MAX") = limits::kDescriptionCharsMax;
  module.attr("PREVIEW_CHARS_MAX") = limits::kPreviewCharsMax;
  module.attr("PAYLOAD_BYTES_MAX") = limits::kPayloadBytesMax;
  module.attr("DURATION_SECONDS_MAX") = 86'400.0;
}

void stop_at_exit(State* state) {
  nb::module_::import_("atexit").attr("register")(nb::cpp_function([state] {
    const nb::gil_scoped_release released;
    state->io.stop();
  }));
}

}  // namespace
}  // namespace infinium::python

NB_MODULE(_native, module) {
  using infinium::python::State;
  auto owned = std::make_unique<State>();
  State* const state = owned.get();
  module.attr("_state") = nanobind::capsule(
      owned.release(), [](void* pointer) noexcept { delete static_cast<State*>(pointer); });
  module.doc() = "The native core of the SDK; private to the package.";
  module.attr("__version__") = INFINIUM_VERSION;
  module.attr("NativeError") = state->error_type;
  infinium::python::bind_traces(module, state);
  infinium::python::bind_values(module, state);
  infinium::python::bind_transport(module, state->io, state->error_type);
  infinium::python::stop_at_exit(state);
}
