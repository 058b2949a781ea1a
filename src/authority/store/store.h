// What the authority remembers, behind one interface: SQLite today, PostgreSQL beside it. Every method is one
// transaction and one promise: when it returns without an error, everything it says is stored, and otherwise nothing
// is. Any thread may call any method at any time; a call may wait for a disk, so not from an event loop that must not.
// Nothing that another instance of the authority would need is kept in the process.
// Refuses nothing for its meaning but a licence that is not there (StoreError::constraint where the answer has no word
// for it): who may do what is the service's business. Never holds a secret: codes, tokens and
// partner keys come as SHA-256 digests (SecretDigest). Expired rows never count, swept or not; only a spent code stays
// spent until it is swept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authority/store/store_error.h"
#include "base/bytes.h"
#include "base/time.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "licence/lease.h"
#include "licence/live_code.h"
#include "licence/status.h"

namespace elicense::authority {

// SHA-256 of a secret (its bytes as they are sent). Secrets here are random and long: no salt is needed.
using SecretDigest = Sha256Digest;
inline SecretDigest digest_of_secret(std::string_view secret) { return sha256(view_of(secret)); }

// --- who did what: the audit record ---------------------------------------------------------------------------------

// Handed to every method that the audit record has to know of; written in that method's transaction. Details carry no
// personal data. The licence concerned is stored as SHA-256 of a salt of this store and the document number: a copy of
// the audit record names nobody, yet the entries of a licence at hand are found.
struct Act {
  std::string actor;   // "operator:li", "partner:rental", "phone", "system"
  std::string action;  // "licence.points", "check", "phone.activate"
  Json details;        // an object or null
};

struct AuditEntry {
  std::int64_t sequence = 0;  // 1, 2, 3 … without gaps
  UnixTime at;
  std::string actor, action;
  std::optional<Sha256Digest> subject;
  std::string details;  // JSON text
  Sha256Digest previous{}, hash{};
};

struct AuditVerdict {
  std::int64_t entries = 0;               // looked at, the broken one not counted
  std::optional<std::int64_t> broken_at;  // the first sequence number that is wrong or missing
  Sha256Digest head{};                    // hash of the last good entry; zeros when there is none
};

// --- licences -------------------------------------------------------------------------------------------------------

// The facts stand in columns of their own and decide; what `data` says about points or valid_until does not count.
struct NewLicence {
  std::string document_number;
  std::string data;  // JSON object of claims (licence_data_claims), without the portrait; kept byte for byte
  Bytes portrait;    // the image file; empty: none
  StatusFacts facts;
};

struct LicenceRecord {
  std::string document_number;
  std::string data;
  StatusFacts facts;
  std::uint64_t status_index = 0;  // dense from 0, of this licence for ever; shard = index / kStatusesPerShard
  std::uint8_t listed_value = 0;   // what the next status list says of it
  std::int64_t revision = 1;       // one more with each change
};

// An event for the holder's phone. Its payload carries no personal data: it travels through logs of proxies.
struct NewEvent {
  std::string kind;                   // "status", "checked", "ended"
  Json payload;                       // an object
  std::optional<std::string> device;  // thumbprint of the only phone to hear it; nullopt: whichever asks
};

// What is given takes the place of what is there.
struct LicenceChange {
  std::optional<StatusSet> recorded_status;
  std::optional<int> points;
  std::optional<std::optional<CivilDate>> postponed_until;  // an inner nullopt takes the postponement away
  std::optional<CivilDate> valid_until;
  std::optional<std::string> data;  // with another address, other classes …
  std::optional<Bytes> portrait;
};

enum class ChangeOutcome : std::uint8_t { changed, unknown, other_revision };
struct Changed {
  ChangeOutcome outcome = ChangeOutcome::unknown;
  std::int64_t revision = 0;  // after the change; with other_revision the one that is there
  bool listed_anew = false;   // the status list value is another one now, its shard waits to be built
};

// --- phones and leases ----------------------------------------------------------------------------------------------

struct Phone {
  std::string device;  // thumbprint of the device key (RFC 7638)
  UnixTime activated;
};

struct Lease {
  LeaseId id{};
  std::string document_number;
  std::string device;
  UnixTime issued, expires;
};

enum class LeaseIssue : std::uint8_t { issued, not_the_active_phone, id_taken };
enum class LeaseStanding : std::uint8_t { good, unknown, expired, ended };  // ended: by another phone or an operator
struct LeaseState {
  LeaseStanding standing = LeaseStanding::unknown;
  std::optional<Lease> lease;  // unless unknown
};

// --- secrets that are shown once ------------------------------------------------------------------------------------

enum class CodeUse : std::uint8_t { once, repeatedly };  // repeatedly: the fixed codes of the demo
struct PreAuthorizedCode {
  SecretDigest digest{};
  std::string document_number;
  UnixTime expires;
  CodeUse use = CodeUse::once;
};

struct NewAccessToken {
  SecretDigest digest{};
  std::string key_thumbprint;  // of the DPoP key it is bound to (jkt)
  std::string scope;
  UnixTime expires;
};
struct AccessToken {
  std::string document_number;
  std::string key_thumbprint;
  std::string scope;
  UnixTime expires;
  std::optional<std::string> active_device;  // the licence's phone by now; another one than this token's ends it
};

enum class Spend : std::uint8_t { first, again };

struct RateLimit {
  std::int64_t requests;
  std::int64_t seconds;
};
struct RateAnswer {
  bool allowed = false;
  std::int64_t retry_after = 0;  // seconds, at least 1 when not allowed
};

// What a phone's request leaves behind before it is answered: it counts, its proof is used up, and so are nonces.
struct PhoneRequest {
  std::string_view key_thumbprint;
  std::string_view proof_id;  // jti
  UnixTime proof_until;
  RateLimit limit;  // 0 requests: none
  std::vector<SecretDigest> nonces;
};
enum class Admission : std::uint8_t { admitted, too_many, proof_used, nonce_gone };
struct AdmissionAnswer {
  Admission admission = Admission::admitted;
  std::int64_t retry_after = 0;  // seconds, with too_many
};

// --- partners and checks --------------------------------------------------------------------------------------------

struct Partner {
  std::string name;    // unique; putting it again replaces key and origin
  std::string origin;  // "https://rental.example"
  SecretDigest key{};
};

struct Operator {
  std::string name;
  SecretDigest key{};
};

// A check as the holder is shown it.
struct Check {
  std::string document_number;
  std::string partner_name, partner_origin;
  UnixTime at;
  std::string result;                // a word of product.md: "valid", "already-used" …
  std::optional<std::string> asked;  // the class question
  std::optional<int> echo;           // the two-digit number on both screens
};

struct CheckRecorded {
  Spend spend = Spend::first;  // again: the code was spent before and nothing at all was written
  std::int64_t id = 0;
};

// --- events ---------------------------------------------------------------------------------------------------------

struct Event {
  std::int64_t id = 0;  // grows within the store; gaps are possible
  std::string kind;
  std::string payload;  // JSON text
  UnixTime at;
};

// Tells only that there is something to read: read with events_after().
struct EventNotice {
  std::string document_number;
  std::int64_t id = 0;
};
using EventListener = std::function<void(const EventNotice&)>;

// --- status lists --------------------------------------------------------------------------------------

struct ShardContent {
  std::int64_t version = 0;                                    // hand it to publish_shard
  std::vector<std::pair<std::uint32_t, std::uint8_t>> listed;  // place in the shard and value, where it is not 0
};
struct PublishedShard {
  std::string token;  // the JWT
  std::string etag;
  UnixTime at, expires;
};

struct PublishedTrustList {
  std::int64_t sequence = 0;
  std::string token;
};

enum class StorePurpose : std::uint8_t { production, demo };

enum class Backup : std::uint8_t { written, file_is_there, elsewhere };  // elsewhere: the database has means of its own

class Store {
 public:
  virtual ~Store() = default;
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  virtual StoreStatus ping() = 0;  // whether it can be read; for /healthz

