#include <map>
#include <optional>

#include "codec/field_check.h"
#include "codec/json_writer.h"
#include "codec/trace_json.h"

namespace infinium::codec {
namespace {

/// Writes fields; a null, an empty object or an empty list is taken back together with its key.
class PayloadWriter {
 public:
  std::string write(const TaskData& trace) &&;

 private:
  template <class T>
  void write_object(const T& object);
  void write_extra(const Json::Object& extra);
  void write_sections(const TaskData& trace);

  template <class T>
  void write_field(std::string_view key, const T& value, const FieldRule& rule) {
    const std::size_t before = out_.text().size();
    out_.key(key);
    write_value(value);
    const std::string_view text = out_.text();
    if (!rule.required &&
        (text.ends_with(":{}") || text.ends_with(":[]") || text.ends_with(":null"))) {
      out_.text().resize(before);
    }
  }
  template <class T>
  void write_field(std::string_view key, const std::optional<T>& value, const FieldRule& rule) {
    if (value) {
      write_field(key, *value, rule);
    }
  }

  void write_value(const std::string& value) { out_.value(std::string_view(value)); }
  void write_value(bool value) { out_.value(value); }
  void write_value(std::int64_t value) { out_.value(value); }
  void write_value(double value) { out_.value(value); }
  void write_value(const Json& value) { out_.value(value); }
  void write_value(const Json::Array& value) { out_.value(value); }
  void write_value(const std::map<std::string, std::string>& value);
  template <class T>
  void write_value(const std::vector<T>& items) {
    out_.begin_array();
    for (const T& item : items) {
      write_value(item);
    }
    out_.end_array();
  }
  template <class T>
  void write_value(const T& object) {
    out_.begin_object();
    write_object(object);
    out_.end_object();
  }

  JsonWriter out_;
};

void PayloadWriter::write_value(const std::map<std::string, std::string>& value) {
  out_.begin_object();
  for (const auto& [key, text] : value) {
    out_.key(key);
    write_value(text);
  }
  out_.end_object();
}

void PayloadWriter::write_extra(const Json::Object& extra) {
  for (const JsonMember& member : extra) {
    out_.key(member.key);
    out_.value(member.value);
  }
}

template <class T>
void PayloadWriter::write_object(const T& object) {
  T::describe(FieldVisitor{[&](std::string_view key, auto member, const FieldRule& rule) {
    write_field(key, object.*member, rule);
  }});
  write_extra(object.extra);
}

void PayloadWriter::write_sections(const TaskData& trace) {
  const std::size_t before = out_.text().size();
  out_.key("sections");
  out_.begin_object();
  TaskData::describe_sections([&](std::string_view key, auto member, const FieldRule& rule) {
    write_field(key, trace.*member, rule);
  });
  write_extra(trace.sections_extra);
  out_.end_object();
  if (out_.text().ends_with(":{}")) {
    out_.text().resize(before);
  }
}

std::string PayloadWriter::write(const TaskData& trace) && {
  out_.begin_object();
  TaskData::describe(FieldVisitor{[&](std::string_view key, auto member, const FieldRule& rule) {
                                    write_field(key, trace.*member, rule);
                                  },
                                  [&] { write_sections(trace); }});
  write_extra(trace.extra);
  out_.end_object();
  return std::move(out_).take();
}

}  // namespace

std::string encode_trace(const TaskData& trace) { return PayloadWriter().write(trace); }

}  // namespace infinium::codec
