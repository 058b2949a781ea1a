#include "authority/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <semaphore>

namespace elicense::authority::test {
namespace {

TEST(WorkerPool, RunsEveryJobOnce) {
  std::atomic<int> done{0};
  std::binary_semaphore all_done{0};
  WorkerPool pool(3, 1000);
  for (int i = 0; i < 1000; ++i) {
    const auto job = [&] {
      if (++done == 1000) all_done.release();
    };
    ASSERT_TRUE(pool.post(job));
  }
  all_done.acquire();
  pool.stop();
  EXPECT_EQ(done, 1000);
  EXPECT_EQ(pool.unfinished(), 0U);
}

TEST(WorkerPool, RefusesWhatIsTooMuchAndDropsWhatHasNotBegun) {
  std::binary_semaphore started{0};
  std::binary_semaphore go_on{0};
  const auto held = std::make_shared<int>(1);
  bool is_finished = false;
  WorkerPool pool(1, 2);
  const auto first = [&] {
    started.release();
    go_on.acquire();
    is_finished = true;
  };
  ASSERT_TRUE(pool.post(first));
  started.acquire();
  EXPECT_TRUE(pool.post([held, &go_on] { go_on.release(); }));
  EXPECT_TRUE(pool.post([held] {}));
  EXPECT_FALSE(pool.post([held] {}));
  EXPECT_EQ(pool.unfinished(), 3U);
  EXPECT_EQ(held.use_count(), 3);
  go_on.release();
  pool.stop();
  EXPECT_TRUE(is_finished);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(pool.post([] {}));
}

TEST(WorkerPool, WithoutThreadsCanBeStoppedToo) {
  WorkerPool pool(0, 1);
  EXPECT_TRUE(pool.post([] {}));
  pool.stop();
  pool.stop();
}

}  // namespace
}  // namespace elicense::authority::test
