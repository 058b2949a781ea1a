// Whose request it is. An address that a proxy of ours names in X-Forwarded-For is believed; whatever else stands there
// is not, and neither is anything that stands left of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace elicense::authority {

// In the one spelling that addresses are compared in: IPv6 as RFC 5952 has it, IPv4 within IPv6 as IPv4.
std::optional<std::string> canonical_address(std::string_view text);

class TrustedProxies {
 public:
  TrustedProxies() = default;
  explicit TrustedProxies(const std::vector<std::string>& addresses);

  bool trusts(std::string_view canonical) const;
  // The client behind `peer`, which is a trusted proxy: read from the right, past other proxies of ours, over all lines
  // of the head. Without an address there, the peer itself.
  std::string client_of(std::string_view head, std::string_view peer) const;

 private:
  std::vector<std::string> addresses_;
};

}  // namespace elicense::authority
