#include "token/sd_jwt.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/base64url.h"
#include "base/bytes.h"
#include "crypto/digest.h"

namespace elicense {
namespace {

constexpr std::size_t kMostDisclosures = 256;
constexpr std::size_t kMostNesting = 32;  // of disclosed claims within disclosed claims, levels of JSON included
constexpr std::size_t kDisclosureDepth = 16;
constexpr std::size_t kDisclosureValues = 4096;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kMostKeyBindingBytes = 4096;
constexpr std::int64_t kKeyBindingClockAllowanceSeconds = 60;  // how far the holder's clock may run ahead
constexpr std::string_view kHashName = "sha-256";

std::string digest_of(std::string_view text) { return base64url_encode(sha256(view_of(text))); }

const std::string* placeholder_digest(const Json& element) {
  const Json::Object* object = element.object();
  if (object == nullptr || object->size() != 1 || object->front().first != "...") return nullptr;
  return object->front().second.string();
}

// One walk over the payload; every digest met is remembered, every disclosure used is ticked off.
class Revealer {
 public:
  explicit Revealer(const std::vector<Disclosure>& disclosures) {
    for (const Disclosure& disclosure : disclosures) disclosed_.push_back({disclosure.digest(), &disclosure});
  }

  Result<Json> run(const Json& payload) {
    std::vector<std::string_view> digests;
    for (const Disclosed& disclosed : disclosed_) digests.push_back(disclosed.digest);
    if (has_equals(std::move(digests))) return ErrorCode::sd_jwt_disclosure;
    ELICENSE_TRY(Json claims, walk(payload, 0));
    if (has_equals(std::move(withheld_))) return ErrorCode::sd_jwt_digest;
    const auto is_used = [](const Disclosed& disclosed) { return disclosed.used; };
    if (!std::all_of(disclosed_.begin(), disclosed_.end(), is_used)) return ErrorCode::sd_jwt_disclosure;
    return claims;
  }

 private:
  struct Disclosed {
    std::string digest;
    const Disclosure* disclosure;
    bool used = false;
  };

  // What stands behind a digest: nullptr when it was not disclosed (or is a decoy).
  Result<const Disclosure*> take(const std::string& digest) {
    const auto found = std::find_if(disclosed_.begin(), disclosed_.end(),
                                    [&](const Disclosed& disclosed) { return disclosed.digest == digest; });
    if (found == disclosed_.end()) {
      withheld_.push_back(digest);
      return static_cast<const Disclosure*>(nullptr);
    }
    if (found->used) return ErrorCode::sd_jwt_digest;
    found->used = true;
    return found->disclosure;
  }

  Result<Json> walk(const Json& value, std::size_t depth) {
    if (depth > kMostNesting) return ErrorCode::sd_jwt_disclosure;
    if (value.object() != nullptr) return walk_object(*value.object(), depth);
    if (value.array() != nullptr) return walk_array(*value.array(), depth);
    return value;
  }

  Result<Json> walk_array(const Json::Array& array, std::size_t depth) {
    Json::Array revealed;
    for (const Json& element : array) {
      const Json* shown = &element;
      if (const std::string* digest = placeholder_digest(element)) {
        ELICENSE_TRY(const Disclosure* disclosure, take(*digest));
        if (disclosure == nullptr) continue;
        if (disclosure->name) return ErrorCode::sd_jwt_digest;
        shown = &disclosure->value;
      }
      ELICENSE_TRY(Json inner, walk(*shown, depth + 1));
      revealed.push_back(std::move(inner));
    }
    return Json(std::move(revealed));
  }

  Result<Json> walk_object(const Json::Object& object, std::size_t depth) {
    Json::Object revealed;
    for (const auto& [name, value] : object) {
      if (name == "_sd") continue;
      if (name == "...") return ErrorCode::sd_jwt_digest;
      if (name == "_sd_alg" && depth == 0) continue;
      ELICENSE_TRY(Json inner, walk(value, depth + 1));
      revealed.emplace_back(name, std::move(inner));
    }
    const auto digests =
        std::find_if(object.begin(), object.end(), [](const auto& member) { return member.first == "_sd"; });
    if (digests != object.end()) ELICENSE_CHECK(add_disclosed(digests->second, revealed, depth));
    return Json(std::move(revealed));
  }

