#include "authority/service/card.h"

namespace elicense::authority {
namespace {
constexpr JsonLimits kClaimLimits = {.bytes = 262144, .depth = 8, .values = 4096};
}  // namespace

Result<LicenceData> licence_data_of(const LicenceRecord& record) {
  ELICENSE_TRY(const Json claims, Json::parse(record.data, kClaimLimits));
  ELICENSE_TRY(LicenceData data, licence_data_from_claims(claims));
  data.points = record.facts.points;
  data.valid_until = record.facts.valid_until;
  if (!data.complete() || data.document_number != record.document_number) return ErrorCode::licence_incomplete;
  return data;
}

Stored<std::shared_ptr<const Card>> Cards::card_of(Store& store, const LicenceRecord& record) {
  {
    const std::lock_guard guard(mutex_);
    const auto found = cards_.find(record.document_number);
    if (found != cards_.end() && found->second->revision == record.revision) return found->second;
  }
  Result<LicenceData> data = licence_data_of(record);
  if (!data.ok()) return std::shared_ptr<const Card>();
  ELICENSE_TRY(const std::optional<Bytes> portrait, store.find_portrait(record.document_number));
  // The portrait was read after the record: a change in between would put it under the older revision for good.
  ELICENSE_TRY(const auto after, store.find_licence(record.document_number));
  auto card = std::make_shared<Card>();
  card->revision = record.revision;
  card->data = std::move(data).value();
  if (portrait) card->portrait_digest = portrait_digest_of(*portrait);
  if (!after || after->revision != record.revision) return std::shared_ptr<const Card>(std::move(card));
  const std::lock_guard guard(mutex_);
  if (cards_.size() >= kMost) cards_.clear();
  cards_[record.document_number] = card;
  return std::shared_ptr<const Card>(std::move(card));
}

}  // namespace elicense::authority
