// Makes each sync of a file take longer, as on a slower disk: preloaded, SYNC_DELAY_US microseconds are added to every fsync and fdatasync.
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace {
useconds_t delay() {
  static const useconds_t microseconds = [] {
    const char *text = std::getenv("SYNC_DELAY_US");
    return static_cast<useconds_t>(text ? std::atoi(text) : 0);
  }();
  return microseconds;
}

int with_delay(const char *name, int file) {
  using Sync = int (*)(int);
  auto sync = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name));
  int result = sync(file);
  if (delay() > 0) usleep(delay());
  return result;
}
} // namespace

extern "C" int fsync(int file) { return with_delay("fsync", file); }
extern "C" int fdatasync(int file) { return with_delay("fdatasync", file); }
