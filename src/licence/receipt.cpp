#include "licence/receipt.h"

#include <algorithm>

#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestNonce = 64;

Result<ReceiptAnswer> read_answer(const Json& payload) {
  const Json* json = payload.find("answer");
  if (json == nullptr || json->object() == nullptr) return ErrorCode::receipt_shape;
  ELICENSE_TRY(const std::string code, string_member(*json, "class", ErrorCode::receipt_shape));
  ELICENSE_TRY(const std::string asked, string_member(payload, "requires", ErrorCode::receipt_shape));
  if (asked != code) return ErrorCode::receipt_shape;
  ReceiptAnswer answer;
  ELICENSE_TRY(answer.asked, parse_vehicle_class(code));
  const Json* may_drive = json->find("may_drive");
  if (may_drive == nullptr || !may_drive->boolean()) return ErrorCode::receipt_shape;
  answer.may_drive = *may_drive->boolean();
  ELICENSE_TRY(answer.because, string_member(*json, "because", ErrorCode::receipt_shape));
  return answer;
}

Status read_optional(const Json& payload, ReceiptContent& content) {
  if (payload.find("nonce") != nullptr) {
    ELICENSE_TRY(content.nonce, string_member(payload, "nonce", ErrorCode::receipt_shape));
    if (!is_receipt_nonce(*content.nonce)) return ErrorCode::receipt_shape;
  }
  if (payload.find("status") != nullptr) {
    ELICENSE_TRY(const std::string letters, string_member(payload, "status", ErrorCode::receipt_shape));
    const auto status = StatusSet::parse(letters);
    if (!status) return ErrorCode::receipt_shape;
    content.status = *status;
  }
  if (payload.find("echo") != nullptr) {
    ELICENSE_TRY(const std::int64_t echo, integer_member(payload, "echo", ErrorCode::receipt_shape));
    if (echo < 10 || echo > 99) return ErrorCode::receipt_shape;
    content.echo = static_cast<int>(echo);
  }
  return Done{};
}

Result<ReceiptContent> read_content(const Json& payload) {
  ReceiptContent content;
  ELICENSE_TRY(content.issuer, string_member(payload, "iss", ErrorCode::receipt_shape));
  ELICENSE_TRY(content.audience, string_member(payload, "aud", ErrorCode::receipt_shape));
  ELICENSE_TRY(content.issued, time_member(payload, "iat", ErrorCode::receipt_shape));
  ELICENSE_TRY(content.expires, time_member(payload, "exp", ErrorCode::receipt_shape));
  ELICENSE_TRY(content.id, string_member(payload, "jti", ErrorCode::receipt_shape));
  ELICENSE_TRY(const std::string result, string_member(payload, "result", ErrorCode::receipt_shape));
  const auto known_result = check_result_from_name(result);
  const bool lasts = content.expires > content.issued && content.expires - content.issued <= kReceiptSeconds;
  if (!known_result || !lasts || content.id.empty() || content.id.size() > kLongestId) return ErrorCode::receipt_shape;
  content.result = *known_result;
  ELICENSE_CHECK(read_optional(payload, content));
  if (payload.find("requires") != nullptr || payload.find("answer") != nullptr) {
    ELICENSE_TRY(content.answer, read_answer(payload));
  }
  return content;
}

Status check_time(const ReceiptContent& content, UnixTime now) {
  if (content.issued > now + kClockAllowanceSeconds) return ErrorCode::receipt_not_yet_valid;
  if (content.expires <= now) return ErrorCode::receipt_expired;
  return Done{};
}

Status check_nonce(const ReceiptContent& content, const std::optional<std::string_view>& wanted) {
  if (wanted && content.nonce != *wanted) return ErrorCode::receipt_nonce;
  return Done{};
}

Status check_result(const ReceiptContent& content, const std::optional<VehicleClass>& required_class) {
  if (content.result != CheckResult::valid) return ErrorCode::receipt_result;
  if (!required_class) return Done{};
  if (!content.answer || content.answer->asked != *required_class) return ErrorCode::receipt_question;
  if (!content.answer->may_drive) return ErrorCode::receipt_result;
  return Done{};
}

}  // namespace

bool is_receipt_nonce(std::string_view text) {
  const auto is_taken = [](char c) {
    const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '~';
  };
  return !text.empty() && text.size() <= kLongestNonce && std::all_of(text.begin(), text.end(), is_taken);
}

Result<std::string> issue_receipt(const ReceiptContent& content, const Signer& key) {
  Json::Object payload{
      {"iss", content.issuer},          {"aud", content.audience}, {"iat", content.issued.seconds},
      {"exp", content.expires.seconds}, {"jti", content.id},       {"result", check_result_name(content.result)}};
  if (content.nonce) payload.emplace_back("nonce", *content.nonce);
  if (content.status) payload.emplace_back("status", content.status->letters());
  if (content.echo) payload.emplace_back("echo", *content.echo);
  if (content.answer) {
    const std::string_view code = vehicle_class_info(content.answer->asked).code;
    payload.emplace_back("requires", code);
    payload.emplace_back(
        "answer",
        Json::Object{{"class", code}, {"may_drive", content.answer->may_drive}, {"because", content.answer->because}});
  }
  return sign_jws({.type = kReceiptType, .kid = key_name(key.public_key())}, std::move(payload), key);
}

Result<VerifiedReceipt> VerifiedReceipt::verify(std::string_view compact, const ReceiptPolicy& policy,
                                                Checklist& checklist) {
  ELICENSE_TRY(VerifiedReceipt receipt, verify_whatever_it_says(compact, policy, checklist));
  ELICENSE_CHECK(checklist.note("result", check_result(receipt.content(), policy.required_class)));
  return receipt;
}

Result<VerifiedReceipt> VerifiedReceipt::verify_whatever_it_says(std::string_view compact, const ReceiptPolicy& policy,
                                                                 Checklist& checklist) {
  const auto issuer_key = [&](const UnverifiedJws& jws) -> Result<PublicKey> {
    if (!jws.kid()) return ErrorCode::issuer_unknown;
    return policy.trust.find(*jws.kid(), KeyUse::receipt, policy.now);
  };
  const auto read = [&](const Json& payload) -> Result<ReceiptContent> {
    ELICENSE_TRY(ReceiptContent content, read_content(payload));
    if (!policy.trust.expect_issuer(content.issuer)) return ErrorCode::receipt_issuer;
    return content;
  };
  const auto expect_audience = [&](const ReceiptContent& content) -> Status {
    if (content.audience != policy.audience) return ErrorCode::receipt_audience;
    return Done{};
  };
  ELICENSE_TRY(const UnverifiedJws jws, checklist.note("jws", UnverifiedJws::parse(compact, kMostReceiptBytes)));
  ELICENSE_CHECK(checklist.note("type", jws.expect_type(kReceiptType)));
  ELICENSE_TRY(const PublicKey key, checklist.note("issuer-key", issuer_key(jws)));
  ELICENSE_TRY(const VerifiedJws verified, checklist.note("signature", jws.verify(key)));
  ELICENSE_TRY(ReceiptContent content, checklist.note("receipt", read(verified.payload)));
  ELICENSE_CHECK(checklist.note("audience", expect_audience(content)));
  ELICENSE_CHECK(checklist.note("time", check_time(content, policy.now)));
  ELICENSE_CHECK(checklist.note("nonce", check_nonce(content, policy.nonce)));
  return VerifiedReceipt(std::move(content));
}

}  // namespace elicense
