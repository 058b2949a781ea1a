// Ed25519 keys as others write them in the vectors: did:key (multibase base58btc, multicodec 0xed01) and X.509.
// The product reads neither: its keys come from the trust list.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/ed25519.h"

namespace elicense::test {

std::optional<Bytes> base58_decode(std::string_view text);

// "z6Mk…", with or without "did:key:" or "#" in front.
std::optional<PublicKey> key_of_did(std::string_view did);

// The first SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 4) within a certificate's DER; nothing is verified.
std::optional<PublicKey> key_of_certificate(ByteView der);

}  // namespace elicense::test
