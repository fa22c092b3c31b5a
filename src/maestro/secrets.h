#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Keys, tokens and passwords in a text. What is found is never repeated: whoever shows a text
/// shows these bytes as asterisks.
namespace infinium::maestro {

enum class SecretKind : std::uint8_t {
  private_key,  ///< a PEM block
  api_key,      ///< AWS, GitHub, Slack, Stripe, OpenAI, Google, … by their own forms
  jwt,
  bearer,             ///< what follows "Bearer"
  connection_string,  ///< the password of scheme://user:password@host
  labelled,           ///< what follows "password=", "api_key:", "passphrase …"
  known,              ///< a value that another place of the trace calls a secret
};

/// Bytes of a text, [start, end).
struct Secret {
  std::size_t start = 0;
  std::size_t end = 0;
  SecretKind kind = SecretKind::labelled;
};

/// In order, not overlapping. Linear; placeholders ("<token>", "****", "$API_KEY") are none.
[[nodiscard]] std::vector<Secret> find_secrets(std::string_view text);

/// Whether a key calls its value a secret (`password`, `api_key`, `activation_code`); one that
/// speaks of a secret does not (`secret_ref`, `token_count`, `password_expires`).
[[nodiscard]] bool names_a_secret(std::string_view key);

/// Whether a value only stands for a secret: "<token>", "****", "$API_KEY".
[[nodiscard]] bool is_placeholder(std::string_view value);

/// Whether a value can be one: no word, no number, no placeholder, no path.
[[nodiscard]] bool may_be_secret(std::string_view value);

/// "an API key", "a password or token", …
[[nodiscard]] std::string_view name_of(SecretKind kind);

/// The text with each of its secrets, and each of `known` that stands in it, replaced by as many
/// asterisks as it has bytes; of a known one that is cut off, what is left of it (six bytes on).
[[nodiscard]] std::string without_secrets(std::string text, const std::vector<std::string>& known);

}  // namespace infinium::maestro
