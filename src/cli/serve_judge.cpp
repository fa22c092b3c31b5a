#include "cli/serve_judge.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/try.h"
#include "cli/files.h"
#include "judge/request.h"

namespace infinium::cli {
namespace {

constexpr const char* kKeyName = "INFINIUM_JUDGE_KEY";
constexpr std::size_t kLedgerBytesMax = 4'096;

}  // namespace

void JudgeOptions::add_to(CLI::App& command) {
  constexpr const char* kGroup = "The judge (optional; its key: $INFINIUM_JUDGE_KEY)";
  const CLI::Range amount(0.0, 1e6);
  const auto add = [&](const char* name, auto& value, const char* type, const char* text) {
    return command.add_option(name, value, text)
        ->type_name(type)
        ->capture_default_str()
        ->group(kGroup);
  };
  add("--judge-url", url_, "URL", "Endpoint of the chat-completions protocol; gets the traces");
  add("--judge-model", chat_.model, "NAME", "The model to ask");
  command
      .add_flag("--judge-decides",
                chat_.decides,
                "The judge's verdict goes before Maestro's (never before a person's)")
      ->group(kGroup);
  add("--judge-price-in", chat_.prices.prompt_usd, "USD", "For a million tokens of prompts")
      ->check(amount);
  add("--judge-price-out", chat_.prices.completion_usd, "USD", "For a million tokens of answers")
      ->check(amount);
  add("--judge-budget-usd-day", chat_.budget.usd, "USD", "At most so much in a UTC day")
      ->check(amount);
  add("--judge-budget-tokens-day", chat_.budget.tokens, "N", "At most so many in a UTC day")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000'000}));
  add("--judge-prompt-bytes", chat_.prompt_bytes_max, "N", "At most so many of one trace")
      ->check(CLI::Range(judge::kPromptBytesMin, std::size_t{4} << 20u));
  add("--judge-answer-tokens", chat_.completion_tokens_max, "N", "At most so many in one answer")
      ->check(CLI::Range(std::int64_t{256}, std::int64_t{1'000'000}));
  add("--judge-attempts", chat_.attempts_max, "N", "Requests for one trace")
      ->check(CLI::Range(1, 10));
  add("--judge-threads", chat_.threads, "N", "Questions under way at a time")
      ->check(CLI::Range(1, 64));
  add("--judge-timeout", timeout_s_, "S", "Seconds for one answer")
      ->check(CLI::Range(0.01, 3'600.0));
}

Result<std::optional<judge::ChatOptions>> JudgeOptions::read() const {
  if (url_.empty() != chat_.model.empty()) {
    return Error{Code::invalid_argument,
                 "a judge needs both --judge-url and --judge-model",
                 url_.empty() ? "--judge-url" : "--judge-model"};
  }
  if (url_.empty()) {
    if (chat_.decides) {
      return Error{
          Code::invalid_argument, "there is no judge that could decide", "--judge-decides"};
    }
    return std::optional<judge::ChatOptions>();
  }
  judge::ChatOptions read = chat_;
  auto endpoint = judge::parse_endpoint(url_);
  if (!endpoint) {
    return Error{endpoint.error().code, endpoint.error().message, "--judge-url"};
  }
  read.url = *std::move(endpoint);
  read.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s_ * 1'000));
  if (const char* const key = std::getenv(kKeyName); key != nullptr) {
    read.key = key;
  }
  TRY_VOID(judge::check_key(read.url, read.key));
  return std::optional(std::move(read));
}

Result<std::string> LedgerFile::load() {
  std::error_code error;
  if (!std::filesystem::exists(file_, error) && !error) {
    return std::string();
  }
  return read_all(file_.string(), kLedgerBytesMax);
}

Status LedgerFile::save(const std::string& state) { return write_atomically(file_, state); }

ServedJudge::ServedJudge(judge::ChatOptions options,
                         const std::filesystem::path& folder,
                         judge::OpinionSink& sink,
                         const Program& program,
                         Log& log)
    : ledger_(folder / "judge-ledger.json"),
      judge_(std::move(options), {io_, sink, &ledger_, program.clock, program.random, log}) {}

}  // namespace infinium::cli