  // Calls `then` once everything that was stored by now would outlive a power cut, or with the reason why nobody can
  // say so; on any thread, and at once where every method has waited for the disk itself.
  using Durable = std::function<void(StoreStatus)>;
  virtual void when_durable(const Durable& then) { then(Done{}); }

  // --- licences
  // The status index given to it, or nullopt: the document number is there already and nothing was changed.
  virtual Stored<std::optional<std::uint64_t>> put_licence(const NewLicence& licence, UnixTime now, const Act& act) = 0;
  virtual Stored<std::optional<LicenceRecord>> find_licence(std::string_view document_number) = 0;
  virtual Stored<std::optional<Bytes>> find_portrait(std::string_view document_number) = 0;  // nullopt: none
  // By document number, those after `after` ("" from the start).
  virtual Stored<std::vector<LicenceRecord>> list_licences(std::string_view after, std::size_t limit) = 0;
  // Only from the revision the caller has seen. The listed value is reckoned anew from the facts and the day of `now`;
  // an empty change does just that. The event, if any, is written with it.
  virtual Stored<Changed> change_licence(std::string_view document_number, std::int64_t expected_revision,
                                         const LicenceChange& change, const std::optional<NewEvent>& event,
                                         UnixTime now, const Act& act) = 0;
  // Licences whose status the calendar alone has changed by now (a postponement or the licence is over): give each an
  // empty change.
  virtual Stored<std::vector<LicenceRecord>> licences_due(UnixTime now, std::size_t limit) = 0;

