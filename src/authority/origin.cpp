#include "authority/origin.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include <arpa/inet.h>

namespace elicense::authority {
namespace {

constexpr std::size_t kMostHost = 253;  // RFC 1035 2.3.4, without the final dot
constexpr std::size_t kMostLabel = 63;
constexpr std::uint32_t kMostPort = 65535;

struct Parts {
  bool is_https = false;
  std::string_view host;
};

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMostLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '-';
  });
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kMostHost) return false;
  while (true) {
    const std::size_t dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

bool is_bracketed_address(std::string_view host) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  const std::string inside(host.substr(1, host.size() - 2));
  in6_addr address{};
  if (inet_pton(AF_INET6, inside.c_str(), &address) != 1) return false;
  char written[INET6_ADDRSTRLEN] = {};  // NOLINT(modernize-avoid-c-arrays): what inet_ntop writes into
  return inet_ntop(AF_INET6, &address, written, sizeof written) != nullptr && inside == written;
}

bool is_port(std::string_view text, bool is_https) {
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '0') return false;
  return port <= kMostPort && port != (is_https ? 443U : 80U);
}

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    parts.is_https = scheme == "https://";
    std::string_view host = text.substr(scheme.size());
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
      if (colon + 1 == host.size() || !is_port(host.substr(colon + 1), parts.is_https)) return std::nullopt;
      host = host.substr(0, colon);
    }
    if (!is_name(host) && !is_bracketed_address(host)) return std::nullopt;
    parts.host = host;
    return parts;
  }
  return std::nullopt;
}

}  // namespace

bool is_origin(std::string_view text) { return parts_of(text).has_value(); }

bool is_safe_origin(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  if (!parts) return false;
  if (parts->is_https) return true;
  const std::string_view host = parts->host;
  in_addr address{};
  const bool is_loopback_v4 =
      inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
  return host == "localhost" || host == "[::1]" || is_loopback_v4 || host.ends_with(".localhost");
}

}  // namespace elicense::authority
