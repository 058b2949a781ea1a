// SD-JWT: RFC 9901's and the SD-JWT VC draft's examples (ES256: digests and disclosures are checked, the signature's
// algorithm is refused), and the claims of sd-jwt-js issued and presented by us.
#include "token/sd_jwt.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/base64url.h"
#include "crypto/digest.h"
#include "support/demo.h"
#include "support/vectors.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::size_t kMostBytes = 65536;
constexpr JsonLimits kPayloadLimits = {.bytes = kMostBytes, .depth = 16, .values = 8192};

// A compact SD-JWT taken apart here, because the product reads nothing behind an ES256 header.
struct Parts {
  std::string jws;
  std::vector<std::string> disclosures;
  std::string key_binding;  // empty: none
  std::string presented;    // all before the key binding
};

Parts split(const std::string& token) {
  Parts parts;
  std::size_t start = 0;
  for (std::size_t end = token.find('~'); end != std::string::npos; end = token.find('~', start)) {
    if (start == 0) parts.jws = token.substr(0, end);
    if (start != 0) parts.disclosures.push_back(token.substr(start, end - start));
    start = end + 1;
  }
  parts.presented = token.substr(0, start);
  if (start == 0) parts.jws = token;  // the issuer-signed JWT alone
  if (start != 0) parts.key_binding = token.substr(start);
  return parts;
}

Result<Json> payload_of(const std::string& jws) {
  const std::size_t first = jws.find('.');
  const std::size_t second = jws.find('.', first + 1);
  if (second == std::string::npos) return ErrorCode::jws_shape;
  ELICENSE_TRY(const Bytes bytes, base64url_decode(std::string_view(jws).substr(first + 1, second - first - 1)));
  return Json::parse(text_of(bytes), kPayloadLimits);
}

// Nothing of the machinery is left in a payload that has been revealed.
bool has_machinery(const Json& value) {
  if (value.array() != nullptr) return std::any_of(value.array()->begin(), value.array()->end(), has_machinery);
  if (value.object() == nullptr) return false;
  return std::any_of(value.object()->begin(), value.object()->end(), [](const Json::Member& member) {
    const std::string& name = member.first;
    return name == "_sd" || name == "_sd_alg" || name == "..." || has_machinery(member.second);
  });
}

bool has_member(const Json& value, const std::string& name) {
  if (value.find(name) != nullptr) return true;
  if (value.array() != nullptr) {
    return std::any_of(value.array()->begin(), value.array()->end(),
                       [&](const Json& e) { return has_member(e, name); });
  }
  return value.object() != nullptr && std::any_of(value.object()->begin(), value.object()->end(),
                                                  [&](const auto& member) { return has_member(member.second, name); });
}

void check_disclosures(Tally& tally, const Json& file) {
  for (const Json& entry : array_at(file, "disclosures")) {
    VectorCase vector(tally, "disclosure " + text_at(entry, "hash"));
    const auto disclosure = Disclosure::parse(text_at(entry, "disclosure"));
    if (!vector.holds(disclosure.ok(), "is a disclosure")) continue;
    vector.holds(disclosure->digest() == text_at(entry, "hash"), "has the digest given");
    const Json::Array& contents = array_at(entry, "contents");
    vector.holds(same_json(disclosure->value, contents.back()), "has the value given");
    vector.holds(disclosure->name.has_value() == (contents.size() == 3), "has a name or is an array's element");
    if (contents.size() == 3 && disclosure->name)
      vector.holds(*disclosure->name == *contents[1].string(), "has the name given");
  }
}

void check_revealed(VectorCase& vector, const Parts& parts) {
  const auto payload = payload_of(parts.jws);
  if (!vector.holds(payload.ok(), "has a payload")) return;
  std::vector<Disclosure> disclosures;
  for (const std::string& encoded : parts.disclosures) {
    const auto disclosure = Disclosure::parse(encoded);
    if (!vector.holds(disclosure.ok(), "has disclosures that parse")) return;
    disclosures.push_back(*disclosure);
  }
  const auto claims = reveal(*payload, disclosures);
  if (!vector.holds(claims.ok(), "can be revealed")) return;
  vector.holds(!has_machinery(*claims), "keeps no digest");
  for (const Disclosure& disclosure : disclosures) {
    if (disclosure.name) vector.holds(has_member(*claims, *disclosure.name), "shows " + *disclosure.name);
  }
  disclosures.push_back(Disclosure::parse("WyJzYWx0IiwgIm5vYm9keSIsICJhc2tlZCJd").value());
  const auto too_much = reveal(*payload, disclosures);
  vector.holds(!too_much.ok() && too_much.error() == ErrorCode::sd_jwt_disclosure,
               "refuses a disclosure that belongs nowhere");
}

