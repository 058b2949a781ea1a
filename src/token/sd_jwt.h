// SD-JWT (RFC 9901) with key binding: a JWS whose claims the holder may disclose one by one.
//
//     <issuer-signed JWS> ~ <disclosure> ~ … ~ [<key-binding JWS>]
//
// Refuses digest algorithms other than sha-256, digests that stand twice, disclosures that are malformed, doubled or
// belong nowhere, claims that overwrite one another, and key bindings over another token, audience, nonce or time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "token/jws.h"

namespace elicense {

inline constexpr std::string_view kKeyBindingType = "kb+jwt";

struct Disclosure {
  std::string encoded;              // as received: its digest is over these characters
  std::optional<std::string> name;  // nullopt: an array's element
  Json value;

  static Result<Disclosure> parse(std::string_view encoded);
  static Disclosure make(std::string_view name, const Json& value, RandomSource& random);
  std::string digest() const;
};

// The payload with every digest replaced by what was disclosed for it, or removed (RFC 9901 7.1, steps 3 and 4).
Result<Json> reveal(const Json& payload, const std::vector<Disclosure>& disclosures);

struct SdJwtContent {
  Json::Object plain;        // always visible
  Json::Object disclosable;  // each behind a digest of its own
};
Result<std::string> issue_sd_jwt(const JwsHeader& header, const SdJwtContent& content, const Signer& key,
                                 RandomSource& random);

struct KeyBindingPolicy {
  std::string_view audience;
  std::string_view nonce;
  UnixTime now;
  std::int64_t most_age_seconds;
};

struct VerifiedSdJwt {
  std::string jws;  // the issuer-signed part as received
  Json payload;     // as signed: only what stands here was not for the holder to hide
  Json claims;      // with the disclosed claims in their places
  std::vector<Disclosure> disclosures;
};

class UnverifiedSdJwt {
 public:
  static Result<UnverifiedSdJwt> parse(std::string_view text, std::size_t most_bytes);
  const UnverifiedJws& jws() const { return jws_; }
  const std::vector<Disclosure>& disclosures() const { return disclosures_; }
  bool has_key_binding() const { return key_binding_.has_value(); }

  Result<VerifiedSdJwt> verify(const PublicKey& issuer_key) const;
  Status verify_key_binding(const PublicKey& holder_key, const KeyBindingPolicy& policy) const;

 private:
  UnverifiedSdJwt(UnverifiedJws jws, std::string issuer_signed)
      : jws_(std::move(jws)), issuer_signed_(std::move(issuer_signed)) {}
  UnverifiedJws jws_;
  std::string issuer_signed_;  // everything before the key binding, with its last '~'
  std::vector<Disclosure> disclosures_;
  std::optional<UnverifiedJws> key_binding_;
};

// The holder's choice: the same token with the disclosures of the named top-level claims and of all within them, and no
// key binding yet. A name that the token cannot disclose is refused.
Result<std::string> present_sd_jwt(const VerifiedSdJwt& token, const std::vector<std::string>& names);

struct KeyBinding {
  std::string_view audience;
  std::string_view nonce;
  UnixTime issued;
};
SigningInput key_binding_input(std::string_view presentation, const KeyBinding& binding);
std::string bind_key(std::string_view presentation, const SigningInput& input, const Signature& signature);

}  // namespace elicense
