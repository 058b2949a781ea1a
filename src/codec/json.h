// JSON (RFC 8259) with limits. Refuses duplicate keys, more depth, values or bytes than allowed, invalid UTF-8, lone
// surrogates, a byte order mark, and anything behind the value. Objects keep their order, so that what is written is
// what was meant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace elicense {

struct JsonLimits {
  std::size_t bytes;
  std::size_t depth;   // nesting of arrays and objects; a lone value has depth 0
  std::size_t values;  // of all kinds together, keys not counted
};

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;                                             // null
  Json(std::nullptr_t) {}                                       // NOLINT(google-explicit-constructor)
  Json(bool value) : value_(value) {}                           // NOLINT(google-explicit-constructor)
  Json(int value) : value_(std::int64_t{value}) {}              // NOLINT(google-explicit-constructor)
  Json(std::int64_t value) : value_(value) {}                   // NOLINT(google-explicit-constructor)
  Json(double value) : value_(value) {}                         // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT(google-explicit-constructor)
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Json(Array value) : value_(std::move(value)) {}               // NOLINT(google-explicit-constructor)
  Json(Object value) : value_(std::move(value)) {}              // NOLINT(google-explicit-constructor)

  static Result<Json> parse(std::string_view text, const JsonLimits& limits);
  std::string dump() const;         // compact; UTF-8 as it is, control characters escaped
  std::string dump_pretty() const;  // two spaces a level

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;  // a number written without fraction or exponent that fits
  std::optional<double> number() const;         // any number
  const std::string* string() const;            // nullptr when it is something else; likewise below
  const Array* array() const;
  const Object* object() const;
  Object* object();
  const Json* find(std::string_view key) const;  // of an object; else nullptr

  bool operator==(const Json&) const = default;  // members in the same order

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

}  // namespace elicense
