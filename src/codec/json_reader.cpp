// Reading JSON: nlohmann's lexer takes the text apart (UTF-8, escapes, numbers), the grammar and the limits are here.
// Its parser would build messages for errors that nobody reads, and they are part of the viewer's download.
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "codec/json.h"

namespace elicense {
namespace {

using Adapter = decltype(nlohmann::detail::input_adapter(std::declval<const char*>(), std::declval<const char*>()));
using Lexer = nlohmann::detail::lexer<nlohmann::json, Adapter>;
using Token = Lexer::token_type;

bool has_duplicate(const Json::Object& members) {
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const auto& member : members) keys.push_back(member.first);
  return has_equals(std::move(keys));
}

class Reader {
 public:
  Reader(std::string_view text, const JsonLimits& limits)
      : lexer_(nlohmann::detail::input_adapter(text.data(), text.data() + text.size())), limits_(limits) {}

  Result<Json> run() {
    while (expected_ != Expected::nothing) {
      ELICENSE_CHECK(take(lexer_.scan()));
    }
    if (lexer_.scan() != Token::end_of_input) return ErrorCode::json_syntax;
    return std::move(root_);
  }

 private:
  enum class Expected : std::uint8_t { value, value_or_end, key, key_or_end, colon, comma_or_end, nothing };
  enum class Container : std::uint8_t { array, object };
  struct Frame {
    Container container;
    Json::Array elements;
    Json::Object members;
    std::string key;
  };

  Status take(Token token) {
    switch (expected_) {
      case Expected::value:
        return take_value(token);
      case Expected::value_or_end:
        return token == Token::end_array ? close(Container::array) : take_value(token);
      case Expected::key:
        return take_key(token);
      case Expected::key_or_end:
        return token == Token::end_object ? close(Container::object) : take_key(token);
      case Expected::colon:
        if (token != Token::name_separator) return ErrorCode::json_syntax;
        expected_ = Expected::value;
        return Done{};
      case Expected::comma_or_end:
        return take_comma_or_end(token);
      case Expected::nothing:
        break;
    }
    return ErrorCode::json_syntax;
  }

  Status take_comma_or_end(Token token) {
    if (token == Token::end_array) return close(Container::array);
    if (token == Token::end_object) return close(Container::object);
    if (token != Token::value_separator) return ErrorCode::json_syntax;
    expected_ = open_.back().container == Container::array ? Expected::value : Expected::key;
    return Done{};
  }

  Status take_key(Token token) {
    if (token != Token::value_string) return ErrorCode::json_syntax;
    open_.back().key = std::move(lexer_.get_string());
    expected_ = Expected::colon;
    return Done{};
  }

  Status take_value(Token token) {
    switch (token) {
      case Token::begin_object:
        return open(Container::object, Expected::key_or_end);
      case Token::begin_array:
        return open(Container::array, Expected::value_or_end);
      case Token::literal_null:
        return place(Json());
      case Token::literal_true:
        return place(Json(true));
      case Token::literal_false:
        return place(Json(false));
      case Token::value_string:
        return place(Json(std::move(lexer_.get_string())));
      case Token::value_integer:
        return place(Json(std::int64_t{lexer_.get_number_integer()}));
      case Token::value_unsigned: {
        const std::uint64_t number = lexer_.get_number_unsigned();
        constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
        return place(number <= kMost ? Json(static_cast<std::int64_t>(number)) : Json(static_cast<double>(number)));
      }
      case Token::value_float: {
        const double number = lexer_.get_number_float();
        if (!std::isfinite(number)) return ErrorCode::json_syntax;
        return place(Json(number));
      }
      default:
        return ErrorCode::json_syntax;
    }
  }

  Status open(Container container, Expected next) {
    if (open_.size() >= limits_.depth) return ErrorCode::json_depth;
    ELICENSE_CHECK(count());
    open_.push_back({container, {}, {}, {}});
    expected_ = next;
    return Done{};
  }
  Status close(Container container) {
    Frame& frame = open_.back();
    if (frame.container != container) return ErrorCode::json_syntax;
    if (has_duplicate(frame.members)) return ErrorCode::json_duplicate_key;
    Json closed = container == Container::array ? Json(std::move(frame.elements)) : Json(std::move(frame.members));
    open_.pop_back();
    put(std::move(closed));
    return Done{};
  }

  Status count() { return values_++ < limits_.values ? Status(Done{}) : Status(ErrorCode::json_count); }
  Status place(Json value) {
    ELICENSE_CHECK(count());
    put(std::move(value));
    return Done{};
  }
  void put(Json value) {
    expected_ = open_.empty() ? Expected::nothing : Expected::comma_or_end;
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = open_.back(); frame.container == Container::array) {
      frame.elements.push_back(std::move(value));
    } else {
      frame.members.emplace_back(std::move(frame.key), std::move(value));
    }
  }

  Lexer lexer_;
  JsonLimits limits_;
  Expected expected_ = Expected::value;
  std::size_t values_ = 0;
  std::vector<Frame> open_;
  Json root_;
};

}  // namespace

Result<Json> Json::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) return ErrorCode::json_size;
  // The lexer would skip a byte order mark and take a NUL for the end of the text.
  if (text.empty() || text.starts_with("\xef\xbb\xbf") || text.find('\0') != std::string_view::npos) {
    return ErrorCode::json_syntax;
  }
  return Reader(text, limits).run();
}

}  // namespace elicense
