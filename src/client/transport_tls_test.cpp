#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>

#include "client/io_thread.h"
#include "client/test_server.h"
#include "client/transport.h"

namespace infinium::client {
namespace {

using Socket = TestServer::Socket;

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;

/// A certificate for `alternative_name` that signs itself, as PEM: certificate and key.
std::string self_signed(const char* alternative_name) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const unsigned char common_name[] = "test";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name);
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate.get(), key.get(), EVP_sha256());

  const std::unique_ptr<BIO, Freed<BIO, BIO_free_all>> pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(pem.get(), certificate.get());
  PEM_write_bio_PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(pem.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// One TLS connection that answers every request with `body`.
TestServer::Script answers(const std::string& pem, const std::string& body) {
  return [pem, body](Socket& socket) {
    boost::asio::ssl::context context(boost::asio::ssl::context::tls_server);
    context.use_certificate(boost::asio::buffer(pem), boost::asio::ssl::context::pem);
    context.use_private_key(boost::asio::buffer(pem), boost::asio::ssl::context::pem);
    boost::asio::ssl::stream<Socket&> stream(socket, context);
    boost::system::error_code error;
    stream.handshake(boost::asio::ssl::stream_base::server, error);
    while (!error && !read_request(stream).empty()) {
      send_text(stream, answer_text(200, body));
    }
  };
}

/// Trusts a certificate as the system's authorities are trusted, while it lives.
class Trusted {
 public:
  explicit Trusted(const std::string& pem)
      : file_(std::filesystem::temp_directory_path() /
              ("infinium-trusted-" + std::to_string(getpid()) + ".pem")) {
    std::ofstream(file_) << pem;
    setenv("SSL_CERT_FILE", file_.c_str(), 1);
  }
  Trusted(const Trusted&) = delete;
  Trusted& operator=(const Trusted&) = delete;
  ~Trusted() {
    unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(file_);
  }

 private:
  std::filesystem::path file_;
};

class TransportTlsTest : public testing::Test {
 protected:
  Answer answer(std::uint16_t port, bool verify, int times = 1) {
    TransportOptions options;
    options.url = *BaseUrl::parse("https://127.0.0.1:" + std::to_string(port));
    options.user_agent = "test/1";
    options.verify_tls = verify;
    options.retry.wait_first = std::chrono::milliseconds(1);
    Transport transport(io_, options);
    Answer last;
    for (int i = 0; i < times; ++i) {
      Request request;
      request.path = "/x";
      std::promise<Answer> promise;
      const auto call =
          transport.submit(request, [&](Answer given) { promise.set_value(std::move(given)); });
      EXPECT_TRUE(call);
      last = promise.get_future().get();
    }
    return last;
  }

  static std::string failure(const Answer& answer) {
    const auto* const failure = std::get_if<Failure>(&answer);
    return failure == nullptr || failure->kind != Failure::Kind::tls ? "" : failure->message;
  }

  IoRuntime io_;
};

TEST_F(TransportTlsTest, ACertificateOfNoAuthorityIsRefusedAndNotTriedAgain) {
  TestServer server({answers(self_signed("IP:127.0.0.1"), "secret")});
  EXPECT_THAT(failure(answer(server.port(), true)), testing::HasSubstr("self-signed certificate"));
}

TEST_F(TransportTlsTest, ACertificateOfAnotherHostIsRefused) {
  const std::string pem = self_signed("DNS:example.com");
  const Trusted trusted(pem);
  TestServer server({answers(pem, "secret")});
  EXPECT_NE(failure(answer(server.port(), true)), "");
}

TEST_F(TransportTlsTest, ATrustedCertificateIsAcceptedAndTheConnectionKept) {
  const std::string pem = self_signed("IP:127.0.0.1");
  const Trusted trusted(pem);
  TestServer server({answers(pem, "hello")});
  const Answer got = answer(server.port(), true, 3);
  ASSERT_TRUE(std::holds_alternative<Response>(got)) << std::get<Failure>(got).message;
  EXPECT_EQ(std::get<Response>(got).body, "hello");
}

TEST_F(TransportTlsTest, WithoutVerificationAnyCertificateWillDo) {
  TestServer server({answers(self_signed("DNS:example.com"), "hello")});
  const Answer got = answer(server.port(), false);
  ASSERT_TRUE(std::holds_alternative<Response>(got)) << std::get<Failure>(got).message;
}

TEST_F(TransportTlsTest, AServerWithoutTlsIsATlsFailure) {
  TestServer server({[](Socket& socket) {
    send_text(socket, answer_text(200, "plain"));
    wait_for_close(socket);
  }});
  EXPECT_NE(failure(answer(server.port(), true)), "");
}

TEST_F(TransportTlsTest, AConnectionThatBreaksInTheHandshakeIsTriedAgain) {
  const std::string pem = self_signed("IP:127.0.0.1");
  const Trusted trusted(pem);
  TestServer server({[](Socket& socket) {
                       char hello[8];
                       boost::asio::read(socket, boost::asio::buffer(hello));
                     },
                     answers(pem, "hello")});
  const Answer got = answer(server.port(), true);
  ASSERT_TRUE(std::holds_alternative<Response>(got)) << std::get<Failure>(got).message;
}

}  // namespace
}  // namespace infinium::client
