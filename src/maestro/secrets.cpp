#include "maestro/secrets.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

bool is_token_char(char c) { return is_alnum(c) || c == '_' || c == '-'; }

/// A form of key that its issuer made to be recognised.
struct KeyForm {
  std::string_view prefix;
  std::size_t rest_min;        ///< characters that must follow
  std::string_view more = {};  ///< marks beside letters, digits, _ and - that belong to it
};

constexpr auto kForms = std::to_array<KeyForm>({
    {"AKIA", 16},        {"ASIA", 16},     {"AIza", 30},    {"EAACEdEose", 10}, {"SG.", 30, "."},
    {"ghp_", 20},        {"gho_", 20},     {"ghu_", 20},    {"ghs_", 20},       {"ghr_", 20},
    {"github_pat_", 20}, {"glpat-", 16},   {"gsk_", 20},    {"hf_", 24},        {"npm_", 30},
    {"pypi-", 30},       {"rk_live_", 10}, {"sk-ant-", 16}, {"sk-proj-", 16},   {"sk-", 32},
    {"sk_live_", 10},    {"sk_test_", 16}, {"shpat_", 20},  {"whsec_", 16},     {"xapp-", 8},
    {"xoxa-", 8},        {"xoxb-", 8},     {"xoxe-", 8},    {"xoxp-", 8},       {"xoxr-", 8},
    {"xoxs-", 8},        {"ya29.", 20},
});

/// Words before a value that call it a secret. Those of a password need no mark between.
struct Label {
  std::string_view word;  ///< folded
  bool password = false;
};

constexpr auto kLabels = std::to_array<Label>({
    {"password", true},       {"passphrase", true},
    {"passwd", true},         {"pwd", true},
    {"passwort", true},       {"kennwort", true},
    {"contraseña", true},     {"mot de passe", true},
    {"senha", true},          {"パスワード", true},
    {"暗証番号", true},       {"密码", true},
    {"api key", false},       {"api_key", false},
    {"apikey", false},        {"api-key", false},
    {"access key", false},    {"access_key", false},
    {"access token", false},  {"access_token", false},
    {"auth token", false},    {"auth_token", false},
    {"refresh_token", false}, {"client secret", false},
    {"client_secret", false}, {"secret key", false},
    {"secret_key", false},    {"secret", false},
    {"session key", false},   {"session_key", false},
    {"private_key", false},   {"credential", false},
    {"token", false},         {"activation code", false},
});

/// The characters that open one of the words of a list, in either case.
template <class List, class Word>
constexpr std::array<bool, 256> openings_of(const List& list, const Word& word) {
  std::array<bool, 256> opens{};
  for (const auto& entry : list) {
    const char first = word(entry).front();
    opens[static_cast<unsigned char>(first)] = true;
    if (is_lower(first)) {
      opens[static_cast<unsigned char>(first - 'a' + 'A')] = true;
    }
  }
  return opens;
}

constexpr auto kOpensForm = openings_of(kForms, [](const KeyForm& form) { return form.prefix; });
constexpr auto kOpensLabel = openings_of(kLabels, [](const Label& label) { return label.word; });

bool equals_folded(std::string_view text, std::size_t at, std::string_view folded) {
  if (at + folded.size() > text.size()) {
    return false;
  }
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const char c = text[at + i];
    if ((is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c) != folded[i]) {
      return false;
    }
  }
  return true;
}

class SecretReader {
 public:
  explicit SecretReader(std::string_view text) : text_(text) {}

  std::vector<Secret> read() {
    for (std::size_t at = 0; at < text_.size();) {
      const bool opens = at == 0 || !is_token_char(text_[at - 1]);
      const std::size_t end = opens || text_[at] == ':' ? secret_at(at) : 0;
      at = end > at ? end : at + 1;
    }
    return std::move(found_);
  }

 private:
  std::size_t add(std::size_t start, std::size_t end, SecretKind kind) {
    found_.push_back({start, end, kind});
    return end;
  }

  /// Reads a secret whose form or label begins at `at`; its end, or 0.
  std::size_t secret_at(std::size_t at) {
    switch (text_[at]) {
      case '-':
        return private_key(at);
      case 'e':
        if (const std::size_t end = jwt(at); end > 0) {
          return end;
        }
        break;
      case ':':
        return connection_string(at);
      default:
        break;
    }
    if (const std::size_t end = issued_key(at); end > 0) {
      return end;
    }
    if (const std::size_t end = live_key(at); end > 0) {
      return end;
    }
    const std::size_t end = bearer(at);
    return end > 0 ? end : labelled(at);
  }

