#include "authority/http_head.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>

#include "authority/http_message.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kTokenSigns = "!#$%&'*+-.^_`|~";
// One of each at most: two of them would be two different requests to two readers.
constexpr std::array<std::string_view, 8> kOnce = {"host",          "content-length", "transfer-encoding", "expect",
                                                   "authorization", "dpop",           "content-type",      "origin"};
constexpr std::size_t kHost = 0;
constexpr std::size_t kLength = 1;
constexpr std::size_t kTransfer = 2;
constexpr std::size_t kExpect = 3;

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char character) {
    return (std::isalnum(static_cast<unsigned char>(character)) != 0) ||
           kTokenSigns.find(character) != kTokenSigns.npos;
  });
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) { return character > 0x20 && character < 0x7f; });
}

// Field values: everything but control characters; a tab is white space.
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    const auto byte = static_cast<std::uint8_t>(character);
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
  });
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char character) { return character == ' ' || character == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

HeadVerdict refuse(int status, std::string_view code) { return {status, code, 0}; }

HeadVerdict check_request_line(std::string_view line, const HeadLimits& limits) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return refuse(400, "request-line");
  const std::size_t second = line.find(' ', first + 1);
  if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos)
    return refuse(400, "request-line");
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!is_token(line.substr(0, first)) || version.substr(0, 5) != "HTTP/") return refuse(400, "request-line");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refuse(505, "http-version");
  if (!method_of(line.substr(0, first))) return refuse(501, "method-unknown");
  if (target.size() > limits.target) return refuse(414, "target-size");
  if (target.empty() || target.front() != '/' || !is_visible(target) || target.find('#') != std::string_view::npos)
    return refuse(400, "target");
  return {};
}

struct SeenFields {
  std::array<bool, kOnce.size()> present{};
  std::array<std::string_view, kOnce.size()> values{};
  bool encoded = false;
};

HeadVerdict check_field(std::string_view line, SeenFields& seen) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return refuse(400, "header-syntax");
  if (!is_value(line.substr(colon + 1))) return refuse(400, "header-character");
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name == "content-encoding" && value != "identity") seen.encoded = true;
  const auto* const once = std::find(kOnce.begin(), kOnce.end(), name);
  if (once == kOnce.end()) return {};
  const auto index = static_cast<std::size_t>(once - kOnce.begin());
  if (seen.present[index]) return refuse(400, "header-duplicate");
  seen.present[index] = true;
  seen.values[index] = value;
  return {};
}

HeadVerdict check_framing(const SeenFields& seen, std::string_view version, const HeadLimits& limits) {
  if (!seen.present[kHost] && version == "HTTP/1.1") return refuse(400, "host-missing");
  if (seen.present[kTransfer])
    return seen.present[kLength] ? refuse(400, "header-framing") : refuse(411, "length-required");
  if (seen.encoded) return refuse(415, "content-encoding");
  HeadVerdict verdict;
  if (seen.present[kLength]) {
    const std::string_view digits = seen.values[kLength];
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, verdict.content_length);
    const bool is_number = !digits.empty() && rest == end && digits.front() != '-';
    if (is_number && error == std::errc::result_out_of_range) return refuse(413, "body-size");
    if (!is_number || error != std::errc()) return refuse(400, "header-framing");
    if (verdict.content_length > limits.body) return refuse(413, "body-size");
  }
  if (seen.present[kExpect] && (seen.values[kExpect] != "100-continue" || verdict.content_length == 0))
    return refuse(417, "expectation");
  return verdict;
}

}  // namespace

HeadVerdict check_head(std::string_view head, const HeadLimits& limits) {
  if (head.size() > limits.bytes) return refuse(431, "header-size");
  std::size_t end = head.find("\r\n");
  if (end == std::string_view::npos) return refuse(400, "request-line");
  const std::string_view request_line = head.substr(0, end);
  if (const HeadVerdict verdict = check_request_line(request_line, limits); verdict.refused != 0) return verdict;
  head.remove_prefix(end + 2);
  SeenFields seen;
  for (std::size_t lines = 0;; ++lines) {
    end = head.find("\r\n");
    if (end == std::string_view::npos) return refuse(400, "header-syntax");
    if (end == 0) break;
    if (lines == limits.lines) return refuse(431, "header-count");
    if (const HeadVerdict verdict = check_field(head.substr(0, end), seen); verdict.refused != 0) return verdict;
    head.remove_prefix(end + 2);
  }
  return check_framing(seen, request_line.substr(request_line.rfind(' ') + 1), limits);
}

}  // namespace elicense::authority
