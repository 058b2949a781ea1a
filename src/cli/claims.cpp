#include "cli/claims.h"

#include <algorithm>

#include "token/jws.h"

namespace elicense::cli {
namespace {

constexpr JsonLimits kClaimsLimits = {.bytes = 2 * kMostLicenceBytes, .depth = 16, .values = 8192};

Problem bad_claim(const Json& claims, std::string_view name, ErrorCode error, std::string_view wanted) {
  const bool missing = claims.find(name) == nullptr;
  return field_refusal(error, name, missing ? "is missing" : "is not " + std::string(wanted));
}

}  // namespace

OptionTable claims_option() {
  return {{"--claims", "FILE", Presence::required, "the claims as JSON, or - for standard input"}};
}

Outcome<Json> read_claims(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const std::string text, session.files.read(arguments.required("--claims"), kClaimsLimits.bytes));
  auto claims = Json::parse(text, kClaimsLimits);
  if (!claims.ok()) return refusal(claims.error(), "the claims are not JSON");
  if (claims->object() == nullptr) return refusal(ErrorCode::json_syntax, "the claims are not a JSON object");
  return std::move(claims).value();
}

Outcome<std::string> text_claim(const Json& claims, std::string_view name, ErrorCode error) {
  auto text = string_member(claims, name, error);
  if (!text.ok() || text->empty()) return bad_claim(claims, name, error, "a text");
  return std::move(text).value();
}

Outcome<std::int64_t> integer_claim(const Json& claims, std::string_view name, ErrorCode error) {
  const auto number = integer_member(claims, name, error);
  if (!number.ok()) return bad_claim(claims, name, error, "a whole number");
  return *number;
}

Outcome<UnixTime> time_claim(const Json& claims, std::string_view name, ErrorCode error) {
  const auto time = time_member(claims, name, error);
  if (!time.ok()) return bad_claim(claims, name, error, "a time in seconds since 1970");
  return *time;
}

Outcome<Done> refuse_unknown_claims(const Json& claims, std::initializer_list<std::string_view> known,
                                    ErrorCode error) {
  for (const auto& [name, value] : *claims.object()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return field_refusal(error, name, "is not a claim of this token");
  }
  return Done{};
}

Outcome<LicenceData> licence_claim(const Json& claims, std::string_view name) {
  const Json* value = claims.find(name);
  if (value == nullptr) return field_refusal(ErrorCode::licence_shape, name, "is missing");
  auto data = licence_data_from_claims(Json::Object{{std::string(name), *value}});
  if (!data.ok()) return field_refusal(data.error(), name, "is not as a licence has it");
  return std::move(data).value();
}

Outcome<Portrait> portrait_claim(const std::string& text, Session& session) {
  const auto check = [](Result<Portrait> portrait) -> Outcome<Portrait> {
    if (!portrait.ok()) return field_refusal(portrait.error(), "portrait", "is not a small JPEG or WebP image");
    return std::move(portrait).value();
  };
  if (text.starts_with("data:")) return check(Portrait::from_data_uri(text));
  ELICENSE_TRY(const std::string image, session.files.read(text, kMostPortraitBytes));
  return check(Portrait::from_image(view_of(image)));
}

}  // namespace elicense::cli
