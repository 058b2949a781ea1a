#include "token/cose.h"

#include <initializer_list>

namespace elicense {
namespace {

constexpr std::uint64_t kTagSign1 = 18;
constexpr std::uint64_t kTagCwt = 61;
constexpr std::uint64_t kTagCountersignature = 19;
constexpr cbor::Limits kHeaderLimits = {.bytes = 1024, .depth = 6, .items = 64};

// The array within 18(…), 61(18(…)) or nothing around it. 61(…) without 18 is not a COSE_Sign1 (RFC 8392 6).
Result<cbor::Item> sign1_array(cbor::Item item) {
  if (item.tag() == kTagCwt) {
    item = *item.tagged();
    if (item.tag() != kTagSign1) return ErrorCode::cose_shape;
  }
  if (item.tag() == kTagSign1) item = *item.tagged();
  if (item.kind() != cbor::Kind::array || item.size() != 4) return ErrorCode::cose_shape;
  return item;
}

// A protected header is a byte string around a map; an empty one may be the empty string (RFC 9052 3).
Result<cbor::Document> parse_protected(ByteView encoded) {
  static constexpr std::uint8_t kEmptyMap[] = {0xa0};
  ELICENSE_TRY(cbor::Document document,
               cbor::Document::parse(encoded.empty() ? ByteView(kEmptyMap) : encoded, kHeaderLimits));
  if (document.root().kind() != cbor::Kind::map) return ErrorCode::cose_shape;
  return document;
}

// The rules for a pair of headers (RFC 9052 3): an algorithm that is protected and ours, nothing critical, no label in
// both.
Status check_headers(const cbor::Item& protected_header, const cbor::Item& unprotected) {
  for (const auto& [label, value] : unprotected.pairs()) {
    if (const auto number = label.integer(); number && protected_header.find(*number)) return ErrorCode::cose_header;
    if (const auto name = label.text(); name && protected_header.find(*name)) return ErrorCode::cose_header;
  }
  const auto algorithm = protected_header.find(cose_label::kAlgorithm);
  if (!algorithm || unprotected.find(cose_label::kAlgorithm)) return ErrorCode::cose_header;
  if (algorithm->integer() != kCoseEdDsa && algorithm->integer() != kCoseEd25519) return ErrorCode::algorithm;
  if (protected_header.find(cose_label::kCritical) || unprotected.find(cose_label::kCritical))
    return ErrorCode::cose_header;
  return Done{};
}

Bytes joined(std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const ByteView part : parts) size += part.size();
  Bytes whole;
  whole.reserve(size);
  for (const ByteView part : parts) append(whole, part);
  return whole;
}

}  // namespace

Result<UnverifiedSign1> UnverifiedSign1::parse(cbor::Document document) {
  ELICENSE_TRY(const cbor::Item array, sign1_array(document.root()));
  const std::vector<cbor::Item> parts = array.elements();
  const auto protected_bytes = parts[0].bytes();
  const auto signature = parts[3].bytes();
  if (!protected_bytes || parts[1].kind() != cbor::Kind::map || !parts[2].bytes() || !signature)
    return ErrorCode::cose_shape;
  ELICENSE_TRY(cbor::Document header, parse_protected(*protected_bytes));
  ELICENSE_CHECK(check_headers(header.root(), parts[1]));
  if (signature->size() != Signature::kSize) return ErrorCode::cose_shape;
  return UnverifiedSign1(std::move(document), std::move(header));
}

// parse() has checked the shape that these rely on.
cbor::Item UnverifiedSign1::unprotected_header() const { return *sign1_array(document_.root()).value().at(1); }
ByteView UnverifiedSign1::protected_bytes() const { return *sign1_array(document_.root()).value().at(0)->bytes(); }
ByteView UnverifiedSign1::payload() const { return *sign1_array(document_.root()).value().at(2)->bytes(); }
Signature UnverifiedSign1::signature() const {
  return Signature::from(*sign1_array(document_.root()).value().at(3)->bytes()).value();
}

Sign1 UnverifiedSign1::parts() const {
  return {.protected_header = copy_of(protected_bytes()), .payload = copy_of(payload()), .signature = signature()};
}

std::optional<ByteView> UnverifiedSign1::kid() const {
  const auto kid = header_.root().find(cose_label::kKeyId);
  return kid ? kid->bytes() : std::nullopt;
}

Status UnverifiedSign1::verify(const PublicKey& key) const {
  return verify_signature(key, sign1_signing_input(protected_bytes(), payload()), signature());
}

