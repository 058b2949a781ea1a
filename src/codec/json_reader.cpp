// Reads without recursion: what is open is a list. Ours and not a library's: those bring along, for fractions that
// nobody sends, a strtod and arithmetic of 128 bits, and texts of errors that nobody reads.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/utf8.h"
#include "codec/decimal.h"
#include "codec/json.h"

namespace elicense {
namespace {

bool has_duplicate(const Json::Object& members) {
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const auto& member : members) keys.push_back(member.first);
  return has_equals(std::move(keys));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& to, std::uint32_t code_point) {
  const auto tail = [&](unsigned shift) { to += static_cast<char>(0x80 | (code_point >> shift & 0x3f)); };
  if (code_point < 0x80) {
    to += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    to += static_cast<char>(0xc0 | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    to += static_cast<char>(0xe0 | code_point >> 12);
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xf0 | code_point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

class Reader {
 public:
  Reader(std::string_view text, const JsonLimits& limits) : rest_(text), limits_(limits) {}

  Result<Json> run() {
    bool expects_value = true;
    while (expects_value) {
      ELICENSE_CHECK(read_value());
      ELICENSE_TRY(expects_value, read_to_next_value());
    }
    skip_space();
    if (!rest_.empty()) return ErrorCode::json_syntax;
    return std::move(root_);
  }

 private:
  struct Frame {
    char close;  // ] or }
    Json::Array elements;
    Json::Object members;
    std::string key;
    bool is_empty() const { return elements.empty() && members.empty(); }
  };

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n\r"), rest_.size())); }
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  // A scalar, or the bracket that opens a list.
  Status read_value() {
    skip_space();
    if (take("[")) return open(']');
    if (take("{")) return open('}');
    if (rest_.starts_with('"')) {
      ELICENSE_TRY(std::string string, read_string());
      return place(std::move(string));
    }
    if (take("null")) return place(nullptr);
    if (take("true")) return place(true);
    if (take("false")) return place(false);
    return read_number();
  }

  // What stands between two values: brackets that close, a comma, a key. False: there is no other value.
  Result<bool> read_to_next_value() {
    while (!open_.empty()) {
      Frame& frame = open_.back();
      skip_space();
      if (take({&frame.close, 1})) {
        ELICENSE_CHECK(close());
        continue;
      }
      if (!frame.is_empty() && !take(",")) return ErrorCode::json_syntax;
      if (frame.close == '}') {
        skip_space();
        ELICENSE_TRY(frame.key, read_string());
        skip_space();
        if (!take(":")) return ErrorCode::json_syntax;
      }
      return true;
    }
    return false;
  }

  Status open(char close) {
    if (open_.size() >= limits_.depth) return ErrorCode::json_depth;
    ELICENSE_CHECK(count());
    open_.push_back({close, {}, {}, {}});
    return Done{};
  }
  Status close() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    if (has_duplicate(frame.members)) return ErrorCode::json_duplicate_key;
    put(frame.close == '}' ? Json(std::move(frame.members)) : Json(std::move(frame.elements)));
    return Done{};
  }
  Status place(Json value) {
    ELICENSE_CHECK(count());
    put(std::move(value));
    return Done{};
  }
  Status count() {
    if (values_++ >= limits_.values) return ErrorCode::json_count;
    return Done{};
  }
  void put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = open_.back(); frame.close == ']') {
      frame.elements.push_back(std::move(value));
    } else {
      frame.members.emplace_back(std::move(frame.key), std::move(value));
    }
  }

  Result<std::string> read_string() {
    if (!take("\"")) return ErrorCode::json_syntax;
    std::string string;
    while (true) {
      const std::size_t plain = std::min(rest_.find_first_of("\"\\"), rest_.size());
      string += rest_.substr(0, plain);
      for (const char c : rest_.substr(0, plain)) {
        if (static_cast<std::uint8_t>(c) < 0x20) return ErrorCode::json_syntax;
      }
      rest_.remove_prefix(plain);
      if (take("\"")) break;
      ELICENSE_CHECK(read_escape(string));
    }
    if (!is_utf8(view_of(string))) return ErrorCode::json_syntax;
    return string;
  }

  Status read_escape(std::string& to) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kNamed = "\"\\/\b\f\n\r\t";
    if (!take("\\") || rest_.empty()) return ErrorCode::json_syntax;
    const char name = rest_.front();
    rest_.remove_prefix(1);
    if (const std::size_t named = kNames.find(name); named != std::string_view::npos) {
      to += kNamed[named];
      return Done{};
    }
    if (name != 'u') return ErrorCode::json_syntax;
    ELICENSE_TRY(std::uint32_t code_point, read_four_digits());
    if (code_point >= 0xd800 && code_point < 0xdc00) {  // the first of two: RFC 8259 7
      if (!take("\\u")) return ErrorCode::json_syntax;
      ELICENSE_TRY(const std::uint32_t second, read_four_digits());
      if (second < 0xdc00 || second >= 0xe000) return ErrorCode::json_syntax;
      code_point = 0x10000 + ((code_point - 0xd800) << 10) + (second - 0xdc00);
    }
    append_utf8(to, code_point);  // a second one that stands alone is no UTF-8, which is refused later
    return Done{};
  }
  Result<std::uint32_t> read_four_digits() {
    const auto bytes = from_hex(rest_.substr(0, 4));
    if (!bytes || bytes->size() != 2) return ErrorCode::json_syntax;
    rest_.remove_prefix(4);
    return std::uint32_t{(*bytes)[0]} << 8 | (*bytes)[1];
  }

  bool take_digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(size);
    return size > 0;
  }
  Status read_number() {
    const std::string_view begin = rest_;
    const bool is_negative = take("-");
    if (!take("0") && !take_digits()) return ErrorCode::json_syntax;
    const std::string_view whole = begin.substr(0, begin.size() - rest_.size());
    if (take(".") && !take_digits()) return ErrorCode::json_syntax;
    if (take("e") || take("E")) {
      if (!take("+")) take("-");
      if (!take_digits()) return ErrorCode::json_syntax;
    }
    const std::string_view number = begin.substr(0, begin.size() - rest_.size());
    if (number.size() == whole.size()) {
      if (const auto integer = integer_of(whole.substr(is_negative ? 1 : 0), is_negative)) return place(*integer);
    }
    const double value = nearest_double(number);
    if (!std::isfinite(value)) return ErrorCode::json_syntax;
    return place(value);
  }
  static std::optional<std::int64_t> integer_of(std::string_view digits, bool is_negative) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    std::int64_t negated = 0;  // there is one more below zero
    for (const char c : digits) {
      const int digit = c - '0';
      if (negated < (kLeast + digit) / 10) return std::nullopt;
      negated = negated * 10 - digit;
    }
    if (is_negative) return negated;
    if (negated == kLeast) return std::nullopt;
    return -negated;
  }

  std::string_view rest_;
  JsonLimits limits_;
  std::size_t values_ = 0;
  std::vector<Frame> open_;
  Json root_;
};

}  // namespace

Result<Json> Json::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) return ErrorCode::json_size;
  return Reader(text, limits).run();
}

}  // namespace elicense
