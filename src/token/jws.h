// JWS in compact form (RFC 7515) with Ed25519 alone. The header is read first, the payload only when the signature has
// been verified over the bytes as received. Refuses other algorithms ("none" first), critical extensions, unencoded
// payloads, and a typ that is not the one expected. Keys named by the token itself (jwk, jku, x5c, x5u) are never
// looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "codec/json.h"
#include "crypto/ed25519.h"

namespace elicense {

struct VerifiedJws;

class UnverifiedJws {
 public:
  // `most_bytes` bounds the whole token. Accepts any typ; the caller checks it with expect_type.
  static Result<UnverifiedJws> parse(std::string_view compact, std::size_t most_bytes);

  const std::string& type() const { return type_; }  // empty when absent
  const std::optional<std::string>& kid() const { return kid_; }
  const Json& header() const { return header_; }
  Status expect_type(std::string_view type) const;
  // The `iat`, before anything has been checked: of an answer to a question of ours it is the time to judge it by.
  Result<UnixTime> claimed_issue_time() const;

  Result<VerifiedJws> verify(const PublicKey& key) const;

 private:
  UnverifiedJws() = default;
  Json header_;
  std::string type_;
  std::optional<std::string> kid_;
  SigningInput signing_input_;
  std::string_view payload_text() const;
  Signature signature_;
};

struct VerifiedJws {
  Json header;
  Json payload;
};

struct JwsHeader {
  std::string_view type;
  std::optional<std::string_view> kid;
};
SigningInput jws_signing_input(const Json& header, const Json& payload);
std::string jws_assemble(const SigningInput& input, const Signature& signature);
Result<std::string> sign_jws(const JwsHeader& header, const Json& payload, const Signer& key);

// A required member of a payload, or the error given.
Result<std::string> string_member(const Json& object, std::string_view name, ErrorCode error);
Result<std::int64_t> integer_member(const Json& object, std::string_view name, ErrorCode error);
Result<UnixTime> time_member(const Json& object, std::string_view name, ErrorCode error);

}  // namespace elicense
