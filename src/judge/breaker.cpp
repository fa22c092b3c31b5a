#include "judge/breaker.h"

namespace infinium::judge {

bool Breaker::permit(Time now) {
  if (!open_until_) {
    return true;
  }
  if (now < *open_until_ || probing_) {
    return false;
  }
  probing_ = true;
  return true;
}

void Breaker::succeeded() {
  failures_ = 0;
  open_until_.reset();
  probing_ = false;
}

void Breaker::failed(Time now) {
  probing_ = false;
  // A failure of a request that was sent before it opened does not keep it open for longer.
  if (open_until_ && now < *open_until_) {
    return;
  }
  if (++failures_ >= options_.failures_max) {
    open_until_ = now + options_.open_for;
  }
}

}  // namespace infinium::judge
