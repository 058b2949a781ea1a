#include "client/support/authority.h"

#include "base/base64url.h"
#include "licence/masking.h"
#include "support/demo.h"
#include "token/jwk.h"
#include "token/possession.h"

namespace elicense::test {
namespace {

constexpr JsonLimits kLimits = {.bytes = 65536, .depth = 8, .values = 128};

std::string header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [header_name, value] : headers) {
    if (header_name == name) return value;
  }
  return {};
}

std::string form_field(const std::string& body, const std::string& name) {
  const std::size_t from = body.find(name + "=");
  if (from == std::string::npos) return {};
  const std::size_t begin = from + name.size() + 1;
  return body.substr(begin, body.find('&', begin) - begin);
}

IssuerKey trusted_key(const SecretKey& key) {
  IssuerKey entry = trusted(key, every_use());
  entry.not_before = kNow - 86400;
  entry.expires = kNow + 400 * 86400;
  return entry;
}

std::string text_in(const Json& json, std::string_view name) {
  const Json* const member = json.find(name);
  return member == nullptr || member->string() == nullptr ? std::string() : *member->string();
}

}  // namespace

std::uint64_t SeededRandom::next() {  // splitmix64
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(next());
}

std::int64_t SeededRandom::below(std::int64_t bound) {
  return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
}

MiniatureAuthority::MiniatureAuthority(std::uint64_t seed)
    : origin(kIssuer),
      data(licence_data()),
      random_(seed),
      root_(SecretKey::generate(random_)),
      signing_(SecretKey::generate(random_)) {
  roots = {root_.public_key()};
  keys_ = {trusted_key(signing_)};
}

std::string MiniatureAuthority::new_code() {
  std::string code = "code/" + name();
  codes_.insert("code%2F" + code.substr(5));
  return code;
}

std::string MiniatureAuthority::trust_list_text(UnixTime now) const {
  const TrustListContent content = {.issuer = origin,
                                    .issued = now,
                                    .expires = now + trust_list_seconds,
                                    .sequence = sequence,
                                    .production = production,
                                    .keys = keys_};
  return sign_trust_list(content, root_).value();
}

TrustList MiniatureAuthority::trust(UnixTime now) const {
  return TrustList::verify(trust_list_text(now), roots, {.now = now, .newest_sequence_seen = std::nullopt}).value();
}

void MiniatureAuthority::rotate_keys() {
  keys_.back().revoked = kNow;
  signing_ = SecretKey::generate(random_);
  keys_.push_back(trusted_key(signing_));
  ++sequence;
}

std::string MiniatureAuthority::licence_text(UnixTime now, const PublicKey& device) {
  const LicenceEnvelope envelope = {.issuer = origin,
                                    .issued = now,
                                    .expires = now + licence_seconds,
                                    .device_key = device,
                                    .status = {.index = 4711, .uri = std::string(kStatusUri)}};
  return issue_licence(envelope, data, signing_, random_).value();
}

Bytes MiniatureAuthority::lease_bytes(UnixTime now, const PublicKey& key) {
  LeaseClaims claims;
  claims.issuer = origin;
  claims.issued = claims.not_before = now;
  claims.expires = now + lease_seconds;
  random_.fill(claims.id);
  claims.holder_key = key;
  claims.document_number = *data.document_number;
  claims.name = *data.name;
  claims.nationality = *data.nationality;
  claims.masked_licence_number = mask_number(*data.licence_number);
  claims.privileges = *data.driving_privileges;
  claims.valid_until = *data.valid_until;
  claims.status = status;
  if (data.portrait) claims.portrait_digest = portrait_digest_of(data.portrait->image);
  claims.status_index = 4711;
  return issue_lease(claims, key_name(signing_.public_key()), signing_).value().encode();
}

int MiniatureAuthority::count(std::string_view path) const {
  const auto found = requests.find(path);
  return found == requests.end() ? 0 : found->second;
}

HttpAnswer MiniatureAuthority::refuse(int status_code, std::string_view error, std::string_view code) {
  ++refusals[std::string(code)];
  return {.status = status_code, .date = {}, .body = Json(Json::Object{{"error", error}, {"code", code}}).dump()};
}

