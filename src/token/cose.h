// COSE_Sign1 (RFC 9052) and its countersignatures (RFC 9338) with Ed25519 alone.
//
//     18([ protected: bstr .cbor {1: alg, 4: kid, …},
//          unprotected: {11: [protected, unprotected, signature], …},
//          payload: bstr,
//          signature: bstr(64) ])
//
// Takes tag 18, 61(18(…)) and the untagged array; writes tag 18. Refuses detached payloads, critical headers, an
// algorithm outside the protected header, and a label that stands in both headers. Nothing read here is trusted before
// verify().
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/cbor.h"
#include "crypto/ed25519.h"

namespace elicense {

namespace cose_label {
inline constexpr std::int64_t kAlgorithm = 1;
inline constexpr std::int64_t kCritical = 2;
inline constexpr std::int64_t kKeyId = 4;
inline constexpr std::int64_t kCountersignature = 11;  // RFC 9338; 7, 9 and 12 are other things
inline constexpr std::int64_t kCwtClaims = 15;         // RFC 9597
}  // namespace cose_label

inline constexpr std::int64_t kCoseEdDsa = -8;     // what we write
inline constexpr std::int64_t kCoseEd25519 = -19;  // RFC 9864: taken as well

// What a countersignature covers: a COSE_Sign1's signature, or for COSE_Mac and COSE_Mac0 their tag.
struct CountersignedBody {
  ByteView protected_header;
  ByteView payload;
  ByteView authenticator;
};

// The parts of a COSE_Sign1 that we write.
struct Sign1 {
  Bytes protected_header;
  Bytes payload;
  Signature signature;

  Bytes encode() const;
};

struct Countersignature {
  Bytes protected_header;
  Signature signature;
};

// A COSE_Sign1 that is countersigned again and again: what stays the same is encoded once.
class CountersignedTemplate {
 public:
  explicit CountersignedTemplate(const Sign1& body);
  SigningInput signing_input(ByteView sign_protected) const;
  Bytes head(const Countersignature& countersignature) const;  // 18([protected, {11: countersignature},
  const Bytes& tail() const { return tail_; }                  // payload, signature])

 private:
  Bytes input_head_, input_tail_;
  Bytes head_, tail_;
};

// COSE_Countersignature as read: a claim, not yet a proof.
struct UnverifiedCountersignature {
  Bytes protected_header;  // the encoded map, exactly as received
  cbor::Document header;   // the same, parsed
  Signature signature;
};

class UnverifiedSign1 {
 public:
  static Result<UnverifiedSign1> parse(cbor::Document document);

  std::optional<ByteView> kid() const;  // from the protected header alone
  cbor::Item protected_header() const { return header_.root(); }
  cbor::Item unprotected_header() const;
  ByteView payload() const;  // unverified: to be inspected, or parsed once verify() has agreed
  Sign1 parts() const;       // without its countersignature
  Status verify(const PublicKey& key) const;

  // Nullopt when label 11 is absent. Several countersignatures under label 11 are refused: a live code has one.
  Result<std::optional<UnverifiedCountersignature>> countersignature() const;
  Status verify_countersignature(const UnverifiedCountersignature& countersignature, const PublicKey& key) const;

 private:
  UnverifiedSign1(cbor::Document document, cbor::Document header)
      : document_(std::move(document)), header_(std::move(header)) {}
  ByteView protected_bytes() const;
  Signature signature() const;
  cbor::Document document_;
  cbor::Document header_;  // the protected header
};

SigningInput sign1_signing_input(ByteView protected_header,
                                 ByteView payload);  // ["Signature1", protected, h'', payload]
// ["CounterSignatureV2", body_protected, sign_protected, h'', payload, [authenticator]]
SigningInput countersignature_signing_input(const CountersignedBody& body, ByteView sign_protected);

// An encoded protected header {1: -8, …more}.
Bytes ed25519_protected_header(std::vector<std::pair<cbor::Encoded, cbor::Encoded>> more);

}  // namespace elicense