void check_tokens(Tally& tally, const Json& file) {
  for (const Json& entry : array_at(file, "tokens")) {
    const std::string& token = text_at(entry, "token");
    const std::string name = text_at(entry, "section") + " (line " + at(entry, "line").dump() + ")";
    const Parts parts = split(token);
    {
      VectorCase vector(tally, name + ", revealed");
      check_revealed(vector, parts);
    }
    {
      VectorCase vector(tally, name + ", as a token");
      if (token.find('~') == std::string::npos) {
        vector.refused(UnverifiedJws::parse(token, kMostBytes), {ErrorCode::algorithm});
      } else {
        vector.refused(UnverifiedSdJwt::parse(token, kMostBytes), {ErrorCode::algorithm});
      }
    }
    if (parts.key_binding.empty()) continue;
    VectorCase vector(tally, name + ", key binding");
    const auto binding = payload_of(parts.key_binding);
    const std::string digest = base64url_encode(sha256(view_of(parts.presented)));
    vector.holds(binding.ok() && text_at(*binding, "sd_hash") == digest, "has the digest of what it binds");
    vector.refused(UnverifiedJws::parse(parts.key_binding, kMostBytes), {ErrorCode::algorithm});
  }
}

TEST(Vectors, Rfc9901) {
  Tally& tally = Tally::of("RFC 9901, SD-JWT examples");
  ELICENSE_VECTORS_OR_SKIP(tally, "sd-jwt/rfc9901");
  const Json file = read_json_vector("sd-jwt/rfc9901_examples.json");
  check_disclosures(tally, file);
  check_tokens(tally, file);
}

TEST(Vectors, SdJwtVcDraft) {
  Tally& tally = Tally::of("SD-JWT VC draft 19 examples");
  ELICENSE_VECTORS_OR_SKIP(tally, "sd-jwt/sd_jwt_vc");
  const Json file = read_json_vector("sd-jwt/sd_jwt_vc_draft19_examples.json");
  check_disclosures(tally, file);
  check_tokens(tally, file);
}

// --- sd-jwt-js: claims, what of them is disclosable, what is presented, and what that shows ---

bool is_top_level(const Json& frame) {
  return std::all_of(frame.object()->begin(), frame.object()->end(),
                     [](const auto& member) { return member.first == "_sd"; });
}

SdJwtContent content_of(const Json& claims, const Json& frame) {
  SdJwtContent content;
  const Json* disclosable = frame.find("_sd");
  for (const Json::Member& claim : *claims.object()) {
    const bool hidden =
        disclosable != nullptr && std::any_of(disclosable->array()->begin(), disclosable->array()->end(),
                                              [&](const Json& name) { return *name.string() == claim.first; });
    (hidden ? content.disclosable : content.plain).push_back(claim);
  }
  return content;
}

void check_issued(VectorCase& vector, const Json& file) {
  CountingRandom random;
  const SecretKey key = issuer_key();
  const SdJwtContent content = content_of(at(file, "claims"), at(file, "disclosureFrame"));
  const std::string token = issue_sd_jwt({.type = "example+sd-jwt", .kid = std::nullopt}, content, key, random).value();
  const auto issued = UnverifiedSdJwt::parse(token, kMostBytes);
  if (!vector.holds(issued.ok(), "is an SD-JWT")) return;
  vector.holds(issued->disclosures().size() == content.disclosable.size(), "has a disclosure for each claim");
  const auto whole = issued->verify(key.public_key());
  if (!vector.holds(whole.ok(), "verifies")) return;
  vector.holds(same_json(whole->claims, at(file, "claims")), "has all claims when all is disclosed");
  std::vector<std::string> names;
  for (const auto& [name, value] : *at(file, "presentationFrames").object()) names.push_back(name);
  const auto presentation = present_sd_jwt(*whole, names);
  if (!vector.holds(presentation.ok(), "can be presented")) return;
  const auto presented = UnverifiedSdJwt::parse(*presentation, kMostBytes);
  const auto shown = presented.ok() ? presented->verify(key.public_key()) : presented.error();
  vector.holds(shown.ok() && same_json(shown->claims, at(file, "presentedClaims")), "shows the claims expected");
}

TEST(Vectors, SdJwtJsCases) {
  Tally& tally = Tally::of("sd-jwt-js cases, issued and presented by us");
  ELICENSE_VECTORS_OR_SKIP(tally, "sd-jwt/js-core-cases/");
  for (const std::string& path : vector_files("sd-jwt/js-core-cases/")) {
    const Json file = read_json_vector(path);
    if (!is_top_level(at(file, "disclosureFrame"))) {
      leave_out(tally, path, "hides parts within a claim, which we read and never issue");
      continue;
    }
    VectorCase vector(tally, file_name(path));
    check_issued(vector, file);
  }
  for (const std::string& path : vector_files("sd-jwt/python-testcases/")) {
    leave_out(tally, path, "sd-jwt-python's files: the same cases as YAML, inputs alone, for ES256 keys");
  }
}

}  // namespace
}  // namespace elicense