HttpAnswer MiniatureAuthority::answer(const FetchEffect& request, UnixTime now) {
  HttpAnswer answer = answer_to(request, now);
  const CivilDate day = civil_date_at(now - kAuthorityZoneSeconds);
  const std::int64_t second = (now.seconds % 86400);
  const auto two = [](std::int64_t number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  constexpr std::string_view kDays = "ThuFriSatSunMonTueWed";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto weekday = static_cast<std::size_t>(now.seconds / 86400 % 7 * 3);
  const auto month = (static_cast<std::size_t>(day.month) - 1) * 3;
  answer.date = std::string(kDays.substr(weekday, 3)) + ", " + two(day.day) + " " +
                std::string(kMonths.substr(month, 3)) + " " + std::to_string(day.year) + " " + two(second / 3600) +
                ":" + two(second / 60 % 60) + ":" + two(second % 60) + " GMT";
  return answer;
}

HttpAnswer MiniatureAuthority::answer_to(const FetchEffect& request, UnixTime now) {
  if (request.url.compare(0, origin.size(), origin) != 0) return refuse(404, "", "not-found");
  const std::string path = request.url.substr(origin.size());
  ++requests[path];
  if (path == "/trust-list") return {.status = 200, .date = {}, .body = trust_list_text(now)};
  if (path == "/nonce") {
    const std::string nonce = name();
    nonces_.insert(nonce);
    return {.status = 200, .date = {}, .body = Json(Json::Object{{"c_nonce", nonce}}).dump()};
  }
  if (path == "/token") return token(request, now);
  if (path == "/credential") return credential(request, now);
  if (path == "/checks") {
    std::string why;
    if (!device_of("GET", request.url, request.headers, true, now, why)) return refuse(401, "", why);
    return {.status = 200, .date = {}, .body = checks};
  }
  return refuse(404, "", "not-found");
}

std::optional<PublicKey> MiniatureAuthority::device_of(std::string_view method, std::string_view url,
                                                       const HttpHeaders& headers, bool with_token, UnixTime now,
                                                       std::string& why) {
  std::optional<std::string> token;
  if (with_token) {
    const std::string authorization = header(headers, "Authorization");
    if (authorization.compare(0, 5, "DPoP ") == 0) token = authorization.substr(5);
    if (!token || access_.find(*token) == access_.end()) {
      why = "access-token";
      return std::nullopt;
    }
  }
  const auto proof = verify_dpop(header(headers, "DPoP"),
                                 {.method = method,
                                  .url = url,
                                  .access_token = token ? std::optional<std::string_view>(*token) : std::nullopt,
                                  .now = now});
  if (!proof) why = error_name(proof.error());
  if (proof && !proof_ids_.insert(proof->id).second) why = "dpop-used";
  if (proof && token && access_[*token] != jwk_thumbprint(proof->key)) why = "dpop-key";
  if (proof && why.empty() && token && access_[*token] != phone_) why = "phone-ended";
  if (!why.empty()) return std::nullopt;
  return proof->key;
}

HttpAnswer MiniatureAuthority::grant(const PublicKey& device, bool with_refresh) {
  const std::string thumbprint = jwk_thumbprint(device);
  Json::Object body = {{"access_token", "a-" + name()}, {"token_type", "DPoP"}, {"expires_in", 600}};
  access_[*body.front().second.string()] = thumbprint;
  if (with_refresh) {
    body.emplace_back("refresh_token", "r-" + name());
    refresh_[*body.back().second.string()] = thumbprint;
  }
  return {.status = 200, .date = {}, .body = Json(body).dump()};
}

HttpAnswer MiniatureAuthority::token(const FetchEffect& request, UnixTime now) {
  std::string why;
  const auto device = device_of(request.method, request.url, request.headers, false, now, why);
  if (!device) return refuse(400, "invalid_dpop_proof", why);
  if (header(request.headers, "Content-Type") != "application/x-www-form-urlencoded")
    return refuse(400, "invalid_request", "content-type");
  const std::string body = request.body.value_or("");
  if (form_field(body, "grant_type") == "refresh_token") {
    const auto found = refresh_.find(form_field(body, "refresh_token"));
    if (found == refresh_.end() || found->second != jwk_thumbprint(*device))
      return refuse(400, "invalid_grant", "grant");
    if (phone_ != found->second) return refuse(400, "invalid_grant", "phone-ended");
    return grant(*device, false);
  }
  if (codes_.erase(form_field(body, "pre-authorized_code")) == 0) return refuse(400, "invalid_grant", "grant");
  phone_ = jwk_thumbprint(*device);
  return grant(*device, true);
}

HttpAnswer MiniatureAuthority::credential(const FetchEffect& request, UnixTime now) {
  std::string why;
  const auto device = device_of(request.method, request.url, request.headers, true, now, why);
  if (!device) return refuse(401, "", why);
  const auto body = Json::parse(request.body.value_or(""), kLimits);
  const Json* const proofs = body ? body->find("proofs") : nullptr;
  const Json* const list = proofs == nullptr ? nullptr : proofs->find("jwt");
  if (list == nullptr || list->array() == nullptr || list->array()->size() != 1)
    return refuse(400, "invalid_proof", "key-proof-shape");
  const auto proof = verify_key_proof(*list->array()->front().string(), {.audience = origin, .now = now});
  if (!proof) return refuse(400, "invalid_proof", error_name(proof.error()));
  if (nonces_.erase(proof->nonce) == 0) return refuse(400, "invalid_nonce", "nonce");
  const std::string configuration = text_in(*body, "credential_configuration_id");
  const bool is_licence = configuration == "driving-licence";
  if ((proof->key == *device) != is_licence) return refuse(400, "invalid_proof", "key-proof-device");
  return issue(configuration, proof->key, now);
}

HttpAnswer MiniatureAuthority::issue(std::string_view configuration, const PublicKey& key, UnixTime now) {
  std::string token;
  if (configuration == "driving-licence") {
    if (status.usability() == Usability::not_shown) return refuse(400, "credential_request_denied", "status-refused");
    token = licence_text(now, key);
  } else if (configuration == "live-code-lease") {
    token = base64url_encode(lease_bytes(now, key));
  } else {
    return refuse(400, "unknown_credential_configuration", "credential");
  }
  const Json body = Json::Object{{"credentials", Json::Array{Json(Json::Object{{"credential", token}})}}};
  return {.status = 200, .date = {}, .body = body.dump()};
}

bool MiniatureAuthority::admits_listener(const ListenEffect& request, UnixTime now) {
  ++requests["/events"];
  std::string why;
  const auto device = device_of("GET", request.url, request.headers, true, now, why);
  if (!device) ++refusals[why];
  return device.has_value();
}

}  // namespace elicense::test
