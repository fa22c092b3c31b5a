#include "server/body_decode.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "base/try.h"

namespace infinium::server {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10u;
constexpr int kGzipWindowBits = 15 + 16;  // the largest window, gzip framing only
constexpr int kZstdWindowLogMax = 24;     // 16 MiB of memory at most, whatever a frame asks for

Error broken(std::string_view name) {
  return {Code::malformed, "The body is not valid " + std::string(name) + ", or is cut short."};
}

Status append_piece(std::string& out, std::string_view piece, std::size_t bytes_max) {
  if (piece.size() > bytes_max - out.size()) {
    return Error{Code::too_large,
                 "The decompressed body is larger than " + std::to_string(bytes_max) + " bytes."};
  }
  out += piece;
  return {};
}

Result<std::string> gunzip(std::string& body, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindowBits) != Z_OK) {
    return Error{Code::internal, "The decompressor could not start."};
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  std::string piece(kPieceBytes, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) {
      return broken("gzip");
    }
    TRY_VOID(append_piece(out, {piece.data(), piece.size() - stream.avail_out}, bytes_max));
  }
  if (stream.avail_in != 0) {
    return Error{Code::malformed, "Other bytes follow the gzip body."};
  }
  return out;
}

Result<std::string> unzstd(const std::string& body, std::size_t bytes_max) {
  const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(),
                                                                             ZSTD_freeDStream);
  if (stream == nullptr || ZSTD_isError(ZSTD_DCtx_setParameter(
                               stream.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax)) != 0) {
    return Error{Code::internal, "The decompressor could not start."};
  }
  std::string out;
  std::string piece(kPieceBytes, '\0');
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  std::size_t hint = 1;
  bool out_full = false;
  while (in.pos < in.size || out_full) {
    ZSTD_outBuffer to{piece.data(), piece.size(), 0};
    hint = ZSTD_decompressStream(stream.get(), &to, &in);
    if (ZSTD_isError(hint) != 0) {
      return broken("zstd");
    }
    out_full = to.pos == to.size && hint != 0;
    TRY_VOID(append_piece(out, {piece.data(), to.pos}, bytes_max));
  }
  if (hint != 0) {
    return broken("zstd");
  }
  return out;
}

}  // namespace

std::optional<Encoding> parse_encoding(std::string_view header) {
  std::string name(header);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  if (name.empty() || name == "identity") {
    return Encoding::identity;
  }
  if (name == "gzip" || name == "x-gzip") {
    return Encoding::gzip;
  }
  return name == "zstd" ? std::optional(Encoding::zstd) : std::nullopt;
}

Result<std::string> decode_body(Encoding encoding, std::string body, std::size_t bytes_max) {
  switch (encoding) {
    case Encoding::gzip:
      return gunzip(body, bytes_max);
    case Encoding::zstd:
      return unzstd(body, bytes_max);
    case Encoding::identity:
      break;
  }
  return body;
}

}  // namespace infinium::server
