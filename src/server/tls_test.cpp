#include "server/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "server/test_bed.h"

namespace infinium::server::test {
namespace {

class TlsTest : public TestBed {
 protected:
  /// A certificate that signs itself, and its key.
  void make_certificate() {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert),
                               "CN",
                               MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"),
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    EXPECT_GT(X509_sign(cert, key, EVP_sha256()), 0);
    FILE* const cert_out = ::fopen(cert_.c_str(), "w");
    PEM_write_X509(cert_out, cert);
    ::fclose(cert_out);
    FILE* const key_out = ::fopen(key_.c_str(), "w");
    PEM_write_PrivateKey(key_out, key, nullptr, nullptr, 0, nullptr, nullptr);
    ::fclose(key_out);
    X509_free(cert);
    EVP_PKEY_free(key);
  }

  std::string exchange_tls(const std::string& request) {
    asio::io_context io;
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.load_verify_file(cert_.string());
    asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.next_layer().connect({asio::ip::address_v4::loopback(), port_});
    stream.handshake(asio::ssl::stream_base::client);
    asio::write(stream, asio::buffer(request));
    std::string reply;
    asio::read_until(stream, asio::dynamic_buffer(reply), "}");
    return reply;
  }

  std::filesystem::path cert_ = folder_ / "cert.pem";
  std::filesystem::path key_ = folder_ / "key.pem";
};

TEST_F(TlsTest, SpeaksTlsOnly) {
  make_certificate();
  start({.host = "127.0.0.1", .tls_cert = cert_, .tls_key = key_});
  EXPECT_EQ(exchange_tls(get("/healthz")).substr(0, 15), "HTTP/1.1 200 OK");
  const std::string stored = exchange_tls(post(agent_path("/trace"), kTrace, proof()));
  EXPECT_EQ(stored.substr(0, 12), "HTTP/1.1 201");
  EXPECT_NE(stored.find("\"url\":\"https://localhost/"), std::string::npos) << stored;
  Wire plain(port_);
  plain.send(get("/healthz"));
  EXPECT_NE(plain.receive().status, 200);
}

TEST_F(TlsTest, UnusableFilesAreNamed) {
  EXPECT_EQ(Tls::load(cert_, key_).error().code, Code::invalid_argument);
  std::ofstream(cert_) << "no certificate";
  std::ofstream(key_) << "no key";
  const auto loaded = Tls::load(cert_, key_);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find(cert_.string()), std::string::npos);
}

}  // namespace
}  // namespace infinium::server::test
