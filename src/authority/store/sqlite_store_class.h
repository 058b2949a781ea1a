// The inside of the SQLite store; its methods are in sqlite_store_*.cpp by subject. One connection writes, under a
// mutex; reading takes a connection from a pool that grows to as many as read at once.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "authority/store/event_listeners.h"
#include "authority/store/sqlite_connection.h"
#include "authority/store/sqlite_store.h"
#include "authority/store/store_rules.h"
#include "authority/store/wal_sync.h"

namespace elicense::authority {

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, int busy_milliseconds, std::unique_ptr<Connection> writer, Bytes salt,
              std::unique_ptr<WalSync> wal_sync)
      : path_(std::move(path)),
        busy_milliseconds_(busy_milliseconds),
        salt_(std::move(salt)),
        writer_(std::move(writer)),
        wal_sync_(std::move(wal_sync)) {}

  StoreStatus ping() override;
  void when_durable(const Durable& then) override;

  Stored<std::optional<std::uint64_t>> put_licence(const NewLicence& licence, UnixTime now, const Act& act) override;
  Stored<std::optional<LicenceRecord>> find_licence(std::string_view document_number) override;
  Stored<std::optional<Bytes>> find_portrait(std::string_view document_number) override;
  Stored<std::vector<LicenceRecord>> list_licences(std::string_view after, std::size_t limit) override;
  Stored<Changed> change_licence(std::string_view document_number, std::int64_t expected_revision,
                                 const LicenceChange& change, const std::optional<NewEvent>& event, UnixTime now,
                                 const Act& act) override;
  Stored<std::vector<LicenceRecord>> licences_due(UnixTime now, std::size_t limit) override;

  Stored<std::optional<Phone>> activate_phone(std::string_view document_number, std::string_view device,
                                              const std::optional<NewEvent>& ended_event, UnixTime now,
                                              const Act& act) override;
  Stored<std::optional<Phone>> find_phone(std::string_view document_number) override;
  Stored<LeaseIssue> put_leases(const std::vector<Lease>& leases, const std::optional<Act>& act) override;
  Stored<LeaseState> find_lease(const LeaseId& id, UnixTime now) override;
  Stored<std::int64_t> end_leases(std::string_view document_number, UnixTime now, const Act& act) override;

  StoreStatus put_code(const PreAuthorizedCode& code, UnixTime now, const Act& act) override;
  Stored<std::optional<AccessToken>> redeem_code(const SecretDigest& code, const NewAccessToken& token, UnixTime now,
                                                 const Act& act) override;
  StoreStatus put_access_token(std::string_view document_number, const NewAccessToken& token) override;
  Stored<std::optional<AccessToken>> find_access_token(const SecretDigest& digest, UnixTime now) override;

  StoreStatus put_nonce(const SecretDigest& nonce, UnixTime expires) override;
  Stored<bool> take_nonce(const SecretDigest& nonce, UnixTime now) override;
  Stored<Spend> use_proof_id(std::string_view key_thumbprint, std::string_view jti, UnixTime now,
                             UnixTime until) override;
  Stored<AdmissionAnswer> admit_request(const PhoneRequest& request, UnixTime now) override;
  Stored<Spend> spend_code(const SpentCode& code, UnixTime now, UnixTime until) override;

  StoreStatus put_partner(const Partner& partner, UnixTime now, const Act& act) override;
  Stored<std::optional<Partner>> find_partner(const SecretDigest& key) override;
  Stored<std::vector<Partner>> list_partners() override;
  Stored<bool> remove_partner(std::string_view name, UnixTime now, const Act& act) override;
  StoreStatus put_operator(const Operator& person, UnixTime now, const Act& act) override;
  Stored<std::optional<Operator>> find_operator(const SecretDigest& key) override;
  Stored<std::vector<Operator>> list_operators() override;
  Stored<bool> remove_operator(std::string_view name, UnixTime now, const Act& act) override;

  Stored<CheckRecorded> record_check(const Check& check, const std::optional<CodeToSpend>& spends,
                                     const std::optional<NewEvent>& event, const Act& act) override;
  Stored<std::vector<Check>> list_checks(std::string_view document_number, std::size_t limit) override;

  Stored<std::int64_t> append_event(std::string_view document_number, const NewEvent& event, UnixTime now) override;
  Stored<std::vector<Event>> events_after(std::string_view document_number, std::string_view device, std::int64_t after,
                                          std::size_t limit) override;
  Stored<std::int64_t> last_event_id(std::string_view document_number) override;
  std::uint64_t subscribe(EventListener listener) override;
  void unsubscribe(std::uint64_t subscription) override;

  Stored<RateAnswer> count_request(std::string_view key, const RateLimit& limit, UnixTime now) override;

  Stored<std::vector<std::int64_t>> shards_to_build(UnixTime expiring_before) override;
  Stored<ShardContent> read_shard(std::int64_t shard) override;
  Stored<bool> publish_shard(std::int64_t shard, std::int64_t version, const PublishedShard& published) override;
  Stored<std::optional<PublishedShard>> find_shard(std::int64_t shard) override;

  Stored<std::int64_t> next_trust_sequence(UnixTime now, const Act& act) override;
  Stored<bool> put_trust_list(const PublishedTrustList& list) override;
  Stored<std::optional<PublishedTrustList>> find_trust_list() override;

  StoreStatus append_audit(const Act& act, std::optional<std::string_view> document_number, UnixTime now) override;
  Stored<std::vector<AuditEntry>> audit_after(std::int64_t sequence, std::size_t limit) override;
  Stored<Sha256Digest> audit_subject(std::string_view document_number) override;
  Stored<AuditVerdict> verify_audit() override;

  Stored<Backup> back_up(const std::string& file) override;

  Stored<std::int64_t> sweep(UnixTime now, std::size_t limit) override;

 private:
  // What `body` (Connection& → Stored<T>) writes, all of it or nothing. Its events are told after the commit.
  template <class Body>
  std::invoke_result_t<Body, Connection&> write(Durability durability, const Body& body) {
    std::unique_lock lock(writer_mutex_);
    ELICENSE_CHECK(begin(durability));
    auto result = body(*writer_);
    ELICENSE_CHECK(end(result.ok() ? std::nullopt : std::optional(result.error())));
    const std::vector<EventNotice> notices = std::exchange(raised_, {});
    lock.unlock();
    for (const auto& notice : notices) listeners_.tell(notice);
    return result;
  }
  // One moment's view for all that `body` reads.
  template <class Body>
  std::invoke_result_t<Body, Connection&> read(const Body& body) {
    ELICENSE_TRY(auto connection, take_reader());
    auto status = connection->run_script("begin");
    if (!status) return status.error();
    auto result = body(*connection);
    status = connection->run_script("commit");
    if (status) give_back(std::move(connection));
    return result;
  }
  // For a body of a single statement, which is a moment's view by itself.
  template <class Body>
  std::invoke_result_t<Body, Connection&> read_one(const Body& body) {
    ELICENSE_TRY(auto connection, take_reader());
    auto result = body(*connection);
    give_back(std::move(connection));
    return result;
  }

  StoreStatus begin(Durability durability);
  StoreStatus end(std::optional<StoreError> failed);  // commits, or rolls back and returns what failed
  Stored<std::unique_ptr<Connection>> take_reader();
  void give_back(std::unique_ptr<Connection> connection);

  // Parts of a transaction under way.
  StoreStatus audit(Connection& writer, const Act& act, std::optional<std::string_view> document_number, UnixTime at);
  Stored<std::int64_t> raise(Connection& writer, std::string_view document_number, const NewEvent& event, UnixTime at);
  static Stored<Spend> spend(Connection& writer, const SpentCode& code, UnixTime until);
  static StoreStatus insert_token(Connection& writer, std::string_view document_number, const NewAccessToken& token);

  const std::string path_;
  const int busy_milliseconds_;
  const Bytes salt_;

  std::mutex writer_mutex_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<WalSync> wal_sync_;     // null: each call waits for the disk
  std::optional<Durability> durability_;  // what the writer is set to
  std::vector<EventNotice> raised_;       // in the transaction under way

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Connection>> readers_;

  EventListeners listeners_;
};

}  // namespace elicense::authority
