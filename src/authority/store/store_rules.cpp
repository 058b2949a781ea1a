#include "authority/store/store_rules.h"

#include <algorithm>
#include <utility>

#include "codec/cbor.h"

namespace elicense::authority {

std::string_view purpose_mark(StorePurpose purpose) { return purpose == StorePurpose::demo ? "demo" : "production"; }

StoreStatus accept_purpose(std::string_view mark, StorePurpose purpose) {
  if (mark == purpose_mark(purpose)) return Done{};
  if (mark == purpose_mark(StorePurpose::demo)) return StoreError::made_for_demo;
  if (mark == purpose_mark(StorePurpose::production)) return StoreError::made_for_production;
  return StoreError::corrupt;
}

Stored<Bytes> salt_of(std::string_view hex) {
  auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != kSaltBytes) return StoreError::corrupt;
  return *std::move(bytes);
}

Stored<std::int64_t> schema_version_of(std::string_view text) {
  if (text.empty() || text.size() > 9) return StoreError::corrupt;
  std::int64_t version = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return StoreError::corrupt;
    version = version * 10 + (c - '0');
  }
  return version;
}

StatusColumns columns_of(const StatusFacts& facts) {
  StatusColumns columns{.recorded_status = facts.recorded.letters(),
                        .points = facts.points,
                        .postponed_until = std::nullopt,
                        .valid_until = iso_date(facts.valid_until)};
  if (facts.postponed_until) columns.postponed_until = iso_date(*facts.postponed_until);
  return columns;
}

Stored<StatusFacts> facts_of(const StatusColumns& columns) {
  const auto recorded = StatusSet::parse(columns.recorded_status);
  const auto valid_until = parse_iso_date(columns.valid_until);
  if (!recorded || !valid_until) return StoreError::corrupt;
  StatusFacts facts{.recorded = *recorded,
                    .points = static_cast<int>(columns.points),
                    .postponed_until = std::nullopt,
                    .valid_until = *valid_until};
  if (columns.postponed_until) {
    const auto date = parse_iso_date(*columns.postponed_until);
    if (!date) return StoreError::corrupt;
    facts.postponed_until = *date;
  }
  return facts;
}

Listed listed_on_day_of(const StatusFacts& facts, UnixTime now) {
  const CivilDate today = civil_date_at(now);
  return {status_list_value(status_on(facts, today)), status_changes_at(facts, today)};
}

Revised revise(LicenceRecord& record, const LicenceChange& change, UnixTime now) {
  if (change.recorded_status) record.facts.recorded = *change.recorded_status;
  if (change.points) record.facts.points = *change.points;
  if (change.postponed_until) record.facts.postponed_until = *change.postponed_until;
  if (change.valid_until) record.facts.valid_until = *change.valid_until;
  if (change.data) record.data = *change.data;
  const Listed listed = listed_on_day_of(record.facts, now);
  const bool anew = listed.value != record.listed_value;
  record.listed_value = listed.value;
  ++record.revision;
  return {.due = listed.due, .listed_anew = anew};
}

LeaseStanding standing_of(const Lease& lease, bool is_ended, UnixTime now) {
  if (is_ended) return LeaseStanding::ended;
  return lease.expires <= now ? LeaseStanding::expired : LeaseStanding::good;
}

Sha256Digest proof_id_digest(std::string_view key_thumbprint, std::string_view jti) {
  return sha256(cbor::array({cbor::byte_string(view_of(key_thumbprint)), cbor::byte_string(view_of(jti))}).bytes);
}

std::string phone_rate_key(std::string_view key_thumbprint) { return "phone:" + std::string(key_thumbprint); }

RateAnswer rate_answer(std::int64_t requests, UnixTime window_ends, const RateLimit& limit, UnixTime now) {
  RateAnswer answer{.allowed = requests <= limit.requests};
  if (!answer.allowed) answer.retry_after = std::max<std::int64_t>(window_ends - now, 1);
  return answer;
}

}  // namespace elicense::authority
