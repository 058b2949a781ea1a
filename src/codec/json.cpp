#include "codec/json.h"

#include <algorithm>
#include <cmath>

#include "codec/decimal.h"

namespace elicense {
namespace {

// Control characters (C0, DEL and C1, which terminals obey) are escaped.
void write_string(std::string_view text, std::string& to) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  constexpr std::string_view kNamed = "\b\f\n\r\t\"\\";
  constexpr std::string_view kNames = "bfnrt\"\\";
  const auto escape = [&](std::uint8_t code_point) {
    to += "\\u00";
    to += kHexDigits[code_point >> 4];
    to += kHexDigits[code_point & 15];
  };
  to += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    const auto next = static_cast<std::uint8_t>(i + 1 < text.size() ? text[i + 1] : '\0');
    if (const std::size_t named = kNamed.find(text[i]); named != std::string_view::npos) {
      to += '\\';
      to += kNames[named];
    } else if (byte < 0x20 || byte == 0x7f) {
      escape(byte);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      escape(next);
      ++i;
    } else {
      to += text[i];
    }
  }
  to += '"';
}

class Writer {
 public:
  enum class Layout : std::uint8_t { compact, pretty };
  explicit Writer(Layout layout) : layout_(layout) {}
  std::string take_text() { return std::move(text_); }

  void write(const Json& json) {
    if (const auto* array = json.array()) {
      write_list('[', ']', *array, [this](const Json& element) { write(element); });
    } else if (const auto* object = json.object()) {
      write_list('{', '}', *object, [this](const Json::Member& member) {
        write_string(member.first, text_);
        text_ += layout_ == Layout::pretty ? ": " : ":";
        write(member.second);
      });
    } else {
      write_scalar(json);
    }
  }

 private:
  void write_scalar(const Json& json) {
    if (const auto* string = json.string()) {
      write_string(*string, text_);
    } else if (const auto boolean = json.boolean()) {
      text_ += *boolean ? "true" : "false";
    } else if (const auto integer = json.integer()) {
      text_ += std::to_string(*integer);
    } else if (const auto number = json.number(); number && std::isfinite(*number)) {
      text_ += shortest_decimal(*number);
    } else {
      text_ += "null";  // also what JSON has no number for, as JSON.stringify does
    }
  }

  template <class List, class WriteOne>
  void write_list(char open, char close, const List& list, const WriteOne& write_one) {
    text_ += open;
    ++level_;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) text_ += ',';
      break_line();
      write_one(list[i]);
    }
    --level_;
    if (!list.empty()) break_line();
    text_ += close;
  }
  void break_line() {
    if (layout_ == Layout::compact) return;
    text_ += '\n';
    text_.append(level_ * 2, ' ');
  }

  Layout layout_;
  std::size_t level_ = 0;
  std::string text_;
};

std::string written(const Json& json, Writer::Layout layout) {
  Writer writer(layout);
  writer.write(json);
  return writer.take_text();
}

}  // namespace

std::string Json::dump() const { return written(*this, Writer::Layout::compact); }
std::string Json::dump_pretty() const { return written(*this, Writer::Layout::pretty); }

std::optional<bool> Json::boolean() const {
  const auto* value = std::get_if<bool>(&value_);
  return value == nullptr ? std::nullopt : std::optional(*value);
}
std::optional<std::int64_t> Json::integer() const {
  const auto* value = std::get_if<std::int64_t>(&value_);
  return value == nullptr ? std::nullopt : std::optional(*value);
}
std::optional<double> Json::number() const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  return std::nullopt;
}
const std::string* Json::string() const { return std::get_if<std::string>(&value_); }
const Json::Array* Json::array() const { return std::get_if<Array>(&value_); }
const Json::Object* Json::object() const { return std::get_if<Object>(&value_); }
Json::Object* Json::object() { return std::get_if<Object>(&value_); }

const Json* Json::find(std::string_view key) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(), [key](const Member& m) { return m.first == key; });
  return found == members->end() ? nullptr : &found->second;
}

}  // namespace elicense
