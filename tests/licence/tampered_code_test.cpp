// The table of tampered codes: what somebody might do to a live code, and what it gets them. One table in one file, to
// be read as a whole.
#include <gtest/gtest.h>

#include <functional>

#include "licence/live_code.h"
#include "support/demo.h"
#include "token/jwk.h"

namespace elicense {
namespace {

using namespace test;
using cbor::Encoded;
using Pairs = std::vector<std::pair<Encoded, Encoded>>;

// A code taken apart, so that each part can be replaced, and signed again or not.
struct Parts {
  LeaseClaims claims = lease_claims();
  Bytes protected_header;
  Bytes payload;
  Signature signature;
  Bytes presentation;  // the countersignature's protected header
  Pairs presentation_unprotected;
  Signature proof;
  std::int64_t label = cose_label::kCountersignature;
  Pairs more_unprotected;

  Parts() : Parts(lease_claims(), key_name(issuer_key().public_key()), issuer_key()) {}
  Parts(const LeaseClaims& lease, std::string_view kid, const SecretKey& issuer) : claims(lease) {
    const Sign1 sign1 = issue_lease(lease, kid, issuer).value();
    protected_header = sign1.protected_header;
    payload = sign1.payload;
    signature = sign1.signature;
    present(kNow);
  }

  void sign() { signature = issuer_key().sign(sign1_signing_input(protected_header, payload)); }
  void prove(const SecretKey& key) {
    proof = key.sign(countersignature_signing_input({protected_header, payload, signature.view()}, presentation));
  }
  void present(UnixTime at) { set_presentation(cwt_claims({{cbor::integer(6), cbor::integer(at.seconds)}})); }
  void set_presentation(Pairs header) {
    presentation = ed25519_protected_header(std::move(header));
    prove(lease_key());
  }
  static Pairs cwt_claims(Pairs claims) {
    return {{cbor::integer(cose_label::kCwtClaims), cbor::map(std::move(claims))}};
  }

