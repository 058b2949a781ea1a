// Proofs that somebody holds a key: DPoP (RFC 9449) with each request, and the key proof of OpenID4VCI (jwt, F.1) when
// a token is to be bound to a key. They are the only tokens that name their own key, because that is what they are
// about. Refuses other types and algorithms, private keys, foreign requests, audiences and access tokens, and what was
// made too long ago or ahead. Single use (jti, nonce) is the caller's to remember: a proof is good for kProofSeconds
// around its iat.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/ed25519.h"

namespace elicense {

inline constexpr std::string_view kDpopType = "dpop+jwt";
inline constexpr std::string_view kKeyProofType = "openid4vci-proof+jwt";
inline constexpr std::int64_t kProofSeconds = 60;

// The request that a DPoP proof must speak of. Nullopt: no access token goes with it (at the token endpoint).
struct DpopPolicy {
  std::string_view method;
  std::string_view url;  // scheme, host and path as the client addressed them; no query, no fragment
  std::optional<std::string_view> access_token;
  UnixTime now;
};

struct VerifiedDpop {
  PublicKey key;
  std::string id;  // jti: to be taken once
  UnixTime issued;
  std::optional<std::string> nonce;
};

Result<VerifiedDpop> verify_dpop(std::string_view compact, const DpopPolicy& policy);
std::string access_token_digest(std::string_view access_token);  // `ath`: base64url of its SHA-256

struct KeyProofPolicy {
  std::string_view audience;  // the credential issuer's identifier
  UnixTime now;
};

struct VerifiedKeyProof {
  PublicKey key;
  std::string nonce;  // c_nonce: to be taken once
};

Result<VerifiedKeyProof> verify_key_proof(std::string_view compact, const KeyProofPolicy& policy);

}  // namespace elicense
