#include "support/demo.h"

#include <array>

#include "codec/base45.h"
#include "token/jwk.h"

namespace elicense::test {

void CountingRandom::fill(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) byte = next_++;
}

SecretKey key_from(std::uint8_t seed_byte) {
  std::array<std::uint8_t, SecretKey::kSeedSize> seed{};
  seed.fill(seed_byte);
  return SecretKey::from_seed(seed).value();
}

std::vector<KeyUse> every_use() { return {KeyUse::licence, KeyUse::lease, KeyUse::status, KeyUse::receipt}; }

IssuerKey trusted(const SecretKey& key, std::vector<KeyUse> uses) {
  return {.kid = key_name(key.public_key()),
          .key = key.public_key(),
          .uses = std::move(uses),
          .not_before = kNow - 86400,
          .expires = kNow + 86400,
          .revoked = std::nullopt};
}

TrustListContent trust_list_content() {
  return {.issuer = std::string(kIssuer),
          .issued = kNow - 3600,
          .expires = kNow + 86400,
          .sequence = 7,
          .production = Production::no,
          .keys = {trusted(issuer_key(), every_use())}};
}

TrustList trust_of(const TrustListContent& content) {
  const SecretKey root = root_key();
  return TrustList::verify(sign_trust_list(content, root).value(), {root.public_key()},
                           {.now = kNow, .newest_sequence_seen = std::nullopt})
      .value();
}

LeaseClaims lease_claims() {
  LeaseClaims claims;
  claims.issuer = kIssuer;
  claims.issued = kNow - 60;
  claims.not_before = kNow - 60;
  claims.expires = kNow + 86340;
  claims.id = {0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe};
  claims.holder_key = lease_key().public_key();
  claims.document_number = "3790123456789";
  claims.name = "买买提·阿卜杜热合曼";  // ten characters
  claims.nationality = "CHN";
  claims.masked_licence_number = "6501**********1234";
  claims.privileges = {{VehicleClass::A2, {2016, 5, 12}, std::nullopt},
                       {VehicleClass::C1, {2008, 3, 1}, std::nullopt},
                       {VehicleClass::D, {2011, 7, 20}, CivilDate{2031, 7, 19}},
                       {VehicleClass::M, {2019, 1, 5}, std::nullopt}};
  claims.valid_until = {2031, 7, 20};
  claims.status_index = 4711;
  claims.portrait_digest = portrait_digest_of(view_of("portrait"));
  return claims;
}

Bytes signed_lease(const LeaseClaims& claims) {
  const SecretKey key = issuer_key();
  return issue_lease(claims, key_name(key.public_key()), key).value().encode();
}

LicenceData licence_data() {
  LicenceData data;
  data.document_number = "3790123456789";
  data.licence_number = "650102198807151234";
  data.name = "买买提·阿卜杜热合曼";
  data.sex = "男";
  data.nationality = "CHN";
  data.birth_date = CivilDate{1988, 7, 15};
  data.address = "新疆维吾尔自治区乌鲁木齐市天山区解放北路1号";
  data.first_issue_date = CivilDate{2008, 3, 1};
  data.valid_from = CivilDate{2021, 7, 20};
  data.valid_until = CivilDate{2031, 7, 20};
  data.driving_privileges = lease_claims().privileges;
  data.issuing_authority = "样本市公安局交通警察支队";
  data.file_number = "650100123456";
  data.points = 3;
  data.record = {{CivilDate{2016, 5, 12}, "增加准驾车型A2"}};
  data.portrait = Portrait{.format = Portrait::Format::jpeg, .image = {0xff, 0xd8, 0xff, 0xe0, 1, 2, 3}};
  return data;
}

LicenceEnvelope licence_envelope() {
  return {.issuer = std::string(kIssuer),
          .issued = kNow - 60,
          .expires = kNow + 3600,
          .device_key = device_key().public_key(),
          .status = {.index = 4711, .uri = std::string(kStatusUri)}};
}

StatusLists status_lists(std::uint8_t value_at_4711) {
  std::vector<std::uint8_t> statuses(8192);
  statuses[4711] = value_at_4711;
  const StatusListHead head = {.uri = std::string(kStatusUri),
                               .issuer = std::string(kIssuer),
                               .issued = kNow - 30,
                               .expires = kNow + 600,
                               .time_to_live = 60};
  const std::string text = sign_status_list(head, StatusArray::pack(statuses, 8).value(), issuer_key()).value();
  StatusLists lists;
  lists.add(VerifiedStatusList::verify(text, kStatusUri, trust(), kNow).value());
  return lists;
}

std::string mint(const LeaseClaims& claims, UnixTime presented) {
  return LiveCodeMinter::from_lease(signed_lease(claims)).value().mint(presented, std::nullopt, lease_key());
}

LiveCodeCheck check(std::string_view text, UnixTime now) {
  const TrustList trusted_keys = trust();
  return verify_live_code(
      text,
      {.now = now, .trust = trusted_keys, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt});
}

std::string pack(ByteView cose) {
  return base45_encode(ZlibDeflater(ZlibDeflater::Effort::balanced).deflate(copy_of(cose)));
}

}  // namespace elicense::test
