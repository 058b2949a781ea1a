#include "token/jws.h"

#include "base/base64url.h"

namespace elicense {
namespace {

constexpr JsonLimits kHeaderLimits = {.bytes = 8192, .depth = 8, .values = 256};
constexpr std::size_t kPayloadDepth = 16;
constexpr std::size_t kPayloadValues = 8192;

bool is_ed25519(const Json& header) {
  const Json* algorithm = header.find("alg");
  if (algorithm == nullptr || algorithm->string() == nullptr) return false;
  return *algorithm->string() == "EdDSA" || *algorithm->string() == "Ed25519";  // RFC 8037, RFC 9864
}

Json header_of(const JwsHeader& header) {
  Json::Object members{{"alg", "EdDSA"}, {"typ", header.type}};
  if (header.kid) members.emplace_back("kid", *header.kid);
  return members;
}

Result<Json> read_claims(std::string_view base64url) {
  ELICENSE_TRY(const Bytes payload, base64url_decode(base64url));
  const JsonLimits limits = {.bytes = payload.size(), .depth = kPayloadDepth, .values = kPayloadValues};
  ELICENSE_TRY(Json claims, Json::parse(text_of(payload), limits));
  if (claims.object() == nullptr) return ErrorCode::jws_shape;
  return claims;
}

}  // namespace

Result<UnverifiedJws> UnverifiedJws::parse(std::string_view compact, std::size_t most_bytes) {
  if (compact.size() > most_bytes) return ErrorCode::text_size;
  const std::size_t first_dot = compact.find('.');
  const std::size_t last_dot = compact.rfind('.');
  if (first_dot == std::string_view::npos || first_dot == last_dot) return ErrorCode::jws_shape;
  if (compact.find('.', first_dot + 1) != last_dot) return ErrorCode::jws_shape;
  if (first_dot > kHeaderLimits.bytes * 2) return ErrorCode::jws_header;

  UnverifiedJws jws;
  ELICENSE_TRY(const Bytes header_bytes, base64url_decode(compact.substr(0, first_dot)));
  ELICENSE_TRY(jws.header_, Json::parse(text_of(header_bytes), kHeaderLimits));
  if (jws.header_.object() == nullptr) return ErrorCode::jws_header;
  if (!is_ed25519(jws.header_)) return ErrorCode::algorithm;
  if (jws.header_.find("crit") != nullptr || jws.header_.find("b64") != nullptr) return ErrorCode::jws_header;
  if (const Json* type = jws.header_.find("typ")) {
    if (type->string() == nullptr) return ErrorCode::jws_header;
    jws.type_ = *type->string();
  }
  if (const Json* kid = jws.header_.find("kid")) {
    if (kid->string() == nullptr) return ErrorCode::jws_header;
    jws.kid_ = *kid->string();
  }
  ELICENSE_TRY(const Bytes signature, base64url_decode(compact.substr(last_dot + 1)));
  ELICENSE_TRY(jws.signature_, Signature::from(signature));
  jws.signing_input_.bytes = copy_of(view_of(compact.substr(0, last_dot)));
  return jws;
}

Status UnverifiedJws::expect_type(std::string_view type) const {
  if (type_ != type) return ErrorCode::jws_type;
  return Done{};
}

std::string_view UnverifiedJws::payload_text() const {
  const std::string_view input = text_of(signing_input_.bytes);
  return input.substr(input.find('.') + 1);
}

Result<UnixTime> UnverifiedJws::claimed_issue_time() const {
  ELICENSE_TRY(const Json claims, read_claims(payload_text()));
  return time_member(claims, "iat", ErrorCode::jws_shape);
}

Result<VerifiedJws> UnverifiedJws::verify(const PublicKey& key) const {
  ELICENSE_CHECK(verify_signature(key, signing_input_, signature_));
  ELICENSE_TRY(Json claims, read_claims(payload_text()));
  return VerifiedJws{.header = header_, .payload = std::move(claims)};
}

SigningInput jws_signing_input(const Json& header, const Json& payload) {
  const std::string text = base64url_encode(view_of(header.dump())) + "." + base64url_encode(view_of(payload.dump()));
  return {copy_of(view_of(text))};
}

std::string jws_assemble(const SigningInput& input, const Signature& signature) {
  return std::string(text_of(input.bytes)) + "." + base64url_encode(signature.view());
}

Result<std::string> sign_jws(const JwsHeader& header, const Json& payload, const Signer& key) {
  const SigningInput input = jws_signing_input(header_of(header), payload);
  ELICENSE_TRY(const Signature signature, key.signature_over(input));
  return jws_assemble(input, signature);
}

Result<std::string> string_member(const Json& object, std::string_view name, ErrorCode error) {
  const Json* member = object.find(name);
  if (member == nullptr || member->string() == nullptr) return error;
  return *member->string();
}

Result<std::int64_t> integer_member(const Json& object, std::string_view name, ErrorCode error) {
  const Json* member = object.find(name);
  const auto value = member == nullptr ? std::nullopt : member->integer();
  if (!value) return error;
  return *value;
}

Result<UnixTime> time_member(const Json& object, std::string_view name, ErrorCode error) {
  ELICENSE_TRY(const std::int64_t seconds, integer_member(object, name, error));
  if (!is_wire_time(seconds)) return error;
  return UnixTime{seconds};
}

}  // namespace elicense
