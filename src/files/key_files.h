// Keys as operators keep them: secret ones as JWK files {"kty":"OKP","crv":"Ed25519","x","d","kid"} that their owner
// alone may read, public ones as base64url of 32 bytes or as a JWK file. Refuses a public part or a name that is not
// the secret part's.
#pragma once

#include <string>
#include <string_view>

#include "codec/json.h"
#include "crypto/ed25519.h"
#include "files/files.h"

namespace elicense {

Outcome<SecretKey> read_secret_key(const std::string& path, InputFiles& files);
Outcome<Done> create_key_file(const std::string& path, const SecretKey& key);
// KEY or @FILE, as the option named gives it.
Outcome<PublicKey> read_public_key(std::string_view option, const std::string& text, InputFiles& files);
Json public_jwk(const PublicKey& key);  // with its name as kid

}  // namespace elicense
