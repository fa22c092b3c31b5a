#pragma once

#include <memory>
#include <mutex>

#include "base/log.h"
#include "infinium/calibration.h"
#include "store/store.h"

namespace infinium::pipeline {

/// The calibration that traces are judged with from now on. Owned by main(); any thread. A trace in
/// hand keeps the one it began with.
class CurrentCalibration {
 public:
  /// Reads the store's current version. One that is damaged or of a later program is named in the
  /// log, and the engine judges as shipped; if the store cannot be read, nothing changes.
  void load(store::Store& store, Log& log);
  /// Never null; empty: as shipped.
  [[nodiscard]] std::shared_ptr<const maestro::Calibration> get() const;

 private:
  void set(maestro::Calibration calibration, std::int64_t version);

  mutable std::mutex mutex_;
  std::shared_ptr<const maestro::Calibration> current_ =
      std::make_shared<const maestro::Calibration>();
  std::int64_t version_ = 0;  ///< 0: none
};

}  // namespace infinium::pipeline
