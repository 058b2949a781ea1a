#include "authority/service/request_body.h"

#include <algorithm>

namespace elicense::authority {
namespace {

constexpr std::size_t kMostDepth = 16;
constexpr std::size_t kMostValues = 4096;

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return type == "application/json";
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace

Refusal misshapen() { return refuse(400, "body-shape"); }

Answered<RequestBody> RequestBody::read(const HttpRequest& request) {
  if (!is_json(request.header("content-type"))) return refuse(415, "content-type");
  Result<Json> json =
      Json::parse(request.body, {.bytes = request.body.size(), .depth = kMostDepth, .values = kMostValues});
  if (!json.ok()) return refuse(400, error_name(json.error()));
  if (json->object() == nullptr) return misshapen();
  return RequestBody(std::move(*json->object()));
}

const Json* RequestBody::take(std::string_view name) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].first != name) continue;
    taken_[i] = true;
    return &members_[i].second;
  }
  return nullptr;
}

Answered<std::optional<std::string>> RequestBody::optional_text(std::string_view name, std::size_t most) {
  const Json* const value = take(name);
  if (value == nullptr) return std::optional<std::string>();
  const std::string* const text = value->string();
  if (text == nullptr || text->size() > most || has_control_characters(*text)) return misshapen();
  return std::optional(*text);
}

Answered<std::string> RequestBody::text(std::string_view name, std::size_t most) {
  ELICENSE_TRY(const std::optional<std::string> text, optional_text(name, most));
  if (!text || text->empty()) return misshapen();
  return *text;
}

Answered<std::optional<std::int64_t>> RequestBody::optional_integer(std::string_view name, std::int64_t least,
                                                                    std::int64_t most) {
  const Json* const value = take(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  const auto integer = value->integer();
  if (!integer || *integer < least || *integer > most) return misshapen();
  return integer;
}

Answered<std::optional<bool>> RequestBody::optional_boolean(std::string_view name) {
  const Json* const value = take(name);
  if (value == nullptr) return std::optional<bool>();
  if (!value->boolean()) return misshapen();
  return value->boolean();
}

Answered<Done> RequestBody::expect_nothing_else() const {
  if (std::find(taken_.begin(), taken_.end(), false) != taken_.end()) return refuse(400, "unknown-field");
  return Done{};
}

}  // namespace elicense::authority