  [[nodiscard]] std::size_t token_end(std::size_t at, std::string_view more = {}) const {
    while (at < text_.size() &&
           (is_token_char(text_[at]) || more.find(text_[at]) != std::string_view::npos)) {
      ++at;
    }
    return at;
  }

  std::size_t private_key(std::size_t at) {
    constexpr std::string_view kBegin = "-----BEGIN ";
    constexpr std::string_view kEnd = "-----END ";
    if (!text_.substr(at).starts_with(kBegin)) {
      return 0;
    }
    const std::string_view head = text_.substr(at, 60);
    if (head.find("PRIVATE KEY") == std::string_view::npos) {
      return at + kBegin.size();
    }
    std::size_t end = text_.find(kEnd, at + kBegin.size());
    end = end == std::string_view::npos
              ? text_.size()
              : std::min(text_.find("-----", end + kEnd.size()), text_.size());
    return add(at, std::min(end + 5, text_.size()), SecretKind::private_key);
  }

  std::size_t jwt(std::size_t at) {
    constexpr std::size_t kBytesMin = 40;
    if (!text_.substr(at).starts_with("eyJ")) {
      return 0;
    }
    const std::size_t end = token_end(at, ".");
    const std::string_view token = text_.substr(at, end - at);
    const std::size_t dot = token.find(".eyJ");
    return token.size() >= kBytesMin && dot != std::string_view::npos
               ? add(at, end, SecretKind::jwt)
               : 0;
  }

  /// "abc_live_7Qd2mVx90Zs4": a short name of the issuer, the stage, letters of both cases and
  /// digits.
  std::size_t live_key(std::size_t at) {
    constexpr std::size_t kIssuerMax = 6;
    constexpr std::size_t kRestMin = 10;
    std::size_t issuer = at;
    while (issuer < text_.size() && issuer - at <= kIssuerMax && is_lower(text_[issuer])) {
      ++issuer;
    }
    const bool joined = issuer < text_.size() && (text_[issuer] == '_' || text_[issuer] == '-');
    if (issuer - at < 2 || issuer - at > kIssuerMax || !joined) {
      return 0;
    }
    for (const std::string_view stage :
         {"_live_", "_prod_", "_secret_", "-live-", "_sk_", "_pat_"}) {
      if (!text_.substr(issuer).starts_with(stage)) {
        continue;
      }
      const std::size_t end = token_end(issuer + stage.size());
      const std::string_view rest =
          text_.substr(issuer + stage.size(), end - issuer - stage.size());
      const auto holds = [&rest](auto is) { return std::any_of(rest.begin(), rest.end(), is); };
      const bool random = holds([](char c) { return is_digit(c); }) &&
                          holds([](char c) { return is_upper(c); }) &&
                          holds([](char c) { return is_lower(c); }) &&
                          rest.find_first_of("_-") == std::string_view::npos;
      if (rest.size() >= kRestMin && random) {
        return add(at, end, SecretKind::api_key);
      }
    }
    return 0;
  }

  std::size_t issued_key(std::size_t at) {
    for (const KeyForm& form : kForms) {
      if (!kOpensForm[static_cast<unsigned char>(text_[at])]) {
        break;
      }
      if (text_[at] != form.prefix.front() || !text_.substr(at).starts_with(form.prefix)) {
        continue;
      }
      const std::size_t end = token_end(at + form.prefix.size(), form.more);
      const std::string_view rest =
          text_.substr(at + form.prefix.size(), end - at - form.prefix.size());
      const bool sample = rest.ends_with("EXAMPLE") || rest.ends_with("EXAMPLEKEY");
      if (rest.size() >= form.rest_min && !sample &&
          std::any_of(rest.begin(), rest.end(), is_digit)) {
        return add(at, end, SecretKind::api_key);
      }
    }
    // "ctk_live_8f41c7e2a95b": an issuer that nobody here knows, in the common form
    constexpr std::size_t kTokenMin = 16;
    const std::size_t end = token_end(at);
    const std::string_view token = text_.substr(at, std::min<std::size_t>(end - at, 120));
    if (token.size() < kTokenMin || token.find('_') == std::string_view::npos) {
      return 0;
    }
    for (const std::string_view mark : {"_live_", "_prod_", "_secret_"}) {
      const std::size_t stop = token.find(mark);
      constexpr std::size_t kIssuerMax = 12;
      constexpr std::size_t kRestMin = 10;
      if (stop == std::string_view::npos || stop > kIssuerMax || stop == 0) {
        continue;
      }
      const std::string_view rest = token.substr(stop + mark.size());
      if (rest.size() >= kRestMin && std::any_of(rest.begin(), rest.end(), is_digit) &&
          std::any_of(rest.begin(), rest.end(), is_letter) &&
          rest.find('_') == std::string_view::npos) {
        return add(at, end, SecretKind::api_key);
      }
    }
    return 0;
  }