  // --- phones and leases
  // Makes it the one active phone. The one it replaces is returned: its leases are ended, and it is the one to hear
  // `ended_event` (device is filled in here). The same phone again changes nothing and ends nothing.
  virtual Stored<std::optional<Phone>> activate_phone(std::string_view document_number, std::string_view device,
                                                      const std::optional<NewEvent>& ended_event, UnixTime now,
                                                      const Act& act) = 0;
  virtual Stored<std::optional<Phone>> find_phone(std::string_view document_number) = 0;
  // All of them or none. Every lease of one call is for the same licence and phone. A renewal each minute for each
  // phone need not go into the audit record: nullopt.
  virtual Stored<LeaseIssue> put_leases(const std::vector<Lease>& leases, const std::optional<Act>& act) = 0;
  virtual Stored<LeaseState> find_lease(const LeaseId& id, UnixTime now) = 0;
  virtual Stored<std::int64_t> end_leases(std::string_view document_number, UnixTime now, const Act& act) = 0;

  // --- pre-authorized codes, access tokens
  // A code that is there already gets the new licence and time, and counts as not yet redeemed.
  virtual StoreStatus put_code(const PreAuthorizedCode& code, UnixTime now, const Act& act) = 0;
  // Redeems the code and stores the token for its licence in one act; nullopt: unknown, expired or redeemed before.
  virtual Stored<std::optional<AccessToken>> redeem_code(const SecretDigest& code, const NewAccessToken& token,
                                                         UnixTime now, const Act& act) = 0;
  // For a host with a login of its own.
  virtual StoreStatus put_access_token(std::string_view document_number, const NewAccessToken& token) = 0;
  virtual Stored<std::optional<AccessToken>> find_access_token(const SecretDigest& digest, UnixTime now) = 0;

  // --- used once
  // Nonces and DPoP ids outlive the process, not necessarily a power cut: both live for seconds or minutes and are
  // worth nothing without a key. Codes spent outlive both.
  virtual StoreStatus put_nonce(const SecretDigest& nonce, UnixTime expires) = 0;
  virtual Stored<bool> take_nonce(const SecretDigest& nonce, UnixTime now) = 0;  // true once
  virtual Stored<Spend> use_proof_id(std::string_view key_thumbprint, std::string_view jti, UnixTime now,
                                     UnixTime until) = 0;
  // count_request, use_proof_id and take_nonce in one act. One that is too many uses nothing up; one that is refused
  // counts all the same.
  virtual Stored<AdmissionAnswer> admit_request(const PhoneRequest& request, UnixTime now) = 0;
  virtual Stored<Spend> spend_code(const SpentCode& code, UnixTime now, UnixTime until) = 0;

