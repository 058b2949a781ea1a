// What only the PostgreSQL store has: instances side by side, and a server that goes and comes.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>

#include "authority/postgres_store_fixture.h"

namespace elicense::authority::test {
namespace {

// Every event a store tells of, by licence.
class Ear {
 public:
  explicit Ear(Store& store)
      : store_(store), subscription_(store.subscribe([this](const EventNotice& notice) {
          {
            const std::lock_guard lock(mutex_);
            heard_.insert({notice.document_number, notice.id});
          }
          changed_.notify_all();
        })) {}
  ~Ear() { store_.unsubscribe(subscription_); }
  Ear(const Ear&) = delete;
  Ear& operator=(const Ear&) = delete;

  bool hears(const std::string& document_number, std::int64_t id, milliseconds within) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return heard_.contains({document_number, id}); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::pair<std::string, std::int64_t>> heard_;
  Store& store_;
  std::uint64_t subscription_;
};

// --- side by side

TEST_F(PostgresStoreTest, OfTwoHundredChecksOfOneCodeAtTwoInstancesExactlyOneIsFirst) {
  const auto one = open();
  const auto other = open();
  put_licence(*one);
  std::atomic<int> first = 0;
  std::atomic<int> again = 0;
  in_threads(200, [&](int thread) {
    const auto recorded = record(thread % 2 == 0 ? *one : *other, 7);
    ASSERT_TRUE(recorded.ok()) << store_error_name(recorded.error());
    ++(recorded->spend == Spend::first ? first : again);
  });
  EXPECT_EQ(first, 1);
  EXPECT_EQ(again, 199);
  EXPECT_EQ(one->list_checks(kDocument, 1000).value().size(), 1U);
  EXPECT_EQ(one->events_after(kDocument, "d", 0, 1000).value().size(), 1U);
  EXPECT_EQ(other->verify_audit().value().entries, 2);
}

TEST_F(PostgresStoreTest, TheAuditChainOfTwoInstancesIsOne) {
  const auto one = open();
  const auto other = open();
  in_threads(8, [&](int thread) {
    for (int i = 0; i < 40; ++i) {
      const auto appended = (thread % 2 == 0 ? *one : *other).append_audit(act("act"), kDocument, kNow + i);
      EXPECT_TRUE(appended.ok());
    }
  });
  const auto verdict = one->verify_audit().value();
  EXPECT_EQ(verdict.entries, 320);
  EXPECT_FALSE(verdict.broken_at.has_value());
  EXPECT_EQ(other->verify_audit().value().head, verdict.head);
}

TEST_F(PostgresStoreTest, InstancesThatStartTogetherMakeTheTablesOnce) {
  std::vector<std::unique_ptr<Store>> stores(6);
  in_threads(6, [&](int thread) { stores[static_cast<std::size_t>(thread)] = open(); });
  for (const auto& store : stores)
    EXPECT_EQ(store->audit_subject(kDocument).value(), stores[0]->audit_subject(kDocument).value());
}

TEST_F(PostgresStoreTest, EveryKindOfWriteAtOnceEndsWell) {
  const auto one = open();
  const auto other = open();
  for (int i = 0; i < 3; ++i) put_licence(*one, "N" + std::to_string(i));
  in_threads(8, [&](int thread) {
    Store& store = thread % 2 == 0 ? *one : *other;
    for (int i = 0; i < 10; ++i) {
      const std::string licence = "N" + std::to_string((thread + i) % 3);
      const std::string device = "phone " + std::to_string(thread);
      EXPECT_TRUE(store.activate_phone(licence, device, an_event(), kNow, act("phone")).ok());
      const Lease lease{.id = {static_cast<std::uint8_t>(thread), static_cast<std::uint8_t>(i)},
                        .document_number = licence,
                        .device = device,
                        .issued = kNow,
                        .expires = kNow + 60};
      EXPECT_TRUE(store.put_leases({lease}, act("lease")).ok());
      EXPECT_TRUE(store.end_leases(licence, kNow, act("end")).ok());
      Check check = check_number(i);
      check.document_number = licence;
      EXPECT_TRUE(store.record_check(check, Store::CodeToSpend{{{2}, kNow + i}, kNow + 60}, an_event(), act("c")).ok());
      const auto revision = store.find_licence(licence).value()->revision;
      const LicenceChange change{.recorded_status = StatusSet::parse(i % 2 == 0 ? "A" : "G").value()};
      EXPECT_TRUE(store.change_licence(licence, revision, change, an_event(), kNow, act("status")).ok());
      EXPECT_TRUE(store.put_licence(licence_named(std::to_string(thread * 100 + i)), kNow, act("put")).ok());
      EXPECT_TRUE(store.next_trust_sequence(kNow, act("trust")).ok());
      EXPECT_TRUE(store.sweep(kNow, 5).ok());
    }
  });
  EXPECT_FALSE(one->verify_audit().value().broken_at.has_value());
  EXPECT_EQ(one->next_trust_sequence(kNow, act("trust")).value(), 81);
  const auto licences = one->list_licences("", 1000).value();
  std::set<std::uint64_t> indexes;
  for (const auto& licence : licences) indexes.insert(licence.status_index);
  EXPECT_EQ(indexes.size(), 83U);
  EXPECT_EQ(*indexes.rbegin(), 82U);
}

// --- events

TEST_F(PostgresStoreTest, AnEventRaisedAtOneIsHeardAtTheOther) {
  const auto one = open();
  const auto other = open();
  put_licence(*one);
  Ear at_one(*one);
  Ear at_other(*other);
  const auto id = one->append_event(kDocument, an_event(), kNow).value();
  EXPECT_TRUE(at_one.hears(kDocument, id, milliseconds(0)));
  EXPECT_TRUE(at_other.hears(kDocument, id, milliseconds(1000)));
  const auto back = other->append_event(kDocument, an_event(), kNow).value();
  EXPECT_TRUE(at_one.hears(kDocument, back, milliseconds(1000)));
}

TEST_F(PostgresStoreTest, WhoReadsAfterTheLastEventSeenMissesNone) {
  const auto one = open();
  const auto other = open();
  put_licence(*one);
  constexpr int kThreads = 6;
  constexpr int kEach = 25;
  std::atomic<int> running = kThreads;
  std::thread writers([&] {
    in_threads(kThreads, [&](int thread) {
      for (int i = 0; i < kEach; ++i)
        EXPECT_TRUE((thread % 2 == 0 ? *one : *other).append_event(kDocument, an_event(), kNow).ok());
      --running;
    });
  });
  std::int64_t last = 0;
  int seen = 0;
  for (bool more = true; more;) {
    more = running > 0;
    const auto events = other->events_after(kDocument, "d", last, 1000).value();
    for (const auto& event : events) {
      last = event.id;
      ++seen;
    }
  }
  writers.join();
  EXPECT_EQ(seen, kThreads * kEach);
}

TEST_F(PostgresStoreTest, WhatHappensWhileAListenerIsCutOffIsToldAfterwards) {
  const auto one = open();
  const auto other = open();
  put_licence(*one);
  Ear ear(*other);
  for (int round = 0; round < 8; ++round) {
    // Everybody's sessions but this one's, those of the store that raises the event too.
    ASSERT_TRUE(
        home().tamper("select pg_terminate_backend(pid) from pg_stat_activity "
                      "where datname = current_database() and pid <> pg_backend_pid()"));
    const auto id = one->append_event(kDocument, an_event(), kNow);
    ASSERT_TRUE(id.ok()) << store_error_name(id.error());
    EXPECT_TRUE(ear.hears(kDocument, *id, milliseconds(3000))) << round;
  }
}

TEST_F(PostgresStoreTest, StrangeNotificationsAreNotHeard) {
  const auto store = open();
  put_licence(*store);
  Ear ear(*store);
  for (const char* payload : {"", " ", "x", "x y", "x -1", "x 99999999999999999999", "x 12 "})
    ASSERT_TRUE(home().tamper(std::string("select pg_notify('elicense_event', '") + payload + "')"));
  const auto other = open();
  const auto id = other->append_event(kDocument, an_event(), kNow).value();
  EXPECT_TRUE(ear.hears(kDocument, id, milliseconds(1000)));
}

// --- a server that goes and comes

TEST_F(PostgresStoreTest, AServerThatStopsIsUnavailableAndFoundAgain) {
  const auto one = open();
  const auto other = open();
  put_licence(*one);
  Ear ear(*other);
  server().stop();
  for (int i = 0; i < 3; ++i) {
    const auto start = steady_clock::now();
    EXPECT_EQ(one->ping().error(), StoreError::unavailable);
    EXPECT_EQ(one->spend_code({{1}, kNow}, kNow, kNow + 60).error(), StoreError::unavailable);
    EXPECT_EQ(other->find_licence(kDocument).error(), StoreError::unavailable);
    EXPECT_LT(since(start), milliseconds(1000));
  }
  EXPECT_EQ(refusal(home().options()), StoreError::unavailable);
  server().start();
  EXPECT_TRUE(comes_true(milliseconds(3000), [&] { return one->ping().ok(); }));
  EXPECT_EQ(one->spend_code({{1}, kNow}, kNow, kNow + 60).value(), Spend::first);
  // Raised while the other may still be looking for the server.
  const auto id = one->append_event(kDocument, an_event(), kNow).value();
  EXPECT_TRUE(ear.hears(kDocument, id, milliseconds(8000)));
  EXPECT_TRUE(comes_true(milliseconds(3000), [&] { return other->ping().ok(); }));
}

TEST_F(PostgresStoreTest, ASessionThatWasEndedIsNoticedByNobody) {
  const auto store = open();
  put_licence(*store);
  for (int i = 0; i < 5; ++i) {
    in_threads(4, [&](int thread) { EXPECT_TRUE(store->put_nonce(digest_number(i * 10 + thread), kNow).ok()); });
    ASSERT_TRUE(
        home().tamper("select pg_terminate_backend(pid, 1000) from pg_stat_activity "
                      "where datname = current_database() and pid <> pg_backend_pid()"));
    EXPECT_TRUE(store->find_licence(kDocument).value().has_value());
    EXPECT_TRUE(store->put_licence(licence_named("N" + std::to_string(i)), kNow, act("put")).ok());
    EXPECT_FALSE(store->verify_audit().value().broken_at.has_value());
  }
}

TEST_F(PostgresStoreTest, WhatWasAcknowledgedOutlivesACrashOfTheServer) {
  const auto store = open();
  put_licence(*store);
  int next = 0;
  for (int round = 0; round < 3; ++round) {
    std::thread crash([&] {
      std::this_thread::sleep_for(milliseconds(150 + 100 * round));
      server().crash();
    });
    const int first = next;
    while (true) {
      const auto recorded = record(*store, next);
      if (!recorded.ok()) break;
      ASSERT_EQ(recorded->spend, Spend::first);
      ++next;
    }
    crash.join();
    server().start();
    ASSERT_TRUE(comes_true(milliseconds(3000), [&] { return store->ping().ok(); }));
    const auto checks = store->list_checks(kDocument, 1'000'000).value();
    EXPECT_GT(next, first);
    // Each acknowledged one is there, and at most the one under way besides.
    const int stored = static_cast<int>(checks.size());
    EXPECT_TRUE(stored == next || stored == next + 1) << stored << " " << next;
    for (int number = first; number < stored; ++number)
      EXPECT_EQ(store->spend_code({{1}, kNow + number}, kNow, kNow + 60).value(), Spend::again);
    const auto verdict = store->verify_audit().value();
    EXPECT_FALSE(verdict.broken_at.has_value());
    EXPECT_EQ(verdict.entries, stored + 1);
    next = stored;
  }
}

// The child records checks one after the other and says so after each; it never returns.
[[noreturn]] void record_until_killed(const PostgresStoreOptions& options, int first, int pipe) {
  SystemRandom random;
  auto store = open_postgres_store(options, random);
  if (!store.ok()) ::_exit(1);
  for (int number = first;; ++number) {
    if (!record(**store, number).ok()) ::_exit(2);
    if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(3);
  }
}

TEST_F(PostgresStoreTest, AnInstanceThatIsKilledLeavesNothingHalfDone) {
  put_licence(*open());
  int next = 0;
  for (int round = 0; round < 6; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) record_until_killed(home().options(), next, pipe[1]);
    ::close(pipe[1]);
    const auto store = open();  // after the fork: it has a thread
    int last = next - 1;
    int number = 0;
    for (int heard = 1; ::read(pipe[0], &number, sizeof number) == sizeof number; ++heard) {
      last = number;
      if (heard == 1 + 4 * round) ::kill(child, SIGKILL);
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    // What the killed one held is let go of.
    ASSERT_TRUE(store->append_audit(act("after"), kDocument, kNow).ok());
    const int stored = static_cast<int>(store->list_checks(kDocument, 1'000'000).value().size());
    EXPECT_TRUE(stored == last + 1 || stored == last + 2) << stored << " " << last;
    EXPECT_EQ(store->events_after(kDocument, "d", 0, 1'000'000).value().size(), static_cast<std::size_t>(stored));
    const auto verdict = store->verify_audit().value();
    EXPECT_FALSE(verdict.broken_at.has_value());
    EXPECT_EQ(verdict.entries, 1 + stored + round + 1);
    next = stored;
  }
}

TEST_F(PostgresStoreTest, AServerThatDoesNotAnswerIsGivenUp) {
  auto connection = PostgresConnection::open({.url = home().options().url, .statement_milliseconds = 100});
  ASSERT_TRUE(connection.ok());
  SqlQuery query(**connection, "select pg_backend_pid()::bigint");
  ASSERT_TRUE(query.next().value());
  const auto process = static_cast<pid_t>(query.integer(0));
  ASSERT_EQ(::kill(process, SIGSTOP), 0);
  const auto start = steady_clock::now();
  EXPECT_EQ((*connection)->run_script("select 1").error(), StoreError::unavailable);
  EXPECT_LT(since(start), milliseconds(3000));
  EXPECT_EQ((*connection)->state(), PostgresConnection::State::unfit);
  ::kill(process, SIGCONT);
  EXPECT_EQ((*connection)->run_script("select 1").error(), StoreError::unavailable);  // not taken up again
}

TEST_F(PostgresStoreTest, WhatCannotBeReachedIsUnavailableAtOnce) {
  const auto start = steady_clock::now();
  EXPECT_EQ(refusal({.url = "host=/nowhere dbname=x"}), StoreError::unavailable);
  EXPECT_EQ(refusal({.url = "postgresql://somebody:secret@127.0.0.1:1/x"}), StoreError::unavailable);
  EXPECT_EQ(refusal({.url = "no such key=x"}), StoreError::unavailable);
  EXPECT_EQ(refusal({.url = home().options().url + " dbname=no_such_database"}), StoreError::unavailable);
  EXPECT_LT(since(start), milliseconds(2000));
}

}  // namespace
}  // namespace elicense::authority::test