  std::size_t bearer(std::size_t at) {
    constexpr std::size_t kTokenMin = 16;
    if (!equals_folded(text_, at, "bearer ")) {
      return 0;
    }
    const std::size_t start = at + 7;
    const std::size_t end = token_end(start, ".+/=~");
    return end - start >= kTokenMin && may_be_secret(text_.substr(start, end - start))
               ? add(start, end, SecretKind::bearer)
               : 0;
  }

  /// "://user:password@host", from its first colon.
  std::size_t connection_string(std::size_t at) {
    if (!text_.substr(at).starts_with("://")) {
      return 0;
    }
    constexpr std::size_t kPartMax = 200;
    std::size_t user = at + 3;
    while (user < text_.size() && user - at < kPartMax &&
           (is_token_char(text_[user]) || text_[user] == '.' || text_[user] == '%')) {
      ++user;
    }
    if (user >= text_.size() || text_[user] != ':' || user == at + 3) {
      return 0;
    }
    std::size_t end = user + 1;
    while (end < text_.size() && end - user < kPartMax && !is_space(text_[end]) &&
           text_[end] != '@' && text_[end] != '/' && text_[end] != '"' && text_[end] != '\'') {
      ++end;
    }
    const std::string_view password = text_.substr(user + 1, end - user - 1);
    const bool placeholder = password.empty() || password.front() == '<' ||
                             password.front() == '$' || password.front() == '{' ||
                             password.front() == '*';
    return end < text_.size() && text_[end] == '@' && !placeholder
               ? add(user + 1, end, SecretKind::connection_string)
               : 0;
  }

  std::size_t labelled(std::size_t at) {
    if (!kOpensLabel[static_cast<unsigned char>(text_[at])]) {
      return 0;
    }
    for (const Label& label : kLabels) {
      const char first = text_[at];
      const char folded = is_upper(first) ? static_cast<char>(first - 'A' + 'a') : first;
      if (folded != label.word.front() || !equals_folded(text_, at, label.word)) {
        continue;
      }
      if (const std::size_t end = value_after(at + label.word.size(), label.password); end > 0) {
        return end;
      }
    }
    return 0;
  }

  /// Reads the value that a label announces: after `:` or `=`, for a password also after a space
  /// or "is".
  std::size_t value_after(std::size_t at, bool password) {
    const std::size_t label_end = at;
    std::size_t marks = 0;
    const auto skip = [&](std::string_view chars) {
      while (at < text_.size() && at - label_end < 12 &&
             chars.find(text_[at]) != std::string_view::npos) {
        ++at;
      }
    };
    skip("\"'`*");
    skip(" ");
    for (const std::string_view is : {"is", "ist", "es", "est", "lautet"}) {
      const std::string_view rest = text_.substr(at);
      if (password && rest.starts_with(is) && rest.size() > is.size() &&
          (rest[is.size()] == ' ' || rest[is.size()] == ':')) {
        at += is.size();
        break;
      }
    }
    while (at < text_.size() && (text_[at] == ':' || text_[at] == '=') && marks < 3) {
      ++at;
      ++marks;
    }
    for (const std::string_view wide : {"：", "は「", "は", "为"}) {
      if (marks == 0 && text_.substr(at).starts_with(wide)) {
        at += wide.size();
        ++marks;
      }
    }
    skip(" ");
    skip("\"'`*\u201C\\");
    if (at == label_end || (marks == 0 && !password)) {
      return 0;
    }
    std::size_t end = at;
    while (end < text_.size() && !is_space(text_[end]) &&
           std::string_view("\",;'`<>|)]}").find(text_[end]) == std::string_view::npos &&
           static_cast<unsigned char>(text_[end]) < 0x80) {
      ++end;
    }
    while (end > at && (text_[end - 1] == '.' || text_[end - 1] == ':' || text_[end - 1] == '\\')) {
      --end;
    }
    return may_be_secret(text_.substr(at, end - at)) ? add(at, end, SecretKind::labelled) : 0;
  }

  std::string_view text_;
  std::vector<Secret> found_;
};

}  // namespace

std::vector<Secret> find_secrets(std::string_view text) { return SecretReader(text).read(); }

