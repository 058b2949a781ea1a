// The inside of the PostgreSQL store; its methods are in postgres_store_*.cpp by subject. Transactions are "read
// committed": where a read decides a write, the row it reads is held, and what is used once is decided by the one
// statement that writes it. Rows are taken in one order, so that nobody waits in a circle:
//   spent code, pre-authorized code, partner or operator → counter → licence → its phone, leases, shard → audit head
//   rate counter → proof id → nonce
// A deadlock in spite of that, or a session lost before its commit, is tried again.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "authority/store/event_listeners.h"
#include "authority/store/postgres_event_feed.h"
#include "authority/store/postgres_pool.h"
#include "authority/store/postgres_store.h"
#include "authority/store/store_rules.h"

namespace elicense::authority {

struct PostgresTransaction {
  PostgresConnection& connection;
  std::vector<EventNotice> raised;  // to be told after the commit
};

// A licence whose row this transaction holds: who else wants to write of it waits. So the events of a licence are
// committed in the order of their numbers, and a phone that reads after one it has seen misses none.
struct LockedLicence {
  std::string_view document_number;
};
Stored<std::optional<LockedLicence>> find_and_lock(PostgresConnection& connection, std::string_view document_number);
Stored<LockedLicence> lock_licence(PostgresConnection& connection, std::string_view document_number);
// Asked first, so that no server writes the number into its log together with the rule it breaks.
StoreStatus require_licence(PostgresConnection& connection, std::string_view document_number);

class PostgresStore final : public Store {
 public:
  PostgresStore(const PostgresStoreOptions& options, std::string instance, Bytes salt);
  StoreStatus start() { return feed_.start(); }

  StoreStatus ping() override;

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

  Stored<std::int64_t> sweep(UnixTime now, std::size_t limit) override;

 private:
  static constexpr int kMostAttempts = 4;

  // What `body` (PostgresTransaction& → Stored<T>) writes, all of it or nothing; it may be called more than once. Its
  // events are told after the commit.
  template <class Body>
  std::invoke_result_t<Body, PostgresTransaction&> write(Durability durability, const Body& body) {
    using Answer = std::invoke_result_t<Body, PostgresTransaction&>;
    for (int attempt = 1;; ++attempt) {
      ELICENSE_TRY(auto loan, pool_.borrow());
      PostgresTransaction transaction{*loan, {}};
      const auto begun = loan->begin(durability);
      Answer result = begun.ok() ? body(transaction) : Answer(begun.error());
      if (result.ok()) {
        ELICENSE_CHECK(loan->commit());
        loan.end();
        for (const auto& notice : transaction.raised) listeners_.tell(notice);
        return result;
      }
      const bool again = attempt < kMostAttempts && may_try_again(*loan);
      static_cast<void>(loan->run_script("rollback"));
      if (!again) return result;
    }
  }
  // One moment's view for all that `body` reads.
  template <class Body>
  std::invoke_result_t<Body, PostgresConnection&> read(const Body& body) {
    return read_one([&](PostgresConnection& reader) -> std::invoke_result_t<Body, PostgresConnection&> {
      ELICENSE_CHECK(reader.run_script("begin isolation level repeatable read read only"));
      auto result = body(reader);
      if (result.ok()) ELICENSE_CHECK(reader.commit());
      return result;
    });
  }
  // For a body of a single statement, which is a moment's view by itself.
  template <class Body>
  std::invoke_result_t<Body, PostgresConnection&> read_one(const Body& body) {
    for (int attempt = 1;; ++attempt) {
      ELICENSE_TRY(const auto loan, pool_.borrow());
      auto result = body(*loan);
      if (result.ok() || attempt == kMostAttempts || !may_try_again(*loan)) return result;
    }
  }
  static bool may_try_again(const PostgresConnection& connection) {
    return connection.state() == PostgresConnection::State::lost || connection.met_a_conflict();
  }

  // Parts of a transaction under way.
  StoreStatus audit(PostgresConnection& writer, const Act& act, std::optional<std::string_view> document_number,
                    UnixTime at) const;
  Stored<std::int64_t> raise(PostgresTransaction& transaction, const LockedLicence& licence, const NewEvent& event,
                             UnixTime at) const;
  static Stored<Spend> spend(PostgresConnection& writer, const SpentCode& code, UnixTime until);
  static StoreStatus insert_token(PostgresConnection& writer, std::string_view document_number,
                                  const NewAccessToken& token);

  const std::string instance_;  // by which it knows its own events
  const Bytes salt_;
  PostgresPool pool_;
  EventListeners listeners_;
  PostgresEventFeed feed_;  // the first to go: its thread tells the listeners
};

}  // namespace elicense::authority
