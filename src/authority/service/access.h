// Who is asking, and whether they ask too often. Refuses access tokens that are unknown or over, proofs of possession
// of another key, request, time or token, proofs seen before, and phones that another phone has taken the place of.
#pragma once

#include <string>
#include <string_view>

#include "authority/service/answer.h"
#include "authority/service/service.h"
#include "token/possession.h"

namespace elicense::authority {

struct Holder {
  std::string document_number;
  std::string device;  // thumbprint of the phone's key
  PublicKey device_key;
  UnixTime until;  // when the access token is over
};

inline constexpr std::string_view kAccessScope = "licence";
inline constexpr std::string_view kRefreshScope = "refresh";

// The phone behind a request to a protected endpoint: known by its token and proof, then admitted, which counts against
// its rate limit and uses up the proof, and nonces with it.
struct Presented {
  AccessToken access;
  VerifiedDpop proof;
};
Answered<Presented> presented_by(Service& service, const HttpRequest& request);
Answered<Holder> admit(Service& service, const Presented& presented, std::vector<SecretDigest> nonces);
Answered<Holder> holder_of(Service& service, const HttpRequest& request);  // both

// The proof alone, as DpopPolicy has it, or the code of what is wrong with it: the token endpoint answers that in a
// form of its own. It is not used up yet.
Result<VerifiedDpop, std::string_view> proof_of(Service& service, const HttpRequest& request,
                                                const std::optional<std::string_view>& access_token);
Answered<Spend> use_proof(Service& service, const VerifiedDpop& proof);

Answered<Done> within_limit(Service& service, std::string_view key, const RateLimit& limit);  // 429 rate-limit
// An address counts as it is; of IPv6 the first 64 bits, which is what one household has.
std::string address_key(std::string_view remote);
Answered<Done> within_address_limit(Service& service, const HttpRequest& request);

// 32 random bytes in base64url: an access token, a code, a nonce.
std::string new_secret(RandomSource& random);

}  // namespace elicense::authority
