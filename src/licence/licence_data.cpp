// The claims of the two pages, in and out of JSON.
#include <array>

#include "base/base64url.h"
#include "licence/licence.h"

namespace elicense {
namespace {

constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kMostRecordLines = 64;
constexpr std::string_view kJpegPrefix = "data:image/jpeg;base64,";
constexpr std::string_view kWebpPrefix = "data:image/webp;base64,";

struct TextClaim {
  std::string_view name;
  std::optional<std::string> LicenceData::*member;
};
constexpr std::array<TextClaim, 8> kTextClaims = {{{"document_number", &LicenceData::document_number},
                                                   {"licence_number", &LicenceData::licence_number},
                                                   {"name", &LicenceData::name},
                                                   {"sex", &LicenceData::sex},
                                                   {"nationality", &LicenceData::nationality},
                                                   {"address", &LicenceData::address},
                                                   {"issuing_authority", &LicenceData::issuing_authority},
                                                   {"file_number", &LicenceData::file_number}}};

struct DateClaim {
  std::string_view name;
  std::optional<CivilDate> LicenceData::*member;
};
constexpr std::array<DateClaim, 4> kDateClaims = {{{"birth_date", &LicenceData::birth_date},
                                                   {"first_issue_date", &LicenceData::first_issue_date},
                                                   {"valid_from", &LicenceData::valid_from},
                                                   {"valid_until", &LicenceData::valid_until}}};

Result<CivilDate> read_date(const Json* json) {
  if (json == nullptr || json->string() == nullptr) return ErrorCode::licence_shape;
  const auto date = parse_iso_date(*json->string());
  if (!date) return ErrorCode::licence_shape;
  return *date;
}

Result<std::string> read_text(const Json* json) {
  if (json == nullptr || json->string() == nullptr || json->string()->size() > kLongestText)
    return ErrorCode::licence_shape;
  return *json->string();
}

Result<std::vector<DrivingPrivilege>> read_privileges(const Json& list) {
  if (list.array() == nullptr || list.array()->size() > kVehicleClassCount) return ErrorCode::licence_shape;
  std::vector<DrivingPrivilege> privileges;
  for (const Json& row : *list.array()) {
    ELICENSE_TRY(const std::string code, read_text(row.find("vehicle_category_code")));
    ELICENSE_TRY(const VehicleClass vehicle_class, parse_vehicle_class(code));
    DrivingPrivilege privilege{.vehicle_class = vehicle_class, .issued = {}, .expires = std::nullopt};
    ELICENSE_TRY(privilege.issued, read_date(row.find("issue_date")));
    if (const Json* expiry = row.find("expiry_date")) {
      ELICENSE_TRY(privilege.expires, read_date(expiry));
    }
    privileges.push_back(privilege);
  }
  return privileges;
}

Result<std::vector<RecordLine>> read_record(const Json& list) {
  if (list.array() == nullptr || list.array()->size() > kMostRecordLines) return ErrorCode::licence_shape;
  std::vector<RecordLine> record;
  for (const Json& row : *list.array()) {
    RecordLine line;
    ELICENSE_TRY(line.date, read_date(row.find("date")));
    ELICENSE_TRY(line.text, read_text(row.find("text")));
    record.push_back(std::move(line));
  }
  return record;
}

Json privileges_json(const std::vector<DrivingPrivilege>& privileges) {
  Json::Array list;
  for (const DrivingPrivilege& privilege : privileges) {
    Json::Object row{{"vehicle_category_code", vehicle_class_info(privilege.vehicle_class).code},
                     {"issue_date", iso_date(privilege.issued)}};
    if (privilege.expires) row.emplace_back("expiry_date", iso_date(*privilege.expires));
    list.emplace_back(std::move(row));
  }
  return list;
}

Json record_json(const std::vector<RecordLine>& record) {
  Json::Array list;
  for (const RecordLine& line : record)
    list.emplace_back(Json::Object{{"date", iso_date(line.date)}, {"text", line.text}});
  return list;
}

bool starts_with(ByteView bytes, std::string_view prefix) { return text_of(bytes).starts_with(prefix); }

}  // namespace

Result<Portrait> Portrait::from_image(ByteView image) {
  if (image.size() > kMostPortraitBytes) return ErrorCode::portrait_shape;
  if (starts_with(image, "\xff\xd8\xff")) return Portrait{.format = Format::jpeg, .image = copy_of(image)};
  const bool webp = image.size() >= 12 && starts_with(image, "RIFF") && starts_with(image.subspan(8), "WEBP");
  if (webp) return Portrait{.format = Format::webp, .image = copy_of(image)};
  return ErrorCode::portrait_shape;
}

Result<Portrait> Portrait::from_data_uri(std::string_view uri) {
  const bool jpeg = uri.starts_with(kJpegPrefix);
  if (!jpeg && !uri.starts_with(kWebpPrefix)) return ErrorCode::portrait_shape;
  const auto image = base64_decode(uri.substr(jpeg ? kJpegPrefix.size() : kWebpPrefix.size()));
  if (!image) return ErrorCode::portrait_shape;
  ELICENSE_TRY(Portrait portrait, from_image(*image));
  if ((portrait.format == Format::jpeg) != jpeg) return ErrorCode::portrait_shape;
  return portrait;
}

std::string Portrait::data_uri() const {
  return std::string(format == Format::jpeg ? kJpegPrefix : kWebpPrefix) + base64_encode(image);
}

bool LicenceData::complete() const {
  for (const TextClaim& claim : kTextClaims) {
    if (!(this->*claim.member)) return false;
  }
  for (const DateClaim& claim : kDateClaims) {
    if (!(this->*claim.member)) return false;
  }
  return driving_privileges && points && record;
}

Result<LicenceData> licence_data_from_claims(const Json& claims) {
  LicenceData data;
  for (const TextClaim& claim : kTextClaims) {
    if (const Json* json = claims.find(claim.name)) {
      ELICENSE_TRY(data.*claim.member, read_text(json));
    }
  }
  for (const DateClaim& claim : kDateClaims) {
    if (const Json* json = claims.find(claim.name)) {
      ELICENSE_TRY(data.*claim.member, read_date(json));
    }
  }
  if (const Json* json = claims.find("driving_privileges")) {
    ELICENSE_TRY(data.driving_privileges, read_privileges(*json));
  }
  if (const Json* json = claims.find("record")) {
    ELICENSE_TRY(data.record, read_record(*json));
  }
  if (claims.find("points") != nullptr) {
    ELICENSE_TRY(data.points, integer_member(claims, "points", ErrorCode::licence_shape));
    if (*data.points < 0 || *data.points > 1000) return ErrorCode::licence_shape;
  }
  if (const Json* json = claims.find("portrait")) {
    if (json->string() == nullptr) return ErrorCode::portrait_shape;
    ELICENSE_TRY(data.portrait, Portrait::from_data_uri(*json->string()));
  }
  return data;
}

Json::Object licence_data_claims(const LicenceData& data) {
  Json::Object claims;
  for (const TextClaim& claim : kTextClaims) {
    if (const auto& text = data.*claim.member) claims.emplace_back(claim.name, *text);
  }
  for (const DateClaim& claim : kDateClaims) {
    if (const auto& date = data.*claim.member) claims.emplace_back(claim.name, iso_date(*date));
  }
  if (data.driving_privileges) claims.emplace_back("driving_privileges", privileges_json(*data.driving_privileges));
  if (data.points) claims.emplace_back("points", *data.points);
  if (data.record) claims.emplace_back("record", record_json(*data.record));
  if (data.portrait) claims.emplace_back("portrait", data.portrait->data_uri());
  return claims;
}

}  // namespace elicense
