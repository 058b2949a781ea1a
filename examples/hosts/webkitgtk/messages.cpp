#include "messages.h"

#include <algorithm>
#include <span>

namespace elicense::host {
namespace {

constexpr std::string_view kType = "e-license";
constexpr std::int64_t kVersion = 1;
constexpr JsonLimits kLimits = {.bytes = kMostMessage, .depth = 3, .values = 32};

enum class Kind : std::uint8_t { text, text_or_null, integer, integer_or_null, boolean };

struct Member {
  std::string_view name;
  Kind kind;
};
constexpr Member kState[] = {{"state", Kind::text}, {"error", Kind::text_or_null}, {"words", Kind::text}};
constexpr Member kChecked[] = {{"partner", Kind::text},       {"origin", Kind::text},          {"result", Kind::text},
                               {"asked", Kind::text_or_null}, {"echo", Kind::integer_or_null}, {"at", Kind::integer}};
constexpr Member kError[] = {{"code", Kind::text}, {"words", Kind::text}};
constexpr Member kCover[] = {{"covered", Kind::boolean}};
constexpr Member kSign[] = {{"id", Kind::integer}, {"bytes", Kind::text}};
constexpr Member kRefused[] = {{"why", Kind::text}};

struct Event {
  std::string_view name;
  std::span<const Member> members;
};
const Event kEvents[] = {{"ready", {}},     {"state-change", kState}, {"checked", kChecked}, {"error", kError},
                         {"cover", kCover}, {"sign", kSign},          {"refused", kRefused}};

bool fits(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::text_or_null:
      if (value.is_null()) return true;
      [[fallthrough]];
    case Kind::text:
      return value.string() != nullptr;
    case Kind::integer_or_null:
      if (value.is_null()) return true;
      [[fallthrough]];
    case Kind::integer:
      return value.integer().has_value();
    case Kind::boolean:
      return value.boolean().has_value();
  }
  return false;
}

bool has_exactly(const Json& detail, std::span<const Member> members) {
  const Json::Object* object = detail.object();
  return object != nullptr && object->size() == members.size() &&
         std::all_of(members.begin(), members.end(), [&](const Member& member) {
           const Json* value = detail.find(member.name);
           return value != nullptr && fits(*value, member.kind);
         });
}

}  // namespace

std::string_view name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::size:
      return "size";
    case Refusal::json:
      return "json";
    case Refusal::type:
      return "type";
    case Refusal::version:
      return "version";
    case Refusal::shape:
      return "shape";
  }
  return {};
}

Result<PageMessage, Refusal> read_message(std::string_view text) {
  if (text.size() > kMostMessage) return Refusal::size;
  const auto message = Json::parse(text, kLimits);
  if (!message.ok()) return Refusal::json;
  if (message->object() == nullptr) return Refusal::shape;
  const Json* type = message->find("type");
  if (type == nullptr || type->string() == nullptr || *type->string() != kType) return Refusal::type;
  const Json* version = message->find("version");
  if (version == nullptr || version->integer() != kVersion) return Refusal::version;
  const Json* name = message->find("event");
  if (name == nullptr || name->string() == nullptr) return Refusal::shape;
  const auto event = std::find_if(std::begin(kEvents), std::end(kEvents),
                                  [&](const Event& known) { return known.name == *name->string(); });
  if (event == std::end(kEvents)) return Refusal::shape;
  const Json* detail = message->find("detail");
  const std::size_t members = detail == nullptr ? 3 : 4;
  if (message->object()->size() != members || (detail == nullptr) != event->members.empty()) return Refusal::shape;
  if (detail != nullptr && !has_exactly(*detail, event->members)) return Refusal::shape;
  return PageMessage{.event = *name->string(), .detail = detail == nullptr ? Json() : *detail};
}

std::string message(std::string_view ask, Json::Object more) {
  Json::Object members = {{"type", kType}, {"version", kVersion}, {"ask", ask}};
  for (Json::Member& member : more) members.push_back(std::move(member));
  return Json(std::move(members)).dump();
}

}  // namespace elicense::host
