#include "token/jwk.h"

#include "base/base64url.h"
#include "crypto/digest.h"

namespace elicense {

Json jwk_of(const PublicKey& key) {
  return Json::Object{{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", base64url_encode(key.view())}};
}

Result<PublicKey> public_key_of_jwk(const Json& jwk) {
  const auto member_is = [&jwk](std::string_view name, std::string_view value) {
    const Json* member = jwk.find(name);
    return member != nullptr && member->string() != nullptr && *member->string() == value;
  };
  if (!member_is("kty", "OKP") || !member_is("crv", "Ed25519") || jwk.find("d") != nullptr) return ErrorCode::jwk_shape;
  const Json* x = jwk.find("x");
  if (x == nullptr || x->string() == nullptr) return ErrorCode::jwk_shape;
  ELICENSE_TRY(const Bytes encoded, base64url_decode(*x->string()));
  return PublicKey::from(encoded);
}

std::string jwk_thumbprint(const PublicKey& key) {
  const std::string canonical = R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url_encode(key.view()) + R"("})";
  return base64url_encode(sha256(view_of(canonical)));
}

std::string key_name(const PublicKey& key) { return jwk_thumbprint(key).substr(0, 8); }

}  // namespace elicense
