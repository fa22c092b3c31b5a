#include "cli/send.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "base/try.h"
#include "base/uuid.h"
#include "cli/files.h"
#include "cli/json_view.h"
#include "cli/results.h"
#include "cli/trace_lines.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

constexpr std::size_t kFileBytesMax = 1u << 30u;
constexpr std::size_t kDepthMax = limits::kDepthMax + 2;  ///< a trace in an object in an array
/// Room in a batch's line for the key around a payload.
constexpr std::size_t kItemExtraBytes = 128;

/// The payload of a value that was read: itself, or what stands under `trace`.
std::string payload_of(const Json& json, std::string text) {
  const Json* inner = json.find("trace");
  return inner == nullptr || json.find("name") != nullptr ? std::move(text)
                                                          : codec::encode_json(*inner);
}

Result<std::vector<std::string>> split_lines(const std::string& text) {
  std::vector<std::string> payloads;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    if (is_blank(line)) {
      continue;
    }
    const Result<Json> json = codec::parse_json(line, kDepthMax);
    if (!json) {
      return Error{json.error().code,
                   fmt::format("line {}: {}", number, json.error().message),
                   json.error().where};
    }
    payloads.push_back(payload_of(*json, std::move(line)));
  }
  return payloads;
}

}  // namespace

Result<std::vector<std::string>> split_payloads(const std::string& text) {
  const Result<Json> whole = codec::parse_json(text, kDepthMax);
  if (!whole) {
    return text.find('\n') == std::string::npos || text.find('\n') + 1 == text.size()
               ? Result<std::vector<std::string>>(whole.error())
               : split_lines(text);
  }
  if (whole->if_array() == nullptr) {
    return std::vector<std::string>{payload_of(*whole, text)};
  }
  std::vector<std::string> payloads;
  for (const Json& item : *whole->if_array()) {
    payloads.push_back(payload_of(item, codec::encode_json(item)));
  }
  return payloads;
}

SendCommand::SendCommand(CLI::App& app, Program& program) : program_(program) {
  CLI::App& command = *app.add_subcommand("send", "Send traces to a server");
  command.add_option("FILE", file_, "One payload, a JSON array, or JSON lines; - for stdin")
      ->required();
  command.add_option("--wait", wait_s_, "Wait so long for Maestro and show what it says")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86'400.0));
  command.add_flag("--json", json_, "Print one JSON object a trace");
  endpoint_.add_to(command);
  command.footer(
      "Prints the traces' ids, in the order of the file. A repeat that the network forces never\n"
      "stores a trace twice.\n"
      "Examples:\n"
      "  infinium send trace.json --wait 30\n"
      "  infinium send traces.jsonl > ids\n"
      "  echo '{\"name\":\"Hello\",\"description\":\"A first trace\",\n"
      "         \"current_datetime\":\"2026-01-31T12:00:00Z\",\"duration\":1}' | infinium send -");
  command.callback([this] { program_.outcome = run(); });
}

Result<SendCommand::Sent> SendCommand::send_one(Api& api, std::string payload) {
  const std::string key = make_uuid_v7(program_.clock, program_.random).to_string();
  TRY(const ApiAnswer answer,
      api.post("/trace",
               {{"Content-Type", "application/json"}, {"Idempotency-Key", key}},
               std::move(payload)));
  return Sent{std::string(text_at(answer.body, "traceId"))};
}

Result<std::vector<SendCommand::Sent>> SendCommand::send_batch(
    Api& api, const std::vector<std::string>& items) {
  std::string body;
  for (const std::string& item : items) {
    body += item + "\n";
  }
  TRY(const ApiAnswer answer,
      api.post("/traces", {{"Content-Type", "application/x-ndjson"}}, std::move(body)));
  std::vector<Sent> sent;
  for (const Json& result : list_at(answer.body, "results")) {
    sent.push_back({std::string(text_at(result, "traceId")),
                    {Code::invalid_argument,
                     std::string(text_at(result, "error")),
                     std::string(text_at(result, "field"))}});
  }
  if (sent.size() != items.size()) {
    return Error{Code::unavailable, "the server did not answer for every trace"};
  }
  return sent;
}

Result<std::vector<SendCommand::Sent>> SendCommand::send_all(Api& api,
                                                             std::vector<std::string> payloads) {
  if (payloads.size() == 1) {
    TRY(Sent sent, send_one(api, std::move(payloads.front())));
    return std::vector<Sent>{std::move(sent)};
  }
  std::vector<Sent> all;
  std::vector<std::string> items;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i <= payloads.size(); ++i) {
    const bool full = i == payloads.size() || items.size() == limits::kBatchItemsMax ||
                      bytes + payloads[i].size() + kItemExtraBytes > limits::kBatchBytesMax;
    if (full && !items.empty()) {
      TRY(const std::vector<Sent> sent, send_batch(api, items));
      all.insert(all.end(), sent.begin(), sent.end());
      items.clear();
      bytes = 0;
    }
    if (i < payloads.size()) {
      items.push_back(fmt::format("{{\"idempotency_key\":\"{}\",\"trace\":{}}}",
                                  make_uuid_v7(program_.clock, program_.random).to_string(),
                                  payloads[i]));
      bytes += payloads[i].size() + kItemExtraBytes;
    }
  }
  return all;
}

Status SendCommand::show(Api& api, const Sent& sent) {
  if (wait_s_ <= 0) {
    print(json_ ? codec::encode_json(Json::Object{{"traceId", sent.trace_id}}) + "\n"
                : sent.trace_id + "\n");
    return {};
  }
  const auto wait = std::chrono::milliseconds(static_cast<std::int64_t>(wait_s_ * 1000));
  Result<Json> result = fetch_interpretation(api, program_.clock, sent.trace_id, wait);
  if (json_) {
    print(codec::encode_json(Json::Object{{"traceId", sent.trace_id},
                                          {"interpretation", result ? *result : Json()}}) +
          "\n");
  } else {
    print(sent.trace_id + "\n");
  }
  if (!result) {
    return std::move(result).error();
  }
  if (!json_) {
    show_interpretation(program_, *result, false);
  }
  return {};
}

Status SendCommand::run() {
  TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
  TRY(const std::string text, read_all(file_, kFileBytesMax));
  TRY(std::vector<std::string> payloads, split_payloads(text));
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    if (payloads[i].size() > limits::kPayloadBytesMax) {
      return Error{Code::too_large,
                   fmt::format("trace {} of the file has {} bytes; at most {} can be sent",
                               i + 1,
                               payloads[i].size(),
                               limits::kPayloadBytesMax)};
    }
  }
  TRY(const std::vector<Sent> all, send_all(*api, std::move(payloads)));
  Status outcome;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Status shown = all[i].trace_id.empty() ? Status(all[i].refusal) : show(*api, all[i]);
    if (!shown) {
      Error error = shown.error();
      error.message = fmt::format("trace {} of the file: {}", i + 1, error.message);
      report(error);
      outcome = Error{error.code, "not every trace of the file went well"};
    }
  }
  return outcome;
}

}  // namespace infinium::cli
