#include "client/account.h"

#include "base/base64url.h"
#include "client/http_date.h"
#include "token/jwk.h"
#include "token/jws.h"
#include "token/possession.h"

namespace elicense {
namespace {

constexpr JsonLimits kAnswerLimits = {.bytes = kMostLicenceAnswerBytes, .depth = 8, .values = 1024};
constexpr std::size_t kLongestToken = 8192;  // the host's own tokens may be long

Json proof_header(std::string_view type, const PublicKey& key) {
  return Json::Object{{"alg", "EdDSA"}, {"typ", type}, {"jwk", jwk_of(key)}};
}

std::string form_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
    if (plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return encoded;
}

std::int64_t answer_limit(std::string_view path) {
  return path == "/credential" ? kMostLicenceAnswerBytes : kMostAnswerBytes;
}

}  // namespace

Result<Json> answer_body(const Reply& reply) {
  ELICENSE_TRY(Json body, Json::parse(reply.body, kAnswerLimits));
  if (body.object() == nullptr) return ErrorCode::json_syntax;
  return body;
}

std::string text_of_member(const Json& object, std::string_view name) {
  const Json* const member = object.find(name);
  return member == nullptr || member->string() == nullptr ? std::string() : *member->string();
}

void Account::forget_tokens() {
  access_token.clear();
  refresh_token.clear();
  code.clear();
}

std::string Account::random_name(std::size_t bytes) {
  Bytes name(bytes);
  random_.fill(name);
  return base64url_encode(name);
}

void Account::ask(Moment at, std::string_view method, std::string_view path, const Continuation& then) {
  FetchEffect request;
  request.method = method;
  request.url = origin_ + std::string(path);
  request.limit = answer_limit(path);
  exchanges_.fetch(at, Flow::renewal, std::move(request), then);
}

void Account::with_proof(Moment at, const Call& call, const std::function<void(Moment, HttpHeaders)>& send,
                         const Continuation& failed) {
  ELICENSE_ASSERT(device_key);
  Json::Object payload = {{"jti", random_name(16)},
                          {"htm", call.method},
                          {"htu", origin_ + std::string(call.path)},
                          {"iat", proof_time(at)}};
  if (!call.access_token.empty()) payload.emplace_back("ath", access_token_digest(call.access_token));
  const SigningInput input = jws_signing_input(proof_header(kDpopType, *device_key), payload);
  exchanges_.sign(at, call.flow, kDeviceSlot, input.bytes,
                  [input, send, failed, token = call.access_token](const Reply& reply) {
                    if (reply.failure) {
                      failed(reply);
                      return;
                    }
                    HttpHeaders headers;
                    if (!token.empty()) headers.emplace_back("Authorization", "DPoP " + token);
                    headers.emplace_back("DPoP", jws_assemble(input, reply.signature));
                    send(reply.at, std::move(headers));
                  });
}

void Account::call(Moment at, const Call& call, const Continuation& then) {
  const auto send = [this, call, then](Moment sent, HttpHeaders headers) {
    FetchEffect request;
    request.method = call.method;
    request.url = origin_ + std::string(call.path);
    request.headers = std::move(headers);
    request.limit = answer_limit(call.path);
    if (!call.content_type.empty()) {
      request.headers.emplace_back("Content-Type", call.content_type);
      request.body = call.body;
    }
    exchanges_.fetch(sent, call.flow, std::move(request), then);
  };
  with_proof(at, call, send, then);
}

void Account::listen(Moment at, const Call& call, const Continuation& then) {
  const auto send = [this, call, then](Moment sent, HttpHeaders headers) {
    ListenEffect request;
    request.url = origin_ + std::string(call.path);
    request.headers = std::move(headers);
    if (!call.last_event_id.empty()) request.headers.emplace_back("Last-Event-ID", call.last_event_id);
    exchanges_.listen(sent, call.flow, std::move(request), then);
  };
  with_proof(at, call, send, then);
}

void Account::prove(Moment at, const ProofWanted& wanted, Continuation then) {
  const Json payload = Json::Object{{"aud", origin_}, {"iat", proof_time(at)}, {"nonce", wanted.nonce}};
  const SigningInput input = jws_signing_input(proof_header(kKeyProofType, wanted.key), payload);
  exchanges_.sign(at, wanted.flow, wanted.slot, input.bytes, [input, then = std::move(then)](const Reply& reply) {
    Reply proof = reply;
    if (!reply.failure) proof.body = jws_assemble(input, reply.signature);
    then(proof);
  });
}

void Account::get_access(Moment at, const Continuation& then) {
  Call request;
  request.flow = Flow::access;
  request.path = "/token";
  request.content_type = "application/x-www-form-urlencoded";
  request.body =
      !refresh_token.empty()
          ? "grant_type=refresh_token&refresh_token=" + form_encoded(refresh_token)
          : "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=" +
                form_encoded(code);
  call(at, request, then);
}

bool Account::take_access(const Reply& reply) {
  const auto body = answer_body(reply);
  if (!body) return false;
  std::string access = text_of_member(*body, "access_token");
  std::string refresh = text_of_member(*body, "refresh_token");
  if (access.empty() || access.size() > kLongestToken || refresh.size() > kLongestToken) return false;
  if (refresh_token.empty()) code.clear();  // it was the code that was used
  access_token = std::move(access);
  if (!refresh.empty()) refresh_token = std::move(refresh);
  return true;
}

void Account::hear_date(const Reply& reply) {
  if (!reply.date) return;
  const auto date = parse_http_date(*reply.date);
  if (date) hint_ = date->seconds * 1000 - reply.at.monotonic;
}

std::int64_t Account::proof_time(Moment at) const {
  if (const auto now = clock_.now(at); now && !clock_.is_resumed()) return *now / 1000;
  if (hint_) return (at.monotonic + *hint_) / 1000;
  return at.wall / 1000;  // only in a proof, and the authority judges it by its own clock
}

}  // namespace elicense
