// The store over SQL, written once for every database; its methods are in sql_store_*.cpp by subject. What a database
// does in its own way (its sessions, how it commits, the few statements that are its own) is in the class made of this
// one. Transactions are at least "read committed": where a read decides a write, the row it reads is held, and what is
// used once is decided by the one statement that writes it. Rows are taken in one order, so that nobody waits in a
// circle:
//   spent code, pre-authorized code, partner or operator → counter → licence → its phone, leases, shard → audit head
//   rate counter → proof id → nonce
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "authority/store/event_listeners.h"
#include "authority/store/sql_connection.h"
#include "authority/store/store_rules.h"
#include "crypto/random.h"

namespace elicense::authority {

// A macro, so that a statement is one literal.
#define ELICENSE_LICENCE_COLUMNS \
  "document_number, data, recorded_status, points, postponed_until, valid_until, status_index, listed_value, revision"

// The salt, if the data was made for this purpose. A new store gets its marks here.
Stored<Bytes> settle_purpose_and_salt(SqlConnection& connection, StorePurpose purpose, RandomSource& random);

// A transaction under way.
struct SqlTransaction {
  SqlConnection& connection;
  std::vector<EventNotice> raised;                  // to be told after the commit
  operator SqlConnection&() { return connection; }  // NOLINT(google-explicit-constructor): queries run in it
};

// A licence whose row this transaction holds: who else wants to write of it waits. So the events of a licence are
// committed in the order of their numbers, and a phone that reads after one it has seen misses none.
struct LockedLicence {
  std::string_view document_number;
};

// A licence's row as it is put.
struct LicenceRow {
  const NewLicence& licence;
  std::uint64_t status_index;
  Listed listed;
};

class SqlStore : public Store {
 public:
  StoreStatus ping() final;

  Stored<std::optional<std::uint64_t>> put_licence(const NewLicence& licence, UnixTime now, const Act& act) final;
  Stored<std::optional<LicenceRecord>> find_licence(std::string_view document_number) final;
  Stored<std::optional<Bytes>> find_portrait(std::string_view document_number) final;
  Stored<std::vector<LicenceRecord>> list_licences(std::string_view after, std::size_t limit) final;
  Stored<Changed> change_licence(std::string_view document_number, std::int64_t expected_revision,
                                 const LicenceChange& change, const std::optional<NewEvent>& event, UnixTime now,
                                 const Act& act) final;
  Stored<std::vector<LicenceRecord>> licences_due(UnixTime now, std::size_t limit) final;

  Stored<std::optional<Phone>> activate_phone(std::string_view document_number, std::string_view device,
                                              const std::optional<NewEvent>& ended_event, UnixTime now,
                                              const Act& act) final;
  Stored<std::optional<Phone>> find_phone(std::string_view document_number) final;
  Stored<LeaseIssue> put_leases(const std::vector<Lease>& leases, const std::optional<Act>& act) final;
  Stored<LeaseState> find_lease(const LeaseId& id, UnixTime now) final;
  Stored<std::int64_t> end_leases(std::string_view document_number, UnixTime now, const Act& act) final;

  StoreStatus put_code(const PreAuthorizedCode& code, UnixTime now, const Act& act) final;
  Stored<std::optional<AccessToken>> redeem_code(const SecretDigest& code, const NewAccessToken& token, UnixTime now,
                                                 const Act& act) final;
  StoreStatus put_access_token(std::string_view document_number, const NewAccessToken& token) final;
  Stored<std::optional<AccessToken>> find_access_token(const SecretDigest& digest, UnixTime now) final;

  StoreStatus put_nonce(const SecretDigest& nonce, UnixTime expires) final;
  Stored<bool> take_nonce(const SecretDigest& nonce, UnixTime now) final;
  Stored<Spend> use_proof_id(std::string_view key_thumbprint, std::string_view jti, UnixTime now, UnixTime until) final;
  Stored<AdmissionAnswer> admit_request(const PhoneRequest& request, UnixTime now) final;
  Stored<Spend> spend_code(const SpentCode& code, UnixTime now, UnixTime until) final;

  StoreStatus put_partner(const Partner& partner, UnixTime now, const Act& act) final;
  Stored<std::optional<Partner>> find_partner(const SecretDigest& key) final;
  Stored<std::vector<Partner>> list_partners() final;
  Stored<bool> remove_partner(std::string_view name, UnixTime now, const Act& act) final;
  StoreStatus put_operator(const Operator& person, UnixTime now, const Act& act) final;
  Stored<std::optional<Operator>> find_operator(const SecretDigest& key) final;
  Stored<std::vector<Operator>> list_operators() final;
  Stored<bool> remove_operator(std::string_view name, UnixTime now, const Act& act) final;

  Stored<CheckRecorded> record_check(const Check& check, const std::optional<CodeToSpend>& spends,
                                     const std::optional<NewEvent>& event, const Act& act) final;
  Stored<std::vector<Check>> list_checks(std::string_view document_number, std::size_t limit) final;