  Encoded countersignature() const {
    return cbor::array(
        {cbor::byte_string(presentation), cbor::map(presentation_unprotected), cbor::byte_string(proof.view())});
  }
  Encoded array() const {
    Pairs unprotected = more_unprotected;
    unprotected.emplace_back(cbor::integer(label), countersignature());
    return array_with(std::move(unprotected));
  }
  Encoded array_with(Pairs unprotected) const {
    return cbor::array({cbor::byte_string(protected_header), cbor::map(std::move(unprotected)),
                        cbor::byte_string(payload), cbor::byte_string(signature.view())});
  }
  std::string text() const { return pack(cbor::tag(18, array()).bytes); }
};

// Claims written by hand, for what LeaseClaims cannot say.
Bytes payload_with(const LeaseClaims& claims, const std::function<void(Pairs&)>& change) {
  const Bytes encoded = encode_lease_claims(claims);
  const cbor::Document document = cbor::Document::parse(encoded, kLiveCodeCbor).value();
  Pairs pairs;
  for (const auto& [key, value] : document.root().pairs()) pairs.emplace_back(cbor::encode(key), cbor::encode(value));
  change(pairs);
  return cbor::map(std::move(pairs)).bytes;
}

std::string resigned(const std::function<void(Pairs&)>& change) {
  Parts parts;
  parts.payload = payload_with(parts.claims, change);
  parts.sign();
  parts.prove(lease_key());
  return parts.text();
}

void set_claim(Pairs& pairs, std::int64_t key, Encoded value) {
  for (auto& [name, old] : pairs) {
    if (name.bytes == cbor::integer(key).bytes) old = std::move(value);
  }
}
void drop_claim(Pairs& pairs, std::int64_t key) {
  std::erase_if(pairs, [key](const auto& pair) { return pair.first.bytes == cbor::integer(key).bytes; });
}

// The bytes of a code with one run of them replaced.
std::string patched(const std::string& from_hex_text, const std::string& to_hex_text) {
  std::string hex = to_hex(cbor::tag(18, Parts().array()).bytes);
  const std::size_t at = hex.find(from_hex_text);
  EXPECT_NE(at, std::string::npos) << from_hex_text;
  hex.replace(at, from_hex_text.size(), to_hex_text);
  return pack(from_hex(hex).value());
}

struct Tampering {
  const char* name;
  std::function<std::string()> text;
  CheckResult result;
  std::optional<ErrorCode> error;
  std::function<TrustListContent()> trust = trust_list_content;
  UnixTime now = kNow;
};

std::function<TrustListContent()> with_key(const std::function<void(IssuerKey&)>& change) {
  return [change] {
    TrustListContent content = trust_list_content();
    change(content.keys.front());
    return content;
  };
}

std::string by_other_issuer(std::string_view kid) { return Parts(lease_claims(), kid, key_from(9)).text(); }

std::string changed(const std::function<void(Parts&)>& change) {
  Parts parts;
  change(parts);
  return parts.text();
}

std::vector<Tampering> liveness() {
  using R = CheckResult;
  using E = ErrorCode;
  return {
      {"untouched", [] { return Parts().text(); }, R::valid, {}},
      {"countersignature stripped", [] { return pack(cbor::tag(18, Parts().array_with({})).bytes); }, R::not_live,
       E::not_live},
      {"under label 7 (version 1)", [] { return changed([](Parts& p) { p.label = 7; }); }, R::not_live, E::not_live},
      {"under label 9 (abbreviated, version 1)", [] { return changed([](Parts& p) { p.label = 9; }); }, R::not_live,
       E::not_live},
      {"under label 12 (abbreviated, version 2)", [] { return changed([](Parts& p) { p.label = 12; }); }, R::not_live,
       E::not_live},
      {"cnf removed and signed again", [] { return resigned([](Pairs& c) { drop_claim(c, 8); }); }, R::not_live,
       E::not_live},
      {"two countersignatures under label 11",
       [] {
         const Parts p;
         return pack(cbor::tag(18, p.array_with({{cbor::integer(11),
                                                  cbor::array({p.countersignature(), p.countersignature()})}}))
                         .bytes);
       },
       R::malformed, E::presentation_shape},
      {"another label beside 11",
       [] { return changed([](Parts& p) {
              p.more_unprotected = {{cbor::integer(7), cbor::integer(1)}};
            }); },
       R::valid,
       {}},
      {"countersigned by the device key", [] { return changed([](Parts& p) { p.prove(device_key()); }); }, R::forged,
       E::countersignature},
      {"countersigned by the issuer", [] { return changed([](Parts& p) { p.prove(issuer_key()); }); }, R::forged,
       E::countersignature},
      {"another lease's countersignature",
       [] {
         LeaseClaims other = lease_claims();
         other.id[0] ^= 1;
         const Parts theirs(other, key_name(issuer_key().public_key()), issuer_key());
         return changed([&](Parts& p) { p.proof = theirs.proof; });
       },
       R::forged, E::countersignature},
      {"time moved on without signing",
       [] {
         return changed([](Parts& p) {
           const Signature old = p.proof;
           p.present(kNow + 5);
           p.proof = old;
         });
       },
       R::forged, E::countersignature},
      {"buckets of the countersignature swapped",
       [] {
         return changed([](Parts& p) {
           p.presentation_unprotected = {
               {cbor::integer(1), cbor::integer(-8)},
               {cbor::integer(15), cbor::map({{cbor::integer(6), cbor::integer(kNow.seconds)}})}};
           p.presentation = {};
           p.prove(lease_key());
         });
       },
       R::malformed, E::cose_header},
      {"label 15 in both buckets",
       [] {
         return changed([](Parts& p) {
           p.presentation_unprotected = {
               {cbor::integer(15), cbor::map({{cbor::integer(6), cbor::integer(kNow.seconds)}})}};
         });
       },
       R::malformed, E::cose_header},
      {"two label-15s in the protected bucket",
       [] {
         return changed([](Parts& p) {
           p.presentation = from_hex(
                                "a301270fa1061a"
                                "6ab13b80"
                                "0fa1061a"
                                "6ab13b80")
                                .value();
           p.prove(lease_key());
         });
       },
       R::malformed, E::cbor_duplicate_key},
      {"label 15 missing", [] { return changed([](Parts& p) { p.set_presentation({}); }); }, R::malformed,
       E::presentation_shape},
      {"time as text",
       [] {
         return changed([](Parts& p) {
           p.set_presentation(Parts::cwt_claims({{cbor::integer(6), cbor::text_string("now")}}));
         });
       },
       R::malformed, E::presentation_shape},
      {"time before 1970", [] { return changed([](Parts& p) { p.present({-1}); }); }, R::malformed,
       E::presentation_shape},
      {"time beyond the year 9999", [] { return changed([](Parts& p) { p.present({kLastUnixSecond + 1}); }); },
       R::malformed, E::presentation_shape},
      {"a challenge of three digits",
       [] {
         return changed([](Parts& p) {
           p.set_presentation(Parts::cwt_claims({{cbor::integer(6), cbor::integer(kNow.seconds)},
                                                 {cbor::integer(10), cbor::byte_string(view_of("007"))}}));
         });
       },
       R::malformed, E::presentation_shape},
      {"countersignature by ES256",
       [] {
         return changed([](Parts& p) {
           p.presentation =
               cbor::map({{cbor::integer(1), cbor::integer(-7)},
                          {cbor::integer(15), cbor::map({{cbor::integer(6), cbor::integer(kNow.seconds)}})}})
                   .bytes;
           p.prove(lease_key());
         });
       },
       R::malformed, E::algorithm},
      {"critical header in the countersignature",
       [] {
         return changed([](Parts& p) {
           Pairs header = Parts::cwt_claims({{cbor::integer(6), cbor::integer(kNow.seconds)}});
           header.emplace_back(cbor::integer(2), cbor::array({cbor::integer(15)}));
           p.set_presentation(std::move(header));
         });
       },
       R::malformed, E::cose_header},
  };
}

std::vector<Tampering> time_and_keys() {
  using R = CheckResult;
  using E = ErrorCode;
  const auto at = [](std::int64_t shift) {
    return [shift] { return changed([shift](Parts& p) { p.present(kNow + shift); }); };
  };
  const auto original = [] { return Parts().text(); };
  const auto lease_from = [](std::int64_t from, std::int64_t to) {
    return [from, to] {
      LeaseClaims claims = lease_claims();
      claims.issued = claims.not_before = kNow + from;
      claims.expires = kNow + to;
      return Parts(claims, key_name(issuer_key().public_key()), issuer_key()).text();
    };
  };
  return {
      {"10 s old", at(-10), R::valid, {}},
      {"11 s old", at(-11), R::stale, E::stale},
      {"3 s in the future", at(3), R::valid, {}},
      {"4 s in the future", at(4), R::clock, E::clock_ahead},
      {"a year old", at(-31536000), R::stale, E::stale},
      {"lease ends in a second", lease_from(-60, 1), R::valid, {}},
      {"lease ends now", lease_from(-60, 0), R::expired, E::lease_expired},
      {"lease begins in 3 s", lease_from(3, 600), R::valid, {}},
      {"lease begins in 4 s", lease_from(4, 600), R::clock, E::lease_not_yet_valid},
      {"lease of eight days", lease_from(-60, 8 * 86400), R::malformed, E::lease_shape},
      {"lease that ends before it begins", lease_from(60, -60), R::malformed, E::lease_shape},
      {"unknown issuer", [] { return by_other_issuer("stranger"); }, R::unknown_issuer, E::issuer_unknown},
      {"a stranger under our kid", [] { return by_other_issuer(key_name(issuer_key().public_key())); }, R::forged,
       E::signature},
      {"issuer key of another use", original, R::unknown_issuer, E::key_use, with_key([](IssuerKey& k) {
         k.uses = {KeyUse::receipt, KeyUse::status};
       })},
      {"issuer key over", original, R::unknown_issuer, E::key_expired,
       with_key([](IssuerKey& k) { k.expires = kNow; })},
      {"issuer key not begun", original, R::unknown_issuer, E::key_not_yet_valid,
       with_key([](IssuerKey& k) { k.not_before = kNow + 1; })},
      {"issuer key revoked", original, R::revoked, E::key_revoked,
       with_key([](IssuerKey& k) { k.revoked = kNow - 10; })},
      {"another authority's lease",
       [] {
         LeaseClaims claims = lease_claims();
         claims.issuer = "https://dl.example.net";
         return Parts(claims, key_name(issuer_key().public_key()), issuer_key()).text();
       },
       R::unknown_issuer, E::issuer_mismatch},
      {"licence past its last day",
       [] {
         LeaseClaims claims = lease_claims();
         claims.valid_until = {2026, 9, 20};
         return Parts(claims, key_name(issuer_key().public_key()), issuer_key()).text();
       },
       R::expired, E::licence_expired},
  };
}

std::vector<Tampering> lease_and_shape() {
  using R = CheckResult;
  using E = ErrorCode;
  const auto cose_key = [](std::int64_t type, std::int64_t curve, ByteView x) {
    return cbor::map({{cbor::integer(1), cbor::map({{cbor::integer(1), cbor::integer(type)},
                                                    {cbor::integer(-1), cbor::integer(curve)},
                                                    {cbor::integer(-2), cbor::byte_string(x)}})}});
  };
  const PublicKey thief = key_from(66).public_key();
  return {
      {"lease key replaced, not signed again",
       [=] {
         return changed([=](Parts& p) {
           p.payload = payload_with(p.claims, [=](Pairs& c) { set_claim(c, 8, cose_key(1, 6, thief.view())); });
           p.prove(key_from(66));
         });
       },
       R::forged, E::signature},
      {"points taken off, not signed again",
       [] {
         return changed([](Parts& p) {
           p.claims.status = StatusSet::parse("H").value();
           p.payload = encode_lease_claims(p.claims);
           p.prove(lease_key());
         });
       },
       R::forged, E::signature},
      {"one bit of the signature",
       [] {
         return changed([](Parts& p) {
           p.signature.bytes[63] ^= 1;
           p.prove(lease_key());
         });
       },
       R::forged, E::signature},
      {"lease key of another curve",
       [=] { return resigned([=](Pairs& c) { set_claim(c, 8, cose_key(1, 4, thief.view())); }); }, R::malformed,
       E::lease_shape},
      {"lease key of 31 bytes",
       [=] { return resigned([=](Pairs& c) { set_claim(c, 8, cose_key(1, 6, thief.view().first(31))); }); },
       R::malformed, E::lease_shape},
      {"lease key of small order",
       [=] {
         Parts p;
         p.payload = payload_with(p.claims, [=](Pairs& c) { set_claim(c, 8, cose_key(1, 6, Bytes(32, 0))); });
         p.sign();
         p.proof = Signature{};  // S = 0, R = the same point: a lenient verifier takes it
         return p.text();
       },
       R::forged, E::countersignature},
      {"tag 61 around tag 18", [] { return pack(cbor::tag(61, cbor::tag(18, Parts().array())).bytes); }, R::valid, {}},
      {"no tag", [] { return pack(Parts().array().bytes); }, R::valid, {}},
      {"tag 61 alone", [] { return pack(cbor::tag(61, Parts().array()).bytes); }, R::malformed, E::cose_shape},
      {"tag 98 (several signers)", [] { return pack(cbor::tag(98, Parts().array()).bytes); }, R::malformed,
       E::cose_shape},
      {"tag 18 twice", [] { return pack(cbor::tag(18, cbor::tag(18, Parts().array())).bytes); }, R::malformed,
       E::cose_shape},
      {"claim 169 as a byte string",
       [] {
         return resigned([](Pairs& c) {
           for (auto& [key, value] : c) {
             if (key.bytes == cbor::integer(169).bytes) value = cbor::byte_string(value.bytes);
           }
         });
       },
       R::valid,
       {}},
      {"unknown claims",
       [] { return resigned([](Pairs& c) { c.emplace_back(cbor::integer(4000), cbor::text_string("?")); }); },
       R::valid,
       {}},
      {"claim 169 missing", [] { return resigned([](Pairs& c) { drop_claim(c, 169); }); }, R::malformed,
       E::lease_shape},
      {"cti of seven bytes", [] { return resigned([](Pairs& c) { set_claim(c, 7, cbor::byte_string(Bytes(7))); }); },
       R::malformed, E::lease_shape},
      {"exp as text", [] { return resigned([](Pairs& c) { set_claim(c, 4, cbor::text_string("never")); }); },
       R::malformed, E::lease_shape},
      {"iss of 10,000 characters",
       [] { return resigned([](Pairs& c) { set_claim(c, 1, cbor::text_string(std::string(10000, 'a'))); }); },
       R::malformed, E::lease_shape},
      {"a claim twice, signed again",
       [] {
         return changed([](Parts& p) {
           std::string hex = to_hex(p.payload);
           const std::string issuer_claim = "0176" + to_hex(view_of(kIssuer));
           hex.replace(0, 2, "a8").insert(2, issuer_claim);  // one pair more, the first one twice
           p.payload = from_hex(hex).value();
           p.sign();
           p.prove(lease_key());
         });
       },
       R::malformed, E::cbor_duplicate_key},
      {"algorithm in the open",
       [] {
         return changed([](Parts& p) {
           p.protected_header =
               cbor::map({{cbor::integer(4), cbor::byte_string(view_of(key_name(issuer_key().public_key())))}}).bytes;
           p.more_unprotected = {{cbor::integer(1), cbor::integer(-8)}};
           p.sign();
           p.prove(lease_key());
         });
       },
       R::malformed, E::cose_header},
      {"algorithm ES256", [] { return patched("a20127", "a20126"); }, R::malformed, E::algorithm},
      {"algorithm -19 without a new signature", [] { return patched("a20127", "a20132"); }, R::forged, E::signature},
      {"kid in the open",
       [] {
         return changed([](Parts& p) {
           p.protected_header = ed25519_protected_header({});
           p.more_unprotected = {{cbor::integer(4), cbor::byte_string(view_of(key_name(issuer_key().public_key())))}};
           p.sign();
           p.prove(lease_key());
         });
       },
       R::malformed, E::cose_header},
      {"length of a head not minimal", [] { return patched("d284", "d29804"); }, R::malformed, E::cbor_not_minimal},
      {"array of indefinite length", [] { return patched("d284", "d29f"); }, R::malformed, E::cbor_indefinite},
      {"a byte behind",
       [] {
         Bytes b = cbor::tag(18, Parts().array()).bytes;
         b.push_back(0);
         return pack(b);
       },
       R::malformed, E::cbor_trailing},
      {"last byte missing",
       [] {
         Bytes b = cbor::tag(18, Parts().array()).bytes;
         b.pop_back();
         return pack(b);
       },
       R::malformed, E::cbor_truncated},
      {"a lower-case letter",
       [] {
         std::string t = Parts().text();
         t[10] = 'a';
         return t;
       },
       R::malformed, E::base45_character},
      {"a URL in front", [] { return "HTTPS://DL.EXAMPLE.ORG/C" + Parts().text(); }, R::malformed, E::base45_range},
      {"empty", [] { return std::string(); }, R::malformed, E::text_size},
      {"4,297 characters", [] { return std::string(4297, 'A'); }, R::malformed, E::text_size},
      {"a bomb of 10 MB", [] { return pack(Bytes(10'000'000)); }, R::malformed, E::text_size},
      {"a bomb of 100 KB", [] { return pack(Bytes(100'000)); }, R::malformed, E::inflate_size},
  };
}

void run(const std::vector<Tampering>& table) {
  for (const Tampering& row : table) {
    const TrustList keys = trust_of(row.trust());
    const LiveCodeCheck result = verify_live_code(
        row.text(),
        {.now = row.now, .trust = keys, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt});
    EXPECT_EQ(check_result_name(result.result), check_result_name(row.result)) << row.name;
    EXPECT_EQ(result.error ? error_name(*result.error) : "none", row.error ? error_name(*row.error) : "none")
        << row.name;
    EXPECT_EQ(result.code.has_value(), row.result == CheckResult::valid) << row.name << ": data without a valid result";
    ASSERT_FALSE(result.steps.empty()) << row.name;
    EXPECT_EQ(result.steps.back().error, result.error) << row.name << ": the last step is the one that failed";
  }
}

TEST(TamperedCode, Liveness) { run(liveness()); }
TEST(TamperedCode, TimeAndKeys) { run(time_and_keys()); }
TEST(TamperedCode, LeaseAndShape) { run(lease_and_shape()); }

TEST(TamperedCode, TheTableIsLongEnough) {
  const std::size_t rows = liveness().size() + time_and_keys().size() + lease_and_shape().size();
  EXPECT_GE(rows, 30U);
  std::printf("           tampered codes: %zu rows\n", rows);
}

}  // namespace
}  // namespace elicense
