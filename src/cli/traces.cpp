#include "cli/traces.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/try.h"
#include "cli/json_view.h"
#include "cli/results.h"
#include "cli/text_layout.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

constexpr std::size_t kTailStart = 10;  ///< rows that `tail` shows of the past
constexpr int kTailPagesMax = 10;       ///< pages that one look goes back
constexpr const char* kTailPage = "/traces?limit=100";

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// Percent-encoding of a query's value (RFC 3986, 2.1).
std::string query_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c)
                 : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

TraceCommands::TraceCommands(CLI::App& app, Program& program) : program_(program) {
  CLI::App& get = add(app, "get", "Show what Maestro says of a trace", &TraceCommands::get);
  get.add_flag("--trace", trace_, "Print the payload as it was sent instead, as JSON");
  get.footer(
      "Examples:\n"
      "  infinium get TRACE_ID\n"
      "  infinium get TRACE_ID --json | jq .verdict\n"
      "  infinium get TRACE_ID --trace | infinium interpret -");
  CLI::App& wait =
      add(app, "wait", "Wait for Maestro, then show what it says", &TraceCommands::wait);
  wait.add_option("--timeout", timeout_s_, "Seconds")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  wait.footer("Example:\n  infinium wait TRACE_ID --timeout 60");
  for (CLI::App* command : {&get, &wait}) {
    command->add_option("ID", trace_id_, "The trace's id, which `send` printed")->required();
  }
  add_filters(add(app, "list", "List traces, newest first", &TraceCommands::list));
  CLI::App& tail = add(app, "tail", "Show traces as they are interpreted", &TraceCommands::tail);
  tail.add_option("--interval", interval_s_, "Seconds between two looks")
      ->check(CLI::Range(0.1, 3'600.0))
      ->capture_default_str();
  tail.footer("Ctrl-C ends it.\nExample:\n  infinium tail");
}

CLI::App& TraceCommands::add(CLI::App& app,
                             const char* name,
                             const char* what,
                             Status (TraceCommands::*run)()) {
  CLI::App& command = *app.add_subcommand(name, what);
  endpoint_.add_to(command);
  command.add_flag("--json", json_, "Print JSON");
  command.callback([this, run] { program_.outcome = (this->*run)(); });
  return command;
}

void TraceCommands::add_filters(CLI::App& list) {
  list.add_option("--limit", limit_, "Rows of a page")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  list.add_option("--cursor", cursor_, "The next page, as the last one named it");
  list.add_option("--since", since_, "Received at or after, ISO 8601")->type_name("TIME");
  list.add_option("--until", until_, "Received before, ISO 8601")->type_name("TIME");
  list.add_option("--verdict", verdict_, "Only these")
      ->check(CLI::IsMember({"succeeded", "partially_succeeded", "failed", "undetermined"}));
  list.add_option("--q", text_, "Contained in the name or the payload")->type_name("TEXT");
  list.footer(
      "Examples:\n"
      "  infinium list --verdict failed --since 2026-01-31T00:00:00Z\n"
      "  infinium list --q invoice --json | jq -r .traces[].traceId");
}

Status TraceCommands::get() {
  TRY_VOID(check_trace_id(trace_id_));
  TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
  if (!trace_) {
    TRY(const Json result,
        fetch_interpretation(*api, program_.clock, trace_id_, std::chrono::milliseconds(0)));
    show_interpretation(program_, result, json_);
    return {};
  }
  TRY(const ApiAnswer answer, api->get("/traces/" + trace_id_));
  const Json* payload = answer.body.find("trace");
  print((payload == nullptr ? "null" : codec::encode_json(*payload)) + "\n");
  return {};
}

Status TraceCommands::wait() {
  TRY_VOID(check_trace_id(trace_id_));
  TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
  TRY(const Json result,
      fetch_interpretation(*api, program_.clock, trace_id_, milliseconds(timeout_s_)));
  show_interpretation(program_, result, json_);
  return {};
}

void TraceCommands::show_row(const Json& row) const {
  if (json_) {
    print(codec::encode_json(row) + "\n");
    return;
  }
  const bool pending = text_at(row, "verdict").empty();
  const std::string line = fmt::format("{}  {}  {:19}  {:>5}  ",
                                       text_at(row, "traceId"),
                                       text_at(row, "receivedAt").substr(0, 19),
                                       pending ? text_at(row, "status") : text_at(row, "verdict"),
                                       digits_at(row, "score").value_or("-"));
  const std::size_t used = columns(line);
  const std::string name = printable(text_at(row, "name"));
  const bool room = program_.terminal.present && program_.terminal.width > used + 10;
  print(line + (room ? shorten(name, program_.terminal.width - used) : name) + "\n");
}

Status TraceCommands::list() {
  TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
  std::string path = "/traces?limit=" + std::to_string(limit_);
  const std::pair<const char*, const std::string*> filters[] = {{"cursor", &cursor_},
                                                                {"since", &since_},
                                                                {"until", &until_},
                                                                {"verdict", &verdict_},
                                                                {"q", &text_}};
  for (const auto& [key, value] : filters) {
    if (!value->empty()) {
      path += fmt::format("&{}={}", key, query_value(*value));
    }
  }
  TRY(const ApiAnswer answer, api->get(path));
  if (json_) {
    print(codec::encode_json(answer.body) + "\n");
    return {};
  }
  for (const Json& row : list_at(answer.body, "traces")) {
    show_row(row);
  }
  if (list_at(answer.body, "traces").empty()) {
    note("no traces");
  } else if (const std::string_view next = text_at(answer.body, "nextCursor"); !next.empty()) {
    note(fmt::format("more: --cursor {}", next));
  }
  return {};
}

/// Interpreted traces that were not shown yet, oldest first; `seen` then holds those of the pages
/// that were looked at.
Result<std::vector<Json>> TraceCommands::unseen(Api& api, std::set<std::string>& seen) const {
  std::vector<Json> fresh;
  std::set<std::string> now;
  std::string cursor;
  bool met_known = seen.empty();
  for (int page = 0; page == 0 || (!met_known && !cursor.empty() && page < kTailPagesMax); ++page) {
    TRY(const ApiAnswer answer,
        api.get(kTailPage + (cursor.empty() ? "" : "&cursor=" + query_value(cursor))));
    for (const Json& row : list_at(answer.body, "traces")) {
      const std::string id(text_at(row, "traceId"));
      const bool known = seen.contains(id);
      met_known = met_known || known;
      if (text_at(row, "status") != "completed") {
        continue;
      }
      now.insert(id);
      if (!known) {
        fresh.push_back(row);
      }
    }
    cursor = text_at(answer.body, "nextCursor");
  }
  seen.merge(now);
  std::reverse(fresh.begin(), fresh.end());
  return fresh;
}

Status TraceCommands::tail() {
  TRY(const std::unique_ptr<Api> api, Api::open(endpoint_));
  std::set<std::string> seen;
  TRY(std::vector<Json> rows, unseen(*api, seen));
  rows.erase(rows.begin(),
             rows.end() - static_cast<std::ptrdiff_t>(std::min(kTailStart, rows.size())));
  while (true) {
    std::for_each(rows.begin(), rows.end(), [this](const Json& row) { show_row(row); });
    std::this_thread::sleep_for(milliseconds(interval_s_));
    TRY(rows, unseen(*api, seen));
  }
}

}  // namespace infinium::cli