  Status add_disclosed(const Json& digests, Json::Object& to, std::size_t depth) {
    if (digests.array() == nullptr) return ErrorCode::sd_jwt_digest;
    for (const Json& entry : *digests.array()) {
      if (entry.string() == nullptr) return ErrorCode::sd_jwt_digest;
      ELICENSE_TRY(const Disclosure* disclosure, take(*entry.string()));
      if (disclosure == nullptr) continue;
      if (!disclosure->name) return ErrorCode::sd_jwt_digest;
      const auto same_name = [&](const Json::Member& member) { return member.first == *disclosure->name; };
      if (std::any_of(to.begin(), to.end(), same_name)) return ErrorCode::sd_jwt_digest;
      ELICENSE_TRY(Json inner, walk(disclosure->value, depth + 1));
      to.emplace_back(*disclosure->name, std::move(inner));
    }
    return Done{};
  }

  std::vector<Disclosed> disclosed_;
  std::vector<std::string_view> withheld_;  // of the payload and the disclosures
};

// Every digest that stands somewhere in a value.
void collect_digests(const Json& value, std::set<std::string>& into) {
  if (const std::string* digest = placeholder_digest(value)) into.insert(*digest);
  if (value.array() != nullptr) {
    for (const Json& element : *value.array()) collect_digests(element, into);
  }
  if (value.object() == nullptr) return;
  for (const auto& [name, member] : *value.object()) {
    if (name == "_sd" && member.array() != nullptr) {
      for (const Json& digest : *member.array()) {
        if (digest.string() != nullptr) into.insert(*digest.string());
      }
    } else {
      collect_digests(member, into);
    }
  }
}

}  // namespace

Result<Disclosure> Disclosure::parse(std::string_view encoded) {
  ELICENSE_TRY(const Bytes text, base64url_decode(encoded));
  ELICENSE_TRY(const Json json, Json::parse(text_of(text), {text.size(), kDisclosureDepth, kDisclosureValues}));
  const Json::Array* parts = json.array();
  if (parts == nullptr || (parts->size() != 2 && parts->size() != 3)) return ErrorCode::sd_jwt_disclosure;
  if ((*parts)[0].string() == nullptr) return ErrorCode::sd_jwt_disclosure;
  Disclosure disclosure{.encoded = std::string(encoded), .name = std::nullopt, .value = parts->back()};
  if (parts->size() == 3) {
    const std::string* name = (*parts)[1].string();
    if (name == nullptr || *name == "_sd" || *name == "...") return ErrorCode::sd_jwt_disclosure;
    disclosure.name = *name;
  }
  return disclosure;
}

Disclosure Disclosure::make(std::string_view name, const Json& value, RandomSource& random) {
  std::array<std::uint8_t, kSaltBytes> salt{};
  random.fill(salt);
  const Json parts = Json::Array{base64url_encode(salt), name, value};
  return {.encoded = base64url_encode(view_of(parts.dump())), .name = std::string(name), .value = value};
}

std::string Disclosure::digest() const { return digest_of(encoded); }

Result<Json> reveal(const Json& payload, const std::vector<Disclosure>& disclosures) {
  if (const Json* algorithm = payload.find("_sd_alg")) {
    if (algorithm->string() == nullptr || *algorithm->string() != kHashName) return ErrorCode::sd_jwt_hash;
  }
  return Revealer(disclosures).run(payload);
}

Result<std::string> issue_sd_jwt(const JwsHeader& header, const SdJwtContent& content, const Signer& key,
                                 RandomSource& random) {
  std::vector<std::string> digests;
  std::string disclosures;
  for (const auto& [name, value] : content.disclosable) {
    const Disclosure disclosure = Disclosure::make(name, value, random);
    digests.push_back(disclosure.digest());
    disclosures += disclosure.encoded + "~";
  }
  std::sort(digests.begin(), digests.end());  // so that the order tells nothing
  Json::Object payload = content.plain;
  payload.emplace_back("_sd_alg", kHashName);
  payload.emplace_back("_sd", Json::Array(digests.begin(), digests.end()));
  ELICENSE_TRY(const std::string jws, sign_jws(header, std::move(payload), key));
  return jws + "~" + disclosures;
}

Result<UnverifiedSdJwt> UnverifiedSdJwt::parse(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) return ErrorCode::text_size;
  const std::size_t first = text.find('~');
  if (first == std::string_view::npos) return ErrorCode::sd_jwt_shape;
  const std::size_t last = text.rfind('~');
  ELICENSE_TRY(UnverifiedJws jws, UnverifiedJws::parse(text.substr(0, first), most_bytes));
  UnverifiedSdJwt token(std::move(jws), std::string(text.substr(0, last + 1)));
  for (std::size_t at = first + 1; at <= last;) {
    const std::size_t end = text.find('~', at);
    if (token.disclosures_.size() == kMostDisclosures) return ErrorCode::sd_jwt_shape;
    ELICENSE_TRY(Disclosure disclosure, Disclosure::parse(text.substr(at, end - at)));
    token.disclosures_.push_back(std::move(disclosure));
    at = end + 1;
  }
  if (last + 1 < text.size()) {
    // Read even where nobody asks for it: the rest of a disclosure that was cut off must not pass for one.
    ELICENSE_TRY(UnverifiedJws binding, UnverifiedJws::parse(text.substr(last + 1), kMostKeyBindingBytes));
    ELICENSE_CHECK(binding.expect_type(kKeyBindingType));
    token.key_binding_ = std::move(binding);
  }
  return token;
}

