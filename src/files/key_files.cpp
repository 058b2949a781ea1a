#include "files/key_files.h"

#include "base/base64url.h"
#include "token/jwk.h"

namespace elicense {
namespace {

constexpr std::size_t kMostKeyFile = 4096;
constexpr JsonLimits kKeyLimits = {.bytes = kMostKeyFile, .depth = 4, .values = 32};

// The members besides the secret, so that the library reads them as a public key.
Outcome<PublicKey> public_part(const std::string& path, const Json& jwk) {
  Json::Object members;
  for (const Json::Member& member : *jwk.object()) {
    if (member.first != "d") members.push_back(member);
  }
  const auto key = public_key_of_jwk(Json(std::move(members)));
  if (!key.ok()) return usage_problem(path + " is not an Ed25519 key as JWK");
  return *key;
}

Outcome<SecretKey> secret_part(const std::string& path, const Json& jwk) {
  const Json* secret = jwk.find("d");
  if (secret == nullptr || secret->string() == nullptr) return usage_problem(path + " holds no secret key (no \"d\")");
  auto seed = base64url_decode(*secret->string());
  auto key = seed.ok() ? SecretKey::from_seed(*seed) : Result<SecretKey>(seed.error());
  if (seed.ok()) wipe(*seed);
  if (!key.ok()) return usage_problem(path + ": \"d\" is not a secret key");
  return std::move(key).value();
}

// The value is ours to overwrite; Json only has no way to hand it out for that.
void wipe_secret(const Json& jwk) {
  const Json* secret = jwk.find("d");
  if (secret != nullptr && secret->string() != nullptr) wipe(const_cast<std::string&>(*secret->string()));
}

Outcome<SecretKey> secret_key_of_jwk(const std::string& path, const Json& jwk) {
  ELICENSE_TRY(SecretKey key, secret_part(path, jwk));
  ELICENSE_TRY(const PublicKey stated, public_part(path, jwk));
  if (stated != key.public_key()) return usage_problem(path + ": \"x\" is not the public key of \"d\"");
  const Json* name = jwk.find("kid");
  const bool named_well = name == nullptr || (name->string() != nullptr && *name->string() == key_name(stated));
  if (!named_well) return usage_problem(path + ": \"kid\" is not the name of this key (" + key_name(stated) + ")");
  return key;
}

}  // namespace

Outcome<SecretKey> read_secret_key(const std::string& path, InputFiles& files) {
  ELICENSE_TRY(std::string content, files.read_secret(path, kMostKeyFile));
  auto jwk = Json::parse(content, kKeyLimits);
  wipe(content);
  const std::string name = path == "-" ? "standard input" : path;
  if (!jwk.ok() || jwk->object() == nullptr) return usage_problem(name + " is not a JWK");
  Outcome<SecretKey> key = secret_key_of_jwk(name, *jwk);
  wipe_secret(*jwk);
  return key;
}

Outcome<Done> create_key_file(const std::string& path, const SecretKey& key) {
  Json::Object members = *jwk_of(key.public_key()).object();
  members.emplace_back("d", base64url_encode(key.seed()));
  members.emplace_back("kid", key_name(key.public_key()));
  std::string content = Json(std::move(members)).dump() + "\n";
  Outcome<Done> created = create_secret_file(path, content);
  wipe(content);
  return created;
}

Outcome<PublicKey> read_public_key(std::string_view option, const std::string& text, InputFiles& files) {
  if (text.starts_with('@')) {
    const std::string path = text.substr(1);
    ELICENSE_TRY(const std::string content, files.read(path, kMostKeyFile));
    const auto jwk = Json::parse(content, kKeyLimits);
    const auto key = jwk.ok() ? public_key_of_jwk(*jwk) : Result<PublicKey>(jwk.error());
    if (!key.ok()) return usage_problem(path + " is not a public Ed25519 key as JWK");
    return *key;
  }
  const auto encoded = base64url_decode(text);
  const auto key = encoded.ok() ? PublicKey::from(*encoded) : Result<PublicKey>(encoded.error());
  if (!key.ok())
    return usage_problem(std::string(option) + " takes a public key: 32 bytes in base64url, or @FILE with a JWK");
  return *key;
}

Json public_jwk(const PublicKey& key) {
  Json::Object members = *jwk_of(key).object();
  members.emplace_back("kid", key_name(key));
  return members;
}

}  // namespace elicense
