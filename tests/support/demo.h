// One small authority with fixed keys, its licence and lease, so that every test speaks of the same people.
#pragma once

#include <string>
#include <vector>

#include "licence/licence.h"
#include "licence/live_code.h"
#include "licence/receipt.h"

namespace elicense::test {

inline constexpr UnixTime kNow = {1'790'000'000};  // 2026-09-21
inline constexpr std::string_view kIssuer = "https://dl.example.org";
inline constexpr std::string_view kStatusUri = "https://dl.example.org/status/0";

// Repeats itself from run to run.
class CountingRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint8_t next_ = 0;
};

SecretKey key_from(std::uint8_t seed_byte);  // the seed is 32 times this byte
inline SecretKey root_key() { return key_from(1); }
inline SecretKey issuer_key() { return key_from(2); }  // every use
inline SecretKey device_key() { return key_from(3); }
inline SecretKey lease_key() { return key_from(4); }

IssuerKey trusted(const SecretKey& key, std::vector<KeyUse> uses);
std::vector<KeyUse> every_use();
TrustListContent trust_list_content();                // issuer_key() alone, good for a day around kNow
TrustList trust_of(const TrustListContent& content);  // signed by root_key() and verified at kNow
inline TrustList trust() { return trust_of(trust_list_content()); }

LeaseClaims lease_claims();                     // a 10-character name, four classes
Bytes signed_lease(const LeaseClaims& claims);  // by issuer_key()
LicenceData licence_data();
LicenceEnvelope licence_envelope();
StatusLists status_lists(std::uint8_t value_at_4711);  // one list of 8,192 statuses

std::string mint(const LeaseClaims& claims, UnixTime presented);
LiveCodeCheck check(std::string_view text,
                    UnixTime now);  // against trust(), without status list and memory of spent codes
std::string pack(ByteView cose);    // zlib and Base45 around any bytes

}  // namespace elicense::test
