#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "infinium/interpretation.h"
#include "maestro/rubric/check.h"

/// Readers of whole sentences about what must or must not be told. They work on the plain text, not
/// on lexemes, as the things named are not of a closed vocabulary. Languages: English, German,
/// Spanish, French, Portuguese; Japanese and Chinese in grammar_wide.
namespace infinium::maestro {

/// "No phone number or e-mail address in the summary", "Never write an activation code into the
/// chat", "Internal rate codes are never shown to the guest", "The report names no person".
[[nodiscard]] std::optional<ForbidCheck> read_forbidden(std::string_view sentence);

/// "A note that names the new total and the invoice number", "The deadline is stated"; of a
/// deliverable also a bare list: "Booking number, carrier and arrival date".
[[nodiscard]] std::optional<GiveCheck> read_given(std::string_view sentence, RubricKind kind);

/// "The label is mailed to the customer".
[[nodiscard]] std::optional<SendCheck> read_sent(std::string_view sentence);

/// "The customer is addressed formally", "Sie-Form", "se trata de usted".
[[nodiscard]] std::optional<AddressCheck> read_address(std::string_view sentence);

/// "Amounts have a decimal comma and the € sign".
[[nodiscard]] std::optional<MoneyStyleCheck> read_money_style(std::string_view sentence);

/// What a Japanese or Chinese sentence says about the output, in the clauses that are understood.
struct WideClauses {
  std::vector<Check> checks;
  bool whole = false;
};
[[nodiscard]] WideClauses read_wide(std::string_view sentence, RubricKind kind);

}  // namespace infinium::maestro
