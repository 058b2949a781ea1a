#include "token/possession.h"

#include "base/base64url.h"
#include "crypto/digest.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::size_t kMostBytes = 8192;
constexpr std::size_t kLongestId = 256;

struct Possession {
  PublicKey key;
  Json payload;
};

// A JWS that is verified by the key in its own header, which proves the possession of that key and nothing else.
Result<Possession> verify_possession(std::string_view compact, std::string_view type, ErrorCode shape) {
  ELICENSE_TRY(const UnverifiedJws jws, UnverifiedJws::parse(compact, kMostBytes));
  ELICENSE_CHECK(jws.expect_type(type));
  const Json* jwk = jws.header().find("jwk");
  if (jwk == nullptr || jws.kid()) return shape;  // exactly one way to name the key
  ELICENSE_TRY(const PublicKey key, public_key_of_jwk(*jwk));
  ELICENSE_TRY(VerifiedJws verified, jws.verify(key));
  return Possession{.key = key, .payload = std::move(verified.payload)};
}

bool is_recent(UnixTime issued, UnixTime now) {
  const std::int64_t age = now - issued;
  return age <= kProofSeconds && age >= -kProofSeconds;
}

// The htu without what RFC 9449 4.3 leaves out of the comparison.
std::string_view without_query(std::string_view url) { return url.substr(0, url.find_first_of("?#")); }

Result<std::string> bounded_member(const Json& payload, std::string_view name, ErrorCode error) {
  ELICENSE_TRY(std::string value, string_member(payload, name, error));
  if (value.empty() || value.size() > kLongestId) return error;
  return value;
}

}  // namespace

std::string access_token_digest(std::string_view access_token) {
  return base64url_encode(sha256(view_of(access_token)));
}

Result<VerifiedDpop> verify_dpop(std::string_view compact, const DpopPolicy& policy) {
  ELICENSE_TRY(const Possession proof, verify_possession(compact, kDpopType, ErrorCode::dpop_shape));
  VerifiedDpop dpop{.key = proof.key, .id = {}, .issued = {}, .nonce = std::nullopt};
  ELICENSE_TRY(const std::string method, string_member(proof.payload, "htm", ErrorCode::dpop_shape));
  ELICENSE_TRY(const std::string url, string_member(proof.payload, "htu", ErrorCode::dpop_shape));
  ELICENSE_TRY(dpop.issued, time_member(proof.payload, "iat", ErrorCode::dpop_shape));
  ELICENSE_TRY(dpop.id, bounded_member(proof.payload, "jti", ErrorCode::dpop_shape));
  if (proof.payload.find("nonce") != nullptr) {
    ELICENSE_TRY(dpop.nonce, bounded_member(proof.payload, "nonce", ErrorCode::dpop_shape));
  }
  if (method != policy.method) return ErrorCode::dpop_method;
  if (without_query(url) != policy.url) return ErrorCode::dpop_url;
  if (!is_recent(dpop.issued, policy.now)) return ErrorCode::dpop_time;
  if (policy.access_token) {
    const auto digest = string_member(proof.payload, "ath", ErrorCode::dpop_token);
    if (!digest || *digest != access_token_digest(*policy.access_token)) return ErrorCode::dpop_token;
  }
  return dpop;
}

Result<VerifiedKeyProof> verify_key_proof(std::string_view compact, const KeyProofPolicy& policy) {
  ELICENSE_TRY(const Possession proof, verify_possession(compact, kKeyProofType, ErrorCode::key_proof_shape));
  VerifiedKeyProof verified{.key = proof.key, .nonce = {}};
  ELICENSE_TRY(const std::string audience, string_member(proof.payload, "aud", ErrorCode::key_proof_shape));
  ELICENSE_TRY(const UnixTime issued, time_member(proof.payload, "iat", ErrorCode::key_proof_shape));
  ELICENSE_TRY(verified.nonce, bounded_member(proof.payload, "nonce", ErrorCode::key_proof_shape));
  if (audience != policy.audience) return ErrorCode::key_proof_audience;
  if (!is_recent(issued, policy.now)) return ErrorCode::key_proof_time;
  return verified;
}

}  // namespace elicense
