#include "maestro/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infinium/maestro.h"
#include "maestro/evidence.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

// Written in two parts, so that nobody's scanner takes them for real.
std::string joined(const char* head, const char* tail) { return std::string(head) + tail; }

TEST(Secrets, AreFoundByTheirFormOrTheirLabel) {
  const std::string letters = "Qm7vZ2tKx9LrWf4HdE8sYb3Nq1";
  for (const std::string& text : {
           joined("AK", "IAIOSFODNN7QXAMPLE1"),
           joined("gh", "p_") + letters,
           joined("xo", "xb-2210-5519-") + letters,
           joined("sk_l", "ive_") + letters,
           joined("sk-an", "t-api03-") + letters,
           joined("AI", "zaSy") + letters + "abcdef",
           joined("ctk_l", "ive_8f41c7e2a95b"),
           std::string("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVm"),
           std::string("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"),
           std::string("postgres://app:hunter2x9@db.internal/orders"),
           std::string("Authorization: Bearer ") + letters,
           std::string("password=Tr0ub4dor"),
           std::string("login anna, password Kq7-rovers-19."),
           std::string("The passphrase is: Vq9-halyard-0719"),
           std::string(R"({"api_key": "a81f22c09d"})"),
           std::string("Passwort: Winter2026x"),
           std::string("パスワードは sakura2026"),
       }) {
    EXPECT_EQ(find_secrets(text).size(), 1u) << text;
  }
}

TEST(Secrets, WordsAboutSecretsAreNone) {
  for (const char* text : {
           "The password must be at least 8 characters long.",
           "password=<your password>",
           "export API_KEY=$API_KEY",
           "password: ********",
           "token count: 1284",
           "next_page_token=abc123def456",
           "secret: kv/edge/checkout#v8",
           "Reset your password at https://example.com/reset2026",
           "The secret is to stir slowly.",
           "sk-learn 1.4 and sk-image 0.22",
           "AKIAIOSFODNN7EXAMPLE",
           "https://user@host/path",
           "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----",
           "order RF-8841, tracking JD000229188473",
       }) {
    EXPECT_TRUE(find_secrets(text).empty()) << text;
  }
}

TEST(Secrets, KeysThatNameOne) {
  for (const char* key : {"password",
                          "api_key",
                          "clientSecret",
                          "activation_code",
                          "PUK",
                          "api_token (internal!)",
                          "key_passphrase"}) {
    EXPECT_TRUE(names_a_secret(key)) << key;
  }
  for (const char* key : {"secret_ref",
                          "token_count",
                          "next_page_token",
                          "password_expires",
                          "key",
                          "total_tokens",
                          "monkey"}) {
    EXPECT_FALSE(names_a_secret(key)) << key;
  }
}

/// The codes of the critical findings.
std::vector<std::string> leaks(TraceSketch& sketch) {
  const TraceView view(sketch.trace());
  std::vector<std::string> found;
  for (const ProvenFinding& finding : find_all(view)) {
    if (finding->severity == Severity::critical) {
      found.push_back(finding->code);
    }
    for (const Evidence& evidence : finding->evidence) {
      EXPECT_TRUE(check(evidence, view)) << finding->code;
    }
  }
  return found;
}

TraceSketch portal() {
  TraceSketch sketch("Send Mr Wilk the order.");
  sketch.tool(
      "read_mail", R"({"thread": "t-1"})", "Our portal: login anna, password Kq7-rovers-19.");
  return sketch;
}

TEST(SecretLeaks, AreCriticalAndNeverRepeated) {
  TraceSketch sketch = portal();
  sketch.tool("send_mail",
              R"({"to": "wilk@x.example", "text": "Use login anna, password Kq7-rovers-19."})",
              R"({"sent": true})");
  sketch.output("The mail was sent to Mr Wilk. The password is Kq7-rovers-19.");
  EXPECT_THAT(leaks(sketch), testing::ElementsAre("secret.leaked", "secret.leaked"));
  const Interpretation said = interpret(sketch.trace());
  std::string all = said.summary;
  for (const Finding& finding : said.findings) {
    all += finding.title + finding.explanation;
    for (const Evidence& evidence : finding.evidence) {
      if (const auto* quoted = std::get_if<QuoteEvidence>(&evidence)) {
        all += quoted->text;
      }
    }
  }
  EXPECT_EQ(all.find("Kq7"), std::string::npos) << all;
  EXPECT_NE(all.find("13 characters"), std::string::npos) << all;
}

TEST(SecretLeaks, WhatTheUserAskedForOrATooolTakesIsNone) {
  TraceSketch asked("What is the password of the portal?");
  asked.tool("read_mail", R"({"thread": "t-1"})", "login anna, password Kq7-rovers-19.")
      .output("The password is Kq7-rovers-19.");
  EXPECT_THAT(leaks(asked), testing::IsEmpty());
  TraceSketch used = portal();
  used.tool(
          "create_session", R"({"login": "anna", "password": "Kq7-rovers-19"})", R"({"ok": true})")
      .output("I logged in and the order is placed.");
  EXPECT_THAT(leaks(used), testing::IsEmpty());
  TraceSketch sample("Write an example configuration.");
  sample.output("database:\n  user: app\n  password: example2026");
  EXPECT_THAT(leaks(sample), testing::IsEmpty());
}

TEST(Secrets, ATextIsShownWithoutThem) {
  EXPECT_EQ(without_secrets("it is Kq7-rovers-19 now", {"Kq7-rovers-19"}),
            "it is ************* now");
  EXPECT_EQ(without_secrets("it is \u201CKq7-rov\u2026\u201D", {"Kq7-rovers-19"}),
            "it is \u201C*******\u2026\u201D");
}

}  // namespace
}  // namespace infinium::maestro
