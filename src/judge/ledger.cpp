#include "judge/ledger.h"

#include <fmt/format.h>

#include <cmath>

#include "base/try.h"
#include "codec/json_text.h"
#include "codec/json_writer.h"

namespace infinium::judge {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr double kNanoUsd = 1e9;
constexpr std::int64_t kCountMax = 1'000'000'000'000'000'000;  ///< far from overflow

Result<std::int64_t> count_member(const Json& json, std::string_view key) {
  const Json* const member = json.find(key);
  const JsonNumber* const number = member == nullptr ? nullptr : member->if_number();
  const auto count = number == nullptr ? std::nullopt : number->as_int64();
  if (!count || *count < 0 || *count > kCountMax) {
    return Error{Code::corrupt, "the judge's ledger does not read back", std::string(key)};
  }
  return *count;
}

}  // namespace

std::int64_t Ledger::nano_usd(const Usage& usage) const {
  // Dollars for a million tokens are thousands of nano-dollars for one.
  const double nanos = static_cast<double>(usage.prompt_tokens) * prices_.prompt_usd * 1e3 +
                       static_cast<double>(usage.completion_tokens) * prices_.completion_usd * 1e3;
  constexpr double kMax = 9e18 / 1e3;
  return std::llround(std::fmin(nanos, kMax));
}

double Ledger::cost_usd(const Usage& usage) const {
  return static_cast<double>(nano_usd(usage)) / kNanoUsd;
}

/// A clock that is set back over midnight does not open the budget again.
void Ledger::turn_to(std::int64_t now_ms) {
  const std::int64_t day = now_ms / kDayMs;
  if (day > spending_.day || day < spending_.day - 1) {
    spending_ = Spending{.day = day};
  }
}

void Ledger::add(const Usage& usage, std::int64_t times) {
  spending_.prompt_tokens += times * usage.prompt_tokens;
  spending_.completion_tokens += times * usage.completion_tokens;
  spending_.nano_usd += times * nano_usd(usage);
}

Result<Ledger::Ticket> Ledger::reserve(const Usage& most, std::int64_t now_ms) {
  turn_to(now_ms);
  const std::int64_t tokens = spending_.prompt_tokens + spending_.completion_tokens;
  const std::int64_t tokens_then = tokens + most.prompt_tokens + most.completion_tokens;
  const double usd = static_cast<double>(spending_.nano_usd) / kNanoUsd;
  if (tokens_then > budget_.tokens) {
    return Error{Code::exhausted,
                 fmt::format("The judge budget of the day is spent ({} of {} tokens; the next "
                             "question may take {}).",
                             tokens,
                             budget_.tokens,
                             tokens_then - tokens)};
  }
  if (usd + cost_usd(most) > budget_.usd) {
    return Error{Code::exhausted,
                 fmt::format("The judge budget of the day is spent ({:.4f} of {:.4f} US dollars; "
                             "the next question may cost {:.4f}).",
                             usd,
                             budget_.usd,
                             cost_usd(most))};
  }
  ++spending_.requests;
  add(most, 1);
  return Ticket{spending_.day, most};
}

void Ledger::settle(const Ticket& ticket, const Usage& used) {
  if (ticket.day != spending_.day) {
    return;
  }
  add(ticket.usage, -1);
  add(used, 1);
}

std::string Ledger::encode() const {
  codec::JsonWriter out;
  const auto count = [&](std::string_view key, std::int64_t value) {
    out.key(key);
    out.value(value);
  };
  out.begin_object();
  count("day", spending_.day);
  count("requests", spending_.requests);
  count("prompt_tokens", spending_.prompt_tokens);
  count("completion_tokens", spending_.completion_tokens);
  count("nano_usd", spending_.nano_usd);
  out.end_object();
  return std::move(out).take();
}

Status Ledger::restore(std::string_view state) {
  const auto json = codec::parse_json(state, 4);
  if (!json) {
    return Error{Code::corrupt, "the judge's ledger does not read back"};
  }
  Spending read;
  TRY(read.day, count_member(*json, "day"));
  TRY(read.requests, count_member(*json, "requests"));
  TRY(read.prompt_tokens, count_member(*json, "prompt_tokens"));
  TRY(read.completion_tokens, count_member(*json, "completion_tokens"));
  TRY(read.nano_usd, count_member(*json, "nano_usd"));
  spending_ = read;
  return {};
}

}  // namespace infinium::judge
