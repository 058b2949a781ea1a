#include "authority/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>

#include <algorithm>
#include <array>

namespace elicense::authority {
namespace {

constexpr std::string_view kField = "x-forwarded-for:";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_field(std::string_view line) {
  return line.size() >= kField.size() && strncasecmp(line.data(), kField.data(), kField.size()) == 0;
}

}  // namespace

std::optional<std::string> canonical_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> written{};
  if (text.empty() || text.size() >= written.size()) return std::nullopt;
  const std::string terminated(text);
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) {
    inet_ntop(AF_INET, &v4, written.data(), written.size());
  } else if (inet_pton(AF_INET6, terminated.c_str(), &v6) != 1) {
    return std::nullopt;
  } else if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    inet_ntop(AF_INET, &v6.s6_addr[12], written.data(), written.size());
  } else {
    inet_ntop(AF_INET6, &v6, written.data(), written.size());
  }
  return written.data();
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    if (std::optional<std::string> canonical = canonical_address(address)) addresses_.push_back(std::move(*canonical));
  }
}

bool TrustedProxies::trusts(std::string_view canonical) const {
  return std::find(addresses_.begin(), addresses_.end(), canonical) != addresses_.end();
}

std::string TrustedProxies::client_of(std::string_view head, std::string_view peer) const {
  std::string client(peer);
  // Line after line from the end: some proxies add a line of their own below the client's.
  while (!head.empty()) {
    const std::size_t start = head.rfind("\r\n");
    const std::string_view line = start == std::string_view::npos ? head : head.substr(start + 2);
    head = head.substr(0, start == std::string_view::npos ? 0 : start);
    if (!is_field(line)) continue;
    std::string_view entries = line.substr(kField.size());
    while (true) {
      const std::size_t comma = entries.rfind(',');
      const std::optional<std::string> address =
          canonical_address(trimmed(comma == std::string_view::npos ? entries : entries.substr(comma + 1)));
      if (!address) return client;
      client = *address;
      if (!trusts(client)) return client;
      if (comma == std::string_view::npos) break;
      entries = entries.substr(0, comma);
    }
  }
  return client;
}

}  // namespace elicense::authority
