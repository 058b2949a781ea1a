// What the tests of the PostgreSQL store begin with: a place of their own on the tests' server, and what is done there
// again and again. Where there is no PostgreSQL they are skipped.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "authority/postgres_home.h"
#include "authority/store/postgres_connection.h"

namespace elicense::authority::test {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class PostgresStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = PostgresServer::installed();
    if (server_ == nullptr) GTEST_SKIP() << "PostgreSQL is not installed here";
    home_ = std::make_unique<PostgresHome>();
  }
  PostgresServer& server() { return *server_; }
  PostgresHome& home() { return *home_; }
  std::unique_ptr<Store> open() { return opened(home().options()); }
  static std::unique_ptr<Store> opened(const PostgresStoreOptions& options) {
    SystemRandom random;
    auto store = open_postgres_store(options, random);
    ELICENSE_ASSERT(store.ok());
    return *std::move(store);
  }
  static StoreError refusal(const PostgresStoreOptions& options) {
    SystemRandom random;
    return open_postgres_store(options, random).error();
  }
  std::unique_ptr<PostgresConnection> session() {
    auto connection = PostgresConnection::open({.url = home().options().url});
    ELICENSE_ASSERT(connection.ok());
    return *std::move(connection);
  }

 private:
  PostgresServer* server_ = nullptr;
  std::unique_ptr<PostgresHome> home_;
};

inline NewEvent an_event() { return {.kind = "status", .payload = Json::Object{}, .device = std::nullopt}; }

inline Check check_number(int number) {
  return {.document_number = kDocument,
          .partner_name = "rental",
          .partner_origin = "https://rental.example",
          .at = kNow + number,
          .result = "valid",
          .asked = std::nullopt,
          .echo = std::nullopt};
}

inline Stored<CheckRecorded> record(Store& store, int number) {
  return store.record_check(check_number(number), Store::CodeToSpend{{{1}, kNow + number}, kNow + 1'000'000},
                            an_event(), act("check"));
}

inline void put_licence(Store& store, const std::string& document_number = kDocument) {
  const auto put = store.put_licence(licence_named(document_number), kNow, act("put"));
  ELICENSE_ASSERT(put.ok() && put->has_value());
}

// Until it is true, or `most` is over.
template <class Condition>
bool comes_true(milliseconds most, const Condition& condition) {
  const auto end = steady_clock::now() + most;
  while (!condition()) {
    if (steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

inline void in_threads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
}

inline milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

}  // namespace elicense::authority::test
