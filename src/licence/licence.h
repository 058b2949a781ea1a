// The licence itself: an SD-JWT VC of type urn:e-license:driving-licence:1, signed by the authority and bound to the
// phone's device key. Refuses other types, missing or misshapen claims, portraits that are not small JPEG or WebP
// images, and claims that must stand in the open (who issued it, until when, for which key, where its status is) when
// they come as disclosures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "licence/checklist.h"
#include "licence/status.h"
#include "licence/vehicle_class.h"
#include "token/sd_jwt.h"
#include "token/status_list.h"
#include "token/trust_list.h"

namespace elicense {

inline constexpr std::string_view kLicenceType = "dc+sd-jwt";
inline constexpr std::string_view kLicenceCredentialType = "urn:e-license:driving-licence:1";
inline constexpr std::size_t kMostLicenceBytes = 262144;
inline constexpr std::size_t kMostPortraitBytes = 65536;

struct Portrait {
  enum class Format : std::uint8_t { jpeg, webp };
  Format format = Format::jpeg;
  Bytes image;

  static Result<Portrait> from_image(ByteView image);  // told by its first bytes
  static Result<Portrait> from_data_uri(std::string_view uri);
  std::string data_uri() const;
};

struct RecordLine {
  CivilDate date;
  std::string text;
};

// What stands on the two pages. Everything may be missing: the holder chooses what to show.
struct LicenceData {
  std::optional<std::string> document_number, licence_number, name, sex, nationality;
  std::optional<CivilDate> birth_date;
  std::optional<std::string> address;
  std::optional<CivilDate> first_issue_date, valid_from, valid_until;
  std::optional<std::vector<DrivingPrivilege>> driving_privileges;
  std::optional<std::string> issuing_authority, file_number;
  std::optional<std::int64_t> points;
  std::optional<std::vector<RecordLine>> record;
  std::optional<Portrait> portrait;

  bool complete() const;  // all but the portrait: enough to draw both pages
};
Result<LicenceData> licence_data_from_claims(const Json& claims);
Json::Object licence_data_claims(const LicenceData& data);

// What always stands in the open.
struct LicenceEnvelope {
  std::string issuer;
  UnixTime issued;
  UnixTime expires;
  PublicKey device_key;
  StatusReference status;
};

Result<std::string> issue_licence(const LicenceEnvelope& envelope, const LicenceData& data, const Signer& key,
                                  RandomSource& random);

// Nullptr and nullopt say that this reader does not check it.
struct LicencePolicy {
  UnixTime now;
  const TrustList& trust;
  const StatusLists* status_lists;
  std::optional<KeyBindingPolicy> key_binding;
};

class VerifiedLicence {
 public:
  // The steps: sd-jwt, type, issuer-key, issuer-signature (disclosures included), licence, time, key-binding and status
  // when the policy has them.
  static Result<VerifiedLicence> verify(std::string_view text, const LicencePolicy& policy, Checklist& checklist);

  const LicenceEnvelope& envelope() const { return envelope_; }
  const LicenceData& data() const { return data_; }
  const std::optional<StatusSet>& status() const { return status_; }  // nullopt: not looked up
  Result<std::string> present(const std::vector<std::string>& claim_names) const {
    return present_sd_jwt(token_, claim_names);
  }

 private:
  VerifiedLicence(VerifiedSdJwt token, LicenceEnvelope envelope, LicenceData data)
      : token_(std::move(token)), envelope_(std::move(envelope)), data_(std::move(data)) {}
  VerifiedSdJwt token_;
  LicenceEnvelope envelope_;
  LicenceData data_;
  std::optional<StatusSet> status_;
};

}  // namespace elicense
