#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstring>

/// For tests only: the operating system below SQLite, with faults. While it is in place, every
/// database opened in this process goes through it.
namespace infinium::store::sqlite {

class FaultVfs {
 public:
  FaultVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.zName = "faults";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.pAppData = this;
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FaultVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
  }
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  /// The n-th write, sync or truncation from now fails (a write halfway), and with `lasting` every
  /// later one too, until disarm().
  void arm(int n, bool lasting) {
    lasting_ = lasting;
    fired_ = false;
    left_ = n;
  }
  void disarm() { left_ = 0; }
  [[nodiscard]] bool fired() const { return fired_; }

 private:
  struct File {
    sqlite3_file base;
    FaultVfs* faults;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static sqlite3_file* real(sqlite3_file* file) { return of(file)->real(); }

  bool strikes() {
    int left = left_.load();
    while (left > 0 && !left_.compare_exchange_weak(left, left > 1 || !lasting_ ? left - 1 : 1)) {
    }
    const bool now = left == 1;
    fired_ = fired_ || now;
    return now;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* faults = static_cast<FaultVfs*>(vfs->pAppData);
    of(file)->faults = faults;
    std::memset(of(file)->real(), 0, static_cast<std::size_t>(faults->real_->szOsFile));
    const int code = faults->real_->xOpen(faults->real_, name, of(file)->real(), flags, out);
    file->pMethods = of(file)->real()->pMethods != nullptr ? methods() : nullptr;
    return code;
  }

  static int write(sqlite3_file* file, const void* data, int bytes, sqlite3_int64 at) {
    if (of(file)->faults->strikes()) {
      real(file)->pMethods->xWrite(real(file), data, bytes / 2, at);
      return SQLITE_FULL;
    }
    return real(file)->pMethods->xWrite(real(file), data, bytes, at);
  }
  /// Not passed on: these tests lose no power, and thousands of true syncs would take minutes.
  static int sync(sqlite3_file* file, int) {
    return of(file)->faults->strikes() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return of(file)->faults->strikes() ? SQLITE_IOERR_TRUNCATE
                                       : real(file)->pMethods->xTruncate(real(file), size);
  }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods kMethods = {
        .iVersion = 2,
        .xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); },
        .xRead =
            [](sqlite3_file* f, void* data, int bytes, sqlite3_int64 at) {
              return real(f)->pMethods->xRead(real(f), data, bytes, at);
            },
        .xWrite = write,
        .xTruncate = truncate,
        .xSync = sync,
        .xFileSize =
            [](sqlite3_file* f, sqlite3_int64* size) {
              return real(f)->pMethods->xFileSize(real(f), size);
            },
        .xLock = [](sqlite3_file* f, int kind) { return real(f)->pMethods->xLock(real(f), kind); },
        .xUnlock = [](sqlite3_file* f,
                      int kind) { return real(f)->pMethods->xUnlock(real(f), kind); },
        .xCheckReservedLock =
            [](sqlite3_file* f, int* held) {
              return real(f)->pMethods->xCheckReservedLock(real(f), held);
            },
        .xFileControl =
            [](sqlite3_file* f, int what, void* data) {
              return real(f)->pMethods->xFileControl(real(f), what, data);
            },
        .xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
        .xDeviceCharacteristics =
            [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
        .xShmMap =
            [](sqlite3_file* f, int page, int bytes, int extend, void volatile** out) {
              return real(f)->pMethods->xShmMap(real(f), page, bytes, extend, out);
            },
        .xShmLock =
            [](sqlite3_file* f, int offset, int count, int flags) {
              return real(f)->pMethods->xShmLock(real(f), offset, count, flags);
            },
        .xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
        .xShmUnmap = [](sqlite3_file* f,
                        int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
    return &kMethods;
  }

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::atomic<int> left_ = 0;  ///< 0: no fault to come
  std::atomic<bool> lasting_ = false;
  std::atomic<bool> fired_ = false;
};

}  // namespace infinium::store::sqlite