Result<VerifiedSdJwt> UnverifiedSdJwt::verify(const PublicKey& issuer_key) const {
  ELICENSE_TRY(VerifiedJws verified, jws_.verify(issuer_key));
  ELICENSE_TRY(Json claims, reveal(verified.payload, disclosures_));
  return VerifiedSdJwt{.jws = issuer_signed_.substr(0, issuer_signed_.find('~')),
                       .payload = std::move(verified.payload),
                       .claims = std::move(claims),
                       .disclosures = disclosures_};
}

Status UnverifiedSdJwt::verify_key_binding(const PublicKey& holder_key, const KeyBindingPolicy& policy) const {
  if (!key_binding_) return ErrorCode::key_binding_missing;
  const auto verified = key_binding_->verify(holder_key);
  if (!verified.ok())
    return verified.error() == ErrorCode::signature ? ErrorCode::key_binding_signature : verified.error();
  ELICENSE_TRY(const std::string digest, string_member(verified->payload, "sd_hash", ErrorCode::key_binding_shape));
  ELICENSE_TRY(const std::string audience, string_member(verified->payload, "aud", ErrorCode::key_binding_shape));
  ELICENSE_TRY(const std::string nonce, string_member(verified->payload, "nonce", ErrorCode::key_binding_shape));
  ELICENSE_TRY(const UnixTime issued, time_member(verified->payload, "iat", ErrorCode::key_binding_shape));
  if (digest != digest_of(issuer_signed_)) return ErrorCode::key_binding_digest;
  if (audience != policy.audience) return ErrorCode::key_binding_audience;
  if (nonce != policy.nonce) return ErrorCode::key_binding_nonce;
  const std::int64_t age = policy.now - issued;
  if (age > policy.most_age_seconds || age < -kKeyBindingClockAllowanceSeconds) return ErrorCode::key_binding_time;
  return Done{};
}

Result<std::string> present_sd_jwt(const VerifiedSdJwt& token, const std::vector<std::string>& names) {
  std::set<std::string> top_level;
  if (const Json* digests = token.payload.find("_sd")) collect_digests(Json::Object{{"_sd", *digests}}, top_level);
  std::set<std::string> wanted;  // digests that stand within what was chosen
  std::vector<bool> keep(token.disclosures.size());
  for (const std::string& name : names) {
    bool found = false;
    for (std::size_t i = 0; i < keep.size(); ++i) {
      const Disclosure& disclosure = token.disclosures[i];
      if (disclosure.name != name || !top_level.contains(disclosure.digest())) continue;
      keep[i] = found = true;
      collect_digests(disclosure.value, wanted);
    }
    if (!found) return ErrorCode::sd_jwt_disclosure;
  }
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t i = 0; i < keep.size(); ++i) {
      if (keep[i] || !wanted.contains(token.disclosures[i].digest())) continue;
      keep[i] = grew = true;
      collect_digests(token.disclosures[i].value, wanted);
    }
  }
  std::string presentation = token.jws + "~";
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i]) presentation += token.disclosures[i].encoded + "~";
  }
  return presentation;
}

SigningInput key_binding_input(std::string_view presentation, const KeyBinding& binding) {
  const Json header = Json::Object{{"alg", "EdDSA"}, {"typ", kKeyBindingType}};
  const Json payload = Json::Object{{"iat", binding.issued.seconds},
                                    {"aud", binding.audience},
                                    {"nonce", binding.nonce},
                                    {"sd_hash", digest_of(presentation)}};
  return jws_signing_input(header, payload);
}

std::string bind_key(std::string_view presentation, const SigningInput& input, const Signature& signature) {
  return std::string(presentation) + jws_assemble(input, signature);
}

}  // namespace elicense
