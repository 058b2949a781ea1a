// The trust list: which keys of an authority may sign what, and until when. Signed by a root key that the integrator
// pins. Refuses lists from other roots, expired lists, lists older than one already seen, and, asked for a key, every
// key that is unknown, revoked, outside its own time or not meant for that use, each with its own error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "codec/json.h"
#include "crypto/ed25519.h"

namespace elicense {

inline constexpr std::string_view kTrustListType = "trust-list+jwt";

enum class KeyUse : std::uint8_t { licence, lease, status, receipt };
std::string_view key_use_name(KeyUse use);
std::optional<KeyUse> key_use_from_name(std::string_view name);

struct IssuerKey {
  std::string kid;
  PublicKey key;
  std::vector<KeyUse> uses;
  UnixTime not_before;
  UnixTime expires;
  std::optional<UnixTime> revoked;  // from when; it is refused at once, for what it signed before as well
};

enum class Production : std::uint8_t { no, yes };

inline constexpr std::size_t kMostTrustedKeys = 64;

struct TrustListContent {
  std::string issuer;  // the authority's https origin; its tokens must name it
  UnixTime issued;
  UnixTime expires;
  std::int64_t sequence = 0;
  Production production = Production::no;
  std::vector<IssuerKey> keys;
};

// The verifier's memory of one authority, so that an old list cannot come back. Nullopt: none seen yet.
struct TrustListPolicy {
  UnixTime now;
  std::optional<std::int64_t> newest_sequence_seen;
};

class TrustList {
 public:
  static Result<TrustList> verify(std::string_view compact, const std::vector<PublicKey>& roots,
                                  const TrustListPolicy& policy);
  // Keys that the integrator pinned by hand: of any issuer, good for every use, at any time.
  static TrustList of_pinned_keys(const std::vector<std::pair<std::string, PublicKey>>& keys);

  const TrustListContent& content() const { return content_; }
  Result<PublicKey> find(std::string_view kid, KeyUse use, UnixTime now) const;
  Status expect_issuer(std::string_view issuer) const;  // pinned keys agree to any

 private:
  explicit TrustList(TrustListContent content) : content_(std::move(content)) {}
  TrustListContent content_;
};

Result<std::string> sign_trust_list(const TrustListContent& content, const Signer& root);
// The claims without any signature, as an operator writes them to have them signed. Checks the same shape.
Result<TrustListContent> trust_list_from_claims(const Json& claims);
Json trust_list_claims(const TrustListContent& content);

// How far another party's clock may run ahead of ours before "issued in the future" is believed to be a fault.
inline constexpr std::int64_t kClockAllowanceSeconds = 60;

}  // namespace elicense
