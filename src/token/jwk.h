// Ed25519 keys as JWK (RFC 7517, RFC 8037) and their names. Refuses other key types, and a private part where none
// belongs.
#pragma once

#include <string>
#include <string_view>

#include "codec/json.h"
#include "crypto/ed25519.h"

namespace elicense {

Json jwk_of(const PublicKey& key);  // {"kty":"OKP","crv":"Ed25519","x":…}
Result<PublicKey> public_key_of_jwk(const Json& jwk);

std::string jwk_thumbprint(const PublicKey& key);  // RFC 7638, SHA-256, base64url
// The kid that keys get here: the first 8 characters of the thumbprint. Short, because it travels in every code; the
// trust list refuses two keys of one name.
std::string key_name(const PublicKey& key);

}  // namespace elicense
