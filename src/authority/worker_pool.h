// Threads for handlers that wait (for a database over the network), so that the IO threads never do. Refuses work when
// too much of it waits already: a late answer helps nobody, and the queue would only grow.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace elicense::authority {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t most_waiting);
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  using Job = std::function<void()>;  // must not throw
  // False: too many wait, or the pool has stopped; the job was not taken.
  bool post(Job job);
  std::size_t unfinished() const;  // waiting and running
  // Waits for the jobs that run; what has not begun is thrown away.
  void stop();

 private:
  void work();

  const std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<Job> waiting_;
  std::size_t running_ = 0;
  bool is_stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace elicense::authority
