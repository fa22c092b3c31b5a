#include "server/thread_name.h"

#include <pthread.h>

namespace infinium::server {

void name_this_thread(std::string name) {
  name.resize(name.size() < 15 ? name.size() : 15);
  pthread_setname_np(pthread_self(), name.c_str());
}

}  // namespace infinium::server