  Stored<std::int64_t> append_event(std::string_view document_number, const NewEvent& event, UnixTime now) final;
  Stored<std::vector<Event>> events_after(std::string_view document_number, std::string_view device, std::int64_t after,
                                          std::size_t limit) final;
  Stored<std::int64_t> first_position(std::string_view document_number, UnixTime status_since) final;
  std::uint64_t subscribe(EventListener listener) final;
  void unsubscribe(std::uint64_t subscription) final;

  Stored<RateAnswer> count_request(std::string_view key, const RateLimit& limit, UnixTime now) final;

  Stored<std::vector<std::int64_t>> shards_to_build(UnixTime expiring_before) final;
  Stored<ShardContent> read_shard(std::int64_t shard) final;
  Stored<bool> publish_shard(std::int64_t shard, std::int64_t version, const PublishedShard& published) final;
  Stored<std::optional<PublishedShard>> find_shard(std::int64_t shard) final;

  Stored<std::int64_t> next_trust_sequence(UnixTime now, const Act& act) final;
  Stored<bool> put_trust_list(const PublishedTrustList& list) final;
  Stored<std::optional<PublishedTrustList>> find_trust_list() final;

  StoreStatus append_audit(const Act& act, std::optional<std::string_view> document_number, UnixTime now) final;
  Stored<std::vector<AuditEntry>> audit_after(std::int64_t sequence, std::size_t limit) final;
  Stored<Sha256Digest> audit_subject(std::string_view document_number) final;
  Stored<AuditVerdict> verify_audit() final;

  Stored<std::int64_t> sweep(UnixTime now, std::size_t limit) final;

 protected:
  explicit SqlStore(Bytes salt) : salt_(std::move(salt)) {}

  using Writing = std::function<StoreStatus(SqlTransaction&)>;
  using Reading = std::function<StoreStatus(SqlConnection&)>;
  enum class View : std::uint8_t { one_moment, one_statement };  // one_statement: which is a moment's view by itself

  void tell(const SqlTransaction& committed) const {
    for (const auto& notice : committed.raised) listeners_.tell(notice);
  }
  const EventListeners& listeners() const { return listeners_; }

 private:
  // --- what each database does in its own way
  // What `work` writes, all of it or nothing; it may be called more than once. Tells its events after the commit.
  virtual StoreStatus transact(Durability durability, const Writing& work) = 0;
  virtual StoreStatus look(View view, const Reading& work) = 0;  // it may be called more than once, too
  // Nullopt: it is not there. A database with one writer at a time has nothing to hold and need not look: there the
  // foreign keys say so later.
  virtual Stored<std::optional<LockedLicence>> find_and_lock(SqlConnection& writer,
                                                             std::string_view document_number) = 0;
  // Constraint when it is not there, by the same rule; it is not held.
  virtual StoreStatus require_licence(SqlConnection& writer, std::string_view document_number) = 0;
  // Its status index is the one that the counter says, which goes on by one.
  virtual StoreStatus insert_licence(SqlConnection& writer, const LicenceRow& row) = 0;
  virtual Stored<std::int64_t> insert_event(SqlConnection& writer, const LockedLicence& licence, const NewEvent& event,
                                            UnixTime at) = 0;
  // The head moves on to it.
  virtual StoreStatus insert_audit_entry(SqlConnection& writer, const AuditEntry& entry) = 0;

  // `body` (SqlTransaction& → Stored<T>) within a transaction.
  template <class Body>
  std::invoke_result_t<Body, SqlTransaction&> write(Durability durability, const Body& body) {
    std::invoke_result_t<Body, SqlTransaction&> answer = StoreError::unavailable;
    ELICENSE_CHECK(transact(durability, [&](SqlTransaction& writer) {
      answer = body(writer);
      return answer.ok() ? StoreStatus(Done{}) : StoreStatus(answer.error());
    }));
    return answer;
  }
  // One moment's view for all that `body` (SqlConnection& → Stored<T>) reads.
  template <class Body>
  std::invoke_result_t<Body, SqlConnection&> read(const Body& body) {
    return read_in(View::one_moment, body);
  }
  // For a body of a single statement.
  template <class Body>
  std::invoke_result_t<Body, SqlConnection&> read_one(const Body& body) {
    return read_in(View::one_statement, body);
  }
  template <class Body>
  std::invoke_result_t<Body, SqlConnection&> read_in(View view, const Body& body) {
    std::invoke_result_t<Body, SqlConnection&> answer = StoreError::unavailable;
    ELICENSE_CHECK(look(view, [&](SqlConnection& reader) {
      answer = body(reader);
      return answer.ok() ? StoreStatus(Done{}) : StoreStatus(answer.error());
    }));
    return answer;
  }

  // Parts of a transaction under way.
  Stored<LockedLicence> lock_licence(SqlConnection& writer, std::string_view document_number);
  StoreStatus audit(SqlConnection& writer, const Act& act, std::optional<std::string_view> document_number,
                    UnixTime at);
  static Stored<Spend> spend(SqlConnection& writer, const SpentCode& code, UnixTime until);
  Stored<std::int64_t> raise(SqlTransaction& writer, const LockedLicence& licence, const NewEvent& event, UnixTime at);

  const Bytes salt_;
  EventListeners listeners_;
};

}  // namespace elicense::authority
