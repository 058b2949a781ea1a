#include "authority/service/publisher.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "authority/log.h"
#include "base/base64url.h"
#include "crypto/digest.h"
#include "licence/lease.h"
#include "token/status_list.h"

namespace elicense::authority {
namespace {

constexpr std::chrono::seconds kTick(1);
constexpr std::int64_t kSweepSeconds = 10;
constexpr std::int64_t kPartnerSeconds = 5;
constexpr std::size_t kSweepRows = 2000;
constexpr std::size_t kDueAtOnce = 200;
constexpr std::size_t kMostKeptShards = 256;  // some 60 KiB each

std::string tag_of(std::string_view content) {
  const Sha256Digest digest = sha256(view_of(content));
  return '"' + base64url_encode(ByteView(digest).first(16)) + '"';
}

// What the log says of a failure that the next tick may mend.
template <class T>
void note(std::string_view what, const Stored<T>& outcome) {
  if (!outcome.ok())
    log_line(LogLevel::warning, std::string(what) + ": " + std::string(store_error_name(outcome.error())));
}

bool same_keys(const std::vector<IssuerKey>& a, const std::vector<IssuerKey>& b) {
  const auto same = [](const IssuerKey& x, const IssuerKey& y) {
    return x.kid == y.kid && x.key == y.key && x.uses == y.uses && x.not_before == y.not_before &&
           x.expires == y.expires && x.revoked == y.revoked;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

}  // namespace

Publisher::Publisher(PublisherSettings settings, Store& store, KeyRing& keys, std::function<UnixTime()> clock)
    : settings_(std::move(settings)), store_(store), keys_(keys), clock_(std::move(clock)) {}

Publisher::~Publisher() { stop(); }

std::shared_ptr<const Publisher::Trust> Publisher::trust() const {
  const std::lock_guard guard(mutex_);
  return trust_;
}

bool Publisher::take(const PublishedTrustList& published, UnixTime now) {
  {
    const std::lock_guard guard(mutex_);
    if (trust_ && trust_->list.content().sequence == published.sequence) return true;
  }
  Result<TrustList> list = TrustList::verify(published.token, {keys_.root()}, {now, std::nullopt});
  if (!list.ok()) return false;
  auto trust = std::make_shared<const Trust>(
      Trust{.token = published.token, .etag = tag_of(published.token), .list = std::move(list).value()});
  const std::lock_guard guard(mutex_);
  trust_ = std::move(trust);
  return true;
}

bool Publisher::says_what_the_ring_says(const Trust& trust, UnixTime now) const {
  const TrustListContent& content = trust.list.content();
  return content.issuer == settings_.origin && content.production == settings_.production &&
         same_keys(content.keys, keys_.trusted(now));
}

Stored<std::int64_t> Publisher::publish_trust(const Act& act) {
  const std::lock_guard publishing(publishing_);
  const UnixTime now = clock_();
  ELICENSE_TRY(const std::int64_t sequence, store_.next_trust_sequence(now, act));
  const auto root = keys_.root_signer();
  if (!root.ok()) return StoreError::unavailable;
  const TrustListContent content = {.issuer = settings_.origin,
                                    .issued = now,
                                    .expires = now + settings_.trust_seconds,
                                    .sequence = sequence,
                                    .production = settings_.production,
                                    .keys = keys_.trusted(now)};
  const Result<std::string> token = sign_trust_list(content, **root);
  // What a verifier would not take is not published.
  if (!token.ok() || !TrustList::verify(*token, {keys_.root()}, {now, std::nullopt}).ok()) {
    log_line(LogLevel::error, "the trust list is not one that a verifier would take");
    return StoreError::unavailable;
  }
  const PublishedTrustList published = {.sequence = sequence, .token = *token};
  ELICENSE_TRY(const bool is_newest, store_.put_trust_list(published));
  std::optional<PublishedTrustList> newest = published;
  if (!is_newest) {
    // Another instance was quicker: its list is the one that counts, and a tick sees whether ours said more.
    ELICENSE_TRY(newest, store_.find_trust_list());
  }
  if (newest && !take(*newest, now)) log_line(LogLevel::error, "the trust list just signed is not one to trust");
  return sequence;
}

// Another instance has published: the keys it speaks of are in the ring by now.
Stored<Done> Publisher::follow_other_instances(const PublishedTrustList& published, UnixTime now) {
  const std::string signed_with = keys_.signing_kid(KeyUse::status, now);
  if (const Outcome<Done> reloaded = keys_.reload(); !reloaded.ok()) log_line(LogLevel::error, reloaded.error().reason);
  take(published, now);
  // Between its revocation and this moment the old key may have signed a list here.
  const std::vector<RingKey> keys = keys_.keys();
  const bool is_revoked =
      std::any_of(keys.begin(), keys.end(), [&](const RingKey& key) { return key.kid == signed_with && key.revoked; });
  if (is_revoked) ELICENSE_CHECK(publish_status(Shards::all));
  return Done{};
}

Stored<Done> Publisher::bring_trust_up_to_date(UnixTime now) {
  ELICENSE_TRY(const std::optional<PublishedTrustList> published, store_.find_trust_list());
  const std::shared_ptr<const Trust> ours = trust();
  if (published && (!ours || ours->list.content().sequence != published->sequence))
    ELICENSE_CHECK(follow_other_instances(*published, now));
  const std::shared_ptr<const Trust> current = trust();
  const bool is_good = current && says_what_the_ring_says(*current, now) &&
                       current->list.content().expires - now > settings_.trust_seconds / 2;
  if (is_good) return Done{};
  ELICENSE_CHECK(publish_trust({.actor = "system", .action = "trust.publish", .details = {}}));
  return Done{};
}

Stored<bool> Publisher::build_shard(std::int64_t shard, UnixTime now) {
  ELICENSE_TRY(const ShardContent content, store_.read_shard(shard));
  std::vector<std::uint8_t> values(kStatusesPerShard, status_value::kValid);
  for (const auto& [place, value] : content.listed) {
    if (place < values.size()) values[place] = value;
  }
  const Result<StatusArray> statuses = StatusArray::pack(values, 8);
  const Result<SigningKey> key = keys_.signing(KeyUse::status, now);
  if (!statuses.ok() || !key.ok()) return StoreError::unavailable;
  const StatusListHead head = {.uri = status_list_uri(settings_.origin, static_cast<std::uint64_t>(shard)),
                               .issuer = settings_.origin,
                               .issued = now,
                               .expires = now + settings_.status_life_seconds,
                               .time_to_live = settings_.status_seconds};
  const Result<std::string> token = sign_status_list(head, *statuses, *key->signer);
  if (!token.ok()) return StoreError::unavailable;
  return store_.publish_shard(shard, content.version,
                              {.token = *token, .etag = tag_of(*token), .at = now, .expires = *head.expires});
}

Stored<std::int64_t> Publisher::publish_status(Shards which) {
  const std::lock_guard publishing(publishing_);
  const UnixTime now = clock_();
  // Half of a list's life is left for verifiers that come seldom, and for an authority that is down for a while.
  const UnixTime expiring_before =
      which == Shards::all ? UnixTime{kLastUnixSecond} : now + settings_.status_life_seconds / 2;
  ELICENSE_TRY(const std::vector<std::int64_t> shards, store_.shards_to_build(expiring_before));
  for (const std::int64_t shard : shards) ELICENSE_CHECK(build_shard(shard, now));
  {
    const std::lock_guard guard(mutex_);
    for (const std::int64_t shard : shards) kept_shards_.erase(shard);
  }
  next_status_ = now.seconds + settings_.status_seconds;
  return static_cast<std::int64_t>(shards.size());
}

Stored<std::shared_ptr<const PublishedShard>> Publisher::shard(std::int64_t number, UnixTime now) {
  {
    const std::lock_guard guard(mutex_);
    const auto kept = kept_shards_.find(number);
    if (kept != kept_shards_.end() && kept->second.read_at == now.seconds) return kept->second.shard;
  }
  ELICENSE_TRY(std::optional<PublishedShard> found, store_.find_shard(number));
  if (!found) return std::shared_ptr<const PublishedShard>();
  auto shard = std::make_shared<const PublishedShard>(std::move(*found));
  const std::lock_guard guard(mutex_);
  if (kept_shards_.size() >= kMostKeptShards) kept_shards_.clear();
  kept_shards_[number] = {.read_at = now.seconds, .shard = shard};
  return shard;
}

Stored<Done> Publisher::follow_calendar(UnixTime now) {
  ELICENSE_TRY(const std::vector<LicenceRecord> due, store_.licences_due(now, kDueAtOnce));
  for (const LicenceRecord& licence : due) {
    const StatusSet status = status_on(licence.facts, civil_date_at(now));
    const NewEvent event = {
        .kind = "status",
        .payload = Json::Object{{"status", status.letters()}, {"usable", status.allows_use()}, {"at", now.seconds}},
        .device = std::nullopt};
    ELICENSE_CHECK(store_.change_licence(
        licence.document_number, licence.revision, {}, event, now,
        {.actor = "system", .action = "licence.calendar", .details = Json::Object{{"status", status.letters()}}}));
  }
  return Done{};
}

std::vector<std::string> Publisher::partner_origins() const {
  const std::lock_guard guard(mutex_);
  return partner_origins_;
}

void Publisher::refresh_partners() {
  const Stored<std::vector<Partner>> partners = store_.list_partners();
  if (!partners.ok()) return note("partners", partners);
  std::vector<std::string> origins;
  for (const Partner& partner : *partners) origins.push_back(partner.origin);
  const std::lock_guard guard(mutex_);
  partner_origins_ = std::move(origins);
}

void Publisher::tick(UnixTime now) {
  is_store_well_ = store_.ping().ok();
  note("trust list", bring_trust_up_to_date(now));
  if (now.seconds >= next_status_) {
    note("calendar", follow_calendar(now));
    note("status lists", publish_status(Shards::waiting));
    if (const Outcome<bool> renewed = keys_.renew(now); !renewed.ok())
      log_line(LogLevel::error, renewed.error().reason);
  }
  if (now.seconds % kPartnerSeconds == 0) refresh_partners();
  if (now.seconds % kSweepSeconds == 0) note("sweep", store_.sweep(now, kSweepRows));
}

Outcome<Done> Publisher::start() {
  const UnixTime now = clock_();
  const Stored<std::optional<PublishedTrustList>> published = store_.find_trust_list();
  if (!published.ok()) return usage_problem(std::string(store_error_text(published.error())));
  if (*published) {
    // An expired list of ours is as good as none; one by another root is somebody else's database.
    const Result<TrustList> list = TrustList::verify((*published)->token, {keys_.root()}, {now, std::nullopt});
    if (!list.ok() && list.error() == ErrorCode::root_unknown)
      return usage_problem("the keys do not belong to this database: its trust list is signed by another root");
  }
  const auto publish = [&]() -> Stored<Done> {
    ELICENSE_CHECK(bring_trust_up_to_date(now));
    ELICENSE_CHECK(follow_calendar(now));
    ELICENSE_CHECK(publish_status(Shards::waiting));
    return Done{};
  };
  if (const Stored<Done> done = publish(); !done.ok())
    return usage_problem("nothing could be published: " + std::string(store_error_text(done.error())));
  refresh_partners();
  if (!trust()) return usage_problem("no trust list could be published");
  thread_ = std::thread([this] { run(); });
  return Done{};
}

void Publisher::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kTick, [this] { return stopping_; })) {
    lock.unlock();
    tick(clock_());
    lock.lock();
  }
}

void Publisher::stop() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace elicense::authority
