#include "pipeline/current_calibration.h"

#include <string>
#include <utility>

#include "infinium/maestro.h"

namespace infinium::pipeline {

void CurrentCalibration::load(store::Store& store, Log& log) {
  const Result<store::Calibration> stored = store.load_calibration();
  if (!stored) {
    if (stored.error().code != Code::not_found) {
      log.error("calibration_unreadable", {{"why", stored.error().message}});
    }
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    if (stored->version == version_) {
      return;
    }
  }
  Result<maestro::Calibration> read = maestro::Calibration::decode(stored->bytes);
  const std::string version = std::to_string(stored->version);
  if (!read) {
    log.error("calibration_unusable", {{"version", version}, {"why", read.error().message}});
    set({}, stored->version);
    return;
  }
  const bool outdated = !read->empty() && read->learned_with != maestro::engine_model();
  log.info("calibration",
           {{"version", version},
            {"model", maestro::engine_model(*read)},
            {"learned_with_this_engine", outdated ? "no: calibrate again" : "yes"}});
  set(*std::move(read), stored->version);
}

std::shared_ptr<const maestro::Calibration> CurrentCalibration::get() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

void CurrentCalibration::set(maestro::Calibration calibration, std::int64_t version) {
  auto next = std::make_shared<const maestro::Calibration>(std::move(calibration));
  const std::scoped_lock lock(mutex_);
  current_ = std::move(next);
  version_ = version;
}

}  // namespace infinium::pipeline