  // --- partners, operators
  virtual StoreStatus put_partner(const Partner& partner, UnixTime now, const Act& act) = 0;
  virtual Stored<std::optional<Partner>> find_partner(const SecretDigest& key) = 0;
  virtual Stored<std::vector<Partner>> list_partners() = 0;  // by name
  virtual Stored<bool> remove_partner(std::string_view name, UnixTime now, const Act& act) = 0;
  virtual StoreStatus put_operator(const Operator& person, UnixTime now, const Act& act) = 0;
  virtual Stored<std::optional<Operator>> find_operator(const SecretDigest& key) = 0;
  virtual Stored<std::vector<Operator>> list_operators() = 0;
  virtual Stored<bool> remove_operator(std::string_view name, UnixTime now, const Act& act) = 0;

  // --- checks
  // Spends the code (when given), records the check and raises the event in one act: a spent code without its check
  // cannot be.
  struct CodeToSpend {
    SpentCode code;
    UnixTime until;
  };
  virtual Stored<CheckRecorded> record_check(const Check& check, const std::optional<CodeToSpend>& spends,
                                             const std::optional<NewEvent>& event, const Act& act) = 0;
  virtual Stored<std::vector<Check>> list_checks(std::string_view document_number,
                                                 std::size_t limit) = 0;  // newest first

  // --- events
  virtual Stored<std::int64_t> append_event(std::string_view document_number, const NewEvent& event, UnixTime now) = 0;
  // Those after `after` that this phone may hear, oldest first.
  virtual Stored<std::vector<Event>> events_after(std::string_view document_number, std::string_view device,
                                                  std::int64_t after, std::size_t limit) = 0;
  // Where a phone that has heard nothing yet begins: behind all events, or just before the newest "status" since then.
  virtual Stored<std::int64_t> first_position(std::string_view document_number, UnixTime status_since) = 0;
  // The listener is called after the event is stored, on a thread of the store's choice, and returns at once (post to
  // your loop); it may read, but must not call subscribe, unsubscribe or anything that raises an event. After
  // unsubscribe has returned it is not called again.
  virtual std::uint64_t subscribe(EventListener listener) = 0;
  virtual void unsubscribe(std::uint64_t subscription) = 0;

  // --- rate limits: a fixed window that starts with the first request. The key is stored as a digest.
  virtual Stored<RateAnswer> count_request(std::string_view key, const RateLimit& limit, UnixTime now) = 0;

  // --- status lists
  // Shards that changed since they were published, or whose publication ends before the time given.
  virtual Stored<std::vector<std::int64_t>> shards_to_build(UnixTime expiring_before) = 0;
  virtual Stored<ShardContent> read_shard(std::int64_t shard) = 0;  // one moment's view of all of it
  // False when a younger version is published already. A shard that changed since it was read still waits to be built.
  virtual Stored<bool> publish_shard(std::int64_t shard, std::int64_t version, const PublishedShard& published) = 0;
  virtual Stored<std::optional<PublishedShard>> find_shard(std::int64_t shard) = 0;

  // --- trust list: sequence numbers from 1, never twice
  virtual Stored<std::int64_t> next_trust_sequence(UnixTime now, const Act& act) = 0;
  virtual Stored<bool> put_trust_list(const PublishedTrustList& list) = 0;  // false: a younger one is there
  virtual Stored<std::optional<PublishedTrustList>> find_trust_list() = 0;

  // --- audit
  virtual StoreStatus append_audit(const Act& act, std::optional<std::string_view> document_number, UnixTime now) = 0;
  virtual Stored<std::vector<AuditEntry>> audit_after(std::int64_t sequence, std::size_t limit) = 0;
  virtual Stored<Sha256Digest> audit_subject(std::string_view document_number) = 0;
  // Walks the chain a batch at a time; writing goes on meanwhile.
  virtual Stored<AuditVerdict> verify_audit() = 0;

  // --- a copy of everything as it was at one moment, in a new file that its owner alone may read; writing goes on.
  virtual Stored<Backup> back_up(const std::string& file) {
    static_cast<void>(file);
    return Backup::elsewhere;
  }

  // --- housekeeping: removes at most `limit` expired rows of each kind; how many it removed. Call again while it is
  // not 0.
  virtual Stored<std::int64_t> sweep(UnixTime now, std::size_t limit) = 0;
};

}  // namespace elicense::authority
