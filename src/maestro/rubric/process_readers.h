#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "maestro/rubric/process_rule.h"
#include "maestro/rubric/process_text.h"

/// Readers of one kind of process rule each: a sentence and its words, or nothing.
namespace infinium::maestro {

[[nodiscard]] std::optional<ProcessRule> read_prohibition(std::string_view sentence,
                                                          std::span<const RuleToken> tokens);
[[nodiscard]] std::optional<ProcessRule> read_call_limit(std::string_view sentence,
                                                         std::span<const RuleToken> tokens);
[[nodiscard]] std::optional<ProcessRule> read_amount(std::string_view sentence,
                                                     std::span<const RuleToken> tokens);
[[nodiscard]] std::optional<ProcessRule> read_carry(std::string_view sentence,
                                                    std::span<const RuleToken> tokens);
/// "a second query", "an independent source": where to look, not who looks.
[[nodiscard]] bool names_second_source(std::span<const RuleToken> tokens);
[[nodiscard]] std::optional<ProcessRule> read_outcome(std::string_view sentence,
                                                      std::span<const RuleToken> tokens);
[[nodiscard]] std::optional<ProcessRule> read_second_look(std::string_view sentence,
                                                          std::span<const RuleToken> tokens);
/// Japanese and Chinese, whose clauses are tied by particles.
[[nodiscard]] std::optional<ProcessRule> read_cjk_rule(std::string_view sentence);

}  // namespace infinium::maestro
