#include "store/sqlite/packed.h"

#include <zstd.h>

#include <memory>

namespace infinium::store::sqlite {
namespace {

constexpr int kLevel = 3;
constexpr std::int64_t kRawBytesMax = 256ll << 20;  ///< more than any trace may have

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx* compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context = [] {
    std::unique_ptr<ZSTD_CCtx, FreeContext> made(ZSTD_createCCtx());
    if (made) {
      ZSTD_CCtx_setParameter(made.get(), ZSTD_c_compressionLevel, kLevel);
      ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 1);
    }
    return made;
  }();
  return context.get();
}

ZSTD_DCtx* decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  return context.get();
}

}  // namespace

Result<Packed> pack(std::string_view bytes) {
  ZSTD_CCtx* context = compressor();
  Packed packed;
  packed.raw_bytes = static_cast<std::int64_t>(bytes.size());
  packed.data.resize(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      context == nullptr
          ? 0
          : ZSTD_compress2(
                context, packed.data.data(), packed.data.size(), bytes.data(), bytes.size());
  if (context == nullptr || ZSTD_isError(size) != 0) {
    return Error{Code::unavailable, "no memory to compress what is to be stored"};
  }
  packed.data.resize(size);
  packed.data.shrink_to_fit();  // it waits in the writer's queue, which counts what it holds
  return packed;
}

Result<std::string> unpack(std::int64_t dict_id, std::int64_t raw_bytes, Blob data) {
  ZSTD_DCtx* context = decompressor();
  if (context == nullptr) {
    return Error{Code::unavailable, "no memory to decompress what is stored"};
  }
  if (dict_id != 0 || raw_bytes < 0 || raw_bytes > kRawBytesMax) {
    return Error{Code::corrupt, "the head of a stored body does not read back"};
  }
  std::string bytes(static_cast<std::size_t>(raw_bytes), '\0');
  const std::size_t size =
      ZSTD_decompressDCtx(context, bytes.data(), bytes.size(), data.data(), data.size());
  if (ZSTD_isError(size) != 0 || size != bytes.size()) {
    return Error{Code::corrupt, "a stored body does not read back"};
  }
  return bytes;
}

}  // namespace infinium::store::sqlite
