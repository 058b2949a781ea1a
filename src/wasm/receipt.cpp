// The function of e-license-receipt.wasm, for a partner's backend: one question about a receipt in, the answer out, as
// JSON (web/receipt.ts). The same checks as `elicense receipt verify`. Single use is the backend's to remember.
#include <cstddef>
#include <cstdlib>
#include <string>

#include "base/base64url.h"
#include "codec/json.h"
#include "licence/receipt.h"
#include "session/messages.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr JsonLimits kQuestionLimits = {.bytes = 512 * 1024, .depth = 3, .values = 64};
constexpr ErrorCode kShape = ErrorCode::message_shape;

// Absent or null: not asked.
Result<std::optional<std::string>> optional_text(const Json& question, std::string_view name) {
  const Json* const member = question.find(name);
  if (member == nullptr || member->is_null()) return std::optional<std::string>();
  if (member->string() == nullptr) return kShape;
  return std::optional<std::string>(*member->string());
}

Result<std::int64_t> integer_member(const Json& question, std::string_view name) {
  const Json* const member = question.find(name);
  const auto number = member == nullptr ? std::nullopt : member->integer();
  if (!number) return kShape;
  return *number;
}

Json receipt_json(const ReceiptContent& content) {
  Json answer;
  if (content.answer) {
    answer = Json::Object{{"asked", vehicle_class_info(content.answer->asked).code},
                          {"mayDrive", content.answer->may_drive},
                          {"because", content.answer->because}};
  }
  return Json::Object{{"id", content.id},
                      {"issuer", content.issuer},
                      {"issued", content.issued.seconds},
                      {"expires", content.expires.seconds},
                      {"nonce", or_null(content.nonce)},
                      {"answer", std::move(answer)}};
}

Result<Json> answer_to(std::string_view text) {
  ELICENSE_TRY(const Json question, Json::parse(text, kQuestionLimits));
  ELICENSE_TRY(const PinnedAuthority authority, authority_of_event(question));
  ELICENSE_TRY(const std::string list_text, string_member(question, "trustList", kShape));
  ELICENSE_TRY(const std::string receipt, string_member(question, "receipt", kShape));
  ELICENSE_TRY(const std::string audience, string_member(question, "origin", kShape));
  ELICENSE_TRY(const auto requires_class, optional_text(question, "requires"));
  ELICENSE_TRY(const auto nonce, optional_text(question, "nonce"));
  ELICENSE_TRY(const std::int64_t now, integer_member(question, "now"));
  ELICENSE_TRY(const std::int64_t seen, integer_member(question, "sequence"));
  std::optional<VehicleClass> required_class;
  if (requires_class) {
    ELICENSE_TRY(required_class, parse_vehicle_class(*requires_class));
  }
  ELICENSE_TRY(const TrustList list,
               TrustList::verify(list_text, authority.roots, {.now = UnixTime{now}, .newest_sequence_seen = seen}));
  if (list.content().issuer != authority.origin) return ErrorCode::issuer_mismatch;
  const Json sequence = list.content().sequence;
  if (receipt.empty()) return Json(Json::Object{{"sequence", sequence}});  // the list alone was asked about
  Checklist checklist;
  ELICENSE_TRY(const VerifiedReceipt verified,
               VerifiedReceipt::verify(receipt,
                                       {.now = UnixTime{now},
                                        .trust = list,
                                        .audience = audience,
                                        .nonce = nonce ? std::optional<std::string_view>(*nonce) : std::nullopt,
                                        .required_class = required_class},
                                       checklist));
  return Json(Json::Object{{"sequence", sequence}, {"receipt", receipt_json(verified.content())}});
}

std::string answer;

}  // namespace
}  // namespace elicense

extern "C" {

void* elicense_receipt_alloc(std::size_t size);
void elicense_receipt_free(void* memory);
const char* elicense_receipt_check(const char* question, std::size_t size);
std::size_t elicense_receipt_answer_size();

void* elicense_receipt_alloc(std::size_t size) { return std::malloc(size); }

void elicense_receipt_free(void* memory) { std::free(memory); }

// Good until the next call.
const char* elicense_receipt_check(const char* question, std::size_t size) {
  const auto found = elicense::answer_to({question, size});
  elicense::answer =
      found ? found->dump()
            : elicense::Json(elicense::Json::Object{{"error", elicense::error_name(found.error())}}).dump();
  return elicense::answer.c_str();
}

std::size_t elicense_receipt_answer_size() { return elicense::answer.size(); }

}  // extern "C"
