// What everybody may fetch: metadata, keys, the trust list, status lists.
#include <charconv>

#include "authority/service/answer.h"
#include "authority/service/service.h"
#include "licence/licence.h"
#include "token/jwk.h"
#include "token/status_list.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kMetadataCache = "public, max-age=300";
constexpr int kTrustListAge = 60;  // a revoked key is known to everybody who asks within a minute

Json algorithms() { return Json::Array{"EdDSA", "Ed25519"}; }

Json display(std::string_view chinese, std::string_view english) {
  return Json::Array{Json::Object{{"name", Json(chinese)}, {"locale", "zh-CN"}},
                     Json::Object{{"name", Json(english)}, {"locale", "en"}}};
}

Json::Object configuration(std::string_view format, std::string_view scope) {
  return {{"format", Json(format)},
          {"scope", Json(scope)},
          {"cryptographic_binding_methods_supported", Json::Array{"jwk"}},
          {"credential_signing_alg_values_supported", algorithms()},
          {"proof_types_supported",
           Json::Object{{"jwt", Json::Object{{"proof_signing_alg_values_supported", algorithms()}}}}}};
}

Json claim(std::string_view name, std::string_view chinese, std::string_view english) {
  return Json::Object{{"path", Json::Array{Json(name)}}, {"display", display(chinese, english)}};
}

Json licence_claims() {
  return Json::Array{claim("document_number", "证芯编号", "Document number"),
                     claim("licence_number", "证号", "Licence number"),
                     claim("name", "姓名", "Name"),
                     claim("sex", "性别", "Sex"),
                     claim("nationality", "国籍", "Nationality"),
                     claim("birth_date", "出生日期", "Date of birth"),
                     claim("address", "住址", "Address"),
                     claim("first_issue_date", "初次领证日期", "Date of first issue"),
                     claim("valid_from", "有效起始日期", "Valid from"),
                     claim("valid_until", "有效截止日期", "Valid until"),
                     claim("driving_privileges", "准驾车型", "Classes"),
                     claim("issuing_authority", "发证机关", "Issuing authority"),
                     claim("file_number", "档案编号", "File number"),
                     claim("points", "累积记分", "Points"),
                     claim("record", "记录", "Record"),
                     claim("portrait", "照片", "Portrait")};
}

Answered<HttpResponse> cached(const Json& json) {
  HttpResponse response = json_answer(json);
  response.headers.emplace_back("Cache-Control", kMetadataCache);
  return response;
}

Answered<HttpResponse> issuer_metadata(Service& service, const HttpRequest&) {
  const std::string& origin = service.settings.origin;
  Json::Object licence = configuration(kLicenceType, "driving-licence");
  licence.emplace_back("vct", Json(kLicenceCredentialType));
  licence.emplace_back("credential_metadata",
                       Json::Object{{"display", display("机动车驾驶证电子版", "Electronic driving licence")},
                                    {"claims", licence_claims()}});
  Json::Object lease = configuration("claim169-cwt", "live-code-lease");
  lease.emplace_back("credential_metadata", Json::Object{{"display", display("动态码凭据", "Lease of the live code")}});
  return cached(
      Json::Object{{"credential_issuer", origin},
                   {"credential_endpoint", origin + "/credential"},
                   {"nonce_endpoint", origin + "/nonce"},
                   {"display", display("机动车驾驶证签发机关", "Driving licence authority")},
                   {"batch_credential_issuance", Json::Object{{"batch_size", static_cast<int>(kMostProofs)}}},
                   {"credential_configurations_supported",
                    Json::Object{{"driving-licence", std::move(licence)}, {"live-code-lease", std::move(lease)}}}});
}

Answered<HttpResponse> server_metadata(Service& service, const HttpRequest&) {
  const std::string& origin = service.settings.origin;
  return cached(Json::Object{{"issuer", origin},
                             {"token_endpoint", origin + "/token"},
                             {"jwks_uri", origin + "/.well-known/jwks.json"},
                             {"grant_types_supported", Json::Array{Json(kPreAuthorizedGrant), "refresh_token"}},
                             {"response_types_supported", Json::Array{}},
                             {"token_endpoint_auth_methods_supported", Json::Array{"none"}},
                             {"pre-authorized_grant_anonymous_access_supported", true},
                             {"dpop_signing_alg_values_supported", algorithms()}});
}

Answered<HttpResponse> vc_issuer(Service& service, const HttpRequest&) {
  const std::string& origin = service.settings.origin;
  return cached(Json::Object{{"issuer", origin}, {"jwks_uri", origin + "/.well-known/jwks.json"}});
}

Answered<HttpResponse> key_set(Service& service, const HttpRequest&) {
  Json::Array keys;
  for (const IssuerKey& key : service.publisher.trust()->list.content().keys) {
    if (key.revoked) continue;
    Json::Object jwk = *jwk_of(key.key).object();
    jwk.emplace_back("kid", key.kid);
    jwk.emplace_back("alg", "EdDSA");
    jwk.emplace_back("use", "sig");
    keys.emplace_back(std::move(jwk));
  }
  HttpResponse response = json_answer(Json::Object{{"keys", std::move(keys)}});
  response.headers.emplace_back("Cache-Control", "public, max-age=" + std::to_string(kTrustListAge));
  return response;
}

struct Tagged {
  std::string_view body;
  std::string_view type;
  std::string_view etag;
  std::int64_t age;
};

// If-None-Match may list several tags, weak ones too: for a GET they match all the same.
bool has_tag(std::string_view header, std::string_view etag) {
  return header == "*" || (!header.empty() && header.find(etag) != std::string_view::npos);
}

HttpResponse tagged(const HttpRequest& request, const Tagged& what) {
  HttpResponse response;
  if (has_tag(request.header("if-none-match"), what.etag)) {
    response.status = 304;
  } else {
    response.content_type = what.type;
    response.body = what.body;
  }
  response.headers = {{"ETag", std::string(what.etag)},
                      {"Cache-Control", "public, max-age=" + std::to_string(what.age)}};
  return response;
}

Answered<HttpResponse> trust_list(Service& service, const HttpRequest& request) {
  const auto trust = service.publisher.trust();
  return tagged(request, {trust->token, "application/trust-list+jwt", trust->etag, kTrustListAge});
}

Answered<HttpResponse> status_list(Service& service, const HttpRequest& request) {
  const std::string_view text = request.parameter("shard");
  std::uint32_t shard = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), shard);
  // One spelling of each number.
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(shard) != text)
    return refuse(404, "not-found");
  const UnixTime now = service.clock();
  ELICENSE_TRY(const auto published, or_refuse(service.publisher.shard(shard, now)));
  if (!published || published->expires <= now) return refuse(404, "not-found");
  const std::int64_t left = std::max<std::int64_t>(1, service.publisher.next_status_publication() - now.seconds);
  return tagged(request, {published->token, "application/statuslist+jwt", published->etag, left});
}

}  // namespace

void add_public_routes(Routes& routes, Service& service) {
  const auto get = [&](std::string_view path, ServiceHandler<Service> handler) {
    routes.add(HttpMethod::get, path, handler_of(service, handler));
  };
  get("/.well-known/openid-credential-issuer", issuer_metadata);
  get("/.well-known/oauth-authorization-server", server_metadata);
  get("/.well-known/jwt-vc-issuer", vc_issuer);
  get("/.well-known/jwks.json", key_set);
  get("/trust-list", trust_list);
  get("/status/{shard}", status_list);
}

}  // namespace elicense::authority
