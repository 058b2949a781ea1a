#include "token/status_list.h"

#include "base/base64url.h"
#include "codec/deflate.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::size_t kMostTextBytes = std::size_t{2} << 20;  // 2^20 incompressible bytes, twice through base64
constexpr std::size_t kMostPackedBytes = kStatusesPerShard;   // at the largest element size, 8 bits

bool is_element_size(std::int64_t bits) { return bits == 1 || bits == 2 || bits == 4 || bits == 8; }

Result<StatusListHead> read_head(const Json& claims) {
  StatusListHead head;
  ELICENSE_TRY(head.uri, string_member(claims, "sub", ErrorCode::status_list_shape));
  ELICENSE_TRY(head.issued, time_member(claims, "iat", ErrorCode::status_list_shape));
  if (claims.find("iss") != nullptr) {
    ELICENSE_TRY(head.issuer, string_member(claims, "iss", ErrorCode::status_list_shape));
  }
  if (claims.find("exp") != nullptr) {
    ELICENSE_TRY(head.expires, time_member(claims, "exp", ErrorCode::status_list_shape));
  }
  if (claims.find("ttl") != nullptr) {
    ELICENSE_TRY(head.time_to_live, integer_member(claims, "ttl", ErrorCode::status_list_shape));
    if (*head.time_to_live <= 0) return ErrorCode::status_list_shape;
  }
  return head;
}

Result<StatusArray> read_statuses(const Json& claims) {
  const Json* list = claims.find("status_list");
  if (list == nullptr || list->object() == nullptr) return ErrorCode::status_list_shape;
  ELICENSE_TRY(const std::int64_t bits, integer_member(*list, "bits", ErrorCode::status_list_shape));
  if (!is_element_size(bits)) return ErrorCode::status_list_shape;
  ELICENSE_TRY(const std::string packed, string_member(*list, "lst", ErrorCode::status_list_shape));
  return StatusArray::decode(static_cast<int>(bits), packed);
}

}  // namespace

Result<StatusArray> StatusArray::pack(const std::vector<std::uint8_t>& statuses, int bits) {
  if (!is_element_size(bits)) return ErrorCode::status_list_shape;
  const auto width = static_cast<unsigned>(bits);
  const std::size_t per_byte = 8 / width;
  if (statuses.size() / per_byte > kMostPackedBytes) return ErrorCode::status_list_index;
  Bytes packed((statuses.size() + per_byte - 1) / per_byte);
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i] >= (1U << width)) return ErrorCode::status_list_shape;
    packed[i / per_byte] = static_cast<std::uint8_t>(packed[i / per_byte] | (statuses[i] << (i % per_byte * width)));
  }
  return StatusArray(bits, std::move(packed));
}

Result<StatusArray> StatusArray::decode(int bits, std::string_view base64url_zlib) {
  if (!is_element_size(bits)) return ErrorCode::status_list_shape;
  ELICENSE_TRY(const Bytes stream, base64url_decode(base64url_zlib));
  ELICENSE_TRY(Bytes packed, zlib_inflate(stream, kMostPackedBytes));
  return StatusArray(bits, std::move(packed));
}

std::string StatusArray::encode() const {
  return base64url_encode(ZlibDeflater(ZlibDeflater::Effort::balanced).deflate(packed_));
}

Result<std::uint8_t> StatusArray::at(std::uint64_t index) const {
  if (index >= size()) return ErrorCode::status_list_index;
  const auto width = static_cast<unsigned>(bits_);
  const std::size_t per_byte = 8 / width;
  const auto place = static_cast<std::size_t>(index);
  return static_cast<std::uint8_t>((packed_[place / per_byte] >> (place % per_byte * width)) & ((1U << width) - 1));
}

Result<std::string> sign_status_list(const StatusListHead& head, const StatusArray& statuses, const Signer& key) {
  Json::Object claims{{"sub", head.uri}};
  if (head.issuer) claims.emplace_back("iss", *head.issuer);
  claims.emplace_back("iat", head.issued.seconds);
  if (head.expires) claims.emplace_back("exp", head.expires->seconds);
  if (head.time_to_live) claims.emplace_back("ttl", *head.time_to_live);
  claims.emplace_back("status_list", Json::Object{{"bits", statuses.bits()}, {"lst", statuses.encode()}});
  return sign_jws({.type = kStatusListType, .kid = key_name(key.public_key())}, std::move(claims), key);
}

Result<VerifiedStatusList> VerifiedStatusList::verify(std::string_view compact, std::string_view uri,
                                                      const TrustList& trust, UnixTime now) {
  ELICENSE_TRY(const UnverifiedJws jws, UnverifiedJws::parse(compact, kMostTextBytes));
  ELICENSE_CHECK(jws.expect_type(kStatusListType));
  if (!jws.kid()) return ErrorCode::issuer_unknown;
  ELICENSE_TRY(const PublicKey key, trust.find(*jws.kid(), KeyUse::status, now));
  ELICENSE_TRY(const VerifiedJws verified, jws.verify(key));
  ELICENSE_TRY(StatusListHead head, read_head(verified.payload));
  if (head.issuer) ELICENSE_CHECK(trust.expect_issuer(*head.issuer));
  if (head.uri != uri) return ErrorCode::status_list_subject;
  if (head.issued > now + kClockAllowanceSeconds) return ErrorCode::status_list_not_yet_valid;
  if (head.expires && *head.expires <= now) return ErrorCode::status_list_expired;
  ELICENSE_TRY(StatusArray statuses, read_statuses(verified.payload));
  return VerifiedStatusList(std::move(head), std::move(statuses));
}

void StatusLists::add(VerifiedStatusList list) {
  std::string uri = list.head().uri;
  by_uri_.insert_or_assign(std::move(uri), std::move(list));
}

Result<std::uint8_t> StatusLists::find(const StatusReference& reference) const {
  const auto list = by_uri_.find(reference.uri);
  if (list == by_uri_.end()) return ErrorCode::status_list_missing;
  return list->second.statuses().at(reference.index);
}

}  // namespace elicense
