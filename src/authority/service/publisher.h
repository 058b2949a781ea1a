// What the authority publishes and what the calendar brings about: trust list, status lists, licences whose status
// changes with the day, successors of keys, the sweeping of what is over. One thread of its own; every instance runs
// one, and they do not need to know of each other. Refuses to start over a store whose trust list another root signed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "authority/keys/key_ring.h"
#include "authority/store/store.h"
#include "token/trust_list.h"

namespace elicense::authority {

struct PublisherSettings {
  std::string origin;
  Production production = Production::no;
  std::int64_t trust_seconds = 86400;        // how long a trust list is good
  std::int64_t status_seconds = 60;          // between two publications of status lists
  std::int64_t status_life_seconds = 86400;  // how long a status list is good
};

class Publisher {
 public:
  Publisher(PublisherSettings settings, Store& store, KeyRing& keys, std::function<UnixTime()> clock);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // The first publication, in the caller's thread; then the thread goes on with it.
  Outcome<Done> start();
  void stop();

  // The trust list as published: token and verified content. Never null after start().
  struct Trust {
    std::string token;
    std::string etag;
    TrustList list;
  };
  std::shared_ptr<const Trust> trust() const;

  // After a change of keys; the sequence number of the list that says so.
  Stored<std::int64_t> publish_trust(const Act& act);
  // Status lists, now; how many were signed. All of them when the key that signed them is not to be trusted any more.
  enum class Shards : std::uint8_t { waiting, all };
  Stored<std::int64_t> publish_status(Shards which);
  // As it was a second ago at most; nullptr: there is no such shard.
  Stored<std::shared_ptr<const PublishedShard>> shard(std::int64_t number, UnixTime now);
  std::int64_t next_status_publication() const { return next_status_; }  // seconds, for caches

  // Whether the store answered a moment ago; never waits.
  bool is_store_well() const { return is_store_well_; }

  // Origins of registered partners, as they were a moment ago.
  std::vector<std::string> partner_origins() const;
  void refresh_partners();

 private:
  void run();
  void tick(UnixTime now);
  Stored<Done> bring_trust_up_to_date(UnixTime now);
  Stored<Done> follow_calendar(UnixTime now);
  Stored<bool> build_shard(std::int64_t shard, UnixTime now);
  Stored<Done> follow_other_instances(const PublishedTrustList& published, UnixTime now);
  bool take(const PublishedTrustList& published, UnixTime now);
  bool says_what_the_ring_says(const Trust& trust, UnixTime now) const;

  PublisherSettings settings_;
  Store& store_;
  KeyRing& keys_;
  std::function<UnixTime()> clock_;

  std::mutex publishing_;  // one publication at a time in this process
  std::atomic<std::int64_t> next_status_{0};
  std::atomic<bool> is_store_well_{true};
  mutable std::mutex mutex_;  // over what is below
  std::shared_ptr<const Trust> trust_;
  std::vector<std::string> partner_origins_;
  struct KeptShard {
    std::int64_t read_at = 0;  // seconds
    std::shared_ptr<const PublishedShard> shard;
  };
  std::map<std::int64_t, KeptShard> kept_shards_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace elicense::authority