bool names_a_secret(std::string_view key) {
  std::string plain;
  for (const char c : fold_case(key)) {
    if (c != '_' && c != '-' && c != ' ') {
      plain.push_back(c);
    }
  }
  if (const std::size_t bracket = plain.find('('); bracket != std::string::npos) {
    plain.resize(bracket);  // a column "api_token (internal!)"
  }
  constexpr auto kCursors = std::to_array<std::string_view>({"nexttoken",
                                                             "pagetoken",
                                                             "nextpagetoken",
                                                             "continuationtoken",
                                                             "synctoken",
                                                             "cursortoken",
                                                             "csrftoken",
                                                             "resumetoken"});
  if (std::find(kCursors.begin(), kCursors.end(), plain) != kCursors.end()) {
    return false;
  }
  // A "pin" of letters and digits is a register number or a part.
  constexpr auto kExact = std::to_array<std::string_view>({"otp", "puk", "cvv", "cvc"});
  constexpr auto kEndings = std::to_array<std::string_view>(
      {"password",   "passwd",       "passphrase", "secret",        "apikey",         "accesskey",
       "privatekey", "token",        "credential", "credentials",   "activationcode", "sessionkey",
       "authkey",    "secretkey",    "signingkey", "encryptionkey", "passwort",       "kennwort",
       "contraseña", "clavesecreta", "senha",      "motdepasse",    "パスワード",     "暗証番号"});
  return std::find(kExact.begin(), kExact.end(), plain) != kExact.end() ||
         std::any_of(kEndings.begin(), kEndings.end(), [&plain](std::string_view ending) {
           return plain.ends_with(ending);
         });
}

bool is_placeholder(std::string_view value) {
  if (value.empty() || std::string_view("$<{%*").find(value.front()) != std::string_view::npos) {
    return true;
  }
  constexpr auto kParts = std::to_array<std::string_view>({"****",
                                                           "xxxx",
                                                           "...",
                                                           "your_",
                                                           "your-",
                                                           "redacted",
                                                           "hidden",
                                                           "masked",
                                                           "placeholder",
                                                           "changeme"});
  const std::string folded = fold_case(value);
  return std::any_of(kParts.begin(), kParts.end(), [&folded](std::string_view part) {
    return folded.find(part) != std::string::npos;
  });
}

bool may_be_secret(std::string_view value) {
  constexpr std::size_t kBytesMin = 6;
  constexpr std::size_t kBytesMax = 4'000;
  if (value.size() < kBytesMin || value.size() > kBytesMax || is_placeholder(value)) {
    return false;
  }
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  const bool letter = std::any_of(value.begin(), value.end(), is_letter);
  const bool path = value.front() == '/' || std::count(value.begin(), value.end(), '/') > 1 ||
                    value.find("://") != std::string_view::npos;
  const bool call = value.find('(') != std::string_view::npos;
  return digit && letter && !path && !call && value.find(' ') == std::string_view::npos;
}

std::string_view name_of(SecretKind kind) {
  switch (kind) {
    case SecretKind::private_key:
      return "a private key";
    case SecretKind::api_key:
      return "an API key";
    case SecretKind::jwt:
      return "a signed token";
    case SecretKind::bearer:
      return "a bearer token";
    case SecretKind::connection_string:
      return "a password of a connection string";
    case SecretKind::labelled:
      return "a password or token";
    case SecretKind::known:
      return "a value that the trace itself calls a secret";
  }
  return "secret";
}

std::string without_secrets(std::string text, const std::vector<std::string>& known) {
  for (const Secret& secret : find_secrets(text)) {
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(secret.start),
              text.begin() + static_cast<std::ptrdiff_t>(secret.end),
              '*');
  }
  for (const std::string& secret : known) {
    constexpr std::size_t kHead = 6;
    const std::string_view head = std::string_view(secret).substr(0, kHead);
    for (std::size_t at = text.find(head); at != std::string::npos; at = text.find(head, at + 1)) {
      std::size_t length = head.size();
      while (length < secret.size() && at + length < text.size() &&
             text[at + length] == secret[length]) {
        ++length;
      }
      // Whole, or cut off where the text or its quotation ends.
      const std::string_view rest = std::string_view(text).substr(at + length);
      const bool cut = rest.empty() || rest.starts_with("\u2026") || rest.starts_with("...");
      if (length == secret.size() || cut) {
        std::fill(text.begin() + static_cast<std::ptrdiff_t>(at),
                  text.begin() + static_cast<std::ptrdiff_t>(at + length),
                  '*');
      }
    }
  }
  return text;
}

}  // namespace infinium::maestro
