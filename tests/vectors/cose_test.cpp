// COSE: RFC 9338's countersignatures, RFC 9864's Ed25519, and the working group's examples.
#include "token/cose.h"

#include <gtest/gtest.h>

#include <map>

#include "support/demo.h"
#include "support/vectors.h"

namespace elicense {
namespace {

using namespace test;

Result<UnverifiedSign1> read_sign1(ByteView encoded) {
  ELICENSE_TRY(cbor::Document document, cbor::Document::parse(encoded, kVectorCbor));
  return UnverifiedSign1::parse(std::move(document));
}

Bytes encoded_of(const Json& file) { return hex_at(at(file, "output"), "cbor"); }
// The first countersigner's or, when the file has none, the signer's own.
Bytes countersigned_of(const Json& file) {
  const Json::Array& signers = array_at(at(file, "intermediates"), "countersigners");
  return signers.empty() ? Bytes() : hex_at(signers.front(), "ToBeSign_hex");
}

// The parts of a COSE_Sign1, COSE_Mac or COSE_Mac0 with a countersignature under one label.
struct Countersigned {
  CountersignedBody body;
  ByteView sign_protected;
  ByteView signature;
};

// An array of [protected, unprotected, content, signature or tag, …] after any tags.
std::optional<Countersigned> take_apart(cbor::Item item, std::int64_t label) {
  while (item.tag()) item = *item.tagged();
  if (item.size() < 4) return std::nullopt;
  const auto countersignature = item.at(1)->find(label);
  if (!countersignature || countersignature->size() != 3) return std::nullopt;
  const auto bytes = [](const std::optional<cbor::Item>& part) { return part->bytes().value_or(ByteView()); };
  return Countersigned{
      .body = {.protected_header = bytes(item.at(0)), .payload = bytes(item.at(2)), .authenticator = bytes(item.at(3))},
      .sign_protected = bytes(countersignature->at(0)),
      .signature = bytes(countersignature->at(2))};
}

Result<PublicKey> key_at(const Json& key) { return PublicKey::from(hex_at(key, "x_hex")); }

const Json& first_countersigner(const Json& input, std::string_view kind) {
  return array_at(at(at(at(input, "input"), kind), "countersign"), "signers").front();
}

void check_countersigned(VectorCase& vector, const Json& file, std::string_view kind, bool ours_to_verify) {
  const Bytes encoded = encoded_of(file);
  const auto document = cbor::Document::parse(encoded, kVectorCbor);
  if (!vector.holds(document.ok(), "is CBOR")) return;
  const auto parts = take_apart(document->root(), cose_label::kCountersignature);
  if (!vector.holds(parts.has_value(), "has a countersignature under label 11")) return;
  const SigningInput input = countersignature_signing_input(parts->body, parts->sign_protected);
  vector.holds(input.bytes == countersigned_of(file), "has the to-be-signed bytes given");
  if (!ours_to_verify) return;
  const auto key = key_at(at(first_countersigner(file, kind), "key"));
  const auto signature = Signature::from(parts->signature);
  if (!vector.holds(key.ok() && signature.ok(), "has a key and a signature")) return;
  vector.holds(verify_signature(*key, input, *signature).ok(), "verifies");
  SigningInput changed = input;
  changed.bytes.back() ^= 1;
  vector.holds(!verify_signature(*key, changed, *signature).ok(), "does not verify with its last bit changed");
}

TEST(Vectors, Rfc9338) {
  Tally& tally = Tally::of("RFC 9338, countersignatures");
  ELICENSE_VECTORS_OR_SKIP(tally, "cose-rfc9338/");
  const std::map<std::string_view, std::string_view> mac_kinds = {{"a-5-1-mac.json", "mac"},
                                                                  {"a-6-1-mac0.json", "mac0"}};
  for (const std::string& path : vector_files("cose-rfc9338/")) {
    const std::string name = file_name(path);
    const Json file = read_json_vector(path);
    {
      // Ours has one body alone, COSE_Sign1 with Ed25519.
      VectorCase vector(tally, name + " as a token of ours");
      vector.refused(read_sign1(encoded_of(file)),
                     {name == "a-2-1-sign1.json" ? ErrorCode::algorithm : ErrorCode::cose_shape});
    }
    if (name == "a-4-1-encrypt0.json") {
      tally.skip(
          "A.4.1's bytes to be signed: a COSE_Encrypt0 has nothing but its ciphertext, so its context is another "
          "(\"CounterSignature\")");
      continue;
    }
    VectorCase vector(tally, name);
    const auto kind = mac_kinds.find(name);
    const bool is_mac = kind != mac_kinds.end();
    check_countersigned(vector, file, is_mac ? kind->second : "sign0", is_mac);  // A.2.1's is ES512
  }
}

TEST(Vectors, Rfc9864) {
  Tally& tally = Tally::of("RFC 9864, COSE Ed25519 (-19)");
  ELICENSE_VECTORS_OR_SKIP(tally, "cose-rfc9864/");
  for (const std::string& path : vector_files("cose-rfc9864/")) {
    const Json file = read_json_vector(path);
    VectorCase vector(tally, file_name(path));
    const auto key = key_at(at(at(at(file, "input"), "sign0"), "key"));
    const auto sign1 = read_sign1(encoded_of(file));
    if (!vector.holds(sign1.ok() && key.ok(), "is a COSE_Sign1")) continue;
    if (file.find("fail") != nullptr) {
      vector.refused(sign1->verify(*key), {ErrorCode::signature});
      continue;
    }
    const Sign1 parts = sign1->parts();
    vector.holds(sign1_signing_input(parts.protected_header, parts.payload).bytes ==
                     hex_at(at(file, "intermediates"), "ToBeSign_hex"),
                 "has the to-be-signed bytes given");
    vector.holds(sign1->verify(*key).ok(), "verifies");
  }
}

TEST(Vectors, CoseWorkingGroupEdDsa) {
  Tally& tally = Tally::of("cose-wg, EdDSA");
  ELICENSE_VECTORS_OR_SKIP(tally, "cose-wg/eddsa-examples/");
  for (const std::string& path : vector_files("cose-wg/eddsa-examples/")) {
    const std::string name = file_name(path);
    const Json file = read_json_vector(path);
    VectorCase vector(tally, name);
    const auto sign1 = read_sign1(encoded_of(file));
    if (name != "eddsa-sig-01.json") {
      // 01 and 02 are COSE_Sign with a list of signers; sig-02 is Ed448, which shares alg -8 and shows by its 114
      // bytes.
      vector.refused(sign1, {ErrorCode::cose_shape});
      continue;
    }
    const Json& signer = at(at(file, "input"), "sign0");
    const auto key = key_at(at(signer, "key"));
    if (!vector.holds(sign1.ok() && key.ok(), "is a COSE_Sign1")) continue;
    vector.holds(sign1->verify(*key).ok(), "verifies");
    vector.holds(text_of(sign1->payload()) == text_at(at(file, "input"), "plaintext"), "has the payload given");
    vector.holds(!sign1->kid(), "has a kid outside the protected header, which does not count");
    const auto secret = SecretKey::from_seed(hex_at(at(signer, "key"), "d_hex"));
    const Sign1 parts = sign1->parts();
    const SigningInput input = sign1_signing_input(parts.protected_header, parts.payload);
    vector.holds(input.bytes == hex_at(at(file, "intermediates"), "ToBeSign_hex"), "has the to-be-signed bytes given");
    vector.holds(secret.ok() && equal(secret->sign(input).view(), parts.signature.view()), "is signed the same by us");
  }
}

// ES256 throughout: what carries a readable algorithm falls to it, what is no COSE_Sign1 of ours to its form.
TEST(Vectors, CoseWorkingGroupForeign) {
  Tally& tally = Tally::of("cose-wg, Sign1 and CWT with other algorithms");
  ELICENSE_VECTORS_OR_SKIP(tally, "cose-wg/sign1-tests/");
  const std::map<std::string_view, ErrorCode> expected = {
      {"sign-fail-01.json", ErrorCode::cose_shape},   // tag 998
      {"sign-pass-01.json", ErrorCode::cose_header},  // algorithm in the unprotected header alone
      {"A_4.json", ErrorCode::cose_shape},            // COSE_Mac0
      {"A_5.json", ErrorCode::cose_shape},            // COSE_Encrypt0
      {"A_6.json", ErrorCode::cose_shape},            // COSE_Encrypt0 around a COSE_Sign1
      {"A_7.json", ErrorCode::cose_shape}};           // COSE_Mac0
  for (const std::string_view folder : {"cose-wg/sign1-tests/", "cose-wg/CWT/"}) {
    for (const std::string& path : vector_files(folder)) {
      const auto exception = expected.find(file_name(path));
      VectorCase vector(tally, path);
      vector.refused(read_sign1(encoded_of(read_json_vector(path))),
                     {exception != expected.end() ? exception->second : ErrorCode::algorithm});
    }
  }
  note_background("cose-wg/KeySet.txt");
  note_background("cose-wg/examples.cddl");
}

// A version-1 countersignature covers the payload and not the signature; it must not even become one by being moved to
// label 11.
void expect_no_proof_under_label_11(VectorCase& vector, const UnverifiedSign1& sign1, const PublicKey& key) {
  const cbor::Item unprotected = sign1.unprotected_header();
  const auto full = unprotected.find(7);
  const auto short_form = unprotected.find(9);
  if (!vector.holds(full || short_form, "has label 7 or 9")) return;
  // Label 7 may hold one countersignature or several; label 9 is the bare signature.
  const cbor::Item one = !full ? *short_form : full->at(0)->kind() == cbor::Kind::array ? *full->at(0) : *full;
  const ByteView protected_header = full ? *one.at(0)->bytes() : ByteView();
  const auto signature = Signature::from(full ? *one.at(2)->bytes() : *one.bytes());
  auto header = cbor::Document::parse(cbor::map({}).bytes, kVectorCbor);
  if (!vector.holds(signature.ok() && header.ok(), "has a signature of 64 bytes")) return;
  const UnverifiedCountersignature moved{copy_of(protected_header), std::move(header).value(), *signature};
  const Status proof = sign1.verify_countersignature(moved, key);
  vector.holds(!proof.ok() && proof.error() == ErrorCode::countersignature, "is no version-2 countersignature either");
}

void expect_not_live(VectorCase& vector, const Json& file) {
  const Bytes encoded = encoded_of(file);
  const auto key = key_at(at(at(at(file, "input"), "sign0"), "key"));
  const auto sign1 = read_sign1(encoded);
  if (!vector.holds(sign1.ok() && key.ok(), "is a COSE_Sign1")) return;
  vector.holds(sign1->verify(*key).ok(), "is itself well signed");
  const auto countersignature = sign1->countersignature();
  vector.holds(countersignature.ok() && !*countersignature, "has nothing under label 11");
  expect_no_proof_under_label_11(vector, *sign1, *key);
  const TrustList trust = TrustList::of_pinned_keys({{"11", *key}});
  const LiveCodeCheck outcome = verify_live_code(
      pack(encoded),
      {.now = kNow, .trust = trust, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt});
  vector.holds(outcome.result != CheckResult::valid && !outcome.code, "is not a live code");
  vector.refused(outcome.error, {ErrorCode::cose_header});  // its kid is not in the protected header
}

TEST(Vectors, CoseWorkingGroupCountersignaturesVersion1) {
  Tally& tally = Tally::of("cose-wg, version-1 countersignatures");
  ELICENSE_VECTORS_OR_SKIP(tally, "cose-wg/countersign/");
  for (const std::string_view folder : {"cose-wg/countersign/", "cose-wg/countersign1/"}) {
    for (const std::string& path : vector_files(folder)) {
      const Json file = read_json_vector(path);
      VectorCase vector(tally, path);
      if (at(file, "input").find("sign0") != nullptr) {
        expect_not_live(vector, file);
      } else {
        vector.refused(read_sign1(encoded_of(file)), {ErrorCode::cose_shape});
      }
    }
  }
}

}  // namespace
}  // namespace elicense