Result<std::optional<UnverifiedCountersignature>> UnverifiedSign1::countersignature() const {
  const auto found = unprotected_header().find(cose_label::kCountersignature);
  if (!found) return std::optional<UnverifiedCountersignature>();
  const cbor::Item item = found->tag() == kTagCountersignature ? *found->tagged() : *found;
  if (item.kind() != cbor::Kind::array || item.size() != 3) return ErrorCode::presentation_shape;
  const std::vector<cbor::Item> parts = item.elements();
  const auto protected_bytes = parts[0].bytes();
  const auto signature_bytes = parts[2].bytes();
  if (!protected_bytes || parts[1].kind() != cbor::Kind::map || !signature_bytes) return ErrorCode::presentation_shape;
  ELICENSE_TRY(cbor::Document header, parse_protected(*protected_bytes));
  ELICENSE_CHECK(check_headers(header.root(), parts[1]));
  if (signature_bytes->size() != Signature::kSize) return ErrorCode::presentation_shape;
  return std::optional(UnverifiedCountersignature{copy_of(*protected_bytes), std::move(header),
                                                  Signature::from(*signature_bytes).value()});
}

Status UnverifiedSign1::verify_countersignature(const UnverifiedCountersignature& countersignature,
                                                const PublicKey& key) const {
  const Signature body_signature = signature();
  const CountersignedBody body = {protected_bytes(), payload(), body_signature.view()};
  const SigningInput input = countersignature_signing_input(body, countersignature.protected_header);
  if (!verify_signature(key, input, countersignature.signature)) return ErrorCode::countersignature;
  return Done{};
}

SigningInput sign1_signing_input(ByteView protected_header, ByteView payload) {
  return {joined({cbor::array_head(4).bytes, cbor::text_string("Signature1").bytes,
                  cbor::byte_string(protected_header).bytes, cbor::byte_string({}).bytes,
                  cbor::byte_string(payload).bytes})};
}

SigningInput countersignature_signing_input(const CountersignedBody& body, ByteView sign_protected) {
  return {joined({cbor::array_head(6).bytes, cbor::text_string("CounterSignatureV2").bytes,
                  cbor::byte_string(body.protected_header).bytes, cbor::byte_string(sign_protected).bytes,
                  cbor::byte_string({}).bytes, cbor::byte_string(body.payload).bytes, cbor::array_head(1).bytes,
                  cbor::byte_string(body.authenticator).bytes})};
}

Bytes Sign1::encode() const {
  return cbor::tag(kTagSign1, cbor::array({cbor::byte_string(protected_header), cbor::map({}),
                                           cbor::byte_string(payload), cbor::byte_string(signature.view())}))
      .bytes;
}

CountersignedTemplate::CountersignedTemplate(const Sign1& body) {
  const Bytes protected_header = cbor::byte_string(body.protected_header).bytes;
  const Bytes payload = cbor::byte_string(body.payload).bytes;
  const Bytes signature = cbor::byte_string(body.signature.view()).bytes;
  input_head_ = joined({cbor::array_head(6).bytes, cbor::text_string("CounterSignatureV2").bytes, protected_header});
  input_tail_ = joined({cbor::byte_string({}).bytes, payload, cbor::array_head(1).bytes, signature});
  head_ = joined({cbor::tag(kTagSign1, cbor::array_head(4)).bytes, protected_header});
  tail_ = joined({payload, signature});
}

SigningInput CountersignedTemplate::signing_input(ByteView sign_protected) const {
  return {joined({input_head_, cbor::byte_string(sign_protected).bytes, input_tail_})};
}

Bytes CountersignedTemplate::head(const Countersignature& countersignature) const {
  std::vector<std::pair<cbor::Encoded, cbor::Encoded>> unprotected;
  unprotected.emplace_back(cbor::integer(cose_label::kCountersignature),
                           cbor::array({cbor::byte_string(countersignature.protected_header), cbor::map({}),
                                        cbor::byte_string(countersignature.signature.view())}));
  return joined({head_, cbor::map(std::move(unprotected)).bytes});
}

Bytes ed25519_protected_header(std::vector<std::pair<cbor::Encoded, cbor::Encoded>> more) {
  more.emplace_back(cbor::integer(cose_label::kAlgorithm), cbor::integer(kCoseEdDsa));
  return cbor::map(std::move(more)).bytes;
}

}  // namespace elicense
