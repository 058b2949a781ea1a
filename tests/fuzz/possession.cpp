#include "token/possession.h"

#include "fuzz/fuzz.h"
#include "support/demo.h"
#include "token/jwk.h"
#include "token/jws.h"

using namespace elicense;

// Whoever holds a key signs whatever he likes: the payload is the input, under a good signature.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SecretKey key = test::device_key();
  const auto payload = Json::parse(text_of(fuzz::view(data, size)), {.bytes = 4096, .depth = 8, .values = 256});
  if (!payload) return 0;
  for (const std::string_view type : {kDpopType, kKeyProofType}) {
    const Json header = Json::Object{{"alg", "EdDSA"}, {"typ", type}, {"jwk", jwk_of(key.public_key())}};
    const SigningInput input = jws_signing_input(header, *payload);
    const std::string text = jws_assemble(input, key.sign(input));
    const auto dpop = verify_dpop(
        text,
        {.method = "POST", .url = "https://dl.example.org/token", .access_token = std::nullopt, .now = test::kNow});
    const auto proof = verify_key_proof(text, {.audience = test::kIssuer, .now = test::kNow});
    fuzz::must(!dpop.ok() || (type == kDpopType && !dpop->id.empty()));
    fuzz::must(!proof.ok() || (type == kKeyProofType && !proof->nonce.empty()));
  }
  return 0;
}
