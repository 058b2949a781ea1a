#include "authority/store/wal_sync.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace elicense::authority {
namespace {

// Between two flushes: who comes meanwhile shares the next. One who comes alone does not wait for it.
constexpr std::chrono::milliseconds kGather(2);

}  // namespace

Stored<std::unique_ptr<WalSync>> WalSync::start(const std::string& database) {
  // SQLite holds no locks on this file, so that opening and closing it takes none away.
  const int file = ::open((database + "-wal").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return StoreError::unavailable;
  return std::unique_ptr<WalSync>(new WalSync(file));
}

WalSync::WalSync(int file) : file_(file), thread_([this] { run(); }) {}

WalSync::~WalSync() {
  {
    const std::lock_guard guard(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  ::close(file_);
}

void WalSync::when_durable(Store::Durable then) {
  {
    const std::lock_guard guard(mutex_);
    waiting_.push_back(std::move(then));
    if (waiting_.size() > 1) return;  // woken already
  }
  wake_.notify_one();
}

void WalSync::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::vector<Store::Durable> served = std::exchange(waiting_, {});
    lock.unlock();
    int result = 0;
    do result = ::fdatasync(file_);
    while (result != 0 && errno == EINTR);
    const StoreStatus status =
        result == 0 ? StoreStatus(Done{}) : StoreStatus(errno == ENOSPC ? StoreError::full : StoreError::unavailable);
    for (const Store::Durable& then : served) then(status);
    lock.lock();
    wake_.wait_for(lock, kGather, [this] { return is_stopping_; });
  }
}

}  // namespace elicense::authority
