// Puts SQLite's write-ahead log onto the disk for many transactions at once. A transaction is committed without waiting
// (it outlives this process, whatever kills it); what promises it to somebody waits here until it outlives a power cut
// as well. One flush serves everybody who waits, so that the disk is asked a few hundred times a second, not once for
// each request. Refuses, when the disk does: then nobody is told that it is kept.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "authority/store/store.h"

namespace elicense::authority {

class WalSync {
 public:
  // The log of an open database, beside it.
  static Stored<std::unique_ptr<WalSync>> start(const std::string& database);
  ~WalSync();
  WalSync(const WalSync&) = delete;
  WalSync& operator=(const WalSync&) = delete;

  // After what is committed by now is on the disk, on a thread of its own.
  void when_durable(Store::Durable then);

 private:
  explicit WalSync(int file);
  void run();

  const int file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Store::Durable> waiting_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace elicense::authority
