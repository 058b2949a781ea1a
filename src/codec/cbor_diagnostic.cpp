#include <cmath>

#include "codec/cbor.h"
#include "codec/decimal.h"
#include "codec/json.h"

namespace elicense::cbor {
namespace {

// Byte strings within byte strings are unwrapped so far and no further: what comes from outside must not choose our
// stack.
constexpr std::size_t kMostUnwrapped = 4;
constexpr std::size_t kMostUnwrappedDepth = 16;

std::string negative(std::uint64_t n) {  // -1 - n
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  return n == kMost ? "-18446744073709551616" : "-" + std::to_string(n + 1);
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return shortest_decimal(value);
}

std::string simple(std::uint8_t value) {
  switch (value) {
    case 20:
      return "false";
    case 21:
      return "true";
    case 22:
      return "null";
    case 23:
      return "undefined";
    default:
      return "simple(" + std::to_string(value) + ")";
  }
}

bool is_nesting(Kind kind) { return kind == Kind::array || kind == Kind::map || kind == Kind::tag; }

std::string notation(const Item& item, std::size_t unwraps_left);

std::string byte_string_notation(ByteView bytes, std::size_t unwraps_left) {
  if (unwraps_left > 0) {
    const Limits limits = {.bytes = bytes.size(), .depth = kMostUnwrappedDepth, .items = bytes.size()};
    const auto inner = Document::parse(bytes, limits);
    if (inner.ok() && is_nesting(inner->root().kind())) return "<<" + notation(inner->root(), unwraps_left - 1) + ">>";
  }
  return "h'" + to_hex(bytes) + "'";
}

std::string array_notation(const Item& item, std::size_t unwraps_left) {
  std::string text = "[";
  for (const Item& element : item.elements()) {
    if (text.size() > 1) text += ", ";
    text += notation(element, unwraps_left);
  }
  return text + "]";
}

std::string map_notation(const Item& item, std::size_t unwraps_left) {
  std::string text = "{";
  for (const auto& [key, value] : item.pairs()) {
    if (text.size() > 1) text += ", ";
    text += notation(key, unwraps_left) + ": " + notation(value, unwraps_left);
  }
  return text + "}";
}

std::string notation(const Item& item, std::size_t unwraps_left) {
  switch (item.kind()) {
    case Kind::unsigned_integer:
      return std::to_string(*item.magnitude());
    case Kind::negative_integer:
      return negative(*item.magnitude());
    case Kind::byte_string:
      return byte_string_notation(*item.bytes(), unwraps_left);
    case Kind::text_string:
      return Json(*item.text()).dump();
    case Kind::array:
      return array_notation(item, unwraps_left);
    case Kind::map:
      return map_notation(item, unwraps_left);
    case Kind::tag:
      return std::to_string(*item.tag()) + "(" + notation(*item.tagged(), unwraps_left) + ")";
    case Kind::simple:
      return simple(*item.simple());
    case Kind::floating:
      return number(*item.floating());
  }
  ELICENSE_ASSERT(false);
}

}  // namespace

std::string diagnose(const Item& item, ByteStrings byte_strings) {
  return notation(item, byte_strings == ByteStrings::unwrap ? kMostUnwrapped : 0);
}

}  // namespace elicense::cbor
