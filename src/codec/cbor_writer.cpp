#include <algorithm>
#include <cmath>
#include <limits>

#include "codec/bit_cast.h"
#include "codec/cbor.h"

namespace elicense::cbor {
namespace {

enum class Major : std::uint8_t {
  unsigned_integer,
  negative_integer,
  byte_string,
  text_string,
  array,
  map,
  tag,
  simple
};

void append_argument(Bytes& to, std::uint64_t argument, unsigned width) {
  for (unsigned i = width; i-- > 0;) to.push_back(static_cast<std::uint8_t>(argument >> (i * 8)));
}

void append_initial(Bytes& to, Major major, unsigned information) {
  to.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5 | information));
}

void append_head(Bytes& to, Major major, std::uint64_t argument) {
  if (argument < 24) return append_initial(to, major, static_cast<unsigned>(argument));
  unsigned log_width = 0;
  while (log_width < 3 && argument >> (8U << log_width) != 0) ++log_width;
  append_initial(to, major, 24 + log_width);
  append_argument(to, argument, 1U << log_width);
}

Encoded lone_head(Major major, std::uint64_t argument) {
  Encoded encoded;
  append_head(encoded.bytes, major, argument);
  return encoded;
}

Encoded string(Major major, ByteView content) {
  Encoded encoded;
  encoded.bytes.reserve(content.size() + 9);
  append_head(encoded.bytes, major, content.size());
  append(encoded.bytes, content);
  return encoded;
}

Encoded float_of_width(std::uint64_t bits, unsigned log_width) {
  Encoded encoded;
  append_initial(encoded.bytes, Major::simple, 24 + log_width);
  append_argument(encoded.bytes, bits, 1U << log_width);
  return encoded;
}

// Half precision: 1 sign, 5 exponent (bias 15), 10 mantissa; double: 1, 11 (bias 1023), 52.
std::optional<std::uint16_t> as_half(double value) {
  const auto bits = bit_cast<std::uint64_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 48 & 0x8000);
  const auto half = [sign](std::uint64_t rest) { return static_cast<std::uint16_t>(sign | rest); };
  if (std::isinf(value)) return half(0x7c00);
  if (value == 0) return half(0);
  const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1023;
  const std::uint64_t mantissa = bits & 0xfffffffffffff;
  if (exponent < -24 || exponent > 15) return std::nullopt;
  const bool subnormal = exponent < -14;
  const unsigned dropped = subnormal ? static_cast<unsigned>(28 - exponent) : 42;
  const std::uint64_t kept = subnormal ? mantissa | std::uint64_t{1} << 52 : mantissa;
  if ((kept & ((std::uint64_t{1} << dropped) - 1)) != 0) return std::nullopt;
  return half((subnormal ? 0 : static_cast<std::uint64_t>(exponent + 15) << 10) | kept >> dropped);
}

std::optional<float> as_single(double value) {
  if (std::fabs(value) > static_cast<double>(std::numeric_limits<float>::max())) return std::nullopt;
  const auto single = static_cast<float>(value);
  return static_cast<double>(single) == value ? std::optional(single) : std::nullopt;
}

}  // namespace

Encoded integer(std::int64_t value) {
  return value >= 0 ? lone_head(Major::unsigned_integer, static_cast<std::uint64_t>(value))
                    : lone_head(Major::negative_integer, static_cast<std::uint64_t>(-1 - value));
}
Encoded unsigned_integer(std::uint64_t value) { return lone_head(Major::unsigned_integer, value); }
Encoded byte_string(ByteView bytes) { return string(Major::byte_string, bytes); }
Encoded text_string(std::string_view utf8) { return string(Major::text_string, view_of(utf8)); }

Encoded array(const std::vector<Encoded>& elements) {
  Encoded encoded = lone_head(Major::array, elements.size());
  for (const Encoded& element : elements) append(encoded.bytes, element.bytes);
  return encoded;
}

Encoded array_head(std::uint64_t count) { return lone_head(Major::array, count); }

Encoded map(std::vector<std::pair<Encoded, Encoded>> pairs) {
  const auto by_key = [](const auto& a, const auto& b) { return text_of(a.first.bytes) < text_of(b.first.bytes); };
  std::make_heap(pairs.begin(), pairs.end(), by_key);  // std::sort is eight times the code
  std::sort_heap(pairs.begin(), pairs.end(), by_key);
  Encoded encoded = lone_head(Major::map, pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    ELICENSE_ASSERT(i == 0 || pairs[i - 1].first.bytes != pairs[i].first.bytes);
    append(encoded.bytes, pairs[i].first.bytes);
    append(encoded.bytes, pairs[i].second.bytes);
  }
  return encoded;
}

Encoded tag(std::uint64_t number, const Encoded& content) {
  Encoded encoded = lone_head(Major::tag, number);
  append(encoded.bytes, content.bytes);
  return encoded;
}

Encoded boolean(bool value) { return lone_head(Major::simple, value ? 21 : 20); }
Encoded null() { return lone_head(Major::simple, 22); }

Encoded floating(double value) {
  constexpr std::uint16_t kQuietNan = 0x7e00;  // the one NaN of the deterministic form
  if (std::isnan(value)) return float_of_width(kQuietNan, 1);
  if (const auto half = as_half(value)) return float_of_width(*half, 1);
  if (const auto single = as_single(value)) return float_of_width(bit_cast<std::uint32_t>(*single), 2);
  return float_of_width(bit_cast<std::uint64_t>(value), 3);
}

Encoded encode(const Item& item) {
  switch (item.kind()) {
    case Kind::array: {
      std::vector<Encoded> elements;
      for (const Item& element : item.elements()) elements.push_back(encode(element));
      return array(elements);
    }
    case Kind::map: {
      std::vector<std::pair<Encoded, Encoded>> pairs;
      for (const auto& [key, value] : item.pairs()) pairs.emplace_back(encode(key), encode(value));
      return map(std::move(pairs));
    }
    case Kind::tag:
      return tag(*item.tag(), encode(*item.tagged()));
    case Kind::floating:
      return floating(*item.floating());
    default:
      return {copy_of(item.encoded())};  // heads are minimal already
  }
}

}  // namespace elicense::cbor
